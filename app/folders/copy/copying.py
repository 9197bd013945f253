"""`smallsteps sync`: copy to each of two folders what it lacks of the other. Every file is whole under its name or not there, so
a copy that was stopped, however it was, goes on the next time."""

import os
import re
from collections.abc import Callable, Iterable
from contextlib import AsyncExitStack
from dataclasses import dataclass, field

from app.folders.check import audit_log as auditing
from app.folders.check.checking import FILES_AT_ONCE, Progress, quiet
from app.folders.check.erasing import of_children
from app.folders.check.looking import HUGE, Look
from app.folders.check.reading import looked_into
from app.folders.copy.sides import Side, need_apart, one_space, side
from app.folders.places import Where
from storage import erasure, names
from storage.errors import BadBytes, Erased, NewerFormat, Refused, TooLarge
from storage.folder.port import digest_with
from storage.several import several

# The wait of an order to erase is not copied: a copy that is older must not shorten it; the audit log is carried as a whole. What
# is a conflict copy is no paper.
PAPER = re.compile(r"hub/(?!erasures/|quarantine/|audit/)[a-z]+/[A-Za-z0-9_.-]+\.json")
QUARANTINE = re.compile(r"hub/quarantine/[0-9a-f]{16}/(p/.+)")
OTHERWISE = "was read back otherwise than it was sent"
TURNED_AWAY = "device_unknown"


@dataclass(slots=True)
class Copied:
    """Files that went from the first to the second folder and back; files of erased children that went; `bad`: name -> why it
    was left out; what else a person should know."""

    there: int = 0
    back: int = 0
    erased: int = 0
    bad: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


async def sync(a: Where, b: Where, *, progress: Progress = quiet) -> Copied:
    """Raises FolderForeign for folders of two schools, and FolderNewer for one that this Small Steps may only read; what else is
    wrong with a folder in a sentence."""
    async with AsyncExitStack() as stack:
        one, two = [await stack.enter_async_context(side(where)) for where in (a, b)]
        need_apart(one, two)
        await one_space(one, two)
        return await Copying(one, two, progress).run()


