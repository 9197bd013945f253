"""The School screen in each of its states, drawn over real desks and the real hub: set up from nothing, kept, and failing."""

import pytest

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.errors import CannotBeKept, NotAllowed
from app.usecases.records.erasure import Why
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, synced, with_pin
from tests.views.states import FULL, NO_NETWORK, all_words, look, no_room, of_nothing, off, on, said, told_off, write

PHOTOS = (Audience.OWN_FAMILY, MediaKind.PHOTO)
SWITCH = f"consent-{Audience.OWN_FAMILY}-{MediaKind.PHOTO}"


async def test_a_school_is_set_up_from_nothing_one_step_after_the_other(sit: Sit, hub: Hub) -> None:
    seat = await of_nothing(sit, hub)
    shown = await look(seat, "/school")
    assert "Set up your school" in shown.texts and off(shown, "add-class")
    assert not [later for later in ("add-staff", "add-pupil", "code-ta", "media-days-14") if shown.by(later)], "first a class"
    write(shown, "school-name", "Hill School")
    await shown.tap("keep-name")
    await shown.tap("usual-terms")
    assert "Hill School" in shown.texts and shown.by("usual-terms") is None and "Autumn 2026: " in all_words(shown)
    write(shown, "class-name", "Ash")
    await shown.tap("add-class")
    assert (
        "Ash" in shown.texts
        and shown.by("class-name").content.value == ""
        and off(shown, "add-staff")
        and off(shown, "add-pupil")
    )
    write(shown, "staff-name", "Mo Lee")
    for tap in (f"role-{Role.TEACHER}", "add-staff"):
        await shown.tap(tap)
    write(shown, "pupil-name", " Zara Khan ")
    await shown.tap("add-pupil")
    (member,), (pupil,) = seat.desk.school.staff(), seat.desk.school.pupils()
    assert said(shown, f"staff-line-{member.id}") == "Mo Lee · Teacher · Ash" and pupil.name == "Zara Khan" in shown.texts
    assert shown.by("code-ta") and len(seat.desk.school.terms()) == 3


async def test_a_pupil_comes_into_the_class_that_is_chosen(phone: Seat, hub: Hub) -> None:
    shown = await look(phone, "/school", f"pupil-class-{hub.made.elm}")
    write(shown, "pupil-name", "Zara Khan")
    await shown.tap("add-pupil")
    assert {p.name for p in phone.desk.school.pupils() if p.class_id == hub.made.elm} == {"Jakub Nowak", "Zara Khan"}
    assert shown.by("pupil-name").content.value == "" and on(shown, f"pupil-class-{hub.made.elm}"), "for the next one"


async def test_a_target_is_added_and_reaches_the_tablet(phone: Seat, tablet: Seat, hub: Hub) -> None:
    shown = await look(phone, "/school", f"open-pupil-{hub.made.leo}")
    assert off(shown, "add-target")
    write(shown, "new-target-statement", "By summer Leo will wait for his turn")
    write(shown, "new-target-short", "waits")
    await shown.tap("add-target")
    assert "· waits: By summer Leo will wait for his turn" in shown.texts and off(shown, "add-target")
    assert shown.by("new-target-short").content.value == ""
    await synced(phone, tablet)
    assert "waits" in (await look(tablet, f"/pupils/{hub.made.leo}")).texts


async def test_a_consent_is_switched_on_and_off_and_what_is_not_ticked_is_no(phone: Seat, tablet: Seat, hub: Hub) -> None:
    shown = await look(phone, "/school", f"open-pupil-{hub.made.leo}")
    assert not on(shown, SWITCH) and "Consents (what is not ticked is no)" in shown.texts
    for given in (True, False):
        phone.time.forward(1000)
        await shown.tap(SWITCH)
        assert on(shown, SWITCH) is given
        await synced(phone, tablet)
        assert tablet.desk.school.consents(hub.made.leo).allow(*PHOTOS) is given
    await shown.tap(f"open-pupil-{hub.made.leo}")
    assert shown.by(SWITCH) is None


