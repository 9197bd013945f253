"""Days and times as people read them, in the language of the moment: names of months and weekdays are words, too."""

from datetime import date, datetime

from app.domain.vocabulary.language import N_, _

# One text each, so that a short name and a long one never mix; twelve and seven words with blanks between them.
MONTHS = N_("January February March April May June July August September October November December")
SHORT_MONTHS = N_("Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec")
SHORT_WEEKDAYS = N_("Mon Tue Wed Thu Fri Sat Sun")


def long_day(day: date) -> str:
    """24 November 2026"""
    return _("{day} {month} {year}", day=day.day, month=_month(MONTHS, day), year=day.year)


def day_of_year(day: date) -> str:
    """24 November"""
    return _("{day} {month}", day=day.day, month=_month(MONTHS, day))


def short_day(day: date) -> str:
    """24 Nov 2026"""
    return _("{day} {month} {year}", day=day.day, month=_month(SHORT_MONTHS, day), year=day.year)


def brief_day(day: date) -> str:
    """24 Nov"""
    return _("{day} {month}", day=day.day, month=brief_month(day))


def brief_month(day: date) -> str:
    """Nov"""
    return _month(SHORT_MONTHS, day)


def moment(when: datetime) -> str:
    """Tue 24 Nov, 10:40"""
    return _("{weekday} {day}, {time}", weekday=_weekday(when), day=brief_day(when), time=clock(when))


def full_moment(when: datetime) -> str:
    """Tue 24 Nov 2026, 10:40"""
    return _("{weekday} {day}, {time}", weekday=_weekday(when), day=short_day(when), time=clock(when))


def time_on_day(when: datetime) -> str:
    """10:40 on 24 November 2026"""
    return _("{time} on {day}", time=clock(when), day=long_day(when))


def clock(when: datetime) -> str:
    """10:40"""
    return f"{when:%H:%M}"


def span(first: str, last: str) -> str:
    """1 September to 20 December: two days in words, or one if they are the same."""
    return first if first == last else _("{first} to {last}", first=first, last=last)


def _month(names: str, day: date) -> str:
    return _(names).split()[day.month - 1]


def _weekday(day: date) -> str:
    return _(SHORT_WEEKDAYS).split()[day.weekday()]
