"""Compaction: many small files of mine become one snapshot, and only long after it was read back do exactly they go (I8).

fold -> put -> read back -> wait the longer of seven days and three times the longest pause between two rounds -> ask the folder
once more whether it still holds the snapshot -> delete what the snapshot covers, there and here.
"""

import json
from collections.abc import Iterator, Mapping
from contextlib import suppress

from storage import healing, names, segments
from storage.errors import BadBytes, MissingName, NewerFormat, Refused, StoreFull
from storage.folder.port import Folder, digest_with
from storage.folding import fold
from storage.ops import dumps
from storage.store import Store

WEEK = 7 * 24 * 60 * 60 * 1000
LONGEST_PAUSE = 60 * 24 * 60 * 60 * 1000  # ms; a pause that is longer is a clock that was wrong
LEAST = 32  # files that are worth a fold
MOST_FOLDED = 1024 * 1024  # bytes stored
NOTED = "local/folds"


async def compact(store: Store, folder: Folder, least: int = LEAST) -> None:
    """Fold what is worth it, and delete what was folded long enough ago. Raises Unreachable; what was done stays done."""
    noted = await _noted(store)
    for partition in sorted(store.here):
        folded = await healing.folds(store, partition)
        await _fold(store, partition, set(folded), least)
        await _delete(store, folder, folded, noted)
    with suppress(StoreFull):
        await store.disk.replace(NOTED, dumps(noted).encode())


# -- fold --------------------------------------------------------------------------------------------------------------------
async def _fold(store: Store, partition: str, folded: set[str], least: int) -> None:
    ready: dict[str, int] = {}
    for name in sorted(store.here[partition] & store.checked - folded - store.rotten):
        if (parts := names.parse(name)) and parts.dev == store.device and parts.kind != "media":
            ready[name] = await store.disk.size(name)
    for group in groups(ready, least):
        await _snapshot(store, partition, group)


def groups(files: Mapping[str, int], least: int, most: int = MOST_FOLDED) -> Iterator[list[str]]:
    """Names (with their sizes in bytes) in groups that are worth a fold: at least so many, together not larger than `most`."""
    group: list[str] = []
    size = 0
    for name in sorted(name for name, bytes_ in files.items() if bytes_ <= most // 2):
        if size + files[name] > most:
            if len(group) >= least:
                yield group
            group, size = [], 0
        group.append(name)
        size += files[name]
    if len(group) >= least:
        yield group


async def _snapshot(store: Store, partition: str, group: list[str]) -> None:
    try:
        parts = [segments.read(name, await store.disk.get(name)) for name in group]
    except (BadBytes, MissingName, NewerFormat):
        return  # a file has rotted here: it is mended first
    if any(part.extra for part in parts):
        return  # a newer Small Steps said something of these files that we could not carry over
    covers = {*group, *(name for part in parts for name in part.covers)}
    ops = fold(op for part in parts for op in part.ops)
    media = {digest for part in parts for digest in part.media}
    if segments.fits(ops, MOST_FOLDED):
        with suppress(StoreFull):
            await store.snapshot(partition, ops, media, covers, max(part.edition for part in parts))
    elif len(group) > 1:
        await _snapshot(store, partition, group[: len(group) // 2])
        await _snapshot(store, partition, group[len(group) // 2 :])


# -- delete ------------------------------------------------------------------------------------------------------------------
async def _delete(store: Store, folder: Folder, folded: Mapping[str, set[str]], noted: dict[str, int]) -> None:
    mine = {snap for snaps in folded.values() for snap in snaps if snap.split("/")[3].startswith(store.device)}
    for snap in sorted(mine & store.checked):
        since = noted[snap] = min(noted.get(snap, store.now()), store.now())
        covered = [name for name in await healing.covered_by(store, snap) if snap in folded.get(name, ())]
        left = [name for name in covered if name in store.here[name.split("/")[1]] or name in store.returned]
        if left and store.now() - since >= max(WEEK, 3 * noted["longest"]) and await _still_there(store, folder, snap):
            await _delete_exactly(store, folder, left)


async def _still_there(store: Store, folder: Folder, snap: str) -> bool:
    nonce = store.random(16)
    return await folder.digest(snap, nonce) == digest_with(nonce, await store.disk.get(snap))


async def _delete_exactly(store: Store, folder: Folder, covered: list[str]) -> None:
    gone = []
    for name in covered:
        with suppress(Refused):  # the hub has its reasons; the file stays
            await folder.delete(name)
            gone.append(name)
    await store.forget_folded(gone)
    store.returned.difference_update(gone)


async def _noted(store: Store) -> dict[str, int]:
    """Snapshot of mine -> ms UTC since when it is known to be in the folder; `last` and `longest`: this round, the longest
    pause between two."""
    noted: dict[str, int] = {}
    with suppress(MissingName, ValueError, AttributeError):
        raw = json.loads(await store.disk.get(NOTED))
        noted = {name: when for name, when in raw.items() if isinstance(when, int)}
    pause = store.now() - noted.get("last", store.now())
    noted["longest"] = max(noted.get("longest", 0), min(max(pause, 0), LONGEST_PAUSE))
    noted["last"] = store.now()
    return {name: when for name, when in noted.items() if name in {"last", "longest"} or name in store.checked}
