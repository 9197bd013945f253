"""What each pupil works towards, and which of it has not been seen for a while."""

import os
from collections.abc import Mapping
from typing import Any

from app.domain.plans.targets import Target
from app.domain.progress.change import Change, change, series
from app.domain.register.people import Pupil
from app.usecases.register import roster
from app.usecases.register.register import Register
from app.usecases.session.session import Session

LONG = 21  # days without evidence after which a target is named
DAY = 86_400_000  # ms


class Plans:
    def __init__(self, session: Session, register: Register) -> None:
        self._session, self._register = session, register

    def targets(self, pupil_id: str) -> list[Target]:
        """Live targets, most used first; none for an adult on cover."""
        if self._session.cover:
            return []
        school = self._session.school
        used = [t for o in school.observations(pupil_id) for t in o.targets]
        return sorted(school.targets(pupil_id), key=lambda t: -used.count(t.id))

    def change_of(self, target: Target) -> Change | None:
        return change(series(self._session.school.observations(target.pupil), target.id))

    def not_seen(self, days: int = LONG) -> list[tuple[Pupil, Target, int | None]]:
        """Targets without evidence for so many days, with the days since (None: never), longest first."""
        found = []
        school, now = self._session.school, self._session.now()
        for pupil in self._register.pupils():
            seen = school.observations(pupil.id)
            for target in school.targets(pupil.id):
                last = next((o.at for o in seen if target.id in o.targets and o.at <= now), None)  # not of a wrong clock
                gone = None if last is None else (now - last) // DAY
                if gone is None or gone >= days:
                    found.append((pupil, target, gone))
        return sorted(found, key=lambda row: -(10_000 if row[2] is None else row[2]))

    async def add_target(self, pupil: str, fields: Mapping[str, Any]) -> str:
        """The new target's id."""
        return await roster.add_target(self._session, pupil, fields, os.urandom)
