"""The hub as a device asks it, beside the files: joining, papers, families' links, invites."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from app.errors import HubUnreachable, SmallStepsError, leaves

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


@dataclass(frozen=True, slots=True)
class FamilyLink:
    """A family's link; `expires` in ms UTC. The address is known only to who made it."""

    id: str
    pupil: str
    expires: int
    url: str = ""
    ended: bool = False


@dataclass(frozen=True, slots=True)
class Invite:
    code: str
    url: str
    expires: int


def told(answer: httpx.Response) -> SmallStepsError:
    """The error that the hub's one error shape speaks of."""
    known = {leaf.code: leaf for leaf in leaves()}
    try:
        raw = answer.json()["error"]
        return known.get(raw["code"], SmallStepsError)(str(raw["message"]))
    except (ValueError, KeyError, TypeError):
        return HubUnreachable()


class Answer(dict[str, Any]):
    """What the hub said. Somebody else that answers, as the sign-in page of a guest Wi-Fi, is nobody."""

    def __missing__(self, key: str) -> Any:
        raise HubUnreachable


def read(answer: httpx.Response) -> Answer:
    """Raises HubUnreachable."""
    try:
        return Answer(answer.json())
    except (ValueError, TypeError) as error:
        raise HubUnreachable from error


class HubClient:
    """JSON routes of the hub. Raises the hub's own errors, and HubUnreachable when nobody answers."""

    def __init__(self, client: httpx.AsyncClient, token: str = "") -> None:
        self.client, self.token = client, token

    async def ask(self, method: str, path: str, **more: Any) -> Answer:
        headers = {"Authorization": f"Bearer {self.token}"} if self.token else {}
        try:
            answer = await self.client.request(method, path, headers=headers, **more)
        except httpx.HTTPError as error:
            raise HubUnreachable from error
        if answer.is_error:
            raise told(answer)
        return read(answer)

    async def join(self, code: str, device: str, name: str) -> Joined:
        raw = await self.ask("POST", "/api/join", json={"code": code, "device": device, "name": name})
        self.token = str(raw["token"])
        return Joined(
            self.token, str(raw["role"]), tuple(raw["classes"]), str(raw["staff"] or ""), str(raw["school"]), str(raw["space"])
        )

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

    async def invite(self, role: str, classes: list[str], staff: str | None) -> Invite:
        raw = await self.ask("POST", "/api/invites", json={"role": role, "classes": classes, "staff": staff})
        return Invite(str(raw["code"]), str(raw["url"]), int(raw["expires"]))
