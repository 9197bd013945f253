"""The school as one device or hub holds it: questions to the library, answered in things of the domain."""

from collections.abc import Iterable
from datetime import UTC, date, datetime, time
from itertools import dropwhile, islice, takewhile
from typing import Protocol
from zoneinfo import ZoneInfo

from app.domain.evidence.observations import Media, Observation
from app.domain.families.consent import Consents
from app.domain.plans.targets import Target
from app.domain.register.people import COVER, Pupil, SchoolClass, Staff, Term
from app.domain.vocabulary.language import N_, _
from app.domain.vocabulary.states import ReviewState, TargetStatus
from app.errors import PupilUnknown, TermUnknown, ThingUnknown
from app.usecases.session import reading as records
from storage.library import Library

LOCAL = ZoneInfo("Europe/London")
QUEUE = {ReviewState.NEW, ReviewState.QUERIED}


class Reader(Protocol):
    """What has a library: a device's store, or a replica of a folder."""

    @property
    def library(self) -> Library: ...


def local_day(at: int) -> date:
    """The school's local date of a moment in ms UTC."""
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(LOCAL).date()


def local_time(at: int) -> datetime:
    return datetime.fromtimestamp(at / 1000, UTC).astimezone(LOCAL)


def start_of(day: date) -> int:
    """ms UTC of the first moment of a school-local day."""
    return int(datetime.combine(day, time(), LOCAL).timestamp() * 1000)


class School:
    """Read-only. What a device does not hold is not there."""

    def __init__(self, reader: Reader) -> None:
        self._reader = reader
        self._read: tuple[Library, dict[str, tuple[int, Pupil]]] | None = None  # pupils as they were last read, by id

    @property
    def _library(self) -> Library:
        return self._reader.library

    @property
    def settings(self) -> records.Document:
        return self._library.get("school:settings") or {}

    @property
    def name(self) -> str:
        return records.text(self.settings, "name")

    @property
    def language(self) -> str:
        """Of what people read, by its tag; "" where it is not set."""
        return records.text(self.settings, "language")

    def classes(self) -> list[SchoolClass]:
        return sorted((records.class_of(d) for d in self._library.documents("class")), key=lambda c: c.name)

    def staff(self) -> list[Staff]:
        return sorted((records.staff_of(d) for d in self._library.documents("staff")), key=lambda s: s.name)

    def member(self, staff_id: str) -> Staff | None:
        """One of the staff, gone or not; None if no one has this id."""
        doc = self._library.get(f"staff:{staff_id}")
        return records.staff_of(doc) if doc else None

    def pin_resets(self) -> dict[str, str]:
        """Staff id -> the SENCO's last order to forget a PIN, or ""."""
        return {str(d["id"]): str(d.get("pin_reset") or "") for d in self._library.documents("staff")}

    def staff_names(self) -> dict[str, str]:
        return {COVER: _("an adult on cover")} | {one.id: one.name for one in self.staff()}

    def terms(self) -> list[Term]:
        found = (records.term_of(d) for d in self._library.documents("term"))
        return sorted((t for t in found if t), key=lambda t: t.start)

    def term(self, term_id: str) -> Term:
        """Raises TermUnknown."""
        for term in self.terms():
            if term.id == term_id:
                return term
        raise TermUnknown

    def memberships(self) -> dict[str, str]:
        """Pupil id -> class id, of those who are still here."""
        found = self._library.documents("membership")
        return {d["id"]: records.text(d, "class_id") for d in found if d.get("active") is not False}

    def pupils(self, class_id: str | None = None) -> list[Pupil]:
        members = self.memberships()
        found = self._read_pupils(self._library, members)
        return sorted((p for p in found if class_id in (None, p.class_id)), key=lambda p: p.called.casefold())

    def _read_pupils(self, library: Library, members: dict[str, str]) -> list[Pupil]:
        """Everyone, read again only if something of that pupil has changed; who is not here any more is not kept either."""
        before = self._read[1] if self._read and self._read[0] is library else {}
        now = dict[str, tuple[int, Pupil]]()
        for document in library.documents("pupil"):
            ident, version = document["id"], library.version(document["partition"], "pupil")
            held, in_class = before.get(ident), members.get(ident, "")
            if held is None or held[0] != version or held[1].class_id != in_class:
                held = version, records.pupil_of(document, in_class)
            now[ident] = held
        self._read = library, now
        return [pupil for _, pupil in now.values()]

    def pupil(self, pupil_id: str) -> Pupil:
        """Raises PupilUnknown."""
        doc = self._library.get(f"pupil:{pupil_id}")
        if doc is None or doc.get("deleted"):
            raise PupilUnknown
        return records.pupil_of(doc, self.memberships().get(pupil_id, ""))

    def known(self, pupil_ids: Iterable[str]) -> dict[str, Pupil]:
        """Those of these pupils who are here, by id."""
        members = self.memberships()
        found = ((one, self._library.get(f"pupil:{one}")) for one in pupil_ids)
        return {one: records.pupil_of(doc, members.get(one, "")) for one, doc in found if doc and not doc.get("deleted")}

    def targets(self, pupil_id: str, live: bool = True) -> list[Target]:
        found = [records.target_of(d) for d in self._library.documents("target", pupil_id)]
        return sorted((t for t in found if not live or t.status is TargetStatus.LIVE), key=lambda t: (t.start, t.chip))

    def consents(self, pupil_id: str) -> Consents:
        return records.consents_of(self._library.get(f"consent:{pupil_id}"))

    def observations(
        self, pupil_id: str | None = None, since: int = 0, until: int | None = None, most: int | None = None
    ) -> list[Observation]:
        """Newest first, the `most` newest or all; `since` and `until` in ms UTC, until not included."""
        found: Iterable[records.Document] = self._library.ordered("observation", pupil_id, records.newest_first)
        if until is not None:
            found = dropwhile(lambda d: records.moment(d, "at") >= until, found)
        if since:
            found = takewhile(lambda d: records.moment(d, "at") >= since, found)
        return [records.observation_of(d) for d in islice(found, most)]

    def how_many(self, pupil_id: str) -> int:
        """Moments of the pupil."""
        return len(self._library.documents("observation", pupil_id))

    def observation(self, observation_id: str) -> Observation:
        """Raises ThingUnknown."""
        doc = self._library.get(f"observation:{observation_id}")
        if doc is None or doc.get("deleted"):
            raise ThingUnknown(N_("This observation is not on this device."))
        return records.observation_of(doc)

    def media(self, media_id: str) -> Media | None:
        doc = self._library.get(f"media:{media_id}")
        return None if doc is None or doc.get("deleted") else records.media_of(doc)

    def media_of(self, observation: Observation) -> list[Media]:
        return [found for m in observation.media if (found := self.media(m))]

    def queue(self) -> list[Observation]:
        """What waits for a look, oldest first; two texts kept wait as well."""
        docs = [d for d in self._library.documents("observation") if d.get("review") in tuple(QUEUE) or "_others" in d]
        found = sorted((records.observation_of(d) for d in docs), key=lambda o: (-o.at, o.id), reverse=True)
        return [o for o in found if o.review in QUEUE or o.other_notes]
