"""When things are in the made-up school: its terms around a day, and moments on school days up to now."""

from datetime import UTC, date, datetime, time, timedelta
from random import Random

from app.domain.register.people import Term
from app.usecases.session.school import LOCAL, local_time

WEEKS = 8
FIRST, LAST = 9 * 60 + 5, 15 * 60  # minutes of the school day, local time
TODAY_FROM = 9 * 60 + 30  # before that nothing of today has been recorded yet
JUST_NOW = 10  # minutes between the newest moment and now
DAY = timedelta(days=1)


def terms(today: date) -> tuple[list[Term], Term]:
    """The three terms of today's academic year, and the one that is on.

    A made-up school may set its dates: the term that is on holds today and the weeks before it."""
    year = today.year if today.month >= 9 else today.year - 1
    starts = [date(year, 9, 1), date(year + 1, 1, 5), date(year + 1, 4, 13)]
    ends = [date(year, 12, 18), date(year + 1, 3, 27), date(year + 1, 7, 21)]
    now = max(i for i, start in enumerate(starts) if start <= today)
    starts[now] = min(starts[now], today - timedelta(weeks=WEEKS))
    ends[now] = max(ends[now], today + timedelta(weeks=2))
    if now > 0:
        ends[now - 1] = min(ends[now - 1], starts[now] - DAY)
    if now < 2:
        starts[now + 1] = max(starts[now + 1], ends[now] + DAY)
    made = [_term(name, *days) for name, *days in zip(("autumn", "spring", "summer"), starts, ends, strict=True)]
    return made, made[now]


def _term(name: str, start: date, end: date) -> Term:
    year = end.year
    return Term(f"{year}-{name}", f"{name.capitalize()} {year}", start, end)


def school_days(now: int) -> list[date]:
    """Weekdays of the last eight weeks; today only when something can have been seen."""
    here = local_time(now)
    today = here.date()
    days = [today - n * DAY for n in range(WEEKS * 7 - 1, 0, -1)]
    days += [today] if here.hour * 60 + here.minute >= TODAY_FROM else []
    return [day for day in days if day.weekday() < 5]


def moments(count: int, now: int, chance: Random) -> list[int]:
    """`count` times in ms UTC, rising, at school hours, none after now; the last three of them today if they can be."""
    days = school_days(now)
    chosen = [chance.choice(days) for _ in range(count)]
    chosen[: min(3, count // 10)] = [days[-1]] * min(3, count // 10)
    latest = local_time(now - JUST_NOW * 60_000)
    return sorted(_at(day, latest, chance) for day in chosen)


def _at(day: date, latest: datetime, chance: Random) -> int:
    last = min(LAST, latest.hour * 60 + latest.minute) if day == latest.date() else LAST
    minute = chance.randint(FIRST, last)
    then = datetime.combine(day, time(minute // 60, minute % 60, chance.randint(0, 59) if minute < last else 0), LOCAL)
    return int(then.astimezone(UTC).timestamp() * 1000)


def at_lunch(at: int, now: int, chance: Random) -> int:
    """The same day at lunch, where that has been."""
    noon = local_time(at).replace(hour=12, minute=chance.randint(5, 50))
    lunch = int(noon.timestamp() * 1000)
    return lunch if lunch < now - JUST_NOW * 60_000 else at


def offset_of(at: int) -> int:
    """Minutes that the school's clock is ahead of UTC at that moment."""
    ahead = local_time(at).utcoffset()
    return int(ahead.total_seconds() // 60) if ahead else 0
