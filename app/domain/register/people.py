"""People and groups of people in a school."""

from dataclasses import dataclass
from datetime import date

from app.domain.vocabulary.census import AreaOfNeed, SenStatus
from app.domain.vocabulary.roles import Role

COVER = "cover"  # the author of what was recorded without a PIN


@dataclass(frozen=True, slots=True)
class Pupil:
    """One child. `protected` may be known to the class; its reasons are the office's."""

    id: str
    name: str
    preferred_name: str = ""
    class_id: str = ""
    year_group: str = ""
    needs: tuple[str, ...] = ()
    areas: tuple[AreaOfNeed, ...] = ()
    sen_status: SenStatus = SenStatus.SUPPORT
    protected: bool = False
    likes: str = ""
    helps: str = ""
    face_seed: int = 0

    @property
    def called(self) -> str:
        """The name the child goes by."""
        return self.preferred_name or self.name.split(" ")[0]


@dataclass(frozen=True, slots=True)
class Staff:
    id: str
    name: str
    role: Role
    classes: tuple[str, ...] = ()
    left: str = ""  # school-local date since which the person does not work here any more


@dataclass(frozen=True, slots=True)
class SchoolClass:
    id: str
    name: str


@dataclass(frozen=True, slots=True)
class Term:
    """A term with its first and last day, both school-local dates and both in it. The id is like 2026-autumn."""

    id: str
    name: str
    start: date
    end: date
