"""A PIN each, on a real store: who gets in, who waits, what a locked device still does, and what it gives away."""

import asyncio
import json

import pytest

from app.domain.door.pins import MOST_WRONG, RESET_LASTS
from app.domain.register.people import COVER
from app.domain.schema.asked import Right
from app.domain.vocabulary.roles import Role
from app.errors import NoPinHere, NotAllowed, PinShut, PinTooSoon, PinUnfit, PinWrong, TabletLocked
from app.usecases.door.locks import Locks
from storage.errors import StoreFull
from tests.hub.conftest import Hub
from tests.usecases.conftest import OTHER, PIN, Seat, Sit, recorded, with_pin


async def wrong(seat: Seat, who: str, times: int) -> None:
    for _ in range(times):
        seat.time.forward(600_000)
        with pytest.raises((PinWrong, PinShut)):
            await seat.desk.door.enter(who, "0000")
    seat.time.forward(600_000)


async def test_until_somebody_has_a_pin_one_is_asked_for_and_then_nobody_is_in_without(tablet: Seat, hub: Hub) -> None:
    desk = tablet.desk
    assert desk.door.needs_pin and not desk.session.locked
    await with_pin(tablet)
    assert not desk.door.needs_pin
    desk.door.lock()
    assert desk.session.locked and desk.session.me is None
    await desk.door.enter(hub.made.ta, PIN)
    assert desk.session.me and desk.session.me.id == hub.made.ta


async def test_after_a_restart_the_device_is_locked_and_opens_with_no_network(shut: Seat, hub: Hub) -> None:
    shut.line.cut = True
    again = await shut.again()
    assert again.desk.session.locked and again.desk.door.last == hub.made.ta
    await again.desk.door.enter(hub.made.ta, PIN)
    assert not again.desk.session.locked


async def test_locked_it_shows_and_takes_nothing(shut: Seat, hub: Hub) -> None:
    desk = shut.desk
    assert (
        desk.register.pupils() == []
        and not desk.session.may("observation")
        and not desk.session.has(Right.REVIEW)
        and not desk.session.has(Right.SET_UP)
    )
    for look in (
        desk.school.pupils,
        lambda: desk.finding.find("a"),
        desk.review.queue,
        desk.syncing.held,
        desk.syncing.today,
        lambda: desk.plans.targets(hub.made.leo),
    ):
        with pytest.raises(TabletLocked):
            look()
    with pytest.raises(NotAllowed):
        await desk.drafting.save()
    for step in (
        desk.door.choose_me(hub.made.ta),
        desk.door.choose_me("somebody"),
        desk.door.choose_pin(PIN, PIN),
        desk.door.set_locking(idle=30),
    ):
        with pytest.raises(TabletLocked):
            await step


async def test_locked_it_goes_on_sending(tablet: Seat, hub: Hub) -> None:
    await with_pin(tablet)
    await recorded(tablet, hub.made.leo)
    tablet.desk.door.lock()
    assert await tablet.desk.syncing.sync_now() and tablet.desk.syncing.waiting == 0


async def test_each_wrong_pin_takes_longer_and_after_ten_the_senco_has_to_help(shut: Seat, hub: Hub) -> None:
    desk, ta = shut.desk, hub.made.ta
    with pytest.raises(PinWrong):
        await desk.door.enter(ta, OTHER)
    assert desk.door.wait(ta) == 1
    with pytest.raises(PinTooSoon):
        await desk.door.enter(ta, PIN)
    shut.time.forward(1000)
    with pytest.raises(PinWrong):
        await desk.door.enter(ta, OTHER)
    assert desk.door.wait(ta) == 2
    shut.time.forward(2000)
    await desk.door.enter(ta, PIN)
    desk.door.lock()
    assert desk.door.wait(ta) == 0
    await wrong(shut, ta, MOST_WRONG)
    with pytest.raises(PinShut):
        await desk.door.enter(ta, PIN)


