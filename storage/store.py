"""A device's own store: journal, sealed segments, media and the library over them. Promise 1 lives here."""

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from storage import identity, names, segments, view
from storage import media as pieces
from storage.clock import Clock, Stamp
from storage.errors import BadBytes, MissingName, NewerFormat, StorageError, StoreFull
from storage.folder.port import Disk
from storage.journal import Journal
from storage.library import Library
from storage.ops import Change, Op
from storage.turns import Turns
from storage.writing import Placed, Writer

CHECKED, KEEP = "local/checked", "local/keep/"
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

    def __init__(self, disk: Disk, journal: Journal, now: Callable[[], int], random: Callable[[int], bytes]) -> None:
        self.disk, self.random, self._journal = disk, random, journal
        self.library = Library()
        self.notes: list[str] = []
        self.device = self.incarnation = ""
        # What sync looks at.
        self.sending = False
        self.waiting: dict[str, set[str]] = {}  # file of mine not checked yet -> entities that need it
        self.refused: set[str] = set()  # of those, the ones that a person has to look at
        self.aside: set[str] = set()  # of those, the ones that the hub keeps for a person, outside the school's folder
        self.seen: dict[str, str] = {}  # partition -> digest of names that are all taken in
        self.rotten: set[str] = set()  # files on this disk that are not what their name says
        self.newer: set[str] = set()  # files of a newer format
        # What only the store itself needs.
        self._clock = Clock(now)
        self._known: set[str] = set()  # segments on this disk that are merged
        self._checked: set[str] = set()
        self._files_of: dict[str, set[str]] = {}  # entity -> its files in `waiting`
        self._open: list[Placed] = []  # ops in the journal that are not sealed
        self._unsealed: set[str] = set()  # their entities
        self._open_media: set[str] = set()
        self._sealed: set[str] = set()  # segments of mine whose ops are still in the journal
        self._seq = 0
        self._since_view = 0
        self._listeners: list[Callable[[], None]] = []
        self._turns = Turns()

    @classmethod
    async def open(cls, disk: Disk, *, now: Callable[[], int], random: Callable[[int], bytes] = os.urandom) -> "Store":
        """Raises NewerFormat, with nothing changed, and FolderUnreadable. What was mended on the way is in `notes`."""
        journal, records, wrong = await Journal.open(disk)
        store = cls(disk, journal, now, random)
        store.notes += wrong
        await store._know_myself()
        listed = {name for name in await disk.names("p/") if names.parse(name)}
        covered = await store._load_view(listed)
        sealed = await store._load_segments(listed, covered)
        store._load_records(records, sealed)
        await store._adopt(covered)
        store._clock.last = store._last_reading()
        return store

    @property
    def writer(self) -> str:
        return f"{self.device}.{self.incarnation}"

    def _last_reading(self) -> Stamp:
        """What my own clock said last. A stamp that counts may have followed somebody else's clock, which is no time of mine."""
        mine = (op.stamp for _, op in self.library.ops() if op.writer.startswith(self.device) and op.stamp[1] == 0)
        return max(mine, default=(0, 0))

    # -- opening -----------------------------------------------------------------------------------------------------
    async def _know_myself(self) -> None:
        found, damaged = await identity.load(self.disk)
        self.device, self.incarnation = found or ("", "")
        if damaged:
            self.notes.append("new_incarnation")
        if damaged or not found:
            await self._new_incarnation()
        self._go_by(self.incarnation)

    async def _new_incarnation(self) -> None:
        """Go on under a new name: after a restore or a clone nobody may write under the old one again."""
        self.device, made = await identity.renew(self.disk, self.random, self.device)
        self._go_by(made)

    def _go_by(self, incarnation: str) -> None:
        self.incarnation, self._seq = incarnation, 0
        self._writer = Writer(self.writer, self._clock, self.library, self.random)

    async def _load_view(self, listed: set[str]) -> set[str]:
        try:
            covered = await view.load(self.disk, self.library, listed)
        except BadBytes:
            self.notes.append("snapshot_rebuilt")
            return set()
        self._known |= covered
        return covered

    async def _load_segments(self, listed: set[str], covered: set[str]) -> set[str]:
        """Merge what the snapshot does not cover. The ids of my ops that are sealed but may still be in the journal too."""
        with suppress(MissingName):
            self._checked = set((await self.disk.get(CHECKED)).decode("utf-8", "replace").split("\n"))
        sealed: set[str] = set()
        for name in sorted(listed | self._checked):
            parts = names.parse(name)
            if parts is None or parts.kind == "media":
                continue
            if parts.writer == self.writer:
                self._seq = max(self._seq, parts.seq)
            own = parts.dev == self.device
            mine = own and name not in self._checked
            if name in listed and (mine or name not in covered):
                ops = await self._take_in(name, mine)
                sealed.update(op.id for op in ops if own)
                self._sealed.update([name] if own and self._journal.count else [])
        return sealed

    async def _take_in(self, name: str, mine: bool) -> Sequence[Op]:
        try:
            segment = segments.read(name, await self.disk.get(name))
        except NewerFormat:
            self.newer.add(name)
            return ()
        except BadBytes:
            self.rotten.add(name)
            self.notes.append("rotten_segment")
            return ()
        self._merge(name, segment)
        if mine:
            self._wait_for(name, segment, but=self._checked)
        return segment.ops

    def _load_records(self, records: Iterable[dict[str, list[dict[str, object]]]], sealed: set[str]) -> None:
        for record in records:
            left = [(p, op) for p, op in map(view.placed, record["ops"]) if op.id not in sealed]
            for partition, op in left:
                self.library.apply(partition, op)
            self._open += left
            self._unsealed.update(op.entity for _, op in left)
            here = {partition for partition, _ in left}
            self._open_media.update(name for name in map(str, record["media"]) if name.split("/")[1] in here)

    async def _adopt(self, covered: set[str]) -> None:
        """A file of mine rotted before it was checked: what the snapshot knows of its ops goes out again, verbatim (I13)."""
        for name in sorted(n for n in self.rotten & covered - self._checked if n.split("/")[3].startswith(self.device)):
            partition = name.split("/")[1]
            going = {op.id for _, op in self._open}
            mine = [(p, op) for p, op in self.library.ops() if p == partition and op.writer.startswith(self.device)]
            again = [placed for placed in mine if placed[1].id not in going]
            media = [n for n in await self.disk.names(f"p/{partition}/media/") if n not in self._checked]
            await self._keep(again, media)
            await self.disk.delete(name)
            self._known.discard(name)
            self.rotten.discard(name)

    # -- writing -----------------------------------------------------------------------------------------------------
    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        """One atomic moment: media files first, then one journal record; durable when it returns, and nothing of it is to
        be seen when it raises. Raises StoreFull, or ValueError for a value that cannot be stored."""
        await self._turns.take(lambda: self._write(changes, media or {}))
        self.changed()

    async def _write(self, changes: Sequence[Change], media: Mapping[str, bytes]) -> None:
        if {name.split("/")[1] for name in media} - {change.partition for change in changes}:
            raise ValueError("media of a partition in which nothing changes would never be sent")
        placed = self._writer.ops(changes)
        fresh = [name for name in media if not await self.disk.size(name)]
        try:
            for name, data in media.items():
                await self._put(name, data)
            await self._keep(placed, sorted(media))
        except StorageError:
            for name in [] if self._journal.in_doubt else fresh:
                with suppress(StorageError):
                    await self.disk.delete(name)
            raise

    async def _keep(self, placed: Sequence[Placed], media: Sequence[str]) -> None:
        await self._journal.add({"ops": [{"p": p, "o": op.to_json()} for p, op in placed], "media": media})
        for partition, op in placed:
            self.library.apply(partition, op)
        self._open += placed
        self._unsealed.update(op.entity for _, op in placed)
        self._open_media.update(media)

    async def _put(self, name: str, data: bytes) -> None:
        """On this disk, and read again. Raises BadBytes when the disk gives back something else."""
        if not (await self.disk.put(name, data)).startswith(name[-32:]):
            raise BadBytes(name)

    async def seal(self) -> list[str]:
        """Cut the journal into segments, one or more a partition, stored and read again here; then begin a new journal."""
        return await self._turns.take(self._seal)

    async def _seal(self) -> list[str]:
        made: list[str] = []
        for partition in dict.fromkeys(p for p, _ in self._open):
            media = {name for name in self._open_media if name.split("/")[1] == partition}
            for run in segments.split([op for p, op in self._open if p == partition]):
                made.append(await self._seal_one(partition, run, media))
            self._open_media -= media
        if self._journal.count:
            await self._journal.next()
            self._sealed.clear()
        await self.view_if_due()
        return made

    async def _seal_one(self, partition: str, run: list[Op], media: Iterable[str]) -> str:
        self._seq += 1
        data = segments.encode(partition, self.writer, self._seq, run, pieces.hashes(sorted(media)))
        name = str(names.Name(partition, "log", names.hash_of(data), self.device, self.incarnation, self._seq))
        await self._put(name, data)
        self._sealed.add(name)
        segment = segments.read(name, data)
        self._merge(name, segment)
        self._wait_for(name, segment, but=set())
        ids = {op.id for op in run}
        self._open = [placed for placed in self._open if placed[1].id not in ids]
        self._unsealed = {op.entity for _, op in self._open}
        return name

    def _wait_for(self, name: str, segment: segments.Segment, but: set[str]) -> None:
        entities = {op.entity for op in segment.ops}
        for file in (name, *segment.media_names):
            if file not in but:
                self.waiting.setdefault(file, set()).update(entities)
                for entity in entities:
                    self._files_of.setdefault(entity, set()).add(file)

    def _merge(self, name: str, segment: segments.Segment) -> None:
        for op in segment.ops:
            self.library.apply(segment.partition, op)
        self._known.add(name)
        self._since_view += 1

    # -- for sync ----------------------------------------------------------------------------------------------------
    async def holds(self, partition: str) -> set[str]:
        """Names of a partition that need not be fetched: they are here and whole, or of a newer format."""
        listed = {name for name in await self.disk.names(f"p/{partition}/") if names.parse(name)}
        return (listed - self.rotten) | {name for name in self.newer if name.split("/")[1] == partition}

    async def take(self, name: str, data: bytes) -> None:
        """Keep and merge a file from the folder. Raises BadBytes ("not arrived yet"), NewerFormat, StoreFull."""
        await self._turns.take(lambda: self._take(name, data))

    async def _take(self, name: str, data: bytes) -> None:
        parts = names.parse(name)
        if parts is None or not names.matches(name, data):
            raise BadBytes(name)
        try:
            segment = segments.read(name, data) if parts.kind != "media" else None
            segments.body(data, segments.SEGMENT if segment else segments.CHUNK)
        except NewerFormat:
            self.newer.add(name)
            raise
        if segment and parts.writer == self.writer and name not in self._checked | self._known:
            self.notes.append("new_incarnation")
            await self._new_incarnation()
        await self._put(name, data)
        self.rotten.discard(name)
        if segment:
            self._merge(name, segment)
        if parts.dev == self.device:  # what an earlier self of mine sent: it was read in the folder just now
            await self.mark_checked(name)

    async def mark_checked(self, name: str) -> None:
        """The folder's bytes were read back and are mine: noted down, so that a restart shows the same (I4)."""
        with suppress(StoreFull):  # then it is sent and checked once more after a restart; a full device is to be emptied
            await self.disk.append(CHECKED, f"\n{name}\n".encode())
        self._checked.add(name)
        for entity in self.waiting.pop(name, ()):
            self._files_of[entity].discard(name)
        self.refused.discard(name)
        self.aside.discard(name)
        self.changed()

    def spoilt(self, name: str, partition: str) -> None:
        """The file here is not what its name says: the next look at the folder fetches it again, if it is there."""
        self.rotten.add(name)
        self.seen.pop(partition, None)

    def send_again(self, name: str, segment: segments.Segment) -> None:
        """The folder has lost media that this segment of mine speaks of: they wait again."""
        self._wait_for(name, segment, but=set())

    async def drop(self, partition: str) -> None:
        """Take a partition off this device; only when nothing of it waits."""
        await self._turns.take(lambda: self._drop(partition))
        self.changed()

    async def _drop(self, partition: str) -> None:
        if any(name.split("/")[1] == partition for name in self.waiting) or any(p == partition for p, _ in self._open):
            return
        self.library.drop(partition)
        self.seen.pop(partition, None)
        # Media go before the segments that speak of them: cut short, the next round still finds what to drop.
        for name in sorted(await self.disk.names(f"p/{partition}/"), reverse=True):
            await self.disk.delete(name)
            self._known.discard(name)
        await self.save_view()

    async def view_if_due(self) -> None:
        """Save the snapshot when enough has come in since the last time."""
        if self._since_view >= VIEW_AFTER:
            await self.save_view()

    async def save_view(self) -> None:
        """When there is no room for a snapshot, the next start is slower; nothing else."""
        try:
            await view.save(self.disk, self.library, self._known - self._sealed)
            self._since_view = 0
        except StoreFull:
            self.notes.append("no_snapshot")

    # -- asking ------------------------------------------------------------------------------------------------------
    def state_of(self, entity: str) -> SyncState:
        files = self._files_of.get(entity)
        if files and not self.refused.isdisjoint(files):
            return SyncState.NEEDS_YOU
        if entity in self._unsealed:
            return SyncState.TABLET
        if files:
            return SyncState.SENDING if self.sending else SyncState.TABLET
        return SyncState.FOLDER

    def pending(self) -> Pending:
        entities = self._unsealed.union(*self.waiting.values())
        return Pending(len(entities), len(self.waiting) + len(self._open_media))

    async def media(self, partition: str, hashes: Iterable[str]) -> bytes:
        """Raises MissingName when the bytes are not on this device, BadBytes when they have rotted."""
        try:
            return await pieces.read(self.disk, partition, list(hashes))
        except BadBytes as rotten:
            self.spoilt(str(rotten), partition)
            raise

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
        try:
            await self._turns.take(self.save_view)
        finally:
            await self.disk.close()
