"""Sending: a round of sync to a real hub on loopback, beside httpx that puts the same bytes to an app that forgets them."""

import asyncio
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from random import Random
from typing import Any

import httpx
from fastapi import FastAPI

from app.domain.words import Role
from app.hub import create_app
from app.hub.access import Access
from app.hub.vault import Vault
from storage import media as pieces
from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.ops import Change
from storage.space import create_space
from storage.store import Store
from storage.sync import sync
from tests.bench.classroom import now
from tests.bench.rows import TIMES, Row, against, middle

KEY, PLACE = bytes(range(32)), "BENCH_FOLDER"
RECORDS, PHOTOS, PHOTO = 200, 100, 300_000
SIZE = f"{RECORDS} records, {PHOTOS} photos of {PHOTO:,} bytes"


def hub() -> FastAPI:
    return create_app(Path(os.environ[PLACE]), KEY)


def bare() -> Any:
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
    with socket.socket() as door:
        door.bind(("127.0.0.1", 0))
        port = door.getsockname()[1]
    command = [sys.executable, "-m", "uvicorn", "--factory", f"tests.bench.moving:{factory}", "--port", str(port)]
    process = subprocess.Popen([*command, "--log-level", "error"], env=os.environ | {PLACE: str(folder)})
    try:
        yield waited(f"http://127.0.0.1:{port}")
    finally:
        process.terminate()
        process.wait()


def waited(address: str) -> str:
    for _ in range(300):
        try:
            httpx.get(address)
            return address
        except httpx.TransportError:
            time.sleep(0.1)
    raise TimeoutError(address)


async def recorded(place: Path, dice: Random) -> Store:
    """A device on which a day was recorded with no network."""
    store = await Store.open(Directory.own(place), now=now)
    pupils = [dice.randbytes(16).hex() for _ in range(10)]
    for number in range(RECORDS):
        pupil = pupils[number % len(pupils)]
        photo = pieces.chunks(pupil, dice.randbytes(PHOTO)) if number < PHOTOS else {}
        await store.write(
            [Change(pupil, f"observation:{dice.randbytes(16).hex()}", "note", f"moment {number}", text=True)], photo
        )
    return store


async def sent(store: Store, address: str, access: Access) -> float:
    code, _ = await access.invite(Role.SENCO, [], None)
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        joined = await client.post("/api/join", json={"code": code, "device": store.device, "name": "bench"})
        begun = time.perf_counter()
        outcome = await sync(store, HubFolder(client, joined.json()["token"]))
        assert not outcome.problems and not outcome.waiting, outcome
        return time.perf_counter() - begun


async def put(files: dict[str, bytes], address: str) -> float:
    async with httpx.AsyncClient(base_url=address, timeout=60) as client:
        begun = time.perf_counter()
        for name, data in files.items():
            (await client.put(f"/{name}", content=data)).raise_for_status()
        return time.perf_counter() - begun


async def rows(place: Path) -> list[Row]:
    folder, dice = Directory(place / "school"), Random(1)
    folder.path.mkdir()
    await create_space(folder, os.urandom)
    access, ours, theirs, size = Access(Vault(folder, KEY), now), [], [], 0
    with running("hub", folder.path) as there, running("bare", folder.path) as nowhere:
        for turn in range(TIMES):
            store = await recorded(place / f"tablet-{turn}", dice)
            ours.append(await sent(store, there, access))
            files = {name: await store.disk.get(name) for name in await store.disk.names("p/")}
            size = sum(map(len, files.values()))
            theirs.append(await put(files, nowhere))
            await store.disk.close()
            await asyncio.sleep(0)
    speed, peer = size / middle(ours) / 1e6, size / middle(theirs) / 1e6
    return [against("sync_push", speed, "MB/s", "httpx PUT to a bare ASGI app", peer, SIZE, least=0.6)]
