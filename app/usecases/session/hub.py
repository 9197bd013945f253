"""The hub as a device asks it, beside the files: joining, papers, families' links, invites."""

import asyncio
import base64
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from app.errors import HubUnreachable, OtherSchool, SmallStepsError, leaves

Progress = Callable[[str, int, int], None]


@dataclass(frozen=True, slots=True)
class Joined:
    """What a device is told when it joins: its token, and what it may see."""

    token: str
    role: str
    classes: tuple[str, ...]
    staff: str
    school: str
    space: str
    before: dict[str, int] | None = None  # {"at": ms UTC, "pending"}: what this tablet had to send before it was wiped


@dataclass(frozen=True, slots=True)
class Device:
    """A device that joined. `seen` in ms UTC and `pending` are what it said last; None where it has said nothing."""

    id: str
    name: str
    role: str
    joined: int
    ended: bool
    seen: int | None
    pending: int | None
    classes: tuple[str, ...] = ()
    staff: str = ""


@dataclass(frozen=True, slots=True)
class Ended:
    """What a device that was turned away is told: whether the school has ended it, whether the SENCO has given up what it still
    holds, and the hashes of its files that she has dealt with."""

    ended: bool
    given_up: bool
    settled: frozenset[str]


@dataclass(frozen=True, slots=True)
class Waiting:
    """A moment that waits for the SENCO to take it in. `at` in ms UTC."""

    pupil: str
    at: int
    by: str
    note: str
    pictures: int


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a device has handed in, or was not allowed to write: so many files since `since` (ms UTC), with these moments, other
    things, and files that no one can read."""

    device: str
    name: str
    ended: bool
    given_up: bool
    files: int
    since: int
    moments: tuple[Waiting, ...]
    others: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class FamilyLink:
    """A family's link; `expires` in ms UTC. The address is known only to who made it."""

    id: str
    pupil: str
    expires: int
    url: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class FolderCounts:
    """Files of the school's folder: with no name of ours; that cannot be read; of a newer format."""

    foreign: int
    unreadable: int
    newer: int


@dataclass(frozen=True, slots=True)
class AfterRestore:
    """Devices that are let in and links that open in a folder that was brought back from a backup; `awaited` are ids of those of
    SENCO and DSL that have not been here since."""

    devices: tuple[Device, ...]
    links: tuple[FamilyLink, ...]
    awaited: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Invite:
    """A code for a device, until `expires` (ms UTC); `qr`: the PNG of a code that leads to the address."""

    code: str
    url: str
    expires: int
    qr: bytes = b""


def _waiting(raw: dict[str, Any]) -> Waiting:
    return Waiting(str(raw["pupil"]), int(raw["at"]), str(raw["by"]), str(raw["note"]), int(raw["pictures"]))


def as_api_error(answer: httpx.Response) -> SmallStepsError:
    """The error that the hub's one error shape speaks of."""
    known = {leaf.code: leaf for leaf in leaves()}
    try:
        raw = answer.json()["error"]
        return known.get(raw["code"], SmallStepsError)(str(raw["message"]))
    except (ValueError, KeyError, TypeError):
        return HubUnreachable()


class Answer(dict[str, Any]):
    """What the hub said. If something else answers, like the sign-in page of a guest Wi-Fi, it counts as no answer."""

    def __missing__(self, key: str) -> Any:
        raise HubUnreachable


def read(answer: httpx.Response) -> Answer:
    """Raises HubUnreachable."""
    try:
        return Answer(answer.json())
    except (ValueError, TypeError) as error:
        raise HubUnreachable from error


