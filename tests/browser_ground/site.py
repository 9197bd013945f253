"""A page of our own with Python in a worker: our code as it is, in the Pyodide that Flet ships, behind the product's CSP."""

import io
import threading
import time
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import uvicorn
from flet_web import get_package_web_dir
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Mount, Route
from starlette.staticfiles import StaticFiles

from tests.ports import free_port

ROOT = Path(__file__).parent.parent.parent
OURS = ("storage", "app/__init__.py", "app/errors.py", "app/domain", "app/media", "tests/__init__.py", "tests/contract",
        "tests/storage/__init__.py", "tests/storage/parts.py", "tests/browser_ground/__init__.py",
        "tests/browser_ground/inside")  # fmt: skip
WHEELS = ("httpx", "idna", "certifi", "anyio", "sniffio", "h11", "httpcore", "tinydb")
MEMORY = [b""]
CSP = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' blob: data:; media-src 'self' blob:; connect-src 'self' blob: data:; worker-src 'self' blob:; "
    "object-src 'none'"
)
HTML = """<!doctype html><meta charset="utf-8"><title>ground</title><script>
const worker = new Worker("/worker.js", {type: "module"}), open = new Map(), said = []; let last = 0;
worker.onmessage = ({data}) => {
  if (data.said !== undefined) return said.push(data.said);
  const [good, bad] = open.get(data.id); open.delete(data.id);
  data.error ? bad(new Error(data.error)) : good(JSON.parse(data.value));
};
worker.onerror = e => said.push("worker error: " + e.message);
window.call = (name, args = {}, limit = 0) => new Promise((good, bad) => {
  if (limit) setTimeout(() => bad(new Error(name + " did not end; said " + said.join(", "))), limit);
  open.set(++last, [good, bad]); worker.postMessage({id: last, name, args: JSON.stringify(args)});
});
</script><input type="file" id="file">
<script>document.getElementById("file").onchange = e => {
  new BroadcastChannel("small-steps").postMessage({kind: "file", file: e.target.files[0]});
};</script>"""
WORKER = """import { loadPyodide } from "/pyodide/pyodide.mjs";
const indexURL = "/pyodide/", site = fetch("/site.zip").then(answer => answer.arrayBuffer());
async function withSite(python) {
  python.unpackArchive(await site, "zip", {extractDir: "/site"});
  python.runPython("import sys; sys.path.insert(0, '/site')");
  return python;
}
async function start() {
  const kept = await fetch("/memory");
  if (!kept.ok) return withSite(await loadPyodide({indexURL}));
  let memory = await kept.arrayBuffer();
  if (!memory.byteLength) {
    const first = await withSite(await loadPyodide({indexURL, _makeSnapshot: true}));
    first.runPython("import asyncio, httpx, tinydb; sys.path.remove('/site')");
    memory = first.makeMemorySnapshot();
    await fetch("/memory", {method: "PUT", body: memory});
  }
  return withSite(await loadPyodide({indexURL, _loadSnapshot: memory}));
}
const ready = start().then(python => python.pyimport("tests.browser_ground.inside.run").run);
self.bring = address => import(address);
self.onmessage = async ({data: {id, name, args}}) => {
  try { self.postMessage({id, value: await (await ready)(name, args)}); }
  catch (error) { self.postMessage({id, error: String(error)}); }
};"""


def archive() -> bytes:
    """Our code and the wheels it needs in the browser, as they are installed here."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as packed:
        for part in OURS:
            start = ROOT / part
            for file in [start] if start.is_file() else sorted(start.rglob("*.py")):
                packed.write(file, file.relative_to(ROOT))
        for wheel in WHEELS:
            spec = find_spec(wheel)
            assert spec and spec.origin, wheel
            start = Path(spec.origin).parent
            for file in sorted(start.rglob("*.py")):
                packed.write(file, f"{wheel}/{file.relative_to(start)}")
    return out.getvalue()


def page(body: str | bytes, kind: str) -> Callable[[Request], Any]:
    async def answer(_request: Request) -> Response:
        return Response(body, media_type=kind, headers={"Content-Security-Policy": CSP})

    return answer


async def memory(request: Request) -> Response:
    """Where the first Python leaves what every later one starts from: the libraries are there, and nothing of ours yet."""
    if request.method == "PUT":
        MEMORY[0] = await request.body()
    return Response(MEMORY[0] if request.method == "GET" else b"")


@contextmanager
def serving(*more: BaseRoute, behind: Sequence[BaseRoute] = (), remembering: bool = True) -> Iterator[str]:
    """The origin of a server of the page, with `more` routes, and those `behind` for all that is none of these. Where Python
    starts only once, or in another browser than Chromium, its memory is not worth `remembering`.
    """
    routes = [
        *more,
        Route("/", page(HTML, "text/html")),
        Route("/worker.js", page(WORKER, "text/javascript")),
        Route("/site.zip", page(archive(), "application/zip")),
        *([Route("/memory", memory, methods=["GET", "PUT"])] if remembering else []),
        Mount("/js", StaticFiles(directory=Path(__file__).with_name("js"))),
        Mount("/pyodide", StaticFiles(directory=Path(get_package_web_dir()) / "pyodide")),
        *behind,
    ]
    port = free_port()
    server = uvicorn.Server(uvicorn.Config(Starlette(routes=routes), port=port, log_level="warning", ws="none", lifespan="off"))
    thread = threading.Thread(target=server.run, daemon=True)
    thread.start()
    while not server.started:
        time.sleep(0.02)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        server.force_exit = True
        thread.join(10)
