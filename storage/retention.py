"""What may leave a tablet to make room: pictures and clips that the folder has held for a while. Thumbnails stay, and so does
everything that is not checked; the bytes come back when a person looks."""

import json
from collections.abc import Iterable
from contextlib import suppress

from storage.errors import MissingName, StoreFull
from storage.folder.port import Folder, digest_with
from storage.ops import dumps
from storage.store import Store

DAY = 24 * 60 * 60 * 1000
DAYS = 14
MOST_AT_ONCE = 64  # files, each of which the folder is asked about
NOTED = "local/media"


async def shed(store: Store, folder: Folder, days: int = DAYS) -> int:
    """Let go of media that have been here and in the folder for so many days, each after asking the folder once more. How many
    went. Raises Unreachable."""
    noted = await _noted(store)
    old = [name for name, since in noted.items() if store.now() - since >= days * DAY][:MOST_AT_ONCE]
    sure = [name for name in old if await _still_there(store, folder, name)]
    gone = await store.let_go(sure)
    with suppress(StoreFull):
        await store.disk.replace(NOTED, dumps({name: noted[name] for name in noted if name not in store.shed}).encode())
    return gone


async def _still_there(store: Store, folder: Folder, name: str) -> bool:
    nonce = store.random(16)
    return await folder.digest(name, nonce) == digest_with(nonce, await store.disk.get(name))


async def _noted(store: Store) -> dict[str, int]:
    """Media that may leave -> ms UTC since when that is known; a clock that was set back begins anew."""
    known: dict[str, int] = {}
    with suppress(MissingName, ValueError, AttributeError):
        raw = json.loads(await store.disk.get(NOTED))
        known = {name: when for name, when in raw.items() if isinstance(when, int)}
    now = store.now()
    return {name: min(known.get(name, now), now) for name in store.may_shed()}


async def fetch(store: Store, folder: Folder, partition: str, hashes: Iterable[str]) -> None:
    """Bring back what has left. Raises Unreachable, MissingName, BadBytes, StoreFull."""
    for digest in hashes:
        name = f"p/{partition}/media/{digest}"
        if name not in store.here.get(partition, ()) or name in store.rotten:
            await store.take(name, await folder.get(name))
