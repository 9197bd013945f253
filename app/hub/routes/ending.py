"""What the hub tells a device that was ended, and what the SENCO does with what such devices handed in; and whose a device is."""

from dataclasses import asdict
from typing import Any

from fastapi import APIRouter
from pydantic import BaseModel, Field

from app.domain.schema.asked import Right
from app.domain.vocabulary.language import N_
from app.errors import NotAllowed, ThingUnknown
from app.hub.devices.access import Caller
from app.hub.files.quarantine import DEVICE
from app.hub.office import Office
from app.hub.routes.callers import any_caller, caller_of, needs


class ThisIs(BaseModel):
    staff: str = Field(max_length=64)


def ending_routes(office: Office) -> APIRouter:
    routes, who, any_device = APIRouter(prefix="/api"), caller_of(office), any_caller(office)
    senco = needs(office, Right.DEVICES)

    @routes.get("/leaving")
    async def leaving(caller: Caller = any_device) -> dict[str, Any]:
        """Whether this device was ended; whether it need not hand in any more; and the hashes of its files that the SENCO has
        settled, either way."""
        given_up = caller.revoked and await _given_up(office, caller.device)
        settled = sorted(await office.quarantine.settled(caller.device)) if caller.revoked else []
        return {"ended": caller.revoked, "given_up": given_up, "settled": settled}

    @routes.post("/me")
    async def this_is(wanted: ThisIs, caller: Caller = who) -> dict[str, Any]:
        await office.refresh()
        await office.bind(caller, wanted.staff)
        return {"staff": wanted.staff}

    @routes.get("/quarantine")
    async def handed_in(caller: Caller = senco) -> dict[str, Any]:
        """Of each device of which something waits, and of each that was ended and not given up."""
        await office.refresh()
        rows = {row["device"]: row for row in await office.devices()}
        waiting = set(await office.quarantine.devices())
        return {"devices": [await _row(office, one, rows.get(one)) for one in [*rows, *sorted(waiting - rows.keys())]
                            if one in waiting or rows[one]["ended"]]}  # fmt: skip

    @routes.post("/quarantine/{device}/accept")
    async def accept(device: str, caller: Caller = senco) -> dict[str, Any]:
        await office.refresh()
        taken, why = await office.quarantine.accept(_device(device), caller.who)
        return {"taken": len(taken), "why": why}

    @routes.delete("/quarantine/{device}")
    async def throw_away(device: str, caller: Caller = senco) -> dict[str, Any]:
        return {"thrown": await office.quarantine.throw_away(_device(device), caller.who)}

    @routes.post("/devices/{device}/give-up")
    async def give_up(device: str, caller: Caller = senco) -> dict[str, Any]:
        """Only of a device that was ended: any other has its work before it."""
        if not any(row["device"] == device and row["ended"] for row in await office.devices()):
            raise NotAllowed(N_("Only a device that was ended can be given up. Please end it first."))
        await office.quarantine.give_up(device, await office.access.joins(device), caller.who)
        return {"device": device}

    return routes


async def _row(office: Office, device: str, row: dict[str, Any] | None) -> dict[str, Any]:
    """A device that never joined with this hub's key has no name here."""
    known = {"name": row["name"], "ended": row["ended"]} if row else {"name": "", "ended": True}
    kept = asdict(await office.quarantine.kept(device))
    return known | kept | {"given_up": await _given_up(office, device)}


async def _given_up(office: Office, device: str) -> bool:
    return await office.quarantine.given_up(device, await office.access.joins(device))


def _device(text: str) -> str:
    """Raises ThingUnknown."""
    if not DEVICE.fullmatch(text):
        raise ThingUnknown
    return text
