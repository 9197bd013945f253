"""Pictures are looked at when the record that names them arrives: put together from their pieces, and two at once at most."""

import asyncio
import base64
from collections.abc import Callable
from pathlib import Path

import httpx
import pytest

from app.errors import NotAllowed
from app.hub.files import uploads
from app.hub.files.uploads import MOST_PIECES, Uploads, may_show
from app.media import arrived
from storage import media as pieces
from storage.folder.memory import Memory
from storage.ops import Change, Op
from tests.hub.conftest import Device, Hub
from tests.media import parts
from tests.pictures import photo
from tests.storage.parts import AMIRA, BEN

Refused = Callable[[httpx.Response, int, str], None]
PLAIN = parts.saved(parts.quarters())
TELLING = parts.turned(6)
PNG = parts.saved(parts.quarters(), "PNG")


def fact(field: str, value: object, medium: str = "1") -> Op:
    return Op(f"media:{medium}", field, value, (1, 0), "w", f"{medium}{field}")


def record(data: bytes, *, kind: str = "image/jpeg", medium: str = "1") -> tuple[dict[str, bytes], list[Op]]:
    """A medium's pieces, and the ops that name them."""
    made = pieces.chunks(AMIRA, data)
    return made, [fact("chunks", pieces.hashes(made), medium), fact("type", kind, medium)]


def small(data: bytes) -> str:
    return base64.b64encode(data).decode()


async def looked_at(files: dict[str, bytes], ops: list[Op]) -> str:
    """What the hub says of it; "" where it comes in."""
    folder = Memory()
    folder.files = dict(files)
    try:
        await Uploads(folder).look(AMIRA, ops)
    except NotAllowed as error:
        return error.message
    return ""


# -- one record ----------------------------------------------------------------------------------------------------------
async def test_a_photo_of_many_pieces_is_looked_at_as_one() -> None:
    files, ops = record(photo(2_500_000))
    assert len(files) == 3 and await looked_at(files, ops) == ""


async def test_pieces_in_another_order_are_another_picture() -> None:
    files, ops = record(photo(2_500_000))
    turned = list(reversed(ops[0].value))
    assert await looked_at(files, [fact("chunks", turned), ops[1]]) == arrived.NOT_OURS


@pytest.mark.parametrize(
    "data,kind,told",
    [
        (TELLING, "image/jpeg", arrived.TELLS), (PNG, "image/png", arrived.NOT_OURS), (PNG, "image/jpeg", arrived.NOT_OURS),
        (PLAIN, "text/html", arrived.NOT_OURS), (PLAIN[:300], "image/jpeg", arrived.BROKEN),
        (b"", "image/jpeg", arrived.NOT_OURS),
    ],
    ids=["notes", "a png", "said to be a jpeg", "said to be a page", "half", "nothing"],
)  # fmt: skip
async def test_what_the_app_does_not_make_is_told(data: bytes, kind: str, told: str) -> None:
    assert await looked_at(*record(data, kind=kind)) == told


async def test_a_picture_whose_type_comes_later_is_looked_at_all_the_same() -> None:
    files, ops = record(TELLING)
    assert await looked_at(files, ops[:1]) == arrived.TELLS


async def test_one_bad_picture_among_good_ones_is_enough() -> None:
    good, good_ops = record(PLAIN)
    bad, bad_ops = record(TELLING, medium="2")
    assert await looked_at(good | bad, good_ops + bad_ops) == arrived.TELLS


@pytest.mark.parametrize("field", ["thumb", "poster"])
async def test_small_pictures_are_looked_at_too(field: str) -> None:
    assert await looked_at({}, [fact(field, small(PLAIN))]) == ""
    assert await looked_at({}, [fact(field, small(TELLING))]) == arrived.TELLS
    assert await looked_at({}, [fact(field, {"not": "a text"})]) in {arrived.BROKEN, arrived.NOT_OURS}


