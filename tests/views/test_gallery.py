"""Every part in a real browser: each thing that can be pressed has a name and is large enough for a finger."""

from pathlib import Path

import pytest
from playwright.sync_api import Page

from tests.browser import PHONE, by, open_app, serving

pytestmark = pytest.mark.browser
PRESSED = "flt-semantics[role=button], flt-semantics[role=checkbox], flt-semantics[role=tab]"
LOOK = """found => found.map(e => { const box = e.getBoundingClientRect();
  return [(e.ariaLabel || e.innerText || '').trim(), Math.round(box.width), Math.round(box.height)]; })"""


def pressed(page: Page) -> list[tuple[str, int, int]]:
    return [tuple(row) for row in page.locator(PRESSED).evaluate_all(LOOK)]  # type: ignore[misc]


@pytest.mark.parametrize("width", [1180, PHONE[0]])
def test_what_can_be_pressed_has_a_name_and_is_48_px(built_app: Path, browser_page: Page, width: int) -> None:
    browser_page.set_viewport_size({"width": width, "height": 3000})
    with serving(built_app) as site:
        open_app(browser_page, site.origin, "/app/gallery")
        by(browser_page, "g-primary").wait_for()
        found = pressed(browser_page)
    assert len(found) > 15
    assert [row for row in found if not row[0]] == []
    assert [row for row in found if min(row[1:]) < 48] == []


def test_a_screen_is_never_wider_than_a_phone(built_app: Path, browser_page: Page) -> None:
    browser_page.set_viewport_size({"width": PHONE[0], "height": 3000})
    with serving(built_app) as site:
        open_app(browser_page, site.origin, "/app/gallery")
        by(browser_page, "g-primary").wait_for()
        edges = browser_page.locator("flt-semantics").evaluate_all("found => found.map(e => e.getBoundingClientRect().right)")
    assert max(edges) <= PHONE[0]
