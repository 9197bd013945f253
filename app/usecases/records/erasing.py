"""Erasing a child, at the desk: orders of who leads, and what goes from this device besides the store's own."""

from dataclasses import dataclass

from app.domain.evidence.observations import Observation
from app.domain.vocabulary.language import N_, _
from app.usecases.evidence.drafting import Drafting
from app.usecases.records import erasure
from app.usecases.records.erasure import Why
from storage.ledger import KEEP

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


class Erasing(Drafting):
    discarded = ""  # what was discarded because of an erasure, in a sentence

    @property
    def may_erase(self) -> bool:
        return self.may("erasure", partition="school")

    def erasures(self) -> list[Shown]:
        """Orders that were not carried out yet, the oldest first; for who leads."""
        return [self._shown(one) for one in erasure.open_orders(self.store.library, self.now())] if self.may_erase else []

    def _shown(self, order: erasure.Order) -> Shown:
        held, names = self.on_hold(order.pupil), self.school.staff_names()
        known = self.school.known([order.pupil]).get(order.pupil)
        said = erasure.told(order, held, erasure.since(self.store.library, order), self.now(), names)
        name, by = known.name if known else _("A child who is not on this device"), names.get(order.by, "")
        return Shown(order.pupil, name, order.why.words, by, said, order.cancelled, order.cancelled or held)

    def erasure_of(self, pupil: str) -> Shown | None:
        return next((one for one in self.erasures() if one.pupil == pupil and not one.cancelled), None)

    def on_hold(self, pupil: str) -> bool:
        return erasure.held(self.store.library, pupil)

    async def order_erasure(self, pupil: str, why: Why) -> None:
        """Carried out by the hub after seven days, unless it is stopped before."""
        self._need(self.may_erase)
        self.school.pupil(pupil)
        await self._told(erasure.order(self.store, pupil, self._me, why, self.now()))
        self._wake.set()

    async def cancel_erasure(self, pupil: str) -> None:
        self._need(self.may_erase)
        await self._told(erasure.cancel(self.store, pupil, self._me, self.now()))
        self._wake.set()

    async def set_legal_hold(self, pupil: str, on: bool) -> None:
        self._need(self.may("pupil", "legal_hold"))
        self.school.pupil(pupil)
        await self._told(erasure.hold(self.store, pupil, on))
        self._wake.set()

    def shows_erased(self, observation: Observation) -> bool:
        """Whether a child whose records were erased is in the pictures of this moment of another child."""
        return erasure.shows_erased(self.school, self.store.library, observation)

    async def _forget_erased(self) -> None:
        """The store has let go of the child; so do the drafts, with their pictures, which show the child though others are in
        them too; and so do pictures that a crash once left behind."""
        gone = self.store.erased - self._forgotten
        if not gone:
            return
        for person in [who for who, draft in self.drafts.left().items() if not gone.isdisjoint(draft.pupils)]:
            await self._told(self._discard(person))
            self.discarded = _(DISCARDED)
        if self.coming:
            return  # a picture that is being kept is in no draft yet: the next round looks
        found = await self._told(self.store.disk.names(f"{KEEP}draft."))
        for name in sorted(found - {KEEP + item.file for item in self.drafts.media()}):
            await self._told(self.store.forget(name.removeprefix(KEEP)))
        self._forgotten |= gone
