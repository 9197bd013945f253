"""Papers, as staff ask for them: made by the hub, from all that the school has recorded."""

from app.domain.schema.asked import Right
from app.usecases.session.hub import Progress
from app.usecases.session.session import Session
from app.usecases.syncing.syncing import Syncing


class Papers:
    def __init__(self, session: Session, syncing: Syncing, origin: str = "") -> None:
        self._session, self._syncing, self._origin = session, syncing, origin

    async def termly_report(self, pupil: str, term: str, progress: Progress) -> str:
        """The finished PDF's address. What this device has not sent yet is sent first."""
        self._session.need(Right.PAPERS)
        await self._syncing.sync_now()
        return self._origin + await self._session.ask(Right.PAPERS, lambda hub: hub.termly_report(pupil, term, progress))
