"""What a store is told of the things it keeps, which it knows nothing about: which are sealed apart, and since when a field is.

Media belong to what is sealed apart: so nothing else that is new can hold a picture back, or the words about it (promise 1).
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass

from storage.ops import Op

FIRST = 1


@dataclass(frozen=True, slots=True)
class Groups:
    """`apart`: of an op, whether it is sealed apart from everything else of its partition. `edition`: of an entity, which is
    "<kind>:<id>", and a field, the edition of the app that first wrote it."""

    apart: Callable[[Op], bool] = lambda op: False
    edition: Callable[[str, str], int] = lambda entity, field: FIRST

    def parted(self, ops: Sequence[Op], media: set[str]) -> Iterator[tuple[list[Op], set[str]]]:
        """What is sealed together, each with the media that go with it: first what is apart."""
        apart = [op for op in ops if self.apart(op)]
        if apart:
            yield apart, media
        if rest := [op for op in ops if not self.apart(op)]:
            yield rest, set() if apart else media

    def of(self, ops: Iterable[Op]) -> int:
        """The highest edition of these."""
        return max((self.edition(op.entity, op.field) for op in ops), default=FIRST)


PLAIN = Groups()
