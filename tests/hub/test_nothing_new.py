"""When nothing is new the hub is asked one question and answers with a few bytes; whatever is new is heard at once."""

import json

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from storage.errors import OtherSpace, Unreachable
from storage.folder.hub import HubFolder
from tests.hub.conftest import Hub


async def folder_of(hub: Hub, role: Role = Role.SENCO) -> tuple[HubFolder, list[httpx.Response]]:
    """The hub's folder as a device knows it, and every answer that the hub gave."""
    device = await (hub.phone() if role is Role.SENCO else hub.tablet())
    answers: list[httpx.Response] = []

    async def note(answer: httpx.Response) -> None:
        answers.append(answer)

    client = httpx.AsyncClient(
        transport=httpx.ASGITransport(app=hub.app), base_url="http://hub.test", event_hooks={"response": [note]}
    )
    return HubFolder(client, device.token), answers


async def test_nothing_new_is_answered_without_a_body_and_with_the_time(hub: Hub) -> None:
    folder, answers = await folder_of(hub)
    folder.hello.clock = lambda: hub.time() + 7
    first = await folder.partitions()
    assert await folder.partitions() == first == await hub.folder.partitions() and folder.hello.ahead == 7 and folder.hello.heard
    whole, short = answers
    assert (whole.status_code, short.status_code, short.content) == (200, 304, b"") and "now" in whole.json()
    assert sum(len(key) + len(value) + 4 for key, value in short.headers.items()) < 1_000


async def test_what_is_new_is_heard_at_once_and_only_by_whom_it_is_for(hub: Hub) -> None:
    (senco, told), (tablet, little) = await folder_of(hub), await folder_of(hub, Role.TA)
    for folder in (senco, tablet):
        await folder.partitions()
    await hub.observe(hub.made.other, note="new")
    found = await senco.partitions()
    assert found == await hub.folder.partitions() and told[-1].status_code == 200
    assert hub.made.other not in await tablet.partitions() and little[-1].status_code == 304


async def test_that_a_folder_may_not_be_written_any_more_is_news(hub: Hub) -> None:
    folder, answers = await folder_of(hub)
    await folder.partitions()
    made = json.loads((hub.folder.path / "space.json").read_bytes())
    (hub.folder.path / "space.json").write_text(json.dumps(made | {"format": made["format"] + 1}))
    await folder.partitions()
    assert not folder.hello.writable and answers[-1].status_code == 200
    await folder.partitions()
    assert not folder.hello.writable and answers[-1].status_code == 304


async def test_what_was_known_of_another_school_is_no_news_of_this_one(hub: Hub) -> None:
    folder, _ = await folder_of(hub)
    folder.hello.space = "another"
    for _ in range(2):
        with pytest.raises(OtherSpace):
            await folder.partitions()


@pytest.mark.parametrize("headers", [{}, {"X-Now": "soon"}, {"X-Now": "1"}])
async def test_somebody_else_who_says_that_nothing_is_new_is_not_the_hub(headers: dict[str, str]) -> None:
    nobody = httpx.MockTransport(lambda _: httpx.Response(304, headers=headers))
    with pytest.raises(Unreachable):
        await HubFolder(httpx.AsyncClient(transport=nobody, base_url="http://hub.test"), "token").partitions()
