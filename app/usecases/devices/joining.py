"""Joining: a code makes this device one of the school's; and what it may do follows what the hub says of it with each round."""

from contextlib import suppress
from dataclasses import replace

from app.domain.vocabulary.roles import Role
from app.errors import SmallStepsError
from app.usecases.devices.ending import Ending
from app.usecases.door.door import Door
from app.usecases.session.identity import Identity
from app.usecases.session.session import Session, Topic
from app.usecases.syncing.syncing import Syncing
from storage.store import SyncState


class Joining:
    def __init__(self, session: Session, door: Door, ending: Ending, syncing: Syncing) -> None:
        self._session, self._door, self._ending, self._syncing = session, door, ending, syncing
        self.under_way = False

    async def join(self, code: str, name: str = "") -> None:
        """Join this device to the school with a code, then fetch what it may hold."""
        self._is(True)
        try:
            await self._join("".join(code.split()).replace("-", "").upper(), name)
            await self._ending.stay()
            await self._syncing.sync_now()
        finally:
            self._is(False)

    def _is(self, under_way: bool) -> None:
        self.under_way = under_way
        self._session.changed(Topic.DOOR)

    async def _join(self, code: str, name: str) -> None:
        session = self._session
        joined = await session.hub.join(code, session.store.device, name, session.hub.space)
        await session.become(
            Identity(
                joined.token, Role(joined.role), joined.classes, joined.staff, joined.school, joined.space, name, joined.before
            )
        )
        await self._door.reopen()
        if joined.staff:
            await self._door.sit_down(joined.staff)

    async def say_whose(self) -> None:
        """A device that is no class's tablet and was invited for no one in particular, as the first SENCO's is, becomes that
        person's who uses it in its role: when the person leaves, it is ended too. Said once the school knows the person, who
        has a PIN here: a colleague who has just been let in may be a guest."""
        session, me = self._session, self._session.me
        if session.identity.staff or session.role is Role.TA or me is None or me.role is not session.role or self._door.needs_pin:
            return
        if session.store.state_of(f"staff:{me.id}") is SyncState.FOLDER:
            with suppress(SmallStepsError):  # said again after the next round
                await session.hub.this_is(me.id)
                await session.become(replace(session.identity, staff=me.id))
