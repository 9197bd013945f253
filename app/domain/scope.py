"""Who may hold and who may write what, as a table. Asked by the use cases, and again by the hub on arrival."""

from collections.abc import Callable, Iterable, Mapping

from app.domain.words import Role

WIDE = {Role.SENCO, Role.DSL}
WHOLE_SCHOOL = {Role.SENCO, Role.DSL, Role.SLT}


def partitions_for(role: Role, classes: Iterable[str], memberships: Mapping[str, str]) -> Callable[[str], bool]:
    """Whether a device of this role and these classes may hold a partition. `memberships`: pupil id -> class id."""
    own = set(classes) - {""}  # a pupil in no class is nobody's but the whole school's

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
    "observation.question": {Role.SENCO, Role.DSL},
    "observation.deleted": {Role.SENCO, Role.DSL},
    "media": {Role.TA, Role.TEACHER, Role.SENCO, Role.DSL},
    "media.deleted": {Role.SENCO, Role.DSL},
    "target": {Role.TEACHER, Role.SENCO},
    "pupil": {Role.SENCO},
    "consent": {Role.SENCO},
    "class": {Role.SENCO},
    "staff": {Role.SENCO},
    "term": {Role.SENCO},
    "membership": {Role.SENCO},
    "school": {Role.SENCO},
}
WRITTEN_ONCE = {"pupil", "at", "offset_min", "by", "media", "group", "together"}  # of an observation; of media, all
NEW = {"review": "new", "starred": False}  # what anybody may say of an observation of their own: that it is new


def may_write(role: Role, partition: str, kind: str, field: str, value: object) -> bool:
    """Whether a device of this role may write this value into this field of this kind of thing in this partition."""
    if partition in {"school", "office"} or partition.endswith(".office"):
        return role in ({Role.SENCO} if partition == "school" else WIDE) and role in MAY_WRITE.get(kind, WIDE)
    if kind == "observation" and field in NEW and value == NEW[field]:
        return role in MAY_WRITE["observation"]
    return role in MAY_WRITE.get(f"{kind}.{field}", MAY_WRITE.get(kind, {Role.SENCO}))


def may_rewrite(role: Role, kind: str, field: str, approved: bool) -> bool:
    """Whether a value that stands may be replaced by another. What was seen, and who is in the picture, is written once, and
    the words of what was approved stay as they were read: else an approval would cover what nobody had looked at."""
    fixed = kind == "media" or (kind == "observation" and (field in WRITTEN_ONCE or (approved and field == "note")))
    return not fixed or role in MAY_WRITE["observation.review"]
