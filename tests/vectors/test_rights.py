"""Who may write what, as it was before the schema: computed once from the older table, and frozen."""

import json
from pathlib import Path
from typing import Any

import pytest

from app.domain.schema.rights import may_rewrite, may_write
from app.domain.schema.table import KINDS
from app.domain.vocabulary.roles import Role

FROZEN = json.loads((Path(__file__).parent / "rights.json").read_text(encoding="utf-8"))
ROWS: dict[str, dict[str, Any]] = FROZEN["rows"]
PUPIL = FROZEN["places"]["pupil"]


@pytest.mark.parametrize("name", ROWS)
def test_who_may_write_a_field_is_what_it_always_was(name: str) -> None:
    kind, _, field = name.partition(".")
    for where, partition in FROZEN["places"].items():
        for value in FROZEN["values"]:
            allowed = ROWS[name][where].get(json.dumps(value), ROWS[name][where]["usual"])
            now = [role for role in FROZEN["roles"] if may_write(role, partition, kind, field, value)]
            assert now == allowed, (where, value)


@pytest.mark.parametrize("name", [name for name in ROWS if ROWS[name]["rewrite"]])
def test_what_is_written_once_is_what_it_always_was(name: str) -> None:
    kind, _, field = name.partition(".")
    for approved, allowed in zip((False, True), ROWS[name]["rewrite"], strict=True):
        assert [role for role in Role if may_rewrite(role, kind, field, approved)] == sorted(allowed, key=list(Role).index)


def test_it_was_asked_of_every_kind_and_field_of_that_day() -> None:
    assert {name.partition(".")[0] for name in ROWS} <= set(KINDS) and len(ROWS) == 107
    assert all(field == "" or KINDS[kind].field(field) for kind, _, field in (name.partition(".") for name in ROWS))


@pytest.mark.parametrize("role", Role)
@pytest.mark.parametrize(
    "name", ["new-thing.name", "target.nonsense", "observation.context", "consent.own_family.smell", "pupil.shoe_size"]
)
def test_what_nobody_has_named_is_nobodys_to_write(role: Role, name: str) -> None:
    """The one difference, on purpose: the older table gave every unknown thing to the SENCO."""
    kind, _, field = name.partition(".")
    assert not any(may_write(role, partition, kind, field, "x") for partition in FROZEN["places"].values())
    assert not may_rewrite(role, kind, field, approved=False)