async def test_tries_are_counted_over_restarts_and_before_they_are_told(shut: Seat, hub: Hub) -> None:
    async def dies(*_: object) -> bytes:
        raise asyncio.CancelledError

    for _ in range(MOST_WRONG):
        shut.time.forward(600_000)
        shut.desk.door._stretch = dies  # the tab is killed while it looks at the PIN
        with pytest.raises(asyncio.CancelledError):
            await shut.desk.door.enter(hub.made.ta, OTHER)
        shut = await shut.again()
    shut.time.forward(600_000)
    with pytest.raises(PinShut):
        await shut.desk.door.enter(hub.made.ta, PIN)


async def test_two_tries_at_once_are_two_tries(shut: Seat, hub: Hub) -> None:
    both = await asyncio.gather(*(shut.desk.door.enter(hub.made.ta, OTHER) for _ in range(2)), return_exceptions=True)
    assert {type(one) for one in both} == {PinWrong, PinTooSoon}


@pytest.mark.parametrize("pins", [("12", "12"), ("1234", "1234"), (PIN, OTHER), ("abcd", "abcd")])
async def test_an_unfit_pin_is_not_taken(tablet: Seat, pins: tuple[str, str]) -> None:
    with pytest.raises(PinUnfit):
        await tablet.desk.door.choose_pin(*pins)
    assert tablet.desk.door.needs_pin


async def test_nothing_on_the_disk_holds_the_pin(shut: Seat) -> None:
    raw = b"".join(shut.disk.files.values())
    assert PIN.encode() not in raw.replace(b'"since"', b"")
    (lock,) = json.loads(await shut.desk.session.store.kept("locks") or b"")["of"].values()
    assert len(bytes.fromhex(lock["salt"])) == 16 and len(bytes.fromhex(lock["proof"])) == 32


async def test_the_same_pin_of_two_people_looks_different(tablet: Seat, hub: Hub, colleague: str) -> None:
    await with_pin(tablet)
    await tablet.desk.door.choose_me(colleague)
    await with_pin(tablet)
    first, second = tablet.desk.door.locks.of.values()
    assert first.salt != second.salt and first.proof != second.proof


async def test_a_colleague_who_is_in_lets_somebody_in_and_nobody_takes_a_face_that_has_a_pin(
    shut: Seat, hub: Hub, colleague: str
) -> None:
    desk = shut.desk
    with pytest.raises(NoPinHere):
        await desk.door.enter(colleague, PIN)
    await desk.door.enter(hub.made.ta, PIN)
    with pytest.raises(TabletLocked):
        await desk.door.choose_me(hub.made.ta)
    await desk.door.choose_me(colleague)
    assert desk.door.needs_pin and desk.session.me and desk.session.me.id == colleague


async def test_the_senco_lets_a_ta_choose_a_new_pin_for_ten_minutes(shut: Seat, phone: Seat, hub: Hub) -> None:
    await wrong(shut, hub.made.ta, MOST_WRONG)
    with pytest.raises(NoPinHere):
        await shut.desk.door.choose_at_the_door(hub.made.ta)
    await phone.desk.register.forget_pin(hub.made.ta)
    await phone.desk.syncing.sync_now()
    await shut.desk.syncing.sync_now()
    assert shut.desk.session.locked and shut.desk.door.may_choose(hub.made.ta)
    with pytest.raises(NoPinHere):
        await shut.desk.door.enter(hub.made.ta, PIN)
    await shut.desk.door.choose_at_the_door(hub.made.ta)
    await with_pin(shut, OTHER)
    shut.desk.door.lock()
    again = await shut.again()
    await again.desk.syncing.sync_now()
    await again.desk.door.enter(hub.made.ta, OTHER)


