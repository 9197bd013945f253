"""A folder that is only read is never written; and what somebody plants in a folder leads nobody out of it and stops nobody."""

import asyncio
import os
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest

from storage import names
from storage.errors import MissingName, NewerFormat, StorageError
from storage.folder.directory import Directory
from storage.folder.gate import Gate
from storage.folder.memory import Memory
from storage.folder.port import Disk, Many, digest_with
from tests.contract.planted import PLANTED, SECRET, untouched
from tests.storage.parts import AMIRA, picture

((NAME, DATA),) = picture().items()


# -- the gate ------------------------------------------------------------------------------------------------------------
WRITES: dict[str, Callable[[Disk], Awaitable[object]]] = {
    "put": lambda disk: disk.put(NAME, DATA), "delete": lambda disk: disk.delete("here"),
    "append": lambda disk: disk.append("here", b"x"), "replace": lambda disk: disk.replace("here", b"x"),
    "truncate": lambda disk: disk.truncate("here", 1),
}  # fmt: skip
READS: dict[str, Callable[[Disk], Awaitable[object]]] = {
    "names": lambda disk: disk.names(), "get": lambda disk: disk.get("here", 1, 3), "size": lambda disk: disk.size("here"),
    "digest": lambda disk: disk.digest("here", b"n"), "partitions": lambda disk: disk.partitions(),
    "close": lambda disk: disk.close(),
}  # fmt: skip


@pytest.fixture
def away(tmp_path: Path) -> Path:
    """Somebody else's folder, which must stay as it is."""
    made = tmp_path / "away"
    made.mkdir()
    (made / "secret.txt").write_bytes(SECRET)
    return made


@pytest.fixture
def ground() -> Memory:
    made = Memory()
    made.files = {"here": b"before", "p/school/media/" + "0" * 32: b"?"}
    return made


@pytest.mark.parametrize("write", WRITES.values(), ids=WRITES)
async def test_a_closed_gate_lets_no_change_through(ground: Memory, write: Callable[[Disk], Awaitable[object]]) -> None:
    before, gate = dict(ground.files), Gate(ground)
    gate.writable = False
    with pytest.raises(NewerFormat):
        await write(gate)
    assert ground.files == before
    gate.writable = True
    await write(gate)
    assert ground.files != before


@pytest.mark.parametrize("read", READS.values(), ids=READS)
@pytest.mark.parametrize("writable", [True, False])
async def test_what_is_read_is_the_same_through_it(
    ground: Memory, read: Callable[[Disk], Awaitable[object]], writable: bool
) -> None:
    gate = Gate(ground)
    gate.writable = writable
    assert await read(gate) == await read(ground)


async def test_it_reads_many_at_once_where_the_folder_can(tmp_path: Path, ground: Memory) -> None:
    directory = Directory(tmp_path)
    await directory.put(NAME, DATA)
    assert await Gate(directory).get_many([NAME, "none"]) == {NAME: DATA} and await Gate(ground).get_many(["here"]) == {}
    assert isinstance(Gate(ground), Many)


def test_every_way_of_a_disk_is_in_one_of_these_tables() -> None:
    ways = {name for name in dir(Disk) if not name.startswith("_")}
    assert ways == WRITES.keys() | READS.keys()


# -- what somebody planted -----------------------------------------------------------------------------------------------


planted = pytest.mark.parametrize("plant", PLANTED.values(), ids=PLANTED)


@pytest.fixture
def folder(tmp_path: Path) -> Directory:
    made = Directory(tmp_path / "school")
    (made.path / f"p/{AMIRA}/media").mkdir(parents=True)
    return made


async def outcome(asked: Awaitable[object]) -> object:
    """The answer, or the kind of error of ours; it has to come soon."""
    try:
        return await asyncio.wait_for(asked, 30)  # type: ignore[arg-type]
    except StorageError as error:
        return type(error)


def lies_in(folder: Directory) -> list[str]:
    return os.listdir((folder.path / NAME).parent)


