"""From documents of the library to things of the domain. Reads kindly: what is missing or strange becomes empty, not an error."""

import base64
from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any, TypeVar

from app.domain.evidence.observations import Media, Observation
from app.domain.families.consent import Consents
from app.domain.plans.targets import Target
from app.domain.register.people import Pupil, SchoolClass, Staff, Term
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.census import AreaOfNeed, SenStatus
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.scales import HelpLevel
from app.domain.vocabulary.states import ReviewState, TargetStatus

Document = Mapping[str, Any]
E_ = TypeVar("E_", bound=Enum)
SOMEBODY = ("",)  # who is in it is not known here: somebody whom nobody knows, and who has agreed to nothing
LATEST = 253_402_214_400_000  # ms: a clock that says the year 9999 or later is wrong
KINDS = {"image": MediaKind.PHOTO, "video": MediaKind.VIDEO, "audio": MediaKind.VOICE}
RATING, LEVELS = "rating.", {str(level): level for level in HelpLevel}
TARGET_WORDS = (
    "id", "pupil", "statement", "short", "criterion", "baseline", "start", "review_date", "area", "strategies", "family_words",
    "next_step",
)  # fmt: skip


def text(doc: Document, key: str) -> str:
    value = doc.get(key)
    return value if isinstance(value, str) else ""


def number(doc: Document, key: str) -> int:
    value = doc.get(key)
    return value if isinstance(value, int) else 0


def moment(doc: Document, key: str) -> int:
    """ms UTC of which a date can be made, whatever the clock of the tablet said."""
    return min(max(number(doc, key), 0), LATEST)


def newest_first(doc: Document) -> tuple[int, str]:
    """To sort moments by."""
    return -moment(doc, "at"), text(doc, "id")


def small(data: str) -> bytes:
    """A small picture that a document carries; empty where it cannot be read."""
    try:
        return base64.b64decode(data, validate=True)
    except ValueError:
        return b""


def who(doc: Document, key: str) -> tuple[str, ...]:
    """Pupils, where all of them are told; a list that is missing or strange may have named anybody."""
    value = doc.get(key)
    return tuple(value) if isinstance(value, list) and len(texts(doc, key)) == len(value) else SOMEBODY


def texts(doc: Document, key: str) -> tuple[str, ...]:
    value = doc.get(key)
    return tuple([v for v in value if isinstance(v, str)]) if isinstance(value, list) else ()


def one_of(kind: type[E_], value: object, otherwise: E_) -> E_:
    try:
        return kind(value)
    except ValueError:
        return otherwise


def pupil_of(doc: Document, class_id: str = "") -> Pupil:
    areas = tuple(AreaOfNeed(a) for a in texts(doc, "areas") if a in set(AreaOfNeed))
    return Pupil(
        text(doc, "id"), text(doc, "name"), text(doc, "preferred_name"), class_id, text(doc, "year_group"), texts(doc, "needs"),
        areas, one_of(SenStatus, doc.get("sen_status"), SenStatus.SUPPORT), doc.get("protected") is True,
        text(doc, "likes"), text(doc, "helps"), number(doc, "face_seed"),
    )  # fmt: skip


def staff_of(doc: Document) -> Staff:
    return Staff(
        text(doc, "id"), text(doc, "name"), one_of(Role, doc.get("role"), Role.TA), texts(doc, "classes"), text(doc, "left")
    )


def class_of(doc: Document) -> SchoolClass:
    return SchoolClass(text(doc, "id"), text(doc, "name"))


def term_of(doc: Document) -> Term | None:
    try:
        return Term(
            text(doc, "id"), text(doc, "name"), date.fromisoformat(text(doc, "start")), date.fromisoformat(text(doc, "end"))
        )
    except ValueError:
        return None


def target_of(doc: Document) -> Target:
    words = {key: text(doc, key) for key in TARGET_WORDS}
    return Target(status=one_of(TargetStatus, doc.get("status"), TargetStatus.LIVE), **words)


def media_of(doc: Document) -> Media:
    """A medium of no known kind shows who knows whom: then nobody has agreed to it."""
    kind = KINDS.get(text(doc, "type").partition("/")[0])
    return Media(
        text(doc, "id"), text(doc, "observation"), text(doc, "partition"), kind or MediaKind.PHOTO, text(doc, "type"),
        number(doc, "size"), number(doc, "width"), number(doc, "height"), number(doc, "duration_ms"), texts(doc, "chunks"),
        text(doc, "thumb"), text(doc, "poster"), who(doc, "visible") if kind else SOMEBODY,
    )  # fmt: skip


def observation_of(doc: Document) -> Observation:
    """The pupil is the one in whose partition it is, whatever the document says."""
    ratings = {
        key[len(RATING) :]: LEVELS[value["help"]]
        for key, value in doc.items()
        if key.startswith(RATING) and isinstance(value, dict) and text(value, "help") in LEVELS
    }
    others = doc["_others"].get("note", ()) if "_others" in doc else ()
    return Observation(
        text(doc, "id"), text(doc, "partition"), moment(doc, "at"), text(doc, "by"), number(doc, "offset_min"),
        text(doc, "setting"), text(doc, "note"), tuple(map(str, others)), texts(doc, "media"), text(doc, "group"),
        one_of(ReviewState, doc.get("review"), ReviewState.HIDDEN), doc.get("starred") is True, text(doc, "question"),
        texts(doc, "targets"), ratings, who(doc, "together"),
    )  # fmt: skip


def consents_of(doc: Document | None) -> Consents:
    """Anything but a plain, given, well-formed consent is no."""
    given = set()
    for audience in Audience:
        for kind in MediaKind:
            value = (doc or {}).get(f"{audience}.{kind}")
            if isinstance(value, dict) and value.get("given") is True and not value.get("withdrawn"):
                given.add((audience, kind))
    return Consents(frozenset(given))
