"""What a listing tells: what to fetch, what has been folded away, and what the folder has lost and gets again.

Absence proves nothing: a file is missing when two listings at least a day apart lack it and no snapshot covers it. But a folder
that says it came out of a backup has lost what it lacks, and gets it at once (see `hear` and `note_healed`). A device puts
its own files again, and pictures, whose names are their bytes; only one that `speaks_for_all` (the SENCO's) those of others.
"""

from collections.abc import Mapping
from contextlib import suppress

from storage import names, segments
from storage.errors import BadBytes, Erased, FolderReadOnly, MissingName, NewerFormat, Refused, StoreFull
from storage.folder.port import Folder, Restorable, digest_with
from storage.store import Store

A_DAY = 24 * 60 * 60 * 1000
TEN_MINUTES = 10 * 60 * 1000
HEALED = "healed"  # what is kept on the device: the restores of the folder since which it has put again all that it had


# -- a folder out of a backup --------------------------------------------------------------------------------------------------
async def hear(store: Store, folder: Folder) -> None:
    """After the first question of a round."""
    restores = folder.brought_back if isinstance(folder, Restorable) else ""
    if restores != store.restores:
        store.restores = restores
        store.seen.clear()  # what was seen there is not there any more, though it may look the same
    store.heals_now = bool(restores) and restores != await healed(store)


async def healed(store: Store) -> str:
    return (await store.kept(HEALED) or b"").decode("utf-8", "replace")


async def note_healed(store: Store, folder: Folder) -> None:
    """At the end of a round: where nothing is missing any more and nothing waits, this is a folder as any other."""
    if store.heals_now and isinstance(folder, Restorable) and not (store.missing or store.waiting):
        with suppress(StoreFull):  # then the next round does a little more
            await store.keep(HEALED, folder.brought_back.encode())


def _patience(store: Store) -> int:
    """Ms between two looks at what is missing; where it was certainly lost, from one try to the next."""
    return TEN_MINUTES if store.heals_now else A_DAY


# -- a listing ---------------------------------------------------------------------------------------------------------------


async def compare(store: Store, folder: Folder, partition: str, listed: set[str]) -> set[str]:
    """The names of a listing that have to be fetched. What was folded away there goes here too; what is missing there is put
    again."""
    held, folded = store.holds(partition), await folds(store, partition)
    await store.forget_folded(name for name in held - listed if folded.get(name, set()) & listed)
    store.returned |= {name for name in folded.keys() & listed - held if name.split("/")[3].startswith(store.device)}
    gone = {name for name, snaps in folded.items() if snaps & listed}  # a fold that is not there yet stands for nothing there
    lost = {name for name in store.here.get(partition, set()) - listed - gone - store.waiting.keys()}
    await _mend(store, folder, partition, {name for name in lost if _mine_to_mend(store, name)})
    return listed - held - folded.keys()


async def folds(store: Store, partition: str) -> dict[str, set[str]]:
    """Covered name -> the snapshots on this disk, whole, that hold its ops. A device can only have folded its own files."""
    found: dict[str, set[str]] = {}
    for snap in sorted(name for name in store.here.get(partition, ()) if "/snap/" in name):
        writer = names.parse(snap)
        for name in await covered_by(store, snap):
            parts = names.parse(name)
            if parts and writer and (parts.partition, parts.dev) == (partition, writer.dev):
                found.setdefault(name, set()).add(snap)
    return found


async def covered_by(store: Store, snap: str) -> tuple[str, ...]:
    """What a snapshot on this disk covers; nothing, when it is not whole."""
    if snap not in store.folds and snap not in store.rotten:
        try:
            store.folds[snap] = segments.read(snap, await store.disk.get(snap)).covers
        except NewerFormat:
            store.folds[snap] = ()
        except (BadBytes, MissingName):
            store.spoilt(snap, snap.split("/")[1])
    return () if snap in store.rotten else store.folds[snap]


def due(store: Store, partition: str) -> bool:
    """Whether it is time for the second look at what was missing, or the clock was set back since the first."""
    now = store.now()
    return any(
        not 0 <= now - first < _patience(store) for name, first in store.missing.items() if name.split("/")[1] == partition
    )


async def found_again(store: Store, theirs: Mapping[str, str]) -> None:
    """`theirs`: partition -> digest of the names there. Where that is all that is here, nothing is missing any more."""
    if store.missing:
        whole = {partition for partition, digest in theirs.items() if digest == store.digest(partition)}
        await store.note_missing({name: first for name, first in store.missing.items() if name.split("/")[1] not in whole})


def _mine_to_mend(store: Store, name: str) -> bool:
    parts = names.parse(name)
    return parts is not None and (store.speaks_for_all or parts.dev in {store.device, ""})


async def _mend(store: Store, folder: Folder, partition: str, lost: set[str]) -> None:
    noted = {name: first for name, first in store.missing.items() if name.split("/")[1] != partition}
    for name in sorted(lost, key=lambda name: ("/media/" not in name, name)):
        first = min(store.missing.get(name, store.now()), store.now())
        at_once = store.heals_now and name not in store.missing
        if store.now() - first < _patience(store) and not at_once:
            noted[name] = first
        elif not await _given_again(store, folder, name):
            noted[name] = store.now()  # a no today may be a yes tomorrow
    await store.note_missing(noted)


async def _given_again(store: Store, folder: Folder, name: str) -> bool:
    """Whether the folder has it again, or this device has said the same in a file of its own (I13)."""
    data = await store.disk.get(name)
    if not names.matches(name, data):
        if "/media/" not in name:
            await store.adopt(name, for_all=store.speaks_for_all)
        return "/media/" not in name
    nonce = store.random(16)
    try:
        return await folder.put(name, data, nonce) == digest_with(nonce, data)
    except (Refused, BadBytes, NewerFormat, Erased, FolderReadOnly):
        return False
