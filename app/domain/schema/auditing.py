"""Which changes of records are acts that must be answered for, as the rows of the schema say."""

from typing import Any

from app.domain.records.acts import Act, Facts, an_id
from app.domain.schema.fields import Place
from app.domain.schema.table import KINDS, field_of, kind_of


def act_of(partition: str, entity: str, field: str, value: Any, beside: Facts) -> Act | None:
    """The act that one change of a record is, about the pupil in whose part it lies, or of whom the school says it; `beside` are
    other fields of the same thing that were said in the same breath."""
    kind, _, ident = entity.partition(":")
    found = field_of(kind, field)
    made = found.act(field, value, beside) if found and found.act else None
    if made is None:
        return None
    what, more, why = made
    whose = ident if KINDS[kind].place is Place.SCHOOL else partition.partition(".")[0]
    return Act(what, {KINDS[kind].about: an_id(whose)} | more, why)


def is_audited(entity: str) -> bool:
    """Whether some changes of such a thing are acts."""
    row = KINDS.get(kind_of(entity))
    return row is not None and any(one.act for one in row.named().values())
