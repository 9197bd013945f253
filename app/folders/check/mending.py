"""`check --repair`: what can be mended without anything of value being deleted.

What is rotten is set aside below its child's own directory, so that its place is empty: a device that holds the bytes puts them
again, and an erasure takes what was set aside along.
"""

import os
import secrets
import time
from contextlib import suppress
from typing import Protocol, runtime_checkable

from app.folders.check.looking import MISPLACED, Look, look
from storage import erasure, names
from storage.errors import BadBytes, FolderReadOnly, FolderUnreadable, Garbage, MissingName, TooLarge
from storage.folder.directory import ASIDE, Directory
from storage.folder.port import Disk, digest_with

ROTTEN = {BadBytes.code, TooLarge.code}
WEEK = 7 * 24 * 60 * 60  # seconds


@runtime_checkable
class Moves(Protocol):
    async def move(self, name: str, to: str) -> None:
        """The file under another name, where none may be, without being read. Raises MissingName, FolderReadOnly."""
        ...


async def mend(folder: Disk, name: str, seen: Look, erased: set[str]) -> bool:
    """Whether this fault is no more."""
    with suppress(FolderReadOnly, FolderUnreadable):
        if seen.code in {*ROTTEN, Garbage.code}:
            return await set_aside(folder, name)
        if seen.code == MISPLACED and seen.home:
            return await bring_home(folder, name, seen.home, erased)
    return False


async def set_aside(folder: Disk, name: str) -> bool:
    parts = names.parse(name)
    assert parts
    with suppress(MissingName):  # another was faster
        try:
            if not look(parts, await folder.get(name)).code:
                return True  # a device that has the bytes has put them meanwhile
        except TooLarge:
            pass
        await _move(folder, name, names.aside(name, secrets.token_hex(4)))
    return True


async def _move(folder: Disk, name: str, to: str) -> None:
    try:
        if isinstance(folder, Moves):
            return await folder.move(name, to)
    except FolderReadOnly:  # some servers move nothing
        pass
    data = await folder.get(name)
    await folder.replace(to, data)
    if await folder.get(to) == data:
        await folder.delete(name)


async def bring_home(folder: Disk, name: str, home: str, erased: set[str]) -> bool:
    """A whole file from a wrong place to its own; only once it was read back there does it go here."""
    data, nonce = await folder.get(name), os.urandom(16)
    if erasure.belongs(home.split("/")[1]) not in erased and await folder.put(home, data, nonce) != digest_with(nonce, data):
        return False
    await folder.delete(name)
    return True


async def leftovers(folder: Disk, remove: bool) -> list[str]:
    """Torn files of writers that were stopped more than a week ago; only a directory tells how old they are."""
    if not isinstance(folder, Directory):
        return []
    found = [n for n in sorted(await folder.names(f"{ASIDE}/")) if names.is_torn(n) and _age(folder, n) > WEEK]
    for name in found if remove else ():
        await folder.delete(name)
    return found


def _age(folder: Directory, name: str) -> float:
    try:
        return time.time() - (folder.path / name).lstat().st_mtime
    except OSError:
        return 0
