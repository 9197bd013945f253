"""What a screen is drawn from, besides the desk: the page, the palette, the route, and what this screen remembers."""

import asyncio
import traceback
from collections.abc import Callable, Coroutine
from typing import Any

import flet as ft

from app.errors import SmallStepsError, for_people
from app.usecases.desk import Desk
from views import theme
from views.signals import Rounds, Signals
from views.tabs import HOME

Press = Callable[[Any], Any]
"""What a control calls when it is pressed, with its event."""


class Ui:
    """One for the app. `draw` asks for another drawing; many asks close together make one."""

    def __init__(self, page: ft.Page, desk: Desk) -> None:
        self.page = page
        self.bridge: Any = None  # the bridge is kept alive with the screen
        self.palette, self.signals = theme.LIGHT, Signals(page.run_task)
        self.tab = HOME  # under which the screen stands
        self.error: SmallStepsError | None = None
        self.notice = ""
        self._memory: dict[str, dict[str, Any]] = {}
        self._set: Callable[[int], None] | None = None
        self._drawn = 0
        self._asked = False
        self._stop: Callable[[], None] = lambda: None
        self.desk = self.sits_at(desk)

    def sits_at(self, desk: Desk) -> Desk:
        """This desk is drawn from now on: the first, or a new one once a device was wiped."""

        def at_once() -> bool:
            return self.route == "/sync" or desk.ending.leave is not None

        self._stop()
        self.desk, self._stop = desk, desk.session.on_change(Rounds(self.signals, desk, self.page.run_task, at_once).changed)
        return desk

    @property
    def route(self) -> str:
        """The route inside the app, without the /app it lives under."""
        path = self.page.route.split("?")[0].split("#")[0]
        path = path.removeprefix("/app")
        return "/" + path.strip("/")

    @property
    def wide(self) -> bool:
        return (self.page.width or 1000) >= theme.WIDE

    def of(self, name: str) -> dict[str, Any]:
        """What the screen of this name remembers while it is shown."""
        return self._memory.setdefault(name, {})

    def go(self, route: str) -> None:
        self.error, self.notice = None, ""
        self._memory = {name: kept for name, kept in self._memory.items() if kept.get("lasts")}
        self.page.navigate(route)
        self.draw()

    def forget(self) -> None:
        """Another person has the device in hand: nothing of what the last one typed or looked at stays."""
        self.error, self.notice = None, ""
        self._memory.clear()

    def draw(self) -> None:
        if not self._asked:
            self._asked = True
            self.page.run_task(self._draw_soon)

    async def _draw_soon(self) -> None:
        await asyncio.sleep(0.03)
        self._asked = False
        self._drawn += 1
        if self._set:
            self._set(self._drawn)

    def drawn_by(self, setter: Callable[[int], None]) -> None:
        self._set = setter

    def do(self, work: Callable[[], Coroutine[Any, Any, Any]], then: Callable[[], Any] | None = None) -> Press:
        """A handler that runs the work, shows its error in the banner, and draws again."""

        async def run() -> None:
            try:
                self.error = None
                await work()
                if then:
                    then()
            except Exception as error:  # of any kind: the person must be told, and in one place
                self.error = for_people(error)
                if not isinstance(error, SmallStepsError):
                    print("unforeseen:", "".join(traceback.format_exception(error)))
            self.draw()

        return lambda _event: self.page.run_task(run)

    def press(self, action: Callable[[], Any]) -> Press:
        """A handler for something small and sure."""

        def handler(_event: Any = None) -> None:
            action()
            self.draw()

        return handler

    def to(self, route: str) -> Press:
        """A handler that goes there."""
        return lambda _event: self.go(route)
