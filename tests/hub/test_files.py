"""The folder over HTTP: the same names and bytes, read back; and nothing that is no file of ours."""

import hashlib
import json
import os
from collections.abc import AsyncIterator, Callable
from typing import Any
from urllib.parse import quote, unquote

import httpx
import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.hub.guard.limits import LARGEST_BODY
from storage import media as pieces
from storage import names, segments
from storage.folder.hub import HubFolder
from tests.hub.conftest import Device, Hub, everything, note, records

Refused = Callable[[httpx.Response, int, str], None]


# -- put, read back, get -----------------------------------------------------------------------------------------------
async def test_a_file_that_was_put_is_read_back_with_the_nonce_before_it(hub: Hub, tablet: Device) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub))
    answer = await tablet.put(name, data, b"once")
    assert answer.json() == {"name": name, "size": len(data), "digest": hashlib.sha256(b"once" + data).hexdigest()}
    assert await hub.folder.get(name) == data


async def test_another_device_gets_the_same_bytes_and_the_school_knows(hub: Hub, tablet: Device, phone: Device) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub))
    await tablet.put(name, data)
    assert (await phone.ask("GET", f"/api/files/{name}")).content == data
    assert hub.office.school.observation("1").note == "seen"


async def test_the_same_file_twice_is_well(hub: Hub, tablet: Device) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub))
    first, second = await tablet.put(name, data), await tablet.put(name, data)
    assert first.json() == second.json()


async def test_a_file_that_rotted_in_the_folder_heals_when_it_is_put_again(hub: Hub, tablet: Device) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub))
    await tablet.put(name, data)
    await hub.folder.replace(name, b"rotten")
    assert (await tablet.put(name, data)).status_code == 200
    assert await hub.folder.get(name) == data


async def test_a_digest_speaks_of_what_lies_in_the_folder_now(hub: Hub, tablet: Device) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub))
    await tablet.put(name, data)
    await hub.folder.replace(name, b"rotten")
    answer = await tablet.ask("GET", f"/api/digest/{name}", params={"nonce": b"n".hex()})
    assert answer.json()["digest"] == hashlib.sha256(b"nrotten").hexdigest()


async def test_a_digest_of_nothing_is_none(hub: Hub, tablet: Device) -> None:
    name, _ = tablet.segment(hub.made.amira, note(hub))
    assert (await tablet.ask("GET", f"/api/digest/{name}")).json() == {"digest": None}


@pytest.mark.parametrize(
    ("span", "start", "end"), [("bytes=0-3", 0, 4), ("bytes=4-", 4, None), ("bytes=-5", -5, None), ("bytes=2-9999", 2, None)]
)
async def test_a_part_of_a_file_can_be_asked_for(hub: Hub, tablet: Device, span: str, start: int, end: int | None) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub))
    await tablet.put(name, data)
    answer = await tablet.ask("GET", f"/api/files/{name}", headers={"Range": span})
    assert (answer.status_code, answer.content) == (206, data[start:end])
    assert answer.headers["content-range"].endswith(f"/{len(data)}")


@pytest.mark.parametrize("span", ["bytes=9999-", "bytes=-0", "bytes=3-1"])
async def test_a_part_that_is_not_there_is_told(hub: Hub, tablet: Device, span: str) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub))
    await tablet.put(name, data)
    answer = await tablet.ask("GET", f"/api/files/{name}", headers={"Range": span})
    assert (answer.status_code, answer.headers["content-range"]) == (416, f"bytes */{len(data)}")


@pytest.mark.parametrize("span", ["bytes=-", "lines=1-2", "bytes=1-2,4-5", "bytes=a-b", "bytes=" + "9" * 40 + "-"])
async def test_a_range_that_makes_no_sense_gives_the_whole_file(hub: Hub, tablet: Device, span: str) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub))
    await tablet.put(name, data)
    answer = await tablet.ask("GET", f"/api/files/{name}", headers={"Range": span})
    assert (answer.status_code, answer.content) == (200, data)


async def test_the_hub_is_a_folder_like_any_other(hub: Hub, tablet: Device) -> None:
    folder = HubFolder(hub.client, tablet.token)
    name, data = tablet.segment(hub.made.amira, note(hub))
    assert await folder.put(name, data, b"n") == hashlib.sha256(b"n" + data).hexdigest()
    assert name in await folder.names(f"p/{hub.made.amira}/") and await folder.get(name, 2, 6) == data[2:6]
    held = {"school", hub.made.amira, hub.made.leo}
    assert await folder.partitions() == {p: d for p, d in (await hub.folder.partitions()).items() if p in held}
    assert (await tablet.put(*tablet.fold({name: data}))).status_code == 200
    await folder.delete(name)
    assert await folder.digest(name, b"") is None


