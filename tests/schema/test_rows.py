"""The rows of the schema: what may be written fits, what is strange does not, and reads as the field's default."""

from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.demo import school as demo
from app.domain.schema.fields import Field, Merge, Place
from app.domain.schema.table import KINDS, edition, field_of, fits, handed_in, is_moment, is_prose, leaving, searched
from app.usecases.records import erasure
from app.usecases.records.erasure import Why
from app.usecases.register import roster
from storage.folder.directory import Directory
from storage.ops import Change
from storage.replica import Replica

CHILD = "a" * 32
PLACES = {Place.SCHOOL: "school", Place.OFFICE: "office", Place.PUPIL: CHILD, Place.PUPIL_OFFICE: f"{CHILD}.office"}
ROWS = [(kind, name.replace("*", "t1"), field) for kind in KINDS for name, field in KINDS[kind].named().items()]
every_field = pytest.mark.parametrize(("kind", "name", "field"), ROWS, ids=[f"{kind}.{name}" for kind, name, _ in ROWS])
anything = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=5,
)


# -- what fits -----------------------------------------------------------------------------------------------------------
async def test_everything_that_a_whole_made_up_school_holds_fits(tmp_path: Path) -> None:
    await demo.make(tmp_path, pupils=3, observations=30, seed=7, now=lambda: 1_795_000_000_000)
    replica = Replica(Directory(tmp_path), "0" * 16, lambda: 1)
    await replica.refresh()
    written = [(partition, *op.entity.split(":"), op) for partition, op in replica.library.ops()]
    assert {kind for _, kind, _, _ in written} == set(KINDS) - {"erasure", "erased"}
    odd = [(kind, op.field, op.value) for where, kind, _, op in written if not fits(where, kind, op.field, op.value)]
    assert odd == []


class Kept:
    def __init__(self) -> None:
        self.changes: list[Change] = []

    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        self.changes += changes


async def test_so_does_what_is_said_about_erasing_leaving_and_pins() -> None:
    kept = Kept()
    for why in Why:
        await erasure.order(kept, CHILD, "", why, 5)
    await erasure.cancel(kept, CHILD, "b" * 32, 6)
    await erasure.hold(kept, CHILD, True)
    await roster.forget_pin(kept, "b" * 32, lambda count: bytes(count))
    await roster.set_media_days(kept, 0)
    said = [
        *kept.changes,
        Change("school", "staff:s", "left", date(2026, 9, 1).isoformat()),
        Change("school", "staff:s", "left", ""),
    ]
    said.append(Change("school", f"erased:{CHILD}", "at", {"on": 1, "proof": "x"}))
    assert [one for one in said if not fits(one.partition, one.entity.split(":")[0], one.field, one.value)] == []


@every_field
def test_a_nest_of_lists_fits_nowhere(kind: str, name: str, field: Field) -> None:
    for odd in ([[1]], {"a": [1, 2]}, [{}], {"given": [True]}):
        assert not fits(PLACES[KINDS[kind].place], kind, name, odd)


@every_field
def test_a_thing_fits_in_its_own_part_of_the_folder_alone(kind: str, name: str, field: Field) -> None:
    for place, partition in PLACES.items():
        if place is not KINDS[kind].place:
            assert not any(fits(partition, kind, name, value) for value in ("", True, 0, [], {"given": True}, {"help": "model"}))


@given(st.sampled_from(ROWS), anything)
def test_any_value_is_looked_at_and_read_without_an_error(row: tuple[str, str, Field], value: object) -> None:
    kind, name, field = row
    fits(PLACES[KINDS[kind].place], kind, name, value)
    hash(repr(field.ok.reads(value)))


