"""A real WebKit in the hands of a test: a driver, a window with a profile that lasts, and a screen that nobody sees."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import pytest
from selenium import webdriver
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    ElementNotInteractableException,
    StaleElementReferenceException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.remote.webelement import WebElement
from selenium.webdriver.webkitgtk.options import Options
from selenium.webdriver.webkitgtk.service import Service

from tests.journeys.device import PIN
from tests.ports import free_port

MARKS = [
    pytest.mark.webkit,
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),  # Selenium's, about itself
]
WINDOW = Path(__file__).with_name("webkit_window.py")
SAFARI = ["StorageAPI", "StorageAPIEstimate", "FileSystem", "FileSystemWritableStream", "AccessHandle"]  # off here unless told
PATIENCE = 90.0  # s that a start may take on a busy machine; reached only when something is wrong
MOVING = (StaleElementReferenceException, ElementClickInterceptedException, ElementNotInteractableException)
HEARD = """
return [...document.querySelectorAll('flt-semantics-host *')].flatMap(e => [
  e.getAttribute('aria-label'), e.value, ...[...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data)
]).filter(Boolean).join('\\n')
"""  # what a screen reader is told
FRAMES = "const done = arguments[0]; let n = 20; const f = () => --n ? requestAnimationFrame(f) : done(); f();"


@contextmanager
def screen() -> Iterator[str]:
    """A screen that nobody sees; the server itself finds a number that is free."""
    read, write = os.pipe()
    command = ["Xvfb", "-displayfd", str(write), "-screen", "0", "1280x900x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[write], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        os.close(write)
        with os.fdopen(read) as number:
            told = number.readline().strip()
        assert told, "Xvfb did not start"
        yield f":{told}"
    finally:
        server.kill()
        server.wait()


class Tablet:
    """One WebKit profile. The driver, the window and WebKit's own processes are one group, and end together."""

    def __init__(self, profile: Path, origin: str, display: str) -> None:
        self.profile, self.origin, self.display = profile, origin, display
        self.service: Service | None = None
        self.driver: Any = None

    def open(self, path: str) -> None:
        self.profile.mkdir(exist_ok=True)
        env = {**os.environ, "DISPLAY": self.display, "LANG": "en_GB.UTF-8", "GDK_BACKEND": "x11", "NO_AT_BRIDGE": "1"}
        options = Options()
        options.binary_location = "/usr/bin/python3"
        for word in (str(WINDOW), str(self.profile), *SAFARI):
            options.add_argument(word)
        log = str(self.profile.with_suffix(".log"))
        self.service = Service(
            "/usr/bin/WebKitWebDriver", port=free_port(), log_output=log, env=env, popen_kw={"start_new_session": True}
        )
        self.driver = webdriver.WebKitGTK(options=options, service=self.service)
        self.driver.set_script_timeout(PATIENCE)
        self.driver.get(self.origin + path)

    def kill(self) -> None:
        """SIGKILL to every process of it at once, as a flat battery would."""
        service, self.service = self.service, None
        process = getattr(service, "process", None)
        if not process:
            return
        with suppress(ProcessLookupError):  # they ended by themselves
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()
        if self.driver:
            self.driver.command_executor.close()
            self.driver = None

    def until(self, what: Callable[[], Any], what_for: str, seconds: float = PATIENCE) -> Any:
        """What the condition gives as soon as that is something; looked at again after some of the page's frames."""
        end, last = time.monotonic() + seconds, None
        while time.monotonic() < end:
            try:
                if found := what():
                    return found
            except MOVING as error:  # drawn again while we looked, or still on its way
                last = error
            self.driver.execute_async_script(FRAMES)
        self.driver.save_screenshot(str(self.profile.with_suffix(".png")))
        raise AssertionError(f"it never came true: {what_for}\n{last!r}\n{self.heard()[:3000]}")

    def all(self, selector: str) -> list[WebElement]:
        return list(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def see(self, identifier: str) -> WebElement:
        found = self.until(lambda: self.all(f'[flt-semantics-identifier="{identifier}"]'), identifier)
        return found[0]

    def starting(self, prefix: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map(e => e.getAttribute('flt-semantics-identifier'))"
        return list(self.driver.execute_script(script, f'[flt-semantics-identifier^="{prefix}"]'))

    def tap(self, identifier: str) -> None:
        """Press what carries the identifier, or the button in it; as a screen reader would, should another node lie over it."""

        def pressed() -> bool:
            found = self.see(identifier)
            inner = found.find_elements(By.CSS_SELECTOR, 'flt-semantics[role="button"], [role="checkbox"], [role="tab"]')
            button = inner[0] if inner else found
            if button.get_attribute("aria-disabled") == "true":
                return False  # not yet
            try:
                button.click()
            except ElementClickInterceptedException:
                self.driver.execute_script("arguments[0].click()", button)
            return True

        self.until(pressed, f"press {identifier}")

    def pin(self, digits: str = PIN) -> None:
        for digit in digits:
            self.tap(f"pin-{digit}")

    def write(self, identifier: str, text: str) -> None:
        """Type as a person does who looks at what comes: Flutter takes letters only once it has noticed the field."""

        def written() -> bool:
            field = self.see(identifier).find_element(By.CSS_SELECTOR, "input, textarea")
            field.click()
            self.driver.execute_async_script(FRAMES)
            field.send_keys(text)
            self.driver.execute_async_script(FRAMES)
            if field.get_property("value") == text:
                return True
            field.clear()
            return False

        self.until(written, f"the field takes its text: {identifier}")

    def heard(self) -> str:
        return str(self.driver.execute_script(HEARD))

    def says(self, words: str) -> None:
        self.until(lambda: re.search(words, self.heard()), words)
