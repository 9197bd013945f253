"""Things put to sleep: what is packed away answers and merges as if it were awake, and only what woke is packed again."""

import random as dice
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage import bundle, view
from storage.bundle import LONG, Packed
from storage.errors import BadBytes
from storage.folder.memory import Memory
from storage.library import Library
from storage.ops import NOTHING, Op, dumps
from tests.storage.parts import AMIRA, BEN

PICTURE = "p" * (LONG + 1)


def told(library: Library) -> tuple[Any, ...]:
    """Everything there is to know of a library, apart from the order in which it came."""
    documents = {
        (d["partition"], d["entity"]): [d.get(key) for key in ("v", "deleted", "_others", "kind", "id")]
        for k in "xy"
        for d in library.table(k)
    }
    return documents, sorted(dumps([place, op.to_json()]) for place, op in library.ops())


async def reopened(library: Library) -> Library:
    disk, again = Memory(), Library()
    await view.save(disk, library, [])
    await view.load(disk, again, set())
    return again


def one(entity: str, field: str, value: object, at: int = 1, **more: Any) -> Op:
    return Op(entity, field, value, (at, more.pop("count", 0)), "d" * 16 + ".i", f"{entity}{field}{at}", **more)


@st.composite
def any_ops(draw: st.DrawFn) -> list[tuple[str, Op]]:
    """As devices write them, in any order: a text names those that its writer saw, and all that they had replaced."""
    made: list[tuple[str, Op]] = []
    for number in range(draw(st.integers(0, 8))):
        place, text = draw(st.sampled_from([AMIRA, BEN])), draw(st.booleans())
        entity, field = (
            f"{draw(st.sampled_from('xy'))}:{draw(st.integers(1, 2))}",
            draw(st.sampled_from(["v", "deleted", "entity"])),
        )
        if draw(st.booleans()):
            entity, field = "x:1", "v"  # so that some meet
        there = [op for where, op in made if op.text and (where, op.entity, op.field) == (place, entity, field)]
        seen = [op for op in there if text and draw(st.booleans())]
        op = one(
            entity, field, draw(st.sampled_from([1, True, "short", PICTURE, None, ["a"], number])), draw(st.integers(0, 3)),
            text=text, replaces=tuple(sorted({ident for op in seen for ident in (op.id, *op.replaces)})),
            extra=draw(st.sampled_from([NOTHING, {"z": {"of": ["next", "year"]}}])),
        )  # fmt: skip
        made.append((place, replace(op, id=str(number))))
    return draw(st.permutations(made))


@given(any_ops(), st.randoms(use_true_random=False))
@settings(max_examples=300, deadline=None)
async def test_i5_asleep_or_awake_or_opened_again_the_same_ops_give_the_same_view(
    ops: list[tuple[str, Op]], order: dice.Random
) -> None:
    awake, other = Library(), Library()
    for partition, op in ops:
        awake.apply(partition, op)
        other.apply(partition, op)
        if order.random() < 0.4:
            other.bundled()
        if order.random() < 0.2:
            other = await reopened(other)
    assert told(other) == told(awake) == told(await reopened(other))


async def test_what_is_asleep_merges_as_if_it_were_awake() -> None:
    library = Library()
    library.take(AMIRA, [one("x:1", "v", n, n) for n in (1, 5)])
    again = await reopened(library)
    assert not again.apply(AMIRA, one("x:1", "v", 3, 3)) and again.get("x:1")["v"] == 5  # type: ignore[index]
    assert again.apply(AMIRA, one("x:1", "v", 6, 6)) and again.get("x:1")["v"] == 6  # type: ignore[index]
    assert again.field(AMIRA, "x:1", "v").stamp() == (6, 0) and again.field(AMIRA, "x:2", "v") is None  # type: ignore[union-attr]


async def test_a_long_text_stays_packed_and_is_there_for_who_asks() -> None:
    library = Library()
    library.take(AMIRA, [one("x:1", "thumb", PICTURE), one("x:1", "v", 1)])
    document = (await reopened(await reopened(library))).get("x:1")
    assert isinstance(document, Packed) and "thumb" not in list(document) and "thumb" in document
    assert document["thumb"] == PICTURE == document.get("thumb") and document["v"] == 1 == document.get("v")
    assert document.get("w", 7) == 7 and "w" not in document
    with pytest.raises(KeyError):
        document["w"]


async def test_a_new_long_text_is_shown_and_packed_in_its_turn() -> None:
    library = Library()
    library.take(AMIRA, [one("x:1", "thumb", PICTURE), one("x:2", "thumb", PICTURE + "2")])
    again = await reopened(library)
    again.apply(AMIRA, one("x:1", "thumb", "short", 2))
    assert set(again.bundled()) == {again.get(f"x:{n}").bundle for n in (1, 2)}  # type: ignore[union-attr]
    assert [again.get(f"x:{n}")["thumb"] for n in (1, 2)] == ["short", PICTURE + "2"]  # type: ignore[index]
    third = await reopened(again)
    assert [third.get(f"x:{n}")["thumb"] for n in (1, 2)] == ["short", PICTURE + "2"]  # type: ignore[index]


def test_only_bundles_in_which_something_woke_are_packed_again(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bundle, "ROOM", 300)
    library = Library()
    for partition in (AMIRA, BEN):
        library.take(partition, [one(f"x:{partition[0]}{n}", "v", n) for n in range(40)])
    before = library.bundled()
    assert len(before) > 6 and library.bundled() == before
    library.apply(AMIRA, one("x:a1", "v", 9, 9))
    after = library.bundled()
    assert len(set(before) - set(after)) <= 2 and sum(len(b.entities) for b in after) == 80
    library.drop(AMIRA)
    assert {b.partition for b in library.bundled()} == {BEN} == library.partitions() == {place for place, _ in library.ops()}


def test_many_small_additions_do_not_leave_many_small_bundles() -> None:
    library = Library()
    for n in range(60):
        library.apply(AMIRA, one(f"x:{n}", "v", n))
        found = library.bundled()
    assert len(found) == 1 and len(found[0].entities) == 60


async def test_the_last_reading_of_a_clock_is_remembered_by_who_sleeps() -> None:
    library = Library()
    library.take(AMIRA, [one("x:1", "v", 1, 7), one("x:2", "v", 1, 9, count=3)])
    again = await reopened(library)
    for found in (library, again):
        assert found.last_reading("d" * 16) == (7, 0) and found.last_reading("e" * 16) == (0, 0)
    again.apply(AMIRA, one("x:1", "v", 2, 11))
    assert again.last_reading("d" * 16) == (11, 0)


@pytest.mark.parametrize("cut", [0, 3, 8, 20, -1])
async def test_a_snapshot_that_was_cut_is_told(cut: int) -> None:
    disk, library = Memory(), Library()
    library.apply(AMIRA, one("x:1", "v", 1))
    await view.save(disk, library, [])
    disk.files[view.NAME] = disk.files[view.NAME][:cut]
    with pytest.raises(BadBytes):
        await view.load(disk, Library(), set())
