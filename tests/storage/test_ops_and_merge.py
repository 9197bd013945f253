"""The laws of merging, for any ops: order and repeats do not matter, and my edit beats what I saw."""

import random as dice

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage.clock import Clock
from storage.errors import BadBytes
from storage.library import Library
from storage.merge import Field
from storage.ops import LARGEST, Change, Op, dumps, storable
from storage.writing import Writer
from tests.storage.parts import AMIRA, BEN, op

IDS = st.sampled_from("abcdef")
VALUES = st.one_of(
    st.none(), st.booleans(), st.integers(-5, 5), st.text("aéz", max_size=3), st.lists(st.integers(0, 3), max_size=2)
)


@st.composite
def any_op(draw: st.DrawFn) -> Op:
    text = draw(st.booleans())
    return Op(
        "x:1", "v", draw(VALUES), (draw(st.integers(0, 3)), draw(st.integers(0, 1))), draw(st.sampled_from("uvw")), draw(IDS),
        tuple(draw(st.sets(IDS, max_size=3))) if text else (), text,
    )  # fmt: skip


def folded(ops: list[Op]) -> tuple[object, object, set[str], set[str]]:
    field = Field()
    for one in ops:
        field.apply(one)
    return field.value(), field.others(), {dumps(o.to_json()) for o in field.standing()}, field.replaced


