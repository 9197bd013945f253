"""The one table of what a school writes: every kind and field, with who may write it and what it may be.

The device's write gate, the hub's arrivals, reading, search, the audit log and docs/schema.md ask it: a new kind is a row.
"""

from app.domain.evidence.entities import MEDIA, OBSERVATION
from app.domain.families.entities import CONSENT
from app.domain.plans.entities import TARGET
from app.domain.records.entities import ERASED, ERASURE
from app.domain.register.entities import CLASS, MEMBERSHIP, PUPIL, SCHOOL, STAFF, TERM
from app.domain.schema.fields import Field, Kind, Merge, place_of

KINDS: dict[str, Kind] = {
    kind.name: kind
    for kind in (OBSERVATION, MEDIA, TARGET, PUPIL, CONSENT, CLASS, STAFF, TERM, MEMBERSHIP, SCHOOL, ERASURE, ERASED)
}


def kind_of(entity: str) -> str:
    """The kind of "<kind>:<id>"."""
    return entity.partition(":")[0]


def field_of(kind: str, name: str) -> Field | None:
    """None if the table has no such kind or field."""
    row = KINDS.get(kind)
    return row.field(name) if row else None


def fits(partition: str, kind: str, name: str, value: object) -> bool:
    """Whether this may be written as it is: the field is known, lies in its own part of the folder, and the value is of its
    kind. Asked of what arrives and of what is about to be written; never of what lies in a folder already."""
    row = KINDS.get(kind)
    found = row.field(name) if row else None
    return row is not None and found is not None and row.place is place_of(partition) and found.ok.holds(value)


def is_prose(kind: str, name: str) -> bool:
    """Whether both texts stand when two people wrote at once."""
    found = field_of(kind, name)
    return found is not None and found.merge is Merge.PROSE


def is_moment(entity: str, name: str, value: object) -> bool:
    """Whether it is evidence, which nothing else may hold back. What a reviewer decides about it is none: an approval goes in one
    file with a consent that was withdrawn in the same breath, so that neither comes without the other (promise 2)."""
    row = KINDS.get(kind_of(entity))
    if row is None or not row.moment:
        return False
    found = row.field(name)
    decided = found is not None and found.by is not None and (found.new is None or value != found.new)
    return not decided


def edition_of(entity: str, name: str) -> int:
    """The edition of the app that first wrote this field of this kind; 1 for what has no row here."""
    row = KINDS.get(kind_of(entity))
    found = row.field(name) if row else None
    return max(row.since, found.since) if row and found else 1


def edition() -> int:
    """Of this app: the highest of all kinds and fields."""
    return max(max(row.since, *(one.since for one in row.named().values())) for row in KINDS.values())


def leaving(kind: str) -> tuple[str, ...]:
    """Texts of a kind that may leave the staff: each goes through `plain_for`, which hides other children's names."""
    return tuple(name for name, one in KINDS[kind].fields.items() if one.family)


def searched(kind: str) -> tuple[str, ...]:
    """Texts of a kind in which people find things."""
    return tuple(name for name, one in KINDS[kind].fields.items() if one.searched)


def handed_in() -> frozenset[str]:
    """Kinds of things that the SENCO takes in when an ended device hands them in."""
    return frozenset(row.name for row in KINDS.values() if row.handed_in)
