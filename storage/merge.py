"""Merging: the same ops give the same state in any order, with repeats (I5). Plain values: last writer. Texts: all heads."""

from collections.abc import Iterable, Iterator

from storage.clock import Stamp
from storage.ops import Json, Op, dumps

NO_TEXTS: dict[str, Op] = {}  # shared by most fields, and never written
NONE_REPLACED: set[str] = set()  # likewise


class Field:
    """One field of one thing: the plain op that stands, the texts that stand by id, and the ids of texts that were replaced.

    There are a dozen for every moment, and most hold one plain op: so they are small until they hold more."""

    __slots__ = ("plain", "replaced", "texts")

    def __init__(self) -> None:
        self.plain: Op | None = None
        self.texts, self.replaced = NO_TEXTS, NONE_REPLACED

    def apply(self, op: Op) -> bool:
        """Whether anything changed."""
        if op.text:
            return self._text(op)
        if self.plain is not None and not op.beats(self.plain):
            return False
        self.plain = op
        return True

    def _text(self, op: Op) -> bool:
        news = not self.replaced.issuperset(op.replaces)
        if news:
            self._replace(op.replaces)
        held = self.texts.get(op.id)
        if op.id not in self.replaced and (held is None or op.beats(held)):
            self.texts = self.texts or {}
            self.texts[op.id] = op
            news = True
        return news

    def _replace(self, ids: Iterable[str]) -> None:
        self.replaced = self.replaced or set()
        self.replaced.update(ids)
        for gone in ids if self.texts else ():
            self.texts.pop(gone, None)

    def standing(self) -> Iterator[Op]:
        """Every op that stands: from these alone the field can be made again."""
        if self.plain is not None:
            yield self.plain
        yield from self.texts.values()

    def ranked(self) -> list[Op]:
        """What stands, the winner first."""
        found = list(self.standing())
        return found if len(found) == 1 else sorted(found, key=lambda op: op.order, reverse=True)

    def value(self) -> Json:
        if self.plain is not None and not self.texts:
            return self.plain.value
        return next((op.value for op in self.ranked()), None)

    def others(self) -> list[Json]:
        """Texts written without knowing of the winner, newest first; each is kept until a person picks."""
        if not self.texts:
            return []
        top, *rest = self.ranked()
        seen = {dumps(top.value)}
        kept: list[Json] = []
        for op in rest:
            if op.text and (value := dumps(op.value)) not in seen:
                seen.add(value)
                kept.append(op.value)
        return kept

    def stamp(self) -> Stamp | None:
        """The greatest stamp among what stands, which the next edit must beat (I6)."""
        return max((op.stamp for op in self.standing()), default=None)
