"""Little that becomes much: pictures, packed files, packed requests, nesting and crowds of keys. Refused, in little memory."""

import gzip
import json
import struct
import tracemalloc
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Any

import brotli
import httpx
import pytest

from app.media import arrived
from storage import media as pieces
from storage import names, segments
from storage.ops import Change, dumps
from tests.attack.parts import Askers, ask, well_answered
from tests.hub.conftest import Device, Hub
from tests.media import parts
from tests.usecases.odd import bomb

Refused = Callable[[httpx.Response, int, str], None]
MUCH = 64 * 1024 * 1024  # bytes: far less than any of these would become
JSON = [(b"content-type", b"application/json")]


@contextmanager
def little_memory() -> Iterator[None]:
    """For the whole of what is done inside, at its highest."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < MUCH
    finally:
        tracemalloc.stop()


def named(hub: Hub, tablet: Device, data: bytes, kind: str = "log") -> str:
    tablet.seq += 1
    dev, inc = tablet.writer.id.split(".")
    return str(names.Name(hub.made.amira, kind, names.hash_of(data), dev, inc, tablet.seq))


async def still_well(hub: Hub, tablet: Device) -> None:
    answer = await tablet.say(hub.made.amira, "observation:after", "note", "seen after all", text=True)
    assert answer.status_code == 200 and (await hub.client.get("/healthz")).json()["folder"] == "readable"


# -- pictures ------------------------------------------------------------------------------------------------------------
def jpeg_of(width: int, height: int) -> bytes:
    plain = parts.saved(parts.quarters())
    at = plain.index(b"\xff\xc0") + 5
    return plain[:at] + struct.pack(">HH", height, width) + plain[at + 4 :]


PICTURES = {
    "65,535 by 65,535": (jpeg_of(65_535, 65_535), arrived.TOO_MANY),
    "25 million and some": (jpeg_of(5_000, 5_001), arrived.TOO_MANY), "a packed png": (parts.huge_png(), arrived.NOT_OURS),
}  # fmt: skip


@pytest.mark.parametrize(("data", "told"), PICTURES.values(), ids=PICTURES)
async def test_a_picture_with_too_many_pixels_waits_for_the_senco_undecoded(
    hub: Hub, refused: Refused, data: bytes, told: str
) -> None:
    tablet, made = await hub.tablet(), pieces.chunks(hub.made.amira, data)
    for name, piece in made.items():
        assert (await tablet.put(name, piece)).status_code == 200
    facts = {"type": "image/jpeg", "chunks": pieces.hashes(made)}
    changes = [Change(hub.made.amira, "media:1", key, value) for key, value in facts.items()]
    with little_memory():
        answer = await tablet.put(*tablet.segment(hub.made.amira, *changes, media=tuple(pieces.hashes(made))))
    refused(answer, 403, "not_allowed")
    assert answer.json()["error"]["message"] == told
    await still_well(hub, tablet)


# -- packed files --------------------------------------------------------------------------------------------------------
def packed(size: int, line: bytes) -> bytes:
    """A segment that becomes so many bytes."""
    pack = zlib.compressobj(9)
    whole = [pack.compress(line * (2**20 // len(line))) for _ in range(size // 2**20)]
    return segments.header(segments.SEGMENT) + b"".join(whole) + pack.flush()


@pytest.mark.parametrize(
    "data",
    [bomb(), packed(2**28, b"[" * 64), packed(2**28, b"{}\n"), packed(2**25, b"\0" * 64)],
    ids=["lines", "nesting", "ops", "nul"],
)
@pytest.mark.parametrize("kind", ["log", "snap"])
async def test_a_file_that_unpacks_to_too_much_is_refused_before_it_does(
    hub: Hub, refused: Refused, data: bytes, kind: str
) -> None:
    tablet = await hub.tablet()
    with little_memory():
        answer = await tablet.put(named(hub, tablet, data, kind), data)
    refused(answer, 400, "bad_bytes")
    await still_well(hub, tablet)


async def test_a_bomb_that_lies_in_the_folder_already_stops_nobody(hub: Hub) -> None:
    tablet, data = await hub.tablet(), bomb()
    name = named(hub, tablet, data)
    (hub.folder.path / name).parent.mkdir(parents=True, exist_ok=True)
    (hub.folder.path / name).write_bytes(data)
    with little_memory():
        assert (await tablet.ask("GET", "/api/partitions")).status_code == 200
    await still_well(hub, tablet)


def deep(levels: int) -> str:
    return "[" * levels + "]" * levels


@pytest.mark.parametrize("levels", [500, 5_000, 500_000])
async def test_a_change_nested_without_end_is_refused(hub: Hub, refused: Refused, levels: int) -> None:
    tablet = await hub.tablet()
    head = {"partition": hub.made.amira, "writer": tablet.writer.id, "seq": 1, "media": []}
    op = {"e": "observation:1", "f": "note", "s": [1, 0], "w": tablet.writer.id, "i": "1"}
    line = json.dumps(op)[:-1] + f', "v": {deep(levels)}}}'
    data = segments.header(segments.SEGMENT) + zlib.compress(f"{dumps(head)}\n{line}".encode())
    answer = await tablet.put(named(hub, tablet, data), data)
    assert answer.status_code in ({200, 400, 403} if levels == 500 else {400}), answer.text
    await still_well(hub, tablet)


# -- packed requests -----------------------------------------------------------------------------------------------------
CODINGS = {"gzip": gzip.compress, "deflate": zlib.compress, "br": brotli.compress}


@pytest.mark.parametrize("coding", CODINGS)
async def test_a_packed_request_is_not_unpacked(hub: Hub, everybody: Askers, coding: str) -> None:
    """Nobody of ours sends one; so there is nothing to blow up."""
    body = CODINGS[coding](b" " * (2**24) + b'{"code": "AAAAAAAA", "device": "0000000000000000"}')
    assert len(body) < 64 * 1024
    headers = [*JSON, (b"content-encoding", coding.encode()), (b"content-length", str(len(body)).encode())]
    with little_memory():
        for method, target in (
            ("POST", "/api/join"),
            ("POST", "/api/links"),
            ("PUT", f"/api/files/p/{hub.made.amira}/media/{'0' * 32}"),
        ):
            answer = await ask(hub.app, method, target, everybody.tokens["senco"], headers, body)
            well_answered(answer)
            assert answer.status == 400, answer


@pytest.mark.parametrize("coding", CODINGS)
async def test_a_packed_file_is_not_the_file_of_its_name(hub: Hub, refused: Refused, coding: str) -> None:
    tablet = await hub.tablet()
    name, data = tablet.segment(hub.made.amira, Change(hub.made.amira, "observation:1", "note", "x", text=True))
    answer = await tablet.ask("PUT", f"/api/files/{name}", content=CODINGS[coding](data), headers={"Content-Encoding": coding})
    refused(answer, 400, "bad_bytes")


# -- words ---------------------------------------------------------------------------------------------------------------
def keys(count: int) -> bytes:
    return json.dumps({f"k{n}": n for n in range(count)}).encode()


WORDS: dict[str, tuple[bytes, int]] = {
    "30,000 brackets": (deep(30_000).encode(), 400), "30,000 braces": (b'{"a":' * 10_000 + b"1" + b"}" * 10_000, 400),
    "3,000 keys": (keys(3_000), 400), "a million keys": (keys(1_000_000), 413), "a long number": (b"9" * 60_000, 400),
    "a number without end": (b"1e999999", 400), "not a number": (b"NaN", 400), "a key twice": (b'{"code":1,"code":2}', 400),
    "colliding keys": (json.dumps({str(n * (2**61 - 1)): 0 for n in range(2_000)}).encode(), 400),
}  # fmt: skip


@pytest.mark.parametrize(("body", "status"), WORDS.values(), ids=WORDS)
async def test_words_that_are_a_bomb_are_told_in_the_one_shape(hub: Hub, everybody: Askers, body: bytes, status: int) -> None:
    with little_memory():
        for target, who in (
            ("/api/join", "nobody"),
            ("/api/links", "senco"),
            ("/api/pending", "ta"),
            ("/api/reports/termly", "senco"),
        ):
            headers = [*JSON, (b"content-length", str(len(body)).encode())]
            answer = await ask(hub.app, "POST", target, everybody.tokens[who], headers, body)
            well_answered(answer)
            assert answer.status == status, (target, answer)


async def test_a_body_that_says_nothing_of_its_length_is_cut_off_all_the_same(hub: Hub) -> None:
    answer = await ask(hub.app, "POST", "/api/join", None, JSON, keys(10_000))
    assert answer.status in {400, 413} and answer.error, answer


# -- a whole file of very many changes -----------------------------------------------------------------------------------
async def test_as_many_changes_as_one_file_can_hold_are_taken_in_and_the_hub_answers(hub: Hub) -> None:
    """It takes a while, and nobody is answered meanwhile; who does it has joined, is counted, and can be ended."""
    tablet = await hub.tablet()
    own = {"f": "note", "v": "x", "w": tablet.writer.id}
    many = [own | {"e": f"observation:{n}", "s": [1, n], "i": str(n)} for n in range(72_000)]
    head: dict[str, Any] = {"partition": hub.made.amira, "writer": tablet.writer.id, "seq": 1, "media": []}
    raw = "\n".join(dumps(line) for line in [head, *many]).encode()
    data = segments.header(segments.SEGMENT) + zlib.compress(raw, 9)
    assert 0.9 * segments.MOST_INFLATED < len(raw) < segments.MOST_INFLATED
    assert (await tablet.put(named(hub, tablet, data), data)).status_code == 200
    await still_well(hub, tablet)
