"""What a termly report says, before it is set in type: pure content, made from a pupil's targets and evidence."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.evidence.observations import Media, Observation
from app.domain.plans.targets import Target
from app.domain.progress.change import Change, Point, change, counts, judgement, series
from app.domain.register.people import Pupil, Term
from app.domain.vocabulary.audiences import MediaKind
from app.domain.vocabulary.dates import day_of_year
from app.domain.vocabulary.language import N_, _, listed, ngettext
from app.domain.vocabulary.states import ReviewState

MOST_HEADLINES = 3
MOST_PICTURES = 3
MOST_NOTES = 3
MOST_MOMENTS = 5
A_STILL = N_("A still from a clip of {name}, {caption}")
A_PHOTO = N_("A photo of {name}, {caption}")
LESS_HELP = N_("{name} needs less help with {targets}.")
STEADY = N_("{name} is steady with {targets}.")
MORE_HELP = N_("{name} needs more help at present with {targets}.")
UNSURE = N_("Too few observations yet to judge {targets}.")


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture in a paper: which medium, what it shows in words, and for a clip where it plays."""

    media: str
    alt: str
    caption: str
    clip: bool = False
    link: str = ""


@dataclass(frozen=True, slots=True)
class TargetBlock:
    target: Target
    points: tuple[Point, ...]
    change: Change | None
    judgement: str
    seen: int
    first_on: date | None
    last_on: date | None
    adults: tuple[tuple[str, int], ...]
    places: tuple[tuple[str, int], ...]
    pictures: tuple[Picture, ...]
    notes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TermlyReport:
    """Pages 1 to 11 of a termly report as far as the data goes; see the design of papers."""

    school: str
    pupil: Pupil
    class_name: str
    term: Term
    made_on: date
    headlines: tuple[str, ...]
    picture: Picture | None
    own_words: str
    blocks: tuple[TargetBlock, ...]
    moments: tuple[str, ...]
    observations: int
    adults: int
    version: str = ""
    dates: tuple[str, ...] = field(default=())


def termly_report(
    school: str,
    pupil: Pupil,
    class_name: str,
    term: Term,
    targets: Sequence[Target],
    observations: Sequence[Observation],
    media: Mapping[str, Media],
    staff: Mapping[str, str],
    day: Mapping[int, date],
    link: str,
    made_on: date,
) -> TermlyReport:
    """`observations` are the term's; hidden ones are left out. `day` gives the school-local date of each `at`."""
    shown = sorted((o for o in observations if o.review is not ReviewState.HIDDEN), key=lambda o: o.at)
    blocks = tuple(_block(target, shown, media, staff, day, link, pupil) for target in targets)
    chosen = [o for o in _best(shown) if _to_look_at(o, media)]
    first = _picture(chosen[0], media, day, link, pupil) if chosen else None
    apart = [o for o in shown if o.starred and _may_be_told(o) and o.note and not o.ratings and not o.targets]
    moments = [_dated(day[o.at], o.note) for o in apart][-MOST_MOMENTS:]
    return TermlyReport(
        school, pupil, class_name, term, made_on, _headlines(pupil, blocks, shown), first, "", blocks, tuple(moments),
        len(shown), len({o.by for o in shown if o.by}), f"{made_on:%Y%m%d}-{len(shown)}",
    )  # fmt: skip


def _block(
    target: Target,
    shown: Sequence[Observation],
    media: Mapping[str, Media],
    staff: Mapping[str, str],
    day: Mapping[int, date],
    link: str,
    pupil: Pupil,
) -> TargetBlock:
    mine = [o for o in shown if target.id in o.targets or target.id in o.ratings]
    points = series(mine, target.id)
    best = [o for o in _best(mine) if _to_look_at(o, media)][:MOST_PICTURES]
    pictures = (_picture(o, media, day, link, pupil) for o in best)
    untold = [o for o in _best(mine) if o.note and o not in best][:MOST_NOTES]
    return TargetBlock(
        target, tuple(points), change(points), judgement(points), len(mine),
        day[mine[0].at] if mine else None, day[mine[-1].at] if mine else None,
        tuple(counts([staff.get(o.by, "") for o in mine])), tuple(counts([_(o.setting) for o in mine])),
        tuple(p for p in pictures if p is not None),
        tuple(_dated(day[o.at], o.note) for o in sorted(untold, key=lambda o: o.at)),
    )  # fmt: skip


def _may_be_told(o: Observation) -> bool:
    """A report goes to families: only what a person has approved is shown or quoted; the rest is counted alone."""
    return o.review is ReviewState.APPROVED


def _best(shown: Sequence[Observation]) -> list[Observation]:
    """What may be told, starred first, then the newest."""
    return sorted(filter(_may_be_told, shown), key=lambda o: (not o.starred, -o.at))


def _dated(day: date, words: str) -> str:
    return day_of_year(day) + (f": {words}" if words else "")


def _to_look_at(o: Observation, media: Mapping[str, Media]) -> Media | None:
    """Its first photo or clip; a voice note is not for paper."""
    return next((media[m] for m in o.media if m in media and media[m].kind is not MediaKind.VOICE), None)


def _picture(o: Observation, media: Mapping[str, Media], day: Mapping[int, date], link: str, pupil: Pupil) -> Picture | None:
    found = _to_look_at(o, media)
    if found is None:
        return None
    clip = found.duration_ms > 0
    caption = _dated(day[o.at], o.note)
    alt = _(A_STILL if clip else A_PHOTO, name=pupil.called, caption=caption)
    return Picture(found.id, alt, caption, clip, f"{link}/app/observation/{o.id}" if clip else "")


def _headlines(pupil: Pupil, blocks: Sequence[TargetBlock], shown: Sequence[Observation]) -> tuple[str, ...]:
    """Three plain sentences, strengths first, each with its count."""
    name = pupil.called
    better = [b for b in blocks if b.change and b.change.rungs > 0]
    steady = [b for b in blocks if b.change and b.change.rungs == 0]
    worse = [b for b in blocks if b.change and b.change.rungs < 0]
    unsure = [b for b in blocks if b.change is None]
    said = {
        LESS_HELP: better,
        STEADY: steady,
        MORE_HELP: worse,
        UNSURE: unsure,
    }
    lines = [_(words, name=name, targets=_quoted(b.target.chip for b in those)) for words, those in said.items() if those]
    lines.append(_rests_on(len(shown)))
    return tuple(lines[:MOST_HEADLINES])


def _rests_on(count: int) -> str:
    if not count:
        return _("Nothing has been recorded in this term yet.")
    return ngettext("This report rests on {n} observation this term.", "This report rests on {n} observations this term.", count)


def _quoted(words: Iterable[str]) -> str:
    return listed([f"“{word}”" for word in words])
