"""What the SENCO sets up: the school, who is in it, and codes for devices."""

import os
from datetime import date
from typing import Any

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed
from app.usecases.register import roster
from app.usecases.session.hub import Invite
from app.usecases.session.school import local_day
from app.usecases.session.session import Seat


class SettingUp(Seat):
    async def invite(self, role: Role, classes: list[str], staff: str | None = None) -> Invite:
        self._need(self.may_set_up)
        return await self.hub.invite(str(role), classes, staff)

    async def _set_up(self, work: Any) -> Any:
        try:
            self._need(self.may_set_up)
        except NotAllowed:
            work.close()
            raise
        made = await self._told(work)
        self._wake.set()
        return made

    async def name_school(self, name: str) -> None:
        await self._set_up(roster.name_school(self.store, name))

    async def set_media_days(self, days: int) -> None:
        """How long pictures that the folder has stay on tablets; 0: for ever."""
        await self._set_up(roster.set_media_days(self.store, days))

    async def add_class(self, name: str) -> str:
        return str(await self._set_up(roster.add_class(self.store, name, os.urandom)))

    async def add_staff(self, name: str, role: Role, classes: list[str]) -> str:
        return str(await self._set_up(roster.add_staff(self.store, name, role, classes, os.urandom)))

    async def forget_pin(self, staff: str) -> None:
        """So that somebody who forgot it, or gave ten wrong ones, can choose a new one."""
        await self._set_up(roster.forget_pin(self.store, staff, os.urandom))

    async def add_pupil(self, class_id: str, fields: dict[str, Any]) -> str:
        return str(await self._set_up(roster.add_pupil(self.store, class_id, fields, os.urandom)))

    async def add_target(self, pupil: str, fields: dict[str, Any]) -> str:
        return str(await self._set_up(roster.add_target(self.store, pupil, fields, os.urandom)))

    async def set_term(self, ident: str, name: str, start: date, end: date) -> None:
        await self._set_up(roster.set_term(self.store, ident, name, start, end))

    async def set_consent(self, pupil: str, audience: Audience, kind: MediaKind, given: bool, by: str) -> None:
        await self._set_up(roster.set_consent(self.store, pupil, audience, kind, given, by, local_day(self.now())))
