"""A snapshot of the library for a quick start. Only a view: missing, old or damaged, it is made again from the segments."""

import gc
import zlib
from collections.abc import Iterable, Iterator
from contextlib import contextmanager

from storage import segments
from storage.errors import BadBytes, MissingName
from storage.folder.port import Disk
from storage.library import Library
from storage.ops import Json, Op

NAME = "local/view"


async def save(disk: Disk, library: Library, covers: Iterable[str]) -> None:
    """Every op that stands, and the names of the segments they came from. Raises StoreFull."""
    grouped: dict[tuple[str, str], list[Json]] = {}
    for partition, op in library.ops():
        grouped.setdefault((partition, op.entity), []).append(short(op))
    packed = segments.pack([{"covers": sorted(covers)}, *([*place, ops] for place, ops in grouped.items())], level=1)
    await disk.replace(NAME, zlib.crc32(packed).to_bytes(4, "big") + packed)


async def load(disk: Disk, library: Library, listed: set[str]) -> set[str]:
    """Fill the library; the names of the segments covered. None are where the snapshot is missing, or is older than a
    partition that has since left this device. Raises BadBytes when it is damaged."""
    try:
        data = await disk.get(NAME)
    except MissingName:
        return set()
    with unswept():
        covers, ops = unpacked(data)
        if not covers <= listed:
            return set()
        for partition, op in ops:
            library.apply(partition, op)
    return covers


@contextmanager
def unswept() -> Iterator[None]:
    """A hundred thousand ops at once, none of them garbage: looking through them for some, again and again, was two thirds
    of a start."""
    sweeping = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeping:
            gc.enable()


def unpacked(data: bytes) -> tuple[set[str], list[tuple[str, Op]]]:
    check, packed = data[:4], data[4:]
    if zlib.crc32(packed).to_bytes(4, "big") != check:
        raise BadBytes(NAME)
    match segments.unpack(packed, most=0):
        case [{"covers": list(covers)}, *lines]:
            try:
                return {str(name) for name in covers}, [one for line in lines for one in listed(line)]
            except (TypeError, ValueError) as error:
                raise BadBytes(NAME) from error
    raise BadBytes(NAME)


def listed(line: Json) -> list[tuple[str, Op]]:
    partition, entity, ops = line
    return [(partition, long(entity, op)) for op in ops]


def short(op: Op) -> Json:
    """Most ops are plain, and most of the time of a start goes into reading them: those are told by place, not by key."""
    return op.to_json() if op.text or op.extra else [op.field, op.value, *op.stamp, op.writer, op.id]


def long(entity: str, raw: Json) -> Op:
    if isinstance(raw, dict):
        return Op.from_json(raw)
    field, value, wall, counter, writer, ident = raw
    return Op(entity, field, value, (wall, counter), writer, ident)


def placed(line: object) -> tuple[str, Op]:
    match line:
        case {"p": str(partition), "o": op}:
            return partition, Op.from_json(op)
    raise BadBytes("an op without a place")
