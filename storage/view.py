"""A snapshot of the library for a quick start. Only a view: missing, old or damaged, it is made again from the segments."""

import gc
import zlib
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager

from storage import segments
from storage.bundle import Bundle
from storage.errors import BadBytes, MissingName
from storage.folder.port import Disk
from storage.library import Library
from storage.ops import Op

NAME = "local/view"
KIND = 2  # of the layout: one that is older or newer is made again


async def save(disk: Disk, library: Library, covers: Iterable[str]) -> None:
    """Every op that stands, and the names of the segments they came from. Raises StoreFull."""
    found = library.bundled()
    about = [[bundle.partition, len(bundle.shown), len(bundle.ops), bundle.size] for bundle in found]
    head = segments.pack([{"view": KIND, "covers": sorted(covers), "readings": library.readings, "bundles": about}], level=1)
    data = b"".join([len(head).to_bytes(4, "big"), head, *(part for bundle in found for part in (bundle.shown, bundle.ops))])
    await disk.replace(NAME, zlib.crc32(data).to_bytes(4, "big") + data)


async def load(disk: Disk, library: Library, listed: set[str]) -> set[str]:
    """Fill the library; the names of the segments covered. None are where the snapshot is missing, or is older than a
    partition that has since left this device. Raises BadBytes when it is damaged."""
    try:
        data = await disk.get(NAME)
    except MissingName:
        return set()
    covers, readings, bundles = unpacked(data)
    if not covers <= listed:
        return set()
    with unswept():
        library.fill(bundles)
    library.readings.update(readings)
    return covers


@contextmanager
def unswept() -> Iterator[None]:
    """Many thousand things at once, none of them garbage: looking through them for some, again and again, was two thirds of a
    start."""
    sweeping = gc.isenabled()
    gc.disable()
    try:
        yield
    finally:
        if sweeping:
            gc.enable()


def unpacked(data: bytes) -> tuple[set[str], Mapping[str, int], list[Bundle]]:
    """(covers, readings, bundles). Raises BadBytes."""
    if len(data) < 8 or zlib.crc32(memoryview(data)[4:]).to_bytes(4, "big") != data[:4]:
        raise BadBytes(NAME)
    at = 8 + int.from_bytes(data[4:8], "big")
    match segments.unpack(data[8:at], most=0):
        case [{"view": kind, "covers": list(covers), "readings": dict(readings), "bundles": list(about)}] if kind == KIND:
            return {str(name) for name in covers}, readings, list(_parts(data, at, about))
    raise BadBytes(NAME)


def _parts(data: bytes, at: int, about: Iterable[tuple[str, int, int, int]]) -> Iterator[Bundle]:
    for partition, shown, ops, size in about:
        yield Bundle(partition, data[at : at + shown], data[at + shown : at + shown + ops], size)
        at += shown + ops


def placed(line: object) -> tuple[str, Op]:
    match line:
        case {"p": str(partition), "o": op}:
            return partition, Op.from_json(op)
    raise BadBytes("an op without a place")