async def test_a_new_pin_is_let_and_told(phone: Seat, tablet: Seat, hub: Hub) -> None:
    shown = await look(phone, "/school", f"new-pin-{hub.made.ta}")
    assert "Dana Reed: may choose a new PIN now." in shown.texts and shown.by(f"new-pin-{hub.made.ta}") is None
    await synced(phone, tablet)
    assert hub.made.ta not in tablet.desk.door.locks.of


async def test_how_long_pictures_stay_on_tablets_is_one_tap_and_an_unusual_time_is_shown_too(phone: Seat) -> None:
    shown = await look(phone, "/school")
    assert on(shown, "media-days-14")
    await shown.tap("media-days-0")
    assert on(shown, "media-days-0") and not on(shown, "media-days-14")
    await phone.desk.register.set_media_days(21)
    assert on(shown, "media-days-21")


async def test_what_cannot_be_kept_is_told_and_what_was_typed_stays(phone: Seat, hub: Hub) -> None:
    shown, before, name = await look(phone, "/school"), phone.desk.session.store.pending(), "x" * 2_001
    for field, press in (
        ("school-name", "keep-name"),
        ("class-name", "add-class"),
        ("staff-name", "add-staff"),
        ("pupil-name", "add-pupil"),
    ):
        write(shown, field, name)
        assert await told_off(shown, press) == CannotBeKept.message
        assert shown.by(field).content.value == name
    assert phone.desk.session.store.pending() == before and phone.desk.school.name == "Brook School"


async def test_on_a_full_device_nothing_is_added_and_nothing_that_was_typed_is_lost(
    phone: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await look(phone, "/school", f"open-pupil-{hub.made.leo}")
    write(shown, "new-target-statement", "Waits")
    with monkeypatch.context() as patch:
        no_room(patch, phone)
        assert FULL in await told_off(shown, "add-target") and FULL in await told_off(shown, SWITCH)
    assert shown.by("new-target-statement").content.value == "Waits" and not on(shown, SWITCH)
    await shown.tap("add-target")
    assert len(phone.desk.school.targets(hub.made.leo)) == 1


async def test_without_a_network_the_school_is_changed_here_and_only_a_code_has_to_wait(
    phone: Seat, tablet: Seat, hub: Hub
) -> None:
    phone.line.cut = True
    await phone.desk.syncing.sync_now()
    shown = await look(phone, "/school")
    write(shown, "class-name", "Ash")
    await shown.tap("add-class")
    assert "Ash" in shown.texts and said(shown, "status") == "Safe on this tablet, waiting to go"
    assert await told_off(shown, "code-ta") == NO_NETWORK and shown.by("code") is None
    phone.line.cut = False
    await synced(phone, tablet)
    assert "Ash" in [one.name for one in tablet.desk.school.classes()]


async def test_an_order_to_erase_stands_here_with_who_asked_and_is_cancelled_with_a_tap(phone: Seat, hub: Hub) -> None:
    await phone.desk.erasing.order(hub.made.leo, Why.FAMILY)
    shown = await look(phone, "/school")
    assert "Leo Marsh" in shown.texts and "Asked by Ruth Senn." in all_words(shown)
    phone.time.forward(1000)
    await shown.tap(f"cancel-{hub.made.leo}")
    assert shown.by(f"cancel-{hub.made.leo}") is None and phone.desk.erasing.of(hub.made.leo) is None


@pytest.mark.parametrize("role", [Role.DSL, Role.SLT])
async def test_who_does_not_set_up_sees_a_sentence_and_nothing_of_the_school(sit: Sit, hub: Hub, role: Role) -> None:
    shown = await look(await with_pin(await sit(role, staff=hub.made.senco)), "/school")
    assert NotAllowed.message in shown.texts and shown.by("add-class") is None and shown.by("code-ta") is None
