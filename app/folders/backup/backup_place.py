"""The place of a backup: made, taken up again, or only read. One command at a time writes there."""

import asyncio
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import replace
from pathlib import Path

from app.errors import FolderForeign, PlaceUnknown, SmallStepsError
from app.folders.backup import manifest
from app.folders.backup.manifest import Manifest
from app.folders.copy.sides import Side, need_apart, space_paper
from app.folders.places import BACKUP, Where, is_address, nothing_of_others, shown, writable
from storage.errors import StoreBusy
from storage.folder.directory import ASIDE, Directory, locked
from storage.space import NAME

LOCK = ".lock"
A_DISK = "A backup goes to a folder on this computer, or on a disk in it. Nothing was changed."
NO_SCHOOL = "There is no school in this folder yet, so there is nothing to back up."
A_SCHOOL = "This is a school's folder and not a backup. Choose an empty folder; nothing was changed."
OTHER = "This is the backup of another school. Choose an empty folder; nothing was changed."
BUSY = "Another backup to this place is at work. Please wait for it; nothing was changed."
NOT_ONE = f"There is no backup in this folder: it has no {BACKUP}."


@asynccontextmanager
async def taken_up(to: Where, source: Side, now: int) -> AsyncIterator[tuple[Side, Manifest]]:
    """The place, new or of an earlier backup of the same school, and what it says of itself from now on: that it is not finished.

    Raises PlaceUnknown, FolderForeign, FolderNotWritable, FolderUnreadable."""
    if is_address(to):
        raise PlaceUnknown(A_DISK)
    if not source.space:
        raise FolderForeign(NO_SCHOOL)
    path = Path(to)
    disk = Directory(path)
    target = Side(shown(path), disk, disk, source.space)
    need_apart(source, target)
    before = await manifest.manifest_of(disk)
    await asyncio.to_thread(_made, path, before, source.space)
    with _alone(path), target.midway():
        said = replace(before or Manifest(source.space, now), begun=now, finished=0, before=before.of if before else 0)
        await manifest.write(disk, said)
        await disk.replace(NAME, await space_paper(source))
        yield target, said


def _made(to: Path, before: Manifest | None, space: str) -> None:
    """There it is, and nothing in it but an earlier backup of this school, or one that was cut off at its very first file."""
    if before and before.space != space:
        raise FolderForeign(OTHER)
    if to.exists() and not to.is_dir():
        raise FolderForeign
    if before is None and to.is_dir():
        if (to / NAME).exists():
            raise FolderForeign(A_SCHOOL)
        nothing_of_others(to, ASIDE)
    writable(next(above for above in (to, *to.absolute().parents) if above.is_dir()))
    to.mkdir(parents=True, exist_ok=True)


@contextmanager
def _alone(to: Path) -> Iterator[None]:
    try:
        lock = locked(to / LOCK)
    except StoreBusy:
        raise SmallStepsError(BUSY) from None
    try:
        yield
    finally:
        if lock:
            lock.close()


async def opened(to: Where) -> tuple[Side, Manifest]:
    """A backup, to be read. Raises FolderForeign, FolderUnreadable."""
    disk = Directory(Path(to))
    said = None if is_address(to) else await manifest.manifest_of(disk)
    if said is None:
        raise FolderForeign(NOT_ONE)
    return Side(shown(to), disk, disk, said.space, takes=False), said
