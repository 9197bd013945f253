"""From what a use case asks for to ops: stamps that beat what was seen, texts that name what they replace (I6)."""

from collections.abc import Callable, Iterable

from storage.clock import Clock, Stamp
from storage.library import Library
from storage.ops import Change, Op, storable

Placed = tuple[str, Op]
"""(partition, op)"""


class Writer:
    """Makes ops for one `dev.inc`, looking at one library."""

    def __init__(self, ident: str, clock: Clock, library: Library, random: Callable[[int], bytes]) -> None:
        self.id, self.clock, self._library, self._random = ident, clock, library, random

    def ops(self, changes: Iterable[Change], author: str = "") -> list[Placed]:
        """One op a change; a later change of the same field in one batch beats the earlier. Raises ValueError."""
        seen: dict[tuple[str, str], tuple[Stamp, tuple[str, ...]]] = {}
        made: list[Placed] = []
        for change in changes:
            stamp, replaces = seen.get((change.entity, change.field)) or self._seen(change)
            op = Op(
                change.entity, change.field, storable(change), self.clock.tick(stamp), self.id,
                self._random(16).hex(), replaces if change.text else (), change.text, author,
            )  # fmt: skip
            seen[change.entity, change.field] = (op.stamp, (*replaces, op.id))
            made.append((change.partition, op))
        return made

    def _seen(self, change: Change) -> tuple[Stamp | None, tuple[str, ...]]:
        field = self._library.field(change.partition, change.entity, change.field)
        # All replaced ids go along, so that the op alone tells the whole story when older ones are folded away.
        return (None, ()) if field is None else (field.stamp(), tuple(sorted({*field.texts, *field.replaced})))
