"""Merging: the same ops give the same state in any order, with repeats (I5). Plain fields: last writer. Texts: all heads."""

from dataclasses import dataclass, field

from storage.clock import Stamp
from storage.ops import Json, Op


@dataclass(slots=True)
class Field:
    """One field of one thing: the ops that still stand, and the ids of texts that were replaced."""

    heads: dict[str, Op] = field(default_factory=dict)
    replaced: set[str] = field(default_factory=set)

    def apply(self, op: Op) -> bool:
        """Whether anything changed."""
        return self._text(op) if op.text else self._plain(op)

    def _plain(self, op: Op) -> bool:
        winner = self.winner()
        if winner is not None and winner.order >= op.order:
            return False
        self.heads = {op.id: op}
        return True

    def _text(self, op: Op) -> bool:
        if op.id in self.heads or (op.id in self.replaced and self.replaced.issuperset(op.replaces)):
            return False
        self.replaced.update(op.replaces)
        if op.id not in self.replaced:
            self.heads[op.id] = op
        for gone in self.replaced.intersection(self.heads):
            del self.heads[gone]
        return True

    def winner(self) -> Op | None:
        return max(self.heads.values(), key=lambda op: op.order, default=None)

    def value(self) -> Json:
        top = self.winner()
        return None if top is None else top.value

    def others(self) -> list[Json]:
        """Texts written without knowing of the winner, newest first; each is kept until a person picks."""
        ranked = sorted(self.heads.values(), key=lambda op: op.order, reverse=True)
        seen = [op.value for op in ranked]
        return [v for i, v in enumerate(seen) if i and v not in seen[:i]]

    def stamp(self) -> Stamp | None:
        """The greatest stamp among what stands, which the next edit must beat (I6)."""
        return max((op.stamp for op in self.heads.values()), default=None)
