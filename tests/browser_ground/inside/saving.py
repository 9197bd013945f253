"""A tablet that saves observations until somebody pulls the plug. It tells what it does, and waits until it was heard."""

import hashlib
import json
import os
import time
from contextlib import suppress
from typing import Any

import httpx
import js

from storage import media as pieces
from storage.errors import Unreachable
from storage.fetch import FetchTransport
from storage.folder.browser import open_disk
from storage.folder.hub import HubFolder
from storage.folder.idb import Idb
from storage.folder.port import Disk
from storage.folder.tab import options
from storage.ops import Change
from storage.store import Store, SyncState
from storage.sync import sync

PUPIL = "a" * 32
TOKEN = "token"
SYNC_AFTER = 4  # saves
kept: list[Any] = []


def tell(word: str, body: object = "") -> None:
    """Returns when the test has heard it."""
    ask = js.XMLHttpRequest.new()
    ask.open("POST", f"/{word}", False)
    ask.send(json.dumps(body))
    assert ask.status == 200, f"the test did not understand {word}: {body}"


def picture(number: int) -> bytes:
    """Every third observation has one, of 30 kB."""
    return hashlib.shake_128(str(number).encode()).digest(30_000) if number % 3 == 0 else b""


def words(number: int) -> str:
    return f"Observation {number}, " + "in her own time. " * (number % 7)


async def opened(room: str, kind: str) -> Store:
    disk: Disk = await Idb.open(room) if kind == "idb" else (await open_disk(room))[0]
    return await Store.open(disk, now=lambda: time.time_ns() // 1_000_000)


async def save(store: Store, number: int) -> None:
    chunks = pieces.chunks(PUPIL, picture(number)) if picture(number) else {}
    entity = f"observation:{number}"
    changes = [
        Change(PUPIL, entity, "note", words(number), text=True),
        Change(PUPIL, entity, "media", pieces.hashes(list(chunks))),
        Change(PUPIL, entity, "at", number),
    ]
    await store.write(changes, chunks)


async def tell_saved(_store: Store, number: int) -> None:
    tell("saved", number)


async def whole(store: Store, document: Any) -> bool:
    number = int(document["id"])
    data = await store.media(PUPIL, document["media"]) if document["media"] else b""
    return (document["note"], document["at"], data) == (words(number), number, picture(number))


async def what_is_there(store: Store, since: int) -> dict[str, Any]:
    """Numbers of the observations, which are called checked, which since a number are not whole, and what was mended."""
    here = list(store.library.documents("observation"))
    numbers = sorted(int(document["id"]) for document in here)
    spoilt = [d["id"] for d in here if int(d["id"]) >= since and not await whole(store, d)]
    return {"numbers": numbers, "checked": checked(store), "spoilt": spoilt, "notes": store.notes}


def checked(store: Store) -> list[int]:
    """Numbers of the observations that are called "In the school folder"."""
    numbers = [document["id"] for document in store.library.documents("observation")]
    return [int(number) for number in numbers if store.state_of(f"observation:{number}") is SyncState.FOLDER]


async def mark(name: str) -> None:
    """An open file by which the test finds the process of this tab."""
    directory = await (await js.navigator.storage.getDirectory()).getDirectoryHandle("marks", options(create=True))
    handle = await (await directory.getFileHandle(name, options(create=True))).createSyncAccessHandle()
    kept.append(handle)


async def join(room: str, kind: str, code: str) -> str:
    """The tablet's number in the school."""
    store = await opened(room, kind)
    async with httpx.AsyncClient(transport=FetchTransport(), base_url=js.location.origin) as client:
        answer = await client.post("/api/join", json={"code": code, "device": store.device, "name": "a tablet"})
    await store.keep(TOKEN, answer.json()["token"].encode())
    await store.close()
    return store.device


async def until_the_plug_is_pulled(room: str, kind: str, first: int, since: int, hasty: bool) -> None:
    """Tells what is there, then saves, beginning with the number `first`; after every few, the hub is told too. A `hasty` tablet
    says "saved" before it is: the books have to find out."""
    await mark(f"{first}-{os.urandom(4).hex()}")
    store = await opened(room, kind)
    tell("opened", await what_is_there(store, since))
    await js.bring("/js/steps.js")
    async with httpx.AsyncClient(transport=FetchTransport(), base_url=js.location.origin) as client:
        folder = HubFolder(client, (await store.kept(TOKEN) or b"").decode())
        number = first
        while True:
            tell("begins", number)
            for step in (tell_saved, save) if hasty else (save, tell_saved):
                await step(store, number)
            if number % SYNC_AFTER == 0:
                await tell_the_hub(store, folder)
            number += 1


async def tell_the_hub(store: Store, folder: HubFolder) -> None:
    with suppress(Unreachable):
        await sync(store, folder)
    tell("checked", checked(store))


async def at_last(room: str, kind: str) -> dict[str, Any]:
    """What is there after the last kill, every one of them looked at; and all of it goes to the hub."""
    store = await opened(room, kind)
    found = await what_is_there(store, 0)
    async with httpx.AsyncClient(transport=FetchTransport(), base_url=js.location.origin) as client:
        outcome = await sync(store, HubFolder(client, (await store.kept(TOKEN) or b"").decode()))
    found |= {"problems": outcome.problems, "waiting": store.pending().files}
    await store.close()
    return found
