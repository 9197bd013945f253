"""Devices in each of their states, drawn over real desks and the real hub: listed, ended, and when nobody answers."""

import pytest

from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, with_pin
from tests.views.parts import Shown
from tests.views.states import NO_NETWORK, all_words, look, said, told_off


async def test_each_device_is_listed_and_this_one_cannot_end_itself(phone: Seat, tablet: Seat) -> None:
    shown = await look(phone, "/devices")
    mine, other = phone.desk.session.store.device, tablet.desk.session.store.device
    assert "This device" in shown.texts and shown.by(f"end-{mine}") is None and shown.by(f"end-{other}")
    await shown.tap("handed-in")
    assert shown.ui.route == "/handed-in"


async def test_ending_a_device_takes_two_taps_says_what_will_be_and_can_be_thought_over(phone: Seat, tablet: Seat) -> None:
    device = tablet.desk.session.store.device
    shown = await look(phone, "/devices", f"end-{device}")
    assert "What was seen on it cannot be undone." in all_words(shown) and said(shown, f"last-{device}") != "Ended"
    await shown.tap(f"keep-{device}")
    assert shown.by(f"end-for-good-{device}") is None
    await shown.tap(f"end-{device}")
    await shown.tap(f"end-for-good-{device}")
    assert said(shown, f"last-{device}") == "Ended" and shown.by(f"end-{device}") is None
    await tablet.desk.syncing.sync_now()
    assert "This tablet was ended by the school" in all_words(Shown(tablet, "/"))


async def test_without_a_network_it_says_so_lists_nothing_made_up_and_looks_again_at_a_tap(phone: Seat, tablet: Seat) -> None:
    phone.line.cut = True
    shown = Shown(phone, "/devices")
    assert await told_off(shown, "devices-again") == NO_NETWORK and "This device" not in shown.texts
    phone.line.cut = False
    await shown.tap("devices-again")
    assert "This device" in shown.texts and shown.by("error") is None


async def test_a_device_that_cannot_be_ended_now_is_told_and_goes_on(phone: Seat, tablet: Seat) -> None:
    device = tablet.desk.session.store.device
    shown = await look(phone, "/devices", f"end-{device}")
    phone.line.cut = True
    assert await told_off(shown, f"end-for-good-{device}") == NO_NETWORK and shown.by(f"end-for-good-{device}")
    phone.line.cut = False
    assert not [one.ended for one in await phone.desk.devices.all() if one.ended]


async def test_with_nothing_handed_in_it_says_so(phone: Seat) -> None:
    assert "Nothing waits here" in (await look(phone, "/handed-in")).texts


@pytest.mark.parametrize("role", [Role.DSL, Role.SLT])
async def test_who_does_not_lead_is_shown_no_device(sit: Sit, hub: Hub, role: Role) -> None:
    shown = Shown(await with_pin(await sit(role, staff=hub.made.senco)), "/devices")
    assert NotAllowed.message in shown.texts and not shown.page.work, "and nothing was asked"
