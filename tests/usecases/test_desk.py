"""The desk: one adult at one device, over a real store and the real hub. What it says is so, and what it may not, it does not."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from datetime import date
from typing import Any

import httpx
import pytest

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.errors import (
    CodeUnknown,
    HubUnreachable,
    NotAllowed,
    PupilUnknown,
)
from app.usecases.desk import Desk
from storage.ops import Change
from storage.store import SyncState
from tests.hub.conftest import Hub
from tests.usecases.conftest import PHOTO, Seat, Sit, recorded, synced

WEBM = b"\x1a\x45\xdf\xa3" + bytes(range(1, 200))
DAY = 86_400_000


# -- who ---------------------------------------------------------------------------------------------------------------
async def test_a_code_typed_as_people_type_lets_a_device_in_and_fetches_its_class(sit: Sit, hub: Hub) -> None:
    seat = await sit(None)
    assert not seat.desk.session.joined and not await seat.desk.syncing.sync_now()
    code, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
    await seat.desk.joining.join(f" {code[:4].lower()} - {code[4:]}", "Oak tablet")
    assert seat.desk.session.joined and seat.desk.session.role is Role.TA and seat.desk.session.classes == (hub.made.oak,)
    assert [p.called for p in seat.desk.register.pupils()] == ["Amira", "Leo"] and seat.desk.school.name == "Brook School"


async def test_a_wrong_code_changes_nothing(sit: Sit) -> None:
    seat = await sit(None)
    with pytest.raises(CodeUnknown):
        await seat.desk.joining.join("AAAAAAAA")
    assert not seat.desk.session.joined and not (await seat.again()).desk.session.joined


async def test_a_tablet_holds_its_own_class_only(tablet: Seat, hub: Hub) -> None:
    assert not any(hub.made.other in name for name in tablet.disk.files)
    with pytest.raises(PupilUnknown):
        tablet.desk.school.pupil(hub.made.other)


async def test_on_a_shared_tablet_the_adults_of_the_class_are_on_the_lock_screen(tablet: Seat, phone: Seat) -> None:
    assert [s.name for s in tablet.desk.door.staff_here()] == ["Dana Reed"]
    assert {s.name for s in phone.desk.door.staff_here()} == {"Ruth Senn"}, "a phone is its owner's alone"


async def test_a_device_is_found_again_as_it_was_left(tablet: Seat, hub: Hub) -> None:
    await tablet.desk.drafting.add_photo(PHOTO)
    await tablet.desk.drafting.set_note("half a sentence")
    desk = (await tablet.again()).desk
    assert desk.session.joined and desk.session.me is not None and desk.session.me.name == "Dana Reed"
    assert desk.drafting.draft.note == "half a sentence" and await desk.drafting.draft_bytes(desk.drafting.draft.media[0])
    assert await desk.syncing.sync_now(), "its token is known, too"


async def test_a_phone_given_to_somebody_is_theirs_from_the_first_look(phone: Seat) -> None:
    assert phone.desk.session.me is not None and phone.desk.session.me.name == "Ruth Senn"


# -- the way to the school ---------------------------------------------------------------------------------------------
async def test_without_a_network_everything_is_safe_and_goes_later(tablet: Seat, hub: Hub) -> None:
    tablet.line.cut = True
    (ident,) = await recorded(tablet, hub.made.amira)
    assert not await tablet.desk.syncing.sync_now()
    assert (
        not tablet.desk.syncing.online
        and isinstance(tablet.desk.syncing.problem, HubUnreachable)
        and not tablet.desk.syncing.syncing
    )
    assert tablet.desk.syncing.state(tablet.desk.school.observation(ident)) is SyncState.TABLET
    tablet.line.cut = False
    await synced(tablet)
    assert tablet.desk.syncing.online and tablet.desk.syncing.state(tablet.desk.school.observation(ident)) is SyncState.FOLDER


async def test_i4_a_device_that_is_ended_in_the_middle_of_a_round_calls_nothing_checked(
    tablet: Seat, phone: Seat, hub: Hub
) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)

    async def ended(request: httpx.Request) -> None:
        if request.method == "PUT":
            await hub.office.access.revoke(tablet.desk.session.store.device, "test")

    tablet.line.before.append(ended)
    await tablet.desk.syncing.sync_now()
    waiting = set(tablet.desk.session.store.waiting)
    assert waiting and not await hub.folder.names() & waiting
    assert tablet.desk.syncing.state(tablet.desk.school.observation(ident)) is SyncState.NEEDS_YOU


async def test_what_the_hub_keeps_aside_needs_a_person(tablet: Seat, hub: Hub) -> None:
    await tablet.desk.session.store.write([Change(hub.made.amira, "observation:x", "review", "approved")])
    tablet.time.forward(1000)
    await tablet.desk.syncing.sync_now()
    assert isinstance(tablet.desk.syncing.problem, NotAllowed)
    assert tablet.desk.session.store.state_of("observation:x") is SyncState.NEEDS_YOU


async def test_a_child_that_changes_class_leaves_the_tablet_after_all_is_sent(tablet: Seat, phone: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.leo)
    phone.time.forward(1000)
    await phone.desk.session.store.write([Change("school", f"membership:{hub.made.leo}", "class_id", hub.made.elm)])
    await synced(phone, tablet, tablet, phone)
    assert [p.called for p in tablet.desk.register.pupils()] == ["Amira"]
    assert not any(hub.made.leo in name for name in tablet.disk.files if name.startswith("p/"))
    assert phone.desk.school.observation(ident).note == "Asked for a turn."


@contextlib.asynccontextmanager
async def running(desk: Desk) -> AsyncIterator[None]:
    task = asyncio.create_task(desk.syncing.run())
    try:
        yield
    finally:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def until(desk: Desk, so: Any) -> None:
    """Waits for a change after which it is so."""
    news = asyncio.Event()
    stop = desk.session.on_change(lambda _topic: news.set())
    async with asyncio.timeout(20):
        while not so():
            await news.wait()
            news.clear()
    stop()


async def test_what_is_saved_goes_by_itself(tablet: Seat, hub: Hub) -> None:
    async with running(tablet.desk):
        await until(tablet.desk, lambda: not tablet.desk.syncing.syncing and tablet.desk.syncing.last_sync)
        (ident,) = await recorded(tablet, hub.made.amira)
        found = tablet.desk.school.observation(ident)
        await until(tablet.desk, lambda: tablet.desk.syncing.state(found) is SyncState.FOLDER)


async def test_a_round_that_breaks_does_not_end_all_rounds(tablet: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(token: str) -> Any:
        raise RuntimeError("nobody thought of this")

    right = tablet.desk.session._folder_at
    monkeypatch.setattr(tablet.desk.session, "_folder_at", broken)
    (ident,) = await recorded(tablet, hub.made.amira)
    async with running(tablet.desk):
        await until(tablet.desk, lambda: tablet.desk.syncing.problem)
        assert "What was saved is safe" in tablet.desk.syncing.problem.message  # type: ignore[union-attr]
        monkeypatch.setattr(tablet.desk.session, "_folder_at", right)
        tablet.desk.session.wake()
        found = tablet.desk.school.observation(ident)
        await until(tablet.desk, lambda: tablet.desk.syncing.state(found) is SyncState.FOLDER and not tablet.desk.syncing.problem)


# -- papers, families, setting up --------------------------------------------------------------------------------------
async def test_the_senco_makes_a_link_that_a_family_can_open_and_ends_it(phone: Seat, waiting: str, hub: Hub) -> None:
    await phone.desk.families.set_consent(hub.made.amira, Audience.OWN_FAMILY, MediaKind.PHOTO, True, "her mother")
    await phone.desk.review.approve(waiting)
    await synced(phone)
    assert phone.desk.families.sees(hub.made.amira) == 1
    link = await phone.desk.families.make_link(hub.made.amira, days=30)
    assert "Asked for a turn." in (await hub.client.get(link.url)).text
    assert [(x.id, x.ended) for x in await phone.desk.families.links(hub.made.amira)] == [(link.id, False)]
    await phone.desk.families.revoke_link(link.id)
    assert (await hub.client.get(link.url)).status_code == 404
    assert [x.ended for x in await phone.desk.families.links(hub.made.amira)] == [True]


async def test_the_senco_makes_a_report_and_hears_how_far_it_is(phone: Seat, waiting: str, hub: Hub) -> None:
    heard: list[tuple[str, int, int]] = []
    url = await phone.desk.papers.termly_report(hub.made.amira, "2026-autumn", lambda *step: heard.append(step))
    assert (await hub.client.get(url)).content.startswith(b"%PDF") and heard and heard[-1][1] == heard[-1][2]


async def test_a_report_without_a_network_is_told(phone: Seat, hub: Hub) -> None:
    phone.line.cut = True
    with pytest.raises(HubUnreachable):
        await phone.desk.papers.termly_report(hub.made.amira, "2026-autumn", print)


async def test_the_senco_sets_up_a_class_that_a_new_tablet_then_has(phone: Seat, sit: Sit, hub: Hub) -> None:
    desk = phone.desk
    phone.time.forward(1000)
    ash = await desk.register.add_class(" Ash ")
    adult = await desk.register.add_staff("Sam Poe", Role.TEACHER, [ash])
    child = await desk.register.add_pupil(ash, {"name": "Mia Lund", "year_group": "2"})
    await desk.plans.add_target(child, {"statement": "By July Mia waits.", "short": "waits"})
    await desk.register.set_term("2027-spring", "Spring 2027", date(2027, 1, 4), date(2027, 3, 26))
    await desk.register.name_school("Brook Primary")
    await synced(phone)
    invite = await desk.devices.invite(Role.TEACHER, [ash], adult)
    assert invite.url.endswith(invite.code) and invite.expires > phone.time()
    new = await sit(None)
    await new.desk.joining.join(invite.code)
    assert [p.name for p in new.desk.register.pupils()] == ["Mia Lund"] and [t.chip for t in new.desk.plans.targets(child)] == [
        "waits"
    ]
    assert new.desk.session.me is not None and new.desk.session.me.name == "Sam Poe" and new.desk.school.name == "Brook Primary"
    assert [t.id for t in new.desk.school.terms()] == ["2026-autumn", "2027-spring"]


async def test_nobody_is_told_of_changes_any_more_who_has_stopped_listening(tablet: Seat) -> None:
    heard: list[int] = []
    stop = tablet.desk.session.on_change(lambda _topic: heard.append(1))
    tablet.desk.syncing.on_offline()
    stop()
    tablet.desk.syncing.on_persisted(False)
    assert heard == [1] and not tablet.desk.syncing.online and not tablet.desk.syncing.lasting
