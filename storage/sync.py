"""Sync: copy what the other side lacks. Nothing is called "in the school folder" before it was read back (I4)."""

import asyncio
from collections.abc import Callable, Collection, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from storage import healing, names, segments
from storage.errors import BadBytes, Erased, FolderReadOnly, Garbage, MissingName, NewerFormat, Refused, StorageError, StoreFull
from storage.folder.port import Dated, Folder, digest_with
from storage.several import several
from storage.store import Store

Progress = Callable[[str, int, int], None]
"""(what: "sending" or "fetching", done, total)"""
Scope = Callable[[str], bool]
NOTHING_THERE = names.digest_of(set())
THE_FOLDER = "space.json"
TURNED_AWAY = "device_unknown"  # what the hub says to a device that was joined once and is not any more


@dataclass(slots=True)
class Outcome:
    """How a round went. `problems` are codes of storage errors, each with the name it is about."""

    sent: int = 0
    received: int = 0
    waiting: int = 0
    problems: list[str] = field(default_factory=list)

    def trouble(self, error: StorageError, name: str) -> None:
        self.problems.append(f"{error.code} {name}")


def quiet(what: str, done: int, total: int) -> None:
    return None


async def sync(store: Store, folder: Folder, *, progress: Progress = quiet, scope: Scope | None = None) -> Outcome:
    """One round: the school's own news, push, pull, and let go of partitions that this device may no longer hold.

    When nothing is new it asks the folder one question. Raises Unreachable and other errors of the whole folder; what was
    done until then stays done. Raises Refused(TURNED_AWAY) for a device that the school has turned away (see `hand_in`)."""
    outcome = Outcome()
    theirs = await folder.partitions()
    await healing.hear(store, folder)
    await healing.found_again(store, theirs)
    news = {
        partition: digest for partition, digest in _expected(store, theirs, scope).items() if not _held(store, partition, digest)
    }
    store.sending = True
    try:
        try:
            await store.seal()
        except StoreFull as full:  # what is sealed already can still go, and makes room for nothing, but is safe
            outcome.trouble(full, "journal")
        store.changed()
        pull = Pull(store, folder, progress, outcome, scope)
        # The school says who was erased, and who may be looked at here: before anything of a child is sent or fetched.
        await pull.round({partition: digest for partition, digest in news.items() if partition == "school"})
        try:
            await _push(store, folder, progress, outcome)
        except (NewerFormat, FolderReadOnly) as closed:  # nothing goes there: it all stays here, and what is there still comes
            outcome.trouble(closed, THE_FOLDER)
        await pull.round({partition: digest for partition, digest in news.items() if partition != "school"})
        for partition in store.library.partitions() if scope else ():
            if scope and not scope(partition):
                await store.drop(partition)
        await healing.note_healed(store, folder)
    finally:
        store.sending = False
        outcome.waiting = len(store.waiting)
        store.changed()
    outcome.problems += [f"{NewerFormat.code} {name}" for name in sorted(store.newer)]
    outcome.problems += [f"{Garbage.code} {name}" for name in sorted(store.garbage)]
    return outcome


def _expected(store: Store, theirs: dict[str, str], scope: Scope | None) -> dict[str, str]:
    """What the folder says it has, and children of whom it has nothing left; but a folder with nothing in it is not believed."""
    if not theirs:
        return theirs
    ours = {partition: NOTHING_THERE for partition, here in store.here.items() if here and (scope is None or scope(partition))}
    return ours | theirs


def _held(store: Store, partition: str, digest: str) -> bool:
    """Whether the folder has nothing of this partition that is not here, or the other way round."""
    if store.is_erased(partition):
        return True
    mine = store.digest(partition)
    return digest == mine or (digest == store.seen.get(partition) and not healing.due(store, partition))


# -- push ------------------------------------------------------------------------------------------------------------
async def _push(store: Store, folder: Folder, progress: Progress, outcome: Outcome) -> None:
    again = await _push_all(store, folder, progress, outcome)
    if again:
        for name in await _push_all(store, folder, progress, outcome):
            store.refused.add(name)
            outcome.trouble(Refused(), name)


async def _push_all(store: Store, folder: Folder, progress: Progress, outcome: Outcome) -> list[str]:
    """Everything that waits, media first. The segments whose media the folder has lost: those wait again now."""
    again: list[str] = []
    done, total = 0, len(store.waiting)

    async def one(name: str) -> None:
        nonlocal done
        progress("sending", done, total)
        done += 1
        try:
            if name in store.waiting and not await _send(store, folder, name, outcome):
                again.append(name)
        except (Refused, MissingName) as no:
            store.refused.add(name)
            outcome.trouble(no, name)
        except BadBytes as damaged:
            outcome.trouble(damaged, name)
        except Erased:
            return  # the order is on its way here too
        await asyncio.sleep(0)

    for files in _media_first(store.waiting):
        await several(one, files)
    if total:
        progress("sending", total, total)
    return again


def _media_first(files: Iterable[str]) -> tuple[list[str], list[str]]:
    """The media, and what speaks of them."""
    ordered = sorted(files)
    return [name for name in ordered if "/media/" in name], [name for name in ordered if "/media/" not in name]


