"""A hub, or a folder, of another school: nothing goes there and nothing comes from it."""

import os
from pathlib import Path

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from app.errors import OtherSchool
from app.hub.site import create_app
from storage.folder.directory import Directory
from storage.space import NAME, create_space
from storage.store import SyncState
from tests.hub.conftest import KEY, TEST, Hub, Time
from tests.usecases.conftest import Line, Seat, recorded, synced
from tests.usecases.odd import laid


async def elsewhere(tmp_path: Path, time: Time) -> tuple[Directory, Line]:
    """The empty folder of another school, and the way to its hub."""
    folder = Directory(tmp_path / "elsewhere")
    folder.path.mkdir()
    await create_space(folder, os.urandom)
    line = Line.__new__(Line)
    line.inner, line.cut, line.before = httpx.ASGITransport(create_app(folder, KEY, None, time, TEST)), False, []
    return folder, line


OTHER = "The hub here belongs to another school. Nothing was sent or fetched; everything is safe here. Please tell your SENCO."


@pytest.mark.parametrize("known", [False, True], ids=["a stranger there", "known there"])
async def test_a_device_neither_sends_to_nor_fetches_from_another_school(
    hub: Hub, tablet: Seat, tmp_path: Path, known: bool
) -> None:
    folder, line = await elsewhere(tmp_path, hub.time)
    if known:  # its papers were copied along, and are signed with the same key
        for name in await hub.folder.names("hub/"):
            await folder.replace(name, await hub.folder.get(name))
    (ident,) = await recorded(tablet, hub.made.amira)
    there, here = await folder.names(), set(tablet.disk.files)
    tablet.line.inner = line.inner
    assert await tablet.desk.syncing.sync_now() and tablet.desk.syncing.problem and tablet.desk.syncing.problem.message == OTHER
    assert await folder.names() == there and {n for n in tablet.disk.files if n.startswith("p/")} <= here
    assert tablet.desk.syncing.state(tablet.desk.school.observation(ident)) is SyncState.TABLET
    tablet.line.inner = Line(hub).inner
    await synced(tablet)
    assert tablet.desk.syncing.state(tablet.desk.school.observation(ident)) is SyncState.FOLDER


async def test_a_device_looks_itself_whose_folder_it_is(hub: Hub, tablet: Seat, tmp_path: Path) -> None:
    """An older hub does not look at what the device says."""
    folder, line = await elsewhere(tmp_path, hub.time)
    for name in await hub.folder.names("hub/"):
        await folder.replace(name, await hub.folder.get(name))
    await recorded(tablet, hub.made.amira)

    async def unsaid(request: httpx.Request) -> None:
        del request.headers["X-Space"]

    tablet.line.inner = line.inner
    tablet.line.before.append(unsaid)
    there = await folder.names()
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.syncing.problem and tablet.desk.syncing.problem.message == OTHER
    assert {n for n in await folder.names() - there if not n.startswith("seen/")} == set()


async def test_a_folder_that_is_swapped_under_a_running_hub_is_noticed(hub: Hub, tablet: Seat) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    right = (hub.folder.path / NAME).read_bytes()
    before = await hub.folder.names("p/")
    await hub.folder.replace(NAME, right.replace(hub.made.space.encode(), b"0" * 32))
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.syncing.problem and tablet.desk.syncing.problem.message == OTHER and await hub.folder.names("p/") == before
    await hub.folder.replace(NAME, right)
    await synced(tablet)
    assert tablet.desk.syncing.state(tablet.desk.school.observation(ident)) is SyncState.FOLDER


async def test_a_device_that_holds_one_school_does_not_join_another(hub: Hub, tablet: Seat, tmp_path: Path) -> None:
    _, line = await elsewhere(tmp_path, hub.time)
    office = line.inner.app.state.office
    code, _ = await office.access.invite(Role.TA, [], None)
    ours, tablet.line.inner = tablet.line.inner, line.inner
    with pytest.raises(OtherSchool):
        await tablet.desk.joining.join(code)
    tablet.line.inner = ours
    await synced(tablet)


@pytest.mark.parametrize("data", [b"", b"?", b"[" * 90_000])
async def test_a_space_that_is_on_its_way_stops_no_hub_that_knows_it(hub: Hub, tablet: Seat, data: bytes) -> None:
    laid(hub, NAME, data)
    (ident,) = await recorded(tablet, hub.made.amira)
    await synced(tablet)
    assert tablet.desk.syncing.state(tablet.desk.school.observation(ident)) is SyncState.FOLDER
