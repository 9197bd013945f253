"""The search as a person at this device asks it: among those pupils whom the device may show, and no others."""

from app.domain.schema.asked import Right
from app.usecases.register.register import Register
from app.usecases.session.search import Found, find
from app.usecases.session.session import Session


class Finding:
    def __init__(self, session: Session, register: Register) -> None:
        self._session, self._register = session, register

    def find(self, text: str) -> Found:
        """Pupils, targets and moments, as it is typed. What the SENCO has hidden only a person who reviews finds."""
        self._session.need_open()
        return find(self._session.store.library, self._register.pupils(), text, hidden=self._session.has(Right.REVIEW))
