"""Every kind of folder keeps the same promises: what was put is there whole, a name never lies, absence proves nothing."""

import asyncio
import hashlib
import os
from pathlib import Path
from typing import TYPE_CHECKING

import httpx
import pytest

from storage import media as pieces
from storage import names
from storage.errors import BadBytes, MissingName, Unreachable
from storage.folder.directory import Directory
from storage.folder.port import LARGEST, Folder, digest_with, digests
from storage.replica import Replica
from storage.segments import HEADER, header
from storage.store import Pending, SyncState
from storage.sync import sync
from tests.contract.kinds import DEV, KINDS, OTHER, HubKind, Kind, hub_at, open_kind, segment, store_of
from tests.storage.parts import AMIRA, BEN, change, note, op_ids, picture, ticking

if TYPE_CHECKING:  # a browser reads this, too
    from tests.contract.servers import Servers

NONCE = bytes(range(16))


@pytest.fixture(params=[kind for kind in KINDS if kind != "memory"])
def cut(request: pytest.FixtureRequest) -> str:
    """A kind of folder to which puts take their time, so that they can be cut off."""
    return str(request.param)


def chunk(data: bytes = b"a picture", partition: str = AMIRA) -> tuple[str, bytes]:
    ((name, stored),) = picture(data, partition).items()
    return name, stored


async def well_formed(folder: Folder, prefix: str = "p/") -> set[str]:
    return {name for name in await folder.names(prefix) if names.parse(name)}


def test_it_is_a_folder(kind: Kind) -> None:
    assert isinstance(kind.folder, Folder)


# -- put and get ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("file", [chunk(), segment()], ids=["media", "log"])
async def test_what_was_put_is_got_byte_for_byte(kind: Kind, file: tuple[str, bytes]) -> None:
    name, data = file
    assert await kind.folder.put(name, data, NONCE) == hashlib.sha256(NONCE + data).hexdigest()
    assert await kind.folder.get(name) == data == await kind.found(name)


async def test_a_picture_of_the_largest_size_is_got_byte_for_byte(kind: Kind) -> None:
    name, data = chunk(bytes(pieces.PIECE))
    assert len(data) == 1024 * 1024
    await kind.folder.put(name, data)
    assert await kind.folder.get(name) == data


async def test_a_picture_of_no_bytes_is_a_header_and_nothing_else(kind: Kind) -> None:
    name, data = chunk(b"")
    await kind.folder.put(name, data)
    assert len(data) == HEADER and await kind.folder.get(name) == data and await kind.folder.get(name, HEADER) == b""
    assert await pieces.read(kind.folder, AMIRA, [name[-32:]]) == b""


@pytest.mark.parametrize(
    "start,end", [(0, 5), (0, None), (5, None), (3, 9), (3, 3), (9, 3), (4, 10_000), (10_000, None), (10_000, 10_001)]
)
async def test_a_part_of_a_file_can_be_got(kind: Kind, start: int, end: int | None) -> None:
    name, data = chunk(b"abcdefghijklmnop")
    await kind.folder.put(name, data)
    assert await kind.folder.get(name, start, end) == data[start:end]


async def test_i2_bytes_that_are_not_what_the_name_says_are_refused_and_what_was_there_stays(kind: Kind) -> None:
    for name, data in (chunk(), segment()):
        with pytest.raises(BadBytes):
            await kind.folder.put(name, data + b"?")
        assert await kind.found(name) is None
        await kind.folder.put(name, data)
        with pytest.raises(BadBytes):
            await kind.folder.put(name, data[:-1])
        assert await kind.found(name) == data


async def test_the_same_bytes_put_twice_are_there_once(kind: Kind) -> None:
    for name, data in (chunk(), segment()):
        for nonce in (b"1", b"2"):
            assert await kind.folder.put(name, data, nonce) == hashlib.sha256(nonce + data).hexdigest()
    assert await well_formed(kind.folder) == {chunk()[0], segment()[0]}


@pytest.mark.parametrize("bad", [b"", b"torn", None], ids=["empty", "torn", "one bit"])
async def test_bad_bytes_that_are_there_are_replaced_by_good_ones(kind: Kind, bad: bytes | None) -> None:
    for name, data in (chunk(), segment()):
        await kind.plant(name, bytes([data[0] ^ 1]) + data[1:] if bad is None else bad)
        assert await kind.folder.put(name, data, NONCE) == hashlib.sha256(NONCE + data).hexdigest()
        assert await kind.found(name) == data


async def test_a_file_that_is_not_there_is_told(kind: Kind) -> None:
    for name, _ in (chunk(), segment()):
        with pytest.raises(MissingName):
            await kind.folder.get(name)
        with pytest.raises(MissingName):
            await kind.folder.get(name, 2, 4)


async def test_puts_at_the_same_time_are_all_kept(kind: Kind) -> None:
    files = dict(chunk(bytes([n])) for n in range(20))
    await asyncio.gather(*(kind.folder.put(name, data) for name, data in [*files.items(), *files.items()]))
    assert await well_formed(kind.folder) == files.keys() and all(
        [await kind.found(name) == data for name, data in files.items()]
    )


