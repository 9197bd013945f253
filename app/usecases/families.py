"""What one family may see of its child, decided by `visible` and nothing else."""

from dataclasses import dataclass
from datetime import date

from app.domain.consent import others_hidden, visible
from app.domain.evidence import Media, Observation
from app.domain.people import Pupil
from app.domain.progress import change, series
from app.domain.words import Audience, ReviewState
from app.usecases.school import School, local_day

MOST_ITEMS = 3


@dataclass(frozen=True, slots=True)
class FamilyTarget:
    words: str
    first: str
    now: str
    next_step: str


@dataclass(frozen=True, slots=True)
class FamilyItem:
    observation: str
    on: date
    note: str
    media: tuple[Media, ...]


@dataclass(frozen=True, slots=True)
class FamilyPage:
    school: str
    child: str
    likes: str
    targets: tuple[FamilyTarget, ...]
    items: tuple[FamilyItem, ...]


def may_see(school: School, observation: Observation, child: str) -> bool:
    """Whether the family of this child may see this observation with all its pictures."""
    media = school.media_of(observation)
    if len(media) != len(observation.media):
        return False  # a picture whose facts are not here yet: unknown is no
    pupils = {p.id: p for p in school.pupils()}
    consents = {one: school.consents(one) for one in pupils}
    return visible(observation, media, Audience.OWN_FAMILY, child, pupils, consents)


def family_page(school: School, child: str) -> FamilyPage:
    """Raises PupilUnknown. Newest starred items first, three at most."""
    pupil = school.pupil(child)
    observations = school.observations(child)
    shown = [o for o in observations if (o.media or o.note) and may_see(school, o, child)]
    chosen = sorted(shown, key=lambda o: (not o.starred, -o.at))[:MOST_ITEMS]
    others = [name for p in school.pupils() if p.id != child for name in (p.name, p.called)]
    return FamilyPage(
        school.name, pupil.called, pupil.likes, tuple(_targets(school, pupil, observations)),
        tuple(FamilyItem(o.id, local_day(o.at), others_hidden(o.note, others), tuple(school.media_of(o))) for o in chosen),
    )  # fmt: skip


def _targets(school: School, pupil: Pupil, observations: list[Observation]) -> list[FamilyTarget]:
    counted = [o for o in observations if o.review is ReviewState.APPROVED]
    made = []
    for target in school.targets(pupil.id):
        seen = change(series(counted, target.id))
        first, now = (seen.first.for_families, seen.now.for_families) if seen else ("", "")
        made.append(FamilyTarget(target.family_words or target.statement, first, now, target.next_step))
    return made
