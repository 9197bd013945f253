"""The desk: one adult at one device, over a real store and the real hub. What it says is so, and what it may not, it does not."""

import asyncio
import contextlib
import hashlib
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest
from PIL import ImageOps

from app.domain.words import Audience, HelpLevel, MediaKind, ReviewState, Role
from app.errors import (
    ClipTooLong,
    CodeUnknown,
    DeviceUnknown,
    FileDamaged,
    HubUnreachable,
    NoRoomLeft,
    NotAllowed,
    NotAPicture,
    NothingToSave,
    PupilUnknown,
    ThingUnknown,
)
from app.usecases.desk import Desk
from storage import media as pieces
from storage.errors import StoreFull
from storage.folder.memory import Memory
from storage.ops import Change
from storage.store import SyncState
from tests.hub.conftest import Hub
from tests.media import parts
from tests.usecases.conftest import PHOTO, Seat, Sit, recorded

WEBM = b"\x1a\x45\xdf\xa3" + bytes(range(1, 200))
DAY = 86_400_000


async def synced(*seats: Seat) -> None:
    for seat in seats:
        seat.time.forward(1000)
        assert await seat.desk.sync_now() and seat.desk.problem is None


# -- who ---------------------------------------------------------------------------------------------------------------
async def test_a_code_typed_as_people_type_lets_a_device_in_and_fetches_its_class(sit: Sit, hub: Hub) -> None:
    seat = await sit(None)
    assert not seat.desk.joined and not await seat.desk.sync_now()
    code, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
    await seat.desk.join(f" {code[:4].lower()} - {code[4:]}", "Oak tablet")
    assert seat.desk.joined and seat.desk.role is Role.TA and seat.desk.classes == [hub.made.oak]
    assert [p.called for p in seat.desk.pupils()] == ["Amira", "Leo"] and seat.desk.school.name == "Brook School"


async def test_a_wrong_code_changes_nothing(sit: Sit) -> None:
    seat = await sit(None)
    with pytest.raises(CodeUnknown):
        await seat.desk.join("AAAAAAAA")
    assert not seat.desk.joined and not (await seat.again()).desk.joined


async def test_a_tablet_holds_its_own_class_only(tablet: Seat, hub: Hub) -> None:
    assert not any(hub.made.other in name for name in tablet.disk.files)
    with pytest.raises(PupilUnknown):
        tablet.desk.school.pupil(hub.made.other)


async def test_on_a_shared_tablet_the_adults_of_the_class_are_on_the_lock_screen(tablet: Seat, phone: Seat) -> None:
    assert [s.name for s in tablet.desk.staff_here()] == ["Dana Reed"]
    assert {s.name for s in phone.desk.staff_here()} == {"Dana Reed", "Ruth Senn"}


async def test_a_device_is_found_again_as_it_was_left(tablet: Seat, hub: Hub) -> None:
    await tablet.desk.add_photo(PHOTO)
    await tablet.desk.set_note("half a sentence")
    desk = (await tablet.again()).desk
    assert desk.joined and desk.me is not None and desk.me.name == "Dana Reed"
    assert desk.draft.note == "half a sentence" and await desk.draft_bytes(desk.draft.media[0])
    assert await desk.sync_now(), "its token is known, too"


async def test_a_phone_given_to_somebody_is_theirs_from_the_first_look(phone: Seat) -> None:
    assert phone.desk.me is not None and phone.desk.me.name == "Ruth Senn"


