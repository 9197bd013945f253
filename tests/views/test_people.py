"""Joining, saying who one is, choosing a PIN, the door, and People and PINs, in each of their states, drawn over real desks."""

import asyncio
from typing import Any

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from app.errors import CodeUnknown, NoRoomLeft, PinWrong
from tests.hub.conftest import Hub
from tests.usecases.conftest import FEW, PIN, Seat, Sit, colleague, with_pin
from tests.views.parts import Shown
from tests.views.states import NO_NETWORK, all_words, label, look, midway, no_room, of_nothing, off, on, said, told_off, write

__all__ = ["colleague"]


async def invited(hub: Hub, role: Role = Role.TA, classes: tuple[str, ...] = ()) -> str:
    code, _ = await hub.office.access.invite(role, list(classes), None)
    return code


async def type_pin(shown: Shown, pin: str, done: str = "") -> None:
    for digit in pin:
        await shown.tap(f"pin-{digit}")
    if done:
        await shown.tap(done)


# -- join --------------------------------------------------------------------------------------------------------------------
async def test_a_device_that_has_not_joined_asks_for_the_letters_wherever_one_goes(sit: Sit) -> None:
    for route in ("/", "/pupils", "/school"):
        shown = await look(await sit(None), route)
        assert "Welcome to Small Steps" in shown.texts and shown.by("join-code").content.value == "" and not off(shown, "join")


async def test_letters_that_are_typed_join_the_device_and_lead_to_who_works_here(sit: Sit, hub: Hub) -> None:
    seat = await sit(None)
    shown = await look(seat, "/")
    code = await invited(hub, classes=(hub.made.oak,))
    write(shown, "join-code", f"{code[:4]} {code[4:]}".lower())
    write(shown, "join-name", "Oak tablet")
    await shown.tap("join")
    assert seat.desk.session.joined and shown.ui.route == "/" and "Who are you?" in shown.texts
    assert shown.by(f"staff-{hub.made.ta}")


async def test_a_link_brings_its_letters_along(sit: Sit, hub: Hub) -> None:
    code = await invited(hub, classes=(hub.made.oak,))
    shown = await look(await sit(None), f"/join/{code}")
    assert shown.by("join-code").content.value == code
    await shown.tap("join")
    assert shown.ui.desk.session.joined


async def test_wrong_letters_are_told_and_stay_and_so_does_the_name(sit: Sit) -> None:
    seat = await sit(None)
    shown = await look(seat, "/")
    write(shown, "join-code", "WRNGCDE2")
    write(shown, "join-name", "Oak tablet")
    assert await told_off(shown, "join") == CodeUnknown.message and not seat.desk.session.joined
    assert shown.by("join-code").content.value == "WRNGCDE2" and shown.by("join-name").content.value == "Oak tablet"


async def test_without_a_network_joining_is_told_and_the_letters_stay(sit: Sit, hub: Hub) -> None:
    seat = await sit(None)
    seat.line.cut = True
    shown = await look(seat, f"/join/{await invited(hub, classes=(hub.made.oak,))}")
    assert await told_off(shown, "join") == NO_NETWORK
    seat.line.cut = False
    await shown.tap("join")
    assert seat.desk.session.joined, "the same letters, later"


async def test_while_it_joins_it_says_so_and_cannot_be_pressed_twice(sit: Sit, hub: Hub) -> None:
    seat, answered = await sit(None), asyncio.Event()

    async def wait(_: httpx.Request) -> None:
        await answered.wait()

    seat.line.before.append(wait)
    shown = await look(seat, f"/join/{await invited(hub, classes=(hub.made.oak,))}")

    def seen() -> tuple[Any, ...]:
        return off(shown, "join"), label(shown, "join"), said(shown, "progress")

    assert await midway(shown, "join", answered, seen) == (True, "Joining…", "Fetching your school")


# -- who -----------------------------------------------------------------------------------------------------------------------
async def test_a_face_says_who_has_the_tablet_and_then_a_pin_is_chosen(sit: Sit, hub: Hub) -> None:
    seat = await sit(Role.TA)
    shown = await look(seat, "/")
    assert "So that every observation carries its author." in shown.texts and shown.by(f"staff-{hub.made.senco}") is None
    await shown.tap(f"staff-{hub.made.ta}")
    assert seat.desk.session.me and seat.desk.session.me.id == hub.made.ta and "Choose your PIN" in shown.texts


async def test_where_nobody_works_yet_it_says_who_adds_staff(sit: Sit) -> None:
    shown = await look(await sit(Role.TA, ["nowhere"]), "/who")
    assert "The list is empty so far: the SENCO adds staff under School." in shown.texts and shown.by("my-name") is None


async def test_who_sets_up_a_school_writes_down_her_own_name(sit: Sit, hub: Hub) -> None:
    seat = await of_nothing(sit, hub)
    shown = await look(seat, "/who")
    assert off(shown, "that-is-me")
    write(shown, "my-name", "Ruth Senn")
    await shown.tap("that-is-me")
    assert [one.name for one in seat.desk.school.staff()] == ["Ruth Senn"] and "Choose your PIN" in shown.texts


