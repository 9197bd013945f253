"""What one family may see of its child, decided by `visible` and nothing else."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial

from app.domain.evidence.observations import Media, Observation
from app.domain.families.consent import visible
from app.domain.families.hiding import others_hidden
from app.domain.progress.change import change, series
from app.domain.register.people import Pupil
from app.domain.vocabulary.audiences import Audience
from app.domain.vocabulary.states import ReviewState
from app.usecases.session.school import School, local_day

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
    if len(media) != len(observation.media) or any(medium.partition != child for medium in media):
        return False  # a picture whose facts are not here yet, or that lies with another child: unknown is no
    inside = {child, *observation.together, *(one for medium in media for one in medium.visible)}
    pupils = school.known(inside)
    consents = {one: school.consents(one) for one in pupils}
    return visible(observation, media, Audience.OWN_FAMILY, child, pupils, consents)


def family_page(school: School, child: str) -> FamilyPage:
    """Raises PupilUnknown. Newest starred items first, three at most."""
    pupil = school.pupil(child)
    observations = school.observations(child)
    shown = [o for o in observations if (o.media or o.note) and may_see(school, o, child)]
    chosen = sorted(shown, key=lambda o: (not o.starred, -o.at))[:MOST_ITEMS]
    plain = plain_for(school, pupil)
    return FamilyPage(
        school.name, pupil.called, plain(pupil.likes), tuple(_targets(school, pupil, observations, plain)),
        tuple(FamilyItem(o.id, local_day(o.at), plain(o.note), tuple(school.media_of(o))) for o in chosen),
    )  # fmt: skip


def plain_for(school: School, pupil: Pupil) -> Callable[[str], str]:
    """Makes any text of this pupil fit for its family: other pupils have no names there."""
    others = [name for p in school.pupils() if p.id != pupil.id for name in (p.name, p.preferred_name)]
    return partial(others_hidden, names=others, own=(pupil.name, pupil.preferred_name))


def _targets(
    school: School, pupil: Pupil, observations: list[Observation], plain: Callable[[str], str]
) -> Iterator[FamilyTarget]:
    counted = [o for o in observations if o.review is ReviewState.APPROVED]
    for target in school.targets(pupil.id):
        seen = change(series(counted, target.id))
        first, now = (seen.first.for_families, seen.now.for_families) if seen else ("", "")
        yield FamilyTarget(plain(target.family_words or target.statement), first, now, plain(target.next_step))
