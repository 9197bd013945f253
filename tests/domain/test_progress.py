"""Progress comes from ordinary captures, says its counts, and does not judge on fewer than three."""

from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence.observations import Observation
from app.domain.progress.change import FEWEST, Point, change, counts, judgement, middle, series
from app.domain.vocabulary.scales import HelpLevel

ALONE, MODEL, NONE = HelpLevel.INDEPENDENT, HelpLevel.MODEL, HelpLevel.NO_RESPONSE


def points(*levels: HelpLevel) -> list[Point]:
    return [Point(at, level) for at, level in enumerate(levels)]


def seen(at: int, **ratings: HelpLevel) -> Observation:
    return Observation(str(at), "amira", at, ratings=ratings)


def test_a_series_is_the_ratings_of_one_target_oldest_first() -> None:
    observations = [seen(3, turn=ALONE), seen(1, turn=MODEL), seen(2, other=NONE)]
    assert series(observations, "turn") == [Point(1, MODEL), Point(3, ALONE)]


def test_two_ratings_are_too_few_to_say() -> None:
    assert change(points(MODEL, ALONE)) is None
    assert judgement(points(MODEL, ALONE)) == "Too few to say: 2 of at least 3 ratings."
    assert judgement([]) == "Too few to say: 0 of at least 3 ratings."


def test_less_help_is_said_with_its_reason() -> None:
    told = judgement(points(MODEL, MODEL, NONE, ALONE, ALONE))
    assert told == "Needs less help: from shown to independent (2 of the last 5 independent; 5 ratings)."


def test_more_help_is_said_kindly_and_plainly() -> None:
    told = judgement(points(ALONE, ALONE, MODEL, MODEL, MODEL))
    assert told == "Needs more help at present: from independent to shown (2 of the last 5 independent; 5 ratings)."


def test_no_change_is_steady() -> None:
    assert judgement(points(MODEL, MODEL, MODEL)) == "Steady at shown (0 of the last 3 independent; 3 ratings)."


def test_one_odd_day_does_not_move_the_middle() -> None:
    assert middle(points(MODEL, NONE, MODEL)) is MODEL


def test_the_order_of_help_is_from_independent_to_no_response() -> None:
    assert [level.rung for level in HelpLevel] == [7, 6, 5, 4, 3, 2, 1, 0]
    assert all(level.words and level.definition and level.for_families for level in HelpLevel)


def test_counts_are_most_often_first_then_by_word() -> None:
    assert counts(["pool", "", "class", "pool", "aula", ""]) == [("pool", 2), ("aula", 1), ("class", 1)]


levels = st.lists(st.sampled_from(HelpLevel), max_size=12)


@given(levels)
def test_it_judges_exactly_from_three_ratings_on(given_levels: list[HelpLevel]) -> None:
    assert (change(points(*given_levels)) is None) is (len(given_levels) < FEWEST)


@given(levels.filter(lambda some: len(some) >= FEWEST))
def test_a_judgement_never_goes_beyond_what_was_rated(given_levels: list[HelpLevel]) -> None:
    found = change(points(*given_levels))
    assert found is not None and found.count == len(given_levels)
    assert min(given_levels[:3], key=lambda x: x.rung).rung <= found.first.rung <= max(x.rung for x in given_levels[:3])
    assert min(x.rung for x in given_levels[-3:]) <= found.now.rung <= max(x.rung for x in given_levels[-3:])


@given(levels.filter(lambda some: len(some) >= FEWEST))
def test_backwards_in_time_is_the_opposite_change(given_levels: list[HelpLevel]) -> None:
    there, back = change(points(*given_levels)), change(points(*reversed(given_levels)))
    assert there is not None and back is not None and there.rungs == -back.rungs


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from(HelpLevel)), max_size=8), st.randoms())
def test_the_order_in_which_tablets_sent_does_not_matter(rated: list[tuple[int, HelpLevel]], dice) -> None:
    once = [seen(at * 10 + n, turn=level) for n, (at, level) in enumerate(rated)]
    mixed = list(once)
    dice.shuffle(mixed)
    assert series(mixed, "turn") == series(once, "turn")
