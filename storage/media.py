"""Pictures and clips as chunks: pieces of at most 1 MiB, each a file named by the hash of its bytes, in the pupil's partition."""

from collections.abc import AsyncIterator, Iterable, Sequence
from typing import Protocol

from storage import names, segments
from storage.errors import BadBytes

PIECE = 1024 * 1024 - segments.HEADER


class Readable(Protocol):
    async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes: ...


def chunks(partition: str, data: bytes) -> dict[str, bytes]:
    """Name -> stored bytes, in the order of the data."""
    head = segments.header(segments.CHUNK)
    stored = [head + data[at : at + PIECE] for at in range(0, max(len(data), 1), PIECE)]
    return {f"p/{partition}/media/{names.hash_of(piece)}": piece for piece in stored}


def hashes(made: Iterable[str]) -> list[str]:
    """The chunk hashes as a document keeps them."""
    return [name.rsplit("/", 1)[1] for name in made]


async def stream(folder: Readable, partition: str, wanted: Sequence[str]) -> AsyncIterator[bytes]:
    """The data piece by piece, each checked against its name. Raises MissingName or BadBytes."""
    for digest in wanted:
        name = f"p/{partition}/media/{digest}"
        data = await folder.get(name)
        if not names.matches(name, data):
            raise BadBytes(name)
        yield segments.body(data, segments.CHUNK)


async def read(folder: Readable, partition: str, wanted: Sequence[str]) -> bytes:
    return b"".join([piece async for piece in stream(folder, partition, wanted)])
