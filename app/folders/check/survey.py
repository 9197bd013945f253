"""What lies in a folder: names of files, and what is no file at all and is neither followed nor opened."""

import asyncio
import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

from storage.folder.directory import ASIDE, Directory
from storage.folder.port import Folder

A_LINK = "a link to another place; it is not followed"
NO_FILE = "neither a file nor a folder"
CLOSED = "this folder cannot be read: check its permissions"


@dataclass(slots=True)
class Survey:
    """`odd`: name -> what it is."""

    names: set[str] = field(default_factory=set)
    odd: dict[str, str] = field(default_factory=dict)


async def survey(folder: Folder, inside: Iterable[str] = ("",)) -> Survey:
    """All below these folders ("" for everything), but for files on their way (`part/`)."""
    if isinstance(folder, Directory):
        return await asyncio.to_thread(_walked, folder.path, list(inside))
    return Survey({name for one in inside for name in await folder.names(f"{one}/" if one else "")})


def _walked(root: Path, inside: Iterable[str]) -> Survey:
    found = Survey()
    for one in inside:
        if (root / one).is_symlink() and one:
            found.odd[one] = A_LINK
        else:
            _walk(root, one, found)
    return found


def _walk(root: Path, below: str, found: Survey) -> None:
    for entry in _entries(root / below, below, found):
        name = f"{below}/{entry.name}" if below else entry.name
        if entry.is_symlink():
            found.odd[name] = A_LINK
        elif entry.is_dir(follow_symlinks=False):
            if name != ASIDE:
                _walk(root, name, found)
        elif entry.is_file(follow_symlinks=False):
            found.names.add(name)
        else:
            found.odd[name] = NO_FILE


def _entries(folder: Path, name: str, found: Survey) -> list[os.DirEntry[str]]:
    """None where it has gone, or cannot be read."""
    try:
        with os.scandir(folder) as entries:
            return list(entries)
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError:
        found.odd[name] = CLOSED
        return []
