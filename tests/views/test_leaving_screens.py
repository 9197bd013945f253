"""What an ended tablet shows, and what the SENCO sees of what it handed in, as controls over real desks and a real hub."""

import pytest

from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, recorded, with_pin
from tests.usecases.parts import cut_after, end
from tests.views.parts import Shown, all_words

DAY = 86_400_000


@pytest.mark.parametrize("route", ["/", "/pupils", "/review", "/sync", "/capture", "/who", "/school", "/nowhere"])
async def test_an_ended_tablet_shows_no_child_on_any_screen_and_says_what_to_do(
    tablet: Seat, phone: Seat, hub: Hub, route: str
) -> None:
    await recorded(tablet, hub.made.amira, note="Asked Amira for a turn")
    await end(tablet, phone)
    tablet.line.before.append(cut_after(1))
    await tablet.desk.syncing.sync_now()
    text = all_words(Shown(tablet, route))
    assert "This tablet was ended by the school" in text and "keep this tablet charged" in text
    assert "1 of 2 files are handed in" in text
    assert not [name for name in ("Amira", "Leo", "Dana", "turn") if name in text]


async def test_when_all_is_handed_in_it_says_so_and_may_be_used_anew(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    await end(tablet, phone)
    await tablet.desk.syncing.sync_now()
    shown = Shown(tablet, "/")
    assert "What it held was handed in: 2 files." in shown.texts
    await shown.tap("use-anew")
    assert shown.by("join-code") is not None


async def test_the_senco_reads_in_plain_words_what_was_handed_in_and_takes_it_in(tablet: Seat, phone: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira, note="Poured the water herself")
    device = await end(tablet, phone)
    await tablet.desk.syncing.sync_now()
    phone.time.forward(31 * DAY)
    devices = Shown(phone, "/devices")
    await devices.settle()
    assert "Something waits for you under Handed in, for 31 days." in all_words(devices)
    shown = Shown(phone, "/handed-in")
    await shown.settle()
    text = all_words(shown)
    assert "2 files, 1 moment; waiting for 31 days." in text, text
    assert "Amira, by Dana Reed: “Poured the water herself”. 1 picture." in text
    assert "photographed from the screen" in text, "what cannot be undone is said"
    await shown.tap(f"accept-{device}")
    assert "Nothing waits." in all_words(shown)
    await phone.desk.syncing.sync_now()
    assert phone.desk.school.observation(ident).note == "Poured the water herself"


async def test_throwing_away_and_giving_up_take_two_taps_and_say_what_will_be(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    device = await end(tablet, phone)
    await tablet.desk.syncing.sync_now()
    shown = Shown(phone, "/handed-in")
    await shown.settle()
    await shown.tap(f"throw-{device}")
    assert "It cannot be brought back." in all_words(shown) and (await phone.desk.devices.handed_in())[0].files == 2
    await shown.tap(f"throw-for-good-{device}-not")
    await shown.tap(f"throw-{device}")
    await shown.tap(f"throw-for-good-{device}")
    assert (await phone.desk.devices.handed_in())[0].files == 0
    await shown.tap(f"give-up-{device}")
    assert "lost for good" in all_words(shown) and not (await phone.desk.devices.handed_in())[0].given_up
    await shown.tap(f"give-up-for-good-{device}")
    assert (await phone.desk.devices.handed_in())[0].given_up and "Given up" in all_words(shown)


async def test_only_the_senco_sees_what_was_handed_in(tablet: Seat, sit: Sit, hub: Hub) -> None:
    for seat in (tablet, await with_pin(await sit(Role.SLT, staff=hub.made.ta))):
        shown = Shown(seat, "/handed-in")
        assert NotAllowed.message in shown.texts and not shown.page.work, "and nothing was asked"
