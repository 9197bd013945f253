"""What the commands do straight on a folder: copy between two, look at every file, make a paper."""

import asyncio
import os
import secrets
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import FolderForeign
from app.hub.office import now_ms
from app.hub.papers import termly_pdf
from app.serving import look_at, writable
from app.usecases.school import School
from storage import names, segments
from storage.errors import BadBytes, MissingName, NewerFormat
from storage.folder.directory import Directory
from storage.folder.port import digest_with
from storage.replica import Replica
from storage.space import NAME, open_space


def empty(folder: Path) -> None:
    """The folder can be made, or is there and has nothing in it. Raises FolderForeign, FolderNotWritable."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderForeign("There is something in this folder already. Choose a new one; nothing was changed.")
    writable(next(above for above in (folder, *folder.absolute().parents) if above.is_dir()))
    folder.parent.mkdir(parents=True, exist_ok=True)


async def opened(folder: Path) -> Replica:
    """The school of a folder, as it is now. Raises FolderMissing, FolderForeign, FolderNewer."""
    look_at(folder)
    await open_space(Directory(folder))
    replica = Replica(Directory(folder), secrets.token_hex(8), now_ms)
    await replica.refresh()
    return replica


async def termly(folder: Path, pupil: str, term: str, link: str) -> bytes:
    """Raises PupilUnknown, TermUnknown."""
    replica = await opened(folder)
    school = School(replica)
    public = str(school.settings.get("public_url") or link)
    return await termly_pdf(school, replica.folder, pupil, term, public, now_ms(), lambda *_: None)


# -- sync ----------------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Copied:
    """Files that went from the first to the second folder and back, and names whose bytes are not what they say."""

    there: int = 0
    back: int = 0
    bad: list[str] = field(default_factory=list)


async def sync(a: Path, b: Path) -> Copied:
    """Raises FolderForeign for folders of two schools."""
    for folder in (a, b):
        look_at(folder)
        writable(folder)
    one, two = Directory(a), Directory(b)
    await _same_space(one, two)
    done = Copied()
    done.there = await _copy(one, two, done.bad)
    done.back = await _copy(two, one, done.bad)
    return done


async def _same_space(one: Directory, two: Directory) -> None:
    spaces = [await _space_of(folder) for folder in (one, two)]
    if spaces == [None, None]:
        raise FolderForeign("Neither of these is a school's folder yet. Nothing was changed.")
    if None not in spaces and spaces[0] != spaces[1]:
        raise FolderForeign("These two folders are of two different schools. Nothing was copied.")
    for folder, other in ((one, two), (two, one)):
        if await _space_of(folder) is None:
            await folder.replace(NAME, await other.get(NAME))


async def _space_of(folder: Directory) -> str | None:
    try:
        return (await open_space(folder)).id
    except MissingName:
        return None


async def _copy(source: Directory, target: Directory, bad: list[str]) -> int:
    """Media first, so that no segment speaks of what is not there."""
    missing = {n for n in await source.names("p/") if names.parse(n)} - await target.names("p/")
    copied = 0
    for name in sorted(missing, key=lambda n: ("/media/" not in n, n)):
        data, nonce = await source.get(name), os.urandom(16)
        if not names.matches(name, data) or await target.put(name, data, nonce) != digest_with(nonce, data):
            bad.append(name)
        else:
            copied += 1
    return copied


# -- check ---------------------------------------------------------------------------------------------------------------
@dataclass(slots=True)
class Found:
    """What a look at every file found; `problems` are sentences."""

    files: int = 0
    ops: int = 0
    media: int = 0
    foreign: int = 0
    problems: list[str] = field(default_factory=list)


async def check(path: Path) -> Found:
    look_at(path)
    folder, found = Directory(path), Found()
    await open_space(folder)
    spoken_of: dict[str, str] = {}
    whole: set[str] = set()
    for name in sorted(await folder.names("p/")):
        if parts := names.parse(name):
            found.files += 1
            if problem := _problem(name, parts, await folder.get(name), found, spoken_of):
                found.problems.append(f"{name}: {problem}")
            else:
                whole.add(name)
        else:
            found.foreign += 1
        await asyncio.sleep(0)
    found.problems += [f"{name}: missing, spoken of in {by}" for name, by in sorted(spoken_of.items()) if name not in whole]
    return found


def _problem(name: str, parts: names.Name, data: bytes, found: Found, spoken_of: dict[str, str]) -> str:
    if not names.matches(name, data):
        return "its bytes are not what its name says"
    try:
        if parts.kind == "media":
            segments.body(data, segments.CHUNK)
            found.media += 1
            return ""
        segment = segments.decode(data)
    except NewerFormat:
        return "written by a newer Small Steps"
    except BadBytes as error:
        return f"cannot be read ({error})"
    if (segment.partition, segment.writer) != (parts.partition, parts.writer):
        return "says inside that it belongs elsewhere"
    found.ops += len(segment.ops)
    spoken_of |= {f"p/{parts.partition}/media/{digest}": name for digest in segment.media}
    return ""
