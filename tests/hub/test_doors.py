"""Every route of the hub against everybody who has no business there: one shape, one status, and never a 500."""

from typing import Any

import pytest

from app.hub.guard.responses import HEADERS
from storage.ops import Change
from tests.hub.conftest import Hub
from tests.hub.doors import DOORS, UNKNOWN, Door, Refused, knock

OPEN = {
    "POST /api/join", "GET /healthz", "GET /", "GET /robots.txt", "GET /join/{code}", "GET /page/{file}", "GET /f/{token}",
    "GET /f/{token}/media/{media}", "GET /f/{token}/still/{media}", "GET /paper/{ticket}", "GET /app", "GET /app/{path}",
}  # fmt: skip
doors = pytest.mark.parametrize("door", DOORS, ids=lambda door: f"{door.method} {door.path}")


@pytest.mark.filterwarnings("ignore:Duplicate Operation ID")
def test_every_route_is_in_this_table_or_open_to_all(hub: Hub) -> None:
    routes = {f"{m.upper()} {path}" for path, methods in hub.app.openapi()["paths"].items() for m in methods if m != "head"}
    assert routes == {f"{door.method} {door.route}" for door in DOORS} | OPEN


@doors
async def test_without_a_token_nobody_gets_in(hub: Hub, refused: Refused, door: Door) -> None:
    for token in (None, "", "made-up", "é", "x" * 5000):
        refused(await knock(hub, door, token), *UNKNOWN)


@doors
async def test_a_familys_link_opens_its_page_and_nothing_else(hub: Hub, refused: Refused, door: Door) -> None:
    token = (await hub.link(hub.made.amira)).removeprefix("/f/")
    refused(await knock(hub, door, token), *UNKNOWN)


@doors
async def test_a_tas_tablet_gets_what_is_its_own(hub: Hub, refused: Refused, door: Door) -> None:
    answer = await knock(hub, door, (await hub.tablet()).token)
    refused(answer, *door.ta) if door.ta else answer.raise_for_status()


@doors
async def test_a_revoked_tablet_gets_nothing(hub: Hub, refused: Refused, door: Door) -> None:
    tablet = await hub.tablet()
    await hub.office.access.revoke(tablet.dev, "test")
    answer = await knock(hub, door, tablet.token)
    refused(answer, *door.revoked) if door.revoked else answer.raise_for_status()


@doors
async def test_a_token_in_another_scheme_is_none(hub: Hub, refused: Refused, door: Door) -> None:
    token = (await hub.phone()).token
    answer = await hub.client.request(
        door.method, door.path.format(**vars(hub.made)), headers={"Authorization": f"Basic {token}"}
    )
    refused(answer, *UNKNOWN) if not door.json else refused(answer, answer.status_code, answer.json()["error"]["code"])
    assert answer.status_code in {400, 401}


@pytest.mark.parametrize("door", [d for d in DOORS if d.json], ids=lambda door: door.path)
@pytest.mark.parametrize("body", [b"", b"{", b"[]", b"null", b'{"pupil": 5}', b'{"pupil": "\\ud800"}', b"\xff\xfe", b"[" * 9000])
async def test_a_body_that_makes_no_sense_is_told_in_the_one_shape(hub: Hub, refused: Refused, door: Door, body: bytes) -> None:
    phone = await hub.phone()
    answer = await phone.ask(door.method, door.path, content=body, headers={"Content-Type": "application/json"})
    refused(answer, 400, "bad_request")


@pytest.mark.parametrize(
    "body",
    [
        {},
        {"code": 1},
        {"code": "x" * 41, "device": "0" * 16},
        {"code": "AAAAAAAA", "device": "../.."},
        {"code": "AAAAAAAA", "device": "0" * 16, "name": "x" * 81},
    ],
)
async def test_a_join_that_makes_no_sense_is_told_in_the_one_shape(hub: Hub, refused: Refused, body: dict[str, Any]) -> None:
    refused(await hub.client.post("/api/join", json=body), 400, "bad_request")


async def test_half_a_character_in_a_name_does_not_use_up_a_code(hub: Hub, refused: Refused) -> None:
    from app.domain.vocabulary.roles import Role

    code, _ = await hub.office.access.invite(Role.TA, [], None)
    body = b'{"code": "%s", "device": "%s", "name": "\\ud800"}' % (code.encode(), b"0" * 16)
    answer = await hub.client.post("/api/join", content=body, headers={"Content-Type": "application/json"})
    refused(answer, 400, "bad_request")
    assert (await hub.client.post("/api/join", json={"code": code, "device": "0" * 16, "name": "é"})).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status", "code"),
    [
        ("GET", "/nothing", 404, "unknown"), ("GET", "/api/nothing", 404, "unknown"), ("GET", "/api/partitions/", 404, "unknown"),
        ("POST", "/api/partitions", 405, "bad_request"), ("DELETE", "/", 405, "bad_request"), ("GET", "/docs", 404, "unknown"),
        ("GET", "/openapi.json", 404, "unknown"), ("GET", "/page/../../space.json", 404, "unknown"),
        ("GET", "/page/page.html", 404, "unknown"), ("GET", "/paper/made-up", 404, "unknown"),
    ],
)  # fmt: skip
async def test_what_is_not_there_is_told_in_the_one_shape(
    hub: Hub, refused: Refused, method: str, path: str, status: int, code: str
) -> None:
    refused(await hub.client.request(method, path), status, code)


