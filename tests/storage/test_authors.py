"""Each op says which person wrote it, wherever it is kept and however often it is folded; and one without says nobody."""

import pytest

from storage import segments
from storage.bundle import long, short
from storage.errors import BadBytes
from storage.folder.memory import Memory
from storage.folding import fold
from storage.ops import Op
from tests.storage.parts import change, note, op, opened

DANA, PRIYA = "d" * 32, "e" * 32


def authors(ops: object) -> dict[str, str]:
    return {one.field: one.author for _, one in ops}  # type: ignore[attr-defined]


async def test_the_author_is_in_the_journal_the_segment_and_the_view() -> None:
    disk = Memory()
    store = await opened(disk)
    store.author = DANA
    await store.write([change("x:1", 1), note("Asked for a turn.", "x:1")])
    store.author = PRIYA
    await store.write([change("x:1", True, "starred")])
    told = {"v": DANA, "note": DANA, "starred": PRIYA}
    assert authors(store.library.ops()) == told
    again = await opened(disk)
    assert authors(again.library.ops()) == told, "from the journal"
    (name,) = await again.seal()
    assert {one.field: one.author for one in segments.read(name, await disk.get(name)).ops} == told
    await again.save_view()
    assert authors((await opened(disk)).library.ops()) == told, "from the view"


async def test_a_new_incarnation_writes_for_the_same_person() -> None:
    store = await opened()
    store.author = DANA
    await store._new_incarnation()
    await store.write([change("x:1", 1)])
    assert authors(store.library.ops()) == {"v": DANA}


def test_folding_keeps_the_author_of_what_stands() -> None:
    first, then = op(1, wall=1, ident="1", author=DANA), op(2, wall=2, ident="2", author=PRIYA)
    assert [one.author for one in fold([first, then])] == [PRIYA]


def test_without_an_author_an_op_reads_as_it_always_did() -> None:
    plain = op(1)
    assert "a" not in plain.to_json() and len(short(plain)) == 6 and Op.from_json(plain.to_json()) == plain
    signed = op(1, author=DANA)
    assert long("x:1", short(signed)) == signed == Op.from_json(signed.to_json())


@pytest.mark.parametrize("odd", [7, None, ["d"], {"id": "d"}, True])
def test_an_author_that_is_no_text_is_no_op(odd: object) -> None:
    with pytest.raises(BadBytes):
        Op.from_json(op(1).to_json() | {"a": odd})
