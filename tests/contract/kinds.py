"""Every kind of folder as one thing to test: memory, a directory, a hub called straight and over a real socket, and WebDAV on a
real Apache and a real wsgidav. What starts servers is in `servers`, which is not asked for before one is needed."""

import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import httpx

from app.domain.vocabulary.roles import Role
from app.hub.guard.known_hosts import Front
from app.hub.office import Office
from app.hub.site import create_app
from storage import identity, names, segments
from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.folder.memory import Memory
from storage.folder.port import Disk, Folder
from storage.folding import fold
from storage.ops import Op, dumps
from storage.space import create_space
from storage.store import Store
from tests.contract import cut
from tests.storage.parts import AMIRA, ticking

if TYPE_CHECKING:
    from tests.contract.servers import Door, Servers

DEV = "d" * 16
KEY = bytes(range(32))
DAVS = ["apache", "wsgidav"]
KINDS = ["memory", "directory", "hub", "hub-socket", *DAVS]
DISKS = ["memory", "directory", *DAVS]  # those that a hub may stand on


@dataclass
class Kind:
    """A folder under test. `plant` and `found` go around it, straight to what it is made of."""

    name: str
    folder: Folder
    ground: Memory | Directory
    cut_off: Callable[[str, bytes], Awaitable[None]] | None = None
    """A put whose client dies in the middle of the bytes; None where nobody can die in the middle."""

    async def plant(self, name: str, data: bytes) -> None:
        if isinstance(self.ground, Memory):
            self.ground.files[name] = data
            return
        open_to_all((self.ground.path / name).parent)
        (self.ground.path / name).write_bytes(data)

    async def found(self, name: str) -> bytes | None:
        if isinstance(self.ground, Memory):
            return self.ground.files.get(name)
        path = self.ground.path / name
        return path.read_bytes() if path.exists() else None

    async def link_all(self, files: Path, folder: str) -> set[str]:
        """All of these files at once below a folder; their names there."""
        return self._linked(files, folder)

    def _linked(self, files: Path, folder: str) -> set[str]:
        inside = {f"{folder}/{file.name}": file for file in files.iterdir()}
        if isinstance(self.ground, Memory):
            self.ground.files |= {name: file.read_bytes() for name, file in inside.items()}
        else:
            open_to_all(self.ground.path / folder)
            for name, file in inside.items():
                os.link(file, self.ground.path / name)
        return set(inside)

    async def lose(self, name: str) -> None:
        """An accident."""
        if isinstance(self.ground, Memory):
            del self.ground.files[name]
        else:
            (self.ground.path / name).unlink()

    async def of(self, dev: str) -> Folder:
        """The folder as this device has it."""
        return self.folder

    async def may_go(self, files: dict[str, bytes]) -> set[str]:
        """Whatever it takes that these segments may be deleted; the names of what is there for it."""
        return set()


@dataclass
class HubKind(Kind):
    client: httpx.AsyncClient = None  # type: ignore[assignment]
    office: Office = None  # type: ignore[assignment]
    door: "Door | None" = None

    async def of(self, dev: str) -> Folder:
        return HubFolder(self.client, await self.token(dev))

    async def may_go(self, files: dict[str, bytes]) -> set[str]:
        """A hub lets a segment go only when a snapshot stands for it."""
        name, data = snapshot(files)
        await self.folder.put(name, data)
        return {name}

    async def token(self, dev: str) -> str:
        invite = self.office.access.invite(Role.SENCO, [], None)
        code, _ = await (self.door.inside(invite) if self.door else invite)
        answer = await self.client.post("/api/join", json={"code": code, "device": dev, "name": "a device"})
        return str(answer.json()["token"])


def open_to_all(folder: Path) -> None:
    """A folder, and those above it, where a server that runs as somebody else may write too."""
    if not folder.is_dir():
        open_to_all(folder.parent)
        folder.mkdir()
        folder.chmod(0o777)


