"""One device, two tabs: the second one says so, and the first goes on."""

import pytest
from playwright.sync_api import Playwright

from app.errors import OpenElsewhere
from tests.e2e.device import START
from tests.e2e.school import SchoolHub
from tests.e2e.test_path import built_app, device, hub, joined, playwright

__all__ = ["built_app", "hub", "playwright"]
pytestmark = pytest.mark.browser


def test_a_second_tab_is_told_and_the_first_goes_on(hub: SchoolHub, playwright: Playwright) -> None:
    tablet = device(playwright, hub, "tablet", (390, 844))
    joined(tablet, hub.links["tablet"])
    assert tablet.context
    second = tablet.context.new_page()
    second.goto(f"{tablet.origin}/app/")
    told = second.locator('[flt-semantics-identifier="stopped"]')
    told.wait_for(state="attached", timeout=START)
    assert OpenElsewhere.message in second.locator("flt-semantics-host").aria_snapshot()
    second.close()
    tablet.tap("new-observation")
    tablet.see("only-note")
    tablet.close()
