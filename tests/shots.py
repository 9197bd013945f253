"""`make screenshots`: screens at three sizes, the gallery in three themes, the pictures of docs/screens.md and the manifest.

All go to build/screenshots; a few of them also to docs/screenshots and assets/screenshots.
"""

import shutil
import subprocess
import tempfile
from collections.abc import Callable
from pathlib import Path

import httpx
from playwright.sync_api import Playwright, sync_playwright

from app.settings import ROOT, WEB
from app.web.build import build_if_changed
from tests.journeys.device import Device
from tests.journeys.school import SchoolHub

OUT = ROOT / "build/screenshots"
SIZES = {"tablet": (1180, 820), "upright": (820, 1180), "phone": (390, 844)}
THEMES = ("light", "dark", "contrast")
TALL = 3400  # px: the gallery scrolls, its picture need not
ON_THE_PAGE = ("home-tablet", "capture-tablet", "review-phone", "family-phone", "report")
MANIFEST = {"home-tablet": "app-tablet", "home-phone": "app-phone"}


def main() -> None:
    build_if_changed(WEB)
    shutil.rmtree(OUT, ignore_errors=True)
    OUT.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as where, sync_playwright() as playwright:
        hub = SchoolHub(Path(where))
        hub.start()
        try:
            for name, size in SIZES.items():
                one_size(playwright, hub, name, size)
        finally:
            hub.stop()
    for name in ON_THE_PAGE:
        copied(f"{name}.png", ROOT / "docs/screenshots" / f"{name}.png")
    for name, shown in MANIFEST.items():
        copied(f"{name}.png", ROOT / "assets/screenshots" / f"{shown}.png")


def copied(name: str, to: Path) -> None:
    to.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(OUT / name, to)


def one_size(playwright: Playwright, hub: SchoolHub, name: str, size: tuple[int, int]) -> None:
    host = "127.0.0.1" if name == "phone" else "localhost"
    device = Device(playwright, hub.where / name, f"http://{host}:{hub.port}", *size)
    try:
        joined(device, hub.links["phone"], name)
        for take in (of_the_class, of_the_senco, of_a_capture):
            take(device, name)
        of_the_gallery(device, name, size)
        if name == "phone":
            of_the_family(device, hub)
    finally:
        device.close()


def joined(device: Device, link: str, name: str) -> None:
    device.open("/" + link.split("/", 3)[3])
    device.tap("join")
    device.see("pin-next")
    shot(device, f"choose-pin-{name}")
    device.choose_pin()
    device.until(lambda: device.starting("home-pupil-").count() == 8 and "All safe" in device.heard())


def shot(device: Device, name: str, full: bool = False) -> None:
    """When two pictures in a row are the same, nothing moves any more."""
    before = b""
    for _ in range(40):
        now = device.page.screenshot(path=OUT / f"{name}.png", full_page=full)
        if now == before:
            return
        before = now


def at(device: Device, route: str, seen: str, name: str, before: Callable[[], None] | None = None) -> None:
    device.page.goto(f"{device.origin}/app/{route}")
    device.unlock()
    device.see(seen)
    if before:
        before()
    shot(device, name)


def of_the_class(device: Device, name: str) -> None:
    at(device, "", "new-observation", f"home-{name}")
    at(device, "sync", "sync-now", f"sync-{name}")
    at(device, "pupils", "status", f"pupils-{name}", lambda: device.until(lambda: device.starting("pupil-").count() == 8))
    device.starting("pupil-").first.click()
    device.until(lambda: device.starting("observation-").count() > 0)
    shot(device, f"pupil-{name}")
    device.tap("erase")
    device.see("erase-for-good")
    width, height = SIZES[name]
    device.page.set_viewport_size({"width": width, "height": TALL // 2})
    shot(device, f"erasing-{name}")
    device.page.set_viewport_size({"width": width, "height": height})
    at(device, "people", "idle-30", f"people-{name}")
    device.tap("lock")
    device.see("pin-1")
    shot(device, f"door-{name}")
    at(device, "pupils", "status", f"search-{name}", lambda: looked_for(device, "asked"))


def looked_for(device: Device, words: str) -> None:
    device.write("search", words)
    device.see("found")


def of_the_senco(device: Device, name: str) -> None:
    at(device, "review", "approve", f"review-{name}")
    at(device, "families", "make-link", f"families-{name}", lambda: device.starting("family-pupil-").first.click())
    at(device, "school", "school-name", f"school-{name}")
    at(device, "reports", "make-report", f"reports-{name}")
    if name == "phone":
        device.starting("report-pupil-").first.click()
        device.tap("make-report")
        paper(device.read("report-url"))
        shot(device, "reports-ready-phone")
    at(device, "audit", "status", f"audit-{name}", lambda: device.see("audit-whole"))
    at(device, "devices", "status", f"devices-{name}", lambda: device.until(lambda: device.starting("last-").count() > 0))


def paper(address: str) -> None:
    pdf = OUT / "report.pdf"
    pdf.write_bytes(httpx.get(address).content)
    subprocess.run(["pdftoppm", "-png", "-r", "70", "-singlefile", str(pdf), str(OUT / "report")], check=True)


def of_a_capture(device: Device, name: str) -> None:
    at(device, "capture", "only-note", f"camera-{name}", lambda: camera_ready(device))
    device.tap("only-note")
    device.write("note", "Waited for the drum, then asked for it.")
    device.starting("pupil-").first.click()
    device.until(lambda: device.starting("target-").count() > 0)
    device.starting("target-").first.click()
    device.until(lambda: device.starting("help-").count() > 0)
    shot(device, f"capture-{name}")
    device.tap("save")
    device.see("saved")
    shot(device, f"saved-{name}")


def camera_ready(device: Device) -> None:
    device.page.get_by_role("button", name="Take a photo").first.wait_for(state="attached")


def of_the_gallery(device: Device, name: str, size: tuple[int, int]) -> None:
    device.page.set_viewport_size({"width": size[0], "height": TALL})
    for theme in THEMES:
        at(device, f"gallery?{theme}", "g-primary", f"gallery-{theme}-{name}")
    device.page.set_viewport_size({"width": size[0], "height": size[1]})


def of_the_family(device: Device, hub: SchoolHub) -> None:
    device.page.goto(hub.links["family"].replace("localhost", "127.0.0.1"))
    shot(device, "family-phone")
    shot(device, "family-whole-phone", full=True)


if __name__ == "__main__":
    main()
