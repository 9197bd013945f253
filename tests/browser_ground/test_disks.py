"""OPFS and IndexedDB keep the disk's promises in a real Chromium, also when the plug is pulled."""

import time
from collections.abc import Callable
from pathlib import Path

import pytest
from playwright.sync_api import BrowserContext, sync_playwright

from tests.browser_ground.conftest import CHROMIUM, FLAGS, Tab, pull_the_plug

pytestmark = pytest.mark.browser
Profile = Callable[[], BrowserContext]
BOTH = pytest.mark.parametrize("kind", ["opfs", "idb"])


@BOTH
def test_the_promises_of_the_port_are_kept(tab: Tab, kind: str) -> None:
    assert tab.call("disks:port", kind=kind) == []
    print(kind, tab.call("disks:figures", kind=kind))


@BOTH
def test_what_was_acknowledged_survives_a_pulled_plug(profile: Profile, tmp_path: Path, origin: str, kind: str) -> None:
    tab = Tab(profile().pages[0], origin)
    tab.start("disks:write_for_ever", room="plug", kind=kind)
    end = time.monotonic() + 60
    while len(tab.said) < 10 and time.monotonic() < end:
        time.sleep(0.05)
    said = int(tab.said[-1])
    pull_the_plug(tmp_path / "profile")

    left = Tab(profile().pages[0], origin).call("disks:what_is_left", room="plug", kind=kind)
    assert said >= 10 and left["records"] >= said and left["tail"] < 256
    assert left["draft whole"] and left["draft"] >= said
    assert left["good"] == left["files"] >= said
    assert left["names"] == ["local/journal.000001", "local/keep/draft"]


def test_a_reloaded_tab_gets_its_store_back_and_a_second_tab_is_told_busy(profile: Profile, origin: str) -> None:
    browser = profile()
    first = Tab(browser.pages[0], origin)
    assert first.call("disks:hold", room="mine") == "opfs"
    first.page.reload()
    assert first.call("disks:hold", room="mine") == "opfs"
    second = Tab(browser.new_page(), origin)
    assert second.call("disks:hold", room="mine") == "busy"
    first.page.close()
    assert second.call("disks:hold", room="mine") == "opfs"


@BOTH
def test_a_full_quota_leaves_nothing_half_visible_and_goes_on_when_there_is_room(
    profile: Profile, origin: str, kind: str
) -> None:
    page = profile().pages[0]
    tab = Tab(page, origin)
    page.context.new_cdp_session(page).send("Storage.overrideQuotaForOrigin", {"origin": origin, "quotaSize": 12_000_000})
    left = tab.call("disks:fill", room="full", kind=kind)
    print(left)
    assert left["full"] == {"put": True, "append": True, "replace": True}
    assert left["puts"] >= 3 and left["same files"] and left["same journal"] and left["draft"] == "the draft"
    assert left["works again"]


def test_the_store_that_was_used_is_used_again_and_its_absence_is_told(profile: Profile, origin: str) -> None:
    tab = Tab(profile().pages[0], origin)
    assert tab.call("disks:chosen", room="a")["starts"] == 1
    again = tab.call("disks:chosen", room="a")
    assert (again["kind"], again["starts"], again["names"]) == ("opfs", 2, ["local/starts"])
    assert tab.call("disks:chosen_without", room="a", opfs=False) == "folder_unreadable"
    small = tab.call("disks:chosen_without", room="b", opfs=False)
    assert (small["kind"], small["names"]) == ("idb", ["local/where"])
    tab.page.reload()  # the file system is there again, but what was saved is in the database
    small = tab.call("disks:chosen", room="b")
    assert (small["kind"], small["starts"]) == ("idb", 2)
    assert tab.call("disks:chosen_without", room="c", idb=False)["kind"] == "opfs"
    assert tab.call("disks:chosen_without", room="d", opfs=False, idb=False) == "nothing_lasts"


def test_a_private_window_works_and_promises_nothing(origin: str) -> None:
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        found = Tab(browser.new_page(), origin).call("disks:chosen", room="private")
        browser.close()
    assert found["kind"] in {"opfs", "idb"} and found["lasting"] is False
