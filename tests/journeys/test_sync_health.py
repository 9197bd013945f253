"""Sync health on real screens: an odd file, a tablet whose store was wiped, and the SENCO who ends the old one."""

import os
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Playwright

from storage import names
from tests.journeys.parts import device, joined, school_of, sencos_phone, taken_up
from tests.journeys.school import SchoolHub

pytestmark = pytest.mark.browser
DEV = "d" * 16


def lost_tablet(api: httpx.Client, hub: SchoolHub) -> None:
    """A device that said what it had to send, and was never seen again."""
    code = hub.links["tablet"].rsplit("/", 1)[1]
    token = api.post("/api/join", json={"code": code, "device": DEV, "name": "Elm tablet"}).json()["token"]
    headers = {"Authorization": f"Bearer {token}", "X-Pending": "3", "X-Checked": "0"}
    assert api.get("/api/partitions", headers=headers).status_code == 200


def garbage(folder: Path, partition: str) -> None:
    data = os.urandom(300)
    name = folder / str(names.Name(partition, "log", names.hash_of(data), DEV, "e" * 16, 1))
    name.write_bytes(data)


def test_an_odd_file_a_wiped_tablet_and_the_list_of_devices(hub: SchoolHub, playwright: Playwright) -> None:
    with hub.api() as api:
        lost_tablet(api, hub)
    garbage(hub.folder, school_of(hub).pupils()[0].id)
    tablet = device(playwright, hub, "new", (1180, 820))
    joined(tablet, hub.links["tablet"], "Elm tablet")
    tablet.says("this tablet still had 3 to send. They are not in the school's folder")
    tablet.tap("status")
    tablet.says("Sync health")
    tablet.says(r"1 file in the school's folder cannot be read \(garbage\)")
    tablet.close()

    phone = taken_up(sencos_phone(playwright, hub))
    phone.at("school")
    phone.tap("devices")
    phone.says(r"Last sync \d\d:\d\d, 3 still to send")
    phone.says("1 file in the school's folder cannot be read")
    phone.tap(f"end-{DEV}")
    phone.tap(f"end-for-good-{DEV}")
    phone.until(lambda: phone.read(f"last-{DEV}") == "Ended")
    phone.page.screenshot(path=str(hub.where / "devices.png"))
    phone.close()