async def test_a_put_that_was_cut_off_leaves_nothing_or_bad_bytes_which_the_next_put_replaces(
    tmp_path: Path, servers: "Servers", cut: str
) -> None:
    name, data = chunk(os.urandom(300_000))
    async with open_kind(cut, tmp_path, servers) as kind:
        assert kind.cut_off
        await kind.cut_off(name, data)
        assert await kind.found(name) != data and await kind.folder.digest(name, NONCE) != digest_with(NONCE, data)
        assert await kind.folder.put(name, data, NONCE) == digest_with(NONCE, data)
        assert await kind.found(name) == await kind.folder.get(name) == data
        assert await well_formed(kind.folder) == {name}


@pytest.fixture
def too_large() -> bytes:
    return bytes(LARGEST + 1)


async def test_a_file_larger_than_any_of_ours_is_not_read_and_is_replaced(kind: Kind, too_large: bytes) -> None:
    name, data = segment()
    await kind.plant(name, too_large)
    with pytest.raises(BadBytes):
        await kind.folder.get(name)
    assert await kind.folder.digest(name, b"") is None
    assert await kind.folder.put(name, data, NONCE) == digest_with(NONCE, data)
    assert await kind.folder.get(name) == data


# -- read back -----------------------------------------------------------------------------------------------------------
async def test_i4_a_digest_is_of_the_nonce_and_the_bytes_that_are_there_now(kind: Kind) -> None:
    for name, data in (chunk(), segment()):
        assert await kind.folder.digest(name, NONCE) is None
        await kind.folder.put(name, data)
        assert await kind.folder.digest(name, NONCE) == hashlib.sha256(NONCE + data).hexdigest()
        assert await kind.folder.digest(name, b"") == hashlib.sha256(data).hexdigest()
        await kind.plant(name, b"rotten")
        assert await kind.folder.digest(name, NONCE) == hashlib.sha256(NONCE + b"rotten").hexdigest()


# -- listing -------------------------------------------------------------------------------------------------------------
async def test_names_are_listed_by_how_they_begin(kind: Kind) -> None:
    files = dict([chunk(), chunk(b"b", BEN), segment(1), segment(2), segment(3, BEN)])
    for name, data in files.items():
        await kind.folder.put(name, data)
    for prefix in ("p/", f"p/{AMIRA}/", f"p/{AMIRA}/log/", f"p/{AMIRA}/media/", f"p/{BEN}/log/{DEV}", segment(2)[0]):
        assert await well_formed(kind.folder, prefix) == {name for name in files if name.startswith(prefix)}


async def test_a_child_of_whom_nothing_is_there_has_no_names(kind: Kind) -> None:
    assert await kind.folder.names(f"p/{AMIRA}/") == set() and await kind.folder.partitions() == {}


async def test_every_partition_is_told_with_the_digest_of_its_names(kind: Kind) -> None:
    files = dict([chunk(), segment(1), chunk(b"b", f"{BEN}.office"), segment(2, BEN)])
    for name, data in files.items():
        await kind.folder.put(name, data)
    told = await kind.folder.partitions()
    assert told.keys() == {AMIRA, BEN, f"{BEN}.office"} and told == digests(set(files))
    assert told[AMIRA] == names.digest_of(await well_formed(kind.folder, f"p/{AMIRA}/"))


async def test_a_digest_changes_when_a_name_comes_and_not_when_it_comes_again(kind: Kind) -> None:
    seen = []
    for file in (segment(1), segment(1), segment(2)):
        await kind.folder.put(*file)
        seen.append((await kind.folder.partitions())[AMIRA])
    assert seen[0] == seen[1] != seen[2]


@pytest.mark.parametrize(
    "stranger",
    ["{} (conflicted copy)", "{}.crswap", "{}~", "{} 2", "{}\N{COMBINING DIAERESIS}", "UPPER", "p/A/log/x", "p/Ärger/media/{0}"],
)
async def test_i1_conflict_copies_and_strangers_are_no_files_of_ours(kind: Kind, stranger: str) -> None:
    name, data = segment()
    await kind.folder.put(name, data)
    before = await kind.folder.partitions()
    odd = name.upper().replace("P/", "p/", 1) if stranger == "UPPER" else stranger.format(name)
    await kind.plant(odd, data)
    assert await kind.folder.partitions() == before and await well_formed(kind.folder) == {name}


async def test_ten_thousand_files_are_listed_and_one_more_can_be_put(kind: Kind, ten_thousand: Path) -> None:
    """The files are there already, as they are after a year."""
    files = await kind.link_all(ten_thousand, f"p/{AMIRA}/media")
    assert len(files) == 10_000 and await kind.folder.names(f"p/{AMIRA}/") == files
    name, data = chunk(b"one more")
    await kind.folder.put(name, data)
    assert await kind.folder.partitions() == {AMIRA: names.digest_of(files | {name})}


