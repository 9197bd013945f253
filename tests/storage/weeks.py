"""Devices over weeks: a clock that a test sets, many small saves, and rounds with housekeeping."""

import random
from dataclasses import dataclass

from storage import compaction
from storage.folder.memory import Memory
from storage.folder.port import Folder
from storage.ops import Op
from storage.store import Store
from storage.sync import sync
from tests.storage.parts import AMIRA, note

HOUR, DAY = 3_600_000, 86_400_000  # ms
START = 1_795_000_000_000
DEV = "d" * 16


@dataclass
class Time:
    at: int = START

    def __call__(self) -> int:
        return self.at


async def at_desk(time: Time, disk: Memory | None = None, seed: int | None = None) -> Store:
    dice = random.Random(seed)
    return await Store.open(disk or Memory(), now=time, random=dice.randbytes)


async def saved(store: Store, folder: Folder, count: int, first: int = 0, partition: str = AMIRA) -> None:
    """So many notes, each sealed and sent by itself."""
    for number in range(first, first + count):
        await store.write([note(f"note {number}", f"observation:{number}", partition)])
        await sync(store, folder)


async def rounds(time: Time, folder: Folder, *stores: Store, days: int = 1) -> None:
    """A day passes, each device looks and tidies, and sends what it folded."""
    for _ in range(days):
        time.at += DAY
        for store in stores:
            await sync(store, folder)
            await compaction.compact(store, folder)
            await sync(store, folder)


def notes(store: Store) -> dict[str, object]:
    return {d["id"]: d.get("note") for d in store.library.documents("observation")}


def text(ident: str, *replaces: str, value: str = "", wall: int = 1, field: str = "note") -> Op:
    return Op("observation:1", field, value or ident, (wall, 0), "w", ident, tuple(sorted(replaces)), True)
