"""Sync with a real hub on loopback: sending beside plain httpx, a round in which nothing is new, and taking in what is new."""

import asyncio
import shutil
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from random import Random

import httpx

from storage import media as pieces
from storage.folder.directory import Directory
from storage.ops import Change
from storage.store import Store
from storage.sync import sync
from tests.bench.classroom import Classroom, now
from tests.bench.rows import TIMES, Row, against, alone, middle
from tests.bench.served import Place, running, wire_to

RECORDS, PHOTOS, PHOTO = 2_000, 300, 1_000_000
SIZE = f"{RECORDS:,} records, {PHOTOS} photos of {PHOTO:,} bytes"
PUPILS, DEVICES, EACH = 300, 40, 50
OPS = 10_000


async def timed(work: Callable[[], Awaitable[object]]) -> float:
    begun = time.perf_counter()
    await work()
    return time.perf_counter() - begun


# -- sending -------------------------------------------------------------------------------------------------------------
async def recorded(place: Path, dice: Random) -> Store:
    """A device on which a day was recorded with no network."""
    store = await Store.open(Directory.own(place), now=now)
    pupils = [dice.randbytes(16).hex() for _ in range(10)]
    for number in range(RECORDS):
        pupil = pupils[number % len(pupils)]
        photo = pieces.chunks(pupil, dice.randbytes(PHOTO)) if number < PHOTOS else {}
        await store.write(
            [Change(pupil, f"observation:{dice.randbytes(16).hex()}", "note", f"moment {number}", text=True)], photo
        )
    return store


async def sent(store: Store, address: str, place: Place) -> float:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        folder = await place.join(client, store.device)

        async def all_of_it() -> None:
            outcome = await sync(store, folder)
            assert not outcome.problems and not outcome.waiting, outcome

        return await timed(all_of_it)


async def put(files: dict[str, bytes], address: str) -> float:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:

        async def each() -> None:
            for name, data in files.items():
                (await client.put(f"/{name}", content=data)).raise_for_status()

        return await timed(each)


async def push_row(path: Path) -> Row:
    place, dice = await Place.make(path / "school"), Random(1)
    ours, theirs, size = [], [], 0
    with running("hub", place.folder.path) as there, running("bare", path) as nowhere:
        for turn in range(TIMES):
            store = await recorded(path / f"tablet-{turn}", dice)
            ours.append(await sent(store, there, place))
            files = {name: await store.disk.get(name) for name in await store.disk.names("p/")}
            size = sum(map(len, files.values()))
            theirs.append(await put(files, nowhere))
            await store.disk.close()
            shutil.rmtree(path / f"tablet-{turn}")
    speed, peer = size / middle(ours) / 1e6, size / middle(theirs) / 1e6
    return against("sync_push", speed, "MB/s", "httpx PUT to a bare ASGI app", peer, SIZE, least=0.6)


# -- nothing new ---------------------------------------------------------------------------------------------------------
async def idle_row(path: Path) -> Row:
    """A SENCO's device, which holds all; after the first rounds, when the hub knows that its directories stand still."""
    place = await Place.make(path / "school")
    pupils = [pupil for found in (await place.school(12, PUPILS // 12)).values() for pupil in found]
    room = Classroom()
    for device in range(1, DEVICES + 1):
        writer = place.writer(device)
        for number in range(EACH):
            room.pupils = [pupils[(device * EACH + number) % PUPILS]] * len(room.pupils)
            await room.save(writer)
    store = await Store.open(Directory.own(path / "phone"), now=now)
    with running("hub", place.folder.path) as there:
        async with wire_to(there) as wire, httpx.AsyncClient(base_url=wire.address, timeout=60) as client:
            asked: list[httpx.Request] = []
            folder = await place.join(client, store.device)
            await sync(store, folder)
            for _ in range(3):
                await asyncio.sleep(2.1)  # the time after which a directory is known to stand still
                await sync(store, folder)

            async def note(request: httpx.Request) -> None:
                asked.append(request)

            client.event_hooks["request"].append(note)
            before = wire.bytes
            taken = [await timed(lambda: sync(store, folder, scope=lambda _: True)) for _ in range(21)]
            rounds, went = len(asked) / len(taken), (wire.bytes - before) / len(taken)
    await store.disk.close()
    told = f"{PUPILS} pupils, {DEVICES} devices, {DEVICES * EACH:,} moments; {rounds:g} request, {went:,.0f} bytes both ways"
    row = alone("sync_idle", middle(taken) * 1e3, "ms", 50, f"{told}; goal also 1 request and <= 2 kB")
    return replace(row, ok=row.ok and rounds == 1 and went <= 2_000)


# -- taking in -----------------------------------------------------------------------------------------------------------
async def merge_row(path: Path) -> Row:
    """As a device meets a day of others: one file for each moment."""
    place, room = await Place.make(path / "school"), Classroom()
    writers = [place.writer(number) for number in range(1, 11)]
    await room.save(writers[0])
    made = OPS // len(list(writers[0].library.ops()))
    for number in range(1, made):
        await room.save(writers[number % len(writers)])
    taken = []
    with running("hub", place.folder.path) as there:
        for turn in range(TIMES):
            async with httpx.AsyncClient(base_url=there, timeout=60) as client:
                store = await Store.open(Directory.own(path / f"tablet-{turn}"), now=now)
                folder = await place.join(client, store.device)
                taken.append(await timed(lambda: sync(store, folder)))  # noqa: B023
                assert len(store.library.table("observation")) == made
                await store.disk.close()
    return alone("sync_merge", middle(taken), "s", 2, f"{OPS:,} ops in {made} files; CPython: not measured in the browser")


async def rows(place: Path) -> list[Row]:
    return [await push_row(place / "push"), await idle_row(place / "idle"), await merge_row(place / "merge")]
