"""The hub as people and devices meet it: one FastAPI app over one office."""

import re
from pathlib import Path
from typing import Annotated, Any

from fastapi import APIRouter, Depends, FastAPI, Header, Request
from fastapi.responses import FileResponse, JSONResponse, RedirectResponse, Response
from pydantic import BaseModel, Field

from app.domain.words import Role
from app.errors import BadRequest, NotAllowed, ThingUnknown
from app.hub.access import Caller
from app.hub.answers import HEADERS, PLAIN_CSP, add_handlers, body_of, ranged
from app.hub.office import Office
from app.hub.pages import Pages
from app.hub.papers import Papers
from storage import names

TYPES = {
    ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json",
    ".woff2": "font/woff2", ".html": "text/html", ".css": "text/css", ".png": "image/png", ".svg": "image/svg+xml",
    ".ttf": "font/ttf", ".otf": "font/otf", ".gz": "application/octet-stream", ".zip": "application/zip",
}  # fmt: skip


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


def site(office: Office) -> FastAPI:
    app = FastAPI(title="Small Steps hub", docs_url=None, redoc_url=None)
    add_handlers(app)
    papers, pages = Papers(office), Pages(office)
    app.include_router(files_routes(office))
    app.include_router(people_routes(office, papers))
    app.include_router(page_routes(office, papers, pages))

    @app.middleware("http")
    async def honest_headers(request: Request, call_next: Any) -> Response:
        answer: Response = await call_next(request)
        for key, value in HEADERS.items():
            answer.headers.setdefault(key, value)
        if request.url.path.startswith("/api/"):
            answer.headers.setdefault("Cache-Control", "no-store")
        return answer

    return app


def caller_of(office: Office) -> Any:
    async def who(authorization: Annotated[str, Header()] = "") -> Caller:
        return await office.access.caller(authorization.removeprefix("Bearer "))

    return Depends(who)


def base_url(office: Office, request: Request) -> str:
    """The address that people outside reach this hub by."""
    public = office.school.settings.get("public_url")
    return str(public or request.base_url).rstrip("/")


def nonce_of(text: str) -> bytes:
    try:
        return bytes.fromhex(text[:128])
    except ValueError as error:
        raise BadRequest from error


def files_routes(office: Office) -> APIRouter:
    """The folder over HTTP: the same names, the same bytes."""
    routes, who = APIRouter(prefix="/api"), caller_of(office)

    @routes.get("/partitions")
    async def partitions(caller: Caller = who) -> dict[str, Any]:
        found = await office.refresh()
        return {"partitions": {p: d for p, d in found.items() if office.may_hold(caller, p)}, "now": office.now()}

    @routes.get("/p/{partition}/names")
    async def listed(partition: str, caller: Caller = who) -> dict[str, Any]:
        if not names.is_partition(partition):
            raise ThingUnknown
        office.need_scope(caller, partition)
        return {"names": sorted(n for n in await office.folder.names(f"p/{partition}/") if names.parse(n))}

    @routes.put("/files/{name:path}")
    async def put(name: str, request: Request, x_nonce: Annotated[str, Header()] = "", caller: Caller = who) -> dict[str, Any]:
        data = await body_of(request)
        return {"name": name, "size": len(data), "digest": await office.put(caller, name, data, nonce_of(x_nonce))}

    @routes.get("/files/{name:path}")
    async def get(name: str, request: Request, caller: Caller = who) -> Response:
        return ranged(request, await office.get(caller, name), "application/octet-stream")

    @routes.delete("/files/{name:path}")
    async def delete(name: str, caller: Caller = who) -> dict[str, Any]:
        await office.delete(caller, name)
        return {"name": name}

    @routes.get("/digest/{name:path}")
    async def digest(name: str, nonce: str = "", caller: Caller = who) -> dict[str, Any]:
        parts = names.parse(name)
        if parts is None:
            raise ThingUnknown
        office.need_scope(caller, parts.partition)
        return {"digest": await office.folder.digest(name, nonce_of(nonce))}

    return routes


def senco(caller: Caller) -> Caller:
    if caller.role not in {Role.SENCO, Role.DSL}:
        raise NotAllowed
    return caller


