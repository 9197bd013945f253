"""A folder read and written directly, without a journal: what the hub and the commands look through."""

import os
from collections.abc import Callable, Mapping, Sequence

from storage import names, segments
from storage.clock import Clock
from storage.errors import BadBytes, MissingName, NewerFormat
from storage.folder.port import Folder, digest_with
from storage.library import Library
from storage.ops import Change
from storage.writing import Placed, Writer


class Replica:
    """The same `library` and `write` as a device's store, over a folder. `refresh` takes in what is new there."""

    def __init__(
        self, folder: Folder, writer_dev: str, now: Callable[[], int], random: Callable[[int], bytes] = os.urandom
    ) -> None:
        self.folder, self.library, self.device, self._random = folder, Library(), writer_dev, random
        self.writer = Writer(f"{writer_dev}.{random(8).hex()}", Clock(now), self.library, random)
        self._digests: dict[str, str] = {}
        self._known: set[str] = set()
        self._seq = 0
        self.unreadable: set[str] = set()
        self.newer: set[str] = set()

    async def refresh(self) -> bool:
        """Merge every segment not seen yet; whether anything was new. Files that do not match their name wait."""
        found = await self.folder.partitions()
        changed = {p for p, digest in found.items() if self._digests.get(p) != digest}
        new = False
        for partition in changed:
            listed = await self.folder.names(f"p/{partition}/")
            waiting = False
            for name in sorted(listed - self._known):
                got = await self.take(name)
                new, waiting = new or got, waiting or not got
            whole = names.digest_of({name for name in listed if names.parse(name)}) == found[partition]
            if whole and not waiting:  # a listing may come late: then it is not the one that the digest speaks of
                self._digests[partition] = found[partition]
        return new

    async def take(self, name: str) -> bool:
        """Merge one file that is in the folder; False when it is not whole (yet) or of a newer format."""
        parts = names.parse(name)
        if parts is None or parts.kind == "media":
            self._known.add(name)
            return True
        try:
            segment = segments.read(name, await self.folder.get(name))
        except NewerFormat:
            self.newer.add(name)
            return False
        except (BadBytes, MissingName):
            self.unreadable.add(name)
            return False
        self.unreadable.discard(name)
        self._known.add(name)
        for op in segment.ops:
            self.library.apply(parts.partition, op)
        return True

    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        """Media, then one or more segments for each partition; read back before it returns (I4). Raises ValueError, with nothing
        written, for a change that cannot be stored."""
        media = media or {}
        placed = self.writer.ops(changes)
        for name, data in media.items():
            await self._put(name, data)
        for partition in dict.fromkeys(p for p, _ in placed):
            await self._publish(partition, placed, [n for n in media if n.startswith(f"p/{partition}/")])

    async def _publish(self, partition: str, placed: Sequence[Placed], media: Sequence[str]) -> None:
        for run in segments.split([op for p, op in placed if p == partition]):
            self._seq += 1
            data = segments.encode(partition, self.writer.id, self._seq, run, [n.rsplit("/", 1)[1] for n in media])
            dev, inc = self.writer.id.split(".")
            name = str(names.Name(partition, "log", names.hash_of(data), dev, inc, self._seq))
            await self._put(name, data)
            self._known.add(name)
            for op in run:
                self.library.apply(partition, op)

    async def _put(self, name: str, data: bytes) -> None:
        nonce = self._random(16)
        if await self.folder.put(name, data, nonce) != digest_with(nonce, data):
            raise BadBytes(f"read back wrong: {name}")
