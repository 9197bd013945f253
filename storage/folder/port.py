"""What a folder of immutable files can do, whatever it is made of; and what a device's own disk can do besides."""

import hashlib
from typing import Protocol, runtime_checkable

from storage import names
from storage.errors import BadBytes


@runtime_checkable
class Folder(Protocol):
    """Files by name. Names under `p/` carry the hash of their bytes; a put that does not match is refused."""

    async def names(self, prefix: str = "") -> set[str]:
        """Names that begin with the prefix. A name that is not listed may still be there: absence proves nothing."""
        ...

    async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        """Bytes [start, end). Raises MissingName."""
        ...

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        """Durable and whole when it returns (I1): the digest of what was then read back, with the nonce before it.
        The same bytes there: success. Bad bytes there: replaced. Raises BadBytes, StoreFull, FolderReadOnly, Refused."""
        ...

    async def digest(self, name: str, nonce: bytes) -> str | None:
        """SHA-256 in hex of nonce + the bytes as they are on the disk now, or None where there are none."""
        ...

    async def delete(self, name: str) -> None:
        """Gone when it returns; it is no error when it was not there."""
        ...

    async def partitions(self) -> dict[str, str]:
        """Partition -> digest of its names: what has to be asked when nothing is new."""
        ...


class Disk(Folder, Protocol):
    """A device's own folder: what only its owner may do."""

    async def append(self, name: str, data: bytes) -> None:
        """Added at the end and durable when it returns; all or nothing but for a torn tail. Raises StoreFull."""
        ...

    async def replace(self, name: str, data: bytes) -> None:
        """The file holds exactly these bytes, old or new, never half, also after a crash. Raises StoreFull."""
        ...

    async def size(self, name: str) -> int:
        """Bytes; 0 where there is no file."""
        ...

    async def truncate(self, name: str, size: int) -> None: ...

    async def close(self) -> None: ...


def check_put(name: str, data: bytes) -> None:
    """Refuse bytes that are not what their name says (I2). Raises BadBytes."""
    if name.startswith("p/") and not names.matches(name, data):
        raise BadBytes(f"these bytes are not {name}")


def digest_with(nonce: bytes, data: bytes) -> str:
    return hashlib.sha256(nonce + data).hexdigest()


def digests(all_names: set[str]) -> dict[str, str]:
    """Partition -> digest of its well-formed names; foreign names do not count."""
    grouped: dict[str, set[str]] = {}
    for name in all_names:
        if parts := names.parse(name):
            grouped.setdefault(parts.partition, set()).add(name)
    return {partition: names.digest_of(found) for partition, found in grouped.items()}
