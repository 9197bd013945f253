"""How the hub answers: one shape for errors, headers that keep browsers honest, and ranges of bytes."""

import re
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import FileResponse, JSONResponse, Response
from starlette.datastructures import MutableHeaders
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from app.domain.vocabulary.language import N_
from app.errors import BadRequest, SmallStepsError, ThingUnknown, for_people
from storage.errors import BadBytes, StorageError

PLAIN_CSP = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "X-Frame-Options": "DENY",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(self), microphone=(self), geolocation=(), display-capture=()",
}
NOT_KEPT = ("/api/", "/f/", "/paper/")  # what is only for who asked
PDF = "application/pdf"  # a browser's own reader of PDF does not work under a policy
ALWAYS_TLS = "max-age=31536000"  # a year
OWN_PLACE = {"localhost", "127.0.0.1", "[::1]"}  # other programs of this computer may not have TLS


class HonestHeaders:
    """Every answer says what it is, that it may not be framed, and what it may load; what is for one person is never kept. Over
    https it says that this name is never to be asked without it again."""

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        async def sent(message: Message) -> None:
            if message["type"] == "http.response.start":
                self._complete(scope, MutableHeaders(scope=message))
            await send(message)

        await self.app(scope, receive, sent if scope["type"] == "http" else send)

    @staticmethod
    def _complete(scope: Scope, headers: MutableHeaders) -> None:
        for key, value in HEADERS.items():
            headers.setdefault(key, value)
        if not headers.get("content-type", "").startswith(PDF):
            headers.setdefault("Content-Security-Policy", PLAIN_CSP)
        if scope["path"].startswith(NOT_KEPT):
            headers.setdefault("Cache-Control", "no-store")
            headers.setdefault("X-Robots-Tag", "noindex, nofollow")
        if scope["scheme"] == "https" and _asked(scope) not in OWN_PLACE:
            headers.setdefault("Strict-Transport-Security", ALWAYS_TLS)


def _asked(scope: Scope) -> str:
    """The name that was asked, without the port."""
    host = next((value.decode("latin-1") for key, value in scope["headers"] if key == b"host"), "")
    return re.sub(r":\d*$", "", host.lower())


def shaped(error: SmallStepsError, more: dict[str, str] | None = None) -> JSONResponse:
    body = {"error": {"code": error.code, "message": error.words, "retry": error.retry}}
    headers = HEADERS | {"Cache-Control": "no-store"} | (more or {})  # some did not come through the middleware
    return JSONResponse(body, error.status, headers=headers)


def as_api_error(error: StorageError) -> SmallStepsError:
    """The error in the hub's shape; the ground floor's own code stays, since a device's folder reads it."""
    made = for_people(error)
    made.code = str(error) if str(error) == "media_missing" else error.code
    made.status = 409 if str(error) == "media_missing" else 400 if isinstance(error, BadBytes) else made.status
    return made


def unforeseen() -> SmallStepsError:
    made = SmallStepsError(N_("The hub met a problem of its own. What is saved is safe; please try again."))
    made.status, made.retry = 500, True
    return made


def add_handlers(app: FastAPI) -> None:
    async def ours(_: Request, error: Any) -> Response:
        return shaped(error)

    async def ground(_: Request, error: Any) -> Response:
        return shaped(as_api_error(error))

    async def not_understood(_: Request, error: Exception) -> Response:
        return shaped(BadRequest())

    async def other(_: Request, error: Any) -> Response:
        made: SmallStepsError = ThingUnknown() if error.status_code == 404 else BadRequest()
        made.status = error.status_code
        return shaped(made)

    async def problem(_: Request, error: Exception) -> Response:
        return shaped(unforeseen())

    app.add_exception_handler(SmallStepsError, ours)
    app.add_exception_handler(StorageError, ground)
    app.add_exception_handler(RequestValidationError, not_understood)
    app.add_exception_handler(ClientDisconnect, not_understood)  # no one is there to read it
    app.add_exception_handler(HTTPException, other)
    app.add_exception_handler(Exception, problem)


class WholeFile(FileResponse):
    """One of the app's own files, always all of it: no browser needs a part, and a wrong range would be told in others' words."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [pair for pair in scope["headers"] if pair[0] != b"range"]
        await super().__call__({**scope, "headers": headers}, receive, send)


def ranged(request: Request, data: bytes, kind: str) -> Response:
    """The bytes, or the one range of them that was asked for."""
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "no-store"}
    found = re.fullmatch(r"bytes=(\d{0,15})-(\d{0,15})", request.headers.get("range", ""))
    if not found or not (found[1] or found[2]):
        return Response(data, media_type=kind, headers=headers)
    first = int(found[1]) if found[1] else max(0, len(data) - int(found[2]))
    last = min(int(found[2]), len(data) - 1) if found[1] and found[2] else len(data) - 1
    if first > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{len(data)}"})
    span = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
    return Response(data[first : last + 1], 206, headers | span, kind)
