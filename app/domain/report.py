"""What a termly report says, before anybody sets it in type: pure content, made from a pupil's targets and evidence."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from app.domain.evidence import Media, Observation
from app.domain.people import Pupil, Term
from app.domain.plans import Target
from app.domain.progress import Change, Point, change, counts, judgement, series
from app.domain.words import ReviewState

MOST_PICTURES = 3


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
    starred = [o for o in reversed(shown) if o.starred and o.media]
    with_media = starred or [o for o in reversed(shown) if o.review is ReviewState.APPROVED and o.media]
    first = _picture(with_media[0], media, day, link, pupil) if with_media else None
    moments = [f"{day[o.at]:%d %B}: {o.note}" for o in shown if o.starred and o.note and not o.ratings]
    return TermlyReport(
        school, pupil, class_name, term, made_on, _headlines(pupil, blocks, shown), first, "", blocks, tuple(moments[-5:]),
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
    best = sorted((o for o in mine if o.media and o.review is ReviewState.APPROVED), key=lambda o: (not o.starred, -o.at))
    pictures = (_picture(o, media, day, link, pupil) for o in best[:MOST_PICTURES])
    return TargetBlock(
        target, tuple(points), change(points), judgement(points), len(mine),
        day[mine[0].at] if mine else None, day[mine[-1].at] if mine else None,
        tuple(counts([staff.get(o.by, "") for o in mine])), tuple(counts([o.setting for o in mine])),
        tuple(p for p in pictures if p is not None),
    )  # fmt: skip


def _picture(o: Observation, media: Mapping[str, Media], day: Mapping[int, date], link: str, pupil: Pupil) -> Picture | None:
    found = next((media[m] for m in o.media if m in media), None)
    if found is None:
        return None
    clip = found.duration_ms > 0
    what = "A still from a clip" if clip else "A photo"
    caption = f"{day[o.at]:%d %B}" + (f": {o.note}" if o.note else "")
    alt = f"{what} of {pupil.called}, {caption}"
    return Picture(found.id, alt, caption, clip, f"{link}/app/observation/{o.id}" if clip else "")


def _headlines(pupil: Pupil, blocks: Sequence[TargetBlock], shown: Sequence[Observation]) -> tuple[str, ...]:
    """Three plain sentences, strengths first, each with its count."""
    name = pupil.called
    better = [b for b in blocks if b.change and b.change.rungs > 0]
    steady = [b for b in blocks if b.change and b.change.rungs == 0]
    lines = [f"{name} needs less help with {_listed([b.target.chip for b in better])}."] if better else []
    if steady:
        lines.append(f"{name} is steady with {_listed([b.target.chip for b in steady])}.")
    unsure = [b for b in blocks if b.change is None]
    if unsure:
        lines.append(f"Too few observations yet to judge {_listed([b.target.chip for b in unsure])}.")
    lines.append(f"This report rests on {len(shown)} observation{'s' if len(shown) != 1 else ''} this term.")
    return tuple(lines[:3]) if len(lines) > 3 else tuple(lines)


def _listed(words: Sequence[str]) -> str:
    quoted = [f"“{word}”" for word in words]
    return quoted[0] if len(quoted) == 1 else ", ".join(quoted[:-1]) + " and " + quoted[-1]
