"""What lies in a school's folder beside the records, and belongs into a backup: the hub's papers, and what each device said last.

Some are written again now and then, so that each is read and compared.
"""

import json
import os
import re
from collections.abc import Callable, Iterable

from app.folders.check import audit_log as auditing
from app.folders.check.checking import FILES_AT_ONCE, Progress
from app.folders.check.erasing import of_children
from app.folders.check.looking import HUGE
from app.folders.copy.sides import Side
from storage import names
from storage.errors import BadBytes, FolderUnreadable, MissingName, TooLarge
from storage.folder.port import Disk, digest_with
from storage.several import several

# The wait of an order to erase is counted by one hub alone: an older copy must not shorten it.
PAPER = re.compile(r"hub/(?!erasures/|quarantine/)[a-z]+/[A-Za-z0-9_.-]+\.jsonl?|seen/[0-9a-f]{16}\.json")
QUARANTINE = re.compile(r"hub/quarantine/[0-9a-f]{16}/(p/.+)")
BROKEN = "is not as a paper of a hub is; it may have rotted"
OTHERWISE = "was read back otherwise than it was written"
Wanted = Callable[[str], bool]


def is_paper(name: str) -> bool:
    kept = QUARANTINE.fullmatch(name)
    return PAPER.fullmatch(name) is not None or (kept is not None and names.parse(kept[1]) is not None)


async def papers_of(side: Side) -> set[str]:
    if side.disk is None:
        return set()
    with side.midway():
        return {name for below in ("hub/", "seen/") for name in await side.disk.names(below) if is_paper(name)}


async def copy_papers(
    source: Side, target: Side, erased: set[str], progress: Progress, wanted: Wanted = lambda name: True
) -> tuple[set[str], dict[str, str]]:
    """Each wanted paper that the target has not got as it is, but those about `erased` children; then the audit log. (names that
    were written, name -> why it was left out)"""
    assert source.disk
    told, there = dict[str, str | None](), await papers_of(source)
    with source.midway():
        gone = {name for left in (await of_children(source.disk, there, erased)).values() for name in left}
    todo = sorted(name for name in there - gone if wanted(name) and not name.startswith(auditing.AREA))

    async def one(name: str) -> None:
        told[name] = await _copied(source, target, name)
        progress("Papers", len(told), len(todo))

    await several(one, todo, FILES_AT_ONCE)
    told |= await _copy_log(source, target)
    return {name for name, why in told.items() if why == ""}, {name: why for name, why in told.items() if why}


async def _copy_log(source: Side, target: Side) -> dict[str, str | None]:
    """It goes on where the target's ends; one that does not is for a person to look at."""
    assert source.disk and target.disk
    with source.midway():
        theirs = await auditing.log_in(source.disk)
    with target.midway():
        lacks = auditing.lacks(await auditing.log_in(target.disk), theirs)
        if lacks is None:
            return {auditing.AREA: auditing.APART}
        return {name: await _written(target.disk, name, data) for name, data in lacks.items()}


async def _copied(source: Side, target: Side, name: str) -> str | None:
    """ "" for a paper that was written and read back, None where there was nothing to do; else why it was left out."""
    assert source.disk and target.disk
    with source.midway():
        data, why = await read_paper(source.disk, name)
    if data is None:
        return why or None
    with target.midway():
        there, _ = await read_paper(target.disk, name)
        return None if there == data else await _written(target.disk, name, data)


async def _written(disk: Disk, name: str, data: bytes) -> str:
    nonce = os.urandom(16)
    await disk.replace(name, data)
    return "" if await disk.digest(name, nonce) == digest_with(nonce, data) else OTHERWISE


async def read_paper(disk: Disk, name: str) -> tuple[bytes | None, str]:
    """(bytes, "") of a paper that is whole as far as can be seen without the hub's key; (None, why) of another; (None, "") where
    it has gone."""
    try:
        data = await disk.get(name)
    except MissingName:
        return None, ""
    except TooLarge:
        return None, HUGE
    except (FolderUnreadable, BadBytes):
        return None, "cannot be read: check its permissions"
    return (data, "") if looks_whole(name, data) else (None, BROKEN)


def looks_whole(name: str, data: bytes) -> bool:
    if kept := QUARANTINE.fullmatch(name):
        return names.matches(kept[1], data)
    try:
        lines: list[bytes] = data.splitlines() if name.endswith(".jsonl") else [data]
        return all(isinstance(json.loads(line), dict) for line in lines)
    except (ValueError, RecursionError):
        return False


async def hashes(disk: Disk, papers: Iterable[str], progress: Progress) -> dict[str, str]:
    """Name -> hash of the bytes as they are on the disk now, "" for one that is not whole."""
    todo, found = sorted(papers), dict[str, str]()

    async def one(name: str) -> None:
        data, _ = await read_paper(disk, name)
        found[name] = "" if data is None else names.hash_of(data)
        progress("Papers again", len(found), len(todo))

    await several(one, todo, FILES_AT_ONCE)
    return found
