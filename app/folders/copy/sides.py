"""The two folders of a copy, each of any kind: a directory, a folder on a WebDAV server, or a hub."""

import json
from collections.abc import AsyncIterator
from contextlib import AbstractContextManager, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import FolderForeign, FolderNewer
from app.folders.check.survey import survey
from app.folders.copy.hub_side import hub_at, is_hub
from app.folders.places import BACKUP, Where, in_words, looked_at, place, shown, where_is, written_to
from app.folders.words import midway
from storage import names
from storage.errors import MissingName
from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.folder.port import Disk, Folder
from storage.space import FORMAT, NAME, open_space

BEGUN = "What was copied is whole; the same again goes on from here."


@dataclass(slots=True)
class Side:
    """`disk` is the folder where its owner's files can be had, too, and None for a hub; `takes` says whether it may be written.
    `names` are what it lists below `p/`, `odd` what there is no file."""

    shown: str
    folder: Folder
    disk: Disk | None
    space: str = ""
    takes: bool = True
    names: set[str] = field(default_factory=set)
    odd: dict[str, str] = field(default_factory=dict)

    @property
    def ours(self) -> set[str]:
        return {name for name in self.names if names.parse(name)}

    @property
    def near(self) -> bool:
        return isinstance(self.folder, Directory)

    def midway(self) -> AbstractContextManager[None]:
        return midway(self.shown, BEGUN)

    async def list(self) -> None:
        with self.midway():
            found = await survey(self.folder, ("p",))
        self.names, self.odd = found.names, found.odd


@asynccontextmanager
async def side(where: Where, reads: bool = False) -> AsyncIterator[Side]:
    """Looked at, with nothing written. One that is only read (`reads`) may be closed for writing, and newer.

    Raises FolderMissing, FolderForeign, FolderNewer, FolderUnreadable, FolderNotWritable, FolderAway, SignInRefused,
    PlaceUnknown; of a hub HubUnreachable and what it says of a code."""
    text = str(where)
    if is_hub(text):
        async with hub_at(text) as (hub, mine):
            yield await _of_hub(Side(shown(text), hub, None, mine.space, mine.speaks_for_all and not reads), hub, reads)
        return
    where = where_is(text)
    await looked_at(where)
    if not reads:
        await written_to(where)
    disk = place(where)
    try:
        with in_words():
            space = await _space(disk, reads)
        yield Side(shown(where), disk, disk, space, not reads)
    finally:
        await disk.close()


async def _of_hub(one: Side, hub: HubFolder, reads: bool) -> Side:
    """Raises OtherSpace for a hub that has another folder than when this computer joined."""
    await hub.partitions()
    if not (hub.hello.writable or reads):
        raise FolderNewer
    return one


async def _space(disk: Disk, reads: bool) -> str:
    """ "" for an empty folder. Raises FolderNewer."""
    try:
        space = await open_space(disk)
    except MissingName:
        return ""
    if not (space.writable or reads):
        raise FolderNewer
    return space.id


# -- two of them -----------------------------------------------------------------------------------------------------------
def need_apart(one: Side, two: Side) -> None:
    """Raises FolderForeign for a folder inside the other."""
    if isinstance(one.folder, Directory) and isinstance(two.folder, Directory):
        paths: list[Path] = [one.folder.path.resolve(), two.folder.path.resolve()]
        if paths[0] in paths[1].parents or paths[1] in paths[0].parents:
            raise FolderForeign("One of these folders lies inside the other. Choose another; nothing was changed.")


async def one_space(one: Side, two: Side) -> None:
    """An empty folder becomes one of the other's space, before all else: so a stopped copy can go on. Raises FolderForeign."""
    if not (one.space or two.space):
        raise FolderForeign("Neither of these is a school's folder yet. Nothing was changed.")
    if one.space and two.space and one.space != two.space:
        raise FolderForeign("These two folders are of two different schools. Nothing was copied.")
    for target, source in ((one, two), (two, one)):
        if not target.space and target.disk:
            await _need_school(source)
            with target.midway():
                await target.disk.replace(NAME, await space_paper(source))


async def _need_school(source: Side) -> None:
    """Raises FolderForeign: a copy of a backup would be served, and no one would know that it is one."""
    if source.disk and await source.disk.size(BACKUP):
        raise FolderForeign("This is a backup. Bring it back with smallsteps restore; nothing was copied.")


async def space_paper(source: Side) -> bytes:
    if source.disk:
        return await source.disk.get(NAME)
    return json.dumps({"format": FORMAT, "min_reader": 1, "space": source.space}, sort_keys=True).encode()
