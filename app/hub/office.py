"""The hub's own view of the school: the folder, who may ask for what, and the check of every op on arrival."""

import asyncio
import dataclasses
import secrets
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from app.domain.schema.rights import WHOLE_SCHOOL, ceiling, partitions_for
from app.domain.vocabulary.language import N_
from app.domain.vocabulary.roles import Role
from app.errors import DeviceUnknown, NotAllowed, ThingUnknown
from app.hub.devices.access import Access, Caller
from app.hub.devices.last_contact import LastContacts
from app.hub.families.links import Links
from app.hub.files.arrivals import Arrivals
from app.hub.files.quarantine import Quarantine
from app.hub.ground.signed_records import Vault
from app.hub.ground.space import Ground
from app.hub.records.audit import Audit
from app.hub.records.erasures import Erasures
from app.hub.records.restore import Restore
from app.usecases.session.school import School
from storage import names, segments
from storage.errors import BadBytes, Erased
from storage.folder.port import Disk, digest_with
from storage.replica import Replica


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Office:
    """One hub over one folder. It keeps nothing that it could not read again from the folder."""

    def __init__(self, folder: Disk, key: bytes, web: Path | None, now: Callable[[], int] = now_ms) -> None:
        self.ground, self.web, self.now = Ground(folder), web, now
        self.folder: Disk = self.ground.gate
        vault = Vault(self.folder, key)
        self.audit = Audit(vault, now)
        self.access = Access(vault, now, self.audit)
        self.restored = Restore(vault, self.access, self.audit, now)
        self.links = Links(vault, now, self.audit, self.restored)
        self.last_contacts = LastContacts(self.folder, now)
        self.replica = Replica(self.folder, secrets.token_hex(8), now)
        self.replica.hears.append(self.audit.hear)
        self.school = School(self.replica)
        self.arrivals = Arrivals(self.folder, self.replica, vault, lambda: self.restored.at)
        self.quarantine = Quarantine(self.folder, self.replica, self.arrivals, self.audit, now)
        self.erasures = Erasures(self.folder, self.replica, self.arrivals, now)
        self._turn = asyncio.Lock()
        self._opened = False

    async def refresh(self) -> dict[str, str]:
        """Take in what is new in the folder; partition -> digest of its names. Raises NewerFormat, OtherSpace."""
        async with self._turn:
            await self.ground.look()
            await self.restored.look()
            await self.replica.refresh()
            await self.erasures.look()
            self._opened = True
        await self.audit.settle()
        return await self._offered()

    async def _offered(self) -> dict[str, str]:
        """What rotted is not offered, so a device that holds the bytes puts them again; nothing of an erased child is offered."""
        found = await self.folder.partitions()
        for partition in {name.split("/")[1] for name in self.replica.rotten} & found.keys():
            found[partition] = names.digest_of(self.replica.offered(await self.folder.names(f"p/{partition}/")))
        return {partition: digest for partition, digest in found.items() if not self.replica.is_erased(partition)}

    async def ready(self) -> None:
        """The school was read at least once since this hub began."""
        if not self._opened:
            await self.refresh()

    # -- who asks --------------------------------------------------------------------------------------------------------
    async def caller(self, token: str) -> Caller:
        """The device of a token, as it may look and write today. Who has left has no device any more. Raises DeviceUnknown."""
        return self.today(await self.access.caller(token))

    def today(self, caller: Caller) -> Caller:
        person = self.school.member(caller.staff)
        now = ceiling(caller.role, caller.classes, person)
        roles = tuple(sorted({*caller.roles, *now.roles}))
        gone = caller.revoked or (person is not None and bool(person.left))
        return dataclasses.replace(caller, role=now.role, classes=now.classes, roles=roles, revoked=gone)

    async def bind(self, caller: Caller, staff: str) -> None:
        """A device that is no class's tablet and was invited for no one in particular becomes the person's who first uses it, in
        the very role that it has: no device loses or gains anything by it. Raises NotAllowed."""
        person = self.school.member(staff)
        same = person is not None and not person.left and person.role is caller.role
        if caller.staff or caller.role is Role.TA or not same:
            raise NotAllowed
        await self.access.bind(caller.device, staff)

    async def devices(self) -> list[dict[str, Any]]:
        """Every device that ever joined, as it is today, newest first."""
        return [self._row_today(row) for row in await self.access.devices()]

    def _row_today(self, row: dict[str, Any]) -> dict[str, Any]:
        person = self.school.member(row["staff"] or "")
        now = ceiling(Role(row["role"]), row["classes"], person)
        gone = row["ended"] or (person is not None and bool(person.left))
        return row | {"role": now.role, "classes": list(now.classes), "ended": gone}

    async def lead(self) -> int:
        """How many devices of a SENCO there are: with none the school cannot go on by itself, and with one not for ever."""
        return sum(row["role"] == Role.SENCO and not row["ended"] for row in await self.devices())

    # -- who may see -----------------------------------------------------------------------------------------------------
    def scope_of(self, caller: Caller) -> Callable[[str], bool]:
        """Whether the caller may hold a partition: to be asked of many, now."""
        if caller.revoked:
            return lambda partition: False
        return partitions_for(caller.role, caller.classes, self.school.memberships())

    def may_hold(self, caller: Caller, partition: str) -> bool:
        return self.scope_of(caller)(partition)

    def need_scope(self, caller: Caller, partition: str) -> None:
        self._need_kept(partition)
        if not self.may_hold(caller, partition):
            raise NotAllowed

    def _need_kept(self, partition: str) -> None:
        """Raises Erased."""
        if self.replica.is_erased(partition):
            raise Erased(partition)

    async def show(self, caller: Caller, partition: str) -> list[str]:
        """The names of a partition that may be fetched. Raises NotAllowed, Erased, ThingUnknown."""
        if not names.is_partition(partition):
            raise ThingUnknown
        self.need_scope(caller, partition)
        if caller.role not in WHOLE_SCHOOL:
            await self.access.remember(caller, partition)
        return sorted(self.replica.offered(await self.folder.names(f"p/{partition}/")))

    async def get(self, caller: Caller, name: str) -> bytes:
        self.need_scope(caller, named(name).partition)
        try:
            data = await self.folder.get(name)
        except BadBytes:
            self.replica.spoilt(name)
            raise
        if not names.matches(name, data):
            self.replica.spoilt(name)
        return data

    async def digest(self, caller: Caller, name: str, nonce: bytes) -> str | None:
        """Read back for a device that may put there; a revoked device hears of its own files in quarantine."""
        parts = named(name)
        if caller.revoked:
            return await self.quarantine.digest(caller.device, name, nonce)
        self._need_kept(parts.partition)
        await self._need_write(caller, parts)
        return await self.folder.digest(name, nonce)

    async def delete(self, caller: Caller, name: str) -> None:
        """A device may delete those of its own files for which a snapshot of its own stands, here and whole (I8); and none if
        another device has joined under its number."""
        parts = named(name)
        self._need_kept(parts.partition)
        if caller.revoked or parts.dev != caller.device or await self.access.joins(caller.device) != 1:
            raise NotAllowed
        if not await self.arrivals.stands_for(name, parts):
            raise NotAllowed(N_("Nothing in the folder stands for this file yet. It stays."))
        await self.folder.delete(name)

    # -- what comes in ---------------------------------------------------------------------------------------------------
    async def put(self, caller: Caller, name: str, data: bytes, nonce: bytes) -> str:
        """Store a device's own file, re-open it, and answer the digest of nonce + bytes.

        Raises BadBytes, Refused("media_missing"), Erased; and NotAllowed, or DeviceUnknown for a revoked device, when the file is
        in quarantine."""
        parts = named(name)
        self._need_kept(parts.partition)
        if not names.matches(name, data):
            raise BadBytes(name)
        if caller.revoked:
            await self.quarantine.keep(caller.device, name, data)
            raise DeviceUnknown  # so that nothing put aside passes for checked; what lies there is asked with `digest`
        await self._need_write(caller, parts)
        if parts.kind == "media":
            segments.body(data, segments.CHUNK)
        elif await self.folder.digest(name, b"") != digest_with(b"", data):  # else it was checked when it first came
            await self._look(caller, name, parts, data)
        self.audit.brought[name] = caller.who
        try:
            answer = await self.folder.put(name, data, nonce)
            async with self._turn:
                await self.replica.take(name)
        finally:
            self.audit.brought.pop(name, None)
        await self.audit.settle()
        return answer

    async def _need_write(self, caller: Caller, parts: names.Name) -> None:
        """A device may put its own files in every place where it ever had a right to look: read scope is not write scope."""
        if parts.kind == "media" and parts.partition in {"school", "office"}:
            raise NotAllowed
        if not (self.may_hold(caller, parts.partition) or await self.access.had(caller, parts.partition)):
            raise NotAllowed

    async def _look(self, caller: Caller, name: str, parts: names.Name, data: bytes) -> None:
        try:
            await self.arrivals.look(caller, name, parts, data)
        except NotAllowed:
            await self.quarantine.keep(caller.device, name, data)
            raise

    # -- doubt -----------------------------------------------------------------------------------------------------------
    def doubtful(self) -> set[str]:
        """Partitions of which something could not be read: it may be a consent that was withdrawn."""
        return self.replica.doubtful


def named(name: str) -> names.Name:
    """Raises ThingUnknown for a name that is not one of ours."""
    parts = names.parse(name)
    if parts is None:
        raise ThingUnknown
    return parts
