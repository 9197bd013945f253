"""Putting a moment together at the desk, and saving it: what is kept, what is refused, and that nothing is saved twice."""

import asyncio
import hashlib

import pytest
from PIL import ImageOps

from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.scales import HelpLevel
from app.errors import (
    ClipTooLong,
    FileDamaged,
    NoRoomLeft,
    NotAPicture,
    NothingToSave,
)
from storage import media as pieces
from storage.errors import StoreFull
from storage.folder.memory import Memory
from storage.store import SyncState
from tests.hub.conftest import Hub
from tests.media import parts
from tests.usecases.conftest import PHOTO, Seat, Sit, recorded, synced

WEBM = b"\x1a\x45\xdf\xa3" + bytes(range(1, 200))


async def test_a_moment_is_on_this_tablet_and_then_in_the_schools_folder(tablet: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    found = tablet.desk.school.observation(ident)
    assert tablet.desk.syncing.state(found) is SyncState.TABLET and tablet.desk.syncing.waiting > 0
    assert (tablet.desk.syncing.today().recorded, tablet.desk.syncing.today().tablet, tablet.desk.syncing.today().folder) == (
        1,
        1,
        0,
    )
    await synced(tablet)
    assert tablet.desk.syncing.state(found) is SyncState.FOLDER and tablet.desk.syncing.waiting == 0
    assert (tablet.desk.syncing.today().recorded, tablet.desk.syncing.today().tablet, tablet.desk.syncing.today().folder) == (
        1,
        0,
        1,
    )


async def test_it_is_in_the_folder_byte_by_byte_when_the_tablet_says_so(tablet: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    await synced(tablet)
    await hub.office.refresh()
    (photo,) = hub.office.school.media_of(hub.office.school.observation(ident))
    data = await pieces.read(hub.folder, hub.made.amira, photo.chunks)
    known = hub.office.replica.library.get(f"media:{photo.id}")
    assert known is not None and hashlib.sha256(data).hexdigest() == known["sha"]
    assert data == await tablet.desk.pictures.picture(photo.id)


async def test_while_it_goes_the_tablet_says_that_it_goes(tablet: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    found, seen, steps = tablet.desk.school.observation(ident), [], []

    def look(_topic: object) -> None:
        seen.append(tablet.desk.syncing.state(found))
        steps.append(tablet.desk.syncing.step)

    stop = tablet.desk.session.on_change(look)
    await synced(tablet)
    stop()
    assert list(dict.fromkeys(seen)) == [SyncState.TABLET, SyncState.SENDING, SyncState.FOLDER]
    assert any(step and step[0] == "sending" for step in steps) and tablet.desk.syncing.step is None


async def test_a_restart_shows_the_same_states(tablet: Seat, hub: Hub) -> None:
    (first,) = await recorded(tablet, hub.made.amira)
    await synced(tablet)
    (second,) = await recorded(tablet, hub.made.leo)
    desk = (await tablet.again()).desk
    assert desk.syncing.state(desk.school.observation(first)) is SyncState.FOLDER
    assert desk.syncing.state(desk.school.observation(second)) is SyncState.TABLET


async def test_everything_tapped_is_in_the_observation(tablet: Seat, hub: Hub) -> None:
    desk, amira, target = tablet.desk, hub.made.amira, hub.made.target
    await desk.drafting.add_photo(PHOTO)
    await desk.drafting.toggle_pupil(amira)
    await desk.drafting.toggle_target(amira, target)
    await desk.drafting.set_help(amira, target, HelpLevel.MODEL)
    await desk.drafting.set_setting("pool")
    await desk.drafting.set_note("In the pool.")
    (ident,) = await desk.drafting.save()
    found = desk.school.observation(ident)
    assert (found.note, found.setting, found.targets, dict(found.ratings)) == (
        "In the pool.",
        "pool",
        (target,),
        {target: "model"},
    )
    assert found.by == hub.made.ta and desk.drafting.draft.empty and not await desk.session.store.kept("draft")


async def test_a_front_camera_is_turned_back(tablet: Seat, hub: Hub) -> None:
    await tablet.desk.drafting.add_photo(parts.saved(ImageOps.mirror(parts.quarters(320, 240)), quality=95), mirrored=True)
    data = await tablet.desk.drafting.draft_bytes(tablet.desk.drafting.draft.media[0])
    assert parts.corners(data) == ["red", "green", "blue", "grey"]


async def test_a_file_that_is_no_picture_leaves_the_draft_as_it_was(tablet: Seat) -> None:
    await tablet.desk.drafting.set_note("kept")
    with pytest.raises(NotAPicture):
        await tablet.desk.drafting.add_file(parts.PDF)
    assert tablet.desk.drafting.draft.note == "kept" and tablet.desk.drafting.draft.media == []


async def test_a_clip_of_half_a_minute_is_kept_and_a_longer_one_is_told(tablet: Seat) -> None:
    await tablet.desk.drafting.add_clip(WEBM, 30_000)
    with pytest.raises(ClipTooLong):
        await tablet.desk.drafting.add_clip(WEBM, 40_000)
    assert [m.duration_ms for m in tablet.desk.drafting.draft.media] == [30_000]


async def test_a_moment_for_nobody_is_not_saved_and_not_lost(tablet: Seat) -> None:
    await tablet.desk.drafting.add_photo(PHOTO)
    with pytest.raises(NothingToSave):
        await tablet.desk.drafting.save()
    assert len(tablet.desk.drafting.draft.media) == 1 and len((await tablet.again()).desk.drafting.draft.media) == 1


async def test_a_second_tap_saves_nothing_twice(tablet: Seat, hub: Hub) -> None:
    await tablet.desk.drafting.set_note("once")
    await tablet.desk.drafting.toggle_pupil(hub.made.amira)
    first, second = await asyncio.gather(tablet.desk.drafting.save(), tablet.desk.drafting.save())
    assert len(first) == 1 and second == [] and len(tablet.desk.school.observations()) == 1


class Full(Memory):
    """A disk on which there is no room, when a test says so."""

    full = False

    def _room(self) -> None:
        if self.full:
            raise StoreFull("full")

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        self._room()
        return await super().put(name, data, nonce)

    async def append(self, name: str, data: bytes) -> None:
        self._room()
        await super().append(name, data)

    async def replace(self, name: str, data: bytes) -> None:
        self._room()
        await super().replace(name, data)


async def test_without_room_the_draft_stays_on_screen(sit: Sit, hub: Hub) -> None:
    disk = Full()
    seat = await sit(Role.TA, disk=disk)
    await seat.desk.drafting.set_note("kept")
    await seat.desk.drafting.toggle_pupil(hub.made.amira)
    disk.full = True
    for step in (seat.desk.drafting.save(), seat.desk.drafting.add_photo(PHOTO)):
        with pytest.raises(NoRoomLeft):
            await step
    assert (
        seat.desk.drafting.draft.note == "kept" and seat.desk.drafting.draft.media == [] and seat.desk.school.observations() == []
    )
    disk.full = False
    assert len(await seat.desk.drafting.save()) == 1


async def test_a_picture_that_the_device_has_lost_is_told_and_the_rest_can_be_saved(tablet: Seat, hub: Hub) -> None:
    for photo in (PHOTO, parts.saved(parts.quarters(90, 90))):
        await tablet.desk.drafting.add_photo(photo)
    await tablet.desk.drafting.toggle_pupil(hub.made.amira)
    gone = tablet.desk.drafting.draft.media[0]
    await tablet.desk.session.store.forget(gone.file)
    with pytest.raises(FileDamaged):
        await tablet.desk.drafting.save()
    await tablet.desk.drafting.remove_media(gone.id)
    (ident,) = await tablet.desk.drafting.save()
    assert len(tablet.desk.school.observation(ident).media) == 1


async def test_what_was_thrown_away_leaves_no_bytes_behind(tablet: Seat) -> None:
    await tablet.desk.drafting.add_photo(PHOTO)
    await tablet.desk.drafting.discard()
    assert tablet.desk.drafting.draft.empty and not [name for name in tablet.disk.files if "draft" in name]
