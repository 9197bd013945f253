"""What a folder of immutable files can do, in every kind of place; and what a device's own disk can do besides."""

import hashlib
from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from storage import names
from storage.errors import BadBytes, TooLarge

LARGEST = 2 * 1024 * 1024  # bytes: a hub takes no more at once, so no file of ours in a folder is larger


@runtime_checkable
class Folder(Protocol):
    """Files by name. Names under `p/` carry the hash of their bytes; a put that does not match is refused."""

    async def names(self, prefix: str = "") -> set[str]:
        """Names that begin with the prefix. A name that is not listed may still be there: absence proves nothing."""
        ...

    async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        """Bytes [start, end). Raises MissingName; and TooLarge, before anything is read, where all of a file is asked for that
        is larger than any of ours."""
        ...

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        """Durable and whole when it returns (I1): the digest of what was then read back, with the nonce before it.
        The same bytes there: success. Bad bytes there: replaced. Raises BadBytes, StoreFull, FolderReadOnly, Refused."""
        ...

    async def digest(self, name: str, nonce: bytes) -> str | None:
        """SHA-256 in hex of nonce + the bytes as they are on the disk now, or None where there are none, or too many."""
        ...

    async def delete(self, name: str) -> None:
        """Gone when it returns; it is no error when it was not there."""
        ...

    async def partitions(self) -> dict[str, str]:
        """Partition -> digest of its names: what has to be asked when nothing is new."""
        ...


@runtime_checkable
class Many(Protocol):
    """A folder that can read many small files in one go."""

    async def get_many(self, names: Sequence[str]) -> dict[str, bytes]:
        """Those that could be read; of the others `get` says what is wrong with them."""
        ...


@runtime_checkable
class Restorable(Protocol):
    """A folder that tells whether it came out of a backup, and so has really lost what it does not list."""

    @property
    def brought_back(self) -> str:
        """A word for all restores that there were, or ""; as it was told with the last answer of `partitions`."""
        ...


@runtime_checkable
class Dated(Protocol):
    """A folder behind something that knows kinds and fields up to an edition: what is newer waits until that is updated."""

    @property
    def edition(self) -> int:
        """As it was told with the last answer of `partitions`."""
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


def check_size(name: str, size: int) -> None:
    """Refuse to read what none of us wrote; what only this device knows may be as large as it likes. Raises TooLarge."""
    if size > LARGEST and not name.startswith("local/"):
        raise TooLarge(name)


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