@asynccontextmanager
async def open_kind(name: str, path: Path, servers: "Servers") -> AsyncIterator[Kind]:
    if name == "memory":
        memory = Memory()
        yield Kind(name, memory, memory)
    elif name in DAVS:
        async with dav_at(name, servers) as kind:
            yield kind
    else:
        directory = Directory(path / "school")
        directory.path.mkdir()
        await create_space(directory, os.urandom)
        if name == "directory":
            yield Kind(name, directory, directory, partial(cut.in_a_process, directory.path))
        else:
            async with hub_at(directory) if name == "hub" else hub_behind(directory, servers) as hub:
                yield hub


@asynccontextmanager
async def dav_at(name: str, servers: "Servers") -> AsyncIterator[Kind]:
    from storage.folder.webdav import WebDav
    from tests.contract.servers import SIGN_IN

    server = getattr(servers, name)
    ground = Directory(server.fresh())
    dav: Disk = WebDav(server.url(ground.path), SIGN_IN)
    await create_space(dav, os.urandom)
    yield Kind(name, dav, ground, partial(cut.over_a_socket, server.url(ground.path), httpx.BasicAuth(*SIGN_IN)))
    await dav.close()


@asynccontextmanager
async def hub_at(directory: Directory) -> AsyncIterator[HubKind]:
    """A hub that is called straight, without a socket."""
    app = create_app(directory, KEY, front=Front(names=frozenset({"hub.test"})))
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.test") as client:
        yield await _joined(
            HubKind("hub", directory, directory, None, client, app.state.office), partial(cut.without_a_socket, app)
        )


@asynccontextmanager
async def hub_behind(directory: Directory, servers: "Servers") -> AsyncIterator[HubKind]:
    """A hub behind a real socket."""
    from tests.contract.servers import LONGEST

    door = servers.door
    door.app = create_app(directory, KEY)
    async with httpx.AsyncClient(base_url=door.url, timeout=LONGEST) as client:
        kind = HubKind("hub-socket", directory, directory, None, client, door.app.state.office, door)
        yield await _joined(kind, partial(cut.over_a_socket, f"{door.url}/api/files"))


async def _joined(kind: HubKind, cut_off: Any) -> HubKind:
    token = await kind.token(DEV)
    kind.folder, kind.cut_off = HubFolder(kind.client, token), partial(cut_off, cut.Token(token))
    return kind


def segment(number: int = 1, partition: str = AMIRA, dev: str = DEV, media: tuple[str, ...] = ()) -> tuple[str, bytes]:
    """(name, bytes) of a segment that this device may hand in."""
    writer = f"{dev}.{'e' * 16}"
    op = Op(f"observation:{number}", "note", f"note {number}", (number, 0), writer, f"{number:032x}", text=True)
    data = segments.encode(partition, writer, number, [op], media)
    return str(names.Name(partition, "log", names.hash_of(data), dev, "e" * 16, number)), data


def snapshot(files: dict[str, bytes], number: int = 100) -> tuple[str, bytes]:
    """(name, bytes) of a fold of segments of one device and partition."""
    parts = [segments.read(name, data) for name, data in files.items()]
    ops, media = fold(op for part in parts for op in part.ops), {digest for part in parts for digest in part.media}
    data = segments.encode(parts[0].partition, parts[0].writer, number, ops, media, files)
    return str(names.Name(parts[0].partition, "snap", names.hash_of(data), *parts[0].writer.split("."), number)), data


async def store_of(dev: str, start: int = 1_000, now: Callable[[], int] | None = None) -> Store:
    """A device that joined under this number."""
    disk = Memory()
    for place in identity.PLACES:
        made = (dev, os.urandom(8).hex())
        disk.files[place] = dumps({"dev": made[0], "inc": made[1], "check": identity.check_of(made)}).encode()
    return await Store.open(disk, now=now or ticking(start))


OTHER = "f" * 16
