"""Devices of people: a real store in a directory, that syncs with a hub over a real socket, and says what it says in the app."""

import base64
import json
import os
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import httpx
from PIL import Image

from app.domain.schema.rights import partitions_for
from app.domain.vocabulary.roles import Role
from app.errors import DeviceUnknown
from app.hub.office import now_ms
from app.media.pillow import jpeg
from app.usecases.evidence import capture
from app.usecases.evidence.capture import Draft, DraftMedia
from app.usecases.session.hub import HubClient
from app.usecases.session.school import School
from app.usecases.syncing.rounds import Rounds
from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.store import Store


def photo() -> bytes:
    """Each another one."""
    return jpeg(Image.frombytes("RGB", (32, 32), os.urandom(32 * 32 * 3)), 80)


@dataclass
class Device:
    place: Path
    store: Store
    hub: HubClient
    rounds: Rounds

    @classmethod
    async def open(cls, place: Path, port: int) -> "Device":
        """As it was left, or new."""
        store = await Store.open(Directory.own(place), now=now_ms)
        client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60)
        said = json.loads(await store.kept("joined") or b"{}")
        return cls(place, store, HubClient(client, said.get("token", ""), said.get("space", "")), Rounds(store, now_ms))

    async def close(self) -> None:
        await self.hub.client.aclose()
        await self.store.close()

    async def join(self, code: str, name: str) -> None:
        made = await self.hub.join(code, self.store.device, name, self.hub.space)
        said = {"token": made.token, "space": made.space, "role": made.role, "classes": made.classes}
        await self.store.keep("joined", json.dumps(said).encode())

    async def invite(self, role: Role, classes: list[str]) -> str:
        return (await self.hub.invite(str(role), classes, None)).code

    async def round(self) -> None:
        """One round of sync. Raises what stands in its way."""
        said = json.loads(await self.store.kept("joined") or b"{}")
        self.store.speaks_for_all = said["role"] == Role.SENCO

        def scope(partition: str) -> bool:
            return partitions_for(Role(said["role"]), said["classes"], School(self.store).memberships())(partition)

        await self.rounds.go(HubFolder(self.hub.client, self.hub.token), self.hub.space, lambda *_: None, scope)

    async def observe(self, pupil: str, note: str) -> str:
        """The observation's id; with a photo of its own."""
        data = photo()
        item = DraftMedia("m", "image/jpeg", len(data), 32, 32, 0)
        item.thumb = base64.b64encode(jpeg(Image.new("RGB", (8, 6), "teal"), 80)).decode()
        (made,) = await capture.save(
            self.store, Draft(now_ms(), [item], note, "class", [pupil]), {"m": data}, "1" * 32, now_ms(), 0, os.urandom
        )
        return made

    def notes(self) -> list[str]:
        """Of all observations here, in order; one that came twice is here twice."""
        return sorted(one.note for one in School(self.store).observations())

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.hub.token}"}
        return await self.hub.client.request(method, path, headers=headers, **more)

    async def known(self) -> bool:
        try:
            await self.hub.ask("GET", "/api/partitions")
        except DeviceUnknown:
            return False
        return True
