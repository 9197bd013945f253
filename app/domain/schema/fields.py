"""What is said of each field and kind of a record, once: the rows of the schema are made of these."""

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Any

from app.domain.schema.checks import LONG, Check, words
from app.domain.vocabulary.roles import Role

AFTER_A_PREFIX = re.compile(r"[\w-]{1,64}", re.ASCII)


class Merge(StrEnum):
    """What stands when two people wrote at once. It opens from the first to another, and never goes back."""

    LATEST = "the later stands"
    PROSE = "both texts stand until a person picks"


class Once(StrEnum):
    """Whether a person who records may replace a value that stands; a person who reviews always may."""

    NO = "may be written again"
    YES = "is written once"
    APPROVED = "stays as it was read, once it is approved"


class Place(StrEnum):
    """The part of the school's folder in which things of a kind lie."""

    SCHOOL = "school"
    OFFICE = "office"
    PUPIL = "pupil"
    PUPIL_OFFICE = "pupil's office"


def place_of(partition: str) -> Place:
    if partition == "school":
        return Place.SCHOOL
    if partition == "office":
        return Place.OFFICE
    return Place.PUPIL_OFFICE if partition.endswith(".office") else Place.PUPIL


Told = Callable[[str, Any, Mapping[str, Any]], Any]
"""(field, value, other fields said in the same breath) -> what the audit log says of it; None where it is no act."""


@dataclass(frozen=True, slots=True)
class Field:
    """`by`: who may write it, if not all who may write the kind. `new`: what people who record may always say of a thing of
    their own (None: nothing). `family`: a text that may leave the staff, with other children's names hidden. `act`: what a change
    of it is in the audit log. `since`: the edition of the app that first wrote it."""

    ok: Check
    merge: Merge = Merge.LATEST
    by: frozenset[Role] | None = None
    once: Once = Once.NO
    new: object = None
    family: bool = False
    searched: bool = False
    act: Told | None = None
    since: int = 1


def prose(*, family: bool = False, searched: bool = False, by: frozenset[Role] | None = None, once: Once = Once.NO) -> Field:
    """What people tell in their own words: when two wrote at once, both are kept."""
    return Field(words(LONG), Merge.PROSE, by, once, family=family, searched=searched)


@dataclass(frozen=True, slots=True)
class Kind:
    """One kind of thing. `each`: families of fields by their prefix, as `rating.<target>`. `moment`: it is evidence, which is
    sealed apart from everything else. `handed_in`: the SENCO takes it in when an ended device hands it in. `about`: what the
    audit log calls the thing."""

    name: str
    place: Place
    by: frozenset[Role]
    fields: Mapping[str, Field]
    each: Mapping[str, Field] = field(default_factory=dict)
    moment: bool = False
    handed_in: bool = False
    about: str = "pupil"
    since: int = 1

    def field(self, name: str) -> Field | None:
        """None for a field that has no name here."""
        if name in self.fields:
            return self.fields[name]
        for prefix, one in self.each.items():
            if name.startswith(prefix) and AFTER_A_PREFIX.fullmatch(name, len(prefix)):
                return one
        return None

    def named(self) -> Mapping[str, Field]:
        """Every field and family of fields, these with a star: `rating.*`."""
        return {**self.fields, **{f"{prefix}*": one for prefix, one in self.each.items()}}
