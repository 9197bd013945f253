"""Files in the school's folder that nobody can read: each kind is one sentence in Sync health, and the rest goes on."""

import os
from collections.abc import Callable

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from app.usecases.syncing.health import CLOSED
from storage.errors import StoreFull
from storage.folder.port import LARGEST
from storage.ops import Change
from storage.store import SyncState
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, recorded, synced
from tests.usecases.odd import (
    garbage,
    goes_on,
    huge,
    laid,
    little_memory,
    named,
    newer,
    rotten,
    two_gib,
    two_gib_picture,
    zip_bomb,
)

GARBAGE = "{} in the school's folder cannot be read (garbage). Everything else goes on."
LARGE = "{} in the school's folder cannot be read: larger than any file of Small Steps. Everything else goes on."
PARTLY = "{} in the school's folder did not come whole: still on the way, or damaged. Everything else goes on"
NEWER = "{} in the school's folder can only be read by a newer Small Steps. Nothing is lost and everything else goes on"


BAD = [(garbage, GARBAGE), (zip_bomb, GARBAGE), (two_gib, LARGE), (two_gib_picture, LARGE), (rotten, PARTLY), (newer, NEWER)]
bad = pytest.mark.parametrize("put, said", BAD, ids=lambda one: getattr(one, "__name__", ""))


@bad
async def test_i1_a_file_that_cannot_be_read_is_one_sentence_and_the_rest_goes_on(
    hub: Hub, tablet: Seat, sit: Sit, put: Callable[[Hub, str], str], said: str
) -> None:
    name = put(hub, hub.made.amira)
    size = (hub.folder.path / name).stat().st_size
    with little_memory():
        await goes_on(hub, tablet, sit)
        await synced(tablet)
    (sentence,) = tablet.desk.syncing.found
    assert sentence.startswith(said.format("1 file")) and tablet.desk.syncing.problem is None
    assert (hub.folder.path / name).stat().st_size == size, "it is left as it is"


async def test_alike_files_are_one_sentence_with_their_number(hub: Hub, tablet: Seat) -> None:
    for number in range(3):
        data = os.urandom(50)
        laid(hub, named(hub.made.amira if number else "school", data, number + 1), data)
    two_gib(hub, hub.made.leo)
    await synced(tablet)
    assert [one.split(" in the")[0] for one in sorted(tablet.desk.syncing.found)] == ["1 file", "3 files"]


async def test_garbage_is_told_in_every_round_and_fetched_once(hub: Hub, tablet: Seat, sit: Sit) -> None:
    name, other = garbage(hub, hub.made.amira), await sit(Role.TA)
    asked: list[str] = []

    async def look(request: httpx.Request) -> None:
        asked.append(request.url.path)

    tablet.line.before.append(look)
    await synced(tablet)
    told = tablet.desk.syncing.found
    await synced(tablet)
    assert asked[-1] == "/api/partitions" and tablet.desk.syncing.found == told != []
    (ident,) = await recorded(other, hub.made.amira)  # what is new beside it is no reason to fetch it again
    await synced(other, tablet)
    assert tablet.desk.school.observation(ident) and tablet.desk.syncing.found == told and asked.count(f"/api/files/{name}") == 1


async def test_a_file_that_becomes_whole_is_taken_and_no_longer_told(hub: Hub, tablet: Seat, sit: Sit) -> None:
    other = await sit(Role.TA)
    (ident,) = await recorded(other, hub.made.amira, photo=b"")
    await synced(other)
    (name,) = [n for n in await hub.folder.names("p/") if other.desk.session.store.device in n]
    whole = (hub.folder.path / name).read_bytes()
    laid(hub, name, whole[:40])
    await synced(tablet)
    assert tablet.desk.syncing.found
    laid(hub, name, whole)
    await synced(tablet)
    assert tablet.desk.syncing.found == [] and tablet.desk.school.observation(ident)


