"""Saving, looking back and opening: Store over Directory beside SQLite and TinyDB on the same disk."""

import json
import sqlite3
import subprocess
import sys
from pathlib import Path

from app.usecases.session.school import School
from storage.folder.directory import Directory
from storage.store import Store
from tests.bench.classroom import Classroom, as_row, now, opened
from tests.bench.finding import timeline_row
from tests.bench.rows import Row, against, alone, both

SMALL, LARGE, SHOWN, SAVES = 1_000, 90_000, 18_000, 101
SQLITE = "sqlite3 WAL synchronous=FULL insert"


async def saved(place: Path) -> list[Row]:
    room = Classroom()
    small, store = await room.store(place / "small", SMALL), await room.store(place / "large", LARGE)
    base, tiny = room.sqlite(place / "base", LARGE), room.tinydb(place / "tiny.json", LARGE)
    size = f"{LARGE:,} in store"

    async def insert() -> None:
        base.execute("insert into observation values (?, ?, ?, ?)", as_row(room.body()))
        base.commit()

    async def insert_tiny() -> None:
        tiny.insert(dict(room.body()))

    ours, theirs = await both(lambda: room.save(store), insert, SAVES)
    found = [against("save", ours * 1e3, "ms", SQLITE, theirs * 1e3, size, most=1.5)]
    large, little = await both(lambda: room.save(store), lambda: room.save(small), SAVES)
    found.append(against("save_growth", large * 1e3, "ms", f"{SMALL:,} in store", little * 1e3, size, most=1.3))
    ours, theirs = await both(lambda: room.save(store), insert_tiny)
    found.append(against("save_v_tinydb", ours * 1e3, "ms", "TinyDB JSONStorage insert", theirs * 1e3, size, most=0.01))
    found.append(await timeline_row(School(store), base, room, LARGE))
    for one in (small.disk, store.disk):
        await one.close()
    base.close()
    tiny.close()
    return found


async def open_row(place: Path) -> Row:
    """Both to where every document can be looked at; ours is opened as it was left, with all of it in the snapshot."""
    room = Classroom()
    store = await room.store(place / "open", SHOWN)
    await store.close()
    room.sqlite(place / "open.base", SHOWN).close()

    async def ours() -> None:
        again = await Store.open(Directory.own(place / "open"), now=now)
        assert sum(len(document["note"]) > 0 for document in again.library.table("observation")) == SHOWN
        await again.disk.close()

    async def theirs() -> None:
        again = opened(place / "open.base")
        assert sum(len(body["note"]) > 0 for body in read_all(again)) == SHOWN
        again.close()

    taken, peer = await both(ours, theirs, 7)
    return against("open_store", taken, "s", "sqlite3 open + read all", peer, f"{SHOWN:,} in store, from snapshot", most=2)


IN_A_FRESH_PROCESS = """
import asyncio, sys, tracemalloc
from storage.folder.directory import Directory
from storage.store import Store
async def held():
    tracemalloc.start()
    store = await Store.open(Directory.own(sys.argv[1]), now=lambda: 0)
    print(tracemalloc.get_traced_memory()[0] / 1e6)
asyncio.run(held())
"""


def memory_row(place: Path) -> Row:
    """What a device's store holds once it is open, by CPython's own count: it stands in for the worker of a browser."""
    told = subprocess.run([sys.executable, "-c", IN_A_FRESH_PROCESS, place / "open"], capture_output=True, text=True, check=True)
    return alone("memory_phone", float(told.stdout), "MB", 150, f"{SHOWN:,} observations without thumbnails, CPython")


def read_all(base: sqlite3.Connection) -> list[dict[str, str]]:
    return [json.loads(body) for (body,) in base.execute("select body from observation")]


async def rows(place: Path) -> list[Row]:
    return [*await saved(place), await open_row(place), memory_row(place)]