async def _send(store: Store, folder: Folder, name: str, outcome: Outcome) -> bool:
    """Put, read back, compare. False when the folder lacks media that the segment speaks of."""
    data = await store.disk.get(name)
    if not names.matches(name, data):
        store.spoilt(name, name.split("/")[1])
        if name not in store.refused:
            store.refused.add(name)  # it rotted here: a person has to know
            await store.save_view()  # what is known of it goes out again after the next start (I13)
        raise BadBytes(name)
    segment = None if "/media/" in name else segments.read(name, data)
    if segment and isinstance(folder, Dated) and segment.edition > folder.edition:
        outcome.trouble(NewerFormat(), name)  # the other side does not know such things yet: it waits here, and nothing is wrong
        return True
    if segment and any(medium in store.waiting for medium in segment.media_names):
        return True  # media before segments: it goes in the round in which they are all there
    try:
        await _put_on_its_files(store, folder, name, segment, data)
    except Refused as no:
        if segment and str(no) == "media_missing":
            store.send_again(name, segment)
            return False
        raise
    await store.mark_checked(name)
    outcome.sent += 1
    return True


async def _put_on_its_files(store: Store, folder: Folder, name: str, segment: segments.Segment | None, data: bytes) -> None:
    """A snapshot is taken where all that it covers is whole: what is not there any more its device has, and puts it again."""
    covered = store.here[segment.partition].intersection(segment.covers) - store.rotten if segment else set()
    try:
        await put_checked(store, folder, name, data)
    except BadBytes:
        if not covered:
            raise
        for one in sorted(covered):
            await put_checked(store, folder, one, await store.disk.get(one))
        await put_checked(store, folder, name, data)


async def put_checked(store: Store, folder: Folder, name: str, data: bytes) -> None:
    """Stored there, read again there, and found to be the same. Raises BadBytes."""
    nonce = store.random(16)
    if await folder.put(name, data, nonce) != digest_with(nonce, data):
        raise BadBytes(name)


# -- turned away -----------------------------------------------------------------------------------------------------
async def hand_in(store: Store, folder: Folder, settled: Collection[str], progress: Progress = quiet) -> set[str]:
    """What was not sent yet goes to the hub, which puts it aside for a person to look at. That is not the school's folder:
    nothing of it counts as checked (I4), and all of it needs you. `settled`: hashes of files that a person has dealt with.

    The files that are still to be handed in; none, when the hub has shown for each that it has it."""
    left: set[str] = set()
    try:
        await store.seal()
    except StoreFull:
        left.add("journal")
    store.refused.update(store.waiting)
    store.changed()
    done_with = store.aside | {name for name in store.waiting if name[-32:] in settled}
    files = [name for part in _media_first(set(store.waiting) - done_with) for name in part]
    left.update(files)
    with suppress(Refused):  # the hub takes no more
        for done, name in enumerate(files):
            progress("sending", done, len(files))
            with suppress(BadBytes, MissingName):  # it rotted here, or is gone: the others can still go
                with suppress(Erased):  # it may be nowhere any more
                    await _put_aside(store, folder, name)
                left.discard(name)
    return left


async def _put_aside(store: Store, folder: Folder, name: str) -> None:
    """The hub says no to every such put, so that it never passes for checked; it is asked before and after what it holds."""
    data, nonce = await store.disk.get(name), store.random(16)
    if await folder.digest(name, nonce) != digest_with(nonce, data):
        with suppress(Refused):
            await folder.put(name, data, nonce)
        if await folder.digest(name, nonce) != digest_with(nonce, data):
            raise Refused(name)
    store.aside.add(name)


# -- pull ------------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Pull:
    """Fetch what the folder has and this device has not; notice what the folder has lost."""

    store: Store
    folder: Folder
    progress: Progress
    outcome: Outcome
    scope: Scope | None

    async def round(self, news: dict[str, str]) -> None:
        """`news`: partition -> the digest that the folder gives of its names."""
        wanted: set[str] = set()
        whole: dict[str, str] = {}  # where the listing was the one that the digest speaks of
        for partition, digest in news.items():
            listed = set() if digest == NOTHING_THERE else await self._listed(partition)
            wanted |= await healing.compare(self.store, self.folder, partition, listed)
            if names.digest_of(listed) == digest:
                whole[partition] = digest
        left = await self._fetch_all(wanted)
        self.store.seen |= {partition: digest for partition, digest in whole.items() if partition not in left}

    async def _listed(self, partition: str) -> set[str]:
        return {name for name in await self.folder.names(f"p/{partition}/") if names.parse(name)}

    async def _fetch_all(self, wanted: set[str]) -> set[str]:
        """Words first, pictures after. The partitions of which something is still to come."""
        left: set[str] = set()
        done = 0

        async def one(name: str) -> None:
            nonlocal done
            self.progress("fetching", done, len(wanted))
            done += 1
            partition = name.split("/")[1]
            if (self.scope and not self.scope(partition)) or not await self._fetch(name):
                left.add(partition)
            await asyncio.sleep(0)

        for files in reversed(_media_first(wanted)):
            await several(one, files)
        if wanted:
            self.progress("fetching", len(wanted), len(wanted))
            await self.store.view_if_due()
        return left

    async def _fetch(self, name: str) -> bool:
        """Whether the file is dealt with. A file that is not whole, or was listed and has gone, is looked for again."""
        try:
            await self.store.take(name, await self.folder.get(name))
        except (NewerFormat, Garbage):  # told at the end of every round, and not fetched again
            return True
        except (BadBytes, MissingName, Refused) as problem:
            if not isinstance(problem, MissingName):
                self.outcome.trouble(problem, name)
            return False
        self.outcome.received += 1
        self.store.changed()
        return True