class Copying:
    """Orders to erase before all else; then media, and then what speaks of them; then the hub's papers."""

    def __init__(self, one: Side, two: Side, progress: Progress) -> None:
        self.one, self.two, self.progress, self.done = one, two, progress, Copied()
        self.erased: set[str] = set()
        self.vanished = False  # whether something that was listed had gone when it was to be copied: folded away, most likely

    @property
    def ways(self) -> tuple[tuple[Side, Side], tuple[Side, Side]]:
        return (self.one, self.two), (self.two, self.one)

    async def run(self) -> Copied:
        await self.records()
        await self._papers()
        await self._log()
        self._notes()
        return self.done

    async def records(self) -> None:
        """All below `p/`. Into a side that is only read nothing goes, and nothing goes away there."""
        for one in (self.one, self.two):
            await one.list()
            self.done.bad |= one.odd
        await self._copy(lambda partition: partition == "school")
        await self._read_orders()
        await self._wipe()
        await self._copy(lambda partition: partition != "school" and erasure.belongs(partition) not in self.erased)

    def _count(self, source: Side) -> None:
        if source is self.one:
            self.done.there += 1
        else:
            self.done.back += 1

    # -- records ---------------------------------------------------------------------------------------------------------
    async def _copy(self, wanted: Callable[[str], bool]) -> None:
        """Of partitions that are wanted."""
        for source, target in self.ways:
            if not target.takes:
                continue
            lacks = {n for n in source.ours - target.names - self.done.bad.keys() if wanted(n.split("/")[1])}
            lacks -= await self._folded(target, lacks)
            for words in (False, True):  # media first, so that no file speaks of what is not there
                await self._send(source, target, {name for name in lacks if ("/media/" not in name) == words})

    async def _send(self, source: Side, target: Side, lacks: Iterable[str]) -> None:
        todo, gone = sorted(lacks), 0

        async def one(name: str) -> None:
            nonlocal gone
            if why := await copied(source, target, name):
                self.done.bad[name] = why
            elif why is None:
                self.vanished = True
            else:
                self._count(source)
                target.names.add(name)
            gone += 1
            self.progress(f"To {target.shown}", gone, len(todo))

        await several(one, todo, FILES_AT_ONCE)

    async def _folded(self, target: Side, lacks: Iterable[str]) -> set[str]:
        """Names that the target has folded away: it lacks nothing of what they say."""
        writers = {(parts.partition, parts.dev) for name in lacks if (parts := names.parse(name)) and parts.kind != "media"}
        found: set[str] = set()
        for name in sorted(target.ours):
            parts = names.parse(name)
            if parts and parts.kind == "snap" and (parts.partition, parts.dev) in writers:
                found.update((await self._look(target, name) or Look()).covers)
        return found

    # -- erased ----------------------------------------------------------------------------------------------------------
    async def _read_orders(self) -> None:
        """From the nearer folder, which has all of them by now; what has rotted there comes from the other, and mends it."""
        near, far = sorted((self.one, self.two), key=lambda one: not one.near)
        everything = {n for n in near.ours | far.ours if n.startswith("p/school/") and "/media/" not in n}
        for done, name in enumerate(sorted(everything)):
            seen = await self._look(near, name) if name in near.names else None
            if (seen is None or seen.code) and name in far.names:
                seen = await self._mended(near, far, name)
            self.erased |= seen.erased if seen else set()
            self.progress("Orders to erase", done + 1, len(everything))

    async def _mended(self, near: Side, far: Side, name: str) -> Look | None:
        seen = await self._look(far, name)
        if seen and not seen.code and near.takes:
            await self._send(far, near, [name])
        return seen

    @staticmethod
    async def _look(one: Side, name: str) -> Look | None:
        parts = names.parse(name)
        with one.midway():
            read = await looked_into(one.folder, name, parts) if parts else None
        return read[0] if read else None

    async def _wipe(self) -> None:
        """A hub does so by itself once it has the order."""
        for one in (self.one, self.two):
            if one.disk and one.takes and self.erased:
                with one.midway():
                    there = one.names | await one.disk.names("hub/")
                    gone = [n for left in (await of_children(one.disk, there, self.erased)).values() for n in left]
                    for name in dict.fromkeys(gone):
                        await one.disk.delete(name)
                one.names.difference_update(gone)
                self.done.erased += len(set(gone))

    # -- the hub's papers ------------------------------------------------------------------------------------------------
    async def _papers(self) -> None:
        if not (self.one.disk and self.two.disk):
            return
        found = []
        for one in (self.one, self.two):
            with one.midway():
                found.append({name for name in await one.disk.names("hub/") if is_paper(name)} if one.disk else set())
        for (source, target), lacks in zip(self.ways, (found[0] - found[1], found[1] - found[0]), strict=True):
            for done, name in enumerate(sorted(lacks)):
                await self._paper(source, target, name)
                self.progress(f"Papers to {target.shown}", done + 1, len(lacks))

    async def _log(self) -> None:
        """The audit log goes on where the other's is longer; two that have gone apart are for a person to look at."""
        if not (self.one.disk and self.two.disk):
            return
        with self.one.midway():
            mine = await auditing.log_in(self.one.disk)
        with self.two.midway():
            theirs = await auditing.log_in(self.two.disk)
        there, back = auditing.lacks(theirs, mine), auditing.lacks(mine, theirs)
        if there is None and back is None:
            self.done.bad[auditing.AREA] = auditing.APART
        for (_, target), files in zip(self.ways, (there or {}, back or {}), strict=True):
            for name, data in files.items():
                await self._put_paper(target, name, data)

    async def _paper(self, source: Side, target: Side, name: str) -> None:
        assert source.disk
        try:
            with source.midway():
                data = await source.disk.get(name)
        except TooLarge:
            self.done.bad[name] = HUGE
            return
        await self._put_paper(target, name, data)

    async def _put_paper(self, target: Side, name: str, data: bytes) -> None:
        assert target.disk
        nonce = os.urandom(16)
        with target.midway():
            await target.disk.replace(name, data)
            if await target.disk.digest(name, nonce) != digest_with(nonce, data):
                self.done.bad[name] = OTHERWISE
                return
        self._count(self.one if target is self.two else self.two)

    def _notes(self) -> None:
        for one in (self.one, self.two):
            if one.disk is None:
                kept = "devices, links, quarantine and the audit log were not copied."
                self.done.notes.append(f"{one.shown} keeps its papers (hub/) to itself: {kept}")
            if not one.takes:
                self.done.notes.append(f"Nothing was sent to {one.shown}: it takes others' files from a SENCO's device alone.")


def is_paper(name: str) -> bool:
    kept = QUARANTINE.fullmatch(name)
    return PAPER.fullmatch(name) is not None or (kept is not None and names.parse(kept[1]) is not None)


async def copied(source: Side, target: Side, name: str) -> str | None:
    """ "" for a file that was put, read back and found to be the same; else why it was left out. None where it is gone by now."""
    parts = names.parse(name)
    assert parts
    try:
        with source.midway():
            read = await looked_into(source.folder, name, parts)
    except Refused as no:
        return _refused(no, "did not hand it out")
    if read is None:
        return None
    seen, data = read
    return seen.sentence if seen.code not in {"", NewerFormat.code} else await _put(target, name, data)


async def _put(target: Side, name: str, data: bytes) -> str | None:
    nonce = os.urandom(16)
    try:
        with target.midway():
            return "" if await target.folder.put(name, data, nonce) == digest_with(nonce, data) else OTHERWISE
    except Refused as no:
        return _refused(no, "did not take it")
    except (BadBytes, NewerFormat) as error:
        return f"the hub did not take it ({error.code})"
    except Erased:
        return None


def _refused(no: Refused, what: str) -> str:
    """A hub's no to one file is told; one that has turned this computer away has the last word."""
    if str(no) == TURNED_AWAY:
        raise no
    return f"the hub {what} ({no})"
