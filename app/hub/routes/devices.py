"""Devices of the school, as they ask and as the SENCO asks of them: codes, joining, what each has to send, and ending one."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field

from app.domain.schema.asked import Right
from app.domain.vocabulary.language import N_
from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed
from app.hub.devices.access import Caller
from app.hub.devices.last_contact import MOST_SAID
from app.hub.guard.qr import qr
from app.hub.office import Office
from app.hub.routes.callers import base_url, caller_of, needs
from storage import names
from storage.space import NAME, open_space

BESIDE_RECORDS = (NAME, "hub/", "seen/")  # besides what the children's partitions and the school's hold


class Join(BaseModel):
    code: str = Field(max_length=40)
    device: str = Field(pattern="^[0-9a-f]{16}$")
    name: str = Field(default="", max_length=80)


class Pending(BaseModel):
    """What a device still has to send, and how many of its files it has seen in the folder."""

    pending: int = Field(ge=0, le=MOST_SAID)
    checked: int = Field(ge=0, le=MOST_SAID)


class InviteWanted(BaseModel):
    role: Role
    classes: list[str] = Field(default=[], max_length=60)
    staff: str | None = Field(default=None, max_length=64)


def device_routes(office: Office) -> APIRouter:
    routes = APIRouter(prefix="/api")
    who, senco = caller_of(office), needs(office, Right.DEVICES)

    @routes.post("/join")
    async def join(wanted: Join) -> dict[str, Any]:
        await office.refresh()
        code = "".join(wanted.code.split()).replace("-", "").upper()
        token, joined = await office.access.join(code, wanted.device, wanted.name)
        caller = office.today(joined)
        told = {"token": token, "role": str(caller.role), "classes": list(caller.classes), "staff": caller.staff or None}
        told |= {"school": office.school.name, "space": (await open_space(office.folder)).id}
        before = await office.last_contacts.of(await office.access.namesake(caller))
        return told | {"before": {"at": before.at, "pending": before.pending} if before and before.pending else None}

    @routes.post("/invites")
    async def invite(wanted: InviteWanted, request: Request, caller: Caller = senco) -> dict[str, Any]:
        code, expires = await office.access.invite(wanted.role, wanted.classes, wanted.staff, who=caller.who)
        url = f"{base_url(office, request)}/join/{code}"
        return {"code": code, "url": url, "expires": expires, "qr": qr(url)}

    @routes.get("/devices")
    async def devices(caller: Caller = senco) -> dict[str, Any]:
        return {"devices": [row | (await office.last_contacts.as_json(row["device"])) for row in await office.devices()]}

    @routes.get("/folder")
    async def folder(caller: Caller = senco) -> dict[str, int]:
        await office.refresh()
        everything = await office.folder.names()
        foreign = sum(not (names.parse(n) or names.before_aside(n) or n.startswith(BESIDE_RECORDS)) for n in everything)
        return {"foreign": foreign, "unreadable": len(office.replica.unreadable), "newer": len(office.replica.newer)}

    @routes.post("/pending")
    async def pending(wanted: Pending, x_through: Annotated[str, Header()] = "", caller: Caller = who) -> dict[str, Any]:
        await office.restored.went_through(caller, x_through)
        await office.last_contacts.note(caller.device, wanted.pending, wanted.checked)
        return {"pending": wanted.pending}

    @routes.delete("/devices/{device}")
    async def revoke(device: str, caller: Caller = senco) -> dict[str, Any]:
        if caller.device == device:
            raise NotAllowed(N_("A device cannot end itself. Please do it from another SENCO's device."))
        await office.access.revoke(device, caller.device, caller.who)
        return {"device": device}

    return routes
