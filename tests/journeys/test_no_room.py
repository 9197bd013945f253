"""The worst of a tablet's days: no room left, and then everything on it wiped. What was saved stays; what is gone is told."""

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import httpx
import pytest
from playwright.sync_api import CDPSession, Playwright

from app.errors import NoRoomLeft
from app.usecases.session.school import local_time
from tests.journeys.device import Device
from tests.journeys.parts import NAME, class_tablet, join, no_puts, save, say, taken_up, to_camera, write_note
from tests.journeys.school import SchoolHub

pytestmark = pytest.mark.browser


def take_photo(tablet: Device) -> None:
    to_camera(tablet)
    tablet.tap("shutter")


@contextmanager
def phone(hub: SchoolHub) -> Iterator[httpx.Client]:
    """The SENCO's, as far as the list of devices goes."""
    code = hub.links["phone"].rsplit("/", 1)[1]
    with hub.api() as client:
        answer = client.post("/api/join", json={"code": code, "device": os.urandom(8).hex(), "name": "phone"})
        client.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['token']}"
        yield client


def listed(phone: httpx.Client) -> dict[str, Any]:
    """What the SENCO's list says of the tablet: when it was `seen` (ms UTC), and how much was `pending` then."""
    (row,) = [row for row in phone.get("/api/devices").json()["devices"] if row["name"] == NAME]
    return dict(row)


def wipe(tablet: Device) -> None:
    """All that the browser holds of the school is gone, as when somebody clears the site's data, or the browser forgets."""
    tablet.page.goto("about:blank")
    devtools = tablet.page.context.new_cdp_session(tablet.page)
    devtools.send("Storage.clearDataForOrigin", {"origin": tablet.origin, "storageTypes": "all"})


@contextmanager
def no_room(tablet: Device) -> Iterator[None]:
    devtools: CDPSession = tablet.page.context.new_cdp_session(tablet.page)
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": tablet.origin, "quotaSize": 1})
    yield
    devtools.send("Storage.overrideQuotaForOrigin", {"origin": tablet.origin})


def test_a_full_tablet_loses_nothing_and_a_wiped_one_says_what_it_had(hub: SchoolHub, playwright: Playwright) -> None:
    tablet = taken_up(class_tablet(playwright, hub))
    assert tablet.context
    tablet.context.route("**/api/files/**", no_puts)
    for number in range(3):
        write_note(tablet, f"Counted to {number}")
        save(tablet, "On this tablet")

    with no_room(tablet):
        take_photo(tablet)
        tablet.says(re.escape(NoRoomLeft.message))
        assert not tablet.by("draft-photo").count()
    tablet.tap("shutter")
    say(tablet, "Counted to many")
    with no_room(tablet):
        assert NoRoomLeft.message not in tablet.heard()
        tablet.tap("save")
        tablet.says(re.escape(NoRoomLeft.message))
        assert tablet.by("draft-photo").count() and tablet.read("note") == "Counted to many"
    save(tablet, "On this tablet")

    tablet.start_at("sync")
    for words in ("0", "1", "2", "many"):
        tablet.says(f"Counted to {words}")
    assert tablet.starting("state-").count() == 4
    with phone(hub) as senco:
        tablet.until(lambda: listed(senco)["pending"] == 4, what_for="the SENCO sees that four wait")
        wipe(tablet)
        at = local_time(listed(senco)["seen"])

    tablet.page.goto(f"{tablet.origin}/app/")
    tablet.write("join-code", hub.links["tablet"].rsplit("/", 1)[1])
    join(tablet, NAME)
    tablet.says(f"At {at:%H:%M} this tablet still had 4 to send. They are not in the school's folder.")
    tablet.close()
