"""What a device writes: a moment into the journal, sealed into files of its own; and what leaves this disk again."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress

from storage import erasure, names, segments, view
from storage import media as pieces
from storage.clock import Clock
from storage.errors import BadBytes, Erased, StorageError, StoreFull
from storage.folder.port import Disk
from storage.groups import PLAIN, Groups
from storage.journal import Journal
from storage.ledger import Ledger
from storage.library import Library
from storage.ops import Change, Op
from storage.turns import Turns
from storage.writing import Placed, Writer

VIEW_AFTER = 20  # segments merged since the last snapshot of the view


class Recording(Ledger):
    """One writer on one disk. `write` returns when what was written survives any crash of this device."""

    _writer: Writer

    def __init__(
        self, disk: Disk, journal: Journal, now: Callable[[], int], random: Callable[[int], bytes], groups: Groups = PLAIN
    ) -> None:
        super().__init__(disk)
        self.random, self._journal, self.groups = random, journal, groups
        self.library = Library()
        self.notes: list[str] = []
        self.device = self.incarnation = ""
        self.author = ""  # the person whose changes are written from now on
        # What sync looks at.
        self.known: set[str] = set()  # segments on this disk that are merged
        self.erased: set[str] = set()  # children whose records may not be here
        self.speaks_for_all = False  # whether this device may put files of other devices again
        # What only the store itself needs.
        self.now = now
        self._clock = Clock(now)
        self._open: list[Placed] = []  # ops in the journal that are not sealed
        self._unsealed: set[str] = set()  # their entities
        self._open_media: set[str] = set()
        self._sealed: set[str] = set()  # segments of mine whose ops are still in the journal
        self._seq = 0
        self._since_view = 0
        self._turns = Turns()

    @property
    def writer(self) -> str:
        return f"{self.device}.{self.incarnation}"

    def _go_by(self, incarnation: str) -> None:
        self.incarnation, self._seq = incarnation, 0
        self._writer = Writer(self.writer, self._clock, self.library, self.random)

    # -- writing -----------------------------------------------------------------------------------------------------
    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None, author: str | None = None) -> None:
        """One atomic moment: media files first, then one journal record; durable when it returns, and nothing of it is to
        be seen when it raises. Raises StoreFull, or ValueError for a value that cannot be stored."""
        person = self.author if author is None else author  # who asks now, even if another has the device when its turn comes
        await self._turns.take(lambda: self._write(changes, media or {}, person))
        self.changed()

    async def _write(self, changes: Sequence[Change], media: Mapping[str, bytes], author: str) -> None:
        self.need_here()
        if {name.split("/")[1] for name in media} - {change.partition for change in changes}:
            raise ValueError("media of a partition in which nothing changes would never be sent")
        if any(self.is_erased(change.partition) for change in changes):
            raise Erased
        placed = self._writer.ops(changes, author)
        try:
            await self._write_all(placed, media)
        except StoreFull:
            if not await self._make_room():
                raise
            await self._write_all(placed, media)
        await self._obey_erasures()

    async def _write_all(self, placed: Sequence[Placed], media: Mapping[str, bytes]) -> None:
        fresh = [name for name in media if not await self.disk.size(name)]
        try:
            for name, data in media.items():
                await self._put(name, data)
            await self._keep(placed, sorted(media))
        except StorageError:
            for name in [] if self._journal.in_doubt else fresh:
                with suppress(StorageError):
                    await self._remove(name)
            raise

    async def _keep(self, placed: Sequence[Placed], media: Sequence[str]) -> None:
        await self._journal.add({"ops": [{"p": p, "o": op.to_json()} for p, op in placed], "media": media})
        for partition in dict.fromkeys(p for p, _ in placed):
            self.library.take(partition, [op for p, op in placed if p == partition])
        self._open += placed
        self._unsealed.update(op.entity for _, op in placed)
        self._open_media.update(media)

    async def _put(self, name: str, data: bytes) -> None:
        """On this disk, and read again. Raises BadBytes when the disk gives back something else."""
        if not (await self.disk.put(name, data)).startswith(name[-32:]):
            raise BadBytes(name)
        self._have(name)

    async def _remove(self, *gone: str) -> None:
        """Files of this disk that are not needed any more, with all that was noted of them."""
        for name in gone:
            await self.disk.delete(name)
            self.known.discard(name)
            self._gone(name)

    async def seal(self) -> list[str]:
        """Cut the journal into segments, one or more a partition and group, stored and read again here; then begin a new
        journal."""
        return await self._turns.take(self._seal)

    async def _seal(self) -> list[str]:
        made: list[str] = []
        for partition in dict.fromkeys(p for p, _ in self._open):
            media = {name for name in self._open_media if name.split("/")[1] == partition}
            for ops, theirs in self.groups.parted([op for p, op in self._open if p == partition], media):
                made += [await self._seal_one(partition, run, theirs) for run in segments.split(ops)]
                self._open_media -= theirs  # sealed with these: what is sealed after them does not speak of them again
        if self._journal.count:
            await self._journal.next()
            self._sealed.clear()
        await self.view_if_due()
        return made

    async def _seal_one(self, partition: str, run: list[Op], media: Iterable[str]) -> str:
        name = await self._publish("log", partition, run, pieces.hashes(sorted(media)))
        self._sealed.add(name)
        ids = {op.id for op in run}
        self._open = [placed for placed in self._open if placed[1].id not in ids]
        self._unsealed = {op.entity for _, op in self._open}
        return name

    async def _publish(
        self, kind: str, partition: str, ops: Sequence[Op], media: Iterable[str], covers: Iterable[str] = (), edition: int = 1
    ) -> str:
        """A file of mine: stored and read again here, merged, and waiting to be sent. `edition`: what it has at least."""
        self._seq += 1
        data = segments.encode(partition, self.writer, self._seq, ops, media, covers, max(edition, self.groups.of(ops)))
        name = str(names.Name(partition, kind, names.hash_of(data), self.device, self.incarnation, self._seq))
        await self._put(name, data)
        segment = segments.read(name, data)
        self._merge(name, segment)
        self._wait_for(name, segment, but=self.checked)
        return name

    def _merge(self, name: str, segment: segments.Segment) -> None:
        self.library.take(segment.partition, segment.ops)
        self.known.add(name)
        self._since_view += 1

    async def view_if_due(self) -> None:
        """Save the snapshot when enough has come in since the last time."""
        if self._since_view >= VIEW_AFTER:
            await self.save_view()

    async def save_view(self) -> bool:
        """When there is no room for a snapshot, the next start is slower; nothing else. Whether there was."""
        try:
            await view.save(self.disk, self.library, self.known - self._sealed)
            self._since_view = 0
        except StoreFull:
            self.notes.append("no_snapshot")
            return False
        return True

    # -- what leaves -----------------------------------------------------------------------------------------------------
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
        await self._remove(*sorted(self.here.get(partition, ()), reverse=True))
        await self._note_shed({name for name in self.shed if name.split("/")[1] != partition})
        if not await self.save_view():
            await self.disk.delete(view.NAME)  # the old one holds what has to be gone

    def may_shed(self) -> list[str]:
        """Media whose bytes may leave: the folder was seen to hold them, and nothing of their partition waits to go there."""
        busy = {name.split("/")[1] for name in self.waiting} | {p for p, _ in self._open}
        held = {n for partition, here in self.here.items() if partition not in busy for n in here if "/media/" in n}
        return sorted((held & self.checked) - self.rotten)

    async def let_go(self, media: Iterable[str]) -> int:
        """Take the bytes of these media off this disk, where that is allowed (see `may_shed`); how many went. They are fetched
        again when a person looks at them."""
        return await self._turns.take(lambda: self._let_go(set(media)))

    async def _let_go(self, media: set[str]) -> int:
        gone = sorted(media.intersection(self.may_shed()))
        await self._remove(*gone)  # killed here, they are fetched again: no harm
        await self._note_shed(self.shed.union(gone))
        return len(gone)

    async def _make_room(self) -> bool:
        """The disk is full: what is safe in the folder leaves first. What is not checked stays, even if the disk stays full."""
        with suppress(StoreFull):
            return await self._let_go(set(self.may_shed())) > 0
        return False

    def is_erased(self, partition: str) -> bool:
        return erasure.belongs(partition) in self.erased

    async def _obey_erasures(self) -> None:
        for ident in sorted(erasure.erased(self.library) - self.erased):
            self.erased.add(ident)
            for room in erasure.rooms(ident):
                await self._erase(room)

    async def _erase(self, room: str) -> None:
        """Everything of a room goes: what was saved here and not sent too, for that is what was ordered."""
        self._open = [(partition, op) for partition, op in self._open if partition != room]
        self._unsealed = {op.entity for _, op in self._open}
        self._open_media = {name for name in self._open_media if name.split("/")[1] != room}
        self._wait_no_more(room)
        if self.here.get(room) or room in self.library.partitions():
            await self._drop(room)
            if self._journal.count:
                await self._seal()  # so that the journal holds nothing of it either
            await self._forget_checked(room)
