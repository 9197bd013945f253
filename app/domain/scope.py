"""Who may hold and who may write what, as a table. Asked by the use cases, and again by the hub on arrival."""

from collections.abc import Callable, Iterable, Mapping

from app.domain.words import Role

WIDE = {Role.SENCO, Role.DSL}
WHOLE_SCHOOL = {Role.SENCO, Role.DSL, Role.SLT}


def partitions_for(role: Role, classes: Iterable[str], memberships: Mapping[str, str]) -> Callable[[str], bool]:
    """Whether a device of this role and these classes may hold a partition. `memberships`: pupil id -> class id."""
    own = set(classes)

    def may_hold(partition: str) -> bool:
        if partition == "school":
            return True
        if partition == "office" or partition.endswith(".office"):
            return role in WIDE
        return role in WHOLE_SCHOOL or memberships.get(partition, "") in own

    return may_hold


# kind of thing -> roles that may write it; a field named here overrules its kind
MAY_WRITE: dict[str, set[Role]] = {
    "observation": {Role.TA, Role.TEACHER, Role.SENCO, Role.DSL},
    "observation.review": {Role.SENCO, Role.DSL},
    "observation.starred": {Role.SENCO},
    "observation.question": {Role.SENCO},
    "media": {Role.TA, Role.TEACHER, Role.SENCO, Role.DSL},
    "target": {Role.TEACHER, Role.SENCO},
    "pupil": {Role.SENCO},
    "consent": {Role.SENCO},
    "class": {Role.SENCO},
    "staff": {Role.SENCO},
    "term": {Role.SENCO},
    "membership": {Role.SENCO},
    "school": {Role.SENCO},
}
NEW = {"review": "new", "starred": False}  # what anybody may say of an observation of their own: that it is new


def may_write(role: Role, partition: str, kind: str, field: str, value: object) -> bool:
    """Whether a device of this role may write this value into this field of this kind of thing in this partition."""
    if partition in {"school", "office"} or partition.endswith(".office"):
        return role in ({Role.SENCO} if partition == "school" else WIDE) and role in MAY_WRITE.get(kind, WIDE)
    if kind == "observation" and field in NEW and value == NEW[field]:
        return role in MAY_WRITE["observation"]
    return role in MAY_WRITE.get(f"{kind}.{field}", MAY_WRITE.get(kind, {Role.SENCO}))
