"""What this device may see and write today, as the hub says with each round: a person's role or classes may have changed."""

import json
from contextlib import suppress

from app.domain.schema.rights import may_write
from app.domain.vocabulary.roles import Role
from app.errors import SmallStepsError
from app.usecases.session.session import Seat
from storage.folder.hub import HubFolder
from storage.store import SyncState


class Rights(Seat):
    @property
    def roles(self) -> tuple[Role, ...]:
        """What is written here, each of these must be allowed to write."""
        return tuple(Role(one) for one in self._identity.get("roles") or [self.role])

    def may(self, kind: str, field: str = "", partition: str = "0" * 32) -> bool:
        everybody = all(may_write(role, partition, kind, field, None) for role in self.roles)
        return everybody and super().may(kind, field, partition)

    async def heed_rights(self, folder: HubFolder) -> bool:
        """Whether the hub said something new; kept, so that it also holds without a network. An older hub says nothing."""
        said = folder.hello.me
        if not said or said.items() <= self._identity.items():
            return False
        self._identity |= said
        self._speak()
        await self._told(self.store.keep("identity", json.dumps(self._identity).encode()))
        self.changed()
        return True

    async def say_whose(self) -> None:
        """A device that is no class's tablet and was invited for nobody in particular, as the first SENCO's is, becomes that
        person's who uses it in its role: when the person leaves, it is ended too. Said once the school knows the person, who
        has a PIN here: a colleague who has just been let in may be a guest."""
        me = self.me
        if self._identity.get("staff") or self.role is Role.TA or me is None or me.role is not self.role or self.needs_pin:
            return
        if self.store.state_of(f"staff:{me.id}") is SyncState.FOLDER:
            with suppress(SmallStepsError):  # said again after the next round
                await self.hub.this_is(me.id)
                self._identity["staff"] = me.id
                await self.store.keep("identity", json.dumps(self._identity).encode())

    async def heed_leavers(self) -> None:
        """Who has left has no PIN here any more, and if the device is in that very hand it locks."""
        gone = {one.id for one in self._school.staff() if one.left}
        if known := gone & self.locks.of.keys():
            self.locks.of = {staff: lock for staff, lock in self.locks.of.items() if staff not in known}
            await self._told(self.store.keep("locks", self.locks.to_bytes()))
        if self._me in gone and not self.filming:
            self._has("")
        if known:
            self.changed()
