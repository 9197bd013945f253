"""A large school on screens: as many as fit, a class at a time, and a way to all the others."""

import os

import flet as ft

from app.usecases.register import roster
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, recorded
from tests.views.parts import Shown
from views.parts.lists import MOST
from views.pupils.screen import FEW


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


async def test_the_pupils_and_the_school_build_forty_at_a_time(phone: Seat, hub: Hub) -> None:
    await many(phone, hub)
    shown = Shown(phone, "/pupils")
    assert len(found(shown, "pupil-")) == MOST and "Show 3 more of 3" in [
        c.content for c in shown.controls if c._c == "OutlinedButton"
    ]
    await shown.tap("more-pupils")
    assert len(found(shown, "pupil-")) == MOST + 3
    school = Shown(phone, "/school")
    assert len(found(school, "open-pupil-")) == 1
    await school.tap(f"school-list-{hub.made.oak}")
    assert len(found(school, "open-pupil-")) == MOST


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
