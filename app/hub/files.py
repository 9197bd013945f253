"""The folder over HTTP: the same names, the same bytes, for devices with a token."""

from typing import Annotated, Any

from fastapi import APIRouter, Depends, Header, Request
from fastapi.responses import Response

from app.errors import BadRequest, DeviceUnknown
from app.hub.access import Caller
from app.hub.answers import ranged
from app.hub.office import Office

NONCE = 64  # bytes at most


def any_caller(office: Office) -> Any:
    """Whoever holds a token, revoked or not."""

    async def who(authorization: Annotated[str, Header()] = "") -> Caller:
        kind, _, token = authorization.partition(" ")
        await office.ready()
        return await office.access.caller(token.strip() if kind.lower() == "bearer" else "")

    return Depends(who)


def caller_of(office: Office) -> Any:
    """Whoever holds a token that still stands. Raises DeviceUnknown."""

    anybody = any_caller(office)

    async def who(caller: Caller = anybody) -> Caller:
        if caller.revoked:
            raise DeviceUnknown
        return caller

    return Depends(who)


def nonce_of(text: str) -> bytes:
    """Raises BadRequest."""
    try:
        nonce = bytes.fromhex(text)
    except ValueError as error:
        raise BadRequest from error
    if len(nonce) > NONCE:
        raise BadRequest
    return nonce


def file_routes(office: Office) -> APIRouter:
    routes, who, anybody = APIRouter(prefix="/api"), caller_of(office), any_caller(office)

    @routes.get("/partitions")
    async def partitions(caller: Caller = who) -> dict[str, Any]:
        found = await office.refresh()
        return {"partitions": {p: d for p, d in found.items() if office.may_hold(caller, p)}, "now": office.now()}

    @routes.get("/p/{partition}/names")
    async def listed(partition: str, caller: Caller = who) -> dict[str, Any]:
        return {"names": await office.show(caller, partition)}

    @routes.put("/files/{name:path}")
    async def put(
        name: str, request: Request, x_nonce: Annotated[str, Header()] = "", caller: Caller = anybody
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
    async def digest(name: str, nonce: str = "", caller: Caller = anybody) -> dict[str, Any]:
        return {"digest": await office.digest(caller, name, nonce_of(nonce))}

    return routes
