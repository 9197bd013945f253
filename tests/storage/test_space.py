"""Whose folder this is: written once, and never guessed."""

import json

import pytest

from storage.errors import BadBytes, FolderUnreadable, MissingName, NewerFormat
from storage.folder.memory import Memory
from storage.space import NAME, create_space, open_space
from tests.storage.parts import disk_of


def random(size: int) -> bytes:
    return bytes(range(size))


async def test_a_space_is_made_once_and_is_the_same_for_everybody_after() -> None:
    folder = Memory()
    made = await create_space(folder, random)
    before = dict(folder.files)
    assert await create_space(folder, lambda size: b"x" * size) == made == await open_space(folder) and folder.files == before


async def test_a_folder_in_which_no_space_was_made_says_so() -> None:
    with pytest.raises(MissingName):
        await open_space(Memory())


@pytest.mark.parametrize("data", [b"", b"?", b"[]", b"null", b"{}", b'{"space": "a", "format": "x", "min_reader": 1}', b"\xff"])
async def test_a_damaged_space_is_told_and_never_made_anew(data: bytes) -> None:
    folder = disk_of({NAME: data})
    with pytest.raises(BadBytes):
        await create_space(folder, random)
    assert folder.files == {NAME: data}


async def test_a_folder_that_only_a_newer_app_may_read_is_refused() -> None:
    newer = {"space": "a" * 32, "format": 3, "min_reader": 2, "more": [1]}
    with pytest.raises(NewerFormat):
        await open_space(disk_of({NAME: json.dumps(newer).encode()}))


async def test_a_newer_folder_that_we_may_read_is_opened() -> None:
    newer = {"space": "a" * 32, "format": 3, "min_reader": 1, "more": [1]}
    assert (await open_space(disk_of({NAME: json.dumps(newer).encode()}))).format == 3


async def test_a_space_is_read_back_before_it_is_believed() -> None:
    class Forgetting(Memory):
        async def replace(self, name: str, data: bytes) -> None:
            await super().replace(name, data.replace(b"00", b"11"))

    with pytest.raises(FolderUnreadable):
        await create_space(Forgetting(), random)
