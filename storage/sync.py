"""Sync: copy what the other side lacks. Nothing is called "in the school folder" before it was read back (I4)."""

import asyncio
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field

from storage import names, segments
from storage.errors import BadBytes, MissingName, NewerFormat, Refused, StorageError, StoreFull
from storage.folder.port import Folder, digest_with
from storage.store import Store

Progress = Callable[[str, int, int], None]
"""(what: "sending" or "fetching", done, total)"""
Scope = Callable[[str], bool]
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
    """One round: push, pull, and let go of partitions that this device may no longer hold.

    When nothing is new it asks the folder one question. Raises Unreachable and other errors of the whole folder; what was
    done until then stays done. Raises Refused for a device that the school has turned away, when all it had is handed in."""
    outcome = Outcome()
    try:
        theirs = await folder.partitions()
    except Refused as no:
        if str(no) == TURNED_AWAY:
            await _hand_in(store, folder, progress)
        raise
    known = {partition: await _names_there(store, partition) for partition in theirs}
    store.sending = True
    try:
        try:
            await store.seal()
        except StoreFull as full:  # what is sealed already can still go, and makes room for nothing, but is safe
            outcome.trouble(full, "journal")
        store.changed()
        await _push(store, folder, progress, outcome)
        await _pull(store, folder, theirs, known, progress, outcome, scope)
        for partition in store.library.partitions() if scope else ():
            if scope and not scope(partition):
                await store.drop(partition)
    finally:
        store.sending = False
        outcome.waiting = len(store.waiting)
        store.changed()
    outcome.problems += [f"{NewerFormat.code} {name}" for name in sorted(store.newer)]
    return outcome


async def _names_there(store: Store, partition: str) -> str:
    """The digest that the folder gives when it holds exactly what this device holds and has sent."""
    return names.digest_of({name for name in await store.holds(partition) if name not in store.waiting})


# -- push ------------------------------------------------------------------------------------------------------------
async def _push(store: Store, folder: Folder, progress: Progress, outcome: Outcome) -> None:
    again = await _push_all(store, folder, progress, outcome)
    if again:
        for name in await _push_all(store, folder, progress, outcome):
            store.refused.add(name)
            outcome.trouble(Refused(), name)


async def _push_all(store: Store, folder: Folder, progress: Progress, outcome: Outcome) -> list[str]:
    """Everything that waits, media first. The segments whose media the folder has lost: those wait again now."""
    files = _media_first(store.waiting)
    again = []
    for done, name in enumerate(files):
        progress("sending", done, len(files))
        try:
            if not await _send(store, folder, name, outcome):
                again.append(name)
        except (Refused, MissingName) as no:
            store.refused.add(name)
            outcome.trouble(no, name)
        except BadBytes as damaged:
            outcome.trouble(damaged, name)
        await asyncio.sleep(0)
    if files:
        progress("sending", len(files), len(files))
    return again


def _media_first(files: Iterable[str]) -> list[str]:
    return sorted(files, key=lambda name: ("/media/" not in name, name))


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
    if segment and any(medium in store.waiting for medium in segment.media_names):
        return True  # media before segments: it goes in the round in which they are all there
    nonce = store.random(16)
    try:
        answer = await folder.put(name, data, nonce)
    except Refused as no:
        if segment and str(no) == "media_missing":
            store.send_again(name, segment)
            return False
        raise
    if answer != digest_with(nonce, data):
        raise BadBytes(name)
    await store.mark_checked(name)
    outcome.sent += 1
    return True


# -- turned away -----------------------------------------------------------------------------------------------------
async def _hand_in(store: Store, folder: Folder, progress: Progress) -> None:
    """What was not sent yet goes to the hub, which puts it aside for a person to look at. That is not the school's folder:
    nothing of it counts as checked (I4), and all of it needs you."""
    with suppress(StoreFull):
        await store.seal()
    store.refused.update(store.waiting)
    store.changed()
    files = _media_first(set(store.waiting) - store.aside)
    with suppress(Refused):  # the hub takes no more, or does not know us at all
        for done, name in enumerate(files):
            progress("sending", done, len(files))
            with suppress(BadBytes, MissingName):  # it rotted here, or is gone: the others can still go
                await _put_aside(store, folder, name)


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
async def _pull(
    store: Store, folder: Folder, theirs: dict[str, str], known: dict[str, str], progress: Progress, outcome: Outcome,
    scope: Scope | None,
) -> None:  # fmt: skip
    wanted: list[str] = []
    whole: dict[str, str] = {}  # partition -> digest, where the listing was the one the digest speaks of
    for partition, digest in theirs.items():
        if digest in (store.seen.get(partition), known[partition]):
            continue
        listed = {name for name in await folder.names(f"p/{partition}/") if names.parse(name)}
        wanted += listed - await store.holds(partition)
        if names.digest_of(listed) == digest:
            whole[partition] = digest
    # Words first, pictures after; the school before its pupils, since it says who may be looked at here.
    wanted.sort(key=lambda name: ("/media/" in name, not name.startswith("p/school/"), name))
    for done, name in enumerate(wanted):
        progress("fetching", done, len(wanted))
        partition = name.split("/")[1]
        if (scope and not scope(partition)) or not await _fetch(store, folder, name, outcome):
            whole.pop(partition, None)
        await asyncio.sleep(0)
    store.seen |= whole
    if wanted:
        progress("fetching", len(wanted), len(wanted))
        await store.view_if_due()


async def _fetch(store: Store, folder: Folder, name: str, outcome: Outcome) -> bool:
    """Whether the file is dealt with. A file that is not whole, or was listed and has gone, is looked for again."""
    try:
        await store.take(name, await folder.get(name))
    except NewerFormat:
        return True
    except (BadBytes, MissingName, Refused) as problem:
        if not isinstance(problem, MissingName):
            outcome.trouble(problem, name)
        return False
    outcome.received += 1
    store.changed()
    return True