@planted
async def test_nothing_is_read_through_it_and_nobody_waits(
    folder: Directory, away: Path, plant: Callable[[Path, Path], object]
) -> None:
    plant(folder.path / NAME, away)
    assert await outcome(folder.get(NAME)) is MissingName and await outcome(folder.get(NAME, 0, 4)) is MissingName
    assert await outcome(folder.digest(NAME, b"")) is None and await outcome(folder.size(NAME)) == 0
    assert await outcome(folder.get_many([NAME])) == {}
    assert not isinstance(await outcome(folder.names()), type) and not isinstance(await outcome(folder.partitions()), type)


@planted
async def test_what_is_written_takes_its_place_and_leaves_what_it_led_to_alone(
    folder: Directory, away: Path, plant: Callable[[Path, Path], object]
) -> None:
    plant(folder.path / NAME, away)
    assert await outcome(folder.put(NAME, DATA, b"n")) == digest_with(b"n", DATA)
    assert untouched(away) and (folder.path / NAME).is_file() and not (folder.path / NAME).is_symlink()
    assert await folder.get(NAME) == DATA


async def test_a_link_to_the_very_same_bytes_gives_way_to_the_file(folder: Directory, away: Path) -> None:
    """Else what was checked today could be something else tomorrow."""
    (away / "secret.txt").write_bytes(DATA)
    (folder.path / NAME).symlink_to(away / "secret.txt")
    await folder.put(NAME, DATA)
    (away / "secret.txt").write_bytes(SECRET)
    assert await folder.get(NAME) == DATA


@planted
async def test_it_is_deleted_itself_and_not_what_it_led_to(
    folder: Directory, away: Path, plant: Callable[[Path, Path], object]
) -> None:
    plant(folder.path / NAME, away)
    await folder.delete(NAME)
    assert untouched(away) and lies_in(folder) == []


@planted
async def test_nothing_is_added_or_cut_through_it(folder: Directory, away: Path, plant: Callable[[Path, Path], object]) -> None:
    plant(folder.path / NAME, away)
    assert await outcome(folder.append(NAME, b"more")) is MissingName
    assert await outcome(folder.truncate(NAME, 0)) is MissingName
    assert untouched(away)


@pytest.mark.parametrize("at", ["p", f"p/{AMIRA}", f"p/{AMIRA}/media", "hub", "hub/tokens", "seen", "part"])
async def test_a_folder_that_is_a_link_leads_nobody_out(tmp_path: Path, away: Path, at: str) -> None:
    folder = Directory(tmp_path / "school")
    place = folder.path / at
    place.parent.mkdir(parents=True)
    place.symlink_to(away)
    name = {"p": NAME, "hub": "hub/tokens/x.json", "seen": "seen/x.json", "part": NAME}[at.split("/")[0]]
    inside = f"{at}/secret.txt"
    asked = (folder.get(inside), folder.size(inside), folder.digest(inside, b""), folder.get_many([inside]))
    assert [await outcome(one) for one in asked] == [MissingName, 0, None, {}]
    writes = (folder.put(name, DATA), folder.replace(name, b"x"), folder.append(f"{at}/more", b"x"), folder.truncate(inside, 0))
    assert {await outcome(one) for one in (*writes, folder.delete(inside))} == {MissingName}
    assert untouched(away)
    assert not any("secret" in name for name in await folder.names()) and not await folder.names(f"{at}/")
    assert not isinstance(await outcome(folder.partitions()), type)


async def test_a_file_that_has_a_second_name_elsewhere_is_replaced_and_never_written_into(folder: Directory, away: Path) -> None:
    """A hard link cannot be told from a file; so nothing of ours is ever written in place but what only a device itself has."""
    for name, write in ((NAME, folder.put), ("seen/x.json", folder.replace)):
        (folder.path / name).parent.mkdir(parents=True, exist_ok=True)
        os.link(away / "secret.txt", folder.path / name)
        await write(name, DATA)
        assert untouched(away) and await folder.get(name) == DATA


@pytest.mark.parametrize("name", ["CON", "nul", "COM1", "aux.json", "a:b", "name ", "name.", "p/..%2f", "\u202epj", "x" * 200])
async def test_names_that_some_system_takes_for_devices_are_foreign(folder: Directory, name: str) -> None:
    (folder.path / f"p/{AMIRA}/media/{name}").write_bytes(b"x") if "/" not in name else None
    assert names.parse(f"p/{AMIRA}/media/{name}") is None and names.parse(name) is None
    assert await folder.partitions() == {}
