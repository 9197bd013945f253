"""A device that the school has ended shows nothing more, hands in what it had, and wipes when that is checked or given up."""

import asyncio
from contextlib import suppress
from typing import Any

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from app.errors import DeviceUnknown, NotAllowed, SmallStepsError, TabletLocked
from app.usecases.devices.ending import Leave
from storage.errors import FolderReadOnly, StorageError
from storage.folder.memory import Memory
from tests.hub.conftest import Hub
from tests.usecases.conftest import PHOTO, Seat, Sit, held_up, recorded, synced, with_pin
from tests.usecases.parts import LEFT, cut_after, end


async def handed_in(phone: Seat, device: str) -> Any:
    return next(one for one in await phone.desk.devices.handed_in() if one.device == device)


async def test_an_ended_tablet_hands_in_what_it_had_and_then_holds_nothing(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await synced(tablet)
    (ident,) = await recorded(tablet, hub.made.amira)
    device = await end(tablet, phone)
    assert await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave == Leave(files=2, handed=2, done=True)
    assert set(tablet.disk.files) <= LEFT, "and nothing of it lies on the tablet"
    assert (
        not tablet.desk.session.joined
        and not tablet.desk.session.hub.token
        and not tablet.desk.session.store.library.partitions()
    )
    assert tablet.desk.session.store.device != device, "whoever uses it next is another device"
    again = await tablet.again()
    assert again.desk.ending.leave == tablet.desk.ending.leave, "it still says so after a restart"
    assert len(await hub.folder.names(f"hub/quarantine/{device}/")) == 2
    await phone.desk.devices.accept(device)
    await synced(phone)
    assert phone.desk.school.observation(ident).note == "Asked for a turn."


async def test_with_everything_else_the_pins_go(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await with_pin(tablet)
    await recorded(tablet, hub.made.amira)
    await end(tablet, phone)
    await tablet.desk.syncing.sync_now()
    assert set(tablet.disk.files) <= LEFT and not tablet.desk.door.locks.begun and not tablet.desk.door.locks.of


async def test_i4_what_is_handed_in_is_never_called_checked(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    device = await end(tablet, phone)
    tablet.line.before.append(cut_after(1))
    assert not await tablet.desk.syncing.sync_now()
    waiting = set(tablet.desk.session.store.waiting)
    assert len(waiting) == 2 and not waiting & tablet.desk.session.store.checked and not await hub.folder.names() & waiting
    assert len(await hub.folder.names(f"hub/quarantine/{device}/")) == 1


@pytest.mark.parametrize("restart", [False, True])
async def test_until_all_is_handed_in_nothing_is_shown_and_nothing_is_wiped(
    tablet: Seat, phone: Seat, hub: Hub, restart: bool
) -> None:
    await recorded(tablet, hub.made.amira)
    await end(tablet, phone)
    tablet.line.before.append(cut_after(1))
    await tablet.desk.syncing.sync_now()
    files = {name: data for name, data in tablet.disk.files.items() if name.startswith("p/")}
    desk = (await tablet.again()).desk if restart else tablet.desk
    assert desk.ending.leave is not None and not desk.ending.leave.done and desk.register.pupils() == []
    for ask in (
        desk.school.pupils,
        lambda: desk.finding.find("Amira"),
        lambda: desk.review.queue(),
        lambda: desk.plans.targets(hub.made.amira),
    ):
        with pytest.raises(TabletLocked):
            ask()
    with pytest.raises(NotAllowed):
        await desk.drafting.save()
    assert {name: tablet.disk.files[name] for name in files} == files
    tablet.line.before.clear()
    assert await desk.syncing.sync_now() and desk.ending.leave is not None and desk.ending.leave.done
    assert set(tablet.disk.files) <= LEFT


async def test_without_a_network_an_ended_tablet_does_not_know_and_loses_nothing(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    await end(tablet, phone)
    tablet.line.cut = True
    assert not await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave is None and tablet.desk.syncing.waiting


async def test_a_hub_that_does_not_know_the_tablet_at_all_ends_nothing(tablet: Seat, hub: Hub) -> None:
    """It may have lost its key: that is no decision of the school's."""
    await recorded(tablet, hub.made.amira)
    for paper in (hub.folder.path / "hub/tokens").iterdir():
        paper.unlink()
    await tablet.desk.syncing.sync_now()
    assert isinstance(tablet.desk.syncing.problem, DeviceUnknown) and tablet.desk.ending.leave is None
    assert tablet.desk.syncing.waiting and [p.called for p in tablet.desk.register.pupils()] == ["Amira", "Leo"]


async def test_a_hub_that_lost_its_key_meanwhile_neither_wipes_nor_is_asked_without_end(
    tablet: Seat, phone: Seat, hub: Hub
) -> None:
    await recorded(tablet, hub.made.amira)
    await end(tablet, phone)
    tablet.line.before.append(cut_after(0))
    await tablet.desk.syncing.sync_now()
    tablet.line.before.clear()
    for paper in (hub.folder.path / "hub/tokens").iterdir():
        paper.unlink()
    tablet.desk.session.waking.clear()
    await tablet.desk.syncing.sync_now()
    assert (
        tablet.desk.ending.leave
        and not tablet.desk.ending.leave.done
        and tablet.desk.syncing.waiting
        and not tablet.desk.session.waking.is_set()
    )


async def test_a_hub_that_takes_no_more_stops_the_wipe_until_the_senco_has_looked(
    tablet: Seat, phone: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recorded(tablet, hub.made.amira)
    await tablet.desk.session.store.seal()
    monkeypatch.setattr(
        "app.hub.files.quarantine.MOST_BYTES", max(len(tablet.disk.files[name]) for name in tablet.desk.session.store.waiting)
    )
    device = await end(tablet, phone)
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave == Leave(files=2, handed=1) and len(tablet.desk.session.store.waiting) == 2
    await phone.desk.devices.accept(device)
    tablet = await tablet.again()
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave and tablet.desk.ending.leave.done and tablet.desk.ending.leave.lost == 0
    assert len(await hub.folder.names(f"hub/quarantine/{device}/")) == 1, "what was accepted is not handed in twice"


async def test_what_rotted_here_holds_the_wipe_back_until_the_senco_gives_the_tablet_up(
    tablet: Seat, phone: Seat, hub: Hub
) -> None:
    await recorded(tablet, hub.made.amira)
    await tablet.desk.session.store.seal()
    spoilt = next(name for name in tablet.disk.files if "/log/" in name and name in tablet.desk.session.store.waiting)
    whole = tablet.disk.files[spoilt]
    tablet.disk.files[spoilt] = whole[:-1] + bytes([whole[-1] ^ 1])
    device = await end(tablet, phone)
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave == Leave(files=2, handed=1) and spoilt in tablet.disk.files
    await phone.desk.devices.give_up(device)
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave == Leave(files=2, handed=1, lost=1, done=True)
    assert set(tablet.disk.files) <= LEFT


async def test_what_was_begun_and_says_of_which_child_is_handed_in_too(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await tablet.desk.drafting.toggle_pupil(hub.made.leo)
    await tablet.desk.drafting.set_note("Half a sentence")
    device = await end(tablet, phone)
    await tablet.desk.syncing.sync_now()
    (row,) = await phone.desk.devices.handed_in()
    assert [(one.pupil, one.note) for one in row.moments] == [(hub.made.leo, "Half a sentence")] and row.device == device


async def test_a_moment_that_says_no_child_is_counted_and_goes(tablet: Seat, phone: Seat) -> None:
    await tablet.desk.drafting.set_note("About nobody yet")
    await end(tablet, phone)
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave and tablet.desk.ending.leave.unfinished == 1 and tablet.desk.ending.leave.done


async def test_a_photo_that_is_still_being_made_is_waited_for_and_handed_in(tablet: Seat, phone: Seat, hub: Hub) -> None:
    made = held_up(tablet)
    await tablet.desk.drafting.toggle_pupil(hub.made.leo)
    taking = asyncio.ensure_future(tablet.desk.drafting.add_photo(PHOTO))
    await asyncio.sleep(0)
    device = await end(tablet, phone)
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave and not tablet.desk.ending.leave.done and tablet.desk.session.locked
    made.set()
    await taking
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave.done and set(tablet.disk.files) <= LEFT
    assert [one.pictures for one in (await handed_in(phone, device)).moments] == [1]


async def test_a_photo_that_comes_while_others_are_handed_in_is_handed_in_too(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    await tablet.desk.drafting.toggle_pupil(hub.made.leo)
    device = await end(tablet, phone)

    async def meanwhile(request: httpx.Request) -> None:
        if request.method == "PUT":
            tablet.line.before.clear()
            await tablet.desk.drafting.add_file(PHOTO)

    tablet.line.before.append(meanwhile)
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave and not tablet.desk.ending.leave.done
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave.done
    assert sorted(one.pictures for one in (await handed_in(phone, device)).moments) == [1, 1]


async def test_a_moment_that_is_being_saved_is_handed_in_once(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await tablet.desk.drafting.add_photo(PHOTO)
    await tablet.desk.drafting.toggle_pupil(hub.made.leo)
    device = await end(tablet, phone)
    goes_on, read = asyncio.Event(), tablet.disk.get

    async def slow(name: str) -> bytes:
        tablet.disk.get = read  # type: ignore[method-assign]
        await goes_on.wait()
        return await read(name)

    tablet.disk.get = slow  # type: ignore[method-assign]
    saving = asyncio.ensure_future(tablet.desk.drafting.save())
    await asyncio.sleep(0)
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave and not tablet.desk.ending.leave.done
    goes_on.set()
    assert len(await saving) == 1
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave and tablet.desk.ending.leave.done
    assert len((await handed_in(phone, device)).moments) == 1


async def test_a_tablet_that_joins_again_is_not_given_up_any_more(tablet: Seat, phone: Seat, hub: Hub) -> None:
    """What was said of its first end is not said of its second."""
    device = await end(tablet, phone)
    await phone.desk.devices.give_up(device)
    code, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
    await tablet.desk.joining.join(code)
    await recorded(tablet, hub.made.amira)
    await phone.desk.devices.end(device)
    tablet.line.before.append(cut_after(0))
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.syncing.waiting or tablet.desk.session.store.waiting
    assert tablet.desk.ending.leave and not tablet.desk.ending.leave.done and not (await handed_in(phone, device)).given_up
    await phone.desk.devices.give_up(device)
    tablet.line.before.clear()
    await tablet.desk.syncing.sync_now()
    assert (await handed_in(phone, device)).given_up and tablet.desk.ending.leave.done


class Plug(Exception):
    """Pulled."""


class Pulled(Memory):
    """A disk that is cut off at the n-th deletion."""

    left = 10**9

    async def delete(self, name: str) -> None:
        if not self.left:
            raise Plug
        self.left -= 1
        await super().delete(name)


async def test_a_wipe_that_is_killed_at_any_step_goes_on_at_the_next_start(sit: Sit, phone: Seat, hub: Hub) -> None:
    for step in range(100):
        disk = Pulled()
        tablet = await sit(Role.TA, disk=disk)
        await recorded(tablet, hub.made.amira)
        await end(tablet, phone)
        disk.left = step
        try:
            await tablet.desk.syncing.sync_now()
            break
        except Plug:
            disk.left = 10**9
        again = await tablet.again()
        if again.desk.ending.leave is None or not again.desk.ending.leave.done:  # cut off before the wipe began
            await again.desk.syncing.sync_now()
        assert again.desk.ending.leave and again.desk.ending.leave.done and again.desk.ending.leave.handed == 2, step
        assert set(disk.files) <= LEFT, step
    assert step > 5


async def test_what_is_saved_in_the_last_moment_is_handed_in_before_the_wipe(tablet: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    await tablet.desk.session.store.seal()
    handed = set(tablet.desk.session.store.waiting)
    await recorded(tablet, hub.made.leo)
    assert not await tablet.desk.session.store.wipe("leaving", b"{}", handed)
    assert tablet.desk.session.store.waiting.keys() == handed and tablet.desk.register.pupils()
    await tablet.desk.session.store.seal()
    assert not await tablet.desk.session.store.wipe("leaving", b"{}", handed)


async def test_a_tablet_that_was_wiped_can_join_again_as_any_other(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await end(tablet, phone)
    await tablet.desk.syncing.sync_now()
    await tablet.desk.ending.use_anew()
    assert tablet.desk.ending.leave is None and not tablet.desk.session.joined
    code, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
    await tablet.desk.joining.join(code, "Oak tablet")
    assert [p.called for p in tablet.desk.register.pupils()] == ["Amira", "Leo"]
    await recorded(tablet, hub.made.amira)
    await synced(tablet)
    assert not tablet.desk.syncing.waiting


async def test_a_tablet_that_is_let_in_again_before_it_has_handed_all_in_goes_on_as_before(
    tablet: Seat, phone: Seat, hub: Hub
) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    await end(tablet, phone)
    tablet.line.before.append(cut_after(0))
    await tablet.desk.syncing.sync_now()
    tablet.line.before.clear()
    code, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
    await tablet.desk.joining.join(code)
    await synced(tablet, phone)
    assert tablet.desk.ending.leave is None and not tablet.desk.session.store.waiting
    assert phone.desk.school.observation(ident).note == "Asked for a turn."


async def test_a_disk_that_gives_errors_wipes_nothing_it_cannot_vouch_for(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    await end(tablet, phone)

    async def broken(*_: object) -> bytes:
        raise StorageError("the disk")

    tablet.disk.get = broken  # type: ignore[method-assign]
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave is None or not tablet.desk.ending.leave.wiping
    assert [name for name in tablet.disk.files if name.startswith("p/")]


async def test_what_was_begun_is_handed_in_though_its_author_may_not_record_any_more(sit: Sit, phone: Seat, hub: Hub) -> None:
    own = await sit(Role.TA, staff=hub.made.ta)
    await own.desk.drafting.toggle_pupil(hub.made.amira)
    await own.desk.drafting.set_note("Asked for a turn.")
    phone.time.forward(1000)
    await phone.desk.register.set_work(hub.made.ta, Role.SLT, [])
    await synced(phone)
    await own.desk.syncing.sync_now()
    device = await end(own, phone)
    await own.desk.syncing.sync_now()
    assert own.desk.ending.leave is not None and own.desk.ending.leave.unfinished == 0
    assert [one.note for one in (await handed_in(phone, device)).moments] == ["Asked for a turn."]


async def test_an_end_that_cannot_be_noted_is_obeyed_all_the_same(
    tablet: Seat, phone: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    await recorded(tablet, hub.made.amira)
    await end(tablet, phone)
    keep = tablet.desk.session.store.keep

    async def broken(name: str, data: bytes) -> None:
        if name == "leaving":
            raise FolderReadOnly
        await keep(name, data)

    monkeypatch.setattr(tablet.desk.session.store, "keep", broken)
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.session.ended and tablet.desk.register.pupils() == []


async def test_a_late_tap_at_the_old_desk_changes_nothing_of_the_new_one(tablet: Seat, phone: Seat, hub: Hub) -> None:
    old = tablet.desk
    await recorded(tablet, hub.made.amira)
    await end(tablet, phone)
    await old.syncing.sync_now()
    new = tablet.desk
    assert new is not old
    await new.ending.use_anew()
    await new.drafting.set_note("of the next one")
    files = dict(tablet.disk.files)
    for late in (old.drafting.discard(), old.drafting.set_note("of the one before"), old.door.sit_down("one before")):
        with suppress(SmallStepsError, StorageError):
            await late
    assert tablet.disk.files == files and new.session.hub.author == new.session.store.author == new.session.author