# -- choosing a PIN ------------------------------------------------------------------------------------------------------------
@pytest.fixture
async def named(sit: Sit, hub: Hub) -> Seat:
    """A tablet that Dana has in hand, and nobody has a PIN there."""
    seat = await sit(Role.TA)
    seat.desk.door.iterations = FEW
    await seat.desk.door.choose_me(hub.made.ta)
    return seat


async def test_a_pin_is_chosen_twice_before_anything_else_is_shown(named: Seat) -> None:
    shown = await look(named, "/pupils")
    assert "Choose your PIN" in shown.texts and "Amira" not in all_words(shown) and off(shown, "pin-next")
    await type_pin(shown, "258")
    assert off(shown, "pin-next") and label(shown, "pin-dots") == "3 digits"
    await type_pin(shown, "0", "pin-next")
    assert "The same PIN once more." in shown.texts and off(shown, "pin-keep") and label(shown, "pin-dots") == "0 digits"
    await type_pin(shown, PIN, "pin-keep")
    assert shown.ui.route == "/" and not named.desk.door.needs_pin and shown.by("new-observation")


@pytest.mark.parametrize(
    ("first", "second", "told"), [("2580", "2581", "two different PINs"), ("1111", "1111", "too easy to guess")]
)
async def test_a_pin_that_will_not_do_is_told_and_one_begins_anew(named: Seat, first: str, second: str, told: str) -> None:
    shown = await look(named, "/")
    await type_pin(shown, first, "pin-next")
    await type_pin(shown, second)
    assert told in await told_off(shown, "pin-keep") and named.desk.door.needs_pin
    await type_pin(shown, "2")
    assert shown.by("error") is None and shown.by("pin-next"), "with the next digit the sentence goes"


# -- the door ------------------------------------------------------------------------------------------------------------------
async def test_a_wrong_pin_is_told_and_the_right_one_leads_to_the_camera(tablet: Seat, hub: Hub) -> None:
    tablet.desk.door.lock()
    shown = await look(tablet, "/")
    assert "Your PIN" in shown.texts and "Dana Reed" in shown.texts and "Brook School" in shown.texts
    await type_pin(shown, "999")
    assert await told_off(shown, "pin-9") == PinWrong.message and tablet.desk.session.locked
    tablet.time.forward(60_000)
    await type_pin(shown, PIN)
    assert not tablet.desk.session.locked and shown.ui.route == "/capture"


async def test_a_person_without_a_pin_here_is_told_who_can_let_her_in(tablet: Seat, colleague: str) -> None:
    tablet.desk.door.lock()
    shown = await look(tablet, "/", f"door-{colleague}")
    assert "Mo Lee has no PIN on this device yet." in all_words(shown) and shown.by("pin-1") is None
    await shown.tap("door-back")
    assert "Who are you?" in shown.texts


# -- people and PINs -------------------------------------------------------------------------------------------------------------
async def test_a_colleague_is_let_in_and_chooses_a_pin(tablet: Seat, hub: Hub, colleague: str) -> None:
    shown = await look(tablet, "/people")
    assert shown.by(f"here-{hub.made.ta}") and shown.by(f"here-{colleague}") is None
    await shown.tap(f"let-in-{colleague}")
    assert "Choose your PIN" in shown.texts and "Mo Lee" in shown.texts


async def test_when_all_have_a_pin_it_says_so(tablet: Seat) -> None:
    assert "Everyone has a PIN here." in (await look(tablet, "/people")).texts


async def test_how_the_tablet_locks_itself_is_kept_and_outlasts_a_restart(tablet: Seat) -> None:
    shown = await look(tablet, "/people")
    hidden = on(shown, "lock-on-hide")
    for tap in ("idle-300", "lock-on-hide", "cover-allowed"):
        await shown.tap(tap)
    assert on(shown, "idle-300") and on(shown, "lock-on-hide") is not hidden and not on(shown, "cover-allowed")
    locks = (await tablet.again()).desk.door.locks
    assert (locks.idle, locks.on_hide, locks.cover) == (300, not hidden, False)
    tablet.desk.door.lock()
    assert shown.by("door-cover") is None, "no more recording on cover"


async def test_an_own_device_is_not_asked_about_cover(phone: Seat) -> None:
    shown = await look(phone, "/people")
    assert shown.by("idle-60") and shown.by("cover-allowed") is None


async def test_on_a_full_device_a_setting_is_refused_with_a_sentence(tablet: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = await look(tablet, "/people")
    was = tablet.desk.door.locks.idle
    with monkeypatch.context() as patch:
        no_room(patch, tablet)
        assert await told_off(shown, "idle-300") == NoRoomLeft.message
    assert on(shown, f"idle-{was}")


async def test_on_a_phone_that_is_a_persons_own_only_she_is_at_the_door(sit: Sit, hub: Hub) -> None:
    phone = await with_pin(await sit(Role.SENCO, staff=hub.made.senco))
    phone.desk.door.lock()
    shown = await look(phone, "/")
    assert "Ruth Senn" in shown.texts and "Dana Reed" not in shown.texts and shown.by("door-cover") is None
