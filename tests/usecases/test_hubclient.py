"""What a device is told by the hub, and by whoever else answers in its place."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.errors import (
    CodeUnknown,
    DeviceUnknown,
    HubUnreachable,
    PupilUnknown,
    SmallStepsError,
    leaves,
)
from app.usecases.session.hub import HubClient, as_api_error
from tests.hub.conftest import Hub

Answer = Callable[[httpx.Request], httpx.Response]


def client(answer: Answer) -> HubClient:
    return HubClient(httpx.AsyncClient(transport=httpx.MockTransport(answer), base_url="http://hub.test"), "token")


def says(status: int = 200, **more: Any) -> Answer:
    return lambda request: httpx.Response(status, **more)


@pytest.mark.parametrize("leaf", leaves(), ids=lambda leaf: leaf.code)
def test_every_error_of_the_hub_is_the_same_error_here(leaf: type[SmallStepsError]) -> None:
    body = {"error": {"code": leaf.code, "message": "In these words.", "retry": leaf.retry}}
    made = as_api_error(httpx.Response(leaf.status, json=body))
    assert type(made) is leaf and made.message == "In these words."


def test_an_error_that_is_new_here_is_told_in_the_hubs_words() -> None:
    made = as_api_error(
        httpx.Response(400, json={"error": {"code": "of_next_year", "message": "In these words.", "retry": False}})
    )
    assert type(made) is SmallStepsError and made.message == "In these words."


@pytest.mark.parametrize(
    "body",
    [b"", b"<html>502</html>", b"[]", b"null", b'{"error": 5}', b'{"error": {"code": []}}', b'{"error": {"code": "x"}}', b"\xff"],
)
def test_an_error_in_another_shape_is_not_the_hubs(body: bytes) -> None:
    assert isinstance(as_api_error(httpx.Response(502, content=body)), HubUnreachable)


@pytest.mark.parametrize(
    "body", [b"<html>Please sign in to the guest Wi-Fi</html>", b"", b"[]", b"5", b"{}", b'{"token": "x"}', b"\xff\xfe"]
)
async def test_who_answers_well_but_is_not_the_hub_is_nobody(body: bytes) -> None:
    hub = client(says(content=body))
    for ask in (hub.join("AAAAAAAA", "0" * 16, ""), hub.make_link("x", 3), hub.links("x"), hub.invite("ta", [], None)):
        with pytest.raises(HubUnreachable):
            await ask
    with pytest.raises(HubUnreachable):
        await hub.termly_report("x", "y", lambda *_: None)


async def test_a_redirect_leads_nowhere() -> None:
    with pytest.raises(HubUnreachable):
        await client(says(302, headers={"Location": "https://wifi.example/"})).links("x")


@pytest.mark.parametrize("error", [httpx.ConnectError, httpx.ReadTimeout, httpx.RemoteProtocolError])
async def test_when_nobody_answers_it_is_told_that_all_is_safe(error: type[httpx.HTTPError]) -> None:
    def fails(request: httpx.Request) -> httpx.Response:
        raise error("gone")

    with pytest.raises(HubUnreachable, match="Everything is safe on this tablet") as found:
        await client(fails).links("x")
    assert found.value.retry


async def test_a_report_that_failed_is_told_in_the_hubs_words() -> None:
    def answer(request: httpx.Request) -> httpx.Response:
        state = {"state": "failed", "step": "There is no pupil with this id here.", "done": 0, "total": 1, "url": ""}
        return httpx.Response(200, json={"job": "j"} if request.method == "POST" else state)

    with pytest.raises(SmallStepsError, match="no pupil"):
        await client(answer).termly_report("x", "y", lambda *_: None)


async def test_the_real_hubs_errors_arrive(hub: Hub) -> None:
    here = HubClient(hub.client)
    with pytest.raises(CodeUnknown):
        await here.join("AAAAAAAA", "0" * 16, "")
    with pytest.raises(DeviceUnknown):
        await here.links(hub.made.amira)
    here.token = (await hub.phone()).token
    with pytest.raises(PupilUnknown):
        await here.make_link("nobody", 3)
