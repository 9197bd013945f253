"""The three kinds of folder as one thing to test: memory, a directory, and a directory behind a real hub."""

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import httpx

from app.domain.words import Role
from app.hub import create_app
from app.hub.office import Office
from storage import identity, names, segments
from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.folder.memory import Memory
from storage.folder.port import Folder
from storage.ops import Op, dumps
from storage.space import create_space
from storage.store import Store
from tests.storage.parts import AMIRA, ticking

DEV = "d" * 16
KEY = bytes(range(32))
KINDS = ["memory", "directory", "hub"]


@dataclass
class Kind:
    """A folder under test. `plant` and `found` go around it, straight to what it is made of."""

    name: str
    folder: Folder
    ground: Memory | Directory
    client: httpx.AsyncClient | None = None
    office: Office | None = None

    def plant(self, name: str, data: bytes) -> None:
        if isinstance(self.ground, Memory):
            self.ground.files[name] = data
            return
        path = self.ground.path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(data)

    def found(self, name: str) -> bytes | None:
        if isinstance(self.ground, Memory):
            return self.ground.files.get(name)
        path = self.ground.path / name
        return path.read_bytes() if path.exists() else None

    async def of(self, dev: str) -> Folder:
        """The folder as this device has it."""
        if self.office is None or self.client is None:
            return self.folder
        code, _ = await self.office.access.invite(Role.SENCO, [], None)
        answer = await self.client.post("/api/join", json={"code": code, "device": dev, "name": "a device"})
        return HubFolder(self.client, answer.json()["token"])


@asynccontextmanager
async def open_kind(name: str, path: Path) -> AsyncIterator[Kind]:
    if name == "memory":
        memory = Memory()
        yield Kind(name, memory, memory)
        return
    directory = Directory(path / "school")
    directory.path.mkdir()
    await create_space(directory, os.urandom)
    if name == "directory":
        yield Kind(name, directory, directory)
        return
    async with hub_at(directory) as kind:
        yield kind


@asynccontextmanager
async def hub_at(directory: Directory) -> AsyncIterator[Kind]:
    app = create_app(directory, KEY)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.test") as client:
        kind = Kind("hub", directory, directory, client, app.state.office)
        kind.folder = await kind.of(DEV)
        yield kind


def segment(number: int = 1, partition: str = AMIRA, dev: str = DEV, media: tuple[str, ...] = ()) -> tuple[str, bytes]:
    """(name, bytes) of a segment that this device may hand in."""
    writer = f"{dev}.{'e' * 16}"
    op = Op(f"observation:{number}", "note", f"note {number}", (number, 0), writer, f"{number:032x}", text=True)
    data = segments.encode(partition, writer, number, [op], media)
    return str(names.Name(partition, "log", names.hash_of(data), dev, "e" * 16, number)), data


async def store_of(dev: str, start: int = 1_000) -> Store:
    """A device that joined under this number."""
    disk = Memory()
    for place in identity.PLACES:
        made = (dev, os.urandom(8).hex())
        disk.files[place] = dumps({"dev": made[0], "inc": made[1], "check": identity.check_of(made)}).encode()
    return await Store.open(disk, now=ticking(start))
