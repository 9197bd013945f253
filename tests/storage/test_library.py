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


def later(document: dict[str, object]) -> tuple[object, object]:
    return (-int(str(document.get("n", 0))), document["id"])


def test_a_partition_is_in_order_whatever_comes_changes_or_goes() -> None:
    library = Library()
    fill(library, 4)
    fill(library, 2, partition=BEN, start=10)

    def ids(partition: str | None) -> list[str]:
        return [document["id"] for document in library.ordered("x", partition, later)]

    assert ids(AMIRA) == ["3", "2", "1", "0"] and ids(None) == ["11", "10", "3", "2", "1", "0"]
    assert library.ordered("x", AMIRA, later) is library.ordered("x", AMIRA, later)
    library.apply(AMIRA, Op("x:0", "n", 9, (2, 0), "w", "later"))
    library.apply(AMIRA, Op("x:2", "deleted", True, (2, 0), "w", "gone"))
    fill(library, 1, start=20)
    assert ids(AMIRA) == ["20", "0", "3", "1"] and ids(None)[:3] == ["20", "11", "10"] and ids("c" * 32) == []
    library.drop(AMIRA)
    assert ids(AMIRA) == [] and ids(None) == ["11", "10"]


def test_taking_many_is_applying_each() -> None:
    ops = [Op(f"x:{n % 3}", "n", n, (n, 0), "w", str(n), text=n % 2 == 0) for n in range(9)]
    one, many = Library(), Library()
    for op in ops:
        one.apply(AMIRA, op)
    many.take(AMIRA, ops)
    assert one.documents("x") == many.documents("x") and list(one.ops()) == list(many.ops())
