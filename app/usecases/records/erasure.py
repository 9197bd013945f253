"""Erasing a child: an order that waits seven days, may be cancelled, and gives way to a legal hold; then all of it goes (I9).

An order lies in `school` and is kept for ever, so it holds ids and words of a fixed list: nothing of the child.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from app.domain.evidence.observations import Observation
from app.domain.families.hiding import others_hidden
from app.domain.vocabulary.language import N_, _, ngettext
from app.domain.vocabulary.states import ReviewState
from app.usecases.evidence.capture import Writes
from app.usecases.session import change
from app.usecases.session.reading import Document, moment, one_of, text
from app.usecases.session.school import School
from storage import erasure
from storage.library import Library
from storage.ops import Change, Json

DAY = 86_400_000  # ms
ERASURE_WAITS = 7 * DAY
TOLD_FOR = 30 * DAY  # how long a cancelled order is shown
LOOK_AGAIN = N_("This names or shows a child whose records were erased. Please reword, redact or hide it.")


class Why(StrEnum):
    """A reason is picked and never typed: what is typed may name the child."""

    FAMILY = "family"
    LEFT = "left"
    MISTAKE = "mistake"
    OTHER = "other"

    @property
    def words(self) -> str:
        return _(REASONS[self])


REASONS = {
    Why.FAMILY: N_("The family asked for it"),
    Why.LEFT: N_("The child left; kept long enough"),
    Why.MISTAKE: N_("It was recorded by mistake"),
    Why.OTHER: N_("Another reason, on paper in the office"),
}


CANCELLED_BY = N_("Stopped: cancelled by {name}. Nothing is erased.")
VERY_SOON = N_("Everything of this child is erased very soon. Until then it can be cancelled.")


@dataclass(frozen=True, slots=True)
class Order:
    """`asked` and `cancelled_at` in ms UTC, by the clock of who asked; `by` are staff ids."""

    pupil: str
    asked: int
    by: str
    why: Why
    cancelled: bool
    cancelled_at: int
    cancelled_by: str


async def order(writer: Writes, pupil: str, by: str, why: Why, now: int) -> None:
    await _say(writer, pupil, {"asked": now, "by": by, "why": str(why), "cancelled": False})


async def cancel(writer: Writes, pupil: str, by: str, now: int) -> None:
    await _say(writer, pupil, {"cancelled": True, "cancelled_by": by, "cancelled_at": now})


async def _say(writer: Writes, pupil: str, fields: dict[str, Json]) -> None:
    await writer.write(change.of("erasure", "school", pupil, **fields))


async def hold(writer: Writes, pupil: str, on: bool) -> None:
    """A legal hold: no one erases this child's records while it lasts."""
    await writer.write(change.of("pupil", pupil, pupil, legal_hold=on))


def held(library: Library, pupil: str) -> bool:
    """Anything but a plain no is a yes."""
    found = library.field(pupil, f"pupil:{pupil}", "legal_hold")
    return found is not None and any(op.value not in (False, None) for op in found.standing())


def orders(library: Library) -> list[Order]:
    """Those that were not carried out, the oldest first."""
    gone = erasure.erased(library)
    found = [d for d in library.documents("erasure", "school") if erasure.A_CHILD.fullmatch(d["id"]) and d["id"] not in gone]
    return sorted(map(_order_of, found), key=lambda order: (order.asked, order.pupil))


def _order_of(doc: Document) -> Order:
    return Order(
        text(doc, "id"), moment(doc, "asked"), text(doc, "by"), one_of(Why, doc.get("why"), Why.OTHER),
        doc.get("cancelled") is not False, moment(doc, "cancelled_at"), text(doc, "cancelled_by"),
    )  # fmt: skip


def open_orders(library: Library, now: int) -> list[Order]:
    """Those that a person should see; cancelled ones too, for a while."""
    return [one for one in orders(library) if not one.cancelled or now - one.cancelled_at < TOLD_FOR]


def since(library: Library, order: Order) -> int:
    """Ms UTC from which the days count: an end of a legal hold begins them anew."""
    hold = library.field(order.pupil, f"pupil:{order.pupil}", "legal_hold")
    stamp = hold.stamp() if hold else None
    return max(order.asked, stamp[0] if stamp else 0)


def days_left(since: int, now: int) -> int:
    """7 to 0. The hub counts by its own clock and only while it runs, so that it may take longer."""
    left = since + ERASURE_WAITS - now
    return max(0, min(ERASURE_WAITS // DAY, -(-left // DAY)))


def sentence_for(order: Order, on_hold: bool, since: int, now: int, names: dict[str, str]) -> str:
    """Where the order is, in a sentence. `names`: staff id -> name; the rest in ms UTC."""
    if order.cancelled:
        by = names.get(order.cancelled_by)
        return _(CANCELLED_BY, name=by) if by else _("Stopped: cancelled. Nothing is erased.")
    if on_hold:
        return _("Stopped: there is a legal hold. Nothing is erased while it lasts; after it, the seven days begin anew.")
    left = days_left(since, now)
    return (
        ngettext(
            "Everything of this child is erased in about {n} day. Until then it can be cancelled.",
            "Everything of this child is erased in about {n} days. Until then it can be cancelled.",
            left,
        )
        if left
        else _(VERY_SOON)
    )


def to_look_at(school: School, pupil: str) -> list[Observation]:
    """Moments of other children that show this child or name it, and that a family sees or may soon see: once the child is erased
    no one can find that out any more."""
    child = school.known([pupil]).get(pupil)
    others = {one.id: (one.name, one.preferred_name) for one in school.pupils() if one.id != pupil}
    soon = [o for o in school.observations() if o.pupil in others and o.review in {ReviewState.APPROVED, ReviewState.NEW}]
    names = (child.name, child.preferred_name) if child else ()
    return [o for o in soon if pupil in _inside(school, o) or _named(o, names, others[o.pupil])]


def _inside(school: School, o: Observation) -> set[str]:
    return {*o.together, *(one for medium in school.media_of(o) for one in medium.visible)}


def _named(o: Observation, names: Iterable[str], own: Iterable[str]) -> bool:
    return any(others_hidden(note, names, own) != note for note in (o.note, *o.other_notes))


def look_again(found: Iterable[Observation]) -> list[Change]:
    """Not approved any more, and back in the queue of those who review; what was seen stays, and counts."""
    again = {"review": ReviewState.QUERIED, "question": LOOK_AGAIN}
    return [one for o in found for one in change.of("observation", o.pupil, o.id, **again)]


def shows_erased(school: School, library: Library, o: Observation) -> bool:
    return not erasure.erased(library).isdisjoint(_inside(school, o))
