"""When things are in the demo school, whatever day it is made on."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise
from random import Random

from hypothesis import given
from hypothesis import strategies as st

from app.demo import calendar
from app.usecases.session.school import local_day, local_time

MOMENTS = st.datetimes(datetime(2024, 1, 1), datetime(2040, 1, 1)).map(lambda d: int(d.replace(tzinfo=UTC).timestamp() * 1000))


@given(MOMENTS)
def test_terms_follow_one_another_and_the_one_that_is_on_holds_today(now: int) -> None:
    terms, current = calendar.terms(local_day(now))
    assert [t.id.split("-")[1] for t in terms] == ["autumn", "spring", "summer"]
    assert all(t.start < t.end for t in terms)
    assert all(one.end < two.start for one, two in pairwise(terms))
    assert current.start <= local_day(now) <= current.end and current in terms


@given(MOMENTS, st.integers(0, 80), st.integers(0, 9))
def test_moments_are_at_school_in_the_current_term_and_never_to_come(now: int, count: int, seed: int) -> None:
    _, current = calendar.terms(local_day(now))
    found = calendar.moments(count, now, Random(seed))
    assert len(found) == count and found == sorted(found)
    for at in found:
        then = local_time(at)
        assert at < now and then.weekday() < 5 and (9, 5) <= (then.hour, then.minute) <= (15, 0)
        assert current.start <= then.date() <= current.end
        assert then.replace(tzinfo=None) - datetime.fromtimestamp(at / 1000, UTC).replace(tzinfo=None) == (
            timedelta(minutes=calendar.offset_of(at))
        )
        assert at <= calendar.at_lunch(at, now, Random(seed)) + 86_400_000 and calendar.at_lunch(at, now, Random(seed)) < now
