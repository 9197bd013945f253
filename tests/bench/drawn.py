"""What screens cost, measured in the tree that PYTHONPATH names: this one or an older one. Prints one JSON object of figures.

python tests/bench/drawn.py <school folder> <place to work in>

Flet is real but for its client: a session whose messages are packed and thrown away. Times are ms of CPU, which a busy machine
changes least. What the trees do differently is in `Adapter` alone.
"""

import asyncio
import gc
import json
import os
import statistics
import sys
import time
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

import httpx
import msgpack
from flet.controls.base_control import BaseControl
from flet.controls.context import _context_page
from flet.messaging.connection import Connection
from flet.messaging.protocol import configure_encode_object_for_msgpack
from flet.messaging.session import Session
from flet.pubsub.pubsub_hub import PubSubHub

from app.hub.site import create_app
from app.media.pillow import PillowCodec
from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.ops import Change
from storage.replica import Replica
from storage.store import Store
from views import app as views

HUB, TIMES, OPENED, MOMENTS, SETTLES = "http://127.0.0.1:8550", 5, 2.0, 60, 0.4  # s
KEY = bytes(range(32))


def now() -> int:
    return time.time_ns() // 1_000_000


class Adapter:
    """The few things that this tree and the one of c63b4fe call by other names."""

    def __init__(self) -> None:
        try:
            from app.usecases.session import hub, index, search  # noqa: F401
        except ImportError:
            self.new = False
            from app.domain.words import Role
            from app.usecases.hubclient import HubClient
        else:
            self.new = True
            from app.domain.vocabulary.roles import Role
            from app.usecases.session.hub import HubClient
        self.client, self.senco = HubClient, Role.SENCO

    async def open(self, store: Store, hub: Any, folder_at: Any) -> Any:
        if not self.new:
            from app.usecases.desk import Desk

            return await Desk.open(store, hub, folder_at, PillowCodec(), now)  # type: ignore[attr-defined]
        from app.usecases.desk import Ground, open_desk

        return await open_desk(Ground(store, hub, folder_at, PillowCodec(), now))

    def part(self, desk: Any, service: str) -> Any:
        """What the older desk did by itself."""
        return getattr(desk, service) if self.new else desk

    def whose(self, desk: Any) -> str:
        return str(desk.session.person if self.new else desk._me)

    def hand_to(self, desk: Any, person: str) -> None:
        """The device is in this person's hand, as if the PIN had been given."""
        if self.new:
            desk.session.hand_to(person)
            desk.session.in_hand = True
        else:
            desk._has(person)

    def opened(self, desk: Any) -> list[asyncio.Task[None]]:
        """What the app does after it was opened, beside drawing."""
        if not self.new:
            return []
        from app.usecases.session.search import look_through

        return [asyncio.create_task(look_through(desk.ground.store.library)), asyncio.create_task(desk.index.warm())]

    def held(self, desk: Any) -> int:
        return len(self.part(desk, "syncing").held())


def packed(message: Any) -> bytes:
    """As it goes to a client; that is also when Flet notes what the client knows."""
    return msgpack.packb(message, default=configure_encode_object_for_msgpack(BaseControl))


class Nowhere(Connection):
    """A client that takes everything."""

    def __init__(self) -> None:
        super().__init__()
        self.loop, self.pubsubhub, self.bytes = asyncio.get_running_loop(), PubSubHub(), 0

    def send_message(self, message: Any) -> None:
        self.bytes += len(packed([message.action, message.body]))

    def dispose(self) -> None: ...


