"""Who has left, and whose role has changed: what their devices do at the next contact."""

import pytest

from app.domain.vocabulary.roles import Role
from app.errors import NoPinHere, NotAllowed
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, recorded, synced, with_pin
from tests.usecases.parts import cut_after


async def test_the_tablet_of_somebody_who_has_left_goes_the_same_way_and_may_come_back(
    sit: Sit, phone: Seat, hub: Hub, tablet: Seat
) -> None:
    own = await sit(Role.TA, staff=hub.made.ta)
    await recorded(own, hub.made.amira)
    phone.time.forward(1000)
    await phone.desk.register.has_left(hub.made.ta)
    await synced(phone)
    own.line.before.append(cut_after(0))
    await own.desk.syncing.sync_now()
    assert own.desk.ending.leave and own.desk.register.pupils() == []
    await tablet.desk.syncing.sync_now()
    assert [s.id for s in tablet.desk.door.staff_here()] == [] and tablet.desk.session.me is None, "nor is she on the shared one"
    phone.time.forward(1000)
    await phone.desk.register.is_back(hub.made.ta)
    await synced(phone)
    own.line.before.clear()
    await own.desk.syncing.sync_now()
    assert own.desk.ending.leave is None and own.desk.register.pupils()
    await synced(own)
    assert not own.desk.syncing.waiting


async def test_the_first_sencos_device_becomes_hers_and_ends_when_she_leaves(sit: Sit, phone: Seat, hub: Hub) -> None:
    """It was invited before anybody was on the list."""
    first = await sit(Role.SENCO)
    await first.desk.door.choose_me(await first.desk.register.add_staff("Fay First", Role.SENCO, []))
    first.time.forward(1000)
    await synced(first, first, phone)
    assert {one.id: one.staff for one in await phone.desk.devices.all()}[first.desk.session.store.device] == "", (
        "she may be a guest"
    )
    await with_pin(first)
    await synced(first, first, phone)
    rows = {one.id: one.staff for one in await phone.desk.devices.all()}
    fay = next(s.id for s in phone.desk.school.staff() if s.name == "Fay First")
    assert rows[first.desk.session.store.device] == fay
    phone.time.forward(1000)
    await phone.desk.register.has_left(fay)
    await synced(phone)
    await first.desk.syncing.sync_now()
    assert first.desk.ending.leave and first.desk.ending.leave.done


async def test_a_device_becomes_nobodys_who_has_another_role(sit: Sit, phone: Seat, hub: Hub) -> None:
    office = await sit(Role.SENCO)
    with pytest.raises(NotAllowed):
        await office.desk.door.choose_me(hub.made.ta)
    await synced(office, office)
    assert {one.id: one.staff for one in await phone.desk.devices.all()}[office.desk.session.store.device] == ""
    assert office.desk.session.role is Role.SENCO, "picking the wrong name takes nothing away"


async def test_a_shared_tablet_locks_in_the_hand_of_who_has_left_and_forgets_the_pin(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await with_pin(tablet)
    phone.time.forward(1000)
    await phone.desk.register.has_left(hub.made.ta)
    await synced(phone, tablet)
    for desk in (tablet.desk, (await tablet.again()).desk):
        assert desk.session.locked and not desk.door.locks.of and desk.register.pupils() == [] and desk.door.faces() == []
    with pytest.raises(NoPinHere):
        await tablet.desk.door.enter(hub.made.ta, "2580")


async def test_nobody_leaves_by_her_own_hand(phone: Seat, tablet: Seat, hub: Hub) -> None:
    with pytest.raises(NotAllowed):
        await phone.desk.register.has_left(hub.made.senco)
    with pytest.raises(NotAllowed):
        await tablet.desk.register.has_left(hub.made.senco)


async def test_a_changed_role_holds_on_the_device_at_its_next_contact_and_without_a_network_after_it(
    sit: Sit, phone: Seat, hub: Hub
) -> None:
    own = await sit(Role.TEACHER, [hub.made.oak, hub.made.elm], staff=hub.made.ta)  # written down as a TA of Oak
    await synced(own)
    assert own.desk.session.role is Role.TA and own.desk.session.classes == (hub.made.oak,)
    assert [p.called for p in own.desk.register.pupils()] == ["Amira", "Leo"] and not own.desk.session.may("target")
    phone.time.forward(1000)
    await phone.desk.register.set_work(hub.made.ta, Role.SLT, [hub.made.oak])
    await synced(phone)
    await synced(own)
    own.line.cut = True
    assert not (await own.again()).desk.session.may("observation"), "leadership looks and does not write"
