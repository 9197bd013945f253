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
from app.usecases.desk import Desk, Ground, again, open_desk
from app.usecases.door.stretching import in_browser
from app.usecases.session.change import GROUPS
from app.usecases.session.hub import HubClient
from app.usecases.session.language import follow
from app.usecases.session.search import look_through
from storage.folder.hub import HubFolder
from storage.store import Store
from views import theme
from views.app import build, picked
from views.devices.joining import stopped
from views.ui import Ui


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
        store = await Store.open(disk, now=now_ms, groups=GROUPS)
    except Exception as error:  # without a store nothing may be recorded, so nothing else is shown
        print("store:", repr(error))
        page.padding = 0
        page.add(stopped(theme.LIGHT.paper, theme.LIGHT.ink, for_people(error).words))
        bridge.post_ready()
        return
    origin = str(js.self.location.origin)
    client = httpx.AsyncClient(base_url=origin, transport=FetchTransport(), timeout=30)
    folder_at = lru_cache(maxsize=1)(partial(HubFolder, client))  # the same one as long as the token is: it knows the last news
    ground = Ground(store, HubClient(client), folder_at, CanvasCodec(), now_ms, lasting, origin, in_browser)
    ui = build(page, await open_desk(ground))
    connect(bridge, ui)
    bridge.post_ready()
    begin(page, ui)
    await asyncio.sleep(0)


def begin(page: ft.Page, ui: Ui) -> None:
    """What goes on for as long as this desk is the device's; once the device was wiped, a new desk begins."""
    desk = ui.desk

    async def wiped() -> None:
        ui.forget()
        ui.sits_at(await again(desk))
        begin(page, ui)
        ui.draw()

    desk.ending.wiped = wiped
    follow(desk.session.known)
    desk.session.on_change(lambda _topic: follow(desk.session.known))
    page.run_task(desk.syncing.run)
    page.run_task(look_around, desk)
    page.run_task(lock_by_itself, desk)


async def look_around(desk: Desk) -> None:
    """After the first frame, a little at a time: what was recorded is counted and its words are read, so that no one waits."""
    await asyncio.sleep(0.5)
    await desk.index.warm()
    await look_through(desk.ground.store.library)
    desk.session.changed()


async def lock_by_itself(desk: Desk) -> None:
    """Looks now and then whether the device is still in a hand."""
    while not desk.ending.gone:
        await asyncio.sleep(2)
        desk.door.lock_if_idle()
        with suppress(SmallStepsError):  # a full device: it is tried again
            await desk.door.heed_resets()  # a window that is over is noted as over


def connect(bridge: Any, ui: Ui) -> None:
    """What the page tells: files, the network, being looked at and touched, and the browser's promise to keep things."""
    bridge.on_file(lambda file: picked(ui, file))
    bridge.on_online(lambda on: ui.desk.session.wake() if on else ui.desk.syncing.on_offline())
    bridge.on_visible(lambda on: ui.desk.door.on_visible() if on else ui.desk.door.on_hidden())
    bridge.on_touched(lambda _: ui.desk.door.on_touch())
    bridge.on_picking(lambda on: ui.desk.door.on_picker(on))
    bridge.on_persisted(lambda on: ui.desk.syncing.on_persisted(on))
    ui.bridge = bridge


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
