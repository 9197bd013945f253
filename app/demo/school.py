"""The made-up school as a folder: the same use cases as in class, driven from a seed."""

import time
from collections.abc import Callable
from pathlib import Path
from random import Random

from app.demo import calendar
from app.demo.album import Album, album
from app.demo.gathering import Gathering
from app.demo.looking_back import look_back
from app.demo.moments import FEW_PICTURED, MANY, PICTURED, Moment, Stories, tell
from app.demo.people import Cast, enrol
from app.domain.vocabulary.states import ReviewState
from app.usecases.evidence import capture
from app.usecases.evidence.capture import Writes
from app.usecases.register import roster
from app.usecases.review import review
from app.usecases.session.school import local_day
from storage.folder.directory import Directory
from storage.replica import Replica
from storage.space import create_space


def now_ms() -> int:
    return time.time_ns() // 1_000_000


async def make(folder: Path, pupils: int = 8, observations: int = 60, seed: int = 1, now: Callable[[], int] = now_ms) -> None:
    """A whole space in an empty folder; the same seed, size and `now` (ms UTC) give the same files, byte for byte.

    Ids also depend on `now`: two folders that were made at two times are two schools, and are never taken for one."""
    moment = now()
    chance = Random(seed)  # nosec B311 # from a seed
    ids = Random(f"{seed} {pupils} {observations} {moment}").randbytes  # nosec B311 # from a seed
    disk = Directory(folder)
    await create_space(disk, ids)
    writer = Gathering(Replica(disk, ids(8).hex(), lambda: moment, ids))
    terms, current = calendar.terms(local_day(moment))
    for term in terms:
        await roster.set_term(writer, term.id, term.name, term.start, term.end)
    cast, pictures = await enrol(writer, pupils, current, chance, ids), await album(seed)
    stories = Stories(cast, pictures.media, moment, FEW_PICTURED if observations > MANY else PICTURED, chance)
    told = tell(stories, cast, observations, moment, chance)
    look_back(told, cast, stories)
    for one in sorted(told, key=_by_child(cast)):
        await _record(writer, one, pictures, ids)
    await writer.pour()


def _by_child(cast: Cast) -> Callable[[Moment], tuple[int, int]]:
    """Child after child, so that what is gathered for one is poured before the next begins."""
    places = {child.id: number for number, child in enumerate(cast.children)}
    return lambda moment: (places[moment.draft.pupils[0]], moment.draft.at)


async def _record(writer: Writes, moment: Moment, pictures: Album, ids: roster.Random) -> None:
    draft = moment.draft
    files = {item.id: pictures.files[item.id] for item in draft.media}
    made = await capture.save(writer, draft, files, moment.by, draft.at, calendar.offset_of(draft.at), ids)
    for pupil, observation in zip(draft.pupils, made, strict=True):
        if moment.review is not ReviewState.NEW:
            await review.set_state(writer, pupil, observation, moment.review, moment.question)
        if moment.starred:
            await review.star(writer, pupil, observation, True)
