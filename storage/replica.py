"""A folder read and written directly, without a journal: what the hub and the commands look through."""

import os
from collections.abc import Callable, Container, Iterable, Mapping, Sequence

from storage import erasure, names, segments
from storage.clock import Clock
from storage.errors import BadBytes, Erased, Garbage, MissingName, NewerFormat, TooLarge
from storage.folder.port import Folder, Many, digest_with
from storage.library import Library
from storage.ops import Change
from storage.view import unswept
from storage.writing import Placed, Writer

FILES_AT_ONCE = 64  # files that are read in one go


class Replica:
    """The same `library` and `write` as a device's store, over a folder. `refresh` takes in what is new there."""

    def __init__(
        self, folder: Folder, writer_dev: str, now: Callable[[], int], random: Callable[[int], bytes] = os.urandom
    ) -> None:
        self.folder, self.library, self.device, self._random = folder, Library(), writer_dev, random
        self.writer = Writer(f"{writer_dev}.{random(8).hex()}", Clock(now), self.library, random)
        self.found: dict[str, str] = {}  # partition -> digest of its names, at the last look
        self.hears: list[Callable[[str, segments.Segment], None]] = []  # called with each file of changes that is merged
        self.folds: dict[str, frozenset[str]] = {}  # snapshot that was read -> the names that it covers
        self.erased: set[str] = set()  # children of whom nothing is taken in any more
        self.unreadable: set[str] = set()
        self.newer: set[str] = set()
        self._garbage: set[str] = set()  # of the unreadable, those that no second look will help
        self._too_large: set[str] = set()  # and those that are not looked into
        self._digests: dict[str, str] = {}
        self._known: set[str] = set()
        self._seq = 0

    async def refresh(self) -> bool:
        """Merge every segment and snapshot not seen yet, the school's own first: it says who was erased. Whether anything was
        new. Files that do not match their name wait."""
        self.found = await self.folder.partitions()
        new = False
        with unswept():
            for partition in sorted(self.found, key=lambda partition: partition != "school"):
                if self._digests.get(partition) != self.found[partition] and not self.is_erased(partition):
                    new = await self._look_into(partition) or new
        return new

    async def _look_into(self, partition: str) -> bool:
        listed = await self.folder.names(f"p/{partition}/")
        new = waiting = False
        fresh = sorted(listed - self._known - self._garbage - self.newer)
        for at in range(0, len(fresh), FILES_AT_ONCE):
            some = fresh[at : at + FILES_AT_ONCE]
            read = await self._read_many(some)
            for name in some:
                got = await self.take(name, read.get(name))
                new, waiting = new or got, waiting or not got
        whole = names.digest_of({name for name in listed if names.parse(name)}) == self.found[partition]
        if whole and not waiting:  # a listing may come late: then it is not the one that the digest speaks of
            self._digests[partition] = self.found[partition]
        return new

    async def _read_many(self, some: Sequence[str]) -> dict[str, bytes]:
        """Segments that lie near, in one go: the way there and back for each of ten thousand took longer than reading them."""
        if not isinstance(self.folder, Many):
            return {}
        return await self.folder.get_many([name for name in some if "/media/" not in name and names.parse(name)])

    async def take(self, name: str, data: bytes | None = None) -> bool:
        """Merge one file that is in the folder; `data`, where it was read just now. False when it is not whole (yet) or of a
        newer format."""
        parts = names.parse(name)
        if parts is None or self.is_erased(parts.partition) or (parts.kind == "media" and name not in self.unreadable):
            self._known.add(name)
            return True
        try:
            segment = self._segment(name, parts, data or await self.folder.get(name))
        except NewerFormat:
            self.newer.add(name)
            return False
        except (BadBytes, MissingName) as error:
            self.unreadable.add(name)
            for kind, noted in ((Garbage, self._garbage), (TooLarge, self._too_large)):
                noted.update([name] if isinstance(error, kind) else [])
            return False
        self.unreadable.discard(name)
        self._known.add(name)
        if segment:
            self._merge(name, segment)
        return True

    def _segment(self, name: str, parts: names.Name, data: bytes) -> segments.Segment | None:
        """None for a picture that is whole."""
        if parts.kind != "media":
            return segments.read(name, data)
        if not names.matches(name, data):
            raise BadBytes(name)
        return None

    def _merge(self, name: str, segment: segments.Segment) -> None:
        if segment.covers:
            self.folds[name] = frozenset(segment.covers)
        self.library.take(segment.partition, segment.ops)
        for hear in self.hears:
            hear(name, segment)
        if segment.partition == "school":
            self._obey_erasures()

    # -- what is not offered ----------------------------------------------------------------------------------------------
    @property
    def rotten(self) -> set[str]:
        """Files of the folder that are not what their names say: a device that holds the bytes may put them again."""
        return self.unreadable - self._garbage

    def held_back(self, partitions: Container[str]) -> dict[str, int]:
        """Of these partitions, how many files are not offered, by the code of what is wrong with them."""
        found = [name for name in self.rotten if name.split("/")[1] in partitions]
        large = sum(name in self._too_large for name in found)
        counts = {BadBytes.code: len(found) - large, TooLarge.code: large}
        return {code: number for code, number in counts.items() if number}

    @property
    def doubtful(self) -> set[str]:
        """Partitions of which words are missing: a file of them rotted, is on its way, or is of a newer format."""
        found = (parts for name in self.unreadable | self.newer if (parts := names.parse(name)))
        return {parts.partition for parts in found if parts.kind != "media"}

    def spoilt(self, name: str) -> None:
        """This file was read in the folder, and it was not what its name says: it is looked at again each time, and not
        offered, until it is whole."""
        self._known.discard(name)
        self.unreadable.add(name)
        self._digests.pop(name.split("/")[1], None)

    def offered(self, listed: Iterable[str]) -> set[str]:
        """Of names that the folder lists, those that others should hear of: what rotted is missed then, and put again."""
        return {n for n in listed if (parts := names.parse(n)) and not self.is_erased(parts.partition)} - self.rotten

    # -- erased -----------------------------------------------------------------------------------------------------------
    def is_erased(self, partition: str) -> bool:
        return erasure.belongs(partition) in self.erased

    def _obey_erasures(self) -> None:
        for ident in erasure.erased(self.library) - self.erased:
            self.erased.add(ident)
            for room in erasure.rooms(ident):
                self.library.drop(room)
                self._digests.pop(room, None)
            for noted in (self._known, self.unreadable, self.newer, self._garbage):
                noted.difference_update([name for name in noted if self.is_erased(name.split("/")[1])])
            self.folds = {snap: covers for snap, covers in self.folds.items() if not self.is_erased(snap.split("/")[1])}

    # -- writing ----------------------------------------------------------------------------------------------------------
    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        """Media, then one or more segments for each partition; read back before it returns (I4). Raises Erased, or ValueError
        for a change that cannot be stored, with nothing written."""
        media = media or {}
        if any(self.is_erased(change.partition) for change in changes):
            raise Erased
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
            self._merge(name, segments.read(name, data))

    async def _put(self, name: str, data: bytes) -> None:
        nonce = self._random(16)
        if await self.folder.put(name, data, nonce) != digest_with(nonce, data):
            raise BadBytes(f"read back wrong: {name}")
