"""The browser's front door: finds a store that lasts, sets out the desk, and shows the app. Runs in the worker."""

import asyncio
import time
from contextlib import suppress
from functools import lru_cache, partial
from typing import Any

import flet as ft
import httpx
from flet.messaging.session import Session

from app.errors import SmallStepsError, for_people
from app.usecases.desk import Desk
from app.usecases.door.stretching import in_browser
from app.usecases.session.hub import HubClient
from app.usecases.session.language import follow
from app.usecases.session.school import School
from storage.folder.hub import HubFolder
from storage.store import Store
from views import theme
from views.app import build, picked
from views.devices.joining import stopped


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def main(page: ft.Page) -> None:
    # Only a browser has these.
    import js

    from app.media.bridge import Bridge
    from app.media.canvas import CanvasCodec
    from storage.fetch import FetchTransport
    from storage.folder.browser import open_disk
    from storage.folder.tab import know_errors

    know_errors()
    bridge = Bridge()
    try:
        disk, lasting = await open_disk()
        store = await Store.open(disk, now=now_ms)
    except Exception as error:  # without a store nothing may be recorded, so nothing else is shown
        print("store:", repr(error))
        page.padding = 0
        page.add(stopped(theme.LIGHT.paper, theme.LIGHT.ink, for_people(error).words))
        bridge.post_ready()
        return
    origin = str(js.self.location.origin)
    client = httpx.AsyncClient(base_url=origin, transport=FetchTransport(), timeout=30)
    folder_at = lru_cache(maxsize=1)(partial(HubFolder, client))  # the same one as long as the token is: it knows the last news
    desk = await Desk.open(store, HubClient(client), folder_at, CanvasCodec(), now_ms, lasting)
    desk.origin, desk.stretch = origin, in_browser
    school = School(store)
    follow(school)
    desk.on_change(partial(follow, school))
    ui = build(page, desk)
    connect(bridge, desk, lambda file: picked(ui, file))
    bridge.post_ready()
    page.run_task(desk.run_sync)
    page.run_task(lock_by_itself, desk)
    await asyncio.sleep(0)


async def lock_by_itself(desk: Desk) -> None:
    """For ever: looks now and then whether anybody still has the device in hand."""
    while True:
        await asyncio.sleep(2)
        desk.lock_if_idle()
        with suppress(SmallStepsError):  # a full device: it is tried again
            await desk.heed_resets()  # a window that is over is noted as over


def connect(bridge: Any, desk: Desk, on_file: Any) -> None:
    """What the page tells: files, the network, being looked at and touched, and the browser's promise to keep things."""
    bridge.on_file(on_file)
    bridge.on_online(lambda on: desk.wake() if on else desk.went_offline())
    bridge.on_visible(lambda on: desk.shown() if on else desk.hidden())
    bridge.on_touched(lambda _: desk.woken())
    bridge.on_picking(desk.picks)
    bridge.on_persisted(desk.set_lasting)
    desk.bridge = bridge


def forgive_the_gone() -> None:
    """Flet stops listening for good when a control answers after it has left the page (a camera that was still opening)."""
    answer = Session.handle_invoke_method_results

    def patient(self: Session, control_id: int, call_id: str, result: Any, error: str | None) -> None:
        try:
            answer(self, control_id, call_id, result, error)
        except RuntimeError as gone:
            print("late answer:", gone)

    Session.handle_invoke_method_results = patient  # type: ignore[method-assign]


def start() -> None:
    forgive_the_gone()
    ft.run(main)
