"""`smallsteps backup`: a copy of a school's folder in another place, kept up to date by running it again.

While the hub runs and devices sync: nothing there ever changes once it is written, so that what was copied stays right. Nothing
of a backup goes because the school's folder has lost it; only what an order erased does (I9). At the end each file is read again.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import dataclass, field, replace

from app.domain.records.acts import What
from app.folders.backup import hub_files as papers
from app.folders.backup import manifest
from app.folders.backup.backup_place import opened, taken_up
from app.folders.backup.manifest import Manifest
from app.folders.backup.verifying import amiss, looked, missing, problems
from app.folders.check.checking import Check, Progress, quiet
from app.folders.copy.copying import Copying, copied
from app.folders.copy.sides import Side, side
from app.folders.places import Where
from app.hub.ground.signed_records import Vault
from app.hub.office import now_ms
from app.hub.records.pending import PendingEntries
from storage import names
from storage.errors import StorageError
from storage.folder.directory import Directory
from storage.folder.port import Disk

PASSES = 5  # over a folder in which devices fold while it is copied
IN_MOTION = "The school's folder changed faster than it could be copied. Please run the backup again."
NOT_NOTED = "The hub's key is not at hand, so this backup is not in the audit log."
NO_PAPERS = "A hub keeps its papers to itself: devices, links and the audit log are not in this backup."


@dataclass(slots=True)
class Kept:
    """`new` files came into the backup, which has `files` now; `erased` went; `mended` had rotted in it. `folded` and `lost` are
    files that the school's folder has no more, because they were folded into others there, or not. `bad`: name -> why it is not
    whole in the backup."""

    new: int = 0
    files: int = 0
    erased: int = 0
    mended: int = 0
    folded: int = 0
    lost: int = 0
    bad: dict[str, str] = field(default_factory=dict)
    notes: list[str] = field(default_factory=list)


async def backup(
    where: Where, to: Where, *, now: int | None = None, progress: Progress = quiet,
    key: Callable[[str], bytes | None] = lambda space: None,
) -> Kept:  # fmt: skip
    """`now` in ms UTC; `key` gives the hub's key of a space, where it is at hand. What is in the backup when this raises stays,
    and the same again goes on from there."""
    async with side(where, reads=True) as source, taken_up(to, source, now_ms() if now is None else now) as (target, said):
        backing = Backing(source, target, said, progress)
        await backing.note(key(source.space))
        return await backing.run()


async def verify(to: Where, *, progress: Progress = quiet) -> tuple[Kept, Manifest]:
    """Only looks. Raises FolderForeign, FolderUnreadable."""
    place, said = await opened(to)
    assert place.disk
    with place.midway():
        check = await looked(place.disk, progress)
        bad = problems(check) | await amiss(place, said, check, progress)
        return Kept(files=said.files, bad=bad), said


async def mend(copying: Copying, check: Check) -> Kept:
    """What has rotted in the second folder, or is spoken of there and was never copied, comes once more from the first."""
    done = Kept()
    rotten = sorted(check.faulty.keys() & copying.one.names)
    for name in [*rotten, *(name for name in missing(check) if name not in rotten)]:
        if await copied(copying.one, copying.two, name) == "":
            done.mended, done.new = done.mended + (name in rotten), done.new + (name not in rotten)
            check.whole.add(name)
            check.faulty.pop(name, None)
            check.found.problems = [one for one in check.found.problems if one.name != name]
            copying.done.bad.pop(name, None)
    return done


class Backing:
    """One run. The school's own records first, with the orders to erase; then the children's; then the papers."""

    def __init__(self, source: Side, target: Side, said: Manifest, progress: Progress) -> None:
        self.source, self.target, self.said, self.progress, self.done = source, target, said, progress, Kept()
        self.copying = Copying(source, target, progress)

    @property
    def disk(self) -> Disk:
        assert self.target.disk
        return self.target.disk

    async def note(self, key: bytes | None) -> None:
        """For the audit log, before anything of the children is copied. Without the key, or where nothing can be written, it is
        not in there."""
        noted = False
        if key and isinstance(self.source.disk, Directory):
            with suppress(StorageError):
                await PendingEntries(Vault(self.source.disk, key), now_ms).note(What.BACKUP_MADE)
                noted = True
        self.done.notes += [] if noted else [NOT_NOTED]

    async def run(self) -> Kept:
        await self._records()
        await self._papers()
        check = await looked(self.disk, self.progress)
        again = await mend(self.copying, check)
        self.done.mended, self.done.new = again.mended, self.done.new + again.new
        await self._finish(check)
        self.done.bad |= problems(check) | self.copying.done.bad
        return self.done

    async def _records(self) -> None:
        """Once more, where something was folded away between the look and the copy: what it was folded into is there by now."""
        for _ in range(PASSES):
            self.copying.vanished = False
            await self.copying.records()
            if not self.copying.vanished:
                break
        else:
            self.done.notes.append(IN_MOTION)
        self.done.new, self.done.erased = self.copying.done.there, self.copying.done.erased

    async def _papers(self) -> None:
        if self.source.disk is None:
            self.done.notes.append(NO_PAPERS)
            return
        written, bad = await papers.copy_papers(self.source, self.target, self.copying.erased, self.progress)
        self.done.new += len(written)
        self.done.bad |= bad

    # -- at the end ----------------------------------------------------------------------------------------------------------
    async def _finish(self, check: Check) -> None:
        """The list of all that is whole, and last of all that the backup is finished."""
        have = check.whole | {name for name, seen in check.faulty.items() if seen.code == "newer_format"}
        listed = dict.fromkeys(have, "")
        listed |= await papers.hashes(self.disk, await papers.papers_of(self.target), self.progress)
        self._compare(have, check)
        self.done.files = len(listed)
        digest = await manifest.write_list(self.disk, listed)
        await manifest.write(self.disk, replace(self.said, finished=now_ms(), files=len(listed), digest=digest))

    def _compare(self, have: Iterable[str], check: Check) -> None:
        more = {name for name in have if names.parse(name)} - self.source.names
        self.done.folded = len(more & check.covered)
        self.done.lost = len(more - check.covered)
