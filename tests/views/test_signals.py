"""What is drawn when something changes: the part that shows it, once, and in a round of sync a chip and not a screen."""

import asyncio
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

import flet as ft
import msgpack
import pytest
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from app.usecases.desk import Desk
from app.usecases.session.session import Topic
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, recorded
from views import app, signals
from views.signals import SCREEN, SYNC, Rounds, Signals
from views.ui import Ui

LONG = 3 * signals.SOON  # s: whatever was told is drawn by then


@dataclass
class Told:
    """Signals whose tasks run on the test's loop, and how often each topic was heard."""

    def __post_init__(self) -> None:
        self.tasks: list[asyncio.Task[Any]] = []
        self.signals = Signals(self.run)
        self.heard: list[str] = []
        for topic in (SYNC, SCREEN, "a"):
            self.signals.listen([topic], lambda topic=topic: self.heard.append(topic))

    def run(self, work: Callable[[], Any]) -> None:
        self.tasks.append(asyncio.create_task(work()))


def desk_in_a_round() -> Any:
    """As much of a desk as is asked."""
    return SimpleNamespace(syncing=SimpleNamespace(syncing=True), joining=SimpleNamespace(under_way=False))


async def test_many_tellings_are_one_and_only_who_shows_it_hears() -> None:
    told = Told()
    for _ in range(5):
        told.signals.tell(SYNC, "a", "b")
    await asyncio.sleep(LONG)
    assert sorted(told.heard) == sorted([SYNC, "a"])


async def test_who_shows_two_things_is_drawn_once_and_who_is_gone_not_at_all() -> None:
    told, drawn = Told(), list[str]()
    told.signals.listen([SYNC, SCREEN], lambda: drawn.append("both"))
    stop = told.signals.listen([SYNC], lambda: drawn.append("gone"))
    stop()
    told.signals.tell(SYNC, SCREEN)
    await asyncio.sleep(LONG)
    assert drawn == ["both"]


async def test_a_round_draws_the_screen_at_its_end_and_seldom_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(signals, "FIRST_PAUSE", LONG)
    told, desk = Told(), desk_in_a_round()
    rounds = Rounds(told.signals, desk, told.run)
    for _ in range(60):
        rounds.changed(Topic.RECORDS)
    await asyncio.sleep(LONG / 2)
    assert told.heard == [SYNC]
    await asyncio.sleep(2 * LONG)
    assert told.heard.count(SCREEN) == 1
    desk.syncing.syncing = False
    rounds.changed(Topic.SYNC)
    await asyncio.sleep(LONG)
    assert told.heard.count(SCREEN) == 2 and told.heard[-1] == SCREEN


@pytest.mark.parametrize("topic", [Topic.DOOR, Topic.DRAFT])
async def test_a_lock_and_a_draft_do_not_wait_for_the_end_of_a_round(topic: Topic) -> None:
    told = Told()
    Rounds(told.signals, desk_in_a_round(), told.run).changed(topic)
    await asyncio.sleep(LONG)
    assert SCREEN in told.heard


async def test_the_first_fetch_is_shown_at_each_step() -> None:
    told, desk = Told(), desk_in_a_round()
    desk.joining.under_way = True
    Rounds(told.signals, desk, told.run).changed(Topic.SYNC)
    await asyncio.sleep(LONG)
    assert SCREEN in told.heard


# -- on a real page ------------------------------------------------------------------------------------------------------------
ENCODE = configure_encode_object_for_msgpack(ft.BaseControl)


class Nowhere(Connection):
    """A client that takes everything. It is packed, for that is when Flet notes what the client knows."""

    def __init__(self) -> None:
        super().__init__()
        self.loop, self.pubsubhub = asyncio.get_running_loop(), PubSubHub()

    def send_message(self, message: Any) -> None:
        msgpack.packb([message.action, message.body], default=ENCODE)

    def dispose(self) -> None: ...


def inside(control: Any) -> Iterator[Any]:
    """The control and everything in it, also in components."""
    yield control
    for name in ("_b", "content", "controls"):
        found = getattr(control, name, None)
        for child in found if isinstance(found, list) else [found]:
            if isinstance(child, ft.BaseControl):
                yield from inside(child)


def page_of(desk: Desk) -> tuple[Session, Ui]:
    """The app on a page."""
    session = Session(Nowhere())
    msgpack.packb(session.get_page_patch(), default=ENCODE)  # as when a client comes
    _context_page.set(session.page)
    session.page.width, session.page.route = 1180, "/app/"
    return session, app.build(session.page, desk)


@pytest.mark.parametrize("tellings", [0, 1])
async def test_a_part_is_drawn_once_when_it_comes_and_again_if_it_was_told_before_it_listened(
    phone: Seat, monkeypatch: pytest.MonkeyPatch, tellings: int
) -> None:
    chips, chip = list[str](), app.framed.__globals__["_status"]

    def drawn(ui: Ui, *shown: Any) -> ft.Control:
        chips.append("chip")
        if len(chips) <= tellings:
            ui.signals._times.update([SYNC])  # as if another task told it just now, and its listeners were called
        made: ft.Control = chip(ui, *shown)
        return made

    monkeypatch.setitem(app.framed.__globals__, "_status", drawn)
    session, _ = page_of(phone.desk)
    await asyncio.sleep(2 * LONG)
    assert len(chips) == 1 + tellings
    session.close()
    await asyncio.sleep(0)


async def test_what_a_round_brings_is_drawn_once_and_the_chip_says_how_far_it_is(
    tablet: Seat, phone: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, chips, screen, chip = list[str](), list[str](), app.screen, app.framed.__globals__["_status"]
    monkeypatch.setattr(app, "screen", lambda ui: (drawn.append(ui.route), screen(ui))[1])
    monkeypatch.setitem(app.framed.__globals__, "_status", lambda *shown: (chips.append("chip"), chip(*shown))[1])
    session, _ = page_of(phone.desk)
    await asyncio.sleep(LONG)
    for _ in range(6):
        await recorded(tablet, hub.made.amira, photo=b"")
        await tablet.desk.syncing.sync_now()
    drawn.clear(), chips.clear()
    assert await phone.desk.syncing.sync_now()
    await asyncio.sleep(2 * LONG)
    assert drawn == ["/"] and len(chips) >= 1
    shown = [one.value for one in inside(session.page.views[0]) if isinstance(one, ft.Text)]
    assert "All safe" in shown
    session.close()
    await asyncio.sleep(0)
