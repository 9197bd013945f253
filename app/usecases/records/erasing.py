"""Erasing a child, at the desk: orders of the SENCO and the DSL, and what goes from this device besides the store's own."""

from dataclasses import dataclass

from app.domain.evidence.observations import Observation
from app.domain.schema.asked import Right
from app.domain.vocabulary.language import N_, _
from app.usecases.evidence.drafting import Drafting
from app.usecases.records import erasure
from app.usecases.records.erasure import Why
from app.usecases.session.session import Session

DISCARDED = N_("The moment that was being put together was of a child whose records were erased. It was discarded.")


@dataclass(frozen=True, slots=True)
class Shown:
    """An order to erase, as people read it. `stopped`: it is cancelled, or held."""

    pupil: str
    name: str
    why: str
    by: str
    said: str
    cancelled: bool
    stopped: bool


class Erasing:
    def __init__(self, session: Session, drafting: Drafting) -> None:
        self._session, self._drafting = session, drafting
        self.discarded = ""  # what was discarded because of an erasure, in a sentence
        self._forgotten: set[str] = set()  # erased children of whom nothing is left at this desk

    def orders(self) -> list[Shown]:
        """Orders that were not carried out yet, the oldest first; for the SENCO and the DSL."""
        return (
            [self._shown(one) for one in erasure.open_orders(self._session.store.library, self._session.now())]
            if self._session.has(Right.ERASE)
            else []
        )

    def _shown(self, order: erasure.Order) -> Shown:
        held, school = self.on_hold(order.pupil), self._session.school
        names, known = school.staff_names(), school.known([order.pupil]).get(order.pupil)
        since = erasure.since(self._session.store.library, order)
        said = erasure.sentence_for(order, held, since, self._session.now(), names)
        name, by = known.name if known else _("A child who is not on this device"), names.get(order.by, "")
        return Shown(order.pupil, name, order.why.words, by, said, order.cancelled, order.cancelled or held)

    def of(self, pupil: str) -> Shown | None:
        """The order that stands, of this child."""
        return next((one for one in self.orders() if one.pupil == pupil and not one.cancelled), None)

    def on_hold(self, pupil: str) -> bool:
        return erasure.held(self._session.store.library, pupil)

    async def order(self, pupil: str, why: Why) -> None:
        """Carried out by the hub after seven days, unless it is stopped before."""
        self._session.need(Right.ERASE)
        self._session.school.pupil(pupil)
        await erasure.order(self._session, pupil, self._session.person, why, self._session.now())

    async def cancel(self, pupil: str) -> None:
        self._session.need(Right.ERASE)
        await erasure.cancel(self._session, pupil, self._session.person, self._session.now())

    async def set_legal_hold(self, pupil: str, on: bool) -> None:
        self._session.school.pupil(pupil)
        await erasure.hold(self._session, pupil, on)

    def shows_erased(self, observation: Observation) -> bool:
        """Whether a child whose records were erased is in the pictures of this moment of another child."""
        return erasure.shows_erased(self._session.school, self._session.store.library, observation)

    async def forget_erased(self) -> None:
        """The store has let go of the child; so do the drafts, with their pictures, which show the child though others are in
        them too; and so do pictures that a crash once left behind."""
        gone = self._session.store.erased - self._forgotten
        if not gone:
            return
        if await self._drafting.discard_of(gone):
            self.discarded = _(DISCARDED)
        if self._drafting.coming:
            return  # a picture that is being kept is in no draft yet: the next round looks
        await self._drafting.sweep()
        self._forgotten |= gone
