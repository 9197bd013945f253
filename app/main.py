"""The browser's front door: finds a store that lasts, sets out the desk, and shows the app. Runs in the worker."""

import asyncio
import time
from typing import Any

import flet as ft
import httpx
from flet.messaging.session import Session

from app.errors import for_people
from app.usecases.desk import Desk
from app.usecases.hubclient import HubClient
from storage.folder.hub import HubFolder
from storage.store import Store
from views import theme
from views.app import build, picked
from views.welcome.screen import stopped


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
        page.add(stopped(theme.LIGHT.paper, theme.LIGHT.ink, for_people(error).message))
        bridge.post_ready()
        return
    origin = str(js.self.location.origin)
    client = httpx.AsyncClient(base_url=origin, transport=FetchTransport(), timeout=30)
    desk = await Desk.open(store, HubClient(client), lambda token: HubFolder(client, token), CanvasCodec(), now_ms, lasting)
    desk.origin = origin
    ui = build(page, desk)
    connect(bridge, desk, lambda file: picked(ui, file))
    bridge.post_ready()
    page.run_task(desk.run_sync)
    await asyncio.sleep(0)


def connect(bridge: Any, desk: Desk, on_file: Any) -> None:
    """What the page tells: files, the network, being looked at, and the browser's promise to keep things."""
    bridge.on_file(on_file)
    bridge.on_online(lambda on: desk.wake() if on else desk.went_offline())
    bridge.on_visible(lambda on: desk.wake() if on else None)
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