@pytest.mark.parametrize(
    ("kind", "name", "value"),
    [
        ("pupil", "name", 7), ("target", "status", {"a": [1, 2]}), ("target", "nonsense", 5), ("target", "status", "perfect"),
        ("pupil", "protected", 1), ("observation", "starred", 0), ("observation", "at", True), ("observation", "at", "noon"),
        ("observation", "together", "leo"), ("observation", "rating.", {"help": "model"}), ("observation", "rating.t", {}),
        ("observation", "rating.t", {"help": "model", "more": 1}), ("observation", "rating.a b", {"help": "model"}),
        ("staff", "left", True), ("staff", "left", "2026-13-01"), ("staff", "role", "queen"), ("term", "start", "20260901"),
        ("consent", "own_family.photo", True), ("consent", "own_family.photo", {"by": "x"}), ("consent", "own_family.smell", 1),
        ("school", "media_days", -1), ("pupil", "name", "x" * 2001), ("erasure", "deleted", True), ("new-thing", "name", "x"),
    ],
)  # fmt: skip
def test_what_is_not_of_its_kind_does_not_fit(kind: str, name: str, value: object) -> None:
    place = KINDS[kind].place if kind in KINDS else Place.PUPIL
    assert not fits(PLACES[place], kind, name, value)


def test_a_consent_that_is_withdrawn_fits_whatever_was_noted_beside_it() -> None:
    for beside in ({}, {"by": "", "on": "x"}, {"on": "last week", "withdrawn": "yesterday"}):
        assert fits(CHILD, "consent", "own_family.photo", {"given": False} | beside)


# -- what is strange reads as the default ------------------------------------------------------------------------------------
def test_what_is_strange_reads_as_what_shows_and_allows_least() -> None:
    def read(kind: str, name: str, value: Any) -> Any:
        field = field_of(kind, name)
        assert field is not None
        return field.ok.reads(value)

    assert read("pupil", "name", 7) == "" and read("pupil", "face_seed", "x") == 0 and read("pupil", "protected", "yes") is False
    assert read("observation", "review", "splendid") == "hidden" and read("staff", "role", ["senco"]) == "ta"
    assert read("media", "visible", ["leo", 1]) == ("",) and read("observation", "targets", ["t", 1]) == ("t",)
    assert read("consent", "own_family.photo", 1) == {}


# -- what else reads the rows ------------------------------------------------------------------------------------------------
def test_every_text_that_people_tell_at_length_keeps_both_when_two_wrote_at_once() -> None:
    kept = {f"{kind}.{name}" for kind, name, field in ROWS if field.merge is Merge.PROSE}
    words = ("statement", "short", "criterion", "baseline", "strategies", "family_words", "next_step")
    assert kept == {
        *(f"target.{name}" for name in words), "pupil.likes", "pupil.helps", "observation.note", "observation.question",
    }  # fmt: skip
    assert all(is_prose(*one.split(".")) for one in kept) and not is_prose("new-thing", "note")


def test_what_may_leave_the_staff_is_prose_and_is_told() -> None:
    assert leaving("pupil") == ("likes", "helps") and leaving("observation") == ("note",)
    assert set(leaving("target")) == {name for name, field in KINDS["target"].fields.items() if field.merge is Merge.PROSE}


def test_what_is_searched() -> None:
    found = {kind: searched(kind) for kind in KINDS if searched(kind)}
    assert found == {"observation": ("note",), "target": ("statement", "short"), "pupil": ("name", "preferred_name")}


def test_evidence_is_what_was_seen_and_its_pictures() -> None:
    assert {kind for kind in KINDS if is_moment(f"{kind}:1", "at", 5)} == {"observation", "media"}
    assert not is_moment("new-thing:1", "at", 5)


def test_what_a_reviewer_decides_goes_with_the_consents_and_not_with_the_evidence() -> None:
    assert is_moment("observation:1", "review", "new") and is_moment("observation:1", "starred", False)
    for name, value in (
        ("review", "approved"),
        ("review", "hidden"),
        ("starred", True),
        ("question", "When?"),
        ("deleted", True),
    ):
        assert not is_moment("observation:1", name, value)
    assert handed_in() == {"observation", "media", "target"}


def test_this_is_the_first_edition() -> None:
    assert edition() == 1
