"""A device's own store: journal, sealed segments, media and the library over them. Promise 1 lives here."""

import json
import os
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import Enum

from storage import media as pieces
from storage import names, segments
from storage.clock import Clock
from storage.errors import BadBytes, MissingName, NewerFormat, StoreFull
from storage.folder.port import Disk
from storage.journal import Journal
from storage.library import Library
from storage.ops import Change, Op, dumps
from storage.writing import Placed, Writer

DEVICE, VIEW, CHECKED, KEEP = "local/device", "local/view", "local/checked", "local/keep/"
VIEW_AFTER = 20  # segments merged since the last snapshot of the view


class SyncState(Enum):
    """Where a thing is: on this tablet only, on its way, in the school's folder (checked), or in need of a person."""

    TABLET = "tablet"
    SENDING = "sending"
    FOLDER = "folder"
    NEEDS_YOU = "needs_you"


@dataclass(frozen=True, slots=True)
class Pending:
    """What is not in the school's folder yet."""

    entities: int
    files: int


class Store:
    """Opened once, by one writer. `write` returns when what was written survives any crash of this device."""

    def __init__(self, disk: Disk, now: Callable[[], int], random: Callable[[int], bytes]) -> None:
        self.disk, self.now, self.random = disk, now, random
        self.library = Library()
        self.notes: list[str] = []
        self.sending = False
        self.refused: set[str] = set()
        self.known: set[str] = set()  # segments on this disk that are merged
        self.waiting: dict[str, set[str]] = {}  # file of mine not checked yet -> entities that need it
        self.device = self.incarnation = ""
        self._open: list[Placed] = []  # ops in the journal
        self._open_media: set[str] = set()
        self._listeners: list[Callable[[], None]] = []
        self._since_view = 0

    @classmethod
    async def open(cls, disk: Disk, *, now: Callable[[], int], random: Callable[[int], bytes] = os.urandom) -> "Store":
        """Raises StoreBusy, FolderUnreadable, NewerFormat. What was mended on the way is in `notes`."""
        store = cls(disk, now, random)
        await store._know_myself()
        await store._load_view()
        await store._load_segments()
        await store._load_journal()
        return store

    @property
    def writer(self) -> str:
        return f"{self.device}.{self.incarnation}"

    # -- opening -----------------------------------------------------------------------------------------------------
    async def _know_myself(self) -> None:
        try:
            raw = json.loads(await self.disk.get(DEVICE))
            self.device, self.incarnation = str(raw["dev"]), str(raw["inc"])
        except MissingName:
            self.device = self.random(8).hex()
            await self.new_incarnation()
        except (ValueError, KeyError, TypeError):
            self.notes.append("new_incarnation")  # who I was cannot be read: be somebody new rather than guess
            self.device = self.random(8).hex()
            await self.new_incarnation()
        self.clock = Clock(self.now)
        self._writer = Writer(self.writer, self.clock, self.library, self.random)

    async def new_incarnation(self) -> None:
        """Go on under a new name: after a restore or a clone nobody may write under the old one again."""
        self.incarnation = self.random(8).hex()
        await self.disk.replace(DEVICE, dumps({"dev": self.device, "inc": self.incarnation}).encode())
        self._writer = Writer(self.writer, getattr(self, "clock", Clock(self.now)), self.library, self.random)

    async def _load_view(self) -> None:
        try:
            data = await self.disk.get(VIEW)
            check, packed = data[:4], data[4:]
            if zlib.crc32(packed).to_bytes(4, "big") != check:
                raise BadBytes(VIEW)
            head, *lines = segments.unpack(packed)
            ops = [(str(line["p"]), Op.from_json(line["o"])) for line in lines]  # type: ignore[index]
            covers = set(head["covers"])  # type: ignore[index]
        except MissingName:
            return
        except (BadBytes, KeyError, TypeError):
            self.notes.append("snapshot_rebuilt")
            return
        for partition, op in ops:
            self.library.apply(partition, op)
        self.known = covers

    async def _load_segments(self) -> None:
        listed = await self.disk.names("p/")
        checked = await self._checked()
        self.known &= listed
        for name in sorted(listed):
            parts = names.parse(name)
            if parts is None or parts.kind == "media":
                continue
            mine = parts.dev == self.device and name not in checked
            if mine or name not in self.known:
                await self._take_in(name, mine, checked)

    async def _take_in(self, name: str, mine: bool, checked: set[str]) -> None:
        try:
            data = await self.disk.get(name)
            if not names.matches(name, data):
                raise BadBytes(name)
            segment = segments.decode(data)
        except (BadBytes, NewerFormat):
            self.notes.append("rotten_segment")
            return
        self._merge(name, segment)
        if mine:
            self._wait_for(name, segment, checked)

    async def _checked(self) -> set[str]:
        try:
            return set((await self.disk.get(CHECKED)).decode("utf-8", "replace").split("\n"))
        except MissingName:
            return set()

    async def _load_journal(self) -> None:
        self._journal, records, torn = await Journal.open(self.disk)
        if torn:
            self.notes.append("torn_tail")
        sealed = {op.id for _, op in self.library.ops()}
        for record in records:
            placed = [(str(line["p"]), Op.from_json(line["o"])) for line in record["ops"]]
            for partition, op in placed:
                self.library.apply(partition, op)
            if any(op.id not in sealed for _, op in placed):
                self._open += placed
                self._open_media.update(record["media"])
        for _, op in self._open:
            if op.writer == self.writer:
                self.clock.last = max(self.clock.last, op.stamp)

    # -- writing -----------------------------------------------------------------------------------------------------
    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        """One atomic moment: media files first, then one journal record. Raises StoreFull with nothing half-visible."""
        media = media or {}
        placed = self._writer.ops(changes)
        for name, data in media.items():
            await self.disk.put(name, data)
        await self._journal.add({"ops": [{"p": p, "o": op.to_json()} for p, op in placed], "media": sorted(media)})
        for partition, op in placed:
            self.library.apply(partition, op)
        self._open += placed
        self._open_media.update(media)
        self.changed()

    async def seal(self) -> list[str]:
        """Cut the journal into segments, one or more a partition, stored and read again here; then begin a new journal."""
        if not self._open:
            return []
        ops, media = self._open, self._open_media
        made: list[str] = []
        for partition in dict.fromkeys(p for p, _ in ops):
            mine = [op for p, op in ops if p == partition]
            here = [n.rsplit("/", 1)[1] for n in media if n.startswith(f"p/{partition}/")]
            for run in segments.split(mine):
                made.append(await self._seal_one(partition, run, here))
        old = await self._journal.next()
        self._open, self._open_media = self._open[len(ops) :], self._open_media - media
        for name in old:
            await self.disk.delete(name)
        await self.view_if_due()
        return made

    async def _seal_one(self, partition: str, run: list[Op], media: Sequence[str]) -> str:
        seq = 1 + max((p.seq for n in self.known if (p := names.parse(n)) and p.writer == self.writer), default=0)
        data = segments.encode(partition, self.writer, seq, run, media)
        name = str(names.Name(partition, "log", names.hash_of(data), self.device, self.incarnation, seq))
        await self.disk.put(name, data)
        segment = segments.decode(await self.disk.get(name))
        self.known.add(name)
        self._wait_for(name, segment, set())
        return name

    def _wait_for(self, name: str, segment: segments.Segment, checked: set[str]) -> None:
        entities = {op.entity for op in segment.ops}
        for file in (name, *(f"p/{segment.partition}/media/{digest}" for digest in segment.media)):
            if file not in checked:
                self.waiting.setdefault(file, set()).update(entities)

    # -- what sync brings --------------------------------------------------------------------------------------------
    async def take(self, name: str, data: bytes) -> bool:
        """Keep and merge a file from the folder; whether it was a good one. Raises StoreFull."""
        parts = names.parse(name)
        if parts is None or not names.matches(name, data):
            return False
        try:
            segment = None if parts.kind == "media" else segments.decode(data)
        except BadBytes:
            return False
        await self.disk.put(name, data)
        if segment is not None:
            if parts.writer == self.writer:
                self.notes.append("new_incarnation")
                await self.new_incarnation()
            self._merge(name, segment)
        return True

    def _merge(self, name: str, segment: segments.Segment) -> None:
        parts = names.parse(name)
        assert parts
        for op in segment.ops:
            self.library.apply(parts.partition, op)
        self.known.add(name)
        self._since_view += 1

    async def mark_checked(self, name: str) -> None:
        """The folder's bytes were read back and are mine: durable, so that a restart shows the same."""
        await self.disk.append(CHECKED, f"\n{name}\n".encode())
        self.waiting.pop(name, None)
        self.refused.discard(name)
        self.changed()

    async def drop(self, partition: str) -> None:
        """Take a partition off this device; only when nothing of it waits."""
        if any(name.startswith(f"p/{partition}/") for name in self.waiting) or any(p == partition for p, _ in self._open):
            return
        self.library.drop(partition)
        for name in sorted(await self.disk.names(f"p/{partition}/"), reverse=True):
            await self.disk.delete(name)
            self.known.discard(name)
        await self.save_view()
        self.changed()

    # -- the view ----------------------------------------------------------------------------------------------------
    async def view_if_due(self) -> None:
        """Save the view when enough has come in since the last time."""
        if self._since_view >= VIEW_AFTER:
            await self.save_view()

    async def save_view(self) -> None:
        """A snapshot for a quick start. It is only a view: when there is no room for it, the next start is slower."""
        unsealed = {op.id for _, op in self._open}
        lines = [{"p": p, "o": op.to_json()} for p, op in self.library.ops() if op.id not in unsealed]
        packed = segments.pack([{"covers": sorted(self.known)}, *lines])
        try:
            await self.disk.replace(VIEW, zlib.crc32(packed).to_bytes(4, "big") + packed)
            self._since_view = 0
        except StoreFull:
            self.notes.append("no_snapshot")

    # -- asking ------------------------------------------------------------------------------------------------------
    def state_of(self, entity: str) -> SyncState:
        files = [name for name, entities in self.waiting.items() if entity in entities]
        if any(name in self.refused for name in files):
            return SyncState.NEEDS_YOU
        if any(op.entity == entity for _, op in self._open):
            return SyncState.TABLET
        if files:
            return SyncState.SENDING if self.sending else SyncState.TABLET
        return SyncState.FOLDER

    def pending(self) -> Pending:
        entities = {op.entity for _, op in self._open}.union(*self.waiting.values())
        return Pending(len(entities), len(self.waiting) + len(self._open_media))

    async def media(self, partition: str, hashes: Iterable[str]) -> bytes:
        """Raises MissingName when the bytes are not on this device, BadBytes when they have rotted."""
        return await pieces.read(self.disk, partition, list(hashes))

    # -- small things that only this device knows ----------------------------------------------------------------------
    async def keep(self, name: str, data: bytes) -> None:
        """A small local file (a draft, the token); replaced whole, never synced. Raises StoreFull."""
        await self.disk.replace(KEEP + name, data)

    async def kept(self, name: str) -> bytes | None:
        try:
            return await self.disk.get(KEEP + name)
        except MissingName:
            return None

    async def forget(self, name: str) -> None:
        await self.disk.delete(KEEP + name)

    def add_listener(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def remove_listener(self, listener: Callable[[], None]) -> None:
        self._listeners.remove(listener)

    def changed(self) -> None:
        for listener in list(self._listeners):
            listener()

    async def close(self) -> None:
        """Leave in order. Nothing depends on it: a kill at any time is as good."""
        await self.save_view()
        await self.disk.close()
