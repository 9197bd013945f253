"""The level of help over time as numbers for a drawing, and the same in words for who cannot see it."""

from collections.abc import Sequence
from datetime import date, timedelta
from itertools import pairwise
from typing import Any

from app.domain.progress.change import Point
from app.domain.vocabulary.dates import brief_day, brief_month, day_of_year
from app.domain.vocabulary.language import N_, _, ngettext
from app.domain.vocabulary.scales import HelpLevel
from app.usecases.session.school import local_day

# From most help to none (the design's scale); no response is an empty dot.
COLOURS = ("#FFFFFF", "#F3E9D2", "#E3D5A8", "#BFD8B8", "#8CC7B5", "#56AFA6", "#2A8F8C", "#0B6E6E")
TOP = HelpLevel.INDEPENDENT.rung
EDGE = 0.14  # of the width: a month's name any nearer to the first or last date would run into it
MOST_MONTHS = 6
ONE_RATING = N_("Level of help that {name} needed for “{target}”: one rating, {level} on {day}.")
RATINGS = N_(
    "Level of help that {name} needed for “{target}”: {n} ratings from {first} on {first_day} to {last} on {last_day}; less help "
    "than the time before {less}, more {more}."
)
CROWD = 24  # ratings from which the dots are drawn smaller


def level(help: HelpLevel) -> dict[str, Any]:
    return {"rung": help.rung, "words": help.words, "fill": COLOURS[help.rung]}


def chart(points: Sequence[Point], called: str, doing: str) -> dict[str, Any] | None:
    """Dots as parts of the width (0 first, 1 last) and of the height (0 independent, 1 no response); None without any."""
    if not points:
        return None
    days = [local_day(p.at) for p in points]
    first, last = days[0], days[-1]
    dots = [
        {"x": _across(day, first, last), "y": 1 - p.help.rung / TOP, **level(p.help)} for p, day in zip(points, days, strict=True)
    ]
    return {
        "dots": dots, "rungs": list(reversed(COLOURS)), "small": len(points) > CROWD,
        "top": HelpLevel.INDEPENDENT.words, "bottom": HelpLevel.NO_RESPONSE.words,
        "first": brief_day(first), "last": brief_day(last) if last != first else "",
        "months": _months(first, last), "alt": _in_words(points, days, called, doing),
    }  # fmt: skip


def _across(day: date, first: date, last: date) -> float:
    return (day - first).days / (last - first).days if last > first else 0.5


def _months(first: date, last: date) -> list[dict[str, Any]]:
    """Where each month begins, by name, as far as there is room for the names."""
    days = (first + timedelta(n) for n in range((last - first).days + 1))
    begun = [day for day in days if day.day == 1 and EDGE < _across(day, first, last) < 1 - EDGE]
    return [{"x": _across(day, first, last), "name": brief_month(day)} for day in begun] if len(begun) <= MOST_MONTHS else []


def _in_words(points: Sequence[Point], days: Sequence[date], called: str, doing: str) -> str:
    if len(points) == 1:
        return _(ONE_RATING, name=called, target=doing, level=points[0].help.words, day=day_of_year(days[0]))
    steps = [p.help.rung for p in points]
    less = sum(b > a for a, b in pairwise(steps))
    more = sum(b < a for a, b in pairwise(steps))
    return _(
        RATINGS, name=called, target=doing, n=len(points), first=points[0].help.words, first_day=day_of_year(days[0]),
        last=points[-1].help.words, last_day=day_of_year(days[-1]), less=_times(less), more=_times(more),
    )  # fmt: skip


def _times(n: int) -> str:
    return ngettext("{n} time", "{n} times", n)