async def test_after_ten_minutes_the_door_is_shut_again_and_stays_so(shut: Seat, phone: Seat, hub: Hub) -> None:
    await phone.desk.register.forget_pin(hub.made.ta)
    await phone.desk.syncing.sync_now()
    await shut.desk.syncing.sync_now()
    shut.time.forward(RESET_LASTS)
    with pytest.raises(NoPinHere):
        await shut.desk.door.choose_at_the_door(hub.made.ta)
    assert (await shut.again()).desk.session.locked, "the last PIN has gone, and still nobody is in without"


async def test_only_the_senco_lets_pins_be_forgotten(tablet: Seat, hub: Hub) -> None:
    with pytest.raises(NotAllowed):
        await tablet.desk.register.forget_pin(hub.made.senco)


async def test_on_cover_one_records_and_sees_nothing(tablet: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.leo, note="What the TA saw.")
    await with_pin(tablet)
    await tablet.desk.drafting.set_note("half a sentence of the TA")
    tablet.desk.door.lock()
    desk = tablet.desk
    await desk.door.come_on_cover()
    assert desk.drafting.draft.empty and desk.plans.targets(hub.made.leo) == [] and [p.id for p in desk.register.pupils()]
    for look in (desk.school.pupils, lambda: desk.finding.find("a"), desk.review.queue, desk.syncing.held, desk.syncing.today):
        with pytest.raises(TabletLocked):
            look()
    assert not desk.session.has(Right.REVIEW) and not desk.session.may("target") and desk.session.me is None
    (made,) = await recorded(tablet, hub.made.leo, note="Hung up her own coat.")
    desk.door.lock()
    await desk.door.enter(hub.made.ta, PIN)
    assert desk.school.observation(made).by == COVER and desk.school.staff_names()[COVER] == "an adult on cover"
    assert desk.drafting.draft.note == "half a sentence of the TA"


async def test_cover_can_be_switched_off(tablet: Seat) -> None:
    await with_pin(tablet)
    await tablet.desk.door.set_locking(cover=False)
    tablet.desk.door.lock()
    with pytest.raises(TabletLocked):
        await (await tablet.again()).desk.door.come_on_cover()


async def test_it_locks_itself_when_nobody_touches_it(shut: Seat, hub: Hub) -> None:
    desk = shut.desk
    await desk.door.enter(hub.made.ta, PIN)
    shut.time.forward(119_000)
    desk.door.lock_if_idle()
    assert not desk.session.locked
    desk.door._touch()
    shut.time.forward(119_999)
    desk.door.lock_if_idle()
    assert not desk.session.locked
    shut.time.forward(1)
    desk.door.lock_if_idle()
    assert desk.session.locked


async def test_an_open_camera_has_more_time_and_a_clip_all_it_needs(shut: Seat, hub: Hub) -> None:
    desk = shut.desk
    await desk.door.enter(hub.made.ta, PIN)
    desk.door.holding = True
    shut.time.forward(500_000)
    desk.door.lock_if_idle()
    assert not desk.session.locked
    desk.door.filming = True
    shut.time.forward(500_000)
    desk.door.lock_if_idle()
    desk.door.on_hidden()
    assert not desk.session.locked
    desk.door.filming = False
    desk.door.lock_if_idle()
    assert desk.session.locked


async def test_it_locks_when_it_is_hidden_but_not_by_its_own_file_window(shut: Seat, hub: Hub) -> None:
    desk = shut.desk
    await desk.door.enter(hub.made.ta, PIN)
    desk.door.picking = True
    desk.door.on_hidden()
    assert not desk.session.locked
    desk.door.picking = False
    await desk.door.set_locking(on_hide=False)
    desk.door.on_hidden()
    assert not desk.session.locked
    await desk.door.set_locking(on_hide=True)
    desk.door.on_hidden()
    assert desk.session.locked


async def test_a_full_device_lets_its_people_in(shut: Seat, hub: Hub) -> None:
    async def full(name: str, data: bytes) -> None:
        raise StoreFull(name)

    shut.disk.replace = full  # type: ignore[method-assign]
    await shut.desk.door.enter(hub.made.ta, PIN)
    assert not shut.desk.session.locked


