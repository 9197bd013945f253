"""From documents of the library to things of the domain, by the rows of the schema. Reads kindly: what is missing or strange
becomes empty, not an error; a choice that is not known becomes its safest member (promise 2)."""

import base64
import dataclasses
from collections.abc import Callable, Mapping
from datetime import date
from enum import Enum
from functools import cache
from typing import Any, TypeVar

from app.domain.evidence.entities import RATING
from app.domain.evidence.observations import Media, Observation
from app.domain.families.consent import Consents
from app.domain.plans.targets import Target
from app.domain.register.people import Pupil, SchoolClass, Staff, Term
from app.domain.schema.checks import UNKNOWN_PERSON, as_number, as_text
from app.domain.schema.table import KINDS
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.scales import HelpLevel

Document = Mapping[str, Any]
T = TypeVar("T")
E_ = TypeVar("E_", bound=Enum)
LATEST = 253_402_214_400_000  # ms: a clock that says the year 9999 or later is wrong
MEDIA_KINDS = {"image": MediaKind.PHOTO, "video": MediaKind.VIDEO, "audio": MediaKind.VOICE}
CONSENTS = {(audience, kind): f"{audience}.{kind}" for audience in Audience for kind in MediaKind}
LEVELS = {str(level): level for level in HelpLevel}


def read(thing: Callable[..., T], kind: str, doc: Document, /, **known: object) -> T:
    """A thing of the domain: its id, each of its fields that the kind has, and what is `known` of it besides. `thing` is a
    dataclass of the domain, whose fields have the names that are stored."""
    for name, reads in _readers(thing, kind):
        if name not in known:
            known[name] = reads(doc.get(name))
    return thing(id=text(doc, "id"), **known)


@cache
def _readers(thing: Callable[..., Any], kind: str) -> tuple[tuple[str, Callable[[object], Any]], ...]:
    fields = KINDS[kind].fields
    names = [one.name for one in dataclasses.fields(thing)]  # type: ignore[arg-type]
    return tuple((name, fields[name].ok.reads) for name in names if name in fields)


def other_texts(doc: Document, name: str) -> tuple[str, ...]:
    """What others wrote there at the same time, newest first, until a person picks."""
    return tuple(map(str, doc["_others"].get(name, ()))) if "_others" in doc else ()


def leaving(kind: str, doc: Document, plain: Callable[[str], str]) -> dict[str, str]:
    """Those texts that may leave the staff, made fit for a family by `plain`, which hides other children's names."""
    return {name: plain(text(doc, name)) for name, one in KINDS[kind].fields.items() if one.family}


def text(doc: Document, key: str) -> str:
    return as_text(doc.get(key))


def number(doc: Document, key: str) -> int:
    return as_number(doc.get(key))


def moment(doc: Document, key: str) -> int:
    """ms UTC of which a date can be made, even if the tablet's clock was wrong."""
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


def one_of(kind: type[E_], value: object, otherwise: E_) -> E_:
    try:
        return kind(value)
    except ValueError:
        return otherwise


def pupil_of(doc: Document, class_id: str = "") -> Pupil:
    return read(Pupil, "pupil", doc, class_id=class_id)


def staff_of(doc: Document) -> Staff:
    return read(Staff, "staff", doc)


def class_of(doc: Document) -> SchoolClass:
    return read(SchoolClass, "class", doc)


def term_of(doc: Document) -> Term | None:
    try:
        days = {key: date.fromisoformat(text(doc, key)) for key in ("start", "end")}
    except ValueError:
        return None
    return read(Term, "term", doc, **days)


def target_of(doc: Document) -> Target:
    return read(Target, "target", doc)


def media_of(doc: Document) -> Media:
    """If the kind of a medium is not known, it may show anyone: then no one has agreed to it."""
    kind = MEDIA_KINDS.get(text(doc, "type").partition("/")[0])
    known = {"partition": text(doc, "partition"), "kind": kind or MediaKind.PHOTO}
    return read(Media, "media", doc, **known, **({} if kind else {"visible": UNKNOWN_PERSON}))


def observation_of(doc: Document) -> Observation:
    """The pupil is the one in whose partition it is, even if the document names another. A rating is kept even if its target is
    not known here."""
    ratings = {
        key[len(RATING) :]: LEVELS[value["help"]]
        for key, value in doc.items()
        if key.startswith(RATING) and isinstance(value, dict) and text(value, "help") in LEVELS
    }
    known = {"pupil": text(doc, "partition"), "at": moment(doc, "at"), "ratings": ratings}
    return read(Observation, "observation", doc, other_notes=other_texts(doc, "note"), **known)


def consents_of(doc: Document | None) -> Consents:
    """Anything but a plain, given, well-formed consent is no."""
    given = set()
    for what, name in CONSENTS.items():
        value = (doc or {}).get(name)
        if isinstance(value, dict) and value.get("given") is True and not value.get("withdrawn"):
            given.add(what)
    return Consents(frozenset(given))
