"""Who is here: the school, its classes, staff, terms and pupils; and in which role and classes each adult works."""

import os
from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from app.domain.register.people import Pupil
from app.domain.schema.rights import LOOKS, Reach
from app.domain.vocabulary.language import N_
from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed
from app.usecases.register import roster
from app.usecases.session import change
from app.usecases.session.school import local_day
from app.usecases.session.session import Session


class Register:
    """Each change passes the one write gate: who may not write it is told so, and nothing has changed."""

    def __init__(self, session: Session) -> None:
        self._session = session

    def pupils(self) -> list[Pupil]:
        """Those whom this device may show: none while it is locked, and on a class's device its classes' alone."""
        if self._session.locked:
            return []
        everyone, own = self._session.known.pupils(), self._session.classes
        return [p for p in everyone if p.class_id in own] if LOOKS[self._session.role] is Reach.CLASSES else everyone

    def called(self, observation: str) -> str:
        """The name that the child of an observation goes by. Raises ThingUnknown."""
        school = self._session.school
        return school.pupil(school.observation(observation).pupil).called

    # -- the school ------------------------------------------------------------------------------------------------------
    async def name_school(self, name: str) -> None:
        await roster.name_school(self._session, name)

    async def set_media_days(self, days: int) -> None:
        """How long pictures that the folder has stay on tablets; 0: for ever."""
        await roster.set_media_days(self._session, days)

    async def set_term(self, ident: str, name: str, start: date, end: date) -> None:
        await roster.set_term(self._session, ident, name, start, end)

    async def add_class(self, name: str) -> str:
        return await roster.add_class(self._session, name, os.urandom)

    async def add_pupil(self, class_id: str, fields: Mapping[str, Any]) -> str:
        return await roster.add_pupil(self._session, class_id, fields, os.urandom)

    # -- who works here --------------------------------------------------------------------------------------------------
    async def add_staff(self, name: str, role: Role, classes: list[str]) -> str:
        return await roster.add_staff(self._session, name, role, classes, os.urandom)

    async def forget_pin(self, staff: str) -> None:
        """So that an adult who forgot it, or gave ten wrong ones, can choose a new one."""
        await roster.forget_pin(self._session, staff, os.urandom)

    async def has_left(self, staff: str) -> None:
        """From their next contact on, this person's devices are as ended ones, and shared tablets do not know the person."""
        if staff == self._session.person:
            raise NotAllowed(N_("You cannot note that you have left: another SENCO does it, so that one is still here."))
        await self._write(staff, {"left": local_day(self._session.now()).isoformat()})

    async def is_back(self, staff: str) -> None:
        await self._write(staff, {"left": ""})

    async def set_work(self, staff: str, role: Role, classes: Sequence[str]) -> None:
        """In which role and classes an adult works from now on; a device of theirs does no more than that, and no more than
        what it was invited for. Without classes: in all of them. No one takes away their own role."""
        if staff == self._session.person and role is not Role.SENCO:
            raise NotAllowed(N_("You cannot take the SENCO's role from yourself: another SENCO does it."))
        await self._write(staff, {"role": role, "classes": list(classes)})

    async def _write(self, staff: str, fields: Mapping[str, Any]) -> None:
        await self._session.write(change.of("staff", "school", staff, **fields))
