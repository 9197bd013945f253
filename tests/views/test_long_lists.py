"""A large school on screens: as many as fit, a class at a time, and a way to all the others."""

import os

import flet as ft

from app.domain.vocabulary.roles import Role
from app.usecases.register import roster
from app.usecases.session import change
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, recorded
from tests.views.parts import Shown
from views.parts.lists import MOST
from views.parts.opened import FEW as AT_ONCE
from views.pupils.screen import FACES, FEW


async def many(phone: Seat, hub: Hub, count: int = MOST) -> list[str]:
    """So many more pupils in Oak."""
    names = [{"name": f"Zed {number:02}"} for number in range(count)]
    made = [await roster.add_pupil(hub.writer, hub.made.oak, name, os.urandom) for name in names]
    await phone.desk.syncing.sync_now()
    return made


def found(shown: Shown, prefix: str) -> list[str]:
    names = [getattr(one, "identifier", None) or "" for one in shown.controls]
    return [name.removeprefix(prefix) for name in names if name.startswith(prefix)]


async def test_home_shows_one_class_of_a_large_school_and_the_others_are_a_tap_away(phone: Seat, hub: Hub) -> None:
    shown = Shown(phone, "/")
    assert len(found(shown, "home-pupil-")) == 3 and not found(shown, "home-class-"), "a small school is shown whole"
    await many(phone, hub)
    assert found(shown, "home-class-") == [hub.made.elm, hub.made.oak]
    assert found(shown, "home-pupil-") == [hub.made.other] and "Elm class" in shown.texts
    await shown.tap(f"home-class-{hub.made.oak}")
    assert len(found(shown, "home-pupil-")) == MOST and "Oak class" in shown.texts
    await shown.tap("more-home-faces")
    assert len(found(shown, "home-pupil-")) == MOST + 2 and not found(shown, "more-")


async def test_pupils_in_no_class_are_found_too(phone: Seat, hub: Hub) -> None:
    await roster.add_pupil(hub.writer, "", {"name": "Nobody Yet"}, os.urandom)
    await many(phone, hub)
    shown = Shown(phone, "/school")
    assert found(shown, "school-list-") == [hub.made.elm, hub.made.oak, ""] and "In no class" in shown.texts
    await shown.tap("school-list-")
    assert len(found(shown, "open-pupil-")) == 1


async def test_the_pupils_and_the_school_build_as_many_as_fit(phone: Seat, hub: Hub) -> None:
    await many(phone, hub)
    shown = Shown(phone, "/pupils")
    left = MOST + 3 - FACES
    assert len(found(shown, "pupil-")) == FACES and f"Show {min(left, FACES)} more of {left}" in [
        c.content for c in shown.controls if c._c == "OutlinedButton"
    ]
    await shown.tap("more-pupils")
    assert len(found(shown, "pupil-")) == MOST + 3
    school = Shown(phone, "/school")
    assert not found(school, "open-pupil-") and "Oak" in school.texts, "a class is a tap away"
    await school.tap(f"school-list-{hub.made.oak}")
    assert len(found(school, "open-pupil-")) == MOST


async def test_the_adults_of_a_small_school_are_shown_at_once_and_those_of_a_large_one_at_a_tap(phone: Seat, hub: Hub) -> None:
    shown, parts = Shown(phone, "/school"), ("staff-line-", "new-pin-", "code-for-")
    assert all(len(found(shown, part)) == len(phone.desk.school.staff()) for part in parts)
    for number in range(AT_ONCE):
        await phone.desk.register.add_staff(f"Zed {number:02}", Role.TA, [])
    assert not any(found(shown, part) for part in parts)
    for way, part in zip(("open-staff", "open-pins", "open-own"), parts, strict=True):
        await shown.tap(way)
        assert len(found(shown, part)) == len(phone.desk.school.staff())
    newest = await phone.desk.register.add_staff("Nell New", Role.TA, [])
    assert all(newest in found(shown, part) for part in parts), "what is open shows what has changed"
    await phone.desk.register.has_left(newest)
    assert "Nell New · has left" in shown.by(f"staff-line-{newest}").content.value and newest not in found(shown, "code-for-")
    await shown.tap("open-staff")
    assert not found(shown, "staff-line-")


async def test_many_classes_are_chosen_behind_a_tap_and_what_is_chosen_is_said(phone: Seat, hub: Hub) -> None:
    for number in range(AT_ONCE):
        await phone.desk.register.add_class(f"Class {number:02}")
    shown, count = Shown(phone, "/school"), len(phone.desk.school.classes())
    buttons = [c.content for c in shown.controls if c._c == "OutlinedButton"]
    assert not found(shown, "code-class-") and not found(shown, "pupil-class-") and f"Chosen: {count} of {count}" in buttons
    await shown.tap("open-code-classes")
    await shown.tap(f"code-class-{hub.made.oak}")
    assert f"Chosen: {count - 1} of {count}" in [c.content for c in shown.controls if c._c == "OutlinedButton"]
    await shown.tap("open-pupil-class")
    await shown.tap(f"pupil-class-{hub.made.elm}")
    assert "Into Elm" in [c.content for c in shown.controls if c._c == "OutlinedButton"]


async def test_a_pupil_who_is_renamed_moved_or_erased_is_shown_so_at_once(phone: Seat, hub: Hub) -> None:
    shown, ident = Shown(phone, "/school"), await phone.desk.register.add_pupil(hub.made.oak, {"name": "Zed New"})
    assert "Zed New" in shown.texts
    await phone.desk.session.write(change.of("pupil", ident, ident, name="Zoe New"))
    assert "Zoe New" in shown.texts and "Zed New" not in shown.texts
    await phone.desk.session.write(change.of("membership", "school", ident, class_id=hub.made.elm))
    assert [one.class_id for one in phone.desk.register.pupils() if one.id == ident] == [hub.made.elm]
    await phone.desk.session.write(change.of("pupil", ident, ident, deleted=True))
    assert "Zoe New" not in shown.texts
    await shown.settle()


async def test_what_was_seen_of_a_pupil_comes_newest_first_and_a_few_at_a_time(tablet: Seat, hub: Hub) -> None:
    made = [(await recorded(tablet, hub.made.leo, photo=b""))[0] for _ in range(FEW + 1)]
    shown = Shown(tablet, f"/pupils/{hub.made.leo}")
    assert found(shown, "observation-") == made[:0:-1] and f"Seen ({FEW + 1})" in shown.texts
    await shown.tap("more-seen")
    assert found(shown, "observation-") == made[::-1]


async def test_a_face_is_one_picture_with_its_name_below_it(tablet: Seat, hub: Hub) -> None:
    face = Shown(tablet, "/pupils").by(f"pupil-{hub.made.amira}")
    pictures = [one for one in Shown(tablet, "/pupils").controls if isinstance(one, ft.Image)]
    assert face.label == "Amira" and face.button and len(pictures) == 2
    assert str(pictures[0].src).startswith("<svg") and ">AH</text>" in str(pictures[0].src)
    again = [one for one in Shown(tablet, "/pupils").controls if isinstance(one, ft.Image)]
    assert again[0].src is pictures[0].src, "drawn once"
