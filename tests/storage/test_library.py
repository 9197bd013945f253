"""The library is asked like TinyDB and changes in place."""

import time

from tinydb import where

from storage.library import Library
from storage.ops import Op
from tests.storage.parts import AMIRA, BEN


def fill(library: Library, count: int, kind: str = "x", partition: str = AMIRA, start: int = 0) -> None:
    for number in range(start, start + count):
        library.apply(partition, Op(f"{kind}:{number}", "n", number, (1, 0), "w", f"{partition}{number}"))


def test_tinydb_queries_see_every_change() -> None:
    library = Library()
    fill(library, 5)
    assert [d["id"] for d in library.table("x").search(where("n") > 2)] == ["3", "4"]
    library.apply(AMIRA, Op("x:3", "n", 0, (2, 0), "w", "later"))
    assert [d["id"] for d in library.table("x").search(where("n") > 2)] == ["4"]
    assert library.table("x").get(where("n") == 4)["entity"] == "x:4"  # type: ignore[index,call-overload]
    assert len(library.table("x")) == 5 and library.table("x").count(where("n") == 0) == 2


def test_a_deleted_thing_is_left_out_and_can_come_back() -> None:
    library = Library()
    fill(library, 2)
    library.apply(AMIRA, Op("x:0", "deleted", True, (2, 0), "w", "d"))
    assert [d["id"] for d in library.documents("x")] == ["1"] and library.get("x:0") is not None
    library.apply(AMIRA, Op("x:0", "deleted", False, (3, 0), "w", "e"))
    assert len(library.documents("x")) == 2


def test_a_partition_that_leaves_takes_all_of_its_own_and_nothing_else() -> None:
    library = Library()
    fill(library, 3)
    fill(library, 2, partition=BEN, start=10)
    library.drop(AMIRA)
    assert library.partitions() == {BEN} and [d["id"] for d in library.documents("x")] == ["10", "11"]
    assert library.documents("x", AMIRA) == [] and library.get("x:1") is None
    assert {p for p, _ in library.ops()} == {BEN} and library.table("x").search(where("n") < 3) == []
    fill(library, 1)
    assert library.get("x:0") is not None


def test_an_insert_costs_the_same_at_a_thousand_and_at_many_thousand_records() -> None:
    def cost(library: Library, start: int) -> float:
        best = float("inf")
        for turn in range(5):
            begun = time.perf_counter()
            fill(library, 200, start=start + turn * 200)
            best = min(best, time.perf_counter() - begun)
        return best

    small, large = Library(), Library()
    fill(small, 1_000)
    fill(large, 30_000)
    assert cost(large, 30_000) < 5 * cost(small, 1_000)
