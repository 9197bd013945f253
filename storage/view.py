"""A snapshot of the library for a quick start. Only a view: missing, old or damaged, it is made again from the segments."""

import zlib
from collections.abc import Iterable

from storage import segments
from storage.errors import BadBytes, MissingName
from storage.folder.port import Disk
from storage.library import Library
from storage.ops import Op

NAME = "local/view"


async def save(disk: Disk, library: Library, covers: Iterable[str]) -> None:
    """Every op that stands, and the names of the segments they came from. Raises StoreFull."""
    lines = [{"p": partition, "o": op.to_json()} for partition, op in library.ops()]
    packed = segments.pack([{"covers": sorted(covers)}, *lines])
    await disk.replace(NAME, zlib.crc32(packed).to_bytes(4, "big") + packed)


async def load(disk: Disk, library: Library, listed: set[str]) -> set[str]:
    """Fill the library; the names of the segments covered. None are where the snapshot is missing, or is older than a
    partition that has since left this device. Raises BadBytes when it is damaged."""
    try:
        data = await disk.get(NAME)
    except MissingName:
        return set()
    covers, ops = unpacked(data)
    if not covers <= listed:
        return set()
    for partition, op in ops:
        library.apply(partition, op)
    return covers


def unpacked(data: bytes) -> tuple[set[str], list[tuple[str, Op]]]:
    check, packed = data[:4], data[4:]
    if zlib.crc32(packed).to_bytes(4, "big") != check:
        raise BadBytes(NAME)
    match segments.unpack(packed, most=0):
        case [{"covers": list(covers)}, *lines]:
            return {str(name) for name in covers}, [placed(line) for line in lines]
    raise BadBytes(NAME)


def placed(line: object) -> tuple[str, Op]:
    match line:
        case {"p": str(partition), "o": op}:
            return partition, Op.from_json(op)
    raise BadBytes("an op without a place")
