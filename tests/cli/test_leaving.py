"""An ended tablet and a real hub on a real folder, which is killed in the middle: nothing is wiped too early, nothing is lost."""

import asyncio
import json
import signal
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from pathlib import Path
from time import time_ns

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from app.media.pillow import PillowCodec
from app.usecases.desk import Desk, Ground, open_desk
from app.usecases.session.hub import HubClient
from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.store import Store
from tests.cli.typed import LAST_LINE, Hub, serving, typed
from tests.usecases.conftest import PHOTO
from tests.usecases.parts import LEFT

Look = Callable[[httpx.Response], Awaitable[None]]
NOTE = "Poured the water herself"


def now_ms() -> int:
    return time_ns() // 1_000_000


@pytest.fixture
async def lines() -> AsyncIterator[AsyncExitStack]:
    """The ways to the hub, which are closed in the end."""
    async with AsyncExitStack() as opened:
        yield opened


async def desk_at(lines: AsyncExitStack, place: Path, hub: str, *looks: Look) -> Desk:
    """A device with its store in a directory, as in a browser but for the browser."""
    await asyncio.to_thread(place.mkdir, exist_ok=True)
    client = await lines.enter_async_context(httpx.AsyncClient(base_url=hub, timeout=60, event_hooks={"response": [*looks]}))
    store = await Store.open(Directory(place), now=now_ms)
    return await open_desk(Ground(store, HubClient(client), lambda token: HubFolder(client, token), PillowCodec(), now_ms))


async def school_with_a_tablet(lines: AsyncExitStack, where: Path, links: dict[str, str]) -> tuple[Desk, Desk, str]:
    """(the SENCO's desk, a tablet's, a pupil)."""
    phone = await desk_at(lines, where / "phone", links["hub"])
    await phone.joining.join(links["setup"].rsplit("/", 1)[1])
    oak = await phone.register.add_class("Oak")
    pupil = await phone.register.add_pupil(oak, {"name": "Amira Haddad"})
    assert await phone.syncing.sync_now()
    tablet = await desk_at(lines, where / "tablet", links["hub"])
    await tablet.joining.join((await phone.devices.invite(Role.TA, [oak])).code, "Oak tablet")
    await tablet.drafting.add_photo(PHOTO)
    await tablet.drafting.toggle_pupil(pupil)
    await tablet.drafting.set_note(NOTE)
    await tablet.drafting.save()
    await phone.devices.end(tablet.ground.store.device)
    return phone, tablet, pupil


def open_hub(where: Path, port: int, hub: Hub) -> dict[str, str]:
    hub.until(LAST_LINE)
    links: dict[str, str] = json.loads((where / "links.json").read_text())
    return links


@pytest.mark.parametrize("puts", [1, 2])
async def test_a_hub_that_is_killed_in_the_middle_of_handing_in_loses_nothing(
    built_app: Path, tmp_path: Path, port: int, lines: AsyncExitStack, puts: int
) -> None:
    (tmp_path / "school").mkdir()
    words = ("--folder", "school", "--port", port, "--links", "links.json")
    with serving(tmp_path, *words) as hub:
        links = open_hub(tmp_path, port, hub)
        phone, tablet, pupil = await school_with_a_tablet(lines, tmp_path, links)
        gone = 0

        async def kill(answer: httpx.Response) -> None:
            nonlocal gone
            gone += answer.request.method == "PUT"
            if gone == puts and hub.process.poll() is None:
                hub.stop(signal.SIGKILL)

        again = await desk_at(lines, tmp_path / "tablet", links["hub"], kill)
        assert not await again.syncing.sync_now() and hub.process.poll() is not None
        assert again.ending.leave is not None and not again.ending.leave.done and again.register.pupils() == []
        assert list((tmp_path / "tablet/p").rglob("*-*")), "what was recorded is still here"
    device = tablet.ground.store.device
    with serving(tmp_path, *words) as hub:
        open_hub(tmp_path, port, hub)
        last = await desk_at(lines, tmp_path / "tablet", links["hub"])
        assert await last.syncing.sync_now()
        assert last.ending.leave is not None and last.ending.leave.done and last.ending.leave.handed == 2
        left = {file.relative_to(tmp_path / "tablet").as_posix() for file in (tmp_path / "tablet").rglob("*") if file.is_file()}
        assert left <= LEFT
        assert await phone.devices.accept(device) == []
        assert await phone.syncing.sync_now()
        assert [seen.note for seen in phone.school.observations(pupil)] == [NOTE]
        assert hub.stop(signal.SIGTERM) == 0
    assert typed(tmp_path, "check", "school").returncode == 0
