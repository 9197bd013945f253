"""`smallsteps restore`: a school's folder again, out of a backup, in an empty place.

`space.json` comes last, so that a folder which was cut off half-way is not taken for a school; and before it a mark by which the
hub knows that what families may see could be out of date (see `app/hub/records/restore.py`).
"""

import asyncio
import json
import secrets
from dataclasses import asdict, dataclass, field
from pathlib import Path

from app.errors import FolderForeign
from app.folders.backup import hub_files as papers
from app.folders.backup import manifest
from app.folders.backup.backup import mend
from app.folders.backup.backup_place import opened
from app.folders.backup.manifest import Manifest
from app.folders.backup.verifying import amiss, looked, problems, spoilt
from app.folders.check.checking import Progress, quiet
from app.folders.copy.copying import Copying
from app.folders.copy.sides import Side, need_apart
from app.folders.places import (
    Where,
    in_words,
    is_address,
    looked_at,
    nothing_of_others,
    place,
    shown,
    where_is,
    writable,
    written_to,
)
from app.hub.office import now_ms
from app.hub.records.restore import MARKS, Mark
from storage.errors import BadBytes, MissingName, NewerFormat
from storage.folder.directory import ASIDE
from storage.folder.port import Disk
from storage.ops import dumps
from storage.space import FORMAT, NAME, read_space

BEGUN = "restoring.json"
VOID = ("hub/invites/", "hub/used/", "hub/tries/")  # a code of then opens nothing now
NOT_EMPTY = "There is something in this folder already. A backup is brought back into an empty one; nothing was changed."
NOT_FINISHED = "This backup was never finished. What is whole in it was brought back."
CUT_OFF = "The last run of this backup was cut off. What it had copied by then was brought back, too."


@dataclass(slots=True)
class Restored:
    """`files` are in the folder now, each read again there. `bad`: name -> why it was left out, or is missing."""

    files: int = 0
    of: int = 0
    bad: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


async def restore(backup: Where, to: Where, *, now: int | None = None, progress: Progress = quiet) -> Restored:
    """`now` in ms UTC. Raises what is wrong with the backup or the place in a sentence."""
    source, said = await opened(backup)
    where = where_is(str(to))
    disk = place(where)
    target = Side(shown(where), disk, disk, said.space)
    try:
        need_apart(source, target)
        with in_words():
            mark = await _begun(where, disk, said, now_ms() if now is None else now)
        with target.midway():
            return await Restoring(source, target, said, mark, progress).run()
    finally:
        await disk.close()


# -- the place -------------------------------------------------------------------------------------------------------------
async def _begun(where: Where, disk: Disk, said: Manifest, now: int) -> Mark:
    """The mark of this restore; of the one that was cut off here, if it was of the same backup. Raises FolderForeign."""
    try:
        raw = json.loads(await disk.get(BEGUN))
        if (raw["space"], raw["of"]) != (said.space, said.begun):
            raise FolderForeign(NOT_EMPTY)
        return Mark(str(raw["id"]), int(raw["backup"]), int(raw["at"]))
    except MissingName:
        pass
    except (BadBytes, ValueError, KeyError, TypeError) as error:
        raise FolderForeign(NOT_EMPTY) from error
    await _need_empty(where)
    await written_to(where)
    mark = Mark(secrets.token_hex(8), said.of, now)
    await disk.replace(BEGUN, dumps({**asdict(mark), "space": said.space, "of": said.begun}).encode())
    return mark


async def _need_empty(where: Where) -> None:
    """Raises FolderForeign."""
    if is_address(where):
        await looked_at(where)  # what is no school and not empty is refused there
        there = place(where)
        try:
            if await there.size(NAME):
                raise FolderForeign(NOT_EMPTY)
        finally:
            await there.close()
    else:
        await asyncio.to_thread(_made, Path(where))


def _made(to: Path) -> None:
    if to.exists() and not to.is_dir():
        raise FolderForeign
    if to.is_dir():
        nothing_of_others(to, ASIDE, otherwise=NOT_EMPTY)
    writable(next(above for above in (to, *to.absolute().parents) if above.is_dir()))
    to.mkdir(parents=True, exist_ok=True)


# -- the work --------------------------------------------------------------------------------------------------------------
class Restoring:
    """One run. What is wrong in the backup is left out and told; the rest is brought back."""

    def __init__(self, source: Side, target: Side, said: Manifest, mark: Mark, progress: Progress) -> None:
        self.source, self.target, self.said, self.mark, self.progress = source, target, said, mark, progress
        self.copying, self.done = Copying(source, target, progress), Restored(of=said.of)

    async def run(self) -> Restored:
        assert self.source.disk and self.target.disk
        await self.copying.records()
        await self._papers(self.source.disk)
        check = await looked(self.target.disk, self.progress)
        await mend(self.copying, check)
        self.done.bad |= await amiss(self.source, self.said, check, self.progress)
        self.done.bad |= problems(check) | self.copying.done.bad
        self.done.files = len(check.whole) + len(await papers.papers_of(self.target))
        await self._open(self.source.disk, self.target.disk)
        if not self.said.finished:
            self.done.notes.append(CUT_OFF if self.said.of else NOT_FINISHED)
        return self.done

    async def _papers(self, backup: Disk) -> None:
        listed = await manifest.list_of(backup, self.said) or {}
        bad = await spoilt(backup, self.said, listed, self.progress)

        def wanted(name: str) -> bool:
            return name not in bad and not name.startswith(VOID)

        erased = self.copying.erased
        _, left_out = await papers.copy_papers(self.source, self.target, erased, self.progress, wanted)
        self.done.bad |= bad | left_out

    async def _open(self, backup: Disk, folder: Disk) -> None:
        """From here on it is a school's folder, that says that it was brought back."""
        await folder.replace(f"{MARKS}{self.mark.id}.json", self.mark.paper())
        await folder.replace(NAME, await self._space(backup))
        await folder.delete(BEGUN)

    async def _space(self, backup: Disk) -> bytes:
        """As it was; where that has rotted, as the backup knows it."""
        try:
            data = await backup.get(NAME)
            if read_space(data).id == self.said.space:
                return data
        except NewerFormat:
            return data
        except (MissingName, BadBytes):
            pass
        return dumps({"format": FORMAT, "min_reader": 1, "space": self.said.space}).encode()