def people_routes(office: Office, papers: Papers) -> APIRouter:
    """Joining, papers, links and invites."""
    routes, who = APIRouter(prefix="/api"), caller_of(office)

    @routes.post("/join")
    async def join(wanted: Join) -> dict[str, Any]:
        await office.refresh()
        token, caller = await office.access.join(wanted.code.strip().upper(), wanted.device, wanted.name)
        told = {"token": token, "role": str(caller.role), "classes": list(caller.classes), "staff": caller.staff or None}
        return told | {"school": office.school.name, "space": (await office.folder.get("space.json")).decode()}

    @routes.post("/reports/termly", status_code=202)
    async def termly(wanted: ReportWanted, request: Request, caller: Caller = who) -> dict[str, Any]:
        senco(caller)
        await office.refresh()
        office.need_scope(caller, office.school.pupil(wanted.pupil).id)
        return {"job": papers.begin(wanted.pupil, wanted.term, base_url(office, request), caller.device)}

    @routes.get("/jobs/{job}")
    async def how_far(job: str, request: Request, caller: Caller = who) -> dict[str, Any]:
        return papers.state(job, caller.device)

    @routes.post("/links")
    async def make_link(wanted: LinkWanted, request: Request, caller: Caller = who) -> dict[str, Any]:
        senco(caller)
        await office.refresh()
        pupil = office.school.pupil(wanted.pupil)
        ident, token, expires = await office.access.make_link(pupil.id, wanted.days, caller.device)
        return {"id": ident, "url": f"{base_url(office, request)}/f/{token}", "expires": expires}

    @routes.get("/links")
    async def links(pupil: str, caller: Caller = who) -> dict[str, Any]:
        return {"links": await office.access.links(senco(caller) and pupil)}

    @routes.delete("/links/{ident}")
    async def end_link(ident: str, caller: Caller = who) -> dict[str, Any]:
        await office.access.end_link(ident, senco(caller).device)
        return {"id": ident}

    @routes.post("/invites")
    async def invite(wanted: InviteWanted, request: Request, caller: Caller = who) -> dict[str, Any]:
        senco(caller)
        code, expires = await office.access.invite(wanted.role, wanted.classes, wanted.staff)
        return {"code": code, "url": f"{base_url(office, request)}/join/{code}", "expires": expires}

    return routes


def page_routes(office: Office, papers: Papers, pages: Pages) -> APIRouter:
    """What a browser opens: the app, a family's page, a finished paper."""
    routes = APIRouter()

    def html(text: str, status: int = 200) -> Response:
        headers = {"Content-Security-Policy": PLAIN_CSP, "Cache-Control": "no-store", "X-Robots-Tag": "noindex"}
        return Response(text, status, headers, "text/html")

    @routes.get("/healthz")
    async def health() -> dict[str, str]:
        return {"status": "well"}

    @routes.get("/")
    async def front() -> Response:
        return html(pages.front())

    @routes.get("/join/{code}")
    async def join(code: str) -> Response:
        return RedirectResponse(f"/app/join/{re.sub('[^A-Za-z0-9]', '', code)[:8]}", 303)

    @routes.get("/page/{file}")
    async def page_file(file: str) -> Response:
        return FileResponse(pages.file(file), headers={"Cache-Control": "max-age=86400"})

    @routes.get("/paper/{ticket}")
    async def paper(ticket: str) -> Response:
        data, title = papers.finished(ticket)
        headers = {"Content-Disposition": f'inline; filename="{title}"', "Cache-Control": "no-store"}
        return Response(data, headers=headers, media_type="application/pdf")

    @routes.get("/f/{token}")
    async def family(token: str) -> Response:
        text, status = await pages.family(token)
        return html(text, status)

    @routes.get("/f/{token}/{media}")
    async def family_media(token: str, media: str, request: Request) -> Response:
        data, kind = await pages.family_media(token, media)
        return ranged(request, data, kind)

    @routes.get("/app")
    async def app_root() -> Response:
        return RedirectResponse("/app/", 308)

    @routes.get("/app/{path:path}")
    async def app_file(path: str, request: Request) -> Response:
        return app_answer(office, path, request)

    return routes


def app_answer(office: Office, path: str, request: Request) -> Response:
    """A file of the built app; for any other route of the app, its one page."""
    if office.web is None:
        return JSONResponse({"error": {"code": "unknown", "message": "The app is not built here.", "retry": False}}, 404)
    wanted = (office.web / path).resolve()
    if not wanted.is_relative_to(office.web.resolve()) or not wanted.is_file():
        if Path(path).suffix and "text/html" not in request.headers.get("accept", ""):
            raise ThingUnknown
        wanted = office.web / "index.html"
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    if wanted.name == "index.html" and (office.web / "csp.txt").exists():
        headers["Content-Security-Policy"] = (office.web / "csp.txt").read_text()
    kind = TYPES.get(wanted.suffix, "application/octet-stream")
    packed = wanted.with_name(wanted.name + ".gz")
    if packed.exists() and "gzip" in request.headers.get("accept-encoding", ""):
        return FileResponse(packed, headers=headers | {"Content-Encoding": "gzip"}, media_type=kind)
    return FileResponse(wanted, headers=headers, media_type=kind)