class Device:
    """A SENCO's device that has joined and holds the whole school, with the app on its page."""

    def __init__(self, school: Path, place: Path) -> None:
        self.school, self.place, self.adapter, self.drawn = school, place, Adapter(), 0

    async def open(self) -> None:
        app = create_app(Directory(self.school), KEY, front=None)
        self.office = app.state.office
        self.client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app), base_url=HUB, timeout=300)
        self.store = await Store.open(Directory.own(self.place / "device"), now=now)
        await self.store.save_view()
        self.desk: Any = await self.adapter.open(self.store, self.adapter.client(self.client), self.folder)
        code, _ = await self.office.access.invite(self.adapter.senco, [], await self.senco())
        await self.part("joining").join(code, "bench")
        assert self.part("syncing").problem is None and len(self.desk.school.observations()) > 0, self.part("syncing").problem
        door = self.part("door")
        if door.needs_pin:
            door.iterations = door.rounds_of_pin = 1000
            await door.choose_pin("2580", "2580")

    def part(self, service: str) -> Any:
        return self.adapter.part(self.desk, service)

    def folder(self, token: str) -> HubFolder:
        if not hasattr(self, "_folder"):
            self._folder = HubFolder(self.client, token)
        return self._folder

    async def senco(self) -> str:
        await self.office.refresh()
        return next(s.id for s in self.office.school.staff() if s.role == self.adapter.senco)

    def show(self) -> None:
        """The app on a page of a tablet."""
        counted = views.screen

        def screen(ui: Any) -> Any:
            self.drawn += 1
            return counted(ui)

        views.screen = screen
        self.session = Session(Nowhere())
        packed(self.session.get_page_patch())  # as when a client comes
        self.page = self.session.page
        self.page.width, self.page.height, self.page.route = 1180, 820, "/"
        _context_page.set(self.page)
        self.ui = views.build(self.page, self.desk)

    def go(self, route: str) -> None:
        """As a tap on the rail does, without the client's answer."""
        self.page.route = route
        self.ui.error = None
        self.ui.draw()

    async def cpu(self, work: Callable[[], Any]) -> float:
        """ms of CPU until nothing is left to do; what waits for sleep costs none."""
        await asyncio.sleep(SETTLES)
        begun = time.process_time()
        done = work()
        if isinstance(done, Awaitable):
            await done
        await asyncio.sleep(SETTLES)
        return (time.process_time() - begun) * 1e3

    async def middle(self, work: Callable[[], Any], before: Callable[[], Any] | None = None) -> float:
        taken = []
        for _ in range(TIMES):
            if before:
                await self.cpu(before)
            taken.append(await self.cpu(work))
        idle = statistics.median([await self.cpu(lambda: None) for _ in range(3)])
        return max(0.0, statistics.median(taken) - idle)

    async def brings(self, moments: int) -> int:
        """Screen draws in a round that brings so many moments of another device, each in a file of its own."""
        other = Replica(Directory(self.school), "0" * 15 + "7", now)
        pupils = self.part("register").pupils()
        for number in range(moments):
            pupil, entity = pupils[number % len(pupils)].id, f"observation:{os.urandom(16).hex()}"
            facts = {"pupil": pupil, "at": now(), "by": "5" * 32, "review": "new", "targets": [], "together": [pupil]}
            await other.write([Change(pupil, entity, key, value) for key, value in facts.items()])
        await asyncio.sleep(SETTLES)
        before = self.drawn
        assert await self.part("syncing").sync_now() and self.part("syncing").problem is None
        await asyncio.sleep(4 * SETTLES)
        return self.drawn - before

    async def records(self, moments: int) -> None:
        """So many moments that nothing has sent yet."""
        for _ in range(moments):
            drafting = self.part("drafting")
            await drafting.toggle_pupil(self.part("register").pupils()[0].id)
            await drafting.set_note("Asked for a turn.")
            await drafting.save()


async def first_search(device: Device) -> tuple[float, bool]:
    """ms of CPU and whether it found everything, so long after the device was opened again. What the app does meanwhile never
    waits: on a core of its own it has `OPENED` s of CPU by then, and here it gets them even if the machine has other work."""
    store = await Store.open(Directory.own(device.place / "device"), now=now)
    opened = time.process_time()
    desk: Any = await device.adapter.open(store, device.adapter.client(device.client), device.folder)
    device.adapter.hand_to(desk, device.adapter.whose(device.desk))  # the PIN was given
    running = tasks = set(device.adapter.opened(desk))
    while running and time.process_time() - opened < OPENED:
        _, running = await asyncio.wait(running, timeout=0.05)
    begun = time.process_time()
    found = device.adapter.part(desk, "finding").find("turn tak")
    taken = (time.process_time() - begun) * 1e3
    await asyncio.gather(*tasks)
    await store.disk.close()
    return taken, getattr(found, "whole", True)


class Figures(dict[str, float | bool]):
    """What was measured, told on stderr as it comes: all of it takes minutes."""

    def __setitem__(self, name: str, value: float | bool) -> None:
        print(f"{name}: {value:.4g}", file=sys.stderr, flush=True)
        super().__setitem__(name, value)


async def figures(school: Path, place: Path) -> Figures:
    device, made = Device(school, place), Figures()
    await device.open()
    await device.store.close()
    search = [await first_search(device) for _ in range(TIMES)]
    made["first_search"], made["whole"] = statistics.median(taken for taken, _ in search), all(whole for _, whole in search)
    device.store = await Store.open(Directory.own(place / "device"), now=now)
    me = device.adapter.whose(device.desk)
    device.desk = await device.adapter.open(device.store, device.adapter.client(device.client), device.folder)
    device.adapter.hand_to(device.desk, me)
    for task in device.adapter.opened(device.desk):
        await task
    device.show()
    await asyncio.sleep(2)
    gc.collect()
    gc.freeze()  # what the device holds is not looked through again while something else is measured
    pupil = device.part("register").pupils()[0].id
    made["redraw_nothing"] = await device.middle(device.part("session").changed)
    for name, route in (("home", "/"), ("pupil", f"/pupils/{pupil}"), ("pupils", "/pupils"), ("school", "/school")):
        made[f"draw_{name}"] = await device.middle(lambda route=route: device.go(route), lambda: device.go("/sync"))
    device.go("/")
    made["round_draws"] = await device.brings(MOMENTS)
    await device.records(3)
    made["held"] = await device.middle(lambda: device.adapter.held(device.desk))
    await device.store.close()
    return made


if __name__ == "__main__":
    print(json.dumps(asyncio.run(figures(Path(sys.argv[1]), Path(sys.argv[2])))))
