"""Erasing a child on real screens: the SENCO orders, holds and cancels on the phone; a TA sees nothing of it; and when it was
carried out, the child is gone from the tablet in a TA's hands and from the school's folder."""

import os
import time

import pytest
from playwright.sync_api import Playwright

from storage.folder.directory import Directory
from storage.ops import Change
from storage.replica import Replica
from tests.journeys.parts import class_tablet, now, school_of, sencos_phone, taken_up
from tests.journeys.school import SchoolHub

pytestmark = pytest.mark.browser


async def carried_out(hub: SchoolHub, pupil: str) -> None:
    """The seven days are over: what the hub then writes, by the test's hand."""
    replica = Replica(Directory(hub.folder), os.urandom(8).hex(), lambda: time.time_ns() // 1_000_000)
    await replica.refresh()
    await replica.write([Change("school", f"erased:{pupil}", "at", 1)])


def test_the_senco_orders_holds_and_cancels_and_a_child_is_erased(hub: SchoolHub, playwright: Playwright) -> None:
    pupil = school_of(hub).pupils()[0]
    phone = taken_up(sencos_phone(playwright, hub))
    phone.at(f"pupils/{pupil.id}")
    phone.tap("erase")
    phone.says("It cannot be brought back")
    phone.tap("why-family")
    phone.page.set_viewport_size({"width": 390, "height": 3600})
    phone.frames(30)
    phone.page.screenshot(path=str(hub.where / "erasing.png"))
    phone.page.set_viewport_size({"width": 390, "height": 844})
    phone.tap("erase-for-good")
    phone.says("erased in about 7 days. Until then it can be cancelled")
    phone.tap("legal-hold")
    phone.says("Stopped: there is a legal hold")
    phone.at("school")
    phone.says("Erasures that were asked for")
    phone.page.screenshot(path=str(hub.where / "orders.png"))
    phone.tap(f"cancel-{pupil.id}")
    phone.says("Stopped: cancelled")
    phone.tap("media-days-7")
    phone.at("sync")
    phone.says("Everything is in the school folder, checked")
    assert school_of(hub).settings.get("media_days") == 7
    phone.close()

    tablet = taken_up(class_tablet(playwright, hub))
    tablet.at(f"pupils/{pupil.id}")
    tablet.says("Targets")
    assert tablet.starting("records").count() == tablet.starting("erase").count() == 0
    now(carried_out(hub, pupil.id))
    tablet.at("sync")
    tablet.tap("sync-now")
    tablet.at("pupils")
    tablet.until(lambda: tablet.starting("pupil-").count() > 0 and tablet.starting(f"pupil-{pupil.id}").count() == 0)
    assert not (hub.folder / "p" / pupil.id / "log").exists() or not list((hub.folder / "p" / pupil.id / "log").iterdir())
    tablet.close()
