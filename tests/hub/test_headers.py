"""What browsers are told, which names the hub answers to, and that no other site gets anything out of it."""

from collections.abc import AsyncIterator, Callable
from pathlib import Path

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.hub.guard.known_hosts import host_of
from app.hub.guard.responses import HEADERS
from app.hub.site import create_app
from storage.ops import Change
from tests.hub.conftest import KEY, TEST, Hub

Refused = Callable[[httpx.Response, int, str], None]
EVERYWHERE = [
    "/",
    "/api/partitions",
    "/f/made-up",
    "/page/page.css",
    "/app/",
    "/nothing",
    "/healthz",
    "/paper/made-up",
    "/join/A",
]


# -- what browsers are told ----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("path", EVERYWHERE)
async def test_no_other_site_gets_anything(hub: Hub, path: str) -> None:
    answer = await hub.client.get(path, headers={"Origin": "https://elsewhere.example"})
    assert not [key for key in answer.headers if key.startswith("access-control-")]
    assert {key: answer.headers.get(key) for key in HEADERS} == HEADERS
    assert "frame-ancestors 'none'" in answer.headers["content-security-policy"] or path == "/app/"


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize("method", ["OPTIONS", "TRACE", "PATCH", "CONNECT", "PROPFIND"])
async def test_nobody_may_ask_what_he_may_ask(hub: Hub, refused: Refused, method: str, path: str) -> None:
    asks = {"Origin": "https://elsewhere.example", "Access-Control-Request-Method": "PUT"}
    answer = await hub.client.request(method, path, headers=asks)
    refused(answer, answer.status_code, answer.json()["error"]["code"])
    assert answer.status_code in {404, 405} and not [key for key in answer.headers if key.startswith("access-control-")]


async def test_over_https_a_browser_never_comes_without_it_again(hub: Hub) -> None:
    async def told(url: str) -> str | None:
        return (await hub.client.get(url)).headers.get("strict-transport-security")

    assert await told("https://hub.test/healthz") == "max-age=31536000"
    assert await told("https://hub.test/nothing") and await told("https://hub.test/api/partitions")
    assert await told("http://hub.test/healthz") is None
    assert await told("https://localhost/healthz") is None  # else other programs of this computer could not be opened any more


async def test_every_answer_has_an_id_of_its_own(hub: Hub) -> None:
    ids = {(await hub.client.get(path)).headers["x-request-id"] for path in EVERYWHERE}
    assert len(ids) == len(EVERYWHERE)


# -- names ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("host", ["hub.test", "HUB.TEST:8550", "hub.test.", "127.0.0.1", "localhost:99", "[::1]:8550"])
async def test_the_hub_answers_to_its_own_names(hub: Hub, host: str) -> None:
    known = {"hub.test"} if "hub.test" in host.lower() else {"127.0.0.1", "localhost", "::1"}
    app = create_app(hub.folder, KEY, None, hub.time, TEST if "hub.test" in known else None)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://hub.test") as client:
        assert (await client.get("/healthz", headers={"Host": host})).status_code == 200


@pytest.mark.parametrize("path", EVERYWHERE)
@pytest.mark.parametrize(
    "host", ["else.example", "hub.test.else.example", "xhub.test", "", "hub.test@else.example", "hub.test/x"]
)
async def test_and_to_no_other(hub: Hub, refused: Refused, path: str, host: str) -> None:
    refused(await hub.client.get(path, headers={"Host": host}), 421, "host_unknown")


async def test_two_names_at_once_are_none(hub: Hub, refused: Refused) -> None:
    twice = [("Host", "hub.test"), ("Host", "elsewhere.example")]
    refused(await hub.client.get("/healthz", headers=twice), 421, "host_unknown")


async def test_the_address_that_was_asked_is_a_name(hub: Hub, refused: Refused) -> None:
    at = "http://192.0.2.5:8550/healthz"  # the transport says that this is where the question came in
    assert (await hub.client.get(at)).status_code == 200
    refused(await hub.client.get(at, headers={"Host": "192.0.2.6:8550"}), 421, "host_unknown")


async def test_so_is_what_the_school_says_it_is_reached_by(hub: Hub, refused: Refused) -> None:
    refused(await hub.client.get("/", headers={"Host": "steps.example"}), 421, "host_unknown")
    await hub.writer.write([Change("school", "school:settings", "public_url", "https://steps.example/")])
    phone = await hub.phone()
    await phone.ask("GET", "/api/partitions")
    assert (await hub.client.get("/", headers={"Host": "steps.example"})).status_code == 200


async def test_a_school_s_address_that_is_none_opens_nothing(hub: Hub, refused: Refused) -> None:
    await hub.writer.write([Change("school", "school:settings", "public_url", "https://[")])
    await (await hub.phone()).ask("GET", "/api/partitions")
    refused(await hub.client.get("/", headers={"Host": "steps.example"}), 421, "host_unknown")


@given(st.text(max_size=300))
def test_whatever_stands_there_is_a_name_or_nothing(text: str) -> None:
    name = host_of(text)
    assert set(name) <= set("abcdefghijklmnopqrstuvwxyz0123456789.-:")


# -- health --------------------------------------------------------------------------------------------------------------
@pytest.fixture
async def moved(hub: Hub) -> AsyncIterator[Path]:
    away = hub.folder.path.with_name("away")
    yield hub.folder.path.rename(away)
    away.rename(hub.folder.path)


async def test_health_tells_version_and_folder_and_nothing_else(hub: Hub) -> None:
    told = (await hub.client.get("/healthz")).json()
    assert told == {"status": "well", "version": told["version"], "folder": "readable"} and told["version"][0].isdigit()


async def test_a_folder_that_has_gone_is_told(hub: Hub, moved: Path) -> None:
    answer = await hub.client.get("/healthz")
    assert (answer.status_code, answer.json()["folder"]) == (200, "away")


async def test_asking_often_does_not_ask_the_folder_often(hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    looks = []

    async def look() -> None:
        looks.append(1)

    monkeypatch.setattr(hub.office.ground, "look", look)
    for _ in range(5):
        await hub.client.get("/healthz")
    hub.time.forward(5000)
    await hub.client.get("/healthz")
    assert len(looks) == 2
