"""Folding: what is left of many ops gives exactly what all of them would give, in any order and in parts (I5, I8, I10)."""

import dataclasses
from collections.abc import Sequence

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from storage.folding import fold, outdoes
from storage.library import Library
from storage.ops import Op, dumps
from tests.storage.parts import AMIRA, op
from tests.storage.weeks import text

FIELDS = ["note", "context"]
WRITERS = ["a", "b", "c"]


steps = st.tuples(
    st.sampled_from(FIELDS), st.sampled_from(WRITERS), st.booleans(), st.sets(st.integers(0, 11), max_size=3),
    st.integers(0, 3), st.integers(0, 3), st.sampled_from([False, False, False, True]),
)  # fmt: skip


def as_written(said: list[tuple[str, str, bool, set[int], int, int, bool]], again: list[int]) -> list[Op]:
    """Ops as devices write them: a text names what its writer saw and all that this replaced; a plain value is stamped. Some are
    of a newer format, and some come twice."""
    made: list[Op] = []
    for number, (field, writer, is_text, seen, value, wall, newer) in enumerate(said):
        saw = [made[at] for at in seen if at < len(made) and made[at].text and made[at].field == field] if is_text else []
        replaces = sorted({ident for one in saw for ident in (one.id, *one.replaces)})
        extra = {"z": 1} if newer else {}
        made.append(Op("x:1", field, value, (wall, 0), writer, f"{number}", tuple(replaces), is_text, extra))
    return made + [made[at] for at in again if at < len(made)]


def histories() -> st.SearchStrategy[list[Op]]:
    return st.builds(as_written, st.lists(steps, max_size=12), st.lists(st.integers(0, 11), max_size=4))


def shown(ops: Sequence[Op]) -> tuple[dict[str, object], set[str]]:
    """The document, and every op that stands."""
    library = Library()
    for one in ops:
        library.apply(AMIRA, one)
    document = library.get("x:1")
    return dict(document or {}), {dumps(one.to_json()) for _, one in library.ops()}


def lines(ops: Sequence[Op]) -> list[str]:
    return [dumps(one.to_json()) for one in ops]


@given(histories())
def test_i5_a_fold_gives_what_all_of_it_gives(history: list[Op]) -> None:
    assert shown(fold(history)) == shown(history)


@given(histories(), st.randoms())
def test_i8_the_fold_is_the_same_on_every_device(history: list[Op], dice: object) -> None:
    mixed = list(history)
    dice.shuffle(mixed)  # type: ignore[attr-defined]
    assert lines(fold(mixed)) == lines(fold(history))


@given(histories(), st.integers(0, 12))
def test_i8_folding_a_fold_with_more_is_folding_everything(history: list[Op], at: int) -> None:
    first, then = history[:at], history[at:]
    assert lines(fold([*fold(first), *fold(then)])) == lines(fold(history)) == lines(fold(fold(history)))


@given(histories(), histories())
def test_i5_whoever_merges_the_fold_into_what_he_has_sees_the_same(mine: list[Op], theirs: list[Op]) -> None:
    theirs = [dataclasses.replace(one, id=f"t{one.id}", replaces=tuple(f"t{r}" for r in one.replaces)) for one in theirs]
    assert shown([*mine, *fold(theirs)])[0] == shown([*mine, *theirs])[0]


@given(histories())
def test_i10_what_a_newer_small_steps_wrote_is_never_folded_away(history: list[Op]) -> None:
    newer = {line for line in lines([one for one in history if one.extra])}
    assert newer <= set(lines(fold(history)))


def test_a_later_value_outdoes_an_earlier_one() -> None:
    early, late = op(1, wall=1), op(2, wall=2)
    assert outdoes(late, early) and not outdoes(early, late) and fold([early, late]) == [late]


def test_two_texts_that_knew_nothing_of_each_other_both_stay() -> None:
    one, other = text("one"), text("other", wall=2)
    assert sorted(lines(fold([one, other]))) == sorted(lines([one, other]))


def test_a_text_that_replaced_both_stands_for_both() -> None:
    both = text("both", "one", "other", wall=3)
    assert fold([text("one"), both, text("other")]) == [both]


def test_a_text_that_replaces_less_than_another_does_not_stand_for_it() -> None:
    """It replaced an id of which nothing else tells: folded away, the replaced text would come back."""
    first, second = text("second", "first", wall=2), text("third", "second", wall=3)
    assert sorted(lines(fold([first, second]))) == sorted(lines([first, second]))


@pytest.mark.parametrize("newer_first", [True, False])
def test_a_value_of_a_newer_format_neither_goes_nor_drives_others_away(newer_first: bool) -> None:
    newer = dataclasses.replace(op(1, wall=2 if newer_first else 1), extra={"z": 1})
    plain = op(2, wall=1 if newer_first else 2)
    assert set(lines(fold([newer, plain]))) == set(lines([newer, plain]))


@given(histories(), histories())
@example([op(1)], [op(True)])
def test_the_size_of_a_fold_is_bounded_by_what_went_in(one: list[Op], other: list[Op]) -> None:
    assert len(fold([*one, *other])) <= len(one) + len(other)
