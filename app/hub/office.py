"""The hub's own view of the school: the folder, who may ask for what, and the check of every op on arrival."""

import asyncio
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from app.domain.scope import NEW, WHOLE_SCHOOL, may_rewrite, may_write, partitions_for
from app.domain.words import ReviewState
from app.errors import BadRequest, DeviceUnknown, NotAllowed, QuarantineFull, ThingUnknown
from app.hub.access import Access, Caller
from app.hub.links import Links
from app.hub.vault import Vault
from app.usecases.school import School
from storage import names, segments
from storage.errors import BadBytes, MissingName, Refused
from storage.folder.port import Disk, digest_with
from storage.ops import Op, plain
from storage.replica import Replica

QUARANTINE = "hub/quarantine"
MOST_QUARANTINE = 64 * 1024 * 1024  # bytes a device may leave there
FOR_SOMEBODY_ELSE = "Something in this file is for somebody else in the school to write. It is kept for the SENCO to look at."


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Office:
    """One hub over one folder. It keeps nothing that it could not read again from the folder."""

    def __init__(self, folder: Disk, key: bytes, web: Path | None, now: Callable[[], int] = now_ms) -> None:
        self.folder, self.web, self.now = folder, web, now
        vault = Vault(folder, key)
        self.access, self.links = Access(vault, now), Links(vault, now)
        self.replica = Replica(folder, secrets.token_hex(8), now)
        self.school = School(self.replica)
        self._turn = asyncio.Lock()
        self._opened = False

    async def refresh(self) -> dict[str, str]:
        """Take in what is new in the folder; partition -> digest of its names."""
        async with self._turn:
            await self.replica.refresh()
            self._opened = True
        return await self.folder.partitions()

    async def ready(self) -> None:
        """The school was read at least once since this hub began."""
        if not self._opened:
            await self.refresh()

    # -- who may see -----------------------------------------------------------------------------------------------------
    def may_hold(self, caller: Caller, partition: str) -> bool:
        return not caller.revoked and partitions_for(caller.role, caller.classes, self.school.memberships())(partition)

    def need_scope(self, caller: Caller, partition: str) -> None:
        if not self.may_hold(caller, partition):
            raise NotAllowed

    async def show(self, caller: Caller, partition: str) -> list[str]:
        """The well-formed names of a partition. Raises NotAllowed, ThingUnknown."""
        if not names.is_partition(partition):
            raise ThingUnknown
        self.need_scope(caller, partition)
        if caller.role not in WHOLE_SCHOOL:
            await self.access.remember(caller, partition)
        return sorted(n for n in await self.folder.names(f"p/{partition}/") if names.parse(n))

    async def get(self, caller: Caller, name: str) -> bytes:
        self.need_scope(caller, named(name).partition)
        return await self.folder.get(name)

    async def digest(self, caller: Caller, name: str, nonce: bytes) -> str | None:
        """Read back for whoever may put there; a revoked device hears of its own files in quarantine."""
        parts = named(name)
        if caller.revoked:
            return await self.folder.digest(kept_aside(caller, name), nonce)
        await self._need_write(caller, parts)
        return await self.folder.digest(name, nonce)

    async def delete(self, caller: Caller, name: str) -> None:
        """A device may delete its own segments only; and none when somebody else has joined under its number."""
        parts = named(name)
        if caller.revoked or parts.dev != caller.device or await self.access.joins(caller.device) != 1:
            raise NotAllowed
        await self.folder.delete(name)

    # -- what comes in ---------------------------------------------------------------------------------------------------
    async def put(self, caller: Caller, name: str, data: bytes, nonce: bytes) -> str:
        """Store a device's own file, re-open it, and answer the digest of nonce + bytes.

        Raises BadRequest, BadBytes, Refused("media_missing"); and NotAllowed, or DeviceUnknown for a revoked device, when
        the file is in quarantine."""
        parts = named(name)
        if parts.kind == "snap":
            raise BadRequest
        if not names.matches(name, data):
            raise BadBytes(name)
        if caller.revoked:
            await self._aside(caller, name, data)
            raise DeviceUnknown  # so that nothing put aside passes for checked; what lies there is asked with `digest`
        await self._need_write(caller, parts)
        if parts.kind == "media":
            segments.body(data, segments.CHUNK)
        elif await self.folder.digest(name, b"") != digest_with(b"", data):  # else it was checked when it first came
            await self._check_segment(caller, name, parts, data)
        answer = await self.folder.put(name, data, nonce)
        async with self._turn:
            await self.replica.take(name)
        return answer

    async def _need_write(self, caller: Caller, parts: names.Name) -> None:
        """A device may put its own files wherever it ever had a right to look: read scope is not write scope."""
        if parts.kind == "media" and parts.partition in {"school", "office"}:
            raise NotAllowed
        if not (self.may_hold(caller, parts.partition) or await self.access.had(caller, parts.partition)):
            raise NotAllowed

    async def _check_segment(self, caller: Caller, name: str, parts: names.Name, data: bytes) -> None:
        segment = segments.decode(data)
        if not all(_storable(op) for op in segment.ops):
            raise BadBytes(name)
        own = segment.partition == parts.partition and segment.writer == parts.writer and parts.dev == caller.device
        if not own or not all(self._op_allowed(caller, parts.partition, op) for op in segment.ops):
            await self._aside(caller, name, data)
            raise NotAllowed(FOR_SOMEBODY_ELSE)
        for digest in segment.media:
            if not await self._whole(f"p/{parts.partition}/media/{digest}"):
                raise Refused("media_missing")

    async def _whole(self, name: str) -> bool:
        try:
            return names.matches(name, await self.folder.get(name))
        except MissingName:
            return False

    def _op_allowed(self, caller: Caller, partition: str, op: Op) -> bool:
        kind = op.entity.partition(":")[0]
        known = self.replica.library.get(op.entity)
        if known is not None and known["partition"] != partition:
            return False  # somebody else's child's thing, under another roof
        if op.field == "pupil" and op.value != partition:
            return False
        if not may_write(caller.role, partition, kind, op.field, op.value) or self._rewrites(caller, partition, kind, op):
            return False
        decides = may_write(caller.role, partition, kind, op.field, None)
        return decides or kind != "observation" or op.field not in NEW or not self._undoes(partition, op)

    def _rewrites(self, caller: Caller, partition: str, kind: str, op: Op) -> bool:
        """Whether this would replace a value that this device may only write once."""
        standing = self.replica.library.field(partition, op.entity, op.field)
        if standing is None or all(one.value == op.value for one in standing.standing()):
            return False
        review = self.replica.library.field(partition, op.entity, "review")
        approved = review is not None and review.value() == ReviewState.APPROVED
        return not may_rewrite(caller.role, kind, op.field, approved)

    def _undoes(self, partition: str, op: Op) -> bool:
        """Whether saying "new" would take back what somebody with the right to it has decided since."""
        standing = self.replica.library.field(partition, op.entity, op.field)
        return any(one.value != NEW[op.field] and one.order < op.order for one in (standing.ranked()[:1] if standing else ()))

    async def _aside(self, caller: Caller, name: str, data: bytes) -> None:
        """Keep a file that may not come in, where only the SENCO looks. Raises QuarantineFull."""
        here = await self.folder.names(f"{QUARANTINE}/{caller.device}/")
        if kept_aside(caller, name) in here:
            return
        if sum([await self.folder.size(one) for one in here]) + len(data) > MOST_QUARANTINE:
            raise QuarantineFull
        await self.folder.replace(kept_aside(caller, name), data)

    # -- doubt -----------------------------------------------------------------------------------------------------------
    def doubtful(self) -> set[str]:
        """Partitions of which something could not be read: it may be a consent that was withdrawn."""
        return {parts.partition for name in self.replica.unreadable | self.replica.newer if (parts := names.parse(name))}


def _storable(op: Op) -> bool:
    """Whether the value could be written again everywhere: no fractions, no endless nesting."""
    try:
        return bool(plain(op.value) == op.value)
    except (ValueError, RecursionError):
        return False


def named(name: str) -> names.Name:
    """Raises ThingUnknown for a name that is not one of ours."""
    parts = names.parse(name)
    if parts is None:
        raise ThingUnknown
    return parts


def kept_aside(caller: Caller, name: str) -> str:
    return f"{QUARANTINE}/{caller.device}/{name}"
