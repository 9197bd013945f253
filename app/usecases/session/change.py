"""From what a use case asks for to changes of the store: how each merges, and whether it may be kept, is said by the schema.

await session.write(change.of("target", pupil, ident, statement="By July ...", status=TargetStatus.LIVE))
"""

from collections.abc import Mapping
from datetime import date
from enum import Enum
from typing import Any

from app.domain.schema.table import edition_of, fits, is_moment, is_prose
from app.errors import CannotBeKept
from storage.groups import Groups
from storage.ops import Change

GROUPS = Groups(apart=lambda op: is_moment(op.entity, op.field, op.value), edition=edition_of)
"""What a device's store is told of the schema when it is opened."""


def of(kind: str, partition: str, ident: str, /, **fields: object) -> list[Change]:
    """A change for each field, in their order; a name with a dot is given as `**{"rating.<id>": ...}`. Members of enums, dates
    and tuples are stored as texts and lists. Raises CannotBeKept, before anything is written."""
    return [_one(kind, partition, ident, name, _as_stored(value)) for name, value in fields.items()]


def _one(kind: str, partition: str, ident: str, name: str, value: Any) -> Change:
    if not fits(partition, kind, name, value):
        raise CannotBeKept
    return Change(partition, f"{kind}:{ident}", name, value, text=is_prose(kind, name))


def _as_stored(value: object) -> Any:
    match value:
        case Enum():
            return value.value
        case date():
            return value.isoformat()
        case list() | tuple():
            return [_as_stored(one) for one in value]
        case Mapping():
            return {key: _as_stored(one) for key, one in value.items()}
    return value
