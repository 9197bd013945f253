"""The open journal: what is saved but not yet sealed. Numbered generations; records of length, checksum and payload."""

import json
import struct
import zlib
from collections.abc import Iterator

from storage import segments
from storage.folder.port import Disk
from storage.ops import Json, dumps

RECORD = struct.Struct(">II")
PREFIX = "local/journal."


def frame(payload: bytes) -> bytes:
    return RECORD.pack(len(payload), zlib.crc32(payload)) + payload


def whole_records(data: bytes) -> Iterator[tuple[int, bytes]]:
    """(position after the record, payload) of every whole record up to the first that is torn."""
    at = segments.HEADER if data[: segments.HEADER] == segments.header(segments.JOURNAL) else len(data)
    while at + RECORD.size <= len(data):
        length, check = RECORD.unpack_from(data, at)
        payload = data[at + RECORD.size : at + RECORD.size + length]
        if len(payload) < length or zlib.crc32(payload) != check:
            return
        at += RECORD.size + length
        yield at, payload


class Journal:
    """Append-only. `add` returns when the record survives a crash; a torn tail is cut off at open."""

    def __init__(self, disk: Disk, generation: int) -> None:
        self._disk, self.generation = disk, generation
        self._broken_at: int | None = None

    @property
    def name(self) -> str:
        return f"{PREFIX}{self.generation:06d}"

    @classmethod
    async def open(cls, disk: Disk) -> tuple["Journal", list[Json], bool]:
        """The newest generation, the records of all that are there (oldest first), and whether a tail was torn."""
        found = sorted(await disk.names(PREFIX))
        records: list[Json] = []
        torn = False
        for name in found:
            data = await disk.get(name)
            whole = list(whole_records(data))
            records += [json.loads(payload) for _, payload in whole]
            end = whole[-1][0] if whole else 0 if len(data) < segments.HEADER else segments.HEADER
            if end < len(data):
                torn = True
                await disk.truncate(name, end)
        generation = int(found[-1].removeprefix(PREFIX)) if found else 1
        return cls(disk, generation), records, torn

    async def add(self, record: Json) -> None:
        """Durable when it returns. When it raises, nothing of the record is left to be found."""
        size = await self._disk.size(self.name)
        if self._broken_at is not None:
            await self._disk.truncate(self.name, self._broken_at)
            size, self._broken_at = self._broken_at, None
        start = b"" if size else segments.header(segments.JOURNAL)
        self._broken_at = size
        await self._disk.append(self.name, start + frame(dumps(record).encode()))
        self._broken_at = None

    async def next(self) -> list[str]:
        """Begin the next generation; the older ones' names, to be deleted when what they hold is sealed."""
        old = sorted(await self._disk.names(PREFIX))
        self.generation += 1
        return old
