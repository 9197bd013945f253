"""Papers that staff ask for: begun, watched, and found when they are done."""

from typing import Any

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from app.domain.records.acts import What
from app.domain.schema.asked import Right
from app.hub.devices.access import Caller
from app.hub.office import Office
from app.hub.papers.papers import Papers
from app.hub.routes.callers import base_url, caller_of, needs


class ReportWanted(BaseModel):
    pupil: str = Field(max_length=64)
    term: str = Field(max_length=40)


def paper_routes(office: Office, papers: Papers) -> APIRouter:
    routes = APIRouter(prefix="/api")
    who, leads = caller_of(office), needs(office, Right.PAPERS)

    @routes.post("/reports/termly", status_code=202)
    async def termly(wanted: ReportWanted, request: Request, caller: Caller = leads) -> dict[str, Any]:
        await office.refresh()
        pupil, term = office.school.pupil(wanted.pupil), office.school.term(wanted.term)
        office.need_scope(caller, pupil.id)
        await office.restored.need_known()
        await office.audit.note(What.PAPER_MADE, caller.who, pupil=pupil.id, paper="termly", term=term.id)
        return {"job": papers.begin(pupil.id, term.id, base_url(office, request), caller.device)}

    @routes.get("/jobs/{job}")
    async def how_far(job: str, caller: Caller = who) -> dict[str, Any]:
        return papers.state(job, caller.device)

    return routes
