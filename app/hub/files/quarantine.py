"""What devices sent and may not write: kept where only the SENCO looks, until she takes it in or throws it away.

Nothing here ever goes by itself, however long it waits (promise 1). What she has settled is not kept a second time.
"""

import re
import secrets
from collections.abc import Callable
from dataclasses import dataclass

from app.domain.records.acts import Facts, What
from app.domain.schema.table import handed_in, kind_of
from app.domain.vocabulary.language import N_, _
from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed, QuarantineFull
from app.hub.devices.access import Caller
from app.hub.files.arrivals import Arrivals
from app.hub.ground.signed_records import Vault
from app.hub.records.audit import Audit
from storage import names, segments
from storage.errors import BadBytes, MissingName, NewerFormat, Refused, StorageError
from storage.folder.port import Disk
from storage.replica import Replica
from storage.segments import Segment

NO_MOMENTS = N_(
    "Changes of staff, classes, pupils or consents are not taken in here. Please make them yourself, if they are right."
)
PLACE = "hub/quarantine"
MOST_BYTES = 64 * 1024 * 1024  # bytes a device may leave there
SINCE, SETTLED, GIVEN_UP = "waits", "settled", "givenup"  # kinds of papers
DEVICE = re.compile(r"[0-9a-f]{16}")
NOT_WHOLE = N_("A file is not whole.")
NO_PICTURE = N_("A picture or clip that belongs to it has not come.")
NEWER = N_("A file is of a newer Small Steps: please update the hub.")


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment that waits, as far as it can be read. `at` in ms UTC."""

    id: str
    pupil: str
    at: int
    by: str
    note: str
    pictures: int


@dataclass(frozen=True, slots=True)
class Kept:
    """What waits of one device: so many files since `since` (ms UTC), moments, how many things besides, and how many files of
    which nothing can be read."""

    device: str
    files: int
    since: int
    moments: tuple[Moment, ...]
    others: int
    unreadable: int


class Quarantine:
    def __init__(self, folder: Disk, replica: Replica, arrivals: Arrivals, audit: Audit, now: Callable[[], int]) -> None:
        self.folder, self.replica, self.arrivals, self.audit, self.now = folder, replica, arrivals, audit, now

    @property
    def vault(self) -> Vault:
        return self.arrivals.vault

    # -- what comes ------------------------------------------------------------------------------------------------------
    async def keep(self, device: str, name: str, data: bytes) -> None:
        """Raises QuarantineFull. What was settled before is not kept again."""
        here = await self.folder.names(f"{PLACE}/{device}/")
        if place_of(device, name) in here or hash_of(name) in await self.settled(device):
            return
        if sum([await self.folder.size(one) for one in here]) + len(data) > MOST_BYTES:
            raise QuarantineFull
        if not here:
            await self.vault.write(SINCE, device, {"at": self.now()})
        await self.folder.replace(place_of(device, name), data)

    async def digest(self, device: str, name: str, nonce: bytes) -> str | None:
        """Of what a device has handed in; also once it lies in the school's folder."""
        kept = await self.folder.digest(place_of(device, name), nonce)
        taken = kept is None and hash_of(name) in await self.settled(device)
        return await self.folder.digest(name, nonce) if taken else kept

    # -- what is to be looked at -----------------------------------------------------------------------------------------
    async def devices(self) -> list[str]:
        found = {name.split("/")[2] for name in await self.folder.names(f"{PLACE}/")}
        return sorted(one for one in found if DEVICE.fullmatch(one))

    async def kept(self, device: str) -> Kept:
        files = await self._files(device)
        read = [one for name in files if "/media/" not in name and (one := await self._segment(device, name))]
        words = sum("/media/" not in name for name in files)
        things = {op.entity for one in read for op in one.ops}
        moments = sorted(_moments(read), key=lambda one: (one.at, one.id))
        others = sum(not one.startswith(("observation:", "media:")) for one in things)
        since = await self.vault.read(SINCE, device) or {}
        return Kept(device, len(files), int(since.get("at", 0)), tuple(moments), others, words - len(read))

    async def _files(self, device: str) -> list[str]:
        """Well-formed names, pictures first, then words, then what stands for other files: in this order they can be taken in.
        What was settled and is still here, or came back with a copy of the folder, goes now."""
        prefix, settled = f"{PLACE}/{device}/", await self.settled(device)
        found = {name.removeprefix(prefix) for name in await self.folder.names(prefix)}
        for name in (gone := {name for name in found if hash_of(name) in settled}):
            await self.folder.delete(place_of(device, name))
        found -= gone
        order = ("/media/", "/log/", "/snap/")
        return sorted((n for n in found if names.parse(n)), key=lambda n: (next(i for i, k in enumerate(order) if k in n), n))

    async def _segment(self, device: str, name: str) -> Segment | None:
        try:
            return segments.read(name, await self.folder.get(place_of(device, name)))
        except (BadBytes, MissingName, NewerFormat):
            return None

    # -- what the SENCO decides ------------------------------------------------------------------------------------------
    async def accept(self, device: str, who: Facts) -> tuple[list[str], list[str]]:
        """Take everything of a device into the school's folder, each file under its own name, read back there and compared. What
        is in it counts as said by the SENCO; what it is must still be right. (names taken, sentences on why others were not)"""
        taken: list[str] = []
        why: list[str] = []
        files = await self._files(device)
        if files:
            await self.audit.note(What.QUARANTINE_ACCEPTED, who, device=device, files=len(files))
        for name in files:
            try:
                await self._take_in(device, name, who)
                taken.append(name)
            except (NotAllowed, StorageError) as no:
                why.append(_sentence(no))
        await self._done(device, taken, who, accepted=True)
        await self.audit.settle()
        return taken, sorted(set(why))

    async def _take_in(self, device: str, name: str, who: Facts) -> None:
        """Raises NotAllowed and StorageError; then the file stays. Of a child that was erased nothing comes in."""
        parts = names.parse(name)
        data = await self.folder.get(place_of(device, name))
        if parts is None or not names.matches(name, data):
            raise BadBytes(name)
        if self.replica.is_erased(parts.partition):
            return
        if parts.kind == "media":
            segments.body(data, segments.CHUNK)
        else:
            _need_moments(device, parts, segments.read(name, data))
            await self.arrivals.look(_authority(device), name, parts, data)
        nonce = secrets.token_bytes(16)
        await self.folder.put(name, data, nonce)
        if await self.folder.digest(name, b"") != await self.folder.digest(place_of(device, name), b""):
            raise BadBytes(name)
        self.audit.brought[name] = who
        await self.replica.take(name)
        self.audit.brought.pop(name, None)

    async def throw_away(self, device: str, who: Facts) -> int:
        """How many files went."""
        gone = await self._files(device)
        if gone:
            await self.audit.note(What.QUARANTINE_DROPPED, who, device=device, files=len(gone))
        await self._done(device, gone, who, accepted=False)
        return len(gone)

    async def _done(self, device: str, files: list[str], who: Facts, accepted: bool) -> None:
        """Said first, then done: cut short, they go at the next look."""
        if files:
            paper = {"files": [hash_of(name) for name in files], "accepted": accepted, "by": dict(who), "at": self.now()}
            await self.vault.write(SETTLED, f"{device}.{secrets.token_hex(8)}", paper)
        for name in files:
            await self.folder.delete(place_of(device, name))

    async def settled(self, device: str) -> set[str]:
        """Hashes of this device's files that the SENCO has taken in or thrown away."""
        mine = [ident for ident in await self.vault.ids(SETTLED) if ident.startswith(f"{device}.")]
        papers = [await self.vault.read(SETTLED, ident) for ident in mine]
        return {str(one) for paper in papers if paper for one in paper["files"]}

    # -- a device that hands in nothing more -----------------------------------------------------------------------------
    async def give_up(self, device: str, joins: int, who: Facts) -> None:
        """From its next contact on it need not hand in any more: it wipes. Said of a device that has joined so many times:
        once it joins again it has new work before it."""
        await self.audit.note(What.DEVICE_GIVEN_UP, who, device=device)
        await self.vault.write(GIVEN_UP, device, {"by": dict(who), "at": self.now(), "joins": joins})

    async def given_up(self, device: str, joins: int) -> bool:
        paper = await self.vault.read(GIVEN_UP, device)
        return paper is not None and paper.get("joins") == joins