async def test_a_problem_of_the_hubs_own_is_told_without_a_traceback(
    hub: Hub, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def broken() -> dict[str, str]:
        raise RuntimeError("a secret detail")

    phone = await hub.phone()
    monkeypatch.setattr(hub.office, "refresh", broken)
    answer = await phone.ask("GET", "/api/partitions")
    refused(answer, 500, "problem")
    assert "secret" not in answer.text and answer.json()["error"]["retry"]
    assert {key: answer.headers.get(key) for key in HEADERS} == HEADERS


async def test_a_folder_that_has_gone_is_told_and_comes_back(hub: Hub, refused: Refused) -> None:
    phone = await hub.phone()
    hub.folder.path.rename(hub.folder.path.with_name("away"))
    answer = await phone.ask("GET", "/api/partitions")
    assert answer.status_code in {400, 401, 503} and set(answer.json()["error"]) == {"code", "message", "retry"}
    hub.folder.path.with_name("away").rename(hub.folder.path)
    assert (await phone.ask("GET", "/api/partitions")).status_code == 200


@pytest.mark.parametrize("path", ["/", "/api/partitions", "/f/made-up", "/page/page.css", "/app/", "/nothing", "/healthz"])
async def test_every_answer_may_not_be_framed_or_guessed_at(hub: Hub, path: str) -> None:
    answer = await hub.client.get(path)
    assert {key: answer.headers.get(key) for key in HEADERS} == HEADERS
    assert "default-src" in answer.headers["content-security-policy"]


async def test_what_is_only_for_who_asked_is_kept_by_nobody(hub: Hub) -> None:
    for path in ("/api/partitions", await hub.link(hub.made.amira), "/f/made-up/media/x", "/paper/made-up"):
        answer = await hub.client.get(path)
        assert answer.headers["cache-control"] == "no-store" and "noindex" in answer.headers["x-robots-tag"]


async def test_links_are_made_seen_and_ended_by_who_leads(hub: Hub, refused: Refused) -> None:
    phone = await hub.phone()
    made = (await phone.ask("POST", "/api/links", json={"pupil": hub.made.amira, "days": 30})).json()
    assert made["url"].startswith("http://hub.test/f/") and made["expires"] == hub.time() + 30 * 86_400_000
    await hub.client.get(made["url"])
    listed = (await phone.ask("GET", "/api/links", params={"pupil": hub.made.amira})).json()["links"]
    assert listed == [{"id": made["id"], "expires": made["expires"], "ended": False, "looks": 1}]
    assert (await phone.ask("GET", "/api/links", params={"pupil": hub.made.leo})).json() == {"links": []}
    assert (await phone.ask("DELETE", f"/api/links/{made['id']}")).status_code == 200
    assert (await phone.ask("GET", "/api/links", params={"pupil": hub.made.amira})).json()["links"][0]["ended"]


@pytest.mark.parametrize("ident", ["0" * 32, "..", "x", "%2e%2e%2fspace"])
async def test_a_link_that_is_none_cannot_be_ended(hub: Hub, refused: Refused, ident: str) -> None:
    answer = await (await hub.phone()).ask("DELETE", f"/api/links/{ident}")
    assert answer.status_code in {404, 405} and answer.json()["error"]["code"] in {"link_ended", "unknown", "bad_request"}


@pytest.mark.parametrize("days", [0, -1, 401, "x"])
async def test_a_link_lasts_a_day_to_a_year_and_a_bit(hub: Hub, refused: Refused, days: object) -> None:
    phone = await hub.phone()
    refused(await phone.ask("POST", "/api/links", json={"pupil": hub.made.amira, "days": days}), 400, "bad_request")


async def test_a_link_for_nobody_is_not_made(hub: Hub, refused: Refused) -> None:
    refused(await (await hub.phone()).ask("POST", "/api/links", json={"pupil": "nobody", "days": 3}), 404, "pupil_unknown")


async def test_links_lead_to_where_the_school_says_it_is_reached(hub: Hub) -> None:
    phone = await hub.phone()
    hub.time.forward(1000)
    await phone.put(*phone.segment("school", Change("school", "school:settings", "public_url", "https://steps.example/")))
    made = (await phone.ask("POST", "/api/links", json={"pupil": hub.made.amira, "days": 3})).json()
    assert made["url"].startswith("https://steps.example/f/")
