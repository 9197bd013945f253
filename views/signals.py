"""Who is drawn again when something has changed: each part of a screen hears of what it shows, and of nothing else.

Topics are `SYNC` (how a round of sync goes) and `SCREEN` (all else that the desk says). A round of sync tells
`SYNC` at each file and `SCREEN` only now and then, with longer and longer pauses, so that a round draws a chip and not a screen.
"""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable
from typing import Any

import flet as ft

from app.usecases.desk import Desk
from app.usecases.session.session import Topic

SYNC, SCREEN = "sync", "screen"
SOON = 0.03  # s: what is told within it is drawn once
BY_HAND = {Topic.DOOR, Topic.DRAFT}  # what a person does, and wants to see done
FIRST_PAUSE = 1.0  # s between drawings of the screen in a round; each pause is twice as long as the one before
LONGEST_PAUSE = 8.0  # s: what was withdrawn or erased is not looked at for longer than that

Listener = Callable[[], None]
Run = Callable[[Callable[[], Any]], Any]
"""Starts a task, as `page.run_task` does."""


class Signals:
    """Many tellings close together are one."""

    def __init__(self, run: Run) -> None:
        self._run = run
        self._listeners: dict[str, list[Listener]] = {}
        self._told: dict[str, None] = {}
        self._times = Counter[str]()
        self._telling = False

    def listen(self, topics: Iterable[str], listener: Listener) -> Callable[[], None]:
        """Called soon after one of the topics was told; the result stops it."""
        topics = tuple(topics)
        for topic in topics:
            self._listeners.setdefault(topic, []).append(listener)

        def stop() -> None:
            for topic in topics:
                self._listeners[topic].remove(listener)

        return stop

    def times(self, topics: Iterable[str]) -> int:
        """How often one of the topics was told so far: what was drawn before the last time is not of now."""
        return sum(self._times[topic] for topic in topics)

    def tell(self, *topics: str) -> None:
        self._told.update(dict.fromkeys(topics))
        self._times.update(topics)
        if not self._telling:
            self._telling = True
            self._run(self._tell_soon)

    async def _tell_soon(self) -> None:
        await asyncio.sleep(SOON)
        told, self._told, self._telling = self._told, {}, False
        for listener in dict.fromkeys(one for topic in told for one in self._listeners.get(topic, ())):
            listener()


class Rounds:
    """From what a desk says has changed to who draws it. In a round of sync much changes and little of it is looked at."""

    def __init__(self, signals: Signals, desk: Desk, run: Run, at_once: Callable[[], bool] = lambda: False) -> None:
        """`at_once`: whether the screen shows the round itself, and is drawn at each step."""
        self._signals, self._desk, self._run, self._at_once = signals, desk, run, at_once
        self._pause = 0.0
        self._waiting = False

    def changed(self, topic: Topic) -> None:
        self._signals.tell(SYNC)
        if not self._desk.syncing.syncing or topic in BY_HAND or self._desk.joining.under_way or self._at_once():
            self._pause = 0.0
            self._signals.tell(SCREEN)
        elif not self._waiting:
            self._waiting = True
            self._run(self._now_and_then)

    async def _now_and_then(self) -> None:
        """The screen, after a pause, if the round still goes on; its end is told in any case."""
        self._pause = min(self._pause * 2, LONGEST_PAUSE) or FIRST_PAUSE
        await asyncio.sleep(self._pause)
        self._waiting = False
        if self._desk.syncing.syncing:
            self._signals.tell(SCREEN)


def alone(signals: Signals, topics: tuple[str, ...], draw: Callable[..., ft.Control], *shown: Any) -> ft.Control:
    """`draw(*shown)` as a component of its own: drawn again when a topic is told, or if it is to show something else. Where no
    page draws, as in a test of one screen, it is the plain control."""
    try:
        return _memo(signals, topics, draw, *shown)
    except RuntimeError:  # no renderer
        return draw(*shown)


@ft.component
def _Alone(signals: Signals, topics: tuple[str, ...], draw: Callable[..., ft.Control], *shown: Any) -> ft.Control:
    _, redraw = ft.use_state(0)
    stop: Any = ft.use_ref(None)
    drawn: Any = ft.use_ref(0)
    drawn.current = signals.times(topics)

    def again() -> None:
        redraw(lambda count: count + 1)

    def begin() -> None:
        stop.current = signals.listen(topics, again)
        if signals.times(topics) != drawn.current:  # told since it was drawn, when it did not listen yet
            again()

    ft.use_effect(begin, [topics], cleanup=lambda: stop.current and stop.current())
    return draw(*shown)


_memo: Callable[..., ft.Control] = ft.memo(_Alone)  # type: ignore[no-untyped-call]
