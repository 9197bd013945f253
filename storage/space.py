"""The one file that says whose folder this is and who may read it: `space.json`, written once."""

import json
from collections.abc import Callable
from dataclasses import dataclass

from storage.errors import BadBytes, FolderUnreadable, MissingName, NewerFormat
from storage.folder.port import Disk

FORMAT = 1
NAME = "space.json"


@dataclass(frozen=True, slots=True)
class Space:
    id: str
    format: int
    min_reader: int

    @property
    def writable(self) -> bool:
        """Whether this Small Steps may write there: a folder of a newer format is only read."""
        return self.format <= FORMAT


def read_space(data: bytes) -> Space:
    """Raises BadBytes, or NewerFormat when only a newer Small Steps may read the folder."""
    try:
        raw = json.loads(data)
        space = Space(str(raw["space"]), int(raw["format"]), int(raw["min_reader"]))
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise BadBytes(NAME) from error
    if space.min_reader > FORMAT:
        raise NewerFormat(f"this folder needs reader {space.min_reader}")
    return space


async def open_space(folder: Disk) -> Space:
    """Raises MissingName where no space has been made, FolderUnreadable, BadBytes, NewerFormat."""
    return read_space(await folder.get(NAME))


async def create_space(folder: Disk, random: Callable[[int], bytes]) -> Space:
    """The folder's space, made if there is none; written once, never changed."""
    try:
        return await open_space(folder)
    except MissingName:
        space = Space(random(16).hex(), FORMAT, 1)
    made = {"format": space.format, "min_reader": space.min_reader, "space": space.id}
    await folder.replace(NAME, json.dumps(made, sort_keys=True).encode())
    if await open_space(folder) != space:
        raise FolderUnreadable(NAME)
    return space
