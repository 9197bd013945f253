"""Which of the browser's stores this tablet uses: found out by trying, and then never changed under its owner's feet."""

import secrets
from contextlib import suppress

import js
from pyodide.ffi import JsException

from storage.errors import FolderUnreadable, NothingLasts, StorageError
from storage.folder.idb import Idb
from storage.folder.opfs import Opfs
from storage.folder.port import Disk
from storage.folder.tab import TabLock

ROOM = "small-steps"
PROBE, WHERE = "local/probe", "local/where"
PROBES = {PROBE, f"{PROBE}.aside"}  # may be left by a try that failed: they belong to no school


async def open_disk(room: str = ROOM) -> tuple[Disk, bool]:
    """The disk, and whether the browser has promised to keep it (False: "this browser may forget").

    Raises StoreBusy in a second tab, NothingLasts where no store gives back what was written, and FolderUnreadable
    when the store that was used before does not open: to begin an empty one beside it would look like a loss.
    """
    lock = await TabLock.take(room)
    try:
        return await _choose(room, lock), await promised()
    except BaseException:
        await lock.release()
        raise


async def promised() -> bool:
    """Whether the browser will keep this origin's data when it runs short of room."""
    try:
        return bool(await js.navigator.storage.persisted())
    except (JsException, AttributeError):
        return False


async def _choose(room: str, lock: TabLock) -> Disk:
    opfs, idb = await _opened(Opfs, room, lock), await _opened(Idb, room, lock)
    used = (await idb.get(WHERE)).decode() if idb and WHERE in await idb.names() else ""
    if opfs and (used == "opfs" or await opfs.names() - PROBES):
        chosen: Opfs | Idb = opfs
    elif used == "opfs":
        raise FolderUnreadable("this browser's own file system, used before, does not open")
    elif idb and used == "idb":
        chosen = idb
    else:
        chosen = await _proved(opfs, lock) or await _proved(idb, lock) or _nothing()
        await _remember(idb, chosen)
    for other in (opfs, idb):
        if other and other is not chosen:
            await other.shut()
    return chosen


def _nothing() -> Opfs:
    raise NothingLasts("neither of this browser's stores gives back what was written")


async def _opened(kind: type[Opfs] | type[Idb], room: str, lock: TabLock) -> Opfs | Idb | None:
    try:
        return await kind.open(room, lock)
    except StorageError:
        return None


async def _proved(disk: Opfs | Idb | None, lock: TabLock) -> Opfs | Idb | None:
    """Write, open again, read: only a store that gives back what it was given is one."""
    mark = secrets.token_bytes(64)
    if disk is None:
        return None
    try:
        await disk.append(PROBE, mark[:32])
        await disk.append(PROBE, mark[32:])
        await disk.replace(f"{PROBE}.aside", mark)
        await disk.shut()
        again = await type(disk).open(disk.room, lock)
        kept = await again.get(PROBE) == mark == await again.get(f"{PROBE}.aside")
        await again.delete(PROBE)
        await again.delete(f"{PROBE}.aside")
        return again if kept else None
    except (StorageError, JsException, AttributeError):
        return None


async def _remember(idb: Opfs | Idb | None, chosen: Opfs | Idb) -> None:
    """So that a store which does not open one day is missed, rather than begun anew."""
    home = chosen if isinstance(chosen, Idb) else idb
    if home:
        with suppress(StorageError):
            await home.replace(WHERE, chosen.kind.encode())
