"""Real hubs for measuring: a process of its own over a folder, a school in it, and devices that have joined."""

import asyncio
import os
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from fastapi import FastAPI

from app.domain.vocabulary.roles import Role
from app.hub.devices.access import Access
from app.hub.ground.signed_records import Vault
from app.hub.records.pending import PendingEntries
from app.hub.site import create_app
from app.usecases.register import roster
from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.replica import Replica
from storage.space import create_space
from tests.bench.classroom import now
from tests.ports import free_port

KEY, PLACE = bytes(range(32)), "BENCH_FOLDER"


def hub() -> FastAPI:
    return create_app(Path(os.environ[PLACE]), KEY)


def bare() -> Any:
    """An app that takes everything, and forgets it."""

    async def app(scope: Any, receive: Any, send: Any) -> None:
        if scope["type"] == "lifespan":
            return
        while (await receive()).get("more_body"):
            pass
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", b"2")]})
        await send({"type": "http.response.body", "body": b"{}"})

    return app


@contextmanager
def running(factory: str, folder: Path) -> Iterator[str]:
    """The address of a process of its own that serves this app."""
    port = free_port()
    command = [sys.executable, "-m", "uvicorn", "--factory", f"tests.bench.served:{factory}", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "error"], env=os.environ | {PLACE: str(folder)})
    try:
        yield waited(f"http://127.0.0.1:{port}", process)
    finally:
        process.terminate()
        process.wait()


def waited(address: str, process: subprocess.Popen[bytes]) -> str:
    for _ in range(600):
        if process.poll() is not None:
            break
        try:
            httpx.get(address)
            return address
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError(address)


@dataclass(frozen=True, slots=True)
class Place:
    """A school's folder, with the codes that its hub gives."""

    folder: Directory
    access: Access

    @classmethod
    async def make(cls, path: Path) -> "Place":
        folder = Directory(path)
        await create_space(folder, os.urandom)
        return cls(folder, Access(vault := Vault(folder, KEY), now, PendingEntries(vault, now)))

    def writer(self, number: int) -> Replica:
        """Somebody who writes into the folder as one device does."""
        return Replica(self.folder, f"{number:016x}", now)

    async def school(self, classes: int, pupils_each: int) -> dict[str, list[str]]:
        """Class -> its pupils."""
        writer, made = self.writer(0), {}
        for number in range(classes):
            one = await roster.add_class(writer, f"Class {number}", os.urandom)
            names = [{"name": f"Pupil {number} {at}"} for at in range(pupils_each)]
            made[one] = [await roster.add_pupil(writer, one, name, os.urandom) for name in names]
        return made

    async def join(
        self, client: httpx.AsyncClient, device: str, role: Role = Role.SENCO, classes: tuple[str, ...] = ()
    ) -> HubFolder:
        code, _ = await self.access.invite(role, list(classes), None)
        answer = await client.post("/api/join", json={"code": code, "device": device, "name": "bench"})
        return HubFolder(client, answer.raise_for_status().json()["token"])


@dataclass(slots=True)
class Wire:
    """A way to a hub that counts what goes over it, in both directions."""

    address: str = ""
    bytes: int = 0


@asynccontextmanager
async def wire_to(address: str) -> AsyncIterator[Wire]:
    host, port = address.removeprefix("http://").split(":")
    wire = Wire()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while data := await reader.read(65_536):
            wire.bytes += len(data)
            writer.write(data)
        writer.close()

    async def connected(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, out = await asyncio.open_connection(host, int(port))
        await asyncio.gather(pass_on(reader, out), pass_on(there, writer))

    server = await asyncio.start_server(connected, "127.0.0.1")
    wire.address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    try:
        yield wire
    finally:
        server.close()