def place_of(device: str, name: str) -> str:
    return f"{PLACE}/{device}/{name}"


def hash_of(name: str) -> str:
    """Of the file's bytes, as its name says: what is noted of it names no child."""
    return name[-32:]


def _need_moments(device: str, parts: names.Name, segment: Segment) -> None:
    """What the SENCO takes in with a tap is what she was shown. Who works here and who agreed to what is no such thing: a device
    could make itself another's by it. Raises NotAllowed."""
    if parts.dev != device or not {kind_of(op.entity) for op in segment.ops} <= handed_in():
        raise NotAllowed(NO_MOMENTS)


def _authority(device: str) -> Caller:
    """The device as if a SENCO had held it."""
    return Caller(device, Role.SENCO, (), "", "")


def _moments(read: list[Segment]) -> list[Moment]:
    found: dict[tuple[str, str], dict[str, object]] = {}
    for segment in read:
        for op in segment.ops:
            kind, _, ident = op.entity.partition(":")
            if kind == "observation":
                found.setdefault((ident, segment.partition), {})[op.field] = op.value
    return [_moment(ident, partition, fields) for (ident, partition), fields in found.items()]


def _moment(ident: str, partition: str, fields: dict[str, object]) -> Moment:
    at, media = fields.get("at"), fields.get("media")
    said = {key: str(value) if isinstance(value := fields.get(key), str) else "" for key in ("by", "note")}
    return Moment(
        ident, partition, at if isinstance(at, int) else 0, said["by"], said["note"], len(media) if isinstance(media, list) else 0
    )


def _sentence(no: Exception) -> str:
    if isinstance(no, NotAllowed):
        return no.words
    if isinstance(no, Refused):
        return _(NO_PICTURE)
    return _(NEWER if isinstance(no, NewerFormat) else NOT_WHOLE)
