"""A demo school that is drawn once, and a class tablet and a SENCO's phone that joined it once: each journey has copies."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright, sync_playwright

from app.demo import make
from tests.browser import built_app
from tests.journeys.parts import NAME, class_tablet, joined, kept_offline, now, sencos_phone
from tests.journeys.school import DEMO, SchoolHub

__all__ = ["built_app"]


@pytest.fixture
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The demo school's folder, with no hub yet."""
    folder = tmp_path_factory.mktemp("drawn") / DEMO
    now(make(folder))
    return folder


@pytest.fixture
def fresh_hub(built_app: Path, drawn: Path, tmp_path: Path) -> Iterator[SchoolHub]:
    """Over a demo school that no device has joined."""
    shutil.copytree(drawn, tmp_path / DEMO)
    hub = SchoolHub(tmp_path)
    hub.start()
    yield hub
    hub.stop()


@pytest.fixture(scope="session")
def at_work(built_app: Path, drawn: Path, tmp_path_factory: pytest.TempPathFactory) -> SchoolHub:
    """A hub that has been stopped, with the profiles of the class tablet and of the phone beside its folder."""
    where = tmp_path_factory.mktemp("at-work")
    shutil.copytree(drawn, where / DEMO)
    hub = SchoolHub(where)
    hub.start()
    try:
        with sync_playwright() as playwright:
            tablet, phone = class_tablet(playwright, hub), sencos_phone(playwright, hub)
            for one, link, name in ((tablet, "tablet", NAME), (phone, "phone", "")):
                joined(one, hub.links[link], name)
                kept_offline(one)
                one.close()
    finally:
        hub.stop()
    return hub


@pytest.fixture
def hub(at_work: SchoolHub, tmp_path: Path) -> Iterator[SchoolHub]:
    """A copy at the same address, for a browser keeps what it has by address."""
    shutil.copytree(at_work.where, tmp_path, symlinks=True, dirs_exist_ok=True)
    hub = SchoolHub(tmp_path, port=at_work.port)
    hub.start()
    yield hub
    hub.stop()
