"""A hub as one of two folders: `hub+https://CODE@host`. This computer joins as a device with a SENCO's code, once; its token is
then kept beside the settings, and `hub+https://host` is enough."""

import json
import os
import platform
import secrets
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import urlsplit

import httpx

from app.domain.vocabulary.roles import Role
from app.errors import PlaceUnknown, SmallStepsError
from app.settings import config_dir
from app.usecases.session.hub import HubClient
from storage.folder.hub import HubFolder

HUB = {"hub+https": "https", "hub+http": "http"}
SECONDS = 60  # a hub that opens a large folder takes its time
NOT_JOINED = (
    "This computer has not joined that hub yet. Ask your SENCO for a code of a SENCO's device, and type it in front: "
    "hub+https://CODE@host."
)


@dataclass(frozen=True, slots=True)
class Door:
    """Where a hub is (`url`), and the code that was typed."""

    url: str
    code: str = ""


@dataclass(frozen=True, slots=True)
class Pass:
    """What this computer keeps of a hub that it joined."""

    token: str
    role: str
    space: str

    @property
    def speaks_for_all(self) -> bool:
        """A hub takes what other devices wrote from a SENCO's device alone."""
        return self.role == Role.SENCO


def is_hub(text: str) -> bool:
    return text.partition("://")[0] in HUB


def door(text: str) -> Door:
    """Raises PlaceUnknown."""
    try:
        parts = urlsplit(text)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:
        raise PlaceUnknown from error
    if parts.scheme not in HUB or not parts.hostname or parts.path.strip("/") or parts.query or parts.fragment:
        raise PlaceUnknown
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    return Door(f"{HUB[parts.scheme]}://{host}{port}", (parts.username or "").replace("-", "").upper())


@asynccontextmanager
async def hub_at(text: str) -> AsyncIterator[tuple[HubFolder, Pass]]:
    """Raises PlaceUnknown, HubUnreachable, and what a hub says of a code."""
    where = door(text)
    trusted = (
        ssl.create_default_context() if where.url.startswith("https") else True
    )  # this computer's own list, and the school's
    async with httpx.AsyncClient(base_url=where.url, timeout=SECONDS, verify=trusted) as client:
        mine = await _pass(client, where)
        folder = HubFolder(client, mine.token)
        folder.hello.space = mine.space
        yield folder, mine


async def _pass(client: httpx.AsyncClient, where: Door) -> Pass:
    file = kept_at(where.url)
    if not where.code:
        return _read(file)
    name = f"smallsteps sync on {platform.node()}"[:80]
    joined = await HubClient(client).join(where.code, secrets.token_hex(8), name)
    mine = Pass(joined.token, joined.role, joined.space)
    _keep(file, mine)
    return mine


def kept_at(url: str) -> Path:
    return config_dir() / "hubs" / f"{urlsplit(url).netloc.replace(':', '.').strip('[]')}.json"


def _read(file: Path) -> Pass:
    try:
        return Pass(**json.loads(file.read_bytes()))
    except FileNotFoundError:
        raise PlaceUnknown(NOT_JOINED) from None
    except (ValueError, TypeError) as error:
        raise SmallStepsError(f"{file} cannot be read. Delete it, and join the hub again with a new code.") from error


def _keep(file: Path, mine: Pass) -> None:
    """The token opens the school: no other user of this computer may read it."""
    file.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = file.with_name(f"{file.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w") as out:
        json.dump(asdict(mine), out)
        out.flush()
        os.fsync(out.fileno())
    aside.replace(file)