# -- capture -----------------------------------------------------------------------------------------------------------
async def test_a_moment_is_on_this_tablet_and_then_in_the_schools_folder(tablet: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    found = tablet.desk.school.observation(ident)
    assert tablet.desk.state(found) is SyncState.TABLET and tablet.desk.waiting > 0
    assert (tablet.desk.today().recorded, tablet.desk.today().tablet, tablet.desk.today().folder) == (1, 1, 0)
    await synced(tablet)
    assert tablet.desk.state(found) is SyncState.FOLDER and tablet.desk.waiting == 0
    assert (tablet.desk.today().recorded, tablet.desk.today().tablet, tablet.desk.today().folder) == (1, 0, 1)


async def test_it_is_in_the_folder_byte_by_byte_when_the_tablet_says_so(tablet: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    await synced(tablet)
    await hub.office.refresh()
    (photo,) = hub.office.school.media_of(hub.office.school.observation(ident))
    data = await pieces.read(hub.folder, hub.made.amira, photo.chunks)
    known = hub.office.replica.library.get(f"media:{photo.id}")
    assert known is not None and hashlib.sha256(data).hexdigest() == known["sha"]
    assert data == await tablet.desk.picture(photo.id)


async def test_while_it_goes_the_tablet_says_that_it_goes(tablet: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    found, seen, steps = tablet.desk.school.observation(ident), [], []

    def look() -> None:
        seen.append(tablet.desk.state(found))
        steps.append(tablet.desk.step)

    stop = tablet.desk.on_change(look)
    await synced(tablet)
    stop()
    assert list(dict.fromkeys(seen)) == [SyncState.TABLET, SyncState.SENDING, SyncState.FOLDER]
    assert any(step and step[0] == "sending" for step in steps) and tablet.desk.step is None


async def test_a_restart_shows_the_same_states(tablet: Seat, hub: Hub) -> None:
    (first,) = await recorded(tablet, hub.made.amira)
    await synced(tablet)
    (second,) = await recorded(tablet, hub.made.leo)
    desk = (await tablet.again()).desk
    assert desk.state(desk.school.observation(first)) is SyncState.FOLDER
    assert desk.state(desk.school.observation(second)) is SyncState.TABLET


async def test_everything_tapped_is_in_the_observation(tablet: Seat, hub: Hub) -> None:
    desk, amira, target = tablet.desk, hub.made.amira, hub.made.target
    await desk.add_photo(PHOTO)
    await desk.toggle_pupil(amira)
    await desk.toggle_target(amira, target)
    await desk.set_help(amira, target, HelpLevel.MODEL)
    await desk.set_setting("pool")
    await desk.set_note("In the pool.")
    (ident,) = await desk.save()
    found = desk.school.observation(ident)
    assert (found.note, found.setting, found.targets, dict(found.ratings)) == (
        "In the pool.",
        "pool",
        (target,),
        {target: "model"},
    )
    assert found.by == hub.made.ta and desk.draft.empty and not await desk.store.kept("draft")


async def test_a_front_camera_is_turned_back(tablet: Seat, hub: Hub) -> None:
    await tablet.desk.add_photo(parts.saved(ImageOps.mirror(parts.quarters(320, 240)), quality=95), mirrored=True)
    data = await tablet.desk.draft_bytes(tablet.desk.draft.media[0])
    assert parts.corners(data) == ["red", "green", "blue", "grey"]


async def test_a_file_that_is_no_picture_leaves_the_draft_as_it_was(tablet: Seat) -> None:
    await tablet.desk.set_note("kept")
    with pytest.raises(NotAPicture):
        await tablet.desk.add_file(parts.PDF)
    assert tablet.desk.draft.note == "kept" and tablet.desk.draft.media == []


async def test_a_clip_of_half_a_minute_is_kept_and_a_longer_one_is_told(tablet: Seat) -> None:
    await tablet.desk.add_clip(WEBM, 30_000)
    with pytest.raises(ClipTooLong):
        await tablet.desk.add_clip(WEBM, 40_000)
    assert [m.duration_ms for m in tablet.desk.draft.media] == [30_000]


async def test_a_moment_for_nobody_is_not_saved_and_not_lost(tablet: Seat) -> None:
    await tablet.desk.add_photo(PHOTO)
    with pytest.raises(NothingToSave):
        await tablet.desk.save()
    assert len(tablet.desk.draft.media) == 1 and len((await tablet.again()).desk.draft.media) == 1


async def test_a_second_tap_saves_nothing_twice(tablet: Seat, hub: Hub) -> None:
    await tablet.desk.set_note("once")
    await tablet.desk.toggle_pupil(hub.made.amira)
    first, second = await asyncio.gather(tablet.desk.save(), tablet.desk.save())
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
    await seat.desk.set_note("kept")
    await seat.desk.toggle_pupil(hub.made.amira)
    disk.full = True
    for step in (seat.desk.save(), seat.desk.add_photo(PHOTO), seat.desk.choose_me("x")):
        with pytest.raises(NoRoomLeft):
            await step
    assert seat.desk.draft.note == "kept" and seat.desk.draft.media == [] and seat.desk.school.observations() == []
    disk.full = False
    assert len(await seat.desk.save()) == 1


async def test_a_picture_that_the_device_has_lost_is_told_and_the_rest_can_be_saved(tablet: Seat, hub: Hub) -> None:
    for photo in (PHOTO, parts.saved(parts.quarters(90, 90))):
        await tablet.desk.add_photo(photo)
    await tablet.desk.toggle_pupil(hub.made.amira)
    gone = tablet.desk.draft.media[0]
    await tablet.desk.store.forget(gone.file)
    with pytest.raises(FileDamaged):
        await tablet.desk.save()
    await tablet.desk.remove_media(gone.id)
    (ident,) = await tablet.desk.save()
    assert len(tablet.desk.school.observation(ident).media) == 1


async def test_what_was_thrown_away_leaves_no_bytes_behind(tablet: Seat) -> None:
    await tablet.desk.add_photo(PHOTO)
    await tablet.desk.discard()
    assert tablet.desk.draft.empty and not [name for name in tablet.disk.files if "draft" in name]


# -- the way to the school ---------------------------------------------------------------------------------------------
async def test_without_a_network_everything_is_safe_and_goes_later(tablet: Seat, hub: Hub) -> None:
    tablet.line.cut = True
    (ident,) = await recorded(tablet, hub.made.amira)
    assert not await tablet.desk.sync_now()
    assert not tablet.desk.online and isinstance(tablet.desk.problem, HubUnreachable) and not tablet.desk.syncing
    assert tablet.desk.state(tablet.desk.school.observation(ident)) is SyncState.TABLET
    tablet.line.cut = False
    await synced(tablet)
    assert tablet.desk.online and tablet.desk.state(tablet.desk.school.observation(ident)) is SyncState.FOLDER


async def test_a_device_that_was_ended_is_told_what_happened_and_that_all_is_safe(tablet: Seat, phone: Seat) -> None:
    await phone.desk.hub.ask("DELETE", f"/api/devices/{tablet.desk.store.device}")
    await tablet.desk.sync_now()
    assert isinstance(tablet.desk.problem, DeviceUnknown)
    assert "not joined to the school any more. What is saved here is safe." in tablet.desk.problem.message


def asked(tablet: Seat) -> list[str]:
    """The methods and kinds of path that the tablet asks from here on."""
    paths: list[str] = []

    async def note(request: httpx.Request) -> None:
        paths.append(f"{request.method} {request.url.path.split('/')[2]}")

    tablet.line.before.append(note)
    return paths


async def test_i4_a_device_that_was_ended_hands_in_what_it_had_and_never_calls_it_checked(
    tablet: Seat, phone: Seat, hub: Hub
) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    await phone.desk.hub.ask("DELETE", f"/api/devices/{tablet.desk.store.device}")
    await tablet.desk.sync_now()
    waiting = set(tablet.desk.store.waiting)
    kept = await hub.folder.names(f"hub/quarantine/{tablet.desk.store.device}/")
    assert waiting and {name.split("/", 3)[3] for name in kept} == waiting
    assert not await hub.folder.names() & waiting
    for seat in (tablet, await tablet.again()):
        paths = asked(seat)
        await seat.desk.sync_now()
        assert isinstance(seat.desk.problem, DeviceUnknown) and "PUT files" not in paths
        assert seat.desk.state(seat.desk.school.observation(ident)) is SyncState.NEEDS_YOU
        assert seat.desk.waiting and set(seat.desk.store.waiting) == waiting


async def test_i4_a_device_that_is_ended_in_the_middle_of_a_round_calls_nothing_checked(
    tablet: Seat, phone: Seat, hub: Hub
) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)

    async def ended(request: httpx.Request) -> None:
        if request.method == "PUT":
            await hub.office.access.revoke(tablet.desk.store.device, "test")

    tablet.line.before.append(ended)
    await tablet.desk.sync_now()
    waiting = set(tablet.desk.store.waiting)
    assert waiting and not await hub.folder.names() & waiting
    assert tablet.desk.state(tablet.desk.school.observation(ident)) is SyncState.NEEDS_YOU


async def test_a_device_that_joins_again_sends_what_it_had_to_hand_in(tablet: Seat, phone: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    await phone.desk.hub.ask("DELETE", f"/api/devices/{tablet.desk.store.device}")
    await tablet.desk.sync_now()
    code, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
    await tablet.desk.join(code)
    await synced(tablet, phone)
    assert tablet.desk.state(tablet.desk.school.observation(ident)) is SyncState.FOLDER and not tablet.desk.store.waiting
    assert phone.desk.school.observation(ident).note == "Asked for a turn."


async def test_a_hub_that_takes_no_more_still_leaves_the_sentence_and_all_that_waits(
    tablet: Seat, phone: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.hub.office.MOST_QUARANTINE", 300)
    await recorded(tablet, hub.made.amira)
    await phone.desk.hub.ask("DELETE", f"/api/devices/{tablet.desk.store.device}")
    await tablet.desk.sync_now()
    assert isinstance(tablet.desk.problem, DeviceUnknown) and len(tablet.desk.store.waiting) == 2


async def test_what_the_hub_keeps_aside_needs_a_person(tablet: Seat, hub: Hub) -> None:
    await tablet.desk.store.write([Change(hub.made.amira, "observation:x", "review", "approved")])
    tablet.time.forward(1000)
    await tablet.desk.sync_now()
    assert isinstance(tablet.desk.problem, NotAllowed)
    assert tablet.desk.store.state_of("observation:x") is SyncState.NEEDS_YOU


async def test_a_child_that_changes_class_leaves_the_tablet_after_all_is_sent(tablet: Seat, phone: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.leo)
    phone.time.forward(1000)
    await phone.desk.store.write([Change("school", f"membership:{hub.made.leo}", "class_id", hub.made.elm)])
    await synced(phone, tablet, tablet, phone)
    assert [p.called for p in tablet.desk.pupils()] == ["Amira"]
    assert not any(hub.made.leo in name for name in tablet.disk.files if name.startswith("p/"))
    assert phone.desk.school.observation(ident).note == "Asked for a turn."


@contextlib.asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[None]:
    task = asyncio.create_task(desk.run_sync())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(desk: Desk, so: Any) -> None:
    """Waits for a change after which it is so."""
    news = asyncio.Event()
    stop = desk.on_change(news.set)
    async with asyncio.timeout(20):
        while not so():
            await news.wait()
            news.clear()
    stop()


async def test_what_is_saved_goes_by_itself(tablet: Seat, hub: Hub) -> None:
    async with running(tablet.desk):
        await until(tablet.desk, lambda: not tablet.desk.syncing and tablet.desk.last_sync)
        (ident,) = await recorded(tablet, hub.made.amira)
        found = tablet.desk.school.observation(ident)
        await until(tablet.desk, lambda: tablet.desk.state(found) is SyncState.FOLDER)


async def test_a_round_that_breaks_does_not_end_all_rounds(tablet: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(token: str) -> Any:
        raise RuntimeError("nobody thought of this")

    right = tablet.desk._folder_at
    monkeypatch.setattr(tablet.desk, "_folder_at", broken)
    (ident,) = await recorded(tablet, hub.made.amira)
    async with running(tablet.desk):
        await until(tablet.desk, lambda: tablet.desk.problem)
        assert "What was saved is safe" in tablet.desk.problem.message  # type: ignore[union-attr]
        monkeypatch.setattr(tablet.desk, "_folder_at", right)
        tablet.desk.wake()
        found = tablet.desk.school.observation(ident)
        await until(tablet.desk, lambda: tablet.desk.state(found) is SyncState.FOLDER and not tablet.desk.problem)


# -- review ------------------------------------------------------------------------------------------------------------
@pytest.fixture
async def waiting(tablet: Seat, phone: Seat, hub: Hub) -> str:
    """An observation that the tablet made and the phone has in its queue."""
    (ident,) = await recorded(tablet, hub.made.amira)
    await synced(tablet, phone)
    return ident


async def test_new_evidence_waits_on_the_phone_and_can_be_decided_there(tablet: Seat, phone: Seat, waiting: str) -> None:
    assert [o.id for o in phone.desk.queue()] == [waiting]
    await phone.desk.approve(waiting)
    assert phone.desk.queue() == []
    await synced(phone, tablet)
    assert tablet.desk.school.observation(waiting).review is ReviewState.APPROVED


async def test_a_question_comes_back_to_the_tablet(tablet: Seat, phone: Seat, waiting: str) -> None:
    await phone.desk.ask(waiting, " What did she say? ")
    await synced(phone, tablet)
    found = tablet.desk.school.observation(waiting)
    assert (found.review, found.question) == (ReviewState.QUERIED, "What did she say?")
    assert [o.id for o in phone.desk.queue()] == [waiting], "and it waits on"


async def test_every_decision_can_be_undone(tablet: Seat, phone: Seat, waiting: str) -> None:
    for step, state in ((phone.desk.hide, ReviewState.HIDDEN), (phone.desk.put_back, ReviewState.NEW)):
        phone.time.forward(1000)
        await step(waiting)
        await synced(phone, tablet)
        assert tablet.desk.school.observation(waiting).review is state
    assert [o.id for o in phone.desk.queue()] == [waiting]


async def test_a_star_goes_on_and_off(phone: Seat, waiting: str) -> None:
    for on in (True, False):
        await phone.desk.star(waiting, on)
        assert phone.desk.school.observation(waiting).starred is on


async def test_a_ta_decides_nothing(tablet: Seat, phone: Seat, waiting: str, hub: Hub) -> None:
    await phone.desk.approve(waiting)
    await synced(phone, tablet)
    desk, before = tablet.desk, tablet.desk.store.pending()
    steps = (
        desk.approve(waiting), desk.ask(waiting, "?"), desk.hide(waiting), desk.put_back(waiting), desk.star(waiting, True),
        desk.settle_note(waiting, "other words"), desk.make_link(hub.made.amira), desk.invite(Role.SENCO, []),
        desk.add_class("Ash"), desk.add_staff("X", Role.SENCO, []), desk.add_pupil(hub.made.oak, {"name": "X"}),
        desk.add_target(hub.made.amira, {}), desk.name_school("X"), desk.set_term("t", "T", date(2026, 9, 1), date(2026, 9, 2)),
        desk.set_consent(hub.made.amira, Audience.PUBLIC, MediaKind.PHOTO, True, "me"),
        desk.termly_report(hub.made.amira, "2026-autumn", print),
    )  # fmt: skip
    for step in steps:
        with pytest.raises(NotAllowed):
            await step
    assert tablet.desk.store.pending() == before, "and nothing was changed"


async def test_the_dsl_decides_and_the_hub_agrees(sit: Sit, phone: Seat, waiting: str) -> None:
    dsl = await sit(Role.DSL)
    await dsl.desk.ask(waiting, "What happened before?")
    await synced(dsl, phone)
    assert phone.desk.school.observation(waiting).question == "What happened before?"
    with pytest.raises(NotAllowed):
        await dsl.desk.star(waiting, True)


async def test_two_texts_are_kept_until_a_person_chooses(tablet: Seat, phone: Seat, waiting: str) -> None:
    await tablet.desk.settle_note(waiting, "She said: my turn.")
    await phone.desk.settle_note(waiting, "She asked.")
    await synced(tablet, phone)
    found = phone.desk.school.observation(waiting)
    assert {found.note, *found.other_notes} == {"She said: my turn.", "She asked."}
    await phone.desk.settle_note(waiting, found.other_notes[0])
    await synced(phone, tablet)
    assert tablet.desk.school.observation(waiting).other_notes == ()


async def test_leadership_only_looks(sit: Sit, waiting: str, hub: Hub) -> None:
    slt = await sit(Role.SLT)
    assert slt.desk.school.observation(waiting).note
    await slt.desk.set_note("x")
    await slt.desk.toggle_pupil(hub.made.amira)
    for step in (slt.desk.save(), slt.desk.settle_note(waiting, "x"), slt.desk.approve(waiting)):
        with pytest.raises(NotAllowed):
            await step


async def test_a_thing_that_is_not_on_this_device_is_told(phone: Seat) -> None:
    for step in (phone.desk.approve("x"), phone.desk.picture("x"), phone.desk.clip_url("x")):
        with pytest.raises(ThingUnknown):
            await step


# -- looking -----------------------------------------------------------------------------------------------------------
async def test_the_most_used_target_comes_first(tablet: Seat, phone: Seat, hub: Hub) -> None:
    phone.time.forward(1000)
    often = await phone.desk.add_target(
        hub.made.amira, {"statement": "By July Amira waits.", "short": "aaa", "start": "2030-01-01"}
    )
    await synced(phone, tablet)
    assert [t.id for t in tablet.desk.targets(hub.made.amira)] == [hub.made.target, often]
    await tablet.desk.toggle_pupil(hub.made.amira)
    await tablet.desk.toggle_target(hub.made.amira, often)
    await tablet.desk.save()
    assert [t.id for t in tablet.desk.targets(hub.made.amira)] == [often, hub.made.target]


async def test_targets_without_evidence_for_three_weeks_are_listed(tablet: Seat, hub: Hub) -> None:
    assert [(p.called, t.id, days) for p, t, days in tablet.desk.not_seen()] == [("Amira", hub.made.target, None)]
    await tablet.desk.toggle_pupil(hub.made.amira)
    await tablet.desk.toggle_target(hub.made.amira, hub.made.target)
    await tablet.desk.save()
    tablet.time.forward(20 * DAY)
    assert tablet.desk.not_seen() == []
    tablet.time.forward(2 * DAY)
    assert [days for _, _, days in tablet.desk.not_seen()] == [22]


async def test_help_then_and_now_is_told_from_three_ratings_on(tablet: Seat, hub: Hub) -> None:
    desk, amira, target = tablet.desk, hub.made.amira, hub.made.target
    for level in (HelpLevel.MODEL, HelpLevel.MODEL, HelpLevel.MODEL, *[HelpLevel.INDEPENDENT] * 3):
        tablet.time.forward(1000)
        assert desk.change_of(desk.targets(amira)[0]) is None or level is HelpLevel.INDEPENDENT
        await desk.toggle_pupil(amira)
        await desk.toggle_target(amira, target)
        await desk.set_help(amira, target, level)
        await desk.save()
    found = desk.change_of(desk.targets(amira)[0])
    assert found is not None and (found.first, found.now, found.count) == (HelpLevel.MODEL, HelpLevel.INDEPENDENT, 6)


async def test_a_picture_shows_here_and_a_damaged_thumbnail_is_none(tablet: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    (photo,) = tablet.desk.school.media_of(tablet.desk.school.observation(ident))
    assert parts.opened(tablet.desk.thumb(photo) or b"").size == (320, 240)
    assert (await tablet.desk.clip_url(photo.id)).startswith("data:image/jpeg;base64,")
    await tablet.desk.store.write([Change(hub.made.amira, f"media:{photo.id}", "thumb", "no base64!")])
    (photo,) = tablet.desk.school.media_of(tablet.desk.school.observation(ident))
    assert tablet.desk.thumb(photo) is None


async def test_a_picture_that_has_not_arrived_yet_is_told(phone: Seat, waiting: str) -> None:
    (photo,) = phone.desk.school.media_of(phone.desk.school.observation(waiting))
    for name in [n for n in phone.disk.files if "/media/" in n]:
        await phone.disk.delete(name)
    with pytest.raises(ThingUnknown, match="has not arrived"):
        await phone.desk.picture(photo.id)


async def test_photo_consent_is_told_before_a_photo_is_taken(tablet: Seat, phone: Seat, hub: Hub) -> None:
    assert not tablet.desk.photo_consent(hub.made.amira)
    phone.time.forward(1000)
    await phone.desk.set_consent(hub.made.amira, Audience.OWN_FAMILY, MediaKind.PHOTO, True, "her mother")
    await synced(phone, tablet)
    assert tablet.desk.photo_consent(hub.made.amira)


# -- papers, families, setting up --------------------------------------------------------------------------------------
async def test_the_senco_makes_a_link_that_a_family_can_open_and_ends_it(phone: Seat, waiting: str, hub: Hub) -> None:
    await phone.desk.set_consent(hub.made.amira, Audience.OWN_FAMILY, MediaKind.PHOTO, True, "her mother")
    await phone.desk.approve(waiting)
    await synced(phone)
    assert phone.desk.family_sees(hub.made.amira) == 1
    link = await phone.desk.make_link(hub.made.amira, days=30)
    assert "Asked for a turn." in (await hub.client.get(link.url)).text
    assert [(x.id, x.ended) for x in await phone.desk.links(hub.made.amira)] == [(link.id, False)]
    await phone.desk.revoke_link(link.id)
    assert (await hub.client.get(link.url)).status_code == 404
    assert [x.ended for x in await phone.desk.links(hub.made.amira)] == [True]


async def test_the_senco_makes_a_report_and_hears_how_far_it_is(phone: Seat, waiting: str, hub: Hub) -> None:
    phone.desk.origin = "http://hub.test"
    heard: list[tuple[str, int, int]] = []
    url = await phone.desk.termly_report(hub.made.amira, "2026-autumn", lambda *step: heard.append(step))
    assert (await hub.client.get(url)).content.startswith(b"%PDF") and heard and heard[-1][1] == heard[-1][2]


async def test_a_report_without_a_network_is_told(phone: Seat, hub: Hub) -> None:
    phone.line.cut = True
    with pytest.raises(HubUnreachable):
        await phone.desk.termly_report(hub.made.amira, "2026-autumn", print)


async def test_the_senco_sets_up_a_class_that_a_new_tablet_then_has(phone: Seat, sit: Sit, hub: Hub) -> None:
    desk = phone.desk
    phone.time.forward(1000)
    ash = await desk.add_class(" Ash ")
    adult = await desk.add_staff("Sam Poe", Role.TEACHER, [ash])
    child = await desk.add_pupil(ash, {"name": "Mia Lund", "year_group": "2"})
    await desk.add_target(child, {"statement": "By July Mia waits.", "short": "waits"})
    await desk.set_term("2027-spring", "Spring 2027", date(2027, 1, 4), date(2027, 3, 26))
    await desk.name_school("Brook Primary")
    await synced(phone)
    invite = await desk.invite(Role.TEACHER, [ash], adult)
    assert invite.url.endswith(invite.code) and invite.expires > phone.time()
    new = await sit(None)
    await new.desk.join(invite.code)
    assert [p.name for p in new.desk.pupils()] == ["Mia Lund"] and [t.chip for t in new.desk.targets(child)] == ["waits"]
    assert new.desk.me is not None and new.desk.me.name == "Sam Poe" and new.desk.school.name == "Brook Primary"
    assert [t.id for t in new.desk.school.terms()] == ["2026-autumn", "2027-spring"]


async def test_nobody_is_told_of_changes_any_more_who_has_stopped_listening(tablet: Seat) -> None:
    heard: list[int] = []
    stop = tablet.desk.on_change(lambda: heard.append(1))
    tablet.desk.went_offline()
    stop()
    tablet.desk.set_lasting(False)
    assert heard == [1] and not tablet.desk.online and not tablet.desk.lasting
