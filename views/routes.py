"""Every screen once: its path, what draws it, the right it needs and the tab it stands under; and the doors before any screen.

The rail, the guard of a route and the page of screens in docs read this table.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import flet as ft

from app.domain.schema.asked import Right
from app.usecases.desk import Desk
from views.devices.devices import devices
from views.devices.ended import ended
from views.devices.joining import join, who
from views.devices.quarantine import handed_in
from views.door.people import people
from views.door.screen import choose, door
from views.evidence.capture import capture
from views.families.screen import families
from views.home.screen import home
from views.papers.reports import reports
from views.pupils.screen import pupil, pupils
from views.records.audit import audit, audit_of
from views.register.school import school
from views.review.screen import observation, review
from views.sync.screen import all_safe
from views.tabs import HOME, PAPERS, PUPILS, REVIEW, SCHOOL, Tab
from views.ui import Ui

Draw = Callable[..., ft.Control]


@dataclass(frozen=True, slots=True)
class Screen:
    """`path` is like /pupils/:pupil, where what begins with a colon is handed to `draw` after the `Ui`."""

    path: str
    draw: Draw
    needs: Right = Right.LOOK
    tab: Tab = HOME


SCREENS = (
    Screen("/", home),
    Screen("/capture", capture, Right.RECORD),
    Screen("/pupils", pupils, tab=PUPILS),
    Screen("/pupils/:pupil", pupil, tab=PUPILS),
    Screen("/observation/:observation", observation, tab=PUPILS),
    Screen("/review", review, Right.REVIEW, REVIEW),
    Screen("/reports", reports, Right.PAPERS, PAPERS),
    Screen("/families", families, Right.LINKS, PAPERS),
    Screen("/school", school, Right.SET_UP, SCHOOL),
    Screen("/devices", devices, Right.DEVICES, SCHOOL),
    Screen("/handed-in", handed_in, Right.DEVICES, SCHOOL),
    Screen("/audit", audit, Right.AUDIT, SCHOOL),
    Screen("/audit/:pupil", audit_of, Right.AUDIT, PUPILS),
    Screen("/sync", all_safe),
    Screen("/people", people),
    Screen("/who", who),
)
BEFORE_WHO = {"/school", "/sync"}  # screens that do not wait until it is known who has the device in hand


@dataclass(frozen=True, slots=True)
class Found:
    """The screen of a route, and what its path was filled with."""

    screen: Screen
    filled: Mapping[str, str]


def find(route: str) -> Found | None:
    for screen in SCREENS:
        filled = match(screen.path, route)
        if filled is not None:
            return Found(screen, filled)
    return None


def match(path: str, route: str) -> dict[str, str] | None:
    """What fills the path to give the route; None where it does not fit."""
    wanted, given = path.strip("/").split("/"), route.strip("/").split("/")
    if len(wanted) != len(given):
        return None
    pairs = list(zip(wanted, given, strict=True))
    if any(part != said for part, said in pairs if not part.startswith(":")) or not all(said or not part for part, said in pairs):
        return None
    return {part[1:]: said for part, said in pairs if part.startswith(":")}


# -- doors -----------------------------------------------------------------------------------------------------------------
@dataclass(frozen=True, slots=True)
class Door:
    """What is shown instead of any screen, as long as it `stands`."""

    stands: Callable[[Desk, str], bool]
    draw: Callable[[Ui], ft.Control]


def _wants_to_join(route: str) -> bool:
    return route.split("/")[1] == "join"


def _joins(desk: Desk, route: str) -> bool:
    return not desk.session.joined or desk.joining.under_way or (desk.session.locked and _wants_to_join(route))


def _is_nobody(desk: Desk, route: str) -> bool:
    someone = desk.door.staff_here() or desk.session.has(Right.SET_UP)
    return desk.session.me is None and bool(someone) and route not in BEFORE_WHO


DOORS = (
    Door(lambda desk, route: desk.ending.leave is not None and not _wants_to_join(route), ended),
    Door(_joins, join),
    Door(lambda desk, _: desk.session.locked, door),
    Door(lambda desk, _: desk.door.needs_pin and not desk.door.filming, choose),
    Door(lambda desk, _: desk.session.cover, capture),
    Door(_is_nobody, who),
)
"""Asked in this order before any screen."""