class HubClient:
    """JSON routes of the hub. Raises the hub's own errors, and HubUnreachable if nothing answers."""

    def __init__(self, client: httpx.AsyncClient, token: str = "", space: str = "") -> None:  # nosec B107 # none yet
        self.client, self.token, self.space = client, token, space
        self.author = ""  # the person who asks

    async def ask(self, method: str, path: str, **more: Any) -> Answer:
        who = {"X-Author": self.author} if self.author else {}
        headers = {"Authorization": f"Bearer {self.token}", "X-Space": self.space} | who if self.token else {}
        try:
            answer = await self.client.request(method, path, headers=headers, **more)
        except httpx.HTTPError as error:
            raise HubUnreachable from error
        if answer.is_error:
            raise as_api_error(answer)
        return read(answer)

    async def join(self, code: str, device: str, name: str, space: str = "") -> Joined:
        """Raises OtherSchool, with nothing changed here, where this device has joined the school of another space before: its
        children's records must not go to a strange folder."""
        raw = await self.ask("POST", "/api/join", json={"code": code, "device": device, "name": name})
        if space and str(raw["space"]) != space:
            raise OtherSchool
        self.token, self.space = str(raw["token"]), str(raw["space"])
        before = raw.get("before")
        return Joined(
            self.token, str(raw["role"]), tuple(raw["classes"]), str(raw["staff"] or ""), str(raw["school"]), str(raw["space"]),
            {key: int(before[key]) for key in ("at", "pending")} if before else None,
        )  # fmt: skip

    async def termly_report(self, pupil: str, term: str, progress: Progress) -> str:
        """The address of the finished PDF; asks the hub until it is done, telling how far it is."""
        job = (await self.ask("POST", "/api/reports/termly", json={"pupil": pupil, "term": term}))["job"]
        while True:
            raw = await self.ask("GET", f"/api/jobs/{job}")
            progress(str(raw["step"]), int(raw["done"]), int(raw["total"]))
            if raw["state"] == "done":
                return str(raw["url"])
            if raw["state"] == "failed":
                raise SmallStepsError(str(raw["step"]))
            await asyncio.sleep(0.2)

    async def make_link(self, pupil: str, days: int) -> FamilyLink:
        raw = await self.ask("POST", "/api/links", json={"pupil": pupil, "days": days})
        return FamilyLink(str(raw["id"]), pupil, int(raw["expires"]), str(raw["url"]))

    async def links(self, pupil: str) -> list[FamilyLink]:
        raw = await self.ask("GET", "/api/links", params={"pupil": pupil})
        return [FamilyLink(str(x["id"]), pupil, int(x["expires"]), "", bool(x["ended"])) for x in raw["links"]]

    async def revoke_link(self, ident: str) -> None:
        await self.ask("DELETE", f"/api/links/{ident}")

    async def devices(self) -> list[Device]:
        found = (await self.ask("GET", "/api/devices"))["devices"]
        return [
            Device(
                str(x["device"]), str(x["name"]), str(x["role"]), int(x["joined"]), bool(x["ended"]), x["seen"], x["pending"],
                tuple(map(str, x.get("classes") or ())), str(x.get("staff") or ""),
            )
            for x in found
        ]  # fmt: skip

    async def this_is(self, staff: str) -> None:
        """This device is that person's."""
        await self.ask("POST", "/api/me", json={"staff": staff})

    async def leaving(self) -> Ended:
        raw = await self.ask("GET", "/api/leaving")
        return Ended(bool(raw["ended"]), bool(raw["given_up"]), frozenset(map(str, raw["settled"])))

    async def after_restore(self) -> AfterRestore:
        raw = await self.ask("GET", "/api/restored")
        devices = tuple(
            Device(str(x["device"]), str(x["name"]), str(x["role"]), int(x["joined"]), False, None, None) for x in raw["devices"]
        )
        links = tuple(FamilyLink(str(x["id"]), str(x["pupil"]), int(x["expires"])) for x in raw["links"])
        return AfterRestore(devices, links, tuple(map(str, raw["awaited"])))

    async def confirm_restored(self) -> None:
        await self.ask("POST", "/api/restored")

    async def folder_counts(self) -> FolderCounts:
        raw = await self.ask("GET", "/api/folder")
        return FolderCounts(*(int(raw[key]) for key in ("foreign", "unreadable", "newer")))

    async def handed_in(self) -> list[HandedIn]:
        found = (await self.ask("GET", "/api/quarantine"))["devices"]
        return [
            HandedIn(
                str(x["device"]), str(x["name"]), bool(x["ended"]), bool(x["given_up"]), int(x["files"]), int(x["since"]),
                tuple(map(_waiting, x["moments"])), int(x["others"]), int(x["unreadable"]),
            )
            for x in found
        ]  # fmt: skip

    async def accept_handed_in(self, device: str) -> list[str]:
        """Sentences on what could not be taken in, and stays."""
        return [str(why) for why in (await self.ask("POST", f"/api/quarantine/{device}/accept"))["why"]]

    async def throw_away(self, device: str) -> None:
        await self.ask("DELETE", f"/api/quarantine/{device}")

    async def give_up(self, device: str) -> None:
        await self.ask("POST", f"/api/devices/{device}/give-up")

    async def end_device(self, device: str) -> None:
        await self.ask("DELETE", f"/api/devices/{device}")

    async def invite(self, role: str, classes: list[str], staff: str | None) -> Invite:
        raw = await self.ask("POST", "/api/invites", json={"role": role, "classes": classes, "staff": staff})
        return Invite(str(raw["code"]), str(raw["url"]), int(raw["expires"]), base64.b64decode(raw.get("qr") or ""))

    async def audit(self, **asked: str | int) -> Answer:
        """A page of the audit log; see the hub's route."""
        return await self.ask("GET", "/api/audit", params=asked)
