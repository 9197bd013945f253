"""A folder, or a file, of a newer format: read as far as it may be, never written or deleted, and told in a clear sentence."""

import json
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from app.hub.serve.announce import ONLY_READ, open_doors
from app.settings import Settings
from app.usecases.syncing.health import CLOSED
from storage import segments
from storage.space import NAME
from storage.store import SyncState
from tests.hub.conftest import Hub
from tests.usecases.conftest import Line, Seat, Sit, recorded, synced
from tests.usecases.odd import laid, of_next_year


def in_next_year(monkeypatch: pytest.MonkeyPatch) -> None:
    """The Small Steps that can read it."""
    monkeypatch.setattr(segments, "body", lambda data, kind: segments_body(data[:4] + bytes([segments.FORMAT]) + data[5:], kind))


segments_body = segments.body


def made_newer(hub: Hub, format_: int, min_reader: int) -> None:
    laid(hub, NAME, json.dumps({"space": hub.made.space, "format": format_, "min_reader": min_reader}).encode())


async def test_a_folder_of_a_newer_format_is_read_and_nothing_is_written_into_it(hub: Hub, tablet: Seat, sit: Sit) -> None:
    other = await sit(Role.TA)
    (theirs,) = await recorded(other, hub.made.amira)
    await synced(other)
    made_newer(hub, 2, 1)
    before = await hub.folder.names()
    (mine,) = await recorded(tablet, hub.made.amira)
    await synced(tablet)
    assert tablet.desk.syncing.found == [CLOSED["newer_format"]] and "safe on this tablet" in CLOSED["newer_format"]
    assert tablet.desk.school.observation(theirs) and await hub.folder.names() == before
    assert tablet.desk.syncing.state(tablet.desk.school.observation(mine)) is SyncState.TABLET and tablet.desk.syncing.waiting
    assert (await tablet.again()).desk.syncing.waiting, "also after a restart"
    made_newer(hub, 1, 1)  # the hub and the tablet have been updated, and so it is theirs
    await synced(tablet)
    assert tablet.desk.syncing.found == [] and tablet.desk.syncing.state(tablet.desk.school.observation(mine)) is SyncState.FOLDER


async def test_a_hub_that_only_reads_refuses_every_change_in_a_clear_sentence(hub: Hub, refused: Callable[..., None]) -> None:
    tablet, phone = await hub.tablet(), await hub.phone()
    code, _ = await hub.office.access.invite(Role.TA, [], None)
    made_newer(hub, 2, 1)
    before = await hub.folder.names()
    assert (await phone.ask("GET", "/api/partitions")).json()["writable"] is False
    joining = {"code": code, "device": "f" * 16, "name": ""}
    for method, path, body in (
        ("POST", "/api/invites", {"role": "ta", "classes": []}),
        ("POST", "/api/links", {"pupil": hub.made.amira, "days": 3}),
        ("DELETE", f"/api/devices/{tablet.dev}", None),
        ("POST", "/api/join", joining),
    ):
        answer = await phone.ask(method, path, **({"json": body} if body else {}))
        refused(answer, 409, "newer_format")
        assert "newer Small Steps" in answer.json()["error"]["message"]
    refused(await tablet.say(hub.made.amira, "observation:1", "note", "x", text=True), 409, "newer_format")
    assert (await tablet.ask("GET", f"/api/p/{hub.made.leo}/names")).status_code == 200
    assert await hub.folder.names() == before


async def test_a_hub_says_so_when_it_starts_on_such_a_folder(hub: Hub, tmp_path: Path) -> None:
    made_newer(hub, 2, 1)
    before = await hub.folder.names()
    doors = await open_doors(hub.office, Settings(folder=hub.folder.path, web=tmp_path))
    assert ONLY_READ in doors.lines and await hub.folder.names() == before


async def test_a_folder_that_only_a_newer_app_may_read_is_not_read(hub: Hub, tablet: Seat, sit: Sit) -> None:
    other = await sit(Role.TA)
    await recorded(other, hub.made.amira)
    await synced(other)
    made_newer(hub, 2, 2)
    (mine,) = await recorded(tablet, hub.made.amira)
    here = {n for n in tablet.disk.files if n.startswith("p/")}
    assert await tablet.desk.syncing.sync_now() and tablet.desk.syncing.problem
    assert tablet.desk.syncing.problem.message.startswith(
        "The school's folder can only be read by a newer Small Steps. Everything is safe"
    )
    assert {n for n in tablet.disk.files if n.startswith("p/")} == here
    assert tablet.desk.syncing.state(tablet.desk.school.observation(mine)) is SyncState.TABLET


async def test_an_older_tablet_does_not_write_where_a_newer_hub_does(hub: Hub, tablet: Seat) -> None:
    """The hub is of the new format and would take it; the tablet has not been updated."""

    class NewHub(httpx.AsyncBaseTransport):
        async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
            answer = await Line(hub).inner.handle_async_request(request)
            data = await answer.aread()
            if request.url.path == "/api/partitions":
                data = json.dumps(json.loads(data) | {"format": 2}).encode()
            return httpx.Response(answer.status_code, content=data)

    await recorded(tablet, hub.made.amira)
    before, tablet.line.inner = await hub.folder.names("p/"), NewHub()  # type: ignore[assignment]
    await synced(tablet)
    assert await hub.folder.names("p/") == before and "belongs to a newer Small Steps" in tablet.desk.syncing.found[0]


async def test_a_segment_of_a_newer_format_is_left_and_read_after_an_update(
    hub: Hub, tablet: Seat, monkeypatch: pytest.MonkeyPatch
) -> None:
    name, data = of_next_year(hub.made.amira)
    laid(hub, name, data)
    await synced(tablet)
    assert (
        tablet.desk.syncing.found[0].startswith("1 file in the school's folder can only be read by a newer Small Steps")
        and (hub.folder.path / name).read_bytes() == data
    )
    assert tablet.desk.session.store.library.get("observation:next") is None
    in_next_year(monkeypatch)
    after = await tablet.again()
    await synced(after)
    found = after.desk.session.store.library.get("observation:next")
    assert found is not None and found["note"] == "from next year" and after.desk.syncing.found == []
