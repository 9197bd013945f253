"""Every door of the hub: who may come in, and what a knock at it says."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import httpx

from tests.hub.conftest import Hub

Refused = Callable[[httpx.Response, int, str], None]
UNKNOWN, NO = (401, "device_unknown"), (403, "not_allowed")
BODY = {"pupil": "{amira}", "term": "2026-autumn", "days": 30, "role": "ta", "classes": [], "staff": None}
NAME = "p/{amira}/media/" + "0" * 32


@dataclass(frozen=True)
class Door:
    """A route that wants a token: how it is asked, and what a TA's tablet and a revoked one are told (None: let in)."""

    method: str
    route: str
    path: str
    ta: tuple[int, str] | None = NO
    revoked: tuple[int, str] | None = UNKNOWN
    json: dict[str, Any] | None = None


DOORS = [
    Door("GET", "/api/partitions", "/api/partitions", ta=None),
    Door("GET", "/api/p/{partition}/names", "/api/p/{other}/names"),
    Door("GET", "/api/p/{partition}/names", "/api/p/office/names"),
    Door("PUT", "/api/files/{name}", "/api/files/p/{other}/media/" + "0" * 32, ta=(400, "bad_bytes"), revoked=(400, "bad_bytes")),
    Door("GET", "/api/files/{name}", "/api/files/p/{other}/media/" + "0" * 32),
    Door("DELETE", "/api/files/{name}", f"/api/files/{NAME}"),
    Door("GET", "/api/digest/{name}", "/api/digest/p/{other}/media/" + "0" * 32, revoked=None),
    Door("POST", "/api/invites", "/api/invites", json=BODY),
    Door("GET", "/api/devices", "/api/devices"),
    Door("GET", "/api/folder", "/api/folder"),
    Door("POST", "/api/pending", "/api/pending", ta=None, json={"pending": 3, "checked": 5}),
    Door("DELETE", "/api/devices/{device}", "/api/devices/" + "0" * 16),
    Door("GET", "/api/audit", "/api/audit"),
    Door("GET", "/api/leaving", "/api/leaving", ta=None, revoked=None),
    Door("POST", "/api/me", "/api/me", json={"staff": "{senco}"}),
    Door("GET", "/api/quarantine", "/api/quarantine"),
    Door("POST", "/api/quarantine/{device}/accept", "/api/quarantine/" + "0" * 16 + "/accept"),
    Door("DELETE", "/api/quarantine/{device}", "/api/quarantine/" + "0" * 16),
    Door("POST", "/api/devices/{device}/give-up", "/api/devices/" + "0" * 16 + "/give-up"),
    Door("GET", "/api/restored", "/api/restored"),
    Door("POST", "/api/restored", "/api/restored"),
    Door("POST", "/api/reports/termly", "/api/reports/termly", json=BODY),
    Door("GET", "/api/jobs/{job}", "/api/jobs/not-mine", ta=(404, "unknown")),
    Door("POST", "/api/links", "/api/links", json=BODY),
    Door("GET", "/api/links", "/api/links?pupil={amira}"),
    Door("DELETE", "/api/links/{ident}", "/api/links/" + "0" * 32),
]


async def knock(hub: Hub, door: Door, token: str | None, scheme: str = "Bearer") -> httpx.Response:
    ids = vars(hub.made)
    body = {key: value.format(**ids) if isinstance(value, str) else value for key, value in (door.json or {}).items()}
    headers = {} if token is None else {"Authorization": f"{scheme} {token}".encode()}
    more = {"json": body} if door.json else {}
    return await hub.client.request(door.method, door.path.format(**ids), headers=headers, **more)