# -- what is refused ---------------------------------------------------------------------------------------------------
async def test_bytes_that_are_not_what_the_name_says_are_refused(hub: Hub, tablet: Device, refused: Refused) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub))
    refused(await tablet.put(name, data + b"x"), 400, "bad_bytes")
    assert name not in records(hub)


async def test_a_body_over_2_mb_is_refused(hub: Hub, tablet: Device, refused: Refused) -> None:
    name, _ = tablet.segment(hub.made.amira, note(hub))
    refused(await tablet.put(name, bytes(LARGEST_BODY + 1)), 413, "file_too_big")


async def test_a_body_that_does_not_say_its_size_is_refused_at_2_mb(hub: Hub, tablet: Device, refused: Refused) -> None:
    async def endless() -> AsyncIterator[bytes]:
        for _ in range(4):
            yield bytes(LARGEST_BODY // 3)

    name, _ = tablet.segment(hub.made.amira, note(hub))
    refused(await tablet.ask("PUT", f"/api/files/{name}", content=endless()), 413, "file_too_big")


async def test_nobody_fills_the_hubs_memory_at_the_front_door(hub: Hub, refused: Refused) -> None:
    refused(await hub.client.post("/api/join", content=bytes(LARGEST_BODY + 1)), 413, "file_too_big")


async def test_a_segment_waits_for_its_pictures(hub: Hub, tablet: Device, refused: Refused) -> None:
    picture = pieces.chunks(hub.made.amira, b"a picture")
    name, data = tablet.segment(hub.made.amira, note(hub), media=tuple(pieces.hashes(picture)))
    refused(await tablet.put(name, data), 409, "media_missing")
    assert name not in records(hub)
    for one, bytes_ in picture.items():
        assert (await tablet.put(one, bytes_)).status_code == 200
    assert (await tablet.put(name, data)).status_code == 200


async def test_a_picture_that_rotted_on_its_way_is_missing(hub: Hub, tablet: Device, refused: Refused) -> None:
    (one, bytes_), *_ = pieces.chunks(hub.made.amira, b"a picture").items()
    await tablet.put(one, bytes_)
    await hub.folder.replace(one, b"rotten")
    refused(await tablet.put(*tablet.segment(hub.made.amira, note(hub), media=(one[-32:],))), 409, "media_missing")


@pytest.mark.parametrize("media", ["../../space.json", "", "x" * 500, "a\0b", "é", "*"])
async def test_a_picture_with_a_made_up_name_is_missing(hub: Hub, tablet: Device, refused: Refused, media: str) -> None:
    refused(await tablet.put(*tablet.segment(hub.made.amira, note(hub), media=(media,))), 409, "media_missing")


@pytest.mark.parametrize("data", [b"", b"plain text", b"SMST\1\1\0\0not packed", b"SMST\1\2\0\0another kind"])
async def test_a_segment_that_cannot_be_read_is_refused(hub: Hub, tablet: Device, refused: Refused, data: bytes) -> None:
    name = str(names.Name(hub.made.amira, "log", names.hash_of(data), tablet.dev, "0" * 16, 1))
    refused(await tablet.put(name, data), 400, "bad_bytes")


async def test_a_picture_that_is_no_chunk_of_ours_is_refused(hub: Hub, tablet: Device, refused: Refused) -> None:
    data = b"GIF89a no chunk"
    refused(await tablet.put(f"p/{hub.made.amira}/media/{names.hash_of(data)}", data), 400, "bad_bytes")


async def test_a_file_of_a_newer_format_is_refused_until_the_hub_is_newer(hub: Hub, tablet: Device, refused: Refused) -> None:
    data = b"SMST\2\2\0\0of next year"
    refused(await tablet.put(f"p/{hub.made.amira}/media/{names.hash_of(data)}", data), 409, "newer_format")


@pytest.mark.parametrize("raw", ["1.5", "NaN", "Infinity", "-1e999", "[" * 600 + "]" * 600])
async def test_a_value_that_could_never_be_written_again_is_refused(hub: Hub, tablet: Device, refused: Refused, raw: str) -> None:
    packed = segments.unpack(segments.body(tablet.segment(hub.made.amira, note(hub, "@"))[1], segments.SEGMENT))
    lines = "\n".join(segments.dumps(line) for line in packed).replace('"@"', raw)
    data = segments.header(segments.SEGMENT) + segments.zlib.compress(lines.encode())
    name = str(names.Name(hub.made.amira, "log", names.hash_of(data), *tablet.writer.id.split("."), tablet.seq))
    refused(await tablet.put(name, data), 400, "bad_bytes")
    assert (await tablet.ask("GET", "/api/partitions")).status_code == 200, "and the hub goes on"


async def test_a_snapshot_of_garbage_is_refused(hub: Hub, tablet: Device, refused: Refused) -> None:
    data = b"a snapshot"
    name = str(names.Name(hub.made.amira, "snap", names.hash_of(data), tablet.dev, "0" * 16, 1))
    refused(await tablet.put(name, data), 400, "bad_bytes")


@pytest.mark.parametrize("nonce", ["xyz", "abc", "00" * 65])
async def test_a_nonce_that_is_none_is_refused(hub: Hub, tablet: Device, refused: Refused, nonce: str) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub))
    refused(await tablet.ask("PUT", f"/api/files/{name}", content=data, headers={"X-Nonce": nonce}), 400, "bad_request")
    refused(await tablet.ask("GET", f"/api/digest/{name}", params={"nonce": nonce}), 400, "bad_request")


