"""The role table: who may hold and who may write what (promise 2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.register.people import Staff
from app.domain.schema.fields import Once
from app.domain.schema.rights import (
    ASKS,
    FAMILY,
    Ceiling,
    ceiling,
    may_rewrite,
    may_write,
    partitions_for,
)
from app.domain.schema.table import KINDS as TABLE
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.states import ReviewState

PUPIL = "a" * 32
ROLES = st.sampled_from(Role)
KINDS = ["observation", "media", "target", "pupil", "consent", "class", "staff", "term", "membership", "school", "new-thing"]
FIELDS = ["review", "starred", "question", "note", "deleted", "statement", "name", "own_family.photo", "anything"]
fields = st.sampled_from(FIELDS)
values = st.one_of(st.none(), st.booleans(), st.integers(-1, 2), st.sampled_from([*ReviewState, "x"]), st.just({"given": True}))
partitions = st.sampled_from([PUPIL, f"{PUPIL}.office", "school", "office"])
class_ids = st.sampled_from(["oak", "elm", ""])
memberships = st.dictionaries(st.sampled_from([PUPIL, "b" * 32, "c" * 32]), class_ids)


# -- writing -----------------------------------------------------------------------------------------------------------
@given(partitions, values.filter(lambda value: value != "new"))
def test_a_ta_never_writes_a_decision_on_evidence(partition: str, value: object) -> None:
    assert not may_write(Role.TA, partition, "observation", "review", value)


def test_a_ta_says_of_a_new_observation_that_it_is_new() -> None:
    assert may_write(Role.TA, PUPIL, "observation", "review", "new")
    assert may_write(Role.TA, PUPIL, "observation", "starred", False)


@pytest.mark.parametrize("kind", ["consent", "target", "pupil", "class", "staff", "term", "membership", "school"])
@given(partitions, fields, values)
def test_a_ta_never_writes_what_is_the_schools(kind: str, partition: str, field: str, value: object) -> None:
    assert not may_write(Role.TA, partition, kind, field, value)


@given(st.sampled_from(KINDS), fields, values, st.sampled_from(["school", "office", f"{PUPIL}.office"]))
def test_a_ta_writes_nothing_outside_a_pupils_own_part(kind: str, field: str, value: object, partition: str) -> None:
    assert not may_write(Role.TA, partition, kind, field, value)


@given(ROLES, st.sampled_from(KINDS), fields, values)
def test_only_the_senco_writes_the_school(role: Role, kind: str, field: str, value: object) -> None:
    assert role is Role.SENCO or not may_write(role, "school", kind, field, value)


@given(ROLES, st.sampled_from(KINDS), fields, values, st.sampled_from(["office", f"{PUPIL}.office"]))
def test_only_senco_and_dsl_write_the_office(role: Role, kind: str, field: str, value: object, partition: str) -> None:
    assert role in {Role.SENCO, Role.DSL} or not may_write(role, partition, kind, field, value)


@given(partitions, st.sampled_from(KINDS), fields, values)
def test_leadership_looks_and_does_not_write(partition: str, kind: str, field: str, value: object) -> None:
    assert not may_write(Role.SLT, partition, kind, field, value)


@given(ROLES, partitions, fields, values)
def test_nobodys_device_says_that_a_child_was_erased(role: Role, partition: str, field: str, value: object) -> None:
    assert not may_write(role, partition, "erased", field, value)


@given(ROLES, st.sampled_from(sorted(TABLE["erasure"].fields)), values)
def test_senco_and_dsl_alone_order_an_erasure_and_hold_one_back(role: Role, field: str, value: object) -> None:
    for asked in (may_write(role, "school", "erasure", field, value), may_write(role, PUPIL, "pupil", "legal_hold", value)):
        assert asked == (role in {Role.SENCO, Role.DSL})


@given(partitions, fields, values)
def test_consent_is_the_sencos_alone(partition: str, field: str, value: object) -> None:
    assert not any(may_write(role, partition, "consent", field, value) for role in Role if role is not Role.SENCO)


@given(partitions, fields, values)
def test_what_nobody_has_named_is_nobodys_to_write(partition: str, field: str, value: object) -> None:
    assert not any(may_write(role, partition, "new-thing", field, value) for role in Role)
    assert not any(may_write(role, partition, kind, "anything", value) for role in Role for kind in KINDS)


def test_a_teacher_approves_wording_and_not_evidence() -> None:
    assert may_write(Role.TEACHER, PUPIL, "target", "statement", "By July ...")
    assert not may_write(Role.TEACHER, PUPIL, "observation", "review", "approved")


@pytest.mark.parametrize("role", sorted(TABLE["observation"].fields["review"].by or ()))
def test_who_decides_may_write_every_part_of_a_decision(role: Role) -> None:
    assert all(may_write(role, PUPIL, "observation", field, "x") for field in ("review", "question", "note"))


@pytest.mark.parametrize("kind", ["observation", "media"])
def test_what_a_ta_recorded_is_not_a_tas_to_delete(kind: str) -> None:
    assert not may_write(Role.TA, PUPIL, kind, "deleted", True)
    assert may_write(Role.SENCO, PUPIL, kind, "deleted", True)


# -- writing again -----------------------------------------------------------------------------------------------------
@given(st.booleans(), fields)
def test_who_is_in_a_picture_is_not_written_again_by_a_ta(approved: bool, field: str) -> None:
    written_once = [name for name, one in TABLE["observation"].fields.items() if one.once is Once.YES]
    assert set(written_once) == {"pupil", "at", "offset_min", "by", "media", "group", "together"}
    assert all(one.once is Once.YES for one in TABLE["media"].fields.values())
    assert not may_rewrite(Role.TA, "media", field, approved)
    assert not any(may_rewrite(Role.TA, "observation", fixed, approved) for fixed in written_once)


def test_the_words_of_what_was_approved_stay_as_they_were_read() -> None:
    assert may_rewrite(Role.TA, "observation", "note", approved=False)
    assert not may_rewrite(Role.TA, "observation", "note", approved=True)
    assert may_rewrite(Role.SENCO, "observation", "note", approved=True)


# -- holding -----------------------------------------------------------------------------------------------------------
@given(st.lists(class_ids), memberships, st.sampled_from([PUPIL, "b" * 32, "c" * 32, "d" * 32]))
def test_a_ta_holds_pupils_of_the_own_classes_and_nobody_else(classes: list[str], members: dict[str, str], one: str) -> None:
    own = members.get(one) in set(classes) - {""}
    assert partitions_for(Role.TA, classes, members)(one) is own
    assert partitions_for(Role.TEACHER, classes, members)(one) is own


@given(ROLES, st.lists(class_ids), memberships, st.sampled_from(["office", f"{PUPIL}.office"]))
def test_only_senco_and_dsl_hold_the_office(role: Role, classes: list[str], members: dict[str, str], one: str) -> None:
    assert partitions_for(role, classes, members)(one) is (role in {Role.SENCO, Role.DSL})


@given(ROLES, st.lists(class_ids), memberships)
def test_everybody_holds_the_school(role: Role, classes: list[str], members: dict[str, str]) -> None:
    assert partitions_for(role, classes, members)("school")


@given(st.sampled_from([Role.SENCO, Role.DSL, Role.SLT]), memberships)
def test_the_whole_school_is_for_those_who_lead_it(role: Role, members: dict[str, str]) -> None:
    assert partitions_for(role, [], members)(PUPIL)


@given(st.lists(class_ids), memberships, st.sampled_from([PUPIL, "b" * 32]))
def test_a_child_that_has_left_the_class_has_left_the_ta(classes: list[str], members: dict[str, str], one: str) -> None:
    without = {pupil: class_id for pupil, class_id in members.items() if pupil != one}
    assert not partitions_for(Role.TA, classes, without)(one)


# -- a device that is one person's ---------------------------------------------------------------------------------------
people = st.builds(Staff, st.just("s"), st.just("n"), ROLES, st.lists(st.sampled_from(["oak", "elm"]), unique=True).map(tuple))


@given(ROLES, st.lists(st.sampled_from(["oak", "elm"]), unique=True), people, memberships, st.sampled_from([PUPIL, "b" * 32]))
def test_a_device_of_a_person_looks_no_further_than_both_may(
    role: Role, classes: list[str], person: Staff, members: dict[str, str], one: str
) -> None:
    now = ceiling(role, classes, person)
    everywhere = ["oak", "elm"]
    if partitions_for(now.role, now.classes, members)(one):
        assert partitions_for(role, classes, members)(one)
        assert partitions_for(person.role, person.classes or everywhere, members)(one)


@given(ROLES, people, partitions, st.sampled_from(KINDS), fields, values)
def test_and_writes_no_more_than_both_may(
    role: Role, person: Staff, partition: str, kind: str, field: str, value: object
) -> None:
    now = ceiling(role, [], person)
    if all(may_write(one, partition, kind, field, value) for one in now.roles):
        assert may_write(role, partition, kind, field, value) and may_write(person.role, partition, kind, field, value)


@given(ROLES, people)
def test_who_asks_the_hub_for_more_than_files_must_be_allowed_as_both(role: Role, person: Staff) -> None:
    now = ceiling(role, [], person)
    for allowed in ASKS.values():
        assert now.role not in allowed or {role, person.role} <= allowed


@given(ROLES, st.lists(class_ids))
def test_a_shared_device_is_what_it_was_invited_as(role: Role, classes: list[str]) -> None:
    assert ceiling(role, classes, None) == Ceiling(role, tuple(classes), (role,))


# -- families ------------------------------------------------------------------------------------------------------------
@given(partitions, st.lists(class_ids), memberships)
def test_a_family_holds_nothing_of_the_school(partition: str, classes: list[str], members: dict[str, str]) -> None:
    assert not partitions_for(FAMILY, classes, members)(partition)


@given(partitions, st.sampled_from(KINDS), fields, values)
def test_a_family_writes_nothing(partition: str, kind: str, field: str, value: object) -> None:
    assert not may_write(FAMILY, partition, kind, field, value)
