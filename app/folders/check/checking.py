"""`smallsteps check`: a look at every file of a folder. It reads one after the other, so that a folder may be of any size."""

from collections.abc import Callable
from dataclasses import asdict, dataclass, field

from app.errors import FolderForeign, FolderNewer, PlaceUnknown
from app.folders.check import mending
from app.folders.check.audit_log import log_in
from app.folders.check.erasing import of_children
from app.folders.check.looking import Look
from app.folders.check.reading import looked_into
from app.folders.check.survey import Survey, survey
from app.folders.copy.hub_side import is_hub
from app.folders.places import Where, in_words, looked_at, place, shown, written_to
from app.folders.words import midway
from storage import erasure, names
from storage.errors import Erased, MissingName
from storage.folder.port import Disk
from storage.several import several
from storage.space import NAME, open_space

Progress = Callable[[str, int, int], None]
"""(what, done, total)"""
FILES_AT_ONCE = 8
BESIDE_RECORDS = ("hub/", "seen/", "local/", ".lock", "backup.json", "restoring.json", NAME)  # besides what the partitions hold
ODD = "not_a_file"
AUDIT = "audit"  # the code of anything that is wrong with the audit log
UNTOUCHED = "Nothing was changed."
BEGUN = "What was mended stays mended; the same again goes on from here."


def quiet(what: str, done: int, total: int) -> None:
    return None


@dataclass(frozen=True, slots=True)
class Problem:
    """`code` is stable; the sentence goes on from the name."""

    name: str
    code: str
    sentence: str
    repaired: bool = False

    def __str__(self) -> str:
        return f"{self.name}: {self.sentence}{' (repaired)' if self.repaired else ''}"


@dataclass(slots=True)
class Found:
    """`entries` of the audit log; `foreign` are files with no name of ours; `orphans` pieces that no change speaks of (yet);
    `aside` what a repair has put out of the way; `leftovers` what was being written when a program was stopped, more than a week
    ago."""

    files: int = 0
    ops: int = 0
    media: int = 0
    entries: int = 0
    foreign: list[str] = field(default_factory=list)
    orphans: list[str] = field(default_factory=list)
    aside: list[str] = field(default_factory=list)
    leftovers: list[str] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)

    @property
    def whole(self) -> bool:
        return all(problem.repaired for problem in self.problems)

    def counts(self) -> list[str]:
        """In sentences, problems left out."""
        lines = [
            f"{self.files} files, {self.ops} changes, {self.media} pieces of pictures and clips; {len(self.foreign)} other files."
        ]
        lines += [f"{self.entries} entries in the audit log."] if self.entries else []
        for found, words in (
            (self.orphans, "pieces that no change speaks of; they may be the first of a moment that is still on its way."),
            (self.aside, "damaged files lie aside, below p/<child>/aside/; each may be deleted once a whole copy is back."),
            (self.leftovers, "files that were never finished, more than a week old."),
        ):
            lines += [f"{len(found)} {words}"] if found else []
        return lines

    def as_json(self) -> dict[str, object]:
        return asdict(self)


async def check(
    where: Where, *, repair: bool = False, progress: Progress = quiet, key: Callable[[str], bytes | None] = lambda space: None
) -> Found:
    """`key` gives the hub's key of a space, where it is at hand.

    Raises FolderMissing, FolderForeign, FolderUnreadable, FolderNewer, FolderAway, SignInRefused, PlaceUnknown; with
    `repair` also FolderNotWritable."""
    if is_hub(str(where)):
        raise PlaceUnknown("A hub shows only what is whole. Please check the folder itself, on the hub's computer.")
    await looked_at(where)
    if repair:
        await written_to(where)
    folder = place(where)
    try:
        space = await _need_school(folder, repair)
        with midway(shown(where), BEGUN if repair else UNTOUCHED):
            return await Check(folder, repair, progress, key(space)).run()
    finally:
        await folder.close()


async def _need_school(folder: Disk, repair: bool) -> str:
    """The space's id."""
    with in_words():
        try:
            space = await open_space(folder)
        except MissingName:
            raise FolderForeign("There is no school in this folder yet, so there is nothing to look at.") from None
    if repair and not space.writable:
        raise FolderNewer
    return space.id


