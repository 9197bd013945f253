"""A stranger's way to ask: any bytes in any place, straight to the hub's app, each time from another address unless told."""

import json
import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from itertools import count
from typing import Any
from urllib.parse import unquote_to_bytes

from starlette.types import ASGIApp, Message

from app.domain.vocabulary.audiences import Audience
from app.domain.vocabulary.roles import Role
from tests.hub.conftest import Hub

ADDRESSES = count(1)
SHAPE = {"code", "message", "retry"}
HOST = (b"host", b"hub.test")
Headers = Iterable[tuple[bytes, bytes]]


@dataclass(frozen=True, slots=True)
class Answer:
    status: int
    headers: Mapping[str, str]
    body: bytes

    @property
    def error(self) -> dict[str, Any]:
        """Of an answer in the one shape."""
        told = json.loads(self.body)
        assert set(told) == {"error"} and set(told["error"]) == SHAPE, self
        return dict(told["error"])

    @property
    def kind(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0]


def somewhere() -> str:
    """An address from which nobody has asked yet."""
    number = next(ADDRESSES)
    return f"10.{number >> 16 & 255}.{number >> 8 & 255}.{number & 255}"


async def ask(
    app: ASGIApp, method: str, target: str, token: str | None = None, headers: Headers = (), body: bytes = b"", address: str = ""
) -> Answer:
    """`target` as it stands in the first line. A token goes along as a device sends it."""
    raw, _, query = target.encode("utf-8", "surrogatepass").partition(b"?")
    given = [HOST, *headers, *([(b"authorization", b"Bearer " + token.encode())] if token is not None else [])]
    scope = {
        "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "method": method, "scheme": "http", "root_path": "",
        "path": unquote_to_bytes(raw).decode("utf-8", "replace"), "raw_path": raw, "query_string": query,
        "headers": given, "client": (address or somewhere(), 1), "server": ("hub.test", 80), "state": {},
    }  # fmt: skip
    asked = iter([{"type": "http.request", "body": body, "more_body": False}])
    said: list[Message] = []

    async def receive() -> Message:
        return next(asked, {"type": "http.disconnect"})

    async def send(message: Message) -> None:
        said.append(message)

    await app(scope, receive, send)
    start = said[0]
    told = {key.decode("latin-1"): value.decode("latin-1") for key, value in start["headers"]}
    return Answer(start["status"], told, b"".join(one.get("body", b"") for one in said[1:]))


def well_answered(answer: Answer, method: str = "GET") -> None:
    """No fault of the hub's own; and a no is told in the one shape, or to a family as a page."""
    assert 200 <= answer.status < 500, answer
    if answer.status >= 400 and method != "HEAD" and answer.status != 416:
        assert answer.kind == "text/html" or answer.error["message"].endswith("."), answer
    assert answer.headers["x-content-type-options"] == "nosniff", answer


@dataclass
class Askers:
    """Tokens of everybody who may come by, and real things to ask for."""

    tokens: dict[str, str | None]
    real: dict[str, list[str]] = field(default_factory=dict)

    def of(self, *who: str) -> list[str | None]:
        return [self.tokens[one] for one in who]


async def askers(hub: Hub) -> Askers:
    """A stranger, a tablet of one class, the SENCO's phone, a tablet that was ended, a family: in a school with one moment."""
    (moment,) = await hub.observe(hub.made.amira, note="Asked for a turn.")
    await hub.approve(hub.made.amira, moment)
    await hub.consent(hub.made.amira, Audience.OWN_FAMILY)
    tablet, phone, ended = await hub.tablet(), await hub.phone(), await hub.tablet()
    other, teacher = await hub.join(Role.TA, [hub.made.elm]), await hub.join(Role.TEACHER, [hub.made.oak])
    await hub.office.access.revoke(ended.dev, phone.dev)
    link = (await hub.link(hub.made.amira)).removeprefix("/f/")
    found = sorted(await hub.folder.names(f"p/{hub.made.amira}/")) + sorted(await hub.folder.names("p/school/"))
    await phone.ask("GET", "/api/partitions")
    (medium,) = hub.office.school.observation(moment).media
    tokens = {
        "nobody": None,
        "ta": tablet.token,
        "senco": phone.token,
        "ended": ended.token,
        "teacher": teacher.token,
        "family": link,
        "made up": "x" * 43,
    }
    real = {
        "partition": [hub.made.amira, hub.made.other, "school", "office", f"{hub.made.amira}.office"], "name": found,
        "device": [other.dev, "0" * 16, "..", "%2e%2e%2f"], "pupil": [hub.made.amira, hub.made.other], "token": [link, "x"],
               "media": [medium], "moment": [moment], "code": ["AAAAAAAA"], "ident": ["0" * 32],
        "file": ["page.css"], "job": ["x"], "path": ["index.html"],
    }  # fmt: skip
    return Askers(tokens, real)


def planted(hub: Hub) -> str:
    """A secret beside the school's folder, which no answer may hold."""
    secret = os.urandom(16).hex()
    (hub.folder.path.parent / "key").write_text(secret)
    return secret
