"""The door as controls over a real desk: what a locked device shows, and fingers that are quicker than the screen."""

import asyncio
from typing import Any

import pytest

from app.domain.vocabulary.roles import Role
from tests.hub.conftest import Hub
from tests.usecases.conftest import PIN, Seat, Sit, recorded, with_pin
from tests.views.parts import Page, Screen


class Running(Page):
    """A page that runs what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.tasks: list[asyncio.Task[Any]] = []

    def run_task(self, work: Any, *parts: Any) -> None:
        self.tasks.append(asyncio.ensure_future(work(*parts)))

    async def done(self) -> None:
        for task in list(self.tasks):
            await task


def drawn(seat: Seat) -> tuple[Screen, Running]:
    screen, page = Screen(seat), Running()
    screen.ui.page = page  # type: ignore[assignment]
    return screen, page


def press(screen: Screen, *identifiers: str) -> None:
    """All on the same drawing, as quick fingers do."""
    found = [screen.by(identifier) for identifier in identifiers]
    for one in found:
        one.content.on_click(None)


@pytest.fixture
async def tablet(sit: Sit, hub: Hub) -> Seat:
    seat = await sit(Role.TA)
    await seat.desk.door.choose_me(hub.made.ta)
    await recorded(seat, hub.made.leo, note="Only for those who are in.")
    return seat


@pytest.mark.parametrize(
    "route", ["/app/", "/app/pupils", "/app/sync", "/app/people", "/app/capture", "/app/nowhere", "/app/school"]
)
async def test_a_locked_device_shows_staff_and_nothing_of_the_children_wherever_one_goes(
    tablet: Seat, hub: Hub, route: str
) -> None:
    await with_pin(tablet)
    names = [p.called for p in tablet.desk.register.pupils()]
    tablet.desk.door.lock()
    screen, page = drawn(tablet)
    page.route = route
    texts = " ".join(screen.texts)
    assert "Who are you?" in texts or "Your PIN" in texts
    assert not [name for name in names if name in texts] and "Only for those" not in texts


async def test_quick_fingers_lose_no_digit(tablet: Seat) -> None:
    tablet.desk.door.iterations = 1_000
    screen, page = drawn(tablet)
    for done in ("pin-next", "pin-keep"):
        press(screen, *(f"pin-{digit}" for digit in PIN))
        press(screen, done)
        await page.done()
    assert not tablet.desk.door.needs_pin
    tablet.desk.door.lock()
    (ta,) = tablet.desk.door.locks.of
    screen.ui.of("door")["who"] = ta
    press(screen, "pin-9", "pin-back", *(f"pin-{digit}" for digit in PIN))
    await page.done()
    assert not tablet.desk.session.locked


async def test_on_cover_there_is_the_camera_and_no_way_elsewhere(tablet: Seat) -> None:
    await with_pin(tablet)
    tablet.desk.door.lock()
    await tablet.desk.door.come_on_cover()
    screen, page = drawn(tablet)
    page.route = "/app/pupils"
    screen.ui.of("capture")["stage"] = "who"  # the camera itself needs a browser
    assert "Who and what?" in screen.texts and "Pupils" not in screen.texts and screen.by("people") is None
    assert "Only for those who are in." not in screen.texts
