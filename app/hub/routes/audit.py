"""The audit log as who leads reads it: a page of entries, the names of the devices in them, and whether all of it is whole."""

from typing import Annotated, Any, Literal

from fastapi import APIRouter, Query

from app.domain.schema.asked import Right
from app.hub.devices.access import Caller
from app.hub.office import Office
from app.hub.records.chain import Head
from app.hub.routes.callers import needs

Kind = Literal["", "families", "consents", "erasures", "papers", "devices", "people", "log"]
Number = Annotated[int, Query(ge=0, le=10**12)]


def audit_routes(office: Office) -> APIRouter:
    routes, leads = APIRouter(prefix="/api"), needs(office, Right.AUDIT)

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

    return routes


async def _named(office: Office, entries: list[dict[str, Any]]) -> dict[str, str]:
    """Device -> name, of those that these entries speak of."""
    told = {part.get("device") for entry in entries for part in (entry["who"], entry["about"], entry.get("by", {}))}
    return {row["device"]: row["name"] for row in await office.access.devices() if row["device"] in told}
