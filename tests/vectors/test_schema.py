"""The schema only grows: what an app of the first edition wrote is taken and read as it was, for ever."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from app.domain.schema.printed import as_json, page
from app.domain.schema.table import KINDS, field_of, fits
from storage.ops import Op
from tests.vectors import additions
from tests.vectors.additions import FIRST, SCHEMA_PAGE, TABLE, objections, read

EDITION1 = Path(__file__).parent / "edition1"
Row = dict[str, Any]


def golden(kind: str) -> list[Row]:
    return [json.loads(line) for line in (EDITION1 / f"{kind}.jsonl").read_text(encoding="utf-8").splitlines()]


# -- the committed table ---------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("committed", [FIRST, TABLE], ids=["the first edition", "what was committed last"])
def test_every_change_of_the_table_is_an_addition(committed: Path) -> None:
    assert objections(read(committed), as_json()) == []


def test_the_committed_table_and_the_page_of_roles_are_todays() -> None:
    """After an addition: python -m tests.vectors.additions"""
    assert TABLE.read_text(encoding="utf-8") == additions.as_text(as_json()) and read(TABLE) == as_json()
    assert SCHEMA_PAGE.read_text(encoding="utf-8") == page()


def changed(change: Callable[[Row], object]) -> list[str]:
    now = json.loads(json.dumps(as_json()))
    change(now)
    return objections(as_json(), now)


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.pop("target"),
        lambda t: t["target"]["fields"].pop("short"),
        lambda t: t["target"].update(place="school"),
        lambda t: t["target"].update(since=2),
        lambda t: t["target"]["fields"]["short"].update(by=["senco"]),
        lambda t: t["observation"].update(moment=False),
        lambda t: t["target"]["fields"]["statement"].update(merge="LATEST"),
        lambda t: t["target"]["fields"]["statement"].update(family=False),
        lambda t: t["target"]["fields"]["statement"]["ok"].update(most=100),
        lambda t: t["target"]["fields"]["status"]["ok"].update({"of": ["live"]}),
        lambda t: t["target"]["fields"]["status"].update(ok={"is": "flag"}),
        lambda t: t["school"]["fields"]["media_days"]["ok"].update(low=1),
        lambda t: t["observation"]["fields"]["at"]["ok"].update(high=9),
        lambda t: t["observation"]["fields"]["review"].update(new=None),
        lambda t: t["observation"]["fields"]["pupil"].update(once="NO"),
        lambda t: t["observation"]["fields"]["rating.*"]["ok"].update(needs="value"),
        lambda t: t["consent"]["fields"]["own_family.photo"]["ok"]["of"].pop("withdrawn"),
        lambda t: t["consent"]["fields"]["own_family.photo"].update(act=False),
    ],
)
def test_what_is_taken_away_or_narrowed_is_told(change: Callable[[Row], object]) -> None:
    assert len(changed(change)) == 1


def test_fewer_who_may_write_a_kind_are_told_of_each_of_its_fields() -> None:
    told = changed(lambda table: table["class"].update(by=[]))
    assert told == ["class.deleted may be written by fewer", "class.name may be written by fewer"]


@pytest.mark.parametrize(
    "change",
    [
        lambda t: t.update(provision=t["target"]),
        lambda t: t["target"]["fields"].update(scale=t["target"]["fields"]["area"]),
        lambda t: t["target"]["fields"]["status"]["ok"]["of"].append("paused"),
        lambda t: t["target"]["fields"]["area"].update(merge="PROSE", searched=True),
        lambda t: t["consent"]["fields"]["own_family.photo"].update(merge="CAREFUL"),
        lambda t: t["pupil"]["fields"]["name"]["ok"].update(most=9_999),
        lambda t: t["school"]["fields"]["media_days"]["ok"].update(low=None),
        lambda t: t["observation"]["fields"]["rating.*"]["ok"]["of"].update(value={"is": "ref"}),
    ],
)
def test_what_is_added_widened_or_opened_is_no_objection(change: Callable[[Row], object]) -> None:
    assert changed(change) == []


# -- golden ops --------------------------------------------------------------------------------------------------------------
FIRST_KINDS = pytest.mark.parametrize("kind", read(FIRST))


@FIRST_KINDS
def test_what_the_first_edition_wrote_is_taken_and_reads_the_same(kind: str) -> None:
    for line in golden(kind):
        op = Op.from_json(line["op"])
        field = field_of(kind, op.field)
        assert field is not None and fits(line["p"], kind, op.field, op.value), op.field
        assert json.loads(json.dumps(field.ok.reads(op.value))) == line["reads"]
        assert op.to_json() == line["op"] and op.entity.startswith(f"{kind}:")


@FIRST_KINDS
def test_there_is_a_golden_op_of_every_field_of_the_first_edition(kind: str) -> None:
    told = {line["op"]["f"] for line in golden(kind)}
    families = [name[:-1] for name in read(FIRST)[kind]["fields"] if name.endswith("*")]
    named = {next((f"{one}*" for one in families if name.startswith(one)), name) for name in told}
    assert named == set(read(FIRST)[kind]["fields"]) and KINDS[kind].since == 1
