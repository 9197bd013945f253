"""The hub's folder from the device's side: what every answer, or none, means for what waits here."""

import httpx
import pytest

from storage.errors import (
    BadBytes,
    FolderReadOnly,
    FolderUnreadable,
    MissingName,
    NewerFormat,
    Refused,
    StorageError,
    StoreFull,
    Unreachable,
)
from storage.folder.hub import HubFolder
from tests.storage.parts import picture

((NAME, DATA),) = picture().items()


def answering(answer: object) -> HubFolder:
    """A hub that gives this one answer, or raises it."""

    def handle(request: httpx.Request) -> httpx.Response:
        if isinstance(answer, Exception):
            raise answer
        assert isinstance(answer, httpx.Response) and request.headers["authorization"] == "Bearer token"
        return answer

    return HubFolder(httpx.AsyncClient(transport=httpx.MockTransport(handle), base_url="http://hub.test"), "token")


def said(status: int, code: str) -> httpx.Response:
    return httpx.Response(status, json={"error": {"code": code, "message": "A sentence.", "retry": False}})


@pytest.mark.parametrize(
    "answer,kind",
    [
        (httpx.ConnectError("no route"), Unreachable), (httpx.ReadTimeout("too long"), Unreachable),
        (httpx.RemoteProtocolError("broken off"), Unreachable), (said(400, "bad_bytes"), BadBytes),
        (said(409, "media_missing"), Refused), (said(403, "not_allowed"), Refused), (said(401, "device_unknown"), Refused),
        (said(507, "store_full"), FolderReadOnly), (said(500, "folder_unreadable"), FolderUnreadable),
        (said(400, "newer_format"), NewerFormat), (said(500, "problem"), Unreachable), (said(429, "too_many"), Unreachable),
        (httpx.Response(502, text="<html>Bad gateway"), Unreachable), (httpx.Response(403, text="<html>No"), Refused),
        (httpx.Response(404), MissingName),
    ],
)  # fmt: skip
async def test_every_answer_is_an_error_of_the_ground(answer: object, kind: type[StorageError]) -> None:
    with pytest.raises(kind):
        await answering(answer).put(NAME, DATA)


async def test_a_hub_without_room_never_passes_for_a_tablet_without_room() -> None:
    with pytest.raises(StorageError) as told:
        await answering(said(507, "store_full")).put(NAME, DATA)
    assert not isinstance(told.value, StoreFull)


@pytest.mark.parametrize("page", ["<html>Please sign in to the Wi-Fi", "[]", "null", "{}", '{"other": 1}'])
async def test_i4_the_sign_in_page_of_a_guest_wifi_is_no_hub(page: str) -> None:
    folder = answering(httpx.Response(200, text=page))
    for asked in (folder.put(NAME, DATA), folder.partitions(), folder.names(NAME), folder.digest(NAME, b"")):
        with pytest.raises(Unreachable):
            await asked


async def test_bad_bytes_never_leave_this_device() -> None:
    with pytest.raises(BadBytes):
        await answering(AssertionError("it was asked")).put(NAME, b"?")


async def test_a_file_that_is_gone_already_is_deleted() -> None:
    await answering(httpx.Response(404)).delete(NAME)
