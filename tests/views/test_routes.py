"""Routes: each screen once, its right asked once, and the rail shows exactly what may be opened."""

import pytest

from app.domain.schema.asked import RIGHTS, Right
from app.domain.vocabulary.roles import Role
from tests.usecases.conftest import Sit
from views.routes import SCREENS, find, match
from views.tabs import TABS, tabs


def test_each_path_is_there_once() -> None:
    paths = [screen.path for screen in SCREENS]
    assert len(paths) == len(set(paths)) and {tab.path for tab in TABS} <= set(paths)


def test_a_tab_needs_what_its_first_screen_needs() -> None:
    needs = {screen.path: screen.needs for screen in SCREENS}
    assert all(needs[tab.path] is tab.needs for tab in TABS)


@pytest.mark.parametrize("role", Role)
async def test_the_rail_shows_exactly_the_tabs_whose_right_is_there(sit: Sit, role: Role) -> None:
    seat = await sit(role)
    assert tabs(seat.desk) == [tab for tab in TABS if role in RIGHTS[tab.needs]]


async def test_the_dsl_has_no_tab_of_the_school(sit: Sit) -> None:
    seat = await sit(Role.DSL)
    assert [tab.name for tab in tabs(seat.desk)] == ["Home", "Pupils", "Review", "Papers"]


@pytest.mark.parametrize(
    ("path", "route", "filled"),
    [
        ("/", "/", {}),
        ("/pupils/:pupil", "/pupils/abc", {"pupil": "abc"}),
        ("/pupils/:pupil", "/pupils/", None),
        ("/pupils/:pupil", "/pupils", None),
        ("/pupils", "/pupils/abc", None),
        ("/pupils/:pupil", "/pupils/abc/more", None),
    ],
)
def test_a_route_fits_one_path(path: str, route: str, filled: dict[str, str] | None) -> None:
    assert match(path, route) == filled


@pytest.mark.parametrize("route", ["/nowhere", "/pupils/a/b", "/observation", "/capture/x", "/../etc"])
def test_what_is_no_screen_is_found_nowhere(route: str) -> None:
    assert find(route) is None


def test_every_right_but_erasing_opens_a_screen() -> None:
    """An erasure is ordered on the pupil's own page."""
    assert {screen.needs for screen in SCREENS} == set(Right) - {Right.ERASE}
