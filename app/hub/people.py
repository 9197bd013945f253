"""What people ask of the hub beside the files: joining, devices, papers, families' links, invites."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from app.domain.words import Role
from app.errors import NotAllowed
from app.hub.access import Caller
from app.hub.files import caller_of
from app.hub.office import Office
from app.hub.papers import Papers
from storage.space import open_space


class Join(BaseModel):
    code: str = Field(max_length=40)
    device: str = Field(pattern="^[0-9a-f]{16}$")
    name: str = Field(default="", max_length=80)


class ReportWanted(BaseModel):
    pupil: str = Field(max_length=64)
    term: str = Field(max_length=40)


class LinkWanted(BaseModel):
    pupil: str = Field(max_length=64)
    days: int = Field(ge=1, le=400)


class InviteWanted(BaseModel):
    role: Role
    classes: list[str] = Field(default=[], max_length=60)
    staff: str | None = Field(default=None, max_length=64)


def leads(caller: Caller) -> Caller:
    """Raises NotAllowed for everybody but SENCO and DSL."""
    if caller.role not in {Role.SENCO, Role.DSL}:
        raise NotAllowed
    return caller


def senco(caller: Caller) -> Caller:
    """Raises NotAllowed for everybody but the SENCO."""
    if caller.role is not Role.SENCO:
        raise NotAllowed
    return caller


def base_url(office: Office, request: Request) -> str:
    """Where the school is reached: its setting, else where this request was made."""
    public = office.school.settings.get("public_url")
    return str(public or request.base_url).rstrip("/")


def people_routes(office: Office, papers: Papers) -> APIRouter:
    routes = APIRouter(prefix="/api")
    for add in (_joining, _papers, _links):
        add(routes, office, papers)
    return routes


def _joining(routes: APIRouter, office: Office, _: Papers) -> None:
    who = caller_of(office)

    @routes.post("/join")
    async def join(wanted: Join) -> dict[str, Any]:
        await office.refresh()
        code = "".join(wanted.code.split()).replace("-", "").upper()
        token, caller = await office.access.join(code, wanted.device, wanted.name)
        told = {"token": token, "role": str(caller.role), "classes": list(caller.classes), "staff": caller.staff or None}
        return told | {"school": office.school.name, "space": (await open_space(office.folder)).id}

    @routes.post("/invites")
    async def invite(wanted: InviteWanted, request: Request, caller: Caller = who) -> dict[str, Any]:
        senco(caller)
        code, expires = await office.access.invite(wanted.role, wanted.classes, wanted.staff)
        return {"code": code, "url": f"{base_url(office, request)}/join/{code}", "expires": expires}

    @routes.get("/devices")
    async def devices(caller: Caller = who) -> dict[str, Any]:
        senco(caller)
        return {"devices": await office.access.devices()}

    @routes.delete("/devices/{device}")
    async def revoke(device: str, caller: Caller = who) -> dict[str, Any]:
        if senco(caller).device == device:
            raise NotAllowed("A device cannot end itself. Please do it from another SENCO's device.")
        await office.access.revoke(device, caller.device)
        return {"device": device}


def _papers(routes: APIRouter, office: Office, papers: Papers) -> None:
    who = caller_of(office)

    @routes.post("/reports/termly", status_code=202)
    async def termly(wanted: ReportWanted, request: Request, caller: Caller = who) -> dict[str, Any]:
        leads(caller)
        await office.refresh()
        pupil, term = office.school.pupil(wanted.pupil), office.school.term(wanted.term)
        office.need_scope(caller, pupil.id)
        return {"job": papers.begin(pupil.id, term.id, base_url(office, request), caller.device)}

    @routes.get("/jobs/{job}")
    async def how_far(job: str, caller: Caller = who) -> dict[str, Any]:
        return papers.state(job, caller.device)


def _links(routes: APIRouter, office: Office, _: Papers) -> None:
    who = caller_of(office)

    @routes.post("/links")
    async def make_link(wanted: LinkWanted, request: Request, caller: Caller = who) -> dict[str, Any]:
        leads(caller)
        await office.refresh()
        pupil = office.school.pupil(wanted.pupil)
        ident, token, expires = await office.links.make(pupil.id, wanted.days, caller.device)
        return {"id": ident, "url": f"{base_url(office, request)}/f/{token}", "expires": expires}

    @routes.get("/links")
    async def links(pupil: str, caller: Caller = who) -> dict[str, Any]:
        leads(caller)
        return {"links": await office.links.of(pupil)}

    @routes.delete("/links/{ident}")
    async def end_link(ident: str, caller: Caller = who) -> dict[str, Any]:
        await office.links.end(ident, leads(caller).device)
        return {"id": ident}
