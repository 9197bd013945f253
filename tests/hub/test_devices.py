"""The hub remembers each device's last pending count, so that somebody knows what a wiped tablet still had to send."""

import json
import os
from typing import Any

import pytest

from app.domain.vocabulary.roles import Role
from app.hub.devices.last_contact import MINUTE, MOST_SAID
from tests.hub.conftest import TEST, Device, Hub


async def says(device: Device, pending: int | str, checked: int | str = 0) -> Any:
    return await device.ask("GET", "/api/partitions", headers={"X-Pending": str(pending), "X-Checked": str(checked)})


async def row(hub: Hub, device: Device) -> dict[str, Any]:
    listed = (await (await hub.phone()).ask("GET", "/api/devices")).json()["devices"]
    (found,) = [one for one in listed if one["device"] == device.dev]
    return dict(found)


async def join(hub: Hub, name: str = "Oak tablet", role: Role = Role.TA, dev: str = "") -> tuple[Device, dict[str, int] | None]:
    code, _ = await hub.office.access.invite(role, [hub.made.oak], None)
    dev = dev or os.urandom(8).hex()
    told = (await hub.client.post("/api/join", json={"code": code, "device": dev, "name": name})).json()
    return Device(hub.client, dev, told["token"], hub.time), told["before"]


async def test_the_list_tells_when_a_device_was_last_here_and_what_it_had_to_send(hub: Hub) -> None:
    tablet = await hub.tablet()
    assert {key: (await row(hub, tablet))[key] for key in ("seen", "pending")} == {"seen": None, "pending": None}
    await says(tablet, 3, 7)
    found = await row(hub, tablet)
    assert (found["seen"], found["pending"], found["name"], found["role"]) == (hub.time(), 3, "a ta", "ta")


async def test_what_was_sent_meanwhile_is_told_after_the_round(hub: Hub) -> None:
    tablet = await hub.tablet()
    await says(tablet, 3)
    assert (await tablet.ask("POST", "/api/pending", json={"pending": 0, "checked": 9})).json() == {"pending": 0}
    assert (await row(hub, tablet))["pending"] == 0


async def test_a_device_that_says_nothing_leaves_what_it_said_before(hub: Hub) -> None:
    tablet = await hub.tablet()
    await says(tablet, 3)
    hub.time.forward(10 * MINUTE)
    assert (await tablet.ask("GET", "/api/partitions")).status_code == 200
    assert (await row(hub, tablet))["pending"] == 3


async def test_it_is_one_file_a_device_written_at_most_once_a_minute_while_nothing_changes(hub: Hub) -> None:
    tablet = await hub.tablet()
    path = hub.folder.path / f"seen/{tablet.dev}.json"
    await says(tablet, 3)
    first = path.stat().st_ino
    hub.time.forward(MINUTE - 1)
    await says(tablet, 3)
    assert path.stat().st_ino == first
    hub.time.forward(1)
    await says(tablet, 3)
    assert json.loads(path.read_bytes()) == {"at": hub.time(), "pending": 3, "checked": 0}
    assert await hub.folder.names("seen/") == {f"seen/{tablet.dev}.json"}


@pytest.mark.parametrize("said", [-1, MOST_SAID + 1, "three", "1e3", "9" * 400, "\x80"])
async def test_a_count_that_makes_no_sense_is_refused_and_not_remembered(hub: Hub, refused: Any, said: int | str) -> None:
    tablet = await hub.tablet()
    await says(tablet, 3)
    for path, more in {
        "/api/partitions": {"headers": {"X-Pending": str(said).encode("latin-1")}},
        "/api/pending": {"json": {"pending": said, "checked": 0}},
    }.items():
        refused(await tablet.ask("GET" if "headers" in more else "POST", path, **more), 400, "bad_request")
    assert (await row(hub, tablet))["pending"] == 3


@pytest.mark.parametrize(
    "data", [b"", b"[]", b"null", b'{"at": 1}', b'{"at": -1, "pending": 3, "checked": 0}',
             b'{"at": 1, "pending": true, "checked": 0}', b'{"at": 1, "pending": "3", "checked": 0}',
             b'{"at": 1e300, "pending": 3, "checked": 0}',
             b'{"at": 9999999999999999, "pending": 3, "checked": 0}', b"\xff", b"[" * 90_000],
)  # fmt: skip
async def test_what_somebody_else_wrote_there_was_never_said(hub: Hub, data: bytes) -> None:
    tablet = await hub.tablet()
    await says(tablet, 3)
    (hub.folder.path / f"seen/{tablet.dev}.json").write_bytes(data)
    assert (await row(hub, tablet))["pending"] is None
    assert (await says(tablet, 2)).status_code == 200 and (await row(hub, tablet))["pending"] == 2


async def test_a_folder_without_room_for_the_note_stops_nobody(hub: Hub) -> None:
    (hub.folder.path / "seen").write_text("a file where a folder should be")
    assert (await says(await hub.tablet(), 3)).status_code == 200


async def test_a_wiped_tablet_is_told_what_it_still_had_to_send(hub: Hub) -> None:
    before, nothing = await join(hub)
    assert nothing is None
    await says(before, 3, 40)
    at = hub.time()
    hub.time.forward(3_600_000)
    again, told = await join(hub, " OAK tablet ")
    assert told == {"at": at, "pending": 3}
    await says(again, 0)
    assert (await join(hub))[1] is None, "the second one had sent everything"


@pytest.mark.parametrize("name, role", [("Elm tablet", Role.TA), ("Oak tablet", Role.SENCO), ("", Role.TA)])
async def test_another_device_is_not_told(hub: Hub, name: str, role: Role) -> None:
    before, _ = await join(hub, "Oak tablet" if name else "")
    await says(before, 3)
    assert (await join(hub, name, role))[1] is None


async def test_the_same_store_that_joins_again_has_lost_nothing(hub: Hub) -> None:
    before, _ = await join(hub)
    await says(before, 3)
    assert (await join(hub, dev=before.dev))[1] is None


async def test_a_hub_that_was_killed_still_knows(hub: Hub) -> None:
    from tests.hub.conftest import KEY, create_app, httpx

    before, _ = await join(hub)
    await says(before, 3)
    again = httpx.ASGITransport(app=create_app(hub.folder, KEY, None, hub.time, TEST))
    async with httpx.AsyncClient(transport=again, base_url="http://hub.test") as client:
        hub.client = client
        assert (await join(hub))[1] == {"at": hub.time(), "pending": 3}
