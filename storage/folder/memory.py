"""A folder that lives in memory: for tests, and for looking at a folder before it is written."""

from storage.errors import MissingName, TooLarge
from storage.folder.port import check_put, check_size, digest_with, digests


class Memory:
    """A Folder and a Disk. `files` may be looked at and spoilt by tests."""

    def __init__(self) -> None:
        self.files: dict[str, bytes] = {}

    async def names(self, prefix: str = "") -> set[str]:
        return {name for name in self.files if name.startswith(prefix)}

    async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        if name not in self.files:
            raise MissingName(name)
        if end is None:
            check_size(name, len(self.files[name]))
        return self.files[name][start:end]

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        check_put(name, data)
        self.files[name] = data
        return digest_with(nonce, self.files[name])

    async def digest(self, name: str, nonce: bytes) -> str | None:
        try:
            return digest_with(nonce, await self.get(name))
        except (MissingName, TooLarge):
            return None

    async def delete(self, name: str) -> None:
        self.files.pop(name, None)

    async def partitions(self) -> dict[str, str]:
        return digests(set(self.files))

    async def append(self, name: str, data: bytes) -> None:
        self.files[name] = self.files.get(name, b"") + data

    async def replace(self, name: str, data: bytes) -> None:
        self.files[name] = data

    async def size(self, name: str) -> int:
        return len(self.files.get(name, b""))

    async def truncate(self, name: str, size: int) -> None:
        self.files[name] = self.files.get(name, b"")[:size]

    async def close(self) -> None:
        return None
