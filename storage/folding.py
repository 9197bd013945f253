"""Folding: many ops become the few that still matter; merged, they give what all of them would give (I5).

Folding a fold together with more is folding everything at once, so that anyone who holds the files can check a snapshot.
"""

from collections.abc import Iterable

from storage.ops import Op, dumps


def fold(ops: Iterable[Op]) -> list[Op]:
    """The ops that no other outdoes, in one order that is the same on every device."""
    kept: dict[tuple[str, str], list[Op]] = {}
    for op in ops:
        rivals = kept.setdefault((op.entity, op.field), [])
        if not any(_same(other, op) or outdoes(other, op) for other in rivals):
            rivals[:] = [other for other in rivals if not outdoes(op, other)]
            rivals.append(op)
    return sorted((op for rivals in kept.values() for op in rivals), key=lambda op: (op.entity, op.field, op.order))


def outdoes(op: Op, other: Op) -> bool:
    """Whether the other may be forgotten for this one. What a newer format wrote outdoes nothing and is never forgotten: we do
    not know what it means (I10)."""
    if op.extra or other.extra or op.text != other.text:
        return False
    if not op.text:
        return op.beats(other)
    return _replaces(op, other) and (not _replaces(other, op) or op.beats(other))


def _replaces(op: Op, other: Op) -> bool:
    """Whether the text stands for the other, and for everything that the other replaced."""
    return (other.id in op.replaces or other.id == op.id) and set(other.replaces) <= set(op.replaces)


def _same(one: Op, other: Op) -> bool:
    return one == other and dumps(one.to_json()) == dumps(other.to_json())