@pytest.mark.parametrize("data", [b"", b"{", b"[]", b"{}", b'{"of": 3}', b"\xff", b'{"of": {"x": {}}, "resets": {}}'])
async def test_a_damaged_file_of_locks_opens_nothing(shut: Seat, data: bytes) -> None:
    await shut.desk.session.store.keep("locks", data)
    again = await shut.again()
    assert again.desk.session.locked and again.desk.door.locks.of == {} and Locks.from_bytes(None) == Locks()


@pytest.mark.parametrize("role", [Role.SENCO, Role.DSL, Role.SLT, Role.TEACHER])
async def test_a_phone_shows_only_those_who_have_a_pin_there(sit: Sit, hub: Hub, role: Role) -> None:
    seat = await sit(role, staff=hub.made.senco)
    await with_pin(seat)
    seat.desk.door.lock()
    assert [s.id for s in seat.desk.door.faces()] == [hub.made.senco]
    with pytest.raises(TabletLocked):
        await seat.desk.door.come_on_cover()


async def test_a_fresh_code_of_the_sencos_opens_a_device_whose_people_are_shut_out(shut: Seat, hub: Hub) -> None:
    await wrong(shut, hub.made.ta, MOST_WRONG)
    code, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
    await shut.desk.joining.join(code)
    assert shut.desk.session.locked and shut.desk.door.may_choose(hub.made.ta)
    await shut.desk.door.choose_at_the_door(hub.made.ta)
    await with_pin(shut, OTHER)


async def test_a_personal_device_is_nobody_elses_and_an_office_one_only_theirs_who_may_as_much(
    sit: Sit, phone: Seat, hub: Hub
) -> None:
    with pytest.raises(NotAllowed):
        await phone.desk.door.choose_me(hub.made.ta)
    office = await sit(Role.SLT)
    assert [s.id for s in office.desk.door.staff_here()] == [hub.made.senco], "who looks at all of the school, and no TA"


async def test_a_window_that_is_over_stays_shut_when_the_clock_is_set_back(shut: Seat, phone: Seat, hub: Hub) -> None:
    await phone.desk.register.forget_pin(hub.made.ta)
    await phone.desk.syncing.sync_now()
    await shut.desk.syncing.sync_now()
    shut.time.forward(RESET_LASTS)
    await shut.desk.door.heed_resets()
    again = await shut.again()
    again.time.forward(-RESET_LASTS + 1000)
    with pytest.raises(NoPinHere):
        await again.desk.door.choose_at_the_door(hub.made.ta)


async def test_a_tablet_that_slept_is_locked_before_the_touch_that_wakes_it_counts(shut: Seat, hub: Hub) -> None:
    for wake in (shut.desk.door.on_touch, shut.desk.door.on_visible, lambda: shut.desk.door.on_picker(False)):
        await shut.desk.door.enter(hub.made.ta, PIN)
        shut.desk.door.on_picker(True)
        shut.time.forward(3 * 3_600_000)
        wake()
        assert shut.desk.session.locked
        shut.desk.door.picking = False


async def test_an_old_order_is_none_after_the_file_of_locks_was_damaged(shut: Seat, phone: Seat, hub: Hub) -> None:
    await phone.desk.register.forget_pin(hub.made.ta)
    await phone.desk.syncing.sync_now()
    await shut.desk.syncing.sync_now()
    await shut.desk.session.store.keep("locks", b"garbage")
    again = await shut.again()
    assert again.desk.session.locked and not again.desk.door.may_choose(hub.made.ta)
    await phone.desk.register.forget_pin(hub.made.ta)
    await phone.desk.syncing.sync_now()
    await again.desk.syncing.sync_now()
    assert again.desk.door.may_choose(hub.made.ta), "and a new one is one"