@pytest.mark.parametrize(
    "chunks",
    ["f" * 32, [5], [None], ["../../space.json"], ["F" * 32], [f"{'f' * 32}\n"], [["f" * 32]], {"f" * 32: 1}, ["f" * 32] * 65, 7],
)
async def test_a_list_of_pieces_that_is_none_is_refused(chunks: object) -> None:
    assert await looked_at({}, [fact("chunks", chunks)]) == arrived.BROKEN


async def test_the_most_pieces_of_one_clip_are_still_read() -> None:
    files, ops = record(PLAIN)
    assert await looked_at(files, [fact("chunks", ops[0].value * MOST_PIECES)]) == arrived.TELLS, "read, and told behind its end"


async def test_pictures_that_are_nowhere_or_rotten_stop_no_words() -> None:
    files, ops = record(PLAIN)
    assert await looked_at({}, ops) == "" == await looked_at(dict.fromkeys(files, b"rotten"), ops)


async def test_a_picture_of_another_child_is_not_reached() -> None:
    files, ops = record(TELLING)
    elsewhere = {name.replace(AMIRA, BEN): data for name, data in files.items()}
    assert await looked_at(elsewhere, ops) == "", "nothing is there, and who shows it looks again"


async def test_other_things_are_not_looked_at() -> None:
    assert await looked_at({}, [Op("observation:1", "chunks", ["x"], (1, 0), "w", "i"), fact("alt", "a picture")]) == ""


async def test_no_more_than_two_are_held_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    held, most = 0, 0
    read = pieces.read

    async def reading(*asked: object) -> bytes:
        nonlocal held, most
        held, most = held + 1, max(most, held + 1)
        for _ in range(5):
            await asyncio.sleep(0)
        held -= 1
        return await read(*asked)  # type: ignore[arg-type]

    monkeypatch.setattr(uploads.pieces, "read", reading)
    folder = Memory()
    files, ops = record(PLAIN)
    folder.files = files
    desk = Uploads(folder)
    await asyncio.gather(*(desk.look(AMIRA, ops) for _ in range(12)))
    assert most == uploads.MEDIA_AT_ONCE == 2


async def test_what_may_be_shown_is_what_may_come_in(tmp_path: Path) -> None:
    clip = parts.clip(tmp_path, "webm", "libvpx")
    assert await may_show(PLAIN, "image/jpeg") and await may_show(clip, "video/webm")
    assert (
        not await may_show(clip, "image/jpeg") and not await may_show(TELLING, "") and not await may_show(b"<html>", "image/jpeg")
    )


# -- at the hub ----------------------------------------------------------------------------------------------------------
async def sent(hub: Hub, tablet: Device, data: bytes, kind: str = "image/jpeg") -> httpx.Response:
    """A moment with this picture, as a tablet sends it: pieces first."""
    made = pieces.chunks(hub.made.amira, data)
    for name, piece in made.items():
        assert (await tablet.put(name, piece)).status_code == 200
    facts = {"type": kind, "chunks": pieces.hashes(made)}
    changes = [Change(hub.made.amira, "media:1", field, value) for field, value in facts.items()]
    return await tablet.put(*tablet.segment(hub.made.amira, *changes, media=tuple(pieces.hashes(made))))


async def test_a_moment_with_a_bad_picture_waits_for_the_senco_whole(hub: Hub, refused: Refused) -> None:
    tablet = await hub.tablet()
    answer = await sent(hub, tablet, TELLING)
    refused(answer, 403, "not_allowed")
    assert answer.json()["error"]["message"] == arrived.TELLS
    assert len(await hub.folder.names(f"hub/quarantine/{tablet.dev}/")) == 1
    assert not [name for name in await hub.folder.names(f"p/{hub.made.amira}/log/") if tablet.dev in name]


async def test_a_moment_with_a_good_one_comes_in(hub: Hub) -> None:
    assert (await sent(hub, await hub.tablet(), PLAIN)).status_code == 200
