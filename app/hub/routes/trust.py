"""The page on which a tablet is told to trust this hub, where the hub's certificate is one of its own making.

It is asked for over plain http, on a door of its own that leads nowhere else: before it trusts the hub, a browser would warn of
this very page, and no one should learn to click such warnings away. What is installed is compared with the hub's own screen.
"""

from collections.abc import Callable

from fastapi import APIRouter, FastAPI
from fastapi.responses import RedirectResponse, Response

from app.errors import ThingUnknown
from app.hub.guard.responses import WholeFile, add_handlers
from app.hub.guard.templates import file_of, kind_of, page
from app.hub.guard.trust import Trust

LOOK = ["GET", "HEAD"]
PLACE = "/trust"


def trust_routes(trust: Trust) -> APIRouter:
    routes = APIRouter(prefix=PLACE)

    @routes.api_route("", methods=LOOK)
    async def how() -> Response:
        first, last = trust.fingerprint[:11], trust.fingerprint[-11:]
        return Response(page("trust.html", trust=trust, first=first, last=last), media_type="text/html", headers=NOT_KEPT)

    @routes.api_route("/small-steps.crt", methods=LOOK)
    async def certificate() -> Response:
        return _file(trust.der, "application/x-x509-ca-cert", "small-steps.crt")

    @routes.api_route("/small-steps.mobileconfig", methods=LOOK)
    async def profile() -> Response:
        return _file(trust.profile, "application/x-apple-aspen-config", "small-steps.mobileconfig")

    return routes


NOT_KEPT = {"Cache-Control": "no-store"}


def _file(data: bytes, kind: str, name: str) -> Response:
    return Response(data, media_type=kind, headers=NOT_KEPT | {"Content-Disposition": f'attachment; filename="{name}"'})


def trust_site(trust: Trust, guard: Callable[[FastAPI], None]) -> FastAPI:
    """The small door: this page, how it looks, and nothing of the school. `guard` puts the hub's own guards before it."""
    app = FastAPI(title="Small Steps trust", docs_url=None, redoc_url=None, openapi_url=None, redirect_slashes=False)
    add_handlers(app)
    guard(app)
    app.include_router(trust_routes(trust))

    @app.api_route("/", methods=LOOK)
    async def root() -> Response:
        return RedirectResponse(PLACE, 303)

    @app.api_route("/page/{file}", methods=LOOK)
    async def page_file(file: str) -> Response:
        found = file_of(file)
        if found is None:
            raise ThingUnknown
        return WholeFile(found, media_type=kind_of(file))

    return app