async def test_a_device_puts_its_own_file_over_a_huge_one_of_the_same_name(hub: Hub, tablet: Seat) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    await tablet.desk.session.store.seal()
    for name in tablet.desk.session.store.waiting:
        huge(hub, name)
    with little_memory():
        await synced(tablet)
    assert tablet.desk.syncing.state(tablet.desk.school.observation(ident)) is SyncState.FOLDER


async def test_a_segment_whose_picture_is_huge_there_waits_until_the_picture_was_sent_again(hub: Hub) -> None:
    tablet = await hub.tablet()
    name = two_gib_picture(hub, hub.made.amira)
    change = Change(hub.made.amira, "observation:1", "note", "x", text=True)
    answer = await tablet.put(*tablet.segment(hub.made.amira, change, media=(name[-32:],)))
    assert (answer.status_code, answer.json()["error"]["code"]) == (409, "media_missing")


STRANGERS = [
    "p/{amira}/log/holiday film.mp4",
    "holiday film.mp4",
    "p/{amira}/media/conflicted copy",
    "hub/tokens/huge.json",
    "seen/{dev}.json",
]


@pytest.mark.parametrize("name", STRANGERS)
async def test_a_huge_file_under_another_name_stops_nobody_and_is_read_by_nobody(
    hub: Hub, tablet: Seat, sit: Sit, name: str
) -> None:
    huge(hub, name.format(amira=hub.made.amira, dev=tablet.desk.session.store.device))
    with little_memory():
        await goes_on(hub, tablet, sit)
        assert len(await (await sit(Role.SENCO)).desk.devices.all()) == 4
    assert tablet.desk.syncing.found == []


async def test_the_hub_sends_no_part_of_what_is_larger_than_any_file_of_ours(hub: Hub) -> None:
    phone = await hub.phone()
    name = two_gib_picture(hub, hub.made.amira)
    for headers in ({}, {"Range": "bytes=0-9"}, {"Range": "bytes=-9"}):
        with little_memory():
            answer = await phone.ask("GET", f"/api/files/{name}", headers=headers)
        assert (answer.status_code, answer.json()["error"]["code"]) == (400, "too_large")
    with little_memory():
        assert (await phone.ask("GET", f"/api/digest/{name}")).json() == {"digest": None}
    os.truncate(hub.folder.path / name, LARGEST)
    assert (await phone.ask("GET", f"/api/files/{name}")).status_code == 200


async def test_the_senco_hears_how_many_files_of_the_folder_are_not_ours(hub: Hub, phone: Seat) -> None:
    assert await phone.desk.devices.folder_news() == []
    for name in (f"p/{hub.made.amira}/log/a conflicted copy", "~$notes.docx", "p/.DS_Store"):
        laid(hub, name, b"?")
    garbage(hub, hub.made.amira)
    newer(hub, hub.made.leo)
    told = await phone.desk.devices.folder_news()
    assert [one.split(".")[0] for one in told] == [
        "Left alone: 3 files in the school's folder with names that are not ours (a cloud drive's copies?)",
        "1 file in the school's folder cannot be read",
        "1 file in the school's folder can be read after an update of the hub",
    ]
    await synced(phone)
    assert len(phone.desk.syncing.found) == 2, "a device itself is not told of strangers"


async def test_a_folder_that_cannot_be_written_is_still_read(
    hub: Hub, tablet: Seat, sit: Sit, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def full(name: str, data: bytes, nonce: bytes = b"") -> str:
        raise StoreFull(name)

    other = await sit(Role.TA)
    (theirs,) = await recorded(other, hub.made.amira)
    await synced(other)
    (mine,) = await recorded(tablet, hub.made.amira)
    monkeypatch.setattr(hub.office.folder, "put", full)
    await synced(tablet)
    assert tablet.desk.syncing.found == [CLOSED["folder_read_only"]] and tablet.desk.school.observation(theirs)
    assert tablet.desk.syncing.state(tablet.desk.school.observation(mine)) is SyncState.TABLET
    monkeypatch.undo()
    await synced(tablet)
    assert tablet.desk.syncing.found == [] and tablet.desk.syncing.state(tablet.desk.school.observation(mine)) is SyncState.FOLDER
