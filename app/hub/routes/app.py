"""The built app under /app/: its files, packed where the browser takes that, and its one page for every other route."""

from email.utils import parsedate_to_datetime
from pathlib import Path

from fastapi import APIRouter, Request
from fastapi.responses import RedirectResponse, Response
from starlette.concurrency import run_in_threadpool

from app.errors import AppNotBuilt, ThingUnknown
from app.hub.guard.responses import WholeFile

TYPES = {
    ".mjs": "text/javascript", ".js": "text/javascript", ".wasm": "application/wasm", ".json": "application/json",
    ".woff2": "font/woff2", ".html": "text/html", ".css": "text/css", ".png": "image/png", ".svg": "image/svg+xml",
    ".ttf": "font/ttf", ".otf": "font/otf", ".gz": "application/octet-stream", ".zip": "application/zip",
}  # fmt: skip
POLICY = "csp.txt"
PACKED = (("br", ".br"), ("gzip", ".gz"))  # the smaller first


def app_routes(web: Path | None) -> APIRouter:
    routes = APIRouter()

    @routes.api_route("/app", methods=["GET", "HEAD"])
    async def root() -> Response:
        return RedirectResponse("/app/", 308)

    @routes.api_route("/app/{path:path}", methods=["GET", "HEAD"])
    async def file(path: str, request: Request) -> Response:
        if web is None or not (web / "index.html").is_file():
            raise AppNotBuilt
        return await run_in_threadpool(_answer, web, path, request)

    return routes


def _answer(web: Path, path: str, request: Request) -> Response:
    found = _file(web, path)
    if found is None:
        if not _navigates(path, request):
            raise ThingUnknown
        found = web / "index.html"
    headers = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
    policy = web / POLICY
    if policy.exists():
        headers["Content-Security-Policy"] = policy.read_text().strip()
    kind = TYPES.get(found.suffix, "application/octet-stream")
    for coding, ending in PACKED:
        packed = found.with_name(found.name + ending)
        if packed.is_file() and coding in request.headers.get("accept-encoding", ""):
            found, headers["Content-Encoding"] = packed, coding
            break
    answer = WholeFile(found, headers=headers, media_type=kind, stat_result=found.stat())
    return _unless_known(answer, request)


def _file(web: Path, path: str) -> Path | None:
    """The file of that path, if it is one of the build's."""
    try:
        wanted = (web / path).resolve()
        inside = wanted.is_relative_to(web.resolve()) and wanted.name not in {POLICY, "inputs.txt"}
        return wanted if path and inside and wanted.is_file() else None
    except (ValueError, OSError):  # a name that no file system takes
        return None


def _navigates(path: str, request: Request) -> bool:
    """Whether a person goes there, rather than a script that wants a file."""
    if mode := request.headers.get("sec-fetch-mode"):
        return mode == "navigate"
    return not Path(path).suffix or "text/html" in request.headers.get("accept", "")


def _unless_known(answer: WholeFile, request: Request) -> Response:
    """Only "not modified" when the browser has these very bytes already."""
    kept = request.headers.get("if-none-match")
    since = request.headers.get("if-modified-since")
    same = kept == answer.headers["etag"] if kept else bool(since) and _not_since(answer.headers["last-modified"], str(since))
    if not same:
        return answer
    keep = {k: v for k, v in answer.headers.items() if k not in {"content-length", "content-type", "content-encoding"}}
    return Response(status_code=304, headers=keep)


def _not_since(changed: str, since: str) -> bool:
    try:
        return parsedate_to_datetime(changed) <= parsedate_to_datetime(since)
    except (ValueError, TypeError):
        return False
