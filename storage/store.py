"""A device's own store: journal, sealed segments, media and the library over them. Promise 1 lives here."""

import os
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress

from storage import identity, names, segments, view
from storage import media as pieces
from storage.clock import Stamp
from storage.errors import BadBytes, Garbage, MissingName, NewerFormat, StoreFull
from storage.folder.port import Disk
from storage.groups import PLAIN, Groups
from storage.journal import Journal
from storage.ledger import KEEP, Pending, SyncState
from storage.library import Library
from storage.ops import Op
from storage.recording import Recording

__all__ = ["Pending", "Store", "SyncState"]


class Store(Recording):
    """Opened once, by one writer, from what is on the disk; then it also takes in what others wrote."""

    @classmethod
    async def open(
        cls, disk: Disk, *, now: Callable[[], int], random: Callable[[int], bytes] = os.urandom, groups: Groups = PLAIN
    ) -> "Store":
        """Raises NewerFormat, with nothing changed, and FolderUnreadable. What was mended on the way is in `notes`."""
        journal, records, wrong = await Journal.open(disk)
        store = cls(disk, journal, now, random, groups)
        store.notes += wrong
        await store._know_myself()
        listed = {name for name in await disk.names("p/") if names.parse(name)}
        await store._load_ledger(listed)
        covered = await store._load_view(listed)
        sealed = await store._load_segments(listed, covered)
        store._load_records(records, sealed)
        await store._adopt(covered)
        if "rotten_record" in wrong:
            await store._adopt_all()
        await store._obey_erasures()
        store._clock.last = store._last_reading()
        return store

    def _last_reading(self) -> Stamp:
        """What my own clock said last. A stamp that counts may have followed another device's clock, which is no time of mine."""
        return self.library.last_reading(self.device)

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
        """Go on under a new name: after a restore or a clone no one may write under the old one again."""
        self.device, made = await identity.renew(self.disk, self.random, self.device)
        self._go_by(made)

    async def _load_view(self, listed: set[str]) -> set[str]:
        try:
            covered = await view.load(self.disk, self.library, listed)
        except BadBytes:
            self.notes.append("snapshot_rebuilt")
            return set()
        self.known |= covered
        return covered

    async def _load_segments(self, listed: set[str], covered: set[str]) -> set[str]:
        """Merge what the snapshot does not cover. The ids of my ops that are sealed but may still be in the journal too."""
        sealed: set[str] = set()
        for name in sorted(listed | self.checked):
            parts = names.parse(name)
            if parts is None or parts.kind == "media":
                continue
            if parts.writer == self.writer:
                self._seq = max(self._seq, parts.seq)
            own = parts.dev == self.device
            mine = own and name not in self.checked
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
            self._wait_for(name, segment, but=self.checked)
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
        for name in sorted(n for n in self.rotten & covered - self.checked if n.split("/")[3].startswith(self.device)):
            await self._adopt_one(name, self.device)

    async def _adopt_all(self) -> None:
        """A record of the journal rotted: what the snapshot knows of it is still shown here, and goes out again (I4, I13)."""
        for partition in sorted(self.library.partitions()):
            elsewhere = {op.id for _, op in self._open} | await self._ids_in(partition)
            mine = [(p, op) for p, op in self.library.ops() if p == partition and op.writer.startswith(self.device)]
            if lost := [placed for placed in mine if placed[1].id not in elsewhere]:
                media = [n for n in self.here.get(partition, ()) if "/media/" in n and n not in self.checked]
                with suppress(StoreFull):  # a full device opens all the same; the next start tries again
                    await self._keep(lost, media)

    async def adopt(self, name: str, for_all: bool = False) -> None:
        """No one has the bytes of this file any more: what is known of its ops goes out again, verbatim, in a file of mine
        (I13). Ops of other devices too, if this device may speak `for_all`."""
        await self._turns.take(lambda: self._adopt_one(name, "" if for_all else self.device))
        self.changed()

    async def _adopt_one(self, name: str, writers: str) -> None:
        partition = name.split("/")[1]
        elsewhere = {op.id for _, op in self._open} | await self._ids_in(partition)
        known = [(p, op) for p, op in self.library.ops(partition) if op.writer.startswith(writers)]
        media = [n for n in self.here.get(partition, ()) if "/media/" in n and n not in self.checked]
        await self._keep([placed for placed in known if placed[1].id not in elsewhere], media)
        await self._remove(name)

    async def _ids_in(self, partition: str) -> set[str]:
        """Ids of the ops that a whole file here holds."""
        found: set[str] = set()
        for name in sorted(self.here.get(partition, set()) - self.rotten):
            with suppress(BadBytes, NewerFormat, MissingName):
                if "/media/" not in name:
                    found.update(op.id for op in segments.read(name, await self.disk.get(name)).ops)
        return found

    # -- for sync ----------------------------------------------------------------------------------------------------
    async def take(self, name: str, data: bytes) -> None:
        """Keep and merge a file from the folder. Raises BadBytes ("not arrived yet"), NewerFormat, StoreFull."""
        await self._turns.take(lambda: self._take(name, data))

    async def _take(self, name: str, data: bytes) -> None:
        self.need_here()
        parts = names.parse(name)
        if parts is None or not names.matches(name, data):
            raise BadBytes(name)
        if self.is_erased(parts.partition):
            return
        try:
            segment = segments.read(name, data) if parts.kind != "media" else None
            segments.body(data, segments.FILE_KINDS[parts.kind])
        except NewerFormat:
            self.newer.add(name)
            raise
        except BadBytes as error:
            self.garbage.add(name)
            raise Garbage(name) from error
        if segment and parts.writer == self.writer and name not in self.checked | self.known:
            self.notes.append("new_incarnation")
            await self._new_incarnation()
        await self._put(name, data)
        self.rotten.discard(name)
        if segment:
            self._merge(name, segment)
        if parts.dev in {self.device, ""}:  # what an earlier self of mine sent, or a picture: it was read in the folder just now
            await self.mark_checked(name)
        await self._note_shed(self.shed - {name})
        if parts.partition == "school":
            await self._obey_erasures()

    async def snapshot(
        self, partition: str, ops: Sequence[Op], media: Iterable[str], covers: Iterable[str], edition: int = 1
    ) -> str:
        """A fold of files of mine, to be sent and checked as every other file. `edition`: the highest of theirs. Raises
        StoreFull."""
        return await self._turns.take(lambda: self._publish("snap", partition, ops, media, covers, edition))

    async def forget_folded(self, covered: Iterable[str]) -> None:
        """Files whose ops are in a snapshot that is here: the view is told first, so that no start misses them."""
        gone = sorted(name for name in covered if name in self.here.get(name.split("/")[1], ()) and name not in self.waiting)
        if gone:
            await self._turns.take(lambda: self._forget(gone))

    async def _forget(self, gone: Sequence[str]) -> None:
        self.known.difference_update(gone)
        await self.save_view()
        await self._remove(*gone)

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

    def unsent(self) -> set[str]:
        """Entities that are not in the school's folder yet."""
        return self._unsealed.union(*self.waiting.values())

    def pending(self) -> Pending:
        return Pending(len(self.unsent()), len(self.waiting) + len(self._open_media))

    async def media(self, partition: str, hashes: Iterable[str]) -> bytes:
        """Raises MissingName when the bytes are not on this device, BadBytes when they have rotted."""
        try:
            return await pieces.read(self.disk, partition, list(hashes))
        except BadBytes as rotten:
            self.spoilt(str(rotten), partition)
            raise

    async def wipe(self, note: str, data: bytes, handed: Iterable[str] | None) -> bool:
        """Everything on this disk goes but the small note `note`, which then says `data`. This store is `gone` from then on: a
        new one is opened on the disk, of a device that knows nothing. False, with nothing changed, when what waits is not all
        among `handed` (None: all of it may go)."""
        may_go = await self._turns.take(lambda: self._wipe(note, data, handed))
        self.changed()
        return may_go

    async def _wipe(self, note: str, data: bytes, handed: Iterable[str] | None) -> bool:
        if handed is not None and (self._open or self.waiting.keys() - set(handed)):
            return False
        for name in sorted(await self.disk.names() - {KEEP + note}, reverse=True):  # the children's first, who it is last
            await self.disk.delete(name)
        await self.keep(note, data)
        self.gone, wiped, self.library = True, self.library, Library()
        self.library.versions.follow(wiped.versions)  # so that what was counted of it is not taken for true
        return True

    async def close(self) -> None:
        """Leave in order. Nothing depends on it: a kill at any time is as good."""
        try:
            await self._turns.take(self.save_view)
        finally:
            await self.disk.close()
