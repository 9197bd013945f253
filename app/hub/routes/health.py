"""Whether the hub is well, for programs that watch it: nothing here tells of a school or a child."""

from typing import Any

from fastapi import APIRouter

from app.hub.office import Office
from app.settings import own_version
from storage.errors import StorageError

FRESH = 5_000  # ms for which an answer is given again, so that asking often costs nothing


def health_routes(office: Office) -> APIRouter:
    routes = APIRouter()
    looked: list[tuple[int, bool]] = []

    async def readable() -> bool:
        if not looked or not 0 <= office.now() - looked[0][0] < FRESH:
            try:
                await office.ground.look()
                looked[:] = [(office.now(), True)]
            except StorageError:
                looked[:] = [(office.now(), False)]
        return looked[0][1]

    @routes.api_route("/healthz", methods=["GET", "HEAD"])
    async def health() -> dict[str, Any]:
        """200 as long as the hub answers; whether it can read its folder stands in the answer."""
        return {"status": "well", "version": own_version(), "folder": "readable" if await readable() else "away"}

    return routes
