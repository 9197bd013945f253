"""Wrong designs, each as a small change of the real code. The model has to see every one of them."""

from collections.abc import Callable
from typing import Any

import pytest

from storage import clock, merge, names, segments, store, sync, view
from storage.ops import Op

Patch = pytest.MonkeyPatch


class Agreeing(str):
    """A digest that is equal to every other."""

    def __eq__(self, other: object) -> bool:
        return True

    def __ne__(self, other: object) -> bool:
        return False

    __hash__ = str.__hash__


def acknowledge_without_compare(patch: Patch) -> None:
    patch.setattr(sync, "digest_with", lambda nonce, data: Agreeing())


def names_without_hash_check(patch: Patch) -> None:
    """Whatever is there under a name is taken for what the name says."""
    patch.setattr(names, "matches", lambda name, data: True)
    patch.setattr(segments, "read", lambda name, data: segments.decode(data))

    async def put(self: Any, name: str, data: bytes) -> None:
        await self.disk.put(name, data)

    patch.setattr(store.Store, "_put", put)


class UpToHere(set[str]):
    """The names that a cursor has passed: held or not."""

    def __rsub__(self, listed: Any) -> set[str]:
        last: dict[str, int] = {}
        for parts in map(names.parse, self):
            if parts and parts.kind == "log":
                last[parts.writer] = max(parts.seq, last.get(parts.writer, 0))
        passed = {
            n for n in listed if (parts := names.parse(n)) and parts.kind == "log" and parts.seq <= last.get(parts.writer, 0)
        }
        return set(listed) - set(self) - passed


def cursor_instead_of_names(patch: Patch) -> None:
    real = store.Store.holds

    async def holds(self: store.Store, partition: str) -> set[str]:
        return UpToHere(await real(self, partition))

    patch.setattr(store.Store, "holds", holds)


def no_value_tie_break(patch: Patch) -> None:
    patch.setattr(Op, "beats", lambda self, other: (self.stamp, self.writer) > (other.stamp, other.writer))


def clock_that_ignores_what_was_seen(patch: Patch) -> None:
    real = clock.Clock.tick
    patch.setattr(clock.Clock, "tick", lambda self, after=None: real(self, None))


def journal_shortened_before_segments_are_stored(patch: Patch) -> None:
    real = store.Store._seal

    async def seal(self: store.Store) -> list[str]:
        if self._journal.count:
            await self._journal.next()
        return await real(self)

    patch.setattr(store.Store, "_seal", seal)


def last_writer_for_texts(patch: Patch) -> None:
    real = merge.Field._text

    def text(self: merge.Field, op: Op) -> bool:
        changed = real(self, op)
        self.texts = {top.id: top for top in sorted(self.texts.values(), key=lambda one: one.order)[-1:]}
        return changed

    patch.setattr(merge.Field, "_text", text)


def drop_before_checked(patch: Patch) -> None:
    async def drop(self: store.Store, partition: str) -> None:
        self.library.drop(partition)
        for name in await self.disk.names(f"p/{partition}/"):
            await self.disk.delete(name)

    patch.setattr(store.Store, "_drop", drop)


def snapshot_that_claims_what_it_has_not_seen(patch: Patch) -> None:
    real = view.load

    async def load(disk: Any, library: Any, listed: set[str]) -> set[str]:
        return (await real(disk, library, listed)) and listed

    patch.setattr(view, "load", load)


MUTANTS: dict[str, Callable[[Patch], None]] = {
    mutant.__name__: mutant
    for mutant in (
        acknowledge_without_compare, names_without_hash_check, cursor_instead_of_names, no_value_tie_break,
        clock_that_ignores_what_was_seen, journal_shortened_before_segments_are_stored, last_writer_for_texts,
        drop_before_checked, snapshot_that_claims_what_it_has_not_seen,
    )
}  # fmt: skip