@given(st.lists(any_op(), max_size=8), st.randoms(use_true_random=False))
def test_i5_the_same_ops_give_the_same_state_in_any_order_with_repeats(ops: list[Op], order: dice.Random) -> None:
    again = [*ops, *ops[: len(ops) // 2]]
    order.shuffle(again)
    assert folded(again) == folded(ops)


@given(st.lists(any_op(), max_size=6), st.lists(any_op(), max_size=6))
def test_i5_folding_parts_and_then_the_whole_is_folding_the_whole(left: list[Op], right: list[Op]) -> None:
    def standing(ops: list[Op]) -> list[Op]:
        field = Field()
        for one in ops:
            field.apply(one)
        return list(field.standing())

    plain_left, plain_right = ([o for o in ops if not o.text] for ops in (left, right))
    assert folded(standing(plain_left) + standing(plain_right)) == folded(plain_left + plain_right)


@given(st.lists(any_op(), max_size=6), st.integers(-10, 10))
def test_i5_an_op_that_changes_nothing_says_so(ops: list[Op], _seed: int) -> None:
    field = Field()
    for one in ops:
        field.apply(one)
    before = folded(ops)
    assert not any(field.apply(one) for one in ops)
    assert folded(ops) == before


@given(st.lists(st.tuples(st.integers(0, 2), st.integers(-3_600_000, 3_600_000), VALUES), min_size=1, max_size=12))
def test_i6_my_edit_beats_what_i_saw_whatever_the_clocks_say(edits: list[tuple[int, int, object]]) -> None:
    library, wall = Library(), [0]
    drift = {0: 0, 1: 7_200_000, 2: -7_200_000}
    clocks = {who: Clock(lambda who=who: wall[0] + drift[who]) for who in drift}
    for who, passed, value in edits:
        wall[0] += passed
        writer = Writer(f"w{who}", clocks[who], library, dice.randbytes)
        for partition, made in writer.ops([Change(AMIRA, "x:1", "v", value)]):
            assert library.apply(partition, made)
        assert library.get("x:1")["v"] == (value if not isinstance(value, str) else library.get("x:1")["v"])  # type: ignore[index]


def test_i6_my_clock_is_not_dragged_along_by_somebody_elses() -> None:
    clock = Clock(lambda: 100)
    assert clock.tick(after=(999_999, 3)) == (999_999, 4)
    assert clock.tick() == (100, 1)


def test_a_clock_that_goes_back_still_gives_rising_stamps() -> None:
    times = iter([5, 3, 3, 6])
    clock = Clock(lambda: next(times))
    assert [clock.tick() for _ in range(4)] == [(5, 0), (5, 1), (5, 2), (6, 0)]


def test_two_texts_written_without_knowing_each_other_are_both_kept_until_a_person_picks() -> None:
    field = Field()
    first = op("She said yes", text=True, ident="1")
    hers = op("She said yes twice", text=True, ident="2", wall=2, replaces=("1",))
    his = op("She nodded", text=True, ident="3", wall=3, replaces=("1",))
    for one in (his, first, hers):
        field.apply(one)
    assert (field.value(), field.others()) == ("She nodded", ["She said yes twice"])
    field.apply(op("She nodded and said yes twice", text=True, ident="4", wall=4, replaces=("1", "2", "3")))
    assert (field.value(), field.others()) == ("She nodded and said yes twice", [])


def test_the_same_text_written_twice_is_no_conflict() -> None:
    field = Field()
    field.apply(op("same", text=True, ident="1"))
    field.apply(op("same", text=True, ident="2", wall=2))
    assert field.others() == []


def test_i10_keys_of_a_newer_format_are_kept_and_passed_on() -> None:
    raw = op(1).to_json() | {"z": {"new": [1]}}
    assert Op.from_json(raw).to_json() == raw
    library = Library()
    library.apply(AMIRA, Op.from_json(raw))
    assert [o.to_json() for _, o in library.ops()] == [raw]


ODD = [op().to_json() | odd for odd in ({"v": 1.5}, {"v": float("nan")}, {"v": {"deep": [float("inf")]}}, {"z": [0.5]})]


@pytest.mark.parametrize("raw", [None, [], {}, {"e": 1}, op().to_json() | {"s": [1]}, op().to_json() | {"s": ["1", 2]}, *ODD])
def test_what_is_not_an_op_is_refused(raw: object) -> None:
    with pytest.raises(BadBytes):
        Op.from_json(raw)


@pytest.mark.parametrize("value", [1.5, {1, 2}, b"bytes", [1, [2.0]], "x" * (LARGEST + 1)])
def test_a_value_that_could_not_be_read_again_everywhere_is_refused(value: object) -> None:
    with pytest.raises(ValueError):
        storable(Change(AMIRA, "x:1", "v", value))


@pytest.mark.parametrize("partition", ["", "amira", "A" * 32, "a" * 31, "school/..", "../school", "a" * 32 + ".office.office"])
def test_a_partition_that_no_folder_has_is_refused(partition: str) -> None:
    with pytest.raises(ValueError):
        storable(Change(partition, "x:1", "v", 1))


@pytest.mark.parametrize("field", ["entity", "kind", "id", "partition", "_others"])
def test_a_field_never_passes_itself_off_as_the_things_identity(field: str) -> None:
    with pytest.raises(ValueError):
        storable(Change(AMIRA, "x:1", field, "mine"))
    library = Library()
    library.apply(AMIRA, op("mine"))
    shown = dict(library.get("x:1") or {})
    library.apply(AMIRA, op("forged", field=field))
    assert library.get("x:1") == shown


def test_text_is_stored_in_one_form() -> None:
    assert storable(Change(AMIRA, "x:1", "v", "Zoe\u0308 \ud800")) == "Zo\u00eb ?"


def test_a_later_change_in_one_batch_beats_the_earlier() -> None:
    library = Library()
    ops = Writer("w", Clock(lambda: 1), library, dice.randbytes).ops([Change(AMIRA, "x:1", "n", t, text=True) for t in "ab"])
    for partition, made in reversed(ops):
        library.apply(partition, made)
    assert library.get("x:1")["n"] == "b" and "_others" not in library.get("x:1")  # type: ignore[operator,index]


def test_i5_a_thing_written_in_two_partitions_is_shown_alike_on_every_device() -> None:
    theirs, forged = op("hers"), op("forged", wall=9, ident="j")
    one, other = Library(), Library()
    for library, order in ((one, ((AMIRA, theirs), (BEN, forged))), (other, ((BEN, forged), (AMIRA, theirs)))):
        for partition, made in order:
            library.apply(partition, made)
    assert one.get("x:1") == other.get("x:1") and one.get("x:1")["v"] == "hers"  # type: ignore[index]
    one.drop(AMIRA)
    assert one.get("x:1")["v"] == "forged" and len(one.documents("x", BEN)) == 1  # type: ignore[index]


def test_i5_two_ops_forged_under_one_id_are_ranked_alike_on_every_device() -> None:
    forged = [op(1, text=True), op(1, text=True, replaces=("j",)), op(1), op(1, extra={"z": 1})]
    assert len({str(folded(order)) for order in ([*forged], [*reversed(forged)])}) == 1
