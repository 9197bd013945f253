"""What a device knows of its files: what is here, what waits, what the folder was seen to hold, what has left to make room."""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from enum import Enum

from storage import names, segments
from storage.errors import MissingName, Refused, StoreFull
from storage.folder.port import Disk
from storage.ops import dumps

CHECKED, KEEP, SHED, MISSING = "local/checked", "local/keep/", "local/shed", "local/missing"


class SyncState(Enum):
    """Where a thing is: on this tablet only, on its way, in the school's folder (checked), or in need of a person."""

    TABLET = "tablet"
    SENDING = "sending"
    FOLDER = "folder"
    NEEDS_YOU = "needs_you"


@dataclass(frozen=True, slots=True)
class Pending:
    """What is not in the school's folder yet."""

    entities: int
    files: int


class Ledger:
    """Files by name, and which things need them. It is written down where a restart has to know the same."""

    def __init__(self, disk: Disk) -> None:
        self.disk = disk
        self.gone = False  # all was wiped under this store: it keeps nothing any more
        self.sending = False
        self.waiting: dict[str, set[str]] = {}  # file of mine not checked yet -> entities that need it
        self.refused: set[str] = set()  # of those, the ones that a person has to look at
        self.aside: set[str] = set()  # of those, the ones that the hub keeps for a person, outside the school's folder
        self.seen: dict[str, str] = {}  # partition -> digest of names that are all taken in
        self.rotten: set[str] = set()  # files on this disk that are not what their name says
        self.newer: set[str] = set()  # files of a newer format
        self.garbage: set[str] = set()  # files of the folder that are whole and mean nothing
        self.here: dict[str, set[str]] = {}  # partition -> well-formed names on this disk
        self.checked: set[str] = set()  # files that the folder was seen to hold
        self.shed: set[str] = set()  # checked media whose bytes have left this disk to make room
        self.folds: dict[str, tuple[str, ...]] = {}  # snapshot on this disk -> what it covers, once it was looked at
        self.missing: dict[str, int] = {}  # file that the folder should have and did not list -> ms UTC of the first look
        self.restores = ""  # of the folder, by its own word, as this device heard last
        self.heals_now = False  # the folder came out of a backup: what it does not list it has lost, and gets at once
        self.returned: set[str] = set()  # folded files of mine that the folder lists again
        self._files_of: dict[str, set[str]] = {}  # entity -> its files in `waiting`
        self._listeners: list[Callable[[], None]] = []

    async def _load_ledger(self, listed: set[str]) -> None:
        """As it was left, over the well-formed names on this disk. A note that was torn is forgotten: then a file is sent, or
        waited for, once more."""
        for name in listed:
            self._have(name)
        with suppress(MissingName):
            self.checked = set((await self.disk.get(CHECKED)).decode("utf-8", "replace").split("\n")) - {""}
        with suppress(MissingName):
            self.shed = set((await self.disk.get(SHED)).decode("utf-8", "replace").split("\n")) - {""}
        with suppress(MissingName, ValueError, AttributeError):
            raw = json.loads(await self.disk.get(MISSING))
            self.missing = {name: first for name, first in raw.items() if isinstance(first, int)}

    # -- here ----------------------------------------------------------------------------------------------------------------
    def _have(self, name: str) -> None:
        self.here.setdefault(name.split("/")[1], set()).add(name)

    def _gone(self, name: str) -> None:
        self.here.get(name.split("/")[1], set()).discard(name)
        for noted in (self.rotten, self.refused, self.aside):
            noted.discard(name)
        self.folds.pop(name, None)

    def holds(self, partition: str) -> set[str]:
        """Names of a partition that need not be fetched: they are here and whole, were here and can be fetched when a person
        asks, or cannot be read by this Small Steps, however often they are fetched."""
        away = {name for name in self.newer | self.garbage | self.shed if name.split("/")[1] == partition}
        return (self.here.get(partition, set()) - self.rotten) | away

    def digest(self, partition: str) -> str:
        """The digest that the folder gives when it holds exactly what this device holds and has sent."""
        return names.digest_of({name for name in self.holds(partition) if name not in self.waiting})

    # -- waiting and checked -------------------------------------------------------------------------------------------------
    def _wait_for(self, name: str, segment: segments.Segment, but: set[str]) -> None:
        entities = {op.entity for op in segment.ops} if not segment.covers else set()  # what is folded was there already
        for file in (name, *segment.media_names):
            if file not in but:
                self.waiting.setdefault(file, set()).update(entities)
                for entity in entities:
                    self._files_of.setdefault(entity, set()).add(file)

    def _wait_no_more(self, partition: str) -> None:
        for name in [name for name in self.waiting if name.split("/")[1] == partition]:
            for entity in self.waiting.pop(name):
                self._files_of[entity].discard(name)

    async def mark_checked(self, name: str) -> None:
        """The folder's bytes were read back and are mine: noted down, so that a restart shows the same (I4)."""
        with suppress(StoreFull):  # then it is sent and checked once more after a restart; a full device is to be emptied
            await self.disk.append(CHECKED, f"\n{name}\n".encode())
        self.checked.add(name)
        self.seen.pop(name.split("/")[1], None)  # there is more to miss there now than at the last look
        for entity in self.waiting.pop(name, ()):
            self._files_of[entity].discard(name)
        self.refused.discard(name)
        self.aside.discard(name)
        self.changed()

    def spoilt(self, name: str, partition: str) -> None:
        """The file here is not what its name says: the next look at the folder fetches it again, if it is there."""
        self.rotten.add(name)
        self.seen.pop(partition, None)

    def send_again(self, name: str, segment: segments.Segment) -> None:
        """The folder has lost media that this segment of mine speaks of: they wait again."""
        self._wait_for(name, segment, but=set())

    async def note_missing(self, missing: dict[str, int]) -> None:
        """Written down, so that a restart does not begin the wait anew."""
        if missing != self.missing:
            self.missing = missing
            with suppress(StoreFull):
                await self.disk.replace(MISSING, dumps(missing).encode())

    async def _forget_checked(self, partition: str) -> None:
        self.checked = {name for name in self.checked if name.split("/")[1:2] != [partition]}
        await self.disk.replace(CHECKED, "".join(f"\n{name}\n" for name in sorted(self.checked)).encode())

    async def _note_shed(self, shed: set[str]) -> None:
        if shed != self.shed:
            await self.disk.replace(SHED, "\n".join(sorted(shed)).encode())
            self.shed = shed

    # -- small things that only this device knows ----------------------------------------------------------------------
    async def keep(self, name: str, data: bytes) -> None:
        """A small local file (a draft, the token); replaced whole, never synced. Raises StoreFull."""
        self.need_here()
        await self.disk.replace(KEEP + name, data)

    def need_here(self) -> None:
        """Raises Refused once all was wiped: nothing may seem to be kept here then."""
        if self.gone:
            raise Refused("device_unknown")

    async def kept(self, name: str) -> bytes | None:
        try:
            return await self.disk.get(KEEP + name)
        except MissingName:
            return None

    async def forget(self, name: str) -> None:
        self.need_here()
        await self.disk.delete(KEEP + name)

    def add_listener(self, listener: Callable[[], None]) -> None:
        self._listeners.append(listener)

    def remove_listener(self, listener: Callable[[], None]) -> None:
        self._listeners.remove(listener)

    def changed(self) -> None:
        for listener in list(self._listeners):
            listener()
