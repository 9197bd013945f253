"""What goes into a paper: the school's data for a pupil and a term, as content. A paper leaves the staff sooner or later, so
it shows and names no one whom the child's own family may not see (promise 2)."""

import dataclasses
from collections.abc import Callable, Iterable
from datetime import date, timedelta
from typing import Any, TypeVar

from app.domain.evidence.observations import Observation
from app.domain.papers.termly import TermlyReport, termly_report
from app.domain.plans.targets import Target
from app.domain.register.people import Pupil
from app.domain.schema.table import leaving
from app.usecases.families.page import may_see, plain_for
from app.usecases.session.school import School, local_day, start_of

T = TypeVar("T", Observation, Target, Pupil)


def termly(school: School, pupil_id: str, term_id: str, link: str, made_on: date) -> TermlyReport:
    """Raises PupilUnknown, TermUnknown."""
    pupil, term = school.pupil(pupil_id), school.term(term_id)
    plain = plain_for(school, pupil)
    targets = [_reworded(target, leaving("target"), plain) for target in school.targets(pupil_id)]
    seen = school.observations(pupil_id, start_of(term.start), start_of(term.end + timedelta(days=1)))
    found = [_reworded(_with_what_may_be_seen(school, one), leaving("observation"), plain) for one in seen]
    media = {m.id: m for o in found for m in school.media_of(o)}
    class_name = next((c.name for c in school.classes() if c.id == pupil.class_id), "")
    return termly_report(
        school.name, _reworded(pupil, leaving("pupil"), plain), class_name, term, targets, found, media,
        school.staff_names(), {o.at: local_day(o.at) for o in found}, link.rstrip("/"), made_on,
    )  # fmt: skip


def _with_what_may_be_seen(school: School, one: Observation) -> Observation:
    """It counts in any case; its pictures come along only where `visible` allows them to the child's own family."""
    return one if may_see(school, one, one.pupil) else dataclasses.replace(one, media=())


def _reworded(thing: T, names: Iterable[str], plain: Callable[[str], str]) -> T:
    """The same with these texts made fit for the family."""
    texts: dict[str, Any] = {name: plain(getattr(thing, name)) for name in names}
    return dataclasses.replace(thing, **texts)
