"""A store of any size, made of observations as a device saves them, and the same as rows of SQLite and TinyDB."""

import json
import sqlite3
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from random import Random

from tinydb import TinyDB

from app.domain.vocabulary.scales import HelpLevel
from app.usecases.evidence import capture
from app.usecases.evidence.capture import Draft
from storage.folder.directory import Directory
from storage.ops import Change
from storage.store import Store

PUPILS, START, BATCH = 150, 1_700_000_000_000, 500
WORDS = [
    "asked",
    "for",
    "a turn",
    "waited",
    "with",
    "the timer",
    "pointed",
    "to the card",
    "joined",
    "the circle",
    "said",
    "what is next",
]
BODY = Mapping[str, object]


def now() -> int:
    return time.time_ns() // 1_000_000


class Held:
    """Takes what is written and keeps it, so that many moments become one write."""

    def __init__(self) -> None:
        self.changes: list[Change] = []

    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        self.changes += changes


class Classroom:
    """Drafts from a seed; `pupils` are the same for every size."""

    def __init__(self) -> None:
        self.dice, self.made = Random(1), 0
        self.pupils = [Random(f"pupil {n}").randbytes(16).hex() for n in range(PUPILS)]

    def draft(self) -> Draft:
        self.made += 1
        pupil = self.pupils[self.made % PUPILS]
        draft = Draft(START + self.made * 60_000, [], " ".join(self.dice.choices(WORDS, k=12)), "class", [pupil])
        draft.toggle_target(pupil, "7" * 32)
        draft.set_help(pupil, "7" * 32, HelpLevel.GESTURE)
        return draft

    async def save(self, writer: capture.Writes) -> None:
        await capture.save(writer, self.draft(), {}, "5" * 32, START, 0, self.dice.randbytes)

    async def store(self, path: Path, size: int) -> Store:
        """A device with so many observations, all of them in the school's folder."""
        store = await Store.open(Directory.own(path), now=now)
        for at in range(0, size, BATCH):
            held = Held()
            for _ in range(min(BATCH, size - at)):
                await self.save(held)
            await store.write(held.changes)
        await store.seal()
        for name in list(store.waiting):
            await store.mark_checked(name)
        return store

    def body(self) -> BODY:
        """The same observation as one document."""
        draft = self.draft()
        return {
            "id": self.dice.randbytes(16).hex(), "pupil": draft.pupils[0], "at": draft.at, "offset_min": 0, "by": "5" * 32,
            "setting": draft.setting, "media": [], "group": "", "review": "new", "starred": False, "note": draft.note,
            "targets": draft.targets[draft.pupils[0]], "together": draft.pupils, "rating." + "7" * 32: {"help": "gesture"},
        }  # fmt: skip

    def sqlite(self, path: Path, size: int) -> sqlite3.Connection:
        base = opened(path)
        base.execute("create table observation (id text primary key, pupil text, at integer, body text)")
        base.execute("create index of_pupil on observation (pupil, at desc)")
        base.executemany("insert into observation values (?, ?, ?, ?)", [as_row(self.body()) for _ in range(size)])
        base.commit()
        return base

    def tinydb(self, path: Path, size: int) -> TinyDB:
        base = TinyDB(path)
        base.insert_multiple(dict(self.body()) for _ in range(size))
        return base


def opened(path: Path) -> sqlite3.Connection:
    base = sqlite3.connect(path)
    base.execute("pragma journal_mode=wal")
    base.execute("pragma synchronous=full")
    return base


def as_row(body: BODY) -> tuple[object, ...]:
    return (body["id"], body["pupil"], body["at"], json.dumps(body))