# -- hostile names -----------------------------------------------------------------------------------------------------
SECRET = "the key of the hub"
HEX = "0" * 32
BITS = [
    "..", ".", "%2e%2e", "%2e", "\\", "\0", "%00", "/", "//", "p", "school", "office", "hub", "tokens", "space.json", "log",
    "media", "local", "a" * 300, "ｐ", "é", "💥", "‮", "~", "*", "key", "con", HEX, f"{HEX}.office", "C:", "\n", " ", "%",
    "?", "#",
]  # fmt: skip
hostile = st.lists(st.one_of(st.sampled_from(BITS), st.text(max_size=8)), min_size=1, max_size=7).map("/".join)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=hostile, raw=st.booleans(), method=st.sampled_from(["GET", "PUT", "DELETE"]))
@example(name="../../key", raw=True, method="GET")
@example(name="p/school/../../../key", raw=False, method="PUT")
@example(name="hub/tokens/x.json", raw=False, method="GET")
@example(name="space.json", raw=False, method="PUT")
@example(name=f"p/school/media/{HEX}\n", raw=False, method="PUT")
async def test_no_name_reaches_beyond_the_folder_or_breaks_the_hub(hub: Hub, name: str, raw: bool, method: str) -> None:
    outside = hub.folder.path.parent / "key"
    outside.write_text(SECRET)
    phone = await once(hub)
    before = everything(hub.folder.path.parent)
    for path in ("/api/files/", "/api/digest/", "/api/p/"):
        asked = path + (quote(name, safe="/.\\%:*~") if raw else quote(name, safe=""))
        status, body = await straight(hub, method, asked, phone.token)
        assert SECRET.encode() not in body and status in {400, 401, 403, 404, 405}, body
        assert set(json.loads(body)["error"]) == {"code", "message", "retry"}
    assert everything(hub.folder.path.parent) == before


async def straight(hub: Hub, method: str, path: str, token: str) -> tuple[int, bytes]:
    """Asked past the client, which would tidy the dots away before the hub sees them."""
    heard: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "http.request", "body": b"x" * 9, "more_body": False}

    async def send(message: Any) -> None:
        heard.append(message)

    scope = {
        "type": "http", "method": method, "scheme": "http", "path": unquote(path), "raw_path": path.encode(), "root_path": "",
        "query_string": b"", "server": ("hub.test", 80), "client": ("127.0.0.1", 1), "http_version": "1.1",
        "headers": [(b"host", b"hub.test"), (b"authorization", f"Bearer {token}".encode()), (b"content-length", b"9")],
    }  # fmt: skip
    await hub.app(scope, receive, send)
    return heard[0]["status"], b"".join(message.get("body", b"") for message in heard)


PHONES: dict[int, Device] = {}


async def once(hub: Hub) -> Device:
    """One phone for all examples of one test."""
    if id(hub) not in PHONES:
        PHONES[id(hub)] = await hub.phone()
    return PHONES[id(hub)]


@pytest.mark.parametrize(
    "partition", ["..", "p", "SCHOOL", "school.office", "0" * 31, "0" * 33, "é" * 32, "0" * 32 + ".office.office"]
)
async def test_a_partition_that_is_none_is_not_here(hub: Hub, phone: Device, refused: Refused, partition: str) -> None:
    refused(await phone.ask("GET", f"/api/p/{quote(partition, safe='')}/names"), 404, "unknown")


async def test_a_file_that_is_not_there_is_not_here(hub: Hub, phone: Device, refused: Refused) -> None:
    refused(await phone.ask("GET", f"/api/files/p/{hub.made.amira}/media/{os.urandom(16).hex()}"), 404, "missing_name")


async def test_only_well_formed_names_are_listed(hub: Hub, phone: Device) -> None:
    (hub.folder.path / "p/school/log/notes of the SENCO.txt").write_text("foreign")
    assert all(names.parse(n) for n in (await phone.ask("GET", "/api/p/school/names")).json()["names"])
