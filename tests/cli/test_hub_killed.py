"""A hub that is killed in the middle of an upload: the device goes on, nothing comes twice, nothing is claimed too soon."""

import os
import signal
import time
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import httpx
import pytest

from app.folders import check
from app.usecases.evidence import capture
from app.usecases.evidence.capture import Draft, DraftMedia
from app.usecases.session.hub import HubClient
from app.usecases.session.school import School
from storage.errors import Unreachable
from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.store import Store, SyncState
from storage.sync import sync
from tests.journeys.school import SchoolHub
from tests.pictures import photo
from tests.storage.parts import op_ids

LARGE = 5_000_000  # bytes: five pieces


@pytest.fixture
def hub(built_app: Path, tmp_path: Path) -> Iterator[SchoolHub]:
    hub = SchoolHub(tmp_path)
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture
async def client(hub: SchoolHub) -> AsyncIterator[httpx.AsyncClient]:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{hub.port}", timeout=30) as client:
        yield client


async def joined(hub: SchoolHub, client: httpx.AsyncClient, where: Path) -> tuple[Store, HubFolder]:
    store = await Store.open(Directory.own(where), now=lambda: time.time_ns() // 1_000_000)
    door = HubClient(client)
    await door.join(hub.links["tablet"].rsplit("/", 1)[1], store.device, "a tablet")
    folder = HubFolder(client, door.token)
    await sync(store, folder)
    return store, folder


async def record(store: Store) -> str:
    pupil = School(store).pupils()[0].id
    data = photo(LARGE)
    draft = Draft(1, [DraftMedia("m", "image/jpeg", len(data), 8, 6)], "A long moment", "class", [pupil])
    (made,) = await capture.save(store, draft, {"m": data}, "dana", 1, 0, os.urandom)
    return made


@pytest.mark.parametrize("after", [1, 3])
async def test_a_hub_killed_in_mid_upload_loses_and_doubles_nothing(
    hub: SchoolHub, client: httpx.AsyncClient, tmp_path: Path, after: int
) -> None:
    store, folder = await joined(hub, client, tmp_path / "device")
    made = await record(store)

    def plug(what: str, done: int, total: int) -> None:
        if what == "sending" and done == after:
            hub.stop(signal.SIGKILL)

    with pytest.raises(Unreachable):
        await sync(store, folder, progress=plug)
    assert store.state_of(f"observation:{made}") is SyncState.TABLET, "not called safe in the folder before it is"
    assert store.pending().files > 0

    hub.start()
    again = await sync(store, folder)
    assert not again.problems and store.pending().files == 0
    assert store.state_of(f"observation:{made}") is SyncState.FOLDER
    found = await check(hub.folder)
    assert found.problems == []
    ids = op_ids(hub.files())
    assert len(ids) == len(set(ids)), "an op that comes twice was sent twice"
    await store.close()
