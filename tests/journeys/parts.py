"""What people do on the way through the app in more than one journey."""

import asyncio
from collections.abc import Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any, TypeVar

from playwright.sync_api import Playwright, Route

from app.folders import opened
from app.usecases.session.school import School
from tests.journeys.device import Device
from tests.journeys.school import SchoolHub

T = TypeVar("T")
NAME = "Oak tablet"


def device(playwright: Playwright, hub: SchoolHub, name: str, size: tuple[int, int], host: str = "localhost") -> Device:
    return Device(playwright, hub.where / name, f"http://{host}:{hub.port}", *size)


def route(link: str) -> str:
    return "/" + link.split("/", 3)[3]


def class_tablet(playwright: Playwright, hub: SchoolHub, size: tuple[int, int] = (1180, 820)) -> Device:
    return device(playwright, hub, "tablet", size)


def sencos_phone(playwright: Playwright, hub: SchoolHub) -> Device:
    return device(playwright, hub, "phone", (390, 844), "127.0.0.1")


# -- coming in -----------------------------------------------------------------------------------------------------------
def joined(tablet: Device, link: str, name: str = "") -> None:
    """Join by the link, say who one is if that is asked, choose a PIN, and wait until the class is there."""
    tablet.open(route(link))
    join(tablet, name)


def join(tablet: Device, name: str = "") -> None:
    if name:
        tablet.write("join-name", name)
    tablet.tap("join")
    tablet.until(lambda: bool(tablet.starting("staff-").count() or tablet.by("pin-next").count()))
    if tablet.starting("staff-").count():
        tablet.tap(str(tablet.starting("staff-").first.get_attribute("flt-semantics-identifier")))
    tablet.choose_pin()
    the_class_is_there(tablet)


def the_class_is_there(tablet: Device) -> None:
    tablet.until(lambda: tablet.starting("home-pupil-").count() == 8, what_for="the class")


def taken_up(tablet: Device) -> Device:
    """A device that has joined before, from its locked screen to Home."""
    tablet.open()
    tablet.unlock()
    tablet.at("")
    the_class_is_there(tablet)
    return tablet


def kept_offline(tablet: Device) -> None:
    """Wait until the service worker has the whole app and looks after the page."""
    tablet.page.evaluate("navigator.serviceWorker.ready.then(() => caches.keys())")
    tablet.until(lambda: bool(tablet.page.evaluate("!!navigator.serviceWorker.controller")), what_for="all is kept offline")


# -- recording -----------------------------------------------------------------------------------------------------------
def camera_ready(tablet: Device) -> None:
    tablet.page.get_by_role("button", name="Take a photo").first.wait_for(state="attached")


def to_camera(tablet: Device) -> None:
    """A person who has just come in is there already."""
    tablet.until(lambda: bool(tablet.by("only-note").count() or tablet.by("new-observation").count()))
    if not tablet.by("only-note").count():
        tablet.tap("new-observation")
    camera_ready(tablet)


def write_note(tablet: Device, words: str) -> None:
    to_camera(tablet)
    tablet.tap("only-note")
    say(tablet, words)


def say(tablet: Device, words: str) -> None:
    """A draft that may be saved."""
    tablet.write("note", words)
    tablet.starting("pupil-").first.click()
    tablet.until(lambda: tablet.read("save") == "Save", what_for="the draft may be saved")


def save(tablet: Device, state: str) -> None:
    tablet.tap("save")
    tablet.see("saved")
    tablet.says(state)
    tablet.tap("done")
    tablet.see("new-observation")


def no_puts(asked: Route) -> None:
    """The Wi-Fi is good enough for a question, and breaks off when anything is sent."""
    asked.abort() if asked.request.method == "PUT" else asked.fallback()


# -- the school's folder, read directly ------------------------------------------------------------------------------------
def now(work: Coroutine[Any, Any, T]) -> T:
    """What the work gives. In a thread of its own, since the browser's driver has the loop of this one."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, work).result()


def school_of(hub: SchoolHub) -> School:
    return School(now(opened(hub.folder)))
