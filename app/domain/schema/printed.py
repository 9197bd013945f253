"""The schema in plain data, as tests/vectors keeps it, and as docs/schema.md shows it to people."""

from collections.abc import Iterable, Iterator
from typing import Any

from app.domain.schema import rights
from app.domain.schema.fields import Field, Kind, Merge, Once
from app.domain.schema.table import KINDS
from app.domain.vocabulary.roles import Role

HEAD = """# What is recorded, field by field

Made from the schema (`app/domain/schema`) and checked by a test: change the table, never this page. Write it anew with
`python -m tests.vectors.additions`. [Roles](roles.md) says the same in short.

One row a field. A device asks this table before it writes, and the hub asks it again of all that arrives. *Both texts* means that
when two people wrote at once, both stand until a person picks; everywhere else the later stands. *Once* means that only the SENCO
and the safeguarding lead (DSL) may write it a second time.
"""


def as_json() -> dict[str, Any]:
    """Kind -> what is said of it and of each of its fields; a family of fields ends in a star."""
    return {name: _kind(row) for name, row in sorted(KINDS.items())}


def _kind(row: Kind) -> dict[str, Any]:
    fields = {name: _field(one) for name, one in sorted(row.named().items())}
    said = {"place": str(row.place), "by": sorted(row.by), "moment": row.moment, "handed_in": row.handed_in, "about": row.about}
    return said | {"since": row.since, "fields": fields}


def _field(one: Field) -> dict[str, Any]:
    said = {"ok": dict(one.ok.says), "merge": one.merge.name, "by": None if one.by is None else sorted(one.by)}
    flags = {"once": one.once.name, "new": one.new, "family": one.family, "searched": one.searched, "act": one.act is not None}
    return said | flags | {"since": one.since}


# -- for people ----------------------------------------------------------------------------------------------------------
def page() -> str:
    """docs/schema.md."""
    return "\n".join([HEAD, *_lines(_rows())]) + "\n"


def _rows() -> Iterator[list[str]]:
    yield ["kind", "field", "lies in", "written by", "also"]
    for kind, row in sorted(KINDS.items()):
        for name, one in sorted(row.named().items()):
            yield [kind, name, str(row.place), _who(row.by if one.by is None else one.by), _also(one)]


def _who(roles: Iterable[Role]) -> str:
    return ", ".join(rights.WHO[role] for role in rights.WHO if role in set(roles)) or "the hub alone"


def _also(one: Field) -> str:
    said = {
        "both texts": one.merge is Merge.PROSE,
        "once": one.once is Once.YES,
        "once approved": one.once is Once.APPROVED,
        f"{one.new!r} by all who record".lower(): one.new is not None,
        "may leave the staff": one.family,
        "searched": one.searched,
        "audited": one.act is not None,
    }
    return ", ".join(words for words, so in said.items() if so)


def _lines(rows: Iterable[list[str]]) -> Iterator[str]:
    for number, row in enumerate(rows):
        yield f"| {' | '.join(row)} |"
        if number == 0:
            yield "|" + "---|" * len(row)
