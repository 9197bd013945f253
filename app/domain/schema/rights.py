"""Who may hold and who may write what, as the schema says it. Asked by the use cases, and again by the hub on arrival."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum

from app.domain.register.people import Staff
from app.domain.schema.fields import Once, Place, place_of
from app.domain.schema.table import KINDS, field_of
from app.domain.vocabulary.roles import REVIEWERS, SENCO, Role


class Reach(StrEnum):
    """How far a person may look."""

    PAGE = "their child's page: what was approved and may be shown"
    CLASSES = "the pupils of their classes"
    SCHOOL = "every pupil"
    OFFICE = "every pupil, and the office"


FAMILY = "family"  # no role of a device: a family has a link, and nothing of the school is ever on its device
LOOKS: dict[str, Reach] = {
    Role.TA: Reach.CLASSES,
    Role.TEACHER: Reach.CLASSES,
    Role.SENCO: Reach.OFFICE,
    Role.DSL: Reach.OFFICE,
    Role.SLT: Reach.SCHOOL,
    FAMILY: Reach.PAGE,
}
WIDE = {role for role in Role if LOOKS[role] is Reach.OFFICE}
WHOLE_SCHOOL = {role for role in Role if LOOKS[role] in {Reach.SCHOOL, Reach.OFFICE}}
ASKS = {"papers": WIDE, "links": WIDE, "audit": WIDE, "devices": {Role.SENCO}}  # what may be asked of the hub besides files


def partitions_for(role: str, classes: Iterable[str], memberships: Mapping[str, str]) -> Callable[[str], bool]:
    """Whether a device of this role and these classes may hold a partition. `memberships`: pupil id -> class id."""
    own = set(classes) - {""}  # a pupil in no class belongs to the whole school only
    reach = LOOKS[role]

    def may_hold(partition: str) -> bool:
        if reach is Reach.PAGE:
            return False
        if partition == "school":
            return True
        if partition == "office" or partition.endswith(".office"):
            return reach is Reach.OFFICE
        return reach is not Reach.CLASSES or memberships.get(partition, "") in own

    return may_hold


# -- a device that is one person's -------------------------------------------------------------------------------------
LADDER = (Role.TA, Role.TEACHER, Role.SLT, Role.DSL, Role.SENCO)  # from who may look at least to who may look at most


@dataclass(frozen=True, slots=True)
class Ceiling:
    """What a device may do now. It looks as far as `role` and `classes` let it, and writes what each of `roles` may write."""

    role: Role
    classes: tuple[str, ...]
    roles: tuple[Role, ...]


def ceiling(role: Role, classes: Iterable[str], person: Staff | None) -> Ceiling:
    """For a device that joined in this role and for these classes: where it was given to a person, no more than that person may
    do today. A person without classes works in all of them."""
    if person is None:
        return Ceiling(role, tuple(classes), (role,))
    lower = min(role, person.role, key=LADDER.index)
    if role in WHOLE_SCHOOL:
        own = tuple(classes) if lower in WHOLE_SCHOOL else person.classes or tuple(classes)
    else:
        own = tuple(one for one in classes if not person.classes or one in person.classes)
    return Ceiling(lower, own, tuple(sorted({role, person.role})))


# -- writing -----------------------------------------------------------------------------------------------------------
def may_write(role: str, partition: str, kind: str, field: str, value: object) -> bool:
    """Whether a device of this role may write this value into this field of this kind of thing in this partition; with no field,
    whether it may write such things at all. What has no row in the table, no one may write."""
    row = KINDS.get(kind)
    if row is None:
        return False
    place, found = place_of(partition), row.field(field)
    if field and found is None:
        return False
    if place is not Place.PUPIL:
        wide = REVIEWERS if place is not Place.SCHOOL or row.place is Place.SCHOOL else SENCO
        return role in wide and role in row.by
    if found is None or (found.new is not None and value == found.new):
        return role in row.by
    return role in (row.by if found.by is None else found.by)


def may_rewrite(role: Role, kind: str, field: str, approved: bool) -> bool:
    """Whether a value that stands may be replaced by another. What was seen, and who is in the picture, is written once, and
    the words of what was approved stay as they were read: else an approval would cover what no one had looked at."""
    found = field_of(kind, field)
    if found is None:
        return False
    fixed = found.once is Once.YES or (found.once is Once.APPROVED and approved)
    return not fixed or role in REVIEWERS


# -- for people ----------------------------------------------------------------------------------------------------------
WHO = {Role.TA: "TA", Role.TEACHER: "Teacher", Role.SENCO: "SENCO", Role.DSL: "DSL", Role.SLT: "SLT", FAMILY: "Family"}
A_CHILD = "0" * 32
WRITES = {
    "records moments": (A_CHILD, "observation", "note"),
    "approves, asks, hides": (A_CHILD, "observation", "review"),
    "stars": (A_CHILD, "observation", "starred"),
    "writes targets": (A_CHILD, "target", "statement"),
    "pupils and consents": (A_CHILD, "consent", "own_family.photo"),
    "classes, terms, staff and their roles, PINs": ("school", "staff", "role"),
    "orders and cancels an erasure": ("school", "erasure", "cancelled"),
    "sets a legal hold": (A_CHILD, "pupil", "legal_hold"),
}
NAMES = {
    "papers": "makes papers", "links": "makes and ends families' links", "audit": "reads the audit log",
    "devices": "invites and ends devices, decides what was handed in",
}  # fmt: skip


def table() -> list[list[str]]:
    """All of the above as one table: a head, how far each looks, then what each may do."""
    rows = [["", *WHO.values()], ["looks at", *(LOOKS[role].value for role in WHO)]]
    for words, (partition, kind, field) in WRITES.items():
        rows.append([words, *(_said(may_write(role, partition, kind, field, True)) for role in WHO)])
    return rows + [[NAMES[what], *(_said(role in roles) for role in WHO)] for what, roles in ASKS.items()]


def _said(may: bool) -> str:
    return "yes" if may else "no"
