"""Whether a backup, or what was brought back from one, is whole: every file is read again, and none is missing."""

from collections.abc import Iterable, Mapping

from app.folders.backup import hub_files as papers
from app.folders.backup import manifest
from app.folders.backup.manifest import Manifest
from app.folders.check.checking import Check, Progress
from app.folders.copy.sides import Side
from app.hub.records.erasures import speaks_of
from storage import erasure, names
from storage.errors import MissingName, NewerFormat
from storage.folder.port import Disk

LOST = "was in the backup when it was last finished, and is gone"
NO_LIST = "cannot be read, so no one knows whether a file is missing; the next backup writes it anew"


async def looked(disk: Disk, progress: Progress) -> Check:
    check = Check(disk, repair=False, progress=progress)
    await check.run()
    return check


def problems(check: Check) -> dict[str, str]:
    """Name -> what is wrong. A file of a newer format is whole, and for others to read."""
    return {one.name: one.sentence for one in check.found.problems if one.code != NewerFormat.code}


def missing(check: Check) -> list[str]:
    """Names that others speak of."""
    return [one.name for one in check.found.problems if one.code == MissingName.code]


async def amiss(place: Side, said: Manifest, check: Check, progress: Progress) -> dict[str, str]:
    """What is not as it was when the backup was last finished. What an order has erased since is no loss."""
    assert place.disk
    listed = await manifest.list_of(place.disk, said)
    if listed is None:
        return {manifest.NAMES: NO_LIST} if said.finished else {}
    there = check.whole | check.faulty.keys() | await papers.papers_of(place)
    lost = set(_not_erased(listed.keys() - there, check.erased))
    return dict.fromkeys(lost, LOST) | await spoilt(place.disk, said, listed, progress)


async def spoilt(disk: Disk, said: Manifest, listed: Mapping[str, str], progress: Progress) -> dict[str, str]:
    """Papers that are there and not as they were; a backup that was cut off may hold newer ones."""
    there = await disk.names("hub/") | await disk.names("seen/")
    now = await papers.hashes(disk, [name for name in listed.keys() & there if listed[name]], progress)
    bad = [name for name, digest in now.items() if not digest or (said.finished and digest != listed[name])]
    return dict.fromkeys(bad, papers.BROKEN)


def _not_erased(gone: Iterable[str], children: set[str]) -> Iterable[str]:
    rooms = {room for child in children for room in erasure.rooms(child)}
    for name in gone:
        parts = name.split("/")
        of_a_link = bool(children) and parts[:2] in (["hub", kind] for kind in ("links", "views", "ended"))  # no one knows whose
        record = names.parse(name)
        if not (of_a_link or speaks_of(parts, rooms, set()) or (record and record.partition in rooms)):
            yield name