class Check:
    """One look at one folder."""

    def __init__(self, folder: Disk, repair: bool, progress: Progress, key: bytes | None = None) -> None:
        self.folder, self.repair, self.progress, self.found, self.key = folder, repair, progress, Found(), key
        self.whole: set[str] = set()
        self.faulty: dict[str, Look] = {}
        self.speakers: dict[str, str] = {}  # piece of a picture -> a file that speaks of it
        self.covered: set[str] = set()  # by a whole snapshot
        self.erased: set[str] = set()  # children
        self._looked = self._total = 0

    async def run(self) -> Found:
        seen = await survey(self.folder)
        ours = {name: parts for name in seen.names if (parts := names.parse(name))}
        self._total = self.found.files = len(ours)
        self.found.foreign = sorted(
            n for n in seen.names - ours.keys() if not (n.startswith(BESIDE_RECORDS) or names.before_aside(n))
        )
        self.found.problems = [Problem(name, ODD, what) for name, what in seen.odd.items()]
        await self._look_at_all(ours)
        await self._faults()
        await self._set_aside(await survey(self.folder) if self.repair else seen)
        self._missing(set(ours))
        await self._of_erased(seen)
        await self._audit()
        self.found.leftovers = await mending.leftovers(self.folder, remove=self.repair)
        self.found.problems.sort(key=lambda problem: (problem.name, not problem.repaired))
        return self.found

    # -- looking ---------------------------------------------------------------------------------------------------------
    async def _look_at_all(self, ours: dict[str, names.Name]) -> None:
        """The school's own files first: they say who was erased, and what is left of those is not looked into."""

        async def one(name: str) -> None:
            if seen := await looked_into(self.folder, name, ours[name]):
                self._note(name, ours[name], seen[0])
            self._looked += 1
            self.progress("Looking", self._looked, self._total)

        school = sorted(name for name in ours if ours[name].partition == "school")
        await several(one, school, FILES_AT_ONCE)
        rest = sorted(ours.keys() - set(school))
        await several(one, (name for name in rest if not self._is_erased(ours[name].partition)), FILES_AT_ONCE)
        self.progress("Looking", self._total, self._total)

    def _note(self, name: str, parts: names.Name, seen: Look) -> None:
        if seen.code:
            self.faulty[name] = seen
            return
        self.whole.add(name)
        self.found.media += parts.kind == "media"
        self.found.ops += seen.ops
        self.speakers |= dict.fromkeys(seen.media, name)
        self.covered.update(seen.covers)
        self.erased |= seen.erased

    def _is_erased(self, partition: str) -> bool:
        return erasure.belongs(partition) in self.erased

    # -- telling, and mending ----------------------------------------------------------------------------------------------
    def _tell(self, name: str, code: str, sentence: str, repaired: bool = False) -> None:
        self.found.problems.append(Problem(name, code, sentence, repaired))

    async def _faults(self) -> None:
        for name, seen in sorted(self.faulty.items()):
            done = self.repair and await mending.mend(self.folder, name, seen, self.erased)
            self._tell(name, seen.code, seen.sentence, done)

    async def _set_aside(self, seen: Survey) -> None:
        """What a repair has set aside, now or earlier: it is missed until a whole copy is back. Bytes that only came late are put
        in their place again."""
        for name in sorted(seen.names):
            parts = names.parse(names.before_aside(name))
            if parts is None or self._is_erased(parts.partition):
                continue
            was, read = str(parts), await looked_into(self.folder, name, parts)
            if read and not read[0].code and self.repair and await mending.bring_home(self.folder, name, was, self.erased):
                self.whole.add(was)
                continue
            self.found.aside.append(name)
            if read and was not in seen.names | self.covered:
                self._miss(was, read[0])

    def _miss(self, was: str, seen: Look) -> None:
        if not seen.code:
            self._tell(was, MissingName.code, "was set aside and is whole: check --repair puts it back")
        elif seen.code in mending.ROTTEN:
            self._tell(was, MissingName.code, "was set aside, and no whole copy has come back yet")

    def _missing(self, there: set[str]) -> None:
        self.found.orphans = sorted(name for name in self.whole if "/media/" in name and name not in self.speakers)
        told = {problem.name for problem in self.found.problems}
        for name in sorted(self.speakers.keys() - there - self.whole - told):
            self._tell(name, MissingName.code, f"missing; {self.speakers[name]} speaks of it")

    async def _audit(self) -> None:
        """What is wrong with the audit log is not mended here: that would be the same as changing it."""
        log = await log_in(self.folder, self.key)
        self.found.entries = log.chain.count
        for fault in log.chain.faults:
            self._tell(fault.file, AUDIT, fault.sentence)

    async def _of_erased(self, seen: Survey) -> None:
        for child, left in sorted((await of_children(self.folder, seen.names, self.erased)).items()):
            if self.repair:
                for name in left:
                    await self.folder.delete(name)
            self._tell(f"p/{child}", Erased.code, f"{len(left)} files of a child whose records were erased", self.repair)
