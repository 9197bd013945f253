"""Wrong designs, each as a small change of the real code. The model has to see every one of them."""

import dataclasses
from collections.abc import Callable
from typing import Any

import pytest

from storage import clock, compaction, folding, healing, merge, names, segments, store, sync, view
from storage.ops import Op
from tests.model import things, world
from tests.storage import parts

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


async def put_unseen(self: store.Store, name: str, data: bytes) -> None:
    """A put that looks at nothing."""
    await self.disk.put(name, data)
    self.here.setdefault(name.split("/")[1], set()).add(name)


def names_without_hash_check(patch: Patch) -> None:
    """Whatever is there under a name is taken for what the name says."""
    patch.setattr(names, "matches", lambda name, data: True)
    patch.setattr(segments, "read", lambda name, data: segments.decode(data))
    patch.setattr(store.Store, "_put", put_unseen)


class UpToHere(set[str]):
    """The names that a cursor has passed: held or not."""

    def __rsub__(self, listed: Any) -> set[str]:
        last: dict[str, int] = {}
        for held in map(names.parse, self):
            if held and held.kind == "log":
                last[held.writer] = max(held.seq, last.get(held.writer, 0))
        passed = {n for n in listed if (name := names.parse(n)) and name.kind == "log" and name.seq <= last.get(name.writer, 0)}
        return set(listed) - set(self) - passed


def cursor_instead_of_names(patch: Patch) -> None:
    real = store.Store.holds

    def holds(self: store.Store, partition: str) -> set[str]:
        return UpToHere(real(self, partition))

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
        await self._remove(*sorted(self.here[partition]))

    patch.setattr(store.Store, "_drop", drop)


def snapshot_that_claims_what_it_has_not_seen(patch: Patch) -> None:
    real = view.load

    async def load(disk: Any, library: Any, listed: set[str]) -> set[str]:
        return (await real(disk, library, listed)) and listed

    patch.setattr(view, "load", load)


def names_without_hash(patch: Patch) -> None:
    """A file is named by its writer and number alone; whatever comes under a name that is known is known."""
    real = names.hash_of
    for place in (things, parts, world):  # the world itself would see it at once: but it is to be seen by what it does
        patch.setattr(place, "whole", lambda name, data: name.endswith("0" * 32) or real(data) == name[-32:], raising=False)
    patch.setattr(names, "matches", lambda name, data: True)
    patch.setattr(segments, "read", lambda name, data: segments.decode(data))
    patch.setattr(store.Store, "_put", put_unseen)
    patch.setattr(names, "hash_of", lambda data: real(data) if data[5:6] == bytes([segments.CHUNK]) else "0" * 32)


def drifted_ops_are_refused(patch: Patch) -> None:
    real = store.Store._merge

    def merge_but(self: store.Store, name: str, segment: segments.Segment) -> None:
        drifted = [op for op in segment.ops if op.stamp[0] > self.now() + 10 * 60 * 1000]
        kept = tuple(op for op in segment.ops if op not in drifted)
        real(self, name, dataclasses.replace(segment, ops=kept))

    patch.setattr(store.Store, "_merge", merge_but)


def erase_without_remembering(patch: Patch) -> None:
    """Who knows of it erases what is there; nobody remembers."""
    real = store.Store._obey_erasures

    async def obey(self: store.Store) -> None:
        await real(self)
        self.erased.clear()

    patch.setattr(store.Store, "_obey_erasures", obey)


def no_adoption(patch: Patch) -> None:
    async def adopt(self: store.Store, *_: object) -> None:
        return None

    patch.setattr(store.Store, "_adopt_one", adopt)


def adopt_on_a_stale_listing(patch: Patch) -> None:
    """What one listing lacks is taken for lost, and said again."""
    patch.setattr(healing, "A_DAY", 0)


def compact_by_number(patch: Patch) -> None:
    """Everything of mine up to the snapshot goes, folded or not."""
    real = store.Store.snapshot

    async def snapshot(self: store.Store, partition: str, ops: Any, media: Any, covers: Any, edition: int = 1) -> str:
        mine = {n for n in self.here[partition] if "/log/" in n and n.split("/")[3].startswith(self.device)}
        return await real(self, partition, ops, media, {*covers, *mine}, edition)

    patch.setattr(store.Store, "snapshot", snapshot)


def delete_before_the_snapshot_is_checked(patch: Patch) -> None:
    real = compaction._snapshot

    async def snapshot(self: store.Store, partition: str, group: list[str]) -> None:
        await real(self, partition, group)
        await self.forget_folded(group)

    async def delete(self: store.Store, folder: Any, folded: Any, noted: Any) -> None:
        for name in folded:
            await folder.delete(name)

    patch.setattr(compaction, "_snapshot", snapshot)
    patch.setattr(compaction, "_delete", delete)


def fold_that_loses_a_head(patch: Patch) -> None:
    """The newest text wins, as if texts were plain values."""
    patch.setattr(folding, "outdoes", lambda op, other: op.order > other.order)


def let_go_of_what_is_not_checked(patch: Patch) -> None:
    real = store.Store.may_shed

    def may_shed(self: store.Store) -> list[str]:
        return sorted({*real(self), *(n for here in self.here.values() for n in here if "/media/" in n)})

    patch.setattr(store.Store, "may_shed", may_shed)


MUTANTS: dict[str, Callable[[Patch], None]] = {
    mutant.__name__: mutant
    for mutant in (
        acknowledge_without_compare, names_without_hash_check, cursor_instead_of_names, no_value_tie_break,
        clock_that_ignores_what_was_seen, journal_shortened_before_segments_are_stored, last_writer_for_texts,
        drop_before_checked, snapshot_that_claims_what_it_has_not_seen, names_without_hash, drifted_ops_are_refused,
        erase_without_remembering, no_adoption, adopt_on_a_stale_listing, compact_by_number,
        delete_before_the_snapshot_is_checked, fold_that_loses_a_head, let_go_of_what_is_not_checked,
    )
}  # fmt: skip
