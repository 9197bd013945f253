"""The hub as people and devices meet it: one FastAPI app over one office."""

import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from app.hub.guard.known_hosts import Front, KnownHosts
from app.hub.guard.language import InLanguage
from app.hub.guard.limits import Limits, SmallRequests
from app.hub.guard.request_log import Log
from app.hub.guard.responses import HonestHeaders, add_handlers
from app.hub.office import Office, now_ms
from app.hub.papers.papers import Papers
from app.hub.routes.app import app_routes
from app.hub.routes.devices import device_routes
from app.hub.routes.ending import ending_routes
from app.hub.routes.families import link_routes
from app.hub.routes.files import file_routes
from app.hub.routes.health import health_routes
from app.hub.routes.pages import Pages, page_routes
from app.hub.routes.papers import paper_routes
from app.hub.routes.records import record_routes
from app.hub.routes.trust import trust_routes
from storage.folder.directory import Directory
from storage.folder.port import Disk


def create_app(
    folder: Disk | Path | str, key: bytes, web: Path | None = None, now: Callable[[], int] = now_ms, front: Front | None = None
) -> FastAPI:
    """The hub over a folder that is a space already. `web` is the built app; `now` gives ms UTC. Without a `front` it answers
    to this computer alone."""
    disk = Directory(folder) if isinstance(folder, Path | str) else folder
    return site(Office(disk, key, web, now), front)


def site(office: Office, front: Front | None = None) -> FastAPI:
    papers, pages = Papers(office), Pages(office)

    @asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await office.ready()
        yield
        await papers.stop()

    app = FastAPI(
        title="Small Steps hub", docs_url=None, redoc_url=None, openapi_url=None, lifespan=lifespan, redirect_slashes=False
    )
    app.state.office = office
    add_handlers(app)
    front = front or Front()
    guard(app, office, front)
    for routes in (
        file_routes(office), device_routes(office), ending_routes(office), paper_routes(office, papers), link_routes(office),
        record_routes(office), page_routes(pages, papers), app_routes(office.web), health_routes(office),
    ):  # fmt: skip
        app.include_router(routes)
    if front.trust:
        app.include_router(trust_routes(front.trust))
    return app


def guard(app: FastAPI, office: Office, front: Front) -> None:
    """What every request passes; the last one added is the first one passed."""
    app.add_middleware(SmallRequests)
    app.add_middleware(Limits, tick=time.monotonic, now=office.now)
    app.add_middleware(KnownHosts, names=front.names, public=lambda: str(office.school.settings.get("public_url") or ""))
    app.add_middleware(HonestHeaders)
    app.add_middleware(Log, write=front.write)
    app.add_middleware(InLanguage, tag=lambda: office.school.language)
