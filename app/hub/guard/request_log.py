"""What happened, for the person who looks after the hub: one JSON line a request, with ids alone. Never a name, a note, a
token, a code or an address that holds one; of an error only its kind and the lines of the program, since its words may hold what
it is about.
"""

import json
import os
import secrets
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from pathlib import Path

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.hub.guard.responses import shaped, unforeseen
from app.settings import ROOT

OUR_SOURCES = ("app", "views", "storage")  # other files are told by their names alone
DEEPEST = 12  # lines of the program that an error's entry names
Write = Callable[[str], None]


class Log:
    """Gives every request an id, writes a line about it, and keeps an error of our own from being told in full."""

    def __init__(self, app: ASGIApp, write: Write | None = None) -> None:
        self.app, self.write = app, write

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        request, begun, status = secrets.token_hex(8), time.perf_counter(), 0

        async def sent(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
                MutableHeaders(scope=message)["X-Request-Id"] = request
            await send(message)

        wrong: dict[str, object] = {}
        try:
            await self.app(scope, receive, sent)
        except Exception as error:
            wrong = {"error": type(error).__name__, "at": list(_lines(error))}
            if not status:
                await shaped(unforeseen())(scope, receive, sent)
        self._note(scope, request, status, round((time.perf_counter() - begun) * 1000, 1), wrong)

    def _note(self, scope: Scope, request: str, status: int, ms: float, wrong: dict[str, object]) -> None:
        if self.write is None and not wrong:
            return
        line = {
            "time": datetime.now(UTC).isoformat(timespec="milliseconds"), "request": request, "method": _method(scope),
            "route": _route(scope), "status": status, "ms": ms, "device": scope.get("state", {}).get("device", ""),
        }  # fmt: skip
        (self.write or to_stderr)(json.dumps(line | wrong))


def _method(scope: Scope) -> str:
    known = {"GET", "HEAD", "PUT", "POST", "DELETE", "OPTIONS", "PATCH"}
    return scope["method"] if scope["method"] in known else "other"


def _route(scope: Scope) -> str:
    """The pattern of the route and never the address itself, which may hold a code or a link."""
    return str(getattr(scope.get("route"), "path", "")) or "none"


def _lines(error: BaseException) -> Iterator[str]:
    """Where in the program it went wrong, innermost last: files and line numbers, without anything they held."""
    for frame in traceback.extract_tb(error.__traceback__)[-DEEPEST:]:
        file = Path(frame.filename)
        inside = any(file.is_relative_to(ROOT / part) for part in OUR_SOURCES)
        yield f"{file.relative_to(ROOT) if inside else file.name}:{frame.lineno}"


def to_stderr(line: str) -> None:
    print(line, file=sys.stderr, flush=True)


def to_file(path: Path) -> Write:
    """Lines are added at the end of a file that its owner alone may read. It is opened for each line, so that it can be moved
    away at any time; a full disk costs lines, never an answer."""

    def write(line: str) -> None:
        with suppress(OSError):
            handle = os.open(path, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
            try:
                os.write(handle, f"{line}\n".encode())
            finally:
                os.close(handle)

    return write
