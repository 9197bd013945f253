"""Merging: the same ops give the same state in any order, with repeats (I5). Plain values: last writer. Texts: all heads."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from storage.clock import Stamp
from storage.ops import Json, Op


@dataclass(slots=True)
class Field:
    """One field of one thing: the plain op that stands, the texts that stand, and the ids of texts that were replaced."""

    plain: Op | None = None
    texts: dict[str, Op] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)

    def apply(self, op: Op) -> bool:
        """Whether anything changed."""
        return self._text(op) if op.text else self._plain(op)

    def _plain(self, op: Op) -> bool:
        if self.plain is not None and not op.beats(self.plain):
            return False
        self.plain = op
        return True

    def _text(self, op: Op) -> bool:
        news = not self.replaced.issuperset(op.replaces)
        self.replaced.update(op.replaces)
        held = self.texts.get(op.id)
        if op.id not in self.replaced and (held is None or op.beats(held)):
            self.texts[op.id] = op
            news = True
        for gone in self.replaced.intersection(self.texts):
            del self.texts[gone]
        return news

    def standing(self) -> Iterator[Op]:
        """Every op that stands: from these alone the field can be made again."""
        if self.plain is not None:
            yield self.plain
        yield from self.texts.values()

    def ranked(self) -> list[Op]:
        """What stands, the winner first."""
        return sorted(self.standing(), key=lambda op: op.order, reverse=True)

    def value(self) -> Json:
        if self.plain is not None and not self.texts:
            return self.plain.value
        return next((op.value for op in self.ranked()), None)

    def others(self) -> list[Json]:
        """Texts written without knowing of the winner, newest first; each is kept until a person picks."""
        if not self.texts:
            return []
        top, *rest = self.ranked()
        kept: list[Json] = []
        for op in rest:
            if op.text and op.value != top.value and op.value not in kept:
                kept.append(op.value)
        return kept

    def stamp(self) -> Stamp | None:
        """The greatest stamp among what stands, which the next edit must beat (I6)."""
        return max((op.stamp for op in self.standing()), default=None)
