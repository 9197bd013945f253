"""The one write gate, and the rights that screens and the hub ask: out of one table, and once."""

import ast
from datetime import date
from pathlib import Path

import pytest

from app.domain.schema.asked import RIGHTS, Right
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed, TabletLocked
from storage import segments
from storage.ops import Change
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, recorded, synced

USECASES = Path(__file__).parents[2] / "app/usecases"
CONSENT = (Audience.OWN_FAMILY, MediaKind.PHOTO)


# -- the gate --------------------------------------------------------------------------------------------------------------
async def test_what_may_not_be_written_is_refused_whole(tablet: Seat, hub: Hub) -> None:
    before, child = tablet.desk.session.store.pending(), hub.made.amira
    fine = Change(child, "observation:1", "note", "seen", text=True)
    with pytest.raises(NotAllowed):
        await tablet.desk.session.write([fine, Change(child, f"consent:{child}", "own_family.photo", {"given": True})])
    assert tablet.desk.session.store.pending() == before and tablet.desk.session.store.library.get("observation:1") is None


async def test_a_locked_device_writes_nothing(shut: Seat, hub: Hub) -> None:
    with pytest.raises(TabletLocked):
        await shut.desk.session.write([Change(hub.made.amira, "observation:1", "note", "seen", text=True)])


async def test_what_was_begun_with_a_right_is_finished_in_the_same_name(shut: Seat, hub: Hub) -> None:
    await shut.desk.door.enter(hub.made.ta, "2580")
    pen = shut.desk.session.pen()
    shut.desk.door.lock()
    await pen.write([Change(hub.made.amira, "observation:1", "note", "seen", text=True)])
    assert {op.author for _, op in shut.desk.session.store.library.ops() if op.entity == "observation:1"} == {hub.made.ta}


async def test_on_cover_moments_are_recorded_and_nothing_else(shut: Seat, hub: Hub) -> None:
    await shut.desk.door.come_on_cover()
    await shut.desk.session.write([Change(hub.made.amira, "observation:1", "note", "seen", text=True)])
    with pytest.raises(NotAllowed):
        await shut.desk.session.write([Change(hub.made.amira, "target:1", "statement", "x", text=True)])


async def test_what_was_approved_is_not_reworded_past_the_screens(tablet: Seat, phone: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    await synced(tablet, phone)
    await phone.desk.review.approve(ident)
    await synced(phone, tablet)
    for field, value in (("note", "other words"), ("review", "new"), ("at", 5), ("together", [])):
        with pytest.raises(NotAllowed):
            await tablet.desk.session.write([Change(hub.made.amira, f"observation:{ident}", field, value, field == "note")])


def test_no_use_case_writes_past_the_gate() -> None:
    """`store.write` stands in the session alone."""
    for file in USECASES.rglob("*.py"):
        calls = [node for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))) if isinstance(node, ast.Attribute)]
        past = [c for c in calls if c.attr == "write" and isinstance(c.value, ast.Attribute) and c.value.attr == "store"]
        assert not past or file.name == "session.py", file


# -- three contradictions, decided -----------------------------------------------------------------------------------------
async def test_a_teacher_writes_targets_and_the_hub_takes_them(sit: Sit, phone: Seat, hub: Hub) -> None:
    teacher = await sit(Role.TEACHER)
    made = await teacher.desk.plans.add_target(hub.made.amira, {"statement": "Amira waits for her turn."})
    await synced(teacher, phone)
    assert made in {target.id for target in phone.desk.school.targets(hub.made.amira)}


@pytest.mark.parametrize("role", [Role.TA, Role.SLT, Role.DSL])
async def test_others_write_no_targets(sit: Sit, hub: Hub, role: Role) -> None:
    seat = await sit(role)
    with pytest.raises(NotAllowed):
        await seat.desk.plans.add_target(hub.made.amira, {"statement": "Amira waits for her turn."})


@pytest.mark.parametrize("role", Role)
async def test_a_families_link_needs_the_same_right_on_the_device_as_at_the_hub(sit: Sit, hub: Hub, role: Role) -> None:
    seat = await sit(role)
    families, child = seat.desk.families, hub.made.amira
    if role in RIGHTS[Right.LINKS]:
        link = await families.make_link(child)
        assert [one.id for one in await families.links(child)] == [link.id]
        await families.revoke_link(link.id)
        return
    seat.line.cut = True  # the device asks nobody: it says no by itself
    for step in (families.make_link(child), families.links(child), families.revoke_link("0" * 32)):
        with pytest.raises(NotAllowed):
            await step


async def test_the_dsl_sets_up_nothing_and_is_offered_nothing_to_set_up(sit: Sit, hub: Hub) -> None:
    desk = (await sit(Role.DSL)).desk
    assert not desk.session.has(Right.SET_UP) and desk.session.has(Right.AUDIT) and desk.session.has(Right.ERASE)
    register = desk.register
    for step in (
        register.add_class("Ash"),
        register.name_school("X"),
        register.add_pupil(hub.made.oak, {"name": "X"}),
        register.set_term("t", "T", date(2026, 9, 1), date(2026, 9, 2)),
        desk.families.set_consent(hub.made.leo, *CONSENT, True, "me"),
    ):
        with pytest.raises(NotAllowed):
            await step


# -- the shape of the house --------------------------------------------------------------------------------------------------
def test_the_desk_only_composes() -> None:
    from app.usecases.desk import Desk

    assert [name for name in vars(Desk) if not name.startswith("_") and name not in Desk.__dataclass_fields__] == []


def test_no_service_is_mixed_of_others_or_swaps_its_own_inside() -> None:
    for file in USECASES.rglob("*.py"):
        source = file.read_text(encoding="utf-8")
        bases = {
            base.id
            for node in ast.walk(ast.parse(source))
            if isinstance(node, ast.ClassDef)
            for base in node.bases
            if isinstance(base, ast.Name)
        }
        assert bases <= {"Protocol", "StrEnum", "dict"} and "__dict__" not in source, file


# -- what must not come apart ----------------------------------------------------------------------------------------------
async def test_an_approval_and_a_consent_withdrawn_in_the_same_breath_go_in_one_file(tablet: Seat, phone: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    await synced(tablet, phone)
    phone.time.forward(1000)
    await phone.desk.families.set_consent(hub.made.amira, *CONSENT, False, "her mother")
    await phone.desk.review.approve(ident)
    (name,) = await phone.desk.session.store.seal()
    said = {(op.entity.partition(":")[0], op.field) for op in segments.read(name, phone.disk.files[name]).ops}
    assert {("consent", "own_family.photo"), ("observation", "review")} <= said


async def test_a_moment_is_sealed_apart_from_a_target_written_beside_it(phone: Seat, hub: Hub) -> None:
    phone.time.forward(1000)
    await phone.desk.plans.add_target(hub.made.amira, {"statement": "Amira waits for her turn."})
    await phone.desk.drafting.toggle_pupil(hub.made.amira)
    await phone.desk.drafting.set_note("Waited.")
    await phone.desk.drafting.save()
    sealed = [segments.read(name, phone.disk.files[name]).ops for name in await phone.desk.session.store.seal()]
    kinds = sorted({op.entity.partition(":")[0] for op in ops} for ops in sealed if ops)
    assert {"observation"} in kinds and {"target"} in kinds


async def test_words_that_the_senco_has_hidden_are_not_reworded_by_who_recorded_them(tablet: Seat, phone: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    await synced(tablet, phone)
    await phone.desk.review.hide(ident)
    await synced(phone, tablet)
    with pytest.raises(NotAllowed):
        await tablet.desk.review.settle_note(ident, "other words")
