"""A real Chromium with Python in its worker; one at a time."""

import contextlib
import os
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, Page, sync_playwright

from tests.browser_ground.site import serving
from tests.journeys.device import FLAGS

CHROMIUM = "/usr/bin/chromium"
LIMIT = 120_000  # ms for one scenario; reached only when something is wrong


class Tab:
    """A page with Python; `call` runs a scenario of `inside` and gives its answer."""

    def __init__(self, page: Page, origin: str) -> None:
        self.page = page
        page.goto(origin)

    def call(self, name: str, **args: Any) -> Any:
        return self.page.evaluate("([name, args, limit]) => call(name, args, limit)", [name, args, LIMIT])

    def start(self, name: str, **args: Any) -> None:
        """Begin, and go on at once; what goes wrong is `said`."""
        self.page.evaluate("([name, args]) => { call(name, args).catch(error => said.push(String(error))); }", [name, args])

    @property
    def said(self) -> list[str]:
        return list(self.page.evaluate("said"))


@pytest.fixture(scope="module")
def origin() -> Iterator[str]:
    with serving() as where:
        yield where


@pytest.fixture
def profile(tmp_path: Path) -> Iterator[Callable[[], BrowserContext]]:
    """Opens the same lasting profile, as often as it is called; ended by `pull_the_plug` or at the end."""
    opened: list[BrowserContext] = []
    with sync_playwright() as playwright:

        def start() -> BrowserContext:
            opened.append(
                playwright.chromium.launch_persistent_context(str(tmp_path / "profile"), executable_path=CHROMIUM, args=FLAGS)
            )
            return opened[-1]

        yield start
        for context in opened:
            with contextlib.suppress(Exception):  # it may have been killed
                context.close()


@pytest.fixture
def tab(profile: Callable[[], BrowserContext], origin: str) -> Tab:
    return Tab(profile().pages[0], origin)


def pull_the_plug(profile: Path) -> None:
    """SIGKILL to every process of this profile."""
    mark = f"--user-data-dir={profile}".encode()
    for entry in Path("/proc").iterdir():
        if entry.name.isdigit():
            with contextlib.suppress(OSError):
                if mark in (entry / "cmdline").read_bytes():
                    os.kill(int(entry.name), signal.SIGKILL)
