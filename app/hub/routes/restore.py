"""What the SENCO has to look at after the folder was brought back from a backup, and that it was done."""

from typing import Any

from fastapi import APIRouter

from app.domain.schema.asked import Right
from app.hub.devices.access import Caller
from app.hub.office import Office
from app.hub.routes.callers import needs


def restored_routes(office: Office) -> APIRouter:
    routes, senco = APIRouter(prefix="/api"), needs(office, Right.DEVICES)

    @routes.get("/restored")
    async def look(caller: Caller = senco) -> dict[str, Any]:
        """Devices that are let in and links that open, as the backup had them; and who of those that lead is still to come."""
        await office.refresh()
        let_in = [row for row in await office.access.devices() if not row["ended"]]
        awaited = [str(row["device"]) for row in await office.restored.still_to_come()]
        return office.restored.told() | {"devices": let_in, "links": await office.links.open(), "awaited": awaited}

    @routes.post("/restored")
    async def confirm(caller: Caller = senco) -> dict[str, Any]:
        await office.restored.confirm(caller)
        return office.restored.told()

    return routes
