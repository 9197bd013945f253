"""What goes into a paper: the school's data for a pupil and a term, as content."""

from datetime import date, datetime, time, timedelta

from app.domain.report import TermlyReport, termly_report
from app.usecases.school import LOCAL, School, local_day


def start_of(day: date) -> int:
    """ms UTC of the first moment of a school-local day."""
    return int(datetime.combine(day, time(), LOCAL).timestamp() * 1000)


def termly(school: School, pupil_id: str, term_id: str, link: str, made_on: date) -> TermlyReport:
    """Raises PupilUnknown, TermUnknown."""
    pupil, term = school.pupil(pupil_id), school.term(term_id)
    found = school.observations(pupil_id, start_of(term.start), start_of(term.end + timedelta(days=1)))
    media = {m.id: m for o in found for m in school.media_of(o)}
    class_name = next((c.name for c in school.classes() if c.id == pupil.class_id), "")
    return termly_report(
        school.name, pupil, class_name, term, school.targets(pupil_id), found, media, school.staff_names(),
        {o.at: local_day(o.at) for o in found}, link.rstrip("/"), made_on,
    )  # fmt: skip
