"""Families' links, as staff make and end them."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from app.domain.schema.asked import Right
from app.hub.devices.access import Caller
from app.hub.office import Office
from app.hub.routes.callers import base_url, needs


class LinkWanted(BaseModel):
    pupil: str = Field(max_length=64)
    days: int = Field(ge=1, le=400)


def link_routes(office: Office) -> APIRouter:
    routes = APIRouter(prefix="/api")
    leads = needs(office, Right.LINKS)

    @routes.post("/links")
    async def make_link(wanted: LinkWanted, request: Request, caller: Caller = leads) -> dict[str, Any]:
        await office.refresh()
        pupil = office.school.pupil(wanted.pupil)
        ident, token, expires = await office.links.make(pupil.id, wanted.days, caller.device, caller.who)
        return {"id": ident, "url": f"{base_url(office, request)}/f/{token}", "expires": expires}

    @routes.get("/links")
    async def links(pupil: str, caller: Caller = leads) -> dict[str, Any]:
        return {"links": await office.links.of(pupil)}

    @routes.delete("/links/{ident}")
    async def end_link(ident: str, caller: Caller = leads) -> dict[str, Any]:
        await office.links.end(ident, caller.device, caller.who)
        return {"id": ident}

    return routes
