"""Who asks the hub, and with which right: the one place where a route's right is asked."""

import dataclasses
from typing import Annotated, Any

from fastapi import Depends, Header, Request

from app.domain.schema.asked import Right, has
from app.errors import DeviceUnknown, NotAllowed
from app.hub.devices.access import Caller
from app.hub.office import Office


def any_caller(office: Office) -> Any:
    """A device that holds a token, revoked or not. Raises OtherSpace before any token is looked at."""

    async def who(
        request: Request, authorization: Annotated[str, Header()] = "", x_space: Annotated[str, Header()] = "",
        x_author: Annotated[str, Header()] = "",
    ) -> Caller:  # fmt: skip
        kind, _, token = authorization.partition(" ")
        await office.ready()
        office.ground.need(x_space)
        caller = await office.caller(token.strip() if kind.lower() == "bearer" else "")
        request.state.device = caller.device  # for the limits and the log, which ask nothing else
        return dataclasses.replace(caller, author=x_author) if office.school.member(x_author) else caller

    return Depends(who)


def caller_of(office: Office) -> Any:
    """A device whose token still stands. Raises DeviceUnknown."""

    async def who(caller: Caller = any_caller(office)) -> Caller:  # noqa: B008 # how FastAPI hands it in
        if caller.revoked:
            raise DeviceUnknown
        return caller

    return Depends(who)


def needs(office: Office, right: Right) -> Any:
    """A device that holds this right today. Raises DeviceUnknown, NotAllowed."""

    async def who(caller: Caller = caller_of(office)) -> Caller:  # noqa: B008 # how FastAPI hands it in
        if not has([caller.role], right):
            raise NotAllowed
        return caller

    return Depends(who)


def base_url(office: Office, request: Request) -> str:
    """Where the school is reached: its setting, else where this request was made."""
    public = office.school.settings.get("public_url")
    return str(public or request.base_url).rstrip("/")
