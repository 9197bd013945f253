"""How the hub answers: one shape for errors, headers that keep browsers honest, and ranges of bytes."""

import re

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from app.errors import BadRequest, FileTooBig, SmallStepsError, ThingUnknown, for_people
from storage.errors import StorageError

LARGEST_BODY = 2 * 1024 * 1024
PLAIN_CSP = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; media-src 'self'; base-uri 'none'; "
    "frame-ancestors 'none'"
)
HEADERS = {"X-Content-Type-Options": "nosniff", "Referrer-Policy": "no-referrer", "X-Frame-Options": "DENY"}


def shaped(error: SmallStepsError) -> JSONResponse:
    body = {"error": {"code": error.code, "message": error.message, "retry": error.retry}}
    return JSONResponse(body, error.status, headers={"Cache-Control": "no-store"})


def told(error: StorageError) -> SmallStepsError:
    """The error in the hub's shape; the ground floor's own code stays, since a device's folder reads it."""
    made = for_people(error)
    made.code = str(error) if str(error) == "media_missing" else error.code
    made.status = 409 if str(error) == "media_missing" else 400 if error.code == "bad_bytes" else made.status
    return made


def add_handlers(app: FastAPI) -> None:
    @app.exception_handler(SmallStepsError)
    async def ours(_: Request, error: SmallStepsError) -> Response:
        return shaped(error)

    @app.exception_handler(StorageError)
    async def ground(_: Request, error: StorageError) -> Response:
        return shaped(told(error))

    @app.exception_handler(RequestValidationError)
    async def not_understood(_: Request, error: RequestValidationError) -> Response:
        return shaped(BadRequest())

    @app.exception_handler(HTTPException)
    async def other(_: Request, error: HTTPException) -> Response:
        made: SmallStepsError = ThingUnknown() if error.status_code == 404 else BadRequest()
        made.status = error.status_code
        return shaped(made)

    @app.exception_handler(Exception)
    async def unforeseen(_: Request, error: Exception) -> Response:
        made = SmallStepsError("The hub met a problem of its own. What is saved is safe; please try again.")
        made.status, made.retry = 500, True
        return shaped(made)


async def body_of(request: Request) -> bytes:
    """The body, at most 2 MiB. Raises FileTooBig."""
    if int(request.headers.get("content-length") or 0) > LARGEST_BODY:
        raise FileTooBig
    data = b""
    async for piece in request.stream():
        data += piece
        if len(data) > LARGEST_BODY:
            raise FileTooBig
    return data


def ranged(request: Request, data: bytes, kind: str) -> Response:
    """The bytes, or the one range of them that was asked for."""
    headers = {"Accept-Ranges": "bytes", "Cache-Control": "no-store"}
    found = re.fullmatch(r"bytes=(\d*)-(\d*)", request.headers.get("range", ""))
    if not found or not (found[1] or found[2]):
        return Response(data, media_type=kind, headers=headers)
    first = int(found[1]) if found[1] else max(0, len(data) - int(found[2]))
    last = min(int(found[2]), len(data) - 1) if found[1] and found[2] else len(data) - 1
    if first > last:
        return Response(status_code=416, headers={"Content-Range": f"bytes */{len(data)}"})
    span = {"Content-Range": f"bytes {first}-{last}/{len(data)}"}
    return Response(data[first : last + 1], 206, headers | span, kind)
