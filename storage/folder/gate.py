"""A folder that can be closed for writing: when a newer Small Steps has made it its own, this one only reads it."""

from collections.abc import Sequence

from storage.errors import NewerFormat
from storage.folder.port import Disk, Many


class Gate:
    """A Disk over another one. While it is not `writable` every change is refused with NewerFormat, and nothing has changed."""

    def __init__(self, disk: Disk) -> None:
        self.disk, self.writable = disk, True

    def _need(self) -> None:
        if not self.writable:
            raise NewerFormat("the folder belongs to a newer Small Steps")

    async def names(self, prefix: str = "") -> set[str]:
        return await self.disk.names(prefix)

    async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        return await self.disk.get(name, start, end)

    async def get_many(self, names: Sequence[str]) -> dict[str, bytes]:
        return await self.disk.get_many(names) if isinstance(self.disk, Many) else {}

    async def digest(self, name: str, nonce: bytes) -> str | None:
        return await self.disk.digest(name, nonce)

    async def partitions(self) -> dict[str, str]:
        return await self.disk.partitions()

    async def size(self, name: str) -> int:
        return await self.disk.size(name)

    async def close(self) -> None:
        await self.disk.close()

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        self._need()
        return await self.disk.put(name, data, nonce)

    async def delete(self, name: str) -> None:
        self._need()
        await self.disk.delete(name)

    async def append(self, name: str, data: bytes) -> None:
        self._need()
        await self.disk.append(name, data)

    async def replace(self, name: str, data: bytes) -> None:
        self._need()
        await self.disk.replace(name, data)

    async def truncate(self, name: str, size: int) -> None:
        self._need()
        await self.disk.truncate(name, size)
