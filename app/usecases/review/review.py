"""The SENCO's look at new evidence. Each step is one field, so that it can be undone by writing it back."""

from app.domain.evidence.observations import Observation
from app.domain.schema.asked import Right
from app.domain.vocabulary.states import ReviewState
from app.errors import NotAllowed
from app.usecases.evidence.capture import Writes
from app.usecases.session import change
from app.usecases.session.index import Index
from app.usecases.session.school import QUEUE
from app.usecases.session.session import Session

Partition = str


class Review:
    def __init__(self, session: Session, index: Index) -> None:
        self._session, self._index = session, index

    def queue(self) -> list[Observation]:
        """What waits for a look, oldest first."""
        self._session.need_open()
        return self._index.queue()

    async def approve(self, ident: str) -> None:
        await self._set(ident, ReviewState.APPROVED)

    async def ask(self, ident: str, question: str) -> None:
        await self._set(ident, ReviewState.QUERIED, question.strip())

    async def hide(self, ident: str) -> None:
        await self._set(ident, ReviewState.HIDDEN)

    async def put_back(self, ident: str) -> None:
        await self._set(ident, ReviewState.NEW)

    async def _set(self, ident: str, state: ReviewState, question: str = "") -> None:
        await set_state(self._session, self._pupil(ident), ident, state, question)

    async def star(self, ident: str, on: bool) -> None:
        await star(self._session, self._pupil(ident), ident, on)

    async def settle_note(self, ident: str, text: str) -> None:
        """An adult who records may settle what waits for a look; the words of all else only one who approves."""
        found = self._session.school.observation(ident)
        if found.review not in QUEUE and not self._session.has(Right.REVIEW):
            raise NotAllowed
        await settle_note(self._session, found.pupil, ident, text)

    def _pupil(self, ident: str) -> Partition:
        return self._session.school.observation(ident).pupil


async def set_state(writer: Writes, pupil: Partition, observation: str, state: ReviewState, question: str = "") -> None:
    """Approve, query (with a question), hide, or put back as new."""
    await writer.write(change.of("observation", pupil, observation, review=state, question=question))


async def star(writer: Writes, pupil: Partition, observation: str, on: bool) -> None:
    await writer.write(change.of("observation", pupil, observation, starred=on))


async def settle_note(writer: Writes, pupil: Partition, observation: str, text: str) -> None:
    """One text instead of all that were kept; the same step edits a note."""
    await writer.write(change.of("observation", pupil, observation, note=text.strip()))
