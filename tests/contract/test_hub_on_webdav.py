"""A hub whose folder is on a WebDAV server: devices do not notice, and the hub's computer holds nothing but the key."""

import json
import signal
from pathlib import Path

import httpx
import pytest

from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.store import Pending, Store, SyncState
from storage.sync import sync
from tests.browser import built_app
from tests.cli.typed import LAST_LINE, LONGEST, all_in, serving, typed
from tests.contract.kinds import DAVS, DEV, store_of
from tests.contract.servers import DavServer, Servers
from tests.ports import free_port
from tests.storage.parts import AMIRA, note, picture

__all__ = ["built_app"]
OTHER = "f" * 16
PICTURE = picture(bytes(500_000))


async def joined(hub: str, code: str, dev: str) -> str:
    """The token of a device."""
    async with httpx.AsyncClient(base_url=hub, timeout=LONGEST) as anyone:
        answer = await anyone.post("/api/join", json={"code": code, "device": dev, "name": dev[:3]})
        return str(answer.json()["token"])


async def synced(store: Store, hub: str, token: str) -> None:
    async with httpx.AsyncClient(base_url=hub, timeout=LONGEST) as client:
        outcome = await sync(store, HubFolder(client, token))
    assert outcome.problems == [] and store.pending() == Pending(0, 0)


async def asked_for_another(hub: str, token: str) -> str:
    """A code for a second device, as the SENCO's device asks for it."""
    async with httpx.AsyncClient(base_url=hub, timeout=LONGEST, headers={"Authorization": f"Bearer {token}"}) as senco:
        answer = await senco.post("/api/invites", json={"role": "senco", "classes": [], "staff": None})
        return str(answer.json()["code"])


@pytest.mark.parametrize("kind", DAVS)
async def test_what_one_device_sent_another_shows_and_a_killed_hub_goes_on_elsewhere(
    built_app: Path, servers: Servers, tmp_path: Path, kind: str
) -> None:
    server: DavServer = getattr(servers, kind)
    files = server.fresh()
    words = ("--folder", server.typed(files), "--links", "links.json", "--key-file", "hub.key", "--port")
    tablet, phone = await store_of(DEV), await store_of(OTHER, start=2_000)

    with serving(tmp_path, *words, free_port()) as hub:
        hub.until(LAST_LINE)
        links = json.loads((tmp_path / "links.json").read_text())
        token = await joined(links["hub"], links["setup"].rsplit("/", 1)[1], DEV)
        await tablet.write([note("Amira asked.")], PICTURE)
        await synced(tablet, links["hub"], token)
        assert tablet.state_of("observation:1") is SyncState.FOLDER
        code = await asked_for_another(links["hub"], token)
        hub.stop(signal.SIGKILL)

    with serving(tmp_path, *words, free_port()) as hub:
        hub.until(LAST_LINE)
        links = json.loads((tmp_path / "links.json").read_text())
        assert "setup" not in links and server.typed(files) not in "\n".join(hub.said) + json.dumps(links)
        other = await joined(links["hub"], code, OTHER)
        await synced(phone, links["hub"], other)
        await phone.write([note("Amira asked twice.")])
        await synced(phone, links["hub"], other)
        await synced(tablet, links["hub"], token)
        assert hub.stop(signal.SIGTERM) == 0

    for store in (tablet, phone):
        shown = store.library.get("observation:1")
        assert shown and shown["note"] == "Amira asked twice."
    assert await phone.media(AMIRA, [name[-32:] for name in PICTURE]) == bytes(500_000)
    assert set(all_in(tmp_path)) == {"links.json", "hub.key"}
    assert await Directory(files).names("p/") == set(await tablet.disk.names("p/"))
    assert typed(tmp_path, "check", "--folder", files).returncode == 0