# -- delete --------------------------------------------------------------------------------------------------------------
async def test_what_is_deleted_is_gone_and_may_be_deleted_again(kind: Kind) -> None:
    name, data = segment()
    await kind.folder.put(name, data)
    stays = await kind.may_go({name: data})
    for _ in range(2):
        await kind.folder.delete(name)
        assert (
            await kind.found(name) is None
            and await well_formed(kind.folder) == stays
            and await kind.folder.digest(name, b"") is None
        )


async def test_what_was_deleted_can_be_put_again(kind: Kind) -> None:
    name, data = segment()
    for _ in range(2):
        await kind.folder.put(name, data)
        assert await kind.folder.get(name) == data
        await kind.may_go({name: data})
        await kind.folder.delete(name)


async def test_a_listing_while_files_go_names_only_what_was_there(kind: Kind) -> None:
    files = dict(segment(number) for number in range(1, 60))
    for name, data in files.items():
        await kind.plant(name, data)
    stays = await kind.may_go(files)
    listed, *_ = await asyncio.gather(kind.folder.names(f"p/{AMIRA}/"), *(kind.folder.delete(name) for name in files))
    assert listed <= files.keys() | stays and await kind.folder.names(f"p/{AMIRA}/") == stays


# -- devices -------------------------------------------------------------------------------------------------------------
async def test_what_one_device_sent_another_shows(kind: Kind) -> None:
    one, other = await store_of(DEV), await store_of(OTHER, start=2_000)
    await one.write([note("Amira asked."), change("observation:1", "play", field="setting")], picture())
    outcome = await sync(one, kind.folder)
    assert (outcome.sent, outcome.problems, one.pending()) == (2, [], Pending(0, 0))
    assert one.state_of("observation:1") is SyncState.FOLDER
    theirs = await kind.of(OTHER)
    await sync(other, theirs)
    assert other.library.get("observation:1") == one.library.get("observation:1")
    assert await other.media(AMIRA, [chunk()[0][-32:]]) == b"a picture"
    await other.write([note("Amira asked twice.")])
    await sync(other, theirs)
    await sync(one, kind.folder)
    shown = one.library.get("observation:1")
    assert shown and shown["note"] == "Amira asked twice."


async def test_what_a_device_sent_the_folder_read_directly_shows(kind: Kind) -> None:
    store = await store_of(DEV)
    await store.write([note("Amira asked.")])
    await sync(store, kind.folder)
    replica = Replica(kind.folder, OTHER, ticking())
    assert await replica.refresh() and replica.library.get("observation:1") == store.library.get("observation:1")


async def test_equal_files_have_equal_digests_in_every_kind_of_folder(tmp_path: Path, servers: "Servers") -> None:
    files = dict([chunk(), chunk(b""), segment(1), segment(2), segment(3, BEN), chunk(b"b", BEN)])
    told = []
    for number, name in enumerate(KINDS):
        (tmp_path / str(number)).mkdir()
        async with open_kind(name, tmp_path / str(number), servers) as kind:
            for file in files.items():
                await kind.folder.put(*file)
            told.append(await kind.folder.partitions())
    assert told == [digests(set(files))] * len(KINDS)


class Dying(httpx.AsyncBaseTransport):
    """The way to a hub that is killed at its n-th upload: before it took the file, or after, with the answer lost."""

    def __init__(self, inner: httpx.AsyncBaseTransport, at: int, after: bool) -> None:
        self.inner, self.left, self.after = inner, at, after

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        self.left -= request.method == "PUT"
        if self.left < 0 and not self.after:
            raise httpx.ConnectError("nobody there")
        answer = await self.inner.handle_async_request(request)
        if self.left < 0:
            raise httpx.ReadError("broken off")
        return answer


@pytest.mark.parametrize("after", [False, True], ids=["before", "after"])
@pytest.mark.parametrize("at", [0, 3, 5, 7])
async def test_a_hub_killed_in_mid_upload_and_started_again_goes_on_without_a_duplicate(
    tmp_path: Path, servers: "Servers", at: int, after: bool
) -> None:
    store = await store_of(DEV)
    for number in range(4):
        await store.write([note(f"note {number}", f"observation:{number}")], picture(bytes([number])))
        await store.seal()
    async with open_kind("hub", tmp_path, servers) as kind:
        assert isinstance(kind, HubKind) and isinstance(kind.ground, Directory)
        kind.client._transport = Dying(kind.client._transport, at, after)
        with pytest.raises(Unreachable):
            await sync(store, kind.folder)
        assert 8 - at <= len(store.waiting) <= 8  # several are on their way at once: an answer may have been missed
    async with hub_at(kind.ground) as again:
        assert (await sync(store, again.folder)).problems == [] and store.pending() == Pending(0, 0)
    found = {name: await kind.ground.get(name) for name in await kind.ground.names("p/")}
    assert len(op_ids(found)) == 4 == len(set(op_ids(found))) and len(found) == 8


def test_a_chunk_begins_with_the_header_of_a_chunk() -> None:
    assert chunk(b"x")[1] == header(2) + b"x"
