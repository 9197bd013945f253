"""All records of a child go, from every device, the hub and the folder, and nothing brings them back (I9). Real desks with all
that is on their disks, and the real hub."""

import shutil
from pathlib import Path

import pytest

from app.domain.schema.asked import Right
from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed, PupilUnknown, RecordsErased
from app.usecases.records.erasing import DISCARDED
from app.usecases.records.erasure import Why
from tests.hub.conftest import Hub, everything
from tests.hub.parts import holding, new_start
from tests.usecases.conftest import PHOTO, Seat, Sit, recorded
from tests.usecases.parts import days

NOTE = "Amira built a tower of nine blocks"
WORDS = (b"Amira", b"Haddad", NOTE.encode())


async def ordered(phone: Seat, hub: Hub) -> None:
    await phone.desk.erasing.order(hub.made.amira, Why.FAMILY)
    phone.time.forward(60_000)
    assert await phone.desk.syncing.sync_now()


async def carried_out(phone: Seat, hub: Hub, *others: Seat) -> None:
    await ordered(phone, hub)
    await days(8, phone, *others)
    assert hub.made.amira in hub.office.replica.erased


def found_on(seat: Seat) -> set[str]:
    return holding(seat.disk.files, *WORDS)


def found_in(folder: Path) -> set[str]:
    return holding(everything(folder), *WORDS)


# -- everywhere ----------------------------------------------------------------------------------------------------------
async def test_i9_the_childs_words_and_pictures_are_found_nowhere(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira, note=NOTE)
    await days(1, tablet, phone)
    await tablet.desk.session.store.save_view()
    await recorded(tablet, hub.made.amira, note=f"{NOTE}, and again")  # still in the journal
    assert {"local/view", "local/journal.000001"} & found_on(tablet) or len(found_on(tablet)) > 2
    assert found_on(phone) and found_in(hub.folder.path)
    link = await phone.desk.families.make_link(hub.made.amira)
    await hub.client.get(link.url)
    await carried_out(phone, hub, tablet)
    for seat in (tablet, phone):
        await seat.desk.session.store.save_view()
        assert found_on(seat) == set()
        assert not [name for name in seat.disk.files if name.startswith(f"p/{hub.made.amira}")]
    assert found_in(hub.folder.path) == set()
    assert not [name for name in everything(hub.folder.path) if hub.made.amira in name]
    kept = {seat.desk.school.pupil(hub.made.leo).name for seat in (tablet, phone)}
    assert kept == {"Leo Marsh"} and phone.desk.syncing.problem is None


