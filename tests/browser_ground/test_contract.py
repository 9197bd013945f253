"""The contract of folders, kept by the browser's own disks: the same tests, run by Python inside a real Chromium."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import sync_playwright

from tests.browser_ground.conftest import CHROMIUM, FLAGS, Tab
from tests.browser_ground.inside.cases import cases

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def one_tab(origin: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Tab]:
    profile: Path = tmp_path_factory.mktemp("profile")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch_persistent_context(str(profile), executable_path=CHROMIUM, args=FLAGS)
        yield Tab(browser.pages[0], origin)
        browser.close()


def test_all_of_the_contract_that_needs_only_a_folder_is_run_in_the_browser(one_tab: Tab) -> None:
    assert one_tab.call("contract:names") == list(cases()) and len(cases()) >= 25


@pytest.mark.parametrize("case", cases())
@pytest.mark.parametrize("kind", ["opfs", "idb"])
def test_a_disk_of_the_browser_keeps_the_contract(one_tab: Tab, kind: str, case: str) -> None:
    assert one_tab.call("contract:run", kind=kind, case=case) == case
