"""Desks of a small school: real stores in memory, the real hub over a real folder, no socket and no mock."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from app.media.codec import Encoded
from app.media.pillow import PillowCodec
from app.usecases.desk import Desk, Ground, again, open_desk
from app.usecases.register import roster
from app.usecases.session.change import GROUPS
from app.usecases.session.hub import HubClient
from storage.folder.hub import HubFolder
from storage.folder.memory import Memory
from storage.store import Store
from tests.hub.conftest import Hub, Time, hub, refused, time, web
from tests.media import parts

__all__ = ["hub", "refused", "time", "web"]
ORIGIN = "http://hub.test"
PIN, OTHER = "2580", "90210"
FEW = 1_000  # rounds: the function is the real one, tests need not be slow
PHOTO = parts.saved(parts.quarters(320, 240))


class Line(httpx.AsyncBaseTransport):
    """The way to the hub, which a test can cut, and watch: each of `before` sees every request first."""

    def __init__(self, hub: Hub) -> None:
        self.inner = httpx.ASGITransport(app=hub.app, raise_app_exceptions=False)
        self.cut = False
        self.before: list[Callable[[httpx.Request], Awaitable[None]]] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        if self.cut:
            raise httpx.ConnectError("no network", request=request)
        for look in self.before:
            await look(request)
        return await self.inner.handle_async_request(request)


@dataclass
class Seat:
    """A desk with what is under it: the disk it keeps things on, and its way to the hub."""

    desk: Desk
    disk: Memory
    line: Line
    time: Time

    def watch(self) -> None:
        """Once the device was wiped there is a new desk at it."""

        async def wiped() -> None:
            self.desk = await again(self.desk)
            self.watch()

        self.desk.ending.wiped = wiped

    async def again(self) -> "Seat":
        """The same device after a restart."""
        return await seated(self.disk, self.line, self.time)


async def seated(disk: Memory, line: Line, time: Time) -> Seat:
    client = httpx.AsyncClient(transport=line, base_url=ORIGIN)
    store = await Store.open(disk, now=time, groups=GROUPS)
    ground = Ground(store, HubClient(client), lambda token: HubFolder(client, token), PillowCodec(), time, origin=ORIGIN)
    seat = Seat(await open_desk(ground), disk, line, time)
    seat.watch()
    return seat


Sit = Callable[..., Awaitable[Seat]]


@pytest.fixture
def sit(hub: Hub) -> Sit:
    """Makes a desk that has joined in a role (or, with no role, one that has not)."""

    async def make(
        role: Role | None = Role.TA, classes: list[str] | None = None, staff: str = "", disk: Memory | None = None
    ) -> Seat:
        seat = await seated(disk or Memory(), Line(hub), hub.time)
        if role:
            own = [hub.made.oak] if role in {Role.TA, Role.TEACHER} else []
            code, _ = await hub.office.access.invite(role, own if classes is None else classes, staff or None)
            await seat.desk.joining.join(code, f"a {role}")
        return seat

    return make


@pytest.fixture
async def tablet(sit: Sit, hub: Hub) -> Seat:
    seat = await sit(Role.TA)
    await seat.desk.door.choose_me(hub.made.ta)
    return seat


@pytest.fixture
async def phone(sit: Sit, hub: Hub) -> Seat:
    return await sit(Role.SENCO, staff=hub.made.senco)


async def synced(*seats: Seat) -> None:
    """A whole round each, a second later, with nothing in its way."""
    for seat in seats:
        seat.time.forward(1000)
        assert await seat.desk.syncing.sync_now() and seat.desk.syncing.problem is None


def held_up(seat: Seat) -> asyncio.Event:
    """The pictures of this desk are made only once the event is set."""
    made, photo = asyncio.Event(), seat.desk.ground.codec.photo

    async def slow(raw: bytes, mirrored: bool = False) -> Encoded:
        await made.wait()
        return await photo(raw, mirrored)

    seat.desk.ground.codec.photo = slow  # type: ignore[method-assign]
    return made


async def with_pin(seat: Seat, pin: str = PIN) -> Seat:
    """Who has the device in hand chooses this PIN."""
    seat.desk.door.iterations = FEW
    await seat.desk.door.choose_pin(pin, pin)
    return seat


async def recorded(seat: Seat, *pupils: str, note: str = "Asked for a turn.", photo: bytes = PHOTO) -> list[str]:
    """A moment taken at this desk, a second later than the last thing that happened."""
    seat.time.forward(1000)
    if photo:
        await seat.desk.drafting.add_photo(photo)
    for pupil in pupils:
        await seat.desk.drafting.toggle_pupil(pupil)
    await seat.desk.drafting.set_note(note)
    return await seat.desk.drafting.save()


@pytest.fixture
async def colleague(tablet: Seat, hub: Hub) -> str:
    """Another adult of the class, whom the tablet knows."""
    made = await roster.add_staff(hub.writer, "Mo Lee", Role.TEACHER, [hub.made.oak], os.urandom)
    await tablet.desk.syncing.sync_now()
    return made


@pytest.fixture
async def shut(tablet: Seat) -> Seat:
    """A class tablet on which one TA has a PIN, locked."""
    await with_pin(tablet)
    tablet.desk.door.lock()
    return tablet


@pytest.fixture
async def waiting(tablet: Seat, phone: Seat, hub: Hub) -> str:
    """An observation that the tablet made and the phone has in its queue."""
    (ident,) = await recorded(tablet, hub.made.amira)
    await synced(tablet, phone)
    return ident
