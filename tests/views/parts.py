"""Screens as controls over real desks: drawn in CPython, without a browser."""

import asyncio
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import flet as ft

from tests.usecases.conftest import Seat
from views.app import screen
from views.ui import Ui


class Page:
    """As much of a page as a screen is drawn from."""

    def __init__(self, width: int = 1180) -> None:
        self.route, self.width = "/app/pupils", width

    def navigate(self, route: str) -> None:
        self.route = f"/app{route}"

    def run_task(self, work: Any, *parts: Any) -> None: ...


def every(control: Any) -> Iterator[Any]:
    """The control and all that is inside it."""
    yield control
    inside = [getattr(control, name, None) for name in ("content", "controls")]
    for one in inside:
        for child in one if isinstance(one, list) else [one]:
            if isinstance(child, ft.Control):
                yield from every(child)


class Screen:
    def __init__(self, seat: Seat) -> None:
        self.ui = Ui(Page(), seat.desk)  # type: ignore[arg-type]

    @property
    def controls(self) -> list[Any]:
        return list(every(screen(self.ui)))

    @property
    def texts(self) -> list[str]:
        return [c.value for c in self.controls if isinstance(c, ft.Text)]

    def by(self, identifier: str) -> Any:
        return next((c for c in self.controls if getattr(c, "identifier", None) == identifier), None)

    def type(self, text: str) -> None:
        self.by("search").content.on_change(SimpleNamespace(control=SimpleNamespace(value=text)))

    def press(self, identifier: str) -> None:
        (pressed,) = [c for c in every(self.by(identifier)) if getattr(c, "on_click", None)]
        pressed.on_click(None)


class Busy(Page):
    """A page whose work is done when a test says so."""

    def __init__(self, route: str) -> None:
        super().__init__()
        self.route, self.work = f"/app{route}", list[Any]()

    def run_task(self, work: Any, *parts: Any) -> None:
        if work.__name__ == "run":
            self.work.append(work(*parts))


class Shown(Screen):
    def __init__(self, seat: Seat, route: str) -> None:
        super().__init__(seat)
        self.ui.page = self.page = Busy(route)  # type: ignore[assignment]

    async def settle(self) -> None:
        """Draw, and do what the screen has asked for."""
        _ = self.controls
        while self.page.work:
            await self.page.work.pop()
            await asyncio.sleep(0)
        assert self.ui.error is None, self.ui.error

    async def tap(self, identifier: str) -> None:
        self.press(identifier)
        await self.settle()


def all_words(shown: Screen) -> str:
    return "\n".join(shown.texts)
