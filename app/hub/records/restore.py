"""A folder that was brought back from a backup: what families may see could be out of date, and who had been turned away may be
back.

Nothing stops the devices, which put again what the backup did not have (promise 1). Papers for families and new links are made
again once every device of a SENCO or DSL has said that it has looked through the whole folder since, for it holds all consents
that were given or withdrawn on it. Links that were in the backup stay shut until a SENCO has looked: that one was ended in
between is written nowhere else (promise 2).
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from app.domain.records.acts import What
from app.domain.vocabulary.roles import Role
from app.errors import BroughtBack
from app.hub.devices.access import Access, Caller
from app.hub.ground.signed_records import Vault
from app.hub.records.pending import Notes
from storage.errors import BadBytes, FolderUnreadable, MissingName, StorageError
from storage.names import hash_of
from storage.ops import dumps

MARKS = "hub/restored/"
LEAD = {Role.SENCO, Role.DSL}
MINUTE = 60_000  # ms
NOBODY_KNOWS = 253_000_000_000_000  # ms UTC: a mark that cannot be read is of no day that was


@dataclass(frozen=True, slots=True)
class Mark:
    """One restore: the moment that the backup shows and when it was brought back, both in ms UTC. The person who restores
    has no key, so a mark is not signed: a planted one shuts families' pages until the SENCO has looked, and opens nothing."""

    id: str
    backup: int
    at: int

    def paper(self) -> bytes:
        return dumps(asdict(self)).encode()


class Restore:
    """What a hub knows of the restores of its folder. A folder that never was restored costs a look a minute."""

    def __init__(self, vault: Vault, access: Access, audit: Notes, now: Callable[[], int]) -> None:
        self.vault, self.access, self.audit, self.now = vault, access, audit, now
        self.marks: dict[str, Mark] = {}
        self.id = ""  # of all restores together; "" where there was none
        self.looked = True  # whether a SENCO has looked since the last of them
        self._last: int | None = None

    async def look(self) -> None:
        if self._last is not None and 0 <= self.now() - self._last < MINUTE:
            return
        names = sorted(await self.vault.folder.names(MARKS))
        self.marks = {mark.id: mark for mark in [await self._read(name) for name in names]}
        self.id = hash_of(",".join(sorted(self.marks)).encode()) if self.marks else ""
        self.looked = all([await self.vault.read("looked", ident) is not None for ident in self.marks])
        for ident in self.marks:
            await self._notice(ident)
        self._last = self.now()

    async def _notice(self, ident: str) -> None:
        """It is in the audit log once, as far as the folder can be written."""
        if await self.vault.read("noticed", ident) is None:
            with suppress(StorageError):
                await self.audit.note(What.RESTORED, restore=ident)
                await self.vault.write("noticed", ident, {"at": self.now()})

    async def _read(self, name: str) -> Mark:
        ident = name.removeprefix(MARKS).removesuffix(".json")
        try:
            raw = json.loads(await self.vault.folder.get(name))
            return Mark(ident, int(raw["backup"]), int(raw["at"]))
        except (MissingName, BadBytes, FolderUnreadable, ValueError, KeyError, TypeError, RecursionError):
            return Mark(ident, 0, NOBODY_KNOWS)

    @property
    def last(self) -> Mark:
        return max(self.marks.values(), key=lambda mark: mark.at)

    @property
    def at(self) -> int:
        """Ms UTC of the last restore; 0 where there was none."""
        return self.last.at if self.marks else 0

    def as_json(self) -> dict[str, Any]:
        """What each device hears: then it puts again at once what the folder should have."""
        if not self.marks:
            return {}
        return {"restored": {"id": self.id, "backup": self.last.backup, "looked": self.looked}}

    # -- who has been here since ---------------------------------------------------------------------------------------------
    async def went_through(self, caller: Caller, said: str) -> None:
        """The device has put again all that it had, and taken in all that is here: `said` names the restores it knows of."""
        ident = f"{self.id}.{caller.device}"
        if self.looked or said != self.id or caller.role not in LEAD or await self.vault.read("through", ident):
            return
        await self.vault.write("through", ident, {"at": self.now()})

    async def still_to_come(self) -> list[dict[str, Any]]:
        """Devices of SENCO and DSL that have not been through the folder since: they may know of a consent that was withdrawn."""
        return [row for row in await self._leading() if await self.vault.read("through", f"{self.id}.{row['device']}") is None]

    async def _leading(self) -> list[dict[str, Any]]:
        return [row for row in await self.access.devices() if row["role"] in LEAD and not row["ended"]]

    # -- what waits ------------------------------------------------------------------------------------------------------------
    async def need_known(self) -> None:
        """Raises BroughtBack while consents may be out of date."""
        await self.look()
        if not self.looked and (await self.still_to_come() or not await self._leading()):
            raise BroughtBack

    async def need_link(self, knew: str) -> None:
        """For a link that was made when the hub knew of these restores. Raises BroughtBack."""
        await self.look()
        if not self.looked:
            if knew != self.id:
                raise BroughtBack
            await self.need_known()

    async def confirm(self, caller: Caller) -> None:
        """A SENCO has looked at who is let in again."""
        await self.audit.note(What.RESTORE_CONFIRMED, caller.who)
        for ident in self.marks:
            await self.vault.write("looked", ident, {"by": caller.device, "staff": caller.staff, "at": self.now()})
        self.looked = True
