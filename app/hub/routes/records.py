"""The school's records as the SENCO and the DSL ask for them: the audit log, a page at a time, and what follows a restore."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from app.domain.schema.asked import Right
from app.hub.devices.access import Caller
from app.hub.office import Office
from app.hub.records.chain import Head
from app.hub.routes.callers import needs

Kind = Literal["", "families", "consents", "erasures", "papers", "devices", "people", "log"]
Number = Annotated[int, Query(ge=0, le=10**12)]


def record_routes(office: Office) -> APIRouter:
    routes = APIRouter(prefix="/api")
    for add in (_audit, _restored):
        add(routes, office)
    return routes


def _audit(routes: APIRouter, office: Office) -> None:
    leads = needs(office, Right.AUDIT)

    @routes.get("/audit")
    async def audit(
        before: Number = 0, kind: Kind = "", pupil: Annotated[str, Query(max_length=64)] = "", seen: Number = 0,
        seen_hash: Annotated[str, Query(max_length=64)] = "", caller: Caller = leads,
    ) -> dict[str, Any]:  # fmt: skip
        """Newest first, those before entry `before`; `seen` is the last entry that this device knows, with its hash."""
        await office.refresh()
        page = await office.audit.page(before, kind, pupil)
        state = {} if before else await office.audit.state(Head(seen, seen_hash))
        return page | state | {"devices": await _named(office, page["entries"])}


async def _named(office: Office, entries: list[dict[str, Any]]) -> dict[str, str]:
    """Device -> name, of those that these entries speak of."""
    told = {part.get("device") for entry in entries for part in (entry["who"], entry["about"], entry.get("by", {}))}
    return {row["device"]: row["name"] for row in await office.access.devices() if row["device"] in told}


def _restored(routes: APIRouter, office: Office) -> None:
    senco = needs(office, Right.DEVICES)

    @routes.get("/restored")
    async def look(caller: Caller = senco) -> dict[str, Any]:
        """Devices that are let in and links that open, as the backup had them; and who of those that lead is still to come."""
        await office.refresh()
        let_in = [row for row in await office.access.devices() if not row["ended"]]
        awaited = [str(row["device"]) for row in await office.restored.still_to_come()]
        return office.restored.as_json() | {"devices": let_in, "links": await office.links.open(), "awaited": awaited}

    @routes.post("/restored")
    async def confirm(caller: Caller = senco) -> dict[str, Any]:
        await office.restored.confirm(caller)
        return office.restored.as_json()
