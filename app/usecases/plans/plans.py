"""What each pupil works towards, and which of it has not been seen for a while."""

import os
from collections.abc import Mapping, Sequence
from typing import Any

from app.domain.plans.targets import Target
from app.domain.progress.change import Change, Point
from app.domain.register.people import Pupil
from app.usecases.register import roster
from app.usecases.register.register import Register
from app.usecases.session.index import Index
from app.usecases.session.session import Session

LONG = 21  # days without evidence after which a target is named


class Plans:
    def __init__(self, session: Session, register: Register, index: Index) -> None:
        self._session, self._register, self._index = session, register, index

    def targets(self, pupil: str) -> list[Target]:
        """Live targets, most used first; none for an adult on cover."""
        if self._session.cover:
            return []
        self._session.need_open()
        return self._index.targets(pupil)

    def series(self, target: Target) -> Sequence[Point]:
        """Every rating against the target, oldest first."""
        self._session.need_open()
        return self._index.series(target)

    def change_of(self, target: Target) -> Change | None:
        self._session.need_open()
        return self._index.change_of(target)

    def not_seen(self, days: int = LONG) -> list[tuple[Pupil, Target, int | None]]:
        """Targets without evidence for so many days, with the days since (None: never), longest first."""
        self._session.need_open()
        return self._index.not_seen(self._register.pupils(), days)

    async def add_target(self, pupil: str, fields: Mapping[str, Any]) -> str:
        """The new target's id."""
        return await roster.add_target(self._session, pupil, fields, os.urandom)
