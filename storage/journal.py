"""The open journal: what is saved but not yet sealed. Numbered generations; records of length, checksum and payload.

A generation begins only when every record of the one before is sealed, so of several only the newest counts.
"""

import json
import struct
import zlib
from collections.abc import Iterator
from contextlib import suppress

from storage import segments
from storage.errors import NewerFormat, StorageError
from storage.folder.port import Disk
from storage.ops import Json, dumps

RECORD = struct.Struct(">II")
PREFIX = "local/journal."


def frame(payload: bytes) -> bytes:
    return RECORD.pack(len(payload), zlib.crc32(payload)) + payload


def whole_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(position after the record, payload) of every whole record; what rotted, its length too, is passed over.

    A length of 0 is none: some file systems fill what a crash left unwritten with zeros. A record begins with a zero byte,
    since it is far shorter than 16 MiB, and its JSON has none: so that is where the next one is looked for."""
    at = segments.HEADER
    while 0 <= at <= len(data) - RECORD.size:
        length, check = RECORD.unpack_from(data, at)
        end = at + RECORD.size + length
        payload = data[at + RECORD.size : end]
        if 0 < length == len(payload) and zlib.crc32(payload) == check:
            yield end, payload
            at = end
        else:
            at = data.find(b"\0", at + 1)


def refuse_newer(data: bytes) -> None:
    """A journal of a newer format or sealing is not ours to cut. Raises NewerFormat."""
    if data[:4] == segments.MAGIC and len(data) >= segments.HEADER and (data[4] > segments.FORMAT or data[6] != 0):
        raise NewerFormat("this device's journal")


class Journal:
    """Append-only. `add` returns when the record survives a crash; a torn tail is cut off at open."""

    def __init__(self, disk: Disk, generation: int) -> None:
        self._disk, self.generation = disk, generation
        self.count = 0  # records in this generation
        self._broken_at: int | None = None

    @property
    def name(self) -> str:
        return self._named(self.generation)

    @property
    def in_doubt(self) -> bool:
        """A record was refused and may still be there; it goes before the next one is written."""
        return self._broken_at is not None

    @staticmethod
    def _named(generation: int) -> str:
        return f"{PREFIX}{generation:06d}"

    @classmethod
    async def open(cls, disk: Disk) -> tuple["Journal", list[Json], list[str]]:
        """The newest generation, its records (oldest first), and what was found wrong. Raises NewerFormat."""
        journal = cls(disk, max(await cls._generations(disk), default=1))
        size = await disk.size(journal.name)
        data = await disk.get(journal.name) if size else b""
        refuse_newer(data)
        whole = list(whole_records(data))
        end = whole[-1][0] if whole else segments.HEADER
        torn = size not in (0, end)
        if torn:
            await disk.truncate(journal.name, end if size >= end else 0)
        journal.count = len(whole)
        await journal._forget_older()
        rotten = end > segments.HEADER + sum(RECORD.size + len(payload) for _, payload in whole)
        notes = ["torn_tail"] * torn + ["rotten_record"] * rotten
        return journal, [json.loads(payload) for _, payload in whole], notes

    @staticmethod
    async def _generations(disk: Disk) -> list[int]:
        tails = [name.removeprefix(PREFIX) for name in await disk.names(PREFIX)]
        return [int(tail) for tail in tails if tail.isdecimal()]

    async def _forget_older(self) -> None:
        for generation in await self._generations(self._disk):
            if generation < self.generation:
                await self._disk.delete(self._named(generation))

    async def add(self, record: Json) -> None:
        """Durable when it returns. When it raises, nothing of the record is left to be found."""
        payload = frame(dumps(record).encode())
        await self._mend()
        size = await self._disk.size(self.name)
        await self._append(size, payload if size else segments.header(segments.JOURNAL) + payload)
        self.count += 1

    async def _append(self, size: int, data: bytes) -> None:
        self._broken_at = size
        try:
            await self._disk.append(self.name, data)
        except StorageError:
            with suppress(StorageError):  # it is tried again before the next record, and what went wrong is told now
                await self._mend()
            raise
        self._broken_at = None

    async def _mend(self) -> None:
        """Take back what a refused append may have left."""
        if self._broken_at is not None and await self._disk.size(self.name) > self._broken_at:
            await self._disk.truncate(self.name, self._broken_at)
        self._broken_at = None

    async def next(self) -> None:
        """Every record is sealed: begin the next generation, and only when that is durable let go of the older ones."""
        self.generation += 1
        self.count = 0
        self._broken_at = None  # what an older generation may have left goes with it
        await self._append(0, segments.header(segments.JOURNAL))
        await self._forget_older()
