"""The folder over HTTP: the same names, the same bytes, for devices with a token."""

from typing import Annotated, Any

from fastapi import APIRouter, Header, Request
from fastapi.responses import JSONResponse, Response

from app.domain.schema.table import edition
from app.errors import BadRequest, DeviceUnknown
from app.hub.devices.access import Caller
from app.hub.devices.last_contact import MOST_SAID
from app.hub.guard.responses import ranged
from app.hub.office import Office
from app.hub.routes.callers import any_caller, caller_of
from storage.names import hash_of
from storage.ops import dumps

NONCE = 64  # bytes at most
Count = Annotated[int | None, Header(ge=0, le=MOST_SAID)]


def nonce_of(text: str) -> bytes:
    """Raises BadRequest."""
    try:
        nonce = bytes.fromhex(text)
    except ValueError as error:
        raise BadRequest from error
    if len(nonce) > NONCE:
        raise BadRequest
    return nonce


def me(caller: Caller) -> dict[str, Any]:
    """What a device may see and write today."""
    return {"role": caller.role, "classes": list(caller.classes), "roles": list(caller.roles)}


def news(told: dict[str, Any], now: int, known: str) -> Response:
    """What a device hears first; or, where all of it is `known` from the last time, the hub's time alone, in a header: in most
    rounds most devices have nothing new to hear."""
    tag = f'"{hash_of(dumps(told).encode())}"'
    if known.removeprefix("W/") == tag:
        return Response(status_code=304, headers={"ETag": tag, "X-Now": str(now)})
    return JSONResponse(told | {"now": now}, headers={"ETag": tag})


def file_routes(office: Office) -> APIRouter:
    routes, who, any_device = APIRouter(prefix="/api"), caller_of(office), any_caller(office)

    @routes.get("/partitions")
    async def partitions(
        if_none_match: Annotated[str, Header()] = "", x_pending: Count = None, x_checked: Count = None,
        x_through: Annotated[str, Header()] = "", caller: Caller = who,
    ) -> Response:  # fmt: skip
        found = await office.refresh()
        if x_pending is not None:
            await office.last_contacts.note(caller.device, x_pending, x_checked or 0)
        caller = office.today(caller)  # the news may have been about the caller
        if caller.revoked:
            raise DeviceUnknown
        await office.restored.went_through(caller, x_through)
        may_hold = office.scope_of(caller)
        mine = {partition: digest for partition, digest in found.items() if may_hold(partition)}
        return news(
            {"partitions": mine, "held_back": office.replica.held_back(mine)}
            | office.ground.as_json()
            | office.restored.as_json()
            | {"me": me(caller), "edition": edition()},
            office.now(),
            if_none_match,
        )

    @routes.get("/p/{partition}/names")
    async def listed(partition: str, caller: Caller = who) -> dict[str, Any]:
        return {"names": await office.show(caller, partition)}

    @routes.put("/files/{name:path}")
    async def put(
        name: str, request: Request, x_nonce: Annotated[str, Header()] = "", caller: Caller = any_device
    ) -> dict[str, Any]:
        nonce, data = nonce_of(x_nonce), await request.body()
        return {"name": name, "size": len(data), "digest": await office.put(caller, name, data, nonce)}

    @routes.get("/files/{name:path}")
    async def get(name: str, request: Request, caller: Caller = who) -> Response:
        return ranged(request, await office.get(caller, name), "application/octet-stream")

    @routes.delete("/files/{name:path}")
    async def delete(name: str, caller: Caller = who) -> dict[str, Any]:
        await office.delete(caller, name)
        return {"name": name}

    @routes.get("/digest/{name:path}")
    async def digest(name: str, nonce: str = "", caller: Caller = any_device) -> dict[str, Any]:
        return {"digest": await office.digest(caller, name, nonce_of(nonce))}

    return routes
