"""The built app in a real Chromium: a small server of its files, and how a test opens it, finds things and presses them.

def test_it_opens(built_app, browser_page):
    with serving(built_app) as site:
        open_app(browser_page, site.origin)
        by(browser_page, "join-code").wait_for()
"""

import shutil
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from hashlib import sha256
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, expect, sync_playwright

from app.settings import WEB
from app.web.build import build_if_changed
from tests.journeys.device import FLAGS, START

CHROMIUM = "/usr/bin/chromium"
TYPES = {
    ".html": "text/html", ".js": "text/javascript", ".mjs": "text/javascript", ".css": "text/css", ".json": "application/json",
    ".wasm": "application/wasm", ".png": "image/png", ".woff2": "font/woff2",
}  # fmt: skip
HEADERS = {"Cache-Control": "no-cache", "Vary": "Accept-Encoding"}
TABLET, PHONE = (1180, 820), (390, 844)
expect.set_options(timeout=START)  # five seconds are not enough on a busy machine


@dataclass
class Site:
    """A web app's files under /app/, served as the hub does: the app's page for its routes, packed files, the policy."""

    root: Path
    port: int = 0
    sent: dict[str, int] = field(default_factory=dict)  # path -> body bytes, over all answers
    times: dict[str, int] = field(default_factory=dict)  # path -> how often its bytes were sent
    asked: list[str] = field(default_factory=list)
    missing: list[str] = field(default_factory=list)
    server: ThreadingHTTPServer | None = None

    @property
    def origin(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        self.server = ThreadingHTTPServer(("127.0.0.1", self.port), _handler(self))
        self.server.daemon_threads = True
        self.port = self.server.server_address[1]
        threading.Thread(target=self.server.serve_forever, args=(0.05,), daemon=True).start()

    def stop(self) -> None:
        if self.server:
            self.server.shutdown()
            self.server.server_close()
        self.server = None

    def find(self, path: str) -> Path | None:
        """The file that answers a path; None where there is none."""
        inside = path.removeprefix("/app/")
        if inside == path:
            return None
        found = self.root / inside
        if inside and found.is_file():
            return found
        return None if Path(inside).suffix else self.root / "index.html"


def _handler(site: Site) -> type[BaseHTTPRequestHandler]:
    class Answers(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            path = self.path.split("?")[0]
            site.asked.append(path)
            found = site.find(path)
            if found is None:
                body = f"outside {path}".encode()
                site.missing.append(path)
                status = 200 if path.startswith(("/f/", "/join/", "/paper/")) else 404
                return self.answer(status, body, {"Content-Type": "text/plain"})
            headers = {"Content-Type": TYPES.get(found.suffix, "application/octet-stream"), **HEADERS}
            if found.suffix in {".html", ".js"}:
                headers["Content-Security-Policy"] = (site.root / "csp.txt").read_text()
            for coding, ending in (("br", ".br"), ("gzip", ".gz")):
                packed = found.with_name(found.name + ending)
                if coding in self.headers.get("Accept-Encoding", "") and packed.exists():
                    headers["Content-Encoding"], found = coding, packed
                    break
            body = found.read_bytes()
            headers["ETag"] = f'"{sha256(body).hexdigest()[:16]}"'
            if self.headers.get("If-None-Match") == headers["ETag"]:
                return self.answer(304, b"", headers)
            site.sent[path] = site.sent.get(path, 0) + len(body)
            site.times[path] = site.times.get(path, 0) + 1
            self.answer(200, body, headers)

        def answer(self, status: int, body: bytes, headers: dict[str, str]) -> None:
            self.send_response(status)
            for key, value in {**headers, "Content-Length": str(len(body))}.items():
                self.send_header(key, value)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: Any) -> None:
            pass  # a test's output is for its failures

    return Answers


@contextmanager
def serving(root: Path) -> Iterator[Site]:
    """A built app on a free port, until the block ends."""
    site = Site(root)
    site.start()
    try:
        yield site
    finally:
        site.stop()


@pytest.fixture(scope="session")
def built_app() -> Path:
    """The web app of the code as it is now, built at most once."""
    build_if_changed(WEB)
    return WEB


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Callable[..., BrowserContext]]:
    """Opens the same lasting profile, as often as it is called; closed at the end."""
    opened: list[BrowserContext] = []
    with sync_playwright() as playwright:

        def start(**more: Any) -> BrowserContext:
            opened.append(launch(playwright, tmp_path / "profile", **more))
            return opened[-1]

        yield start
        for context in opened:
            context.close()
    shutil.rmtree(tmp_path / "profile", ignore_errors=True)


@pytest.fixture
def browser_page(profile: Callable[..., BrowserContext]) -> Page:
    return profile().pages[0]


def launch(
    playwright: Playwright, folder: Path, size: tuple[int, int] = TABLET, flags: tuple[str, ...] = (), **more: Any
) -> BrowserContext:
    """A Chromium over a lasting profile in `folder`, with a make-believe camera."""
    settings: dict[str, Any] = {"locale": "en-GB", "timezone_id": "Europe/London", "permissions": ["camera", "microphone"]} | more
    context = playwright.chromium.launch_persistent_context(
        str(folder), executable_path=CHROMIUM, args=[*FLAGS, *flags], viewport={"width": size[0], "height": size[1]}, **settings
    )
    context.set_default_timeout(START)
    return context


def open_app(page: Page, origin: str, route: str = "/app/") -> float:
    """Go to a route and wait until the app shows something; the seconds it took."""
    begun = time.perf_counter()
    page.goto(origin + route)
    started(page)
    return time.perf_counter() - begun


def started(page: Page) -> None:
    """Wait until our loading page has gone and the app can be read."""
    page.wait_for_selector("#start", state="detached", timeout=START)
    page.wait_for_selector("flt-semantics-host flt-semantics", state="attached", timeout=START)


def kept_offline(page: Page) -> None:
    """Wait until the service worker has the whole app and looks after the page."""
    page.evaluate(
        "navigator.serviceWorker.controller ? true : new Promise(done => "
        "navigator.serviceWorker.addEventListener('controllerchange', () => done(true), { once: true }))"
    )


def by(page: Page, identifier: str) -> Locator:
    return page.locator(f'[flt-semantics-identifier="{identifier}"]').first


def write(page: Page, identifier: str, text: str) -> None:
    """Type into a field: it must be pressed first, or letters are lost."""
    box = by(page, identifier).locator("input, textarea").first
    box.click()
    box.fill(text)


def tree(page: Page) -> str:
    """What a screen reader is told."""
    return page.locator("flt-semantics-host").aria_snapshot()
