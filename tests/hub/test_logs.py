"""The log: one line a request, ids alone, whatever is asked and whatever goes wrong."""

import json
import stat
from pathlib import Path
from typing import Any

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from app.hub.guard.known_hosts import Front
from app.hub.guard.request_log import to_file
from app.hub.site import create_app
from storage.ops import Change
from tests.hub.conftest import KEY, Device, Hub


@pytest.fixture
def lines(hub: Hub) -> list[str]:
    """The hub's log from now on, over the same folder."""
    written: list[str] = []
    front = Front(names=frozenset({"hub.test"}), write=written.append)
    hub.app = create_app(hub.folder, KEY, None, hub.time, front)
    hub.client = httpx.AsyncClient(transport=httpx.ASGITransport(hub.app, raise_app_exceptions=False), base_url="http://hub.test")
    return written


def last(lines: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = json.loads(lines[-1])
    return found


async def test_a_line_has_id_route_status_time_and_device(hub: Hub, lines: list[str]) -> None:
    tablet = await hub.tablet()
    answer = await tablet.ask("GET", f"/api/p/{hub.made.amira}/names")
    line = last(lines)
    assert set(line) == {"time", "request", "method", "route", "status", "ms", "device"}
    assert (line["method"], line["route"], line["status"]) == ("GET", "/api/p/{partition}/names", 200)
    assert (line["device"], line["request"]) == (tablet.dev, answer.headers["x-request-id"])
    assert line["ms"] > 0 and line["time"].endswith("+00:00")


async def test_no_secret_and_no_word_about_anybody_is_in_it(hub: Hub, lines: list[str]) -> None:
    code, _ = await hub.office.access.invite(Role.SENCO, [], None)
    joined = await hub.client.post("/api/join", json={"code": code, "device": "ab" * 8, "name": "Ruth's phone"})
    phone = Device(hub.client, "ab" * 8, joined.json()["token"], hub.time)
    link = (await phone.ask("POST", "/api/links", json={"pupil": hub.made.amira, "days": 3})).json()["url"]
    await phone.put(*phone.segment(hub.made.amira, Change(hub.made.amira, "observation:1", "note", "A secret note", text=True)))
    for path in (link, f"{link}/media/x", f"/join/{code}", f"/api/files/p/{hub.made.amira}/x?name=Amira", "/Amira%20Haddad"):
        await phone.ask("GET", path, headers={"User-Agent": "Amira's father"})
    whole = "\n".join(lines)
    assert len(lines) >= 8 and "/f/{token}" in whole and "/join/{code}" in whole
    kept_out = (code, phone.token, link.rsplit("/", 1)[1], "Amira", "Haddad", "secret", "Ruth", hub.made.amira, "127.0.0.1")
    assert [word for word in kept_out if word in whole] == []


async def test_a_strange_method_is_no_way_to_write_into_it(hub: Hub, lines: list[str]) -> None:
    await hub.client.request("AMIRA", "/")
    assert (last(lines)["method"], last(lines)["status"]) == ("other", 405)


async def test_an_error_is_told_by_its_kind_and_place_alone(
    hub: Hub, lines: list[str], monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken() -> dict[str, str]:
        raise KeyError("Amira Haddad")

    phone = await hub.phone()
    monkeypatch.setattr(hub.office, "refresh", broken)
    answer = await phone.ask("GET", "/api/partitions")
    line = last(lines)
    assert (answer.status_code, line["status"], line["error"]) == (500, 500, "KeyError")
    assert any(place.startswith("app/hub/routes/files.py:") for place in line["at"])
    assert "Amira" not in lines[-1] + answer.text and capsys.readouterr().err == ""


async def test_without_a_log_an_error_is_still_told_on_the_terminal(
    hub: Hub, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    async def broken() -> dict[str, str]:
        raise KeyError("Amira Haddad")

    phone = await hub.phone()
    monkeypatch.setattr(hub.office, "refresh", broken)
    await phone.ask("GET", "/api/partitions")
    told = capsys.readouterr().err
    assert json.loads(told)["error"] == "KeyError" and "Amira" not in told


def test_a_file_of_lines_is_for_the_hub_alone_and_can_be_moved_away(tmp_path: Path) -> None:
    file = tmp_path / "hub.log"
    write = to_file(file)
    write("one")
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    file.rename(tmp_path / "old.log")
    write("two")
    write("three")
    assert ((tmp_path / "old.log").read_text(), file.read_text()) == ("one\n", "two\nthree\n")


def test_a_log_that_cannot_be_written_stops_nobody(tmp_path: Path) -> None:
    to_file(tmp_path / "nowhere" / "hub.log")("a line")
    assert list(tmp_path.iterdir()) == []