async def test_i9_a_tablet_that_was_away_for_weeks_brings_nothing_back(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await tablet.desk.syncing.sync_now()
    tablet.line.cut = True
    await recorded(tablet, hub.made.amira, note=NOTE)
    await recorded(tablet, hub.made.leo, note="Leo, and nobody else")
    await tablet.desk.drafting.toggle_pupil(hub.made.amira)
    await carried_out(phone, hub)
    await days(20, phone)
    tablet.line.cut = False
    assert await tablet.desk.syncing.sync_now() and tablet.desk.syncing.problem is None and tablet.desk.syncing.waiting == 0
    assert found_on(tablet) == set() and found_in(hub.folder.path) == set()
    await phone.desk.syncing.sync_now()
    assert [o.note for o in phone.desk.school.observations()] == ["Leo, and nobody else"]
    with pytest.raises(PupilUnknown):
        phone.desk.school.pupil(hub.made.amira)


async def test_i9_a_tablet_brought_back_from_a_backup_brings_nothing_back(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira, note=NOTE)
    await tablet.desk.syncing.sync_now()
    await recorded(tablet, hub.made.amira, note=f"{NOTE}, not sent yet")
    backup = dict(tablet.disk.files)
    await carried_out(phone, hub, tablet)
    tablet.disk.files = backup
    again = await tablet.again()
    assert found_on(again)
    assert await again.desk.syncing.sync_now() and again.desk.syncing.problem is None
    assert found_on(again) == set() and found_in(hub.folder.path) == set()


async def test_i9_a_school_brought_back_from_a_backup_is_told_by_the_sencos_phone(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira, note=NOTE)
    await days(1, tablet, phone)
    backup = hub.folder.path.with_name("backup")
    shutil.copytree(hub.folder.path, backup)
    await carried_out(phone, hub, tablet)
    shutil.rmtree(hub.folder.path)
    shutil.copytree(backup, hub.folder.path)
    await new_start(hub)
    assert found_in(hub.folder.path), "the backup has the child again"
    await days(3, phone, tablet)
    assert found_in(hub.folder.path) == set(), "no name, and no look, was needed"
    assert found_on(tablet) == found_on(phone) == set()
    assert hub.made.amira in hub.office.replica.erased


async def test_i9_nothing_more_of_the_child_can_be_recorded(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await tablet.desk.syncing.sync_now()
    await carried_out(phone, hub, tablet)
    await tablet.desk.drafting.toggle_pupil(hub.made.amira)  # a screen that was drawn before
    await tablet.desk.drafting.set_note(NOTE)
    with pytest.raises(RecordsErased, match="Nothing more of this child is kept"):
        await tablet.desk.drafting.save()


async def test_a_device_that_joins_later_gets_nothing_of_the_child(phone: Seat, sit: Sit, hub: Hub) -> None:
    await carried_out(phone, hub)
    for role in (Role.TA, Role.SENCO):
        fresh = await sit(role)
        assert fresh.desk.syncing.problem is None and found_on(fresh) == set()
        assert {p.id for p in fresh.desk.school.pupils()} & {hub.made.amira, hub.made.leo} == {hub.made.leo}


# -- the draft -----------------------------------------------------------------------------------------------------------
async def test_i9_a_draft_of_the_child_goes_with_its_pictures_and_that_is_told(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await tablet.desk.drafting.add_photo(PHOTO)
    await tablet.desk.drafting.toggle_pupil(hub.made.leo)
    await tablet.desk.drafting.toggle_pupil(hub.made.amira)
    await tablet.desk.drafting.set_note(NOTE)
    await tablet.desk.session.store.keep("draft.left-by-a-crash", b"an older picture")
    await carried_out(phone, hub, tablet)
    assert tablet.desk.drafting.draft.empty and DISCARDED in tablet.desk.syncing.found
    assert await tablet.disk.names("local/keep/draft") == set() and found_on(tablet) == set()


async def test_a_picture_that_is_being_kept_meanwhile_is_no_leftover(tablet: Seat, phone: Seat, hub: Hub) -> None:
    """Its file is there a moment before a draft speaks of it."""
    keep = tablet.disk.replace

    async def slow(name: str, data: bytes) -> None:
        await keep(name, data)
        if name.startswith("local/keep/draft."):
            tablet.disk.replace = keep  # type: ignore[method-assign]
            await carried_out(phone, hub, tablet)

    tablet.disk.replace = slow  # type: ignore[method-assign]
    await tablet.desk.drafting.add_photo(PHOTO)
    await tablet.desk.drafting.toggle_pupil(hub.made.leo)
    await tablet.desk.session.store.keep("draft.left-by-a-crash", b"an older picture")
    assert await tablet.desk.drafting.save(), "it is whole"
    await tablet.desk.syncing.sync_now()
    assert await tablet.disk.names("local/keep/draft.") == set()


async def test_a_draft_of_others_stays(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await tablet.desk.drafting.add_photo(PHOTO)
    await tablet.desk.drafting.toggle_pupil(hub.made.leo)
    await carried_out(phone, hub, tablet)
    assert tablet.desk.drafting.draft.pupils == [hub.made.leo] and len(await tablet.disk.names("local/keep/draft.")) == 1
    assert DISCARDED not in tablet.desk.syncing.found
    assert await tablet.desk.drafting.save()


async def test_i9_a_crash_before_the_draft_went_is_made_good_at_the_next_start(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await tablet.desk.drafting.toggle_pupil(hub.made.amira)
    await tablet.desk.drafting.set_note(NOTE)
    draft = tablet.disk.files["local/keep/draft"]
    await carried_out(phone, hub, tablet)
    tablet.disk.files["local/keep/draft"] = draft
    again = await tablet.again()
    assert again.desk.drafting.draft.empty and found_on(again) == set()


# -- stopping it ---------------------------------------------------------------------------------------------------------
async def test_an_order_tells_its_days_and_can_be_cancelled(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await ordered(phone, hub)
    order = phone.desk.erasing.of(hub.made.amira)
    assert order and order.name == "Amira Haddad" and order.by == "Ruth Senn" and "7 days" in order.said
    assert order.why == "The family asked for it" and not order.stopped
    await days(5, phone, tablet)
    [order] = phone.desk.erasing.orders()
    assert "in about 2 days" in order.said
    await phone.desk.erasing.cancel(hub.made.amira)
    await days(10, phone, tablet)
    [order] = phone.desk.erasing.orders()
    assert order.stopped and order.said == "Stopped: cancelled by Ruth Senn. Nothing is erased."
    assert phone.desk.erasing.of(hub.made.amira) is None and tablet.desk.school.pupil(hub.made.amira)
    await days(25, phone)
    assert phone.desk.erasing.orders() == []


async def test_a_legal_hold_stops_it_and_is_shown(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await ordered(phone, hub)
    await phone.desk.erasing.set_legal_hold(hub.made.amira, True)
    await days(12, phone, tablet)
    [order] = phone.desk.erasing.orders()
    assert order.stopped and "legal hold" in order.said and tablet.desk.school.pupil(hub.made.amira)
    phone.time.forward(1000)
    await phone.desk.erasing.set_legal_hold(hub.made.amira, False)
    assert "in about 7 days" in phone.desk.erasing.orders()[0].said, "they begin anew"
    await days(9, phone, tablet)
    assert phone.desk.erasing.orders() == [] and hub.made.amira in hub.office.replica.erased


async def test_the_safeguarding_lead_may_order_hold_and_cancel(sit: Sit, hub: Hub) -> None:
    dsl = await sit(Role.DSL)
    await dsl.desk.erasing.order(hub.made.amira, Why.MISTAKE)
    await dsl.desk.erasing.set_legal_hold(hub.made.amira, True)
    await dsl.desk.erasing.cancel(hub.made.amira)
    assert await dsl.desk.syncing.sync_now() and dsl.desk.syncing.problem is None and dsl.desk.syncing.waiting == 0


@pytest.mark.parametrize("role", [Role.TA, Role.TEACHER, Role.SLT])
async def test_nobody_else_orders_or_sees_an_order(sit: Sit, phone: Seat, hub: Hub, role: Role) -> None:
    seat = await sit(role)
    await ordered(phone, hub)
    await seat.desk.syncing.sync_now()
    assert seat.desk.erasing.orders() == [] and not seat.desk.session.has(Right.ERASE)
    for work in (
        seat.desk.erasing.order(hub.made.amira, Why.OTHER), seat.desk.erasing.cancel(hub.made.amira),
        seat.desk.erasing.set_legal_hold(hub.made.amira, True),
    ):  # fmt: skip
        with pytest.raises(NotAllowed):
            await work


async def test_an_order_is_for_a_child_who_is_here(phone: Seat) -> None:
    with pytest.raises(PupilUnknown):
        await phone.desk.erasing.order("a" * 32, Why.OTHER)


# -- other children ------------------------------------------------------------------------------------------------------
async def test_a_group_picture_says_that_an_erased_child_is_in_it(tablet: Seat, phone: Seat, hub: Hub) -> None:
    _, leos = await recorded(tablet, hub.made.amira, hub.made.leo, note="Two of them")
    [alone] = await recorded(tablet, hub.made.leo, note="Leo alone")
    await days(1, tablet, phone)
    assert not phone.desk.erasing.shows_erased(phone.desk.school.observation(leos))
    await carried_out(phone, hub, tablet)
    shown = phone.desk.school.observation(leos)
    assert phone.desk.erasing.shows_erased(shown) and shown in phone.desk.review.queue()
    assert not phone.desk.erasing.shows_erased(phone.desk.school.observation(alone))
