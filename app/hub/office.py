"""The hub's own view of the school: the folder, who may ask for what, and the check of every op on arrival."""

import asyncio
import secrets
import time
from collections.abc import Callable
from pathlib import Path

from app.domain.scope import may_write, partitions_for
from app.errors import NotAllowed, ThingUnknown
from app.hub.access import Access, Caller
from app.hub.vault import Vault
from app.usecases.school import School
from storage import names, segments
from storage.errors import BadBytes, Refused
from storage.folder.directory import Directory
from storage.replica import Replica


def now_ms() -> int:
    return time.time_ns() // 1_000_000


class Office:
    """One hub over one folder. It keeps nothing that it could not read again from the folder."""

    def __init__(self, folder: Directory, key: bytes, web: Path | None, now: Callable[[], int] = now_ms) -> None:
        self.folder, self.web, self.now = folder, web, now
        self.access = Access(Vault(folder, key), now)
        self.replica = Replica(folder, secrets.token_hex(8), now)
        self.school = School(self.replica)
        self._turn = asyncio.Lock()

    async def refresh(self) -> dict[str, str]:
        """Take in what is new in the folder; partition -> digest of its names."""
        async with self._turn:
            await self.replica.refresh()
            return await self.folder.partitions()

    def may_hold(self, caller: Caller, partition: str) -> bool:
        return partitions_for(caller.role, caller.classes, self.school.memberships())(partition)

    def need_scope(self, caller: Caller, partition: str) -> None:
        if not self.may_hold(caller, partition):
            raise NotAllowed

    async def put(self, caller: Caller, name: str, data: bytes, nonce: bytes) -> str:
        """Store a device's own file, re-open it, and answer the digest of nonce + bytes. Raises NotAllowed, Refused."""
        parts = names.parse(name)
        if parts is None or parts.kind == "snap":
            raise ThingUnknown
        if not names.matches(name, data):
            raise BadBytes(name)
        if parts.kind == "media":
            segments.body(data, segments.CHUNK)
            self._need_write(caller, parts.partition)
            return await self.folder.put(name, data, nonce)
        await self._check_segment(caller, parts, data)
        answer = await self.folder.put(name, data, nonce)
        async with self._turn:
            await self.replica.take(name)
        return answer

    def _need_write(self, caller: Caller, partition: str) -> None:
        """A device may put its own files wherever it ever had a right to look: read scope is not write scope."""
        known = partition.removesuffix(".office") in self.school.memberships() or partition == "school"
        if not (known or self.may_hold(caller, partition)):
            raise NotAllowed

    async def _check_segment(self, caller: Caller, parts: names.Name, data: bytes) -> None:
        segment = segments.decode(data)
        self._need_write(caller, parts.partition)
        same = segment.partition == parts.partition and segment.writer == parts.writer and parts.dev == caller.device
        if not same or not all(self._op_allowed(caller, parts.partition, op.entity, op.field, op.value) for op in segment.ops):
            await self.folder.replace(f"hub/quarantine/{caller.device}/{parts.hash}", data)
            raise NotAllowed(
                "Something in this file is for somebody else in the school to write. It is kept for the SENCO to look at."
            )
        here = await self.folder.names(f"p/{parts.partition}/media/") if segment.media else set()
        if any(f"p/{parts.partition}/media/{digest}" not in here for digest in segment.media):
            raise Refused("media_missing")

    @staticmethod
    def _op_allowed(caller: Caller, partition: str, entity: str, field: str, value: object) -> bool:
        return may_write(caller.role, partition, entity.partition(":")[0], field, value)

    async def get(self, caller: Caller, name: str) -> bytes:
        parts = names.parse(name)
        if parts is None:
            raise ThingUnknown
        self.need_scope(caller, parts.partition)
        return await self.folder.get(name)

    async def delete(self, caller: Caller, name: str) -> None:
        """A device may delete its own segments only."""
        parts = names.parse(name)
        if parts is None:
            raise ThingUnknown
        if parts.dev != caller.device:
            raise NotAllowed
        await self.folder.delete(name)
