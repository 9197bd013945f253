"""What a disk does besides: grow a file, write it anew, cut it, measure it. A hub stands on a disk, whatever it is made of."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path
from typing import cast

import pytest

from storage.errors import MissingName, StorageError
from storage.folder.port import Disk
from storage.space import NAME, create_space, open_space
from tests.contract.kinds import DISKS, Kind, open_kind, segment
from tests.contract.servers import Servers

PAPER = "hub/tokens/0123.json"


@pytest.fixture(params=DISKS)
async def kind(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> AsyncIterator[Kind]:
    async with open_kind(request.param, tmp_path, servers) as made:
        yield made


@pytest.fixture(params=[kind for kind in DISKS if kind != "memory"])
async def solid(request: pytest.FixtureRequest, tmp_path: Path, servers: Servers) -> AsyncIterator[Kind]:
    """One that has folders, and something outside of it."""
    async with open_kind(request.param, tmp_path, servers) as made:
        yield made


@pytest.fixture
def disk(kind: Kind) -> Disk:
    return cast(Disk, kind.folder)


async def test_a_file_grows_is_measured_and_is_cut(disk: Disk) -> None:
    assert await disk.size(PAPER) == 0
    await disk.append(PAPER, b"one")
    await disk.append(PAPER, b"two")
    assert (await disk.get(PAPER), await disk.size(PAPER)) == (b"onetwo", 6)
    await disk.truncate(PAPER, 4)
    assert (await disk.get(PAPER), await disk.size(PAPER)) == (b"onet", 4)


@pytest.mark.parametrize("data", [b"", b"new", bytes(300_000)], ids=["empty", "short", "long"])
async def test_a_file_is_written_anew_and_holds_exactly_these_bytes(kind: Kind, disk: Disk, data: bytes) -> None:
    for before in (b"old and longer", data):
        await disk.replace(PAPER, before)
    assert await disk.get(PAPER) == data == await kind.found(PAPER) and await disk.size(PAPER) == len(data)
    assert {name for name in await disk.names() if name.startswith("hub/")} == {PAPER}


async def test_i1_who_reads_a_file_while_it_is_written_anew_sees_the_old_or_the_new(disk: Disk) -> None:
    """A device whose paper is not there for a moment would be told that it had been turned away."""
    states = [bytes([n]) * 5_000 for n in range(30)]
    await disk.replace(PAPER, states[0])
    writing = asyncio.ensure_future(_write_all(disk, states))
    seen = []
    while not writing.done():
        seen.append(await disk.get(PAPER))
        await asyncio.sleep(0)
    await writing
    assert set(seen) <= set(states) and seen == sorted(seen) and await disk.get(PAPER) == states[-1]


async def _write_all(disk: Disk, states: list[bytes]) -> None:
    for state in states:
        await disk.replace(PAPER, state)


async def test_what_is_not_there_has_no_size_is_not_cut_and_is_not_read(disk: Disk) -> None:
    assert await disk.size("hub/nothing") == 0 and await disk.names("hub/") == set()
    with pytest.raises(MissingName):
        await disk.get("hub/nothing")
    await disk.delete("hub/nothing")


async def test_a_space_is_made_once(disk: Disk) -> None:
    made = await create_space(disk, lambda n: bytes(n))
    assert await create_space(disk, lambda n: b"1" * n) == made == await open_space(disk)
    assert NAME in await disk.names()


async def test_what_is_written_aside_is_never_listed(solid: Kind) -> None:
    disk = cast(Disk, solid.folder)
    await disk.put(*segment())
    await solid.plant("part/0123456789abcdef", b"half")
    assert "part/0123456789abcdef" not in await disk.names() and segment()[0] in await disk.names()


@pytest.mark.parametrize("name", ["", "../x", "p/../../x", "/etc/passwd", "p\\..\\x", "p/\0", "."])
async def test_no_name_leads_outside(solid: Kind, name: str) -> None:
    disk = cast(Disk, solid.folder)
    before = await disk.names()
    for asked in (disk.get(name), disk.replace(name, b""), disk.append(name, b"x"), disk.delete(name)):
        with pytest.raises(StorageError):
            await asked
    assert await disk.names() == before


async def test_a_folder_of_files_is_no_file_and_is_not_deleted_as_one(solid: Kind) -> None:
    disk = cast(Disk, solid.folder)
    name, data = segment()
    await disk.put(name, data)
    above = name.rpartition("/")[0]
    with pytest.raises(StorageError):
        await disk.delete(above)
    assert await disk.get(name) == data and await disk.size("hub") == 0


STRANGERS = [
    "a b",
    "Frühling",
    "名前",
    "100%",
    "a%20b",
    "a#b",
    "a?b",
    "a+b&c=d",
    "it's",
    "[1]",
    "~$x.docx",
    "😀",
    "a;b,c",
    " x",
    "x ",
]


@pytest.mark.parametrize("stranger", STRANGERS)
async def test_names_of_others_are_listed_as_they_are_and_can_be_read(kind: Kind, disk: Disk, stranger: str) -> None:
    for name in (stranger, f"p/{stranger}/{stranger}"):
        await kind.plant(name, b"theirs")
    assert {stranger, f"p/{stranger}/{stranger}"} <= await disk.names()
    assert await disk.names(f"p/{stranger}/") == {f"p/{stranger}/{stranger}"}
    assert await disk.get(f"p/{stranger}/{stranger}") == b"theirs" and await disk.size(stranger) == 6
    await disk.delete(stranger)
    assert await kind.found(stranger) is None
