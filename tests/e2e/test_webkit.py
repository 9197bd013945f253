"""The nearest thing to an iPad: a real WebKit starts the app, joins, saves a note without a hub, loses its power, and syncs."""

import os
import re
import signal
import subprocess
import time
from collections.abc import Callable, Iterator
from contextlib import suppress
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

from tests.browser import built_app
from tests.e2e.school import SchoolHub, free_port
from tests.e2e.test_path import route, school_of
from views.capture.camera import NO_CAMERA

__all__ = ["built_app"]
pytestmark = [
    pytest.mark.webkit,
    pytest.mark.filterwarnings("ignore:setting remote_server_addr:DeprecationWarning"),  # Selenium's, about itself
]

WINDOW = Path(__file__).with_name("webkit_window.py")
SAFARI = ["StorageAPI", "StorageAPIEstimate", "FileSystem", "FileSystemWritableStream", "AccessHandle"]  # off here unless told
NOTE = "Poured her own water, both hands"
PATIENCE = 90.0  # s that a start may take on a busy machine; reached only when something is wrong
MOVING = (StaleElementReferenceException, ElementClickInterceptedException, ElementNotInteractableException)
HEARD = """
return [...document.querySelectorAll('flt-semantics-host *')].flatMap(e => [
  e.getAttribute('aria-label'), e.value, ...[...e.childNodes].filter(n => n.nodeType === 3).map(n => n.data)
]).filter(Boolean).join('\\n')
"""  # what a screen reader is told
FRAMES = "const done = arguments[0]; let n = 20; const f = () => --n ? requestAnimationFrame(f) : done(); f();"
OFFLINE = """
const done = arguments[0], sw = navigator.serviceWorker;
if (sw.controller) done(true); else sw.addEventListener('controllerchange', () => done(true), { once: true });
"""  # the service worker has the whole app and looks after the page
PLACES = """
const done = arguments[0];
(async () => {
  const found = await new Promise((yes, no) => {
    const ask = indexedDB.open('small-steps');
    ask.onerror = () => no(ask.error);
    ask.onsuccess = () => yes(ask.result);
  });
  const names = found.objectStoreNames.length ? await new Promise((yes, no) => {
    const ask = found.transaction('pieces').objectStore('pieces').getAllKeys();
    ask.onerror = () => no(ask.error);
    ask.onsuccess = () => yes(ask.result.map(key => key[0]));
  }) : [];
  found.close();
  done(names);
})().catch(error => done([String(error)]));
"""  # the names of the files in the browser's database


@pytest.fixture
def hub(built_app: Path, tmp_path: Path) -> Iterator[SchoolHub]:
    hub = SchoolHub(tmp_path)
    try:
        hub.start()
        yield hub
    finally:
        hub.stop(signal.SIGKILL)


@pytest.fixture
def display() -> Iterator[str]:
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


@pytest.fixture
def tablet(hub: SchoolHub, display: str) -> Iterator["Tablet"]:
    tablet = Tablet(hub.where / "webkit", f"http://localhost:{hub.port}", display)
    try:
        yield tablet
    finally:
        tablet.kill()


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
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                if found := what():
                    return found
            except MOVING:
                pass  # drawn again while we looked, or still on its way
            self.driver.execute_async_script(FRAMES)
        self.driver.save_screenshot(str(self.profile.with_suffix(".png")))
        raise AssertionError(f"it never came true: {what_for}\n{self.heard()[:3000]}")

    def all(self, selector: str) -> list[WebElement]:
        return list(self.driver.find_elements(By.CSS_SELECTOR, selector))

    def see(self, identifier: str) -> WebElement:
        found = self.until(lambda: self.all(f'[flt-semantics-identifier="{identifier}"]'), identifier)
        return found[0]

    def starting(self, prefix: str) -> list[str]:
        script = "return [...document.querySelectorAll(arguments[0])].map(e => e.getAttribute('flt-semantics-identifier'))"
        return list(self.driver.execute_script(script, f'[flt-semantics-identifier^="{prefix}"]'))

    def tap(self, identifier: str) -> None:
        """Press what carries the identifier, or the button inside it."""

        def pressed() -> bool:
            found = self.see(identifier)
            inner = found.find_elements(By.CSS_SELECTOR, 'flt-semantics[role="button"], [role="checkbox"], [role="tab"]')
            (inner[0] if inner else found).click()
            return True

        self.until(pressed, f"press {identifier}")

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


def joined(tablet: Tablet, link: str) -> None:
    tablet.open(route(link))
    tablet.tap("join")
    tablet.until(lambda: tablet.starting("staff-") or tablet.starting("new-observation"), "the school is here")
    if people := tablet.starting("staff-"):
        tablet.tap(people[0])
    tablet.until(lambda: len(tablet.starting("home-pupil-")) == 8, "the class")


def only_a_note(tablet: Tablet) -> str:
    """Write one note about the first pupil, with no camera here to take a picture, and see it saved. The pupil."""
    tablet.tap("new-observation")
    tablet.says(re.escape(NO_CAMERA))
    tablet.tap("only-note")
    tablet.write("note", NOTE)
    pupil = tablet.until(lambda: tablet.starting("pupil-"), "faces")[0]
    tablet.tap(pupil)
    tablet.until(lambda: tablet.see("save").text.strip() == "Save", "the button no longer asks for a pupil")
    tablet.tap("save")
    tablet.see("saved")
    tablet.says("On this tablet")
    return pupil.removeprefix("pupil-")


def test_a_note_is_kept_and_comes_into_the_folder_once(hub: SchoolHub, tablet: Tablet) -> None:
    before = len(school_of(hub).observations())
    joined(tablet, hub.links["tablet"])
    names = tablet.driver.execute_async_script(PLACES)
    assert len(names) > 1, f"the files of this WebKit are of no use, so all is in its database: {names}"
    assert tablet.driver.execute_async_script(OFFLINE)
    hub.stop()
    pupil = only_a_note(tablet)
    tablet.kill()

    tablet.open("/app/sync")
    tablet.says(re.escape(NOTE))
    tablet.says("Safe on this tablet")
    hub.start()
    tablet.until(lambda: tablet.see("sync-now").text.strip() == "Sync now", "the look at the absent hub is over")
    tablet.tap("sync-now")
    tablet.says("Everything is in the school folder, checked")

    school = school_of(hub)
    (new,) = [o for o in school.observations() if o.note == NOTE]
    assert new.pupil == pupil and len(school.observations()) == before + 1
