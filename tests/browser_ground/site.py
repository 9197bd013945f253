"""A page of our own with Python in a worker: our code as it is, in the Pyodide that Flet ships, behind the product's CSP."""

import io
import socket
import threading
import time
import zipfile
from collections.abc import Callable, Iterator
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

ROOT = Path(__file__).parent.parent.parent
OURS = ("storage", "app/__init__.py", "app/errors.py", "app/domain", "app/media", "tests/__init__.py", "tests/contract",
        "tests/browser_ground/__init__.py", "tests/browser_ground/inside")  # fmt: skip
WHEELS = ("httpx", "idna", "certifi", "anyio", "sniffio", "h11", "httpcore", "tinydb")
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
const ready = (async () => {
  const python = await loadPyodide({indexURL: "/pyodide/"});
  python.unpackArchive(await (await fetch("/site.zip")).arrayBuffer(), "zip", {extractDir: "/site"});
  python.runPython("import sys; sys.path.insert(0, '/site')");
  return python.pyimport("tests.browser_ground.inside.run").run;
})();
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


@contextmanager
def serving(*more: BaseRoute) -> Iterator[str]:
    """The origin of a server of the page, with these routes besides."""
    routes = [
        *more,
        Route("/", page(HTML, "text/html")),
        Route("/worker.js", page(WORKER, "text/javascript")),
        Route("/site.zip", page(archive(), "application/zip")),
        Mount("/pyodide", StaticFiles(directory=Path(get_package_web_dir()) / "pyodide")),
    ]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
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
