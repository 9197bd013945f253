"""Saving, looking back and opening: Store over Directory beside SQLite and TinyDB on the same disk."""

import json
from pathlib import Path

from app.usecases.school import School
from storage.folder.directory import Directory
from storage.store import Store
from tests.bench.classroom import Classroom, as_row, now, opened
from tests.bench.rows import Row, against, both

SMALL, LARGE, SAVES = 1_000, 20_000, 31
SQLITE = "sqlite3 WAL synchronous=FULL insert"


async def rows(place: Path) -> list[Row]:
    room = Classroom()
    small, store = await room.store(place / "small", SMALL), await room.store(place / "large", LARGE)
    base, tiny = room.sqlite(place / "base", LARGE), room.tinydb(place / "tiny.json", LARGE)
    found = []

    async def insert() -> None:
        base.execute("insert into observation values (?, ?, ?, ?)", as_row(room.body()))
        base.commit()

    async def insert_tiny() -> None:
        tiny.insert(dict(room.body()))

    size = f"{LARGE:,} in store"
    ours, theirs = await both(lambda: room.save(store), insert, SAVES)
    found.append(against("save", ours * 1e3, "ms", SQLITE, theirs * 1e3, size, most=1.5))
    large, little = await both(lambda: room.save(store), lambda: room.save(small), SAVES)
    found.append(against("save_growth", large * 1e3, "ms", f"{SMALL:,} in store", little * 1e3, size, most=1.3))
    ours, theirs = await both(lambda: room.save(store), insert_tiny)
    found.append(against("save_v_tinydb", ours * 1e3, "ms", "TinyDB JSONStorage insert", theirs * 1e3, size, most=0.01))

    school, pupil, per_pupil = School(store), room.pupils[0], f"{size}, {LARGE // len(room.pupils)} of the pupil"
    query = "select body from observation where pupil = ? order by at desc limit 50"

    async def look() -> None:
        assert len(school.observations(pupil, most=50)) == 50

    async def select() -> None:
        assert len([json.loads(body) for (body,) in base.execute(query, (pupil,))]) == 50

    ours, theirs = await both(look, select, SAVES)
    found.append(against("timeline", ours * 1e3, "ms", "sqlite3 with index + json.loads", theirs * 1e3, per_pupil, most=1.5))

    await small.close()
    await store.seal()
    await store.close()
    base.close()
    tiny.close()

    async def open_store() -> None:
        again = await Store.open(Directory.own(place / "large"), now=now)
        assert len(again.library.table("observation")) >= LARGE
        await again.disk.close()

    async def open_sqlite() -> None:
        again = opened(place / "base")
        assert len([json.loads(body) for (body,) in again.execute("select body from observation")]) >= LARGE
        again.close()

    ours, theirs = await both(open_store, open_sqlite)
    found.append(against("open_store", ours, "s", "sqlite3 open + read all", theirs, f"{size}, from snapshot", most=2))
    return found
