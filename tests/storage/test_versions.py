"""The number of a kind in a partition rises with every change of it, and with nothing else; who listens is told the same."""

import asyncio
from collections.abc import Callable

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from storage.errors import Refused
from storage.folder.memory import Memory
from storage.library import Library
from storage.ops import Op
from storage.store import Store
from storage.sync import sync
from tests.storage.parts import AMIRA, BEN, change, opened

PLACES = [(partition, kind) for partition in (AMIRA, BEN, "school") for kind in ("pupil", "observation")]
WRITES = st.lists(st.tuples(st.sampled_from(PLACES), st.integers(0, 2)), min_size=1, max_size=4)


def numbers(library: Library) -> dict[tuple[str, str], int]:
    return {place: library.version(*place) for place in PLACES}


def risen(before: dict[tuple[str, str], int], library: Library) -> set[tuple[str, str]]:
    now = numbers(library)
    assert all(now[place] >= before[place] for place in PLACES), "a number never falls"
    return {place for place in PLACES if now[place] > before[place]}


@st.composite
def any_op(draw: st.DrawFn) -> tuple[str, Op]:
    (partition, kind), ident = draw(st.sampled_from(PLACES)), draw(st.sampled_from("ab"))
    text, stamp, of = draw(st.booleans()), (draw(st.integers(0, 3)), 0), draw(st.sampled_from("ijk"))
    return partition, Op(
        f"{kind}:{ident}", draw(st.sampled_from(["v", "deleted"])), draw(st.integers(0, 2)), stamp, "w", of, text=text
    )


@given(st.lists(any_op(), max_size=8), st.lists(st.sampled_from([AMIRA, BEN, ""]), max_size=3))
def test_an_op_that_changes_something_is_told_and_one_that_does_not_is_not(ops: list[tuple[str, Op]], gone: list[str]) -> None:
    library, told = Library(), list[tuple[str, str]]()
    library.versions.listen(lambda partition, kind: told.append((partition, kind)))
    for partition, op in ops:
        before = numbers(library)
        did = library.apply(partition, op)
        assert risen(before, library) == ({(partition, op.entity.partition(":")[0])} if did else set())
    for partition in gone:
        before, held = (
            numbers(library),
            {(d["partition"], d["kind"]) for table in ("pupil", "observation") for d in library.table(table)},
        )
        library.drop(partition)
        assert risen(before, library) == {place for place in held if place[0] == partition}
    assert {place: told.count(place) for place in PLACES} == numbers(library)


@settings(max_examples=60, deadline=None)
@given(st.lists(WRITES, min_size=1, max_size=5))
def test_a_write_changes_the_number_of_exactly_what_it_touched(writes: list[list[tuple[tuple[str, str], int]]]) -> None:
    async def go() -> None:
        store = await opened()
        for number, write in enumerate(writes):
            before = numbers(store.library)
            changes = [change(f"{kind}:{ident}", number, partition=partition) for (partition, kind), ident in write]
            await store.write(changes)
            assert risen(before, store.library) == {place for place, _ in write}
            before = numbers(store.library)
            await store.seal()
            await store.save_view()
            assert risen(before, store.library) == set(), "what is only put away has not changed"

    asyncio.run(go())


def heard(store: Store) -> tuple[set[tuple[str, str]], Callable[[], None]]:
    told: set[tuple[str, str]] = set()
    return told, store.library.versions.listen(lambda partition, kind: told.add((partition, kind)))


async def test_what_comes_from_others_is_told_and_what_leaves_this_device_too() -> None:
    one, other, folder = await opened(), await opened(), Memory()
    await one.write([change("observation:1", 1), change("pupil:1", 1, partition=BEN)])
    await sync(one, folder)
    told, stop = heard(other)
    await sync(other, folder)
    assert told == {(AMIRA, "observation"), (BEN, "pupil")}
    told.clear()
    await other.drop(AMIRA)
    assert told == {(AMIRA, "observation")} and other.library.version(AMIRA, "observation") == 2
    stop()
    await other.write([change("observation:2", 1)])
    assert told == {(AMIRA, "observation")} and other.library.version(AMIRA, "observation") == 3


async def test_a_snapshot_that_is_loaded_counts_as_a_change() -> None:
    disk = Memory()
    store = await opened(disk)
    await store.write([change("observation:1", 1)])
    await store.seal()
    await store.save_view()
    again = await opened(disk)
    assert again.library.version(AMIRA, "observation") > 0 and again.library.version(BEN, "observation") == 0


async def test_after_a_wipe_nothing_that_was_made_before_is_taken_for_true() -> None:
    store = await opened()
    await store.write([change("observation:1", 1)])
    before, (told, _) = numbers(store.library), heard(store)
    assert await store.wipe("kept", b"x", None)
    assert risen(before, store.library) == {(AMIRA, "observation")} == told
    with pytest.raises(Refused):
        await store.write([change("pupil:1", 1, partition=BEN)])
    with pytest.raises(Refused):
        await store.keep("draft", b"half a sentence")
    assert await store.kept("kept") == b"x", "nothing may seem to be kept where all was wiped"


async def test_every_document_of_an_entity_is_found() -> None:
    store = await opened()
    await store.write([change("observation:1", 1), change("observation:1", 2, partition=BEN)])
    await store.write([change("observation:1", True, "deleted", BEN)])
    found = store.library.everywhere("observation:1")
    assert [d["v"] for d in found] == [1, 2] and found[1]["deleted"] and store.library.everywhere("x:1") == []
