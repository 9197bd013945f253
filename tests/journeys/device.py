"""A device in a person's hands: real Chromium with a profile of its own that outlives a kill."""

import os
import re
import signal
from collections.abc import Callable
from pathlib import Path

from playwright.sync_api import BrowserContext, Locator, Page, Playwright

FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--use-angle=swiftshader", "--enable-unsafe-swiftshader",
    "--use-fake-ui-for-media-stream", "--use-fake-device-for-media-stream", "--autoplay-policy=no-user-gesture-required",
]  # fmt: skip
PIN = "2580"
GO = """path => {
  history.pushState({}, '', path);
  dispatchEvent(new PopStateEvent('popstate', { state: history.state }));
}"""
START = 180_000  # ms that a start may take on a busy machine; reached only when something is wrong


class Device:
    """One browser profile; `open` starts it, `kill` ends every process of it at once, as a flat battery would."""

    def __init__(self, playwright: Playwright, profile: Path, origin: str, width: int, height: int) -> None:
        self.playwright, self.profile, self.origin = playwright, profile, origin
        self.size = (width, height)
        self.context: BrowserContext | None = None
        self.asked: set[str] = set()

    def open(self, route: str = "/app/") -> Page:
        self.context = self.playwright.chromium.launch_persistent_context(
            str(self.profile), executable_path="/usr/bin/chromium", args=FLAGS, locale="en-GB", timezone_id="Europe/London",
            viewport={"width": self.size[0], "height": self.size[1]}, permissions=["camera", "microphone"],
        )  # fmt: skip
        page = self.context.pages[0]
        self.context.on("request", lambda request: self.asked.add(request.url))
        page.set_default_timeout(START)
        page.goto(self.origin + route)
        return page

    @property
    def page(self) -> Page:
        assert self.context
        return self.context.pages[0]

    def pids(self) -> list[int]:
        mark = f"--user-data-dir={self.profile}".encode()
        found = []
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit():
                try:
                    command = (entry / "cmdline").read_bytes()
                except OSError:
                    continue  # the process ended while we looked
                if mark in command:
                    found.append(int(entry.name))
        return found

    def kill(self) -> None:
        """SIGKILL to every process of this profile: nobody gets to say goodbye."""
        for pid in self.pids():
            try:
                os.kill(pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
        self._forget(self.context)

    def close(self) -> None:
        self._forget(self.context)

    def _forget(self, context: BrowserContext | None) -> None:
        self.context = None
        if context:
            try:
                context.close()
            except Exception as gone:  # Playwright's own errors differ by what died first
                assert "closed" in str(gone).lower() or "crash" in str(gone).lower(), gone

    def by(self, identifier: str) -> Locator:
        return self.page.locator(f'[flt-semantics-identifier="{identifier}"]').first

    def starting(self, prefix: str) -> Locator:
        return self.page.locator(f'[flt-semantics-identifier^="{prefix}"]')

    def see(self, identifier: str, timeout: int = START) -> Locator:
        found = self.by(identifier)
        found.wait_for(state="attached", timeout=timeout)
        return found

    def tap(self, identifier: str) -> None:
        """Press what carries the identifier, or the button inside it; scroll to it as a person would."""
        found = self.see(identifier)
        inner = found.locator('flt-semantics[role="button"], [role="checkbox"], [role="tab"]').first
        (inner if inner.count() else found).click()

    def pin(self, digits: str = PIN) -> None:
        for digit in digits:
            self.tap(f"pin-{digit}")

    def choose_pin(self, digits: str = PIN) -> None:
        """As it is asked of whoever is here for the first time."""
        for done in ("pin-next", "pin-keep"):
            self.see(done)
            self.pin(digits)
            self.tap(done)

    def unlock(self, staff: str = "", digits: str = PIN) -> None:
        """Tap a face, the only or the last one unless `staff` says whose, and give the PIN."""
        self.until(lambda: self.starting("door-").count() > 0, what_for="the door")
        if not self.by("pin-1").count():
            self.tap(f"door-{staff}" if staff else str(self.starting("door-").first.get_attribute("flt-semantics-identifier")))
        self.pin(digits)
        self.until(lambda: not self.starting("pin-").count(), what_for="the door opens")

    def at(self, route: str) -> None:
        """A page of the app by its address, as with a tap: without a new start."""
        self.page.evaluate(GO, f"/app/{route}")

    def start_at(self, route: str) -> None:
        """A page of the app by its address: the app starts anew, and is locked."""
        self.page.goto(f"{self.origin}/app/{route}")
        self.unlock()

    def write(self, identifier: str, text: str) -> None:
        """Type as a person does who looks at what comes: Flutter takes letters only once it has noticed the field."""
        field = self.see(identifier).locator("input, textarea").first
        for _ in range(10):
            field.click()
            self.frames(30)  # Flutter takes hold of the field, and writes its own text into it
            field.fill(text)
            self.frames(20)
            if field.input_value() == text:
                return
        raise AssertionError(f"the field does not take its text: {field.input_value()!r}")

    def frames(self, count: int) -> None:
        """Wait until the page has been drawn so many times: slower on a busy machine, as the page itself is."""
        script = "count => new Promise(done => { const f = () => count-- > 0 ? requestAnimationFrame(f) : done(); f(); })"
        self.page.evaluate(script, count)

    def read(self, identifier: str) -> str:
        """The words of one place."""
        return str(
            self.see(identifier).evaluate(
                "e => [e, ...e.querySelectorAll('*')].map(x => x.value || x.ariaLabel || (x.children.length ? '' : x.innerText))"
                ".find(x => x) || ''"
            )
        ).strip()

    def heard(self) -> str:
        """What a screen reader is told."""
        return self.page.locator("flt-semantics-host").aria_snapshot()

    def says(self, words: str) -> None:
        self.until(lambda: re.search(words, self.heard()) is not None, what_for=words)

    def until(self, what: Callable[[], bool], seconds: int = START // 1000, what_for: str = "") -> None:
        """Wait for a condition, looking again after each of the page's frames."""
        for _ in range(seconds * 5):
            if what():
                return
            self.page.evaluate("new Promise(done => setTimeout(done, 200))")
        raise AssertionError(f"it never came true: {what_for}\n{self.heard()[:3000]}")
