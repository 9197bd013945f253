"""A tab that is killed in the middle of its saves, at each kind of moment (`make torture`: a hundred times over): what it
acknowledged is there again, every time."""

import asyncio
import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import BrowserContext, sync_playwright
from playwright.sync_api import Error as PlaywrightError
from starlette.routing import Mount

from app.domain.vocabulary.roles import Role
from app.hub.site import create_app
from storage.folder.directory import Directory
from storage.space import create_space
from tests.browser_ground.conftest import CHROMIUM, FLAGS, Tab
from tests.browser_ground.plug import Moment, Plug, moments, one_of_each
from tests.browser_ground.site import serving
from tests.lanes import IN_FULL

pytestmark = pytest.mark.browser
PATIENCE = 60  # s for one round; reached only when something is wrong
KEY = bytes(range(32))


class Killed:
    """One browser profile, one school with a hub, and a plug."""

    def __init__(self, where: Path, kind: str, hasty: bool = False) -> None:
        self.kind, self.hasty, self.profile = kind, hasty, where / "profile"
        self.plug = Plug(self.profile, where / "school")
        self.school = Directory(where / "school")
        self.school.path.mkdir()
        self.browser: BrowserContext | None = None
        self.next: Tab | None = None

    async def _hub(self) -> str:
        await create_space(self.school, os.urandom)
        self.hub = create_app(self.school, KEY)
        code, _ = await self.hub.state.office.access.invite(Role.SENCO, [], None)
        return str(code)

    def run(self, all_moments: Iterator[Moment]) -> dict[str, Any]:
        """What the last start finds."""
        code = asyncio.run(self._hub())
        with serving(*self.plug.routes(), behind=[Mount("/", self.hub)]) as self.origin, sync_playwright() as self.playwright:
            self._call("join", code=code)
            for moment in all_moments:
                self.round(moment)
            return dict(self._call("at_last"))

    def _tab(self) -> Tab:
        """A tab in which Python has begun to start."""
        if self.browser is None:
            self.browser = self.playwright.chromium.launch_persistent_context(
                str(self.profile), executable_path=CHROMIUM, args=FLAGS
            )
        return Tab(self.browser.new_page(), self.origin)

    def _call(self, name: str, **more: object) -> dict[str, Any]:
        tab = self._tab()
        answer = tab.call(f"saving:{name}", room="killed", kind=self.kind, **more)
        tab.page.close()
        return answer

    def round(self, moment: Moment) -> None:
        """One tab saves until it is killed, while the next one starts its Python."""
        since = self.plug.books.begun
        self.plug.set(moment)
        tab = self.next or self._tab()
        how = {"room": "killed", "kind": self.kind, "hasty": self.hasty}
        tab.start("saving:until_the_plug_is_pulled", first=since + 1, since=since, **how)
        self.next = None if moment.all_of_it else self._tab()
        for _ in range(PATIENCE):
            if self.plug.pulled.wait(1):
                break
            with suppress(PlaywrightError):  # killed while it was asked
                assert not tab.said, tab.said
        assert self.plug.pulled.is_set(), (moment, self.plug.steps, self.plug.books)
        if moment.all_of_it:
            self.browser = None


def chosen(kind: str, append: str) -> list[Moment]:
    if IN_FULL:
        return list(moments(5, 100 if kind == "opfs" else 10, append))
    each = list(one_of_each(5, append))
    return each if kind == "opfs" else [one for one in each if one.between and not one.all_of_it]


@pytest.mark.parametrize("kind,append", [("opfs", "half written"), ("idb", "add done")])
def test_a_tab_killed_in_the_middle_of_its_saves_loses_nothing(tmp_path: Path, kind: str, append: str) -> None:
    killed, when = Killed(tmp_path, kind), chosen(kind, append)
    kills = len(when)
    left = killed.run(iter(when))
    books = killed.plug.books
    print(
        f"{kind}: {books.kills} kills, {books.saves} saves acknowledged, {len(books.extra)} more were there, "
        f"{books.torn} torn tails, {books.checks} times checked, {len(books.wrong)} wrong"
    )
    books.opened(left)
    assert not books.wrong
    assert books.kills == kills and len(books.extra) <= kills and books.saves > kills
    assert books.torn or kind == "idb", "some were in the middle of a record"
    in_school = killed.plug.folder
    assert in_school.numbers() == books.acknowledged and (left["problems"], left["waiting"]) == ([], 0)
    assert set(in_school.ops.values()) == {1}, "nothing came twice"


def test_a_tablet_that_calls_a_moment_saved_before_it_is_would_be_found_out(tmp_path: Path) -> None:
    killed = Killed(tmp_path, "opfs", hasty=True)
    killed.run(Moment(1, steps) for steps in range(3))
    assert [wrong.split(": ")[1] for wrong in killed.plug.books.wrong] == ["lost", "lost"]
