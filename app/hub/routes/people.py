"""What people ask of the hub beside the files: joining, devices, papers, families' links, invites."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from pydantic import BaseModel, Field

from app.domain.records.acts import What
from app.domain.schema.rights import ASKS
from app.domain.vocabulary.language import N_
from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed
from app.hub.devices.access import Caller
from app.hub.devices.last_contact import MOST
from app.hub.guard.qr import qr
from app.hub.office import Office
from app.hub.papers.papers import Papers
from app.hub.routes.files import caller_of
from storage import names
from storage.space import NAME, open_space

OURS = (NAME, "hub/", "seen/")  # besides what the children's partitions and the school's hold


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


class Pending(BaseModel):
    """What a device still has to send, and how many of its files it has seen in the folder."""

    pending: int = Field(ge=0, le=MOST)
    checked: int = Field(ge=0, le=MOST)


class InviteWanted(BaseModel):
    role: Role
    classes: list[str] = Field(default=[], max_length=60)
    staff: str | None = Field(default=None, max_length=64)


def leads(caller: Caller) -> Caller:
    """Raises NotAllowed for everybody but SENCO and DSL."""
    if caller.role not in ASKS["papers"]:
        raise NotAllowed
    return caller


def senco(caller: Caller) -> Caller:
    """Raises NotAllowed for everybody but the SENCO."""
    if caller.role not in ASKS["devices"]:
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
        token, joined = await office.access.join(code, wanted.device, wanted.name)
        caller = office.today(joined)
        told = {"token": token, "role": str(caller.role), "classes": list(caller.classes), "staff": caller.staff or None}
        told |= {"school": office.school.name, "space": (await open_space(office.folder)).id}
        before = await office.seen.of(await office.access.namesake(caller))
        return told | {"before": {"at": before.at, "pending": before.pending} if before and before.pending else None}

    @routes.post("/invites")
    async def invite(wanted: InviteWanted, request: Request, caller: Caller = who) -> dict[str, Any]:
        senco(caller)
        code, expires = await office.access.invite(wanted.role, wanted.classes, wanted.staff, who=caller.who)
        url = f"{base_url(office, request)}/join/{code}"
        return {"code": code, "url": url, "expires": expires, "qr": qr(url)}

    @routes.get("/devices")
    async def devices(caller: Caller = who) -> dict[str, Any]:
        senco(caller)
        return {"devices": [row | (await office.seen.told(row["device"])) for row in await office.devices()]}

    @routes.get("/folder")
    async def folder(caller: Caller = who) -> dict[str, int]:
        senco(caller)
        await office.refresh()
        everything = await office.folder.names()
        foreign = sum(not (names.parse(n) or names.before_aside(n) or n.startswith(OURS)) for n in everything)
        return {"foreign": foreign, "unreadable": len(office.replica.unreadable), "newer": len(office.replica.newer)}

    @routes.post("/pending")
    async def pending(wanted: Pending, x_through: Annotated[str, Header()] = "", caller: Caller = who) -> dict[str, Any]:
        await office.restored.went_through(caller, x_through)
        await office.seen.note(caller.device, wanted.pending, wanted.checked)
        return {"pending": wanted.pending}

    @routes.delete("/devices/{device}")
    async def revoke(device: str, caller: Caller = who) -> dict[str, Any]:
        if senco(caller).device == device:
            raise NotAllowed(N_("A device cannot end itself. Please do it from another SENCO's device."))
        await office.access.revoke(device, caller.device, caller.who)
        return {"device": device}


def _papers(routes: APIRouter, office: Office, papers: Papers) -> None:
    who = caller_of(office)

    @routes.post("/reports/termly", status_code=202)
    async def termly(wanted: ReportWanted, request: Request, caller: Caller = who) -> dict[str, Any]:
        leads(caller)
        await office.refresh()
        pupil, term = office.school.pupil(wanted.pupil), office.school.term(wanted.term)
        office.need_scope(caller, pupil.id)
        await office.restored.need_known()
        await office.audit.note(What.PAPER_MADE, caller.who, pupil=pupil.id, paper="termly", term=term.id)
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
        ident, token, expires = await office.links.make(pupil.id, wanted.days, caller.device, caller.who)
        return {"id": ident, "url": f"{base_url(office, request)}/f/{token}", "expires": expires}

    @routes.get("/links")
    async def links(pupil: str, caller: Caller = who) -> dict[str, Any]:
        leads(caller)
        return {"links": await office.links.of(pupil)}

    @routes.delete("/links/{ident}")
    async def end_link(ident: str, caller: Caller = who) -> dict[str, Any]:
        await office.links.end(ident, leads(caller).device, caller.who)
        return {"id": ident}
