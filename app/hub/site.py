"""The hub as people and devices meet it: one FastAPI app over one office."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

from fastapi import FastAPI

from app.hub.answers import HonestHeaders, SmallBodies, add_handlers
from app.hub.files import file_routes
from app.hub.office import Office, now_ms
from app.hub.pages import Pages, page_routes
from app.hub.papers import Papers
from app.hub.people import people_routes
from app.hub.webapp import app_routes
from storage.folder.directory import Directory
from storage.folder.port import Disk


def create_app(folder: Disk | Path | str, key: bytes, web: Path | None = None, now: Callable[[], int] = now_ms) -> FastAPI:
    """The hub over a folder that is a space already. `web` is the built app; `now` gives ms UTC."""
    disk = Directory(folder) if isinstance(folder, Path | str) else folder
    return site(Office(disk, key, web, now))


def site(office: Office) -> FastAPI:
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
    app.add_middleware(SmallBodies)
    app.add_middleware(HonestHeaders)
    for routes in (file_routes(office), people_routes(office, papers), page_routes(pages, papers), app_routes(office.web)):
        app.include_router(routes)
    return app
