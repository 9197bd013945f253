"""A code lets one device in, once, within ten minutes; guessing closes it."""

import asyncio
import os

import pytest

from app.domain.vocabulary.roles import Role
from app.hub.devices.access import LETTERS, MOST_TRIES
from tests.hub.conftest import TEST, Hub


def wrong(code: str) -> str:
    """The same public letters, another secret."""
    return code[:7] + next(c for c in LETTERS if c != code[7])


async def join(hub: Hub, code: str, dev: str = "") -> object:
    return await hub.client.post("/api/join", json={"code": code, "device": dev or os.urandom(8).hex(), "name": "Oak tablet"})


async def test_a_code_tells_a_device_what_it_is_and_what_it_may_see(hub: Hub) -> None:
    code, expires = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
    assert expires == hub.time() + 600_000 and len(code) == 8 and set(code) <= set(LETTERS)
    answer = (await join(hub, f" {code[:4].lower()}-{code[4:]} ")).json()
    assert {k: v for k, v in answer.items() if k != "token"} == {
        "role": "ta", "classes": [hub.made.oak], "staff": None, "school": "Brook School", "space": hub.made.space,
        "before": None,
    }  # fmt: skip


async def test_a_code_works_once(hub: Hub, refused) -> None:
    code, _ = await hub.office.access.invite(Role.TA, [], None)
    first, second = await asyncio.gather(join(hub, code), join(hub, code))
    assert sorted((first.status_code, second.status_code)) == [200, 403]
    refused(await join(hub, code), 403, "code_used")


async def test_a_code_lasts_ten_minutes(hub: Hub, refused) -> None:
    code, _ = await hub.office.access.invite(Role.TA, [], None)
    hub.time.forward(600_001)
    refused(await join(hub, code), 403, "code_expired")


async def test_five_wrong_tries_close_a_code_and_no_other(hub: Hub, refused) -> None:
    code, _ = await hub.office.access.invite(Role.TA, [], None)
    other, _ = await hub.office.access.invite(Role.TA, [], None)
    for _ in range(MOST_TRIES):
        refused(await join(hub, wrong(code)), 403, "code_unknown")
    refused(await join(hub, code), 403, "too_many_tries")
    assert (await join(hub, other)).status_code == 200


async def test_a_wrong_guess_is_not_told_that_the_code_was_used_or_is_old(hub: Hub, refused) -> None:
    code, _ = await hub.office.access.invite(Role.TA, [], None)
    await join(hub, code)
    hub.time.forward(700_000)
    refused(await join(hub, wrong(code)), 403, "code_unknown")


@pytest.mark.parametrize("code", ["", "AAAAAAAA", "../../ab", "AB", "x" * 40, "ÄÖÜ12345", "\0" * 8])
async def test_a_made_up_code_is_refused(hub: Hub, refused, code: str) -> None:
    refused(await join(hub, code), 403, "code_unknown")


async def test_the_demo_code_works_again_for_a_day(hub: Hub, refused) -> None:
    code, _ = await hub.office.access.invite(Role.TA, [], None, lasts=86_400_000, reusable=True)
    assert [(await join(hub, code)).status_code for _ in range(3)] == [200, 200, 200]
    hub.time.forward(86_400_001)
    refused(await join(hub, code), 403, "code_expired")


async def test_no_secret_is_kept_in_the_folder(hub: Hub) -> None:
    code, _ = await hub.office.access.invite(Role.SENCO, [], None)
    token = (await join(hub, code)).json()["token"]
    link = (await hub.link(hub.made.amira)).removeprefix("/f/")
    kept = "".join([(await hub.folder.get(n)).decode() + n for n in await hub.folder.names("hub/")])
    assert code not in kept and token not in kept and link not in kept


async def test_a_writer_of_the_folder_cannot_let_himself_in(hub: Hub, refused) -> None:
    phone = await hub.phone()
    name = next(n for n in await hub.folder.names("hub/tokens/"))
    forged = (await hub.folder.get(name)).replace(b'"senco"', b'"dsl"')
    await hub.folder.replace(name, forged)
    refused(await phone.ask("GET", "/api/partitions"), 401, "device_unknown")


async def test_only_the_senco_invites(hub: Hub, refused) -> None:
    wanted = {"role": "ta", "classes": [hub.made.oak], "staff": None, "device": "Oak tablet"}
    refused(await (await hub.tablet()).ask("POST", "/api/invites", json=wanted), 403, "not_allowed")
    made = (await (await hub.phone()).ask("POST", "/api/invites", json=wanted)).json()
    assert made["url"] == f"http://hub.test/join/{made['code']}" and made["expires"] == hub.time() + 600_000
    assert (await join(hub, made["code"])).json()["classes"] == [hub.made.oak]


async def test_a_join_link_opens_the_app(hub: Hub) -> None:
    answer = await hub.client.get("/join/abcdefgh")
    assert (answer.status_code, answer.headers["location"]) == (303, "/app/join/ABCDEFGH")


async def test_the_senco_sees_and_ends_a_device_and_never_her_own(hub: Hub, refused) -> None:
    tablet, phone = await hub.tablet(), await hub.phone()
    listed = (await phone.ask("GET", "/api/devices")).json()["devices"]
    assert {d["device"]: d["ended"] for d in listed} == {tablet.dev: False, phone.dev: False}
    assert (await phone.ask("DELETE", f"/api/devices/{tablet.dev}")).status_code == 200
    refused(await tablet.ask("GET", "/api/partitions"), 401, "device_unknown")
    refused(await phone.ask("DELETE", f"/api/devices/{phone.dev}"), 403, "not_allowed")
    refused(await tablet.ask("DELETE", f"/api/devices/{phone.dev}"), 401, "device_unknown")


async def test_a_hub_that_was_killed_knows_every_device_again(hub: Hub) -> None:
    from tests.hub.conftest import KEY, create_app, httpx

    tablet = await hub.tablet()
    again = httpx.ASGITransport(app=create_app(hub.folder, KEY, None, hub.time, TEST))
    async with httpx.AsyncClient(transport=again, base_url="http://hub.test") as client:
        tablet.client = client
        assert (await tablet.ask("GET", "/api/partitions")).status_code == 200
