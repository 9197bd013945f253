"""A school of a few files, written by the same hands as the hub's, and every odd thing that may lie in a folder."""

import asyncio
import hashlib
import os
import zlib
from dataclasses import dataclass, field
from pathlib import Path

from app.hub.office import now_ms
from storage import erasure, names, segments
from storage import media as pieces
from storage.folder.directory import Directory
from storage.folder.port import Disk
from storage.ops import Change
from storage.replica import Replica
from storage.space import create_space
from tests.storage.parts import AMIRA, BEN

MARK = "0123abcd"
DEV, INC = "d" * 16, "e" * 16


async def write_school(folder: Disk, children: tuple[str, ...] = (AMIRA, BEN), moments: int = 3) -> Replica:
    """For each child so many moments, each a note and a picture in a file of its own."""
    await create_space(folder, os.urandom)
    hand = Replica(folder, os.urandom(8).hex(), now_ms)
    await hand.write([Change("school", "school:settings", "name", "Oak School")])
    for child in children:
        for number in range(moments):
            await write_moment(hand, child, f"{child[:2]}{number}")
    return hand


async def write_moment(hand: Replica, child: str, ident: str) -> None:
    made = pieces.chunks(child, f"picture {ident} ".encode() * 200)
    entity = f"observation:{ident}"
    await hand.write([Change(child, entity, "note", f"words of {ident}", text=True)], made)


async def order_erasure(hand: Replica, child: str, proof: str = "x") -> None:
    await hand.write([Change("school", f"{erasure.KIND}:{child}", "at", {"on": 1, "proof": proof})])


def made(where: Path, **more: object) -> Path:
    where.mkdir(parents=True, exist_ok=True)
    asyncio.run(write_school(Directory(where), **more))  # type: ignore[arg-type]
    return where


def write(where: Path, name: str, data: bytes) -> str:
    (where / name).parent.mkdir(parents=True, exist_ok=True)
    (where / name).write_bytes(data)
    return name


def files(where: Path, below: str = "p") -> dict[str, bytes]:
    """Names in the folder, with their bytes."""
    found = sorted(file for file in (where / below).rglob("*") if file.is_file())
    return {file.relative_to(where).as_posix(): file.read_bytes() for file in found}


def listed(where: Path, below: str = "p") -> set[str]:
    """Names alone, where nobody wants to read all of it."""
    return {one.relative_to(where).as_posix() for one in (where / below).rglob("*") if one.is_file()}


def ours(where: Path) -> dict[str, bytes]:
    return {name: data for name, data in files(where).items() if names.parse(name)}


def media(where: Path, child: str = AMIRA) -> list[str]:
    return sorted(listed(where, f"p/{child}/media"))


def log(where: Path, child: str = AMIRA) -> list[str]:
    return sorted(listed(where, f"p/{child}/log"))


def named(data: bytes, kind: str = "log", child: str = AMIRA, number: int = 99) -> str:
    """The name that these bytes have, whatever they are."""
    parts = (kind, names.hash_of(data))
    return str(names.Name(child, *parts) if kind == "media" else names.Name(child, *parts, DEV, INC, number))


# -- odd things --------------------------------------------------------------------------------------------------------------
BOMB = segments.header(segments.SEGMENT) + zlib.compress(b" " * (64 * 1024 * 1024), 9)
NEWER = segments.MAGIC + bytes((9, segments.SEGMENT, 0, 0)) + b"what nobody knows yet"
GARBAGE = segments.header(segments.SEGMENT) + b"not packed at all"


@dataclass
class Odd:
    """What was laid into a folder: name -> code that `check` has for it; `foreign` names; what nobody mends."""

    codes: dict[str, str] = field(default_factory=dict)
    foreign: set[str] = field(default_factory=set)
    stays: set[str] = field(default_factory=set)


def lay_odd_things(where: Path, outside: Path) -> Odd:
    """One of each, in a school of two children; `outside` is a directory that is not the school's."""
    odd = Odd()
    pictures, words = media(where), log(where)
    for name, data in ((pictures[0], b"rotten"), (pictures[1], b""), (words[0], (where / words[0]).read_bytes()[:-9])):
        odd.codes[write(where, name, data)] = "bad_bytes"
    for data, kind, code in (
        (GARBAGE, "log", "garbage"), (BOMB, "log", "garbage"), (b"", "media", "garbage"), (NEWER, "log", "newer_format"),
    ):  # fmt: skip
        odd.codes[write(where, named(data, kind), data)] = code
    huge = f"p/school/log/{DEV}.{INC}.000001-{'f' * 32}"
    for name in (huge, "p/school/holiday film.mp4", "hub/film.mp4"):
        write(where, name, b"")
        os.truncate(where / name, 2 * 1024**3)
    odd.codes[huge] = "too_large"
    moved = log(where, BEN)[0]
    odd.codes[write(where, moved.replace(BEN, AMIRA), (where / moved).read_bytes())] = "misplaced"
    (where / moved).unlink()
    lost = media(where, BEN)[0]
    (where / lost).unlink()
    odd.codes[lost] = "missing_name"
    odd.codes |= _no_files(where, outside)
    odd.foreign = {"p/school/holiday film.mp4", "holiday.txt", f"{words[1]} (conflicted copy)"}
    for name in odd.foreign - {"p/school/holiday film.mp4"}:
        write(where, name, b"sun")
    odd.stays = {name for name, code in odd.codes.items() if code in {"newer_format", "missing_name", "not_a_file"}}
    return odd


def _no_files(where: Path, outside: Path) -> dict[str, str]:
    write(outside, "secret.txt", b"not the school's")
    link = f"p/{AMIRA}/media/{hashlib.sha256(b'x').hexdigest()[:32]}"
    (where / link).symlink_to(outside / "secret.txt")
    (where / "p/elsewhere").symlink_to(outside)
    pipe = f"p/{AMIRA}/media/{'0' * 32}"
    os.mkfifo(where / pipe)
    return dict.fromkeys((link, "p/elsewhere", pipe), "not_a_file")
