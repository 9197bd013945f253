"""What may be asked of a screen or of the hub besides writing: each right once, and the roles that hold it.

A right to write something is the table's own answer, so that a screen never offers what the gate then refuses.
"""

from collections.abc import Iterable
from enum import StrEnum

from app.domain.schema.rights import A_CHILD, ASKS, may_write
from app.domain.vocabulary.roles import Role


class Right(StrEnum):
    LOOK = "look"
    RECORD = "record"
    REVIEW = "review"
    SET_UP = "set_up"
    ERASE = "erase"
    PAPERS = "papers"
    LINKS = "links"
    AUDIT = "audit"
    DEVICES = "devices"


WRITING = {
    Right.RECORD: (A_CHILD, "observation", "note"),
    Right.REVIEW: (A_CHILD, "observation", "review"),
    Right.SET_UP: ("school", "class", "name"),
    Right.ERASE: ("school", "erasure", "cancelled"),
}


def holders(right: Right) -> frozenset[Role]:
    if right is Right.LOOK:
        return frozenset(Role)
    if right in WRITING:
        return frozenset(role for role in Role if may_write(role, *WRITING[right], None))
    return frozenset(ASKS[right])


RIGHTS = {right: holders(right) for right in Right}


def has(roles: Iterable[Role], right: Right) -> bool:
    """Whether each of these roles holds the right. A device that is one person's has the device's role and the person's."""
    return all(role in RIGHTS[right] for role in roles)
