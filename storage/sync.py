"""Sync: copy what the other side lacks. Nothing is called "in the school folder" before it was read back (I4)."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from storage import names, segments
from storage.errors import MissingName, Refused, StorageError
from storage.folder.port import Folder, digest_with
from storage.store import Store

Progress = Callable[[str, int, int], None]
"""(what: "sending" or "fetching", done, total)"""


@dataclass(slots=True)
class Outcome:
    """How a round went. `problems` are codes of storage errors, each with the name it is about."""

    sent: int = 0
    received: int = 0
    waiting: int = 0
    problems: list[str] = field(default_factory=list)


def quiet(what: str, done: int, total: int) -> None:
    return None


async def sync(
    store: Store, folder: Folder, *, progress: Progress = quiet, scope: Callable[[str], bool] | None = None
) -> Outcome:
    """One round: push, pull, and let go of partitions that this device may no longer hold.

    Raises Unreachable (and other storage errors of the whole folder); what was done until then stays done."""
    outcome = Outcome()
    store.sending = True
    try:
        await store.seal()
        store.changed()
        await _push(store, folder, progress, outcome)
        await _pull(store, folder, progress, outcome)
        if scope is not None:
            for partition in store.library.partitions():
                if not scope(partition):
                    await store.drop(partition)
    finally:
        store.sending = False
        outcome.waiting = len(store.waiting)
        store.changed()
    return outcome


async def _push(store: Store, folder: Folder, progress: Progress, outcome: Outcome) -> None:
    files = sorted(store.waiting, key=lambda name: ("/media/" not in name, name))
    held_back: set[str] = set()  # partitions where a medium did not arrive: its segments wait with it
    for done, name in enumerate(files):
        progress("sending", done, len(files))
        partition = name.split("/")[1]
        if partition in held_back:
            continue
        if await _send(store, folder, name, outcome):
            outcome.sent += 1
        elif "/media/" in name:
            held_back.add(partition)
        await asyncio.sleep(0)
    progress("sending", len(files), len(files))


async def _send(store: Store, folder: Folder, name: str, outcome: Outcome) -> bool:
    nonce = store.random(16)
    try:
        data = await store.disk.get(name)
        answer = await folder.put(name, data, nonce)
    except (Refused, MissingName) as problem:
        if str(problem) == "media_missing" and await _send_media_again(store, folder, name):
            return await _send(store, folder, name, outcome)
        store.refused.add(name)
        outcome.problems.append(f"{problem.code} {name}")
        return False
    if answer != digest_with(nonce, data):
        outcome.problems.append(f"bad_bytes {name}")
        return False
    await store.mark_checked(name)
    return True


async def _send_media_again(store: Store, folder: Folder, segment_name: str) -> bool:
    """The folder has lost what a segment of mine speaks of: whoever holds the bytes puts them again. Whether any went."""
    segment = segments.decode(await store.disk.get(segment_name))
    here = await store.disk.names(f"p/{segment.partition}/media/")
    mine = [n for n in (f"p/{segment.partition}/media/{digest}" for digest in segment.media) if n in here]
    lost = [n for n in mine if await folder.digest(n, b"") != digest_with(b"", await store.disk.get(n))]
    for name in lost:
        await folder.put(name, await store.disk.get(name))
    return bool(lost)


async def _pull(store: Store, folder: Folder, progress: Progress, outcome: Outcome) -> None:
    theirs = await folder.partitions()
    wanted: list[str] = []
    for partition, digest in theirs.items():
        here = {name for name in await store.disk.names(f"p/{partition}/") if names.parse(name)}
        if names.digest_of(here) == digest:
            continue
        listed = await folder.names(f"p/{partition}/")
        wanted += sorted((n for n in listed - here if names.parse(n)), key=lambda n: "/media/" in n)
    wanted.sort(key=lambda name: "/media/" in name)  # words first, pictures after
    for done, name in enumerate(wanted):
        progress("fetching", done, len(wanted))
        await _fetch(store, folder, name, outcome)
        await asyncio.sleep(0)
    if wanted:
        progress("fetching", len(wanted), len(wanted))
        await store.view_if_due()


async def _fetch(store: Store, folder: Folder, name: str, outcome: Outcome) -> None:
    try:
        data = await folder.get(name)
    except MissingName:
        return  # listed a moment ago, gone now: absence proves nothing, the next round looks again
    try:
        good = await store.take(name, data)
    except StorageError as problem:
        if problem.code == "store_full":
            raise
        outcome.problems.append(f"{problem.code} {name}")
        return
    if good:
        outcome.received += 1
        store.changed()
    else:
        outcome.problems.append(f"bad_bytes {name}")
