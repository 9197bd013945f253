"""Progress, derived from ordinary captures and never a form. Counts stand behind every statement; under 3 it does not judge."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median

from app.domain.evidence.observations import Observation
from app.domain.vocabulary.language import N_, _
from app.domain.vocabulary.scales import HelpLevel

FEWEST = 3
LESS = N_("Needs less help: from {first} to {now} ({reason}).")
MORE = N_("Needs more help at present: from {first} to {now} ({reason}).")
STEADY = N_("Steady at {now} ({reason}).")


@dataclass(frozen=True, slots=True)
class Point:
    """One rating: ms UTC and the level of help."""

    at: int
    help: HelpLevel


@dataclass(frozen=True, slots=True)
class Change:
    """First to now: the middle level of the first three ratings and of the last three, with how many there are."""

    first: HelpLevel
    now: HelpLevel
    count: int

    @property
    def rungs(self) -> int:
        return self.now.rung - self.first.rung


def series(observations: Sequence[Observation], target: str) -> list[Point]:
    """Every rating against the target, oldest first."""
    return sorted((Point(o.at, o.ratings[target]) for o in observations if target in o.ratings), key=lambda p: p.at)


def middle(points: Sequence[Point]) -> HelpLevel:
    rung = round(median(p.help.rung for p in points))
    return next(level for level in HelpLevel if level.rung == rung)


def change(points: Sequence[Point]) -> Change | None:
    """None on fewer than three ratings: too few to say."""
    if len(points) < FEWEST:
        return None
    return Change(middle(points[:FEWEST]), middle(points[-FEWEST:]), len(points))


def judgement(points: Sequence[Point]) -> str:
    """One sentence with its reason."""
    seen = change(points)
    if seen is None:
        return _("Too few to say: {n} of at least {fewest} ratings.", n=len(points), fewest=FEWEST)
    recent = points[-5:]
    alone = sum(p.help is HelpLevel.INDEPENDENT for p in recent)
    reason = _("{alone} of the last {recent} independent; {n} ratings", alone=alone, recent=len(recent), n=seen.count)
    said = LESS if seen.rungs > 0 else MORE if seen.rungs < 0 else STEADY
    return _(said, first=seen.first.words, now=seen.now.words, reason=reason)


def counts(values: Sequence[str]) -> list[tuple[str, int]]:
    """How often each, most often first, then by word."""
    return sorted(Counter(v for v in values if v).items(), key=lambda pair: (-pair[1], pair[0]))
