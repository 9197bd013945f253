"""Room: pictures leave a device when the folder has held them long enough and proves it once more; nothing else ever leaves, and
what left comes back."""

import pytest

from storage import retention
from storage.errors import BadBytes, MissingName, StoreFull, Unreachable
from storage.folder.memory import Memory
from storage.store import Store
from storage.sync import sync
from tests.storage.parts import AMIRA, BEN, Full, change, disk_of, files_of, note, picture
from tests.storage.weeks import DAY, Time, at_desk

WEEK = 7


async def with_picture(folder: Memory, time: Time, data: bytes = b"a picture", disk: Memory | None = None) -> tuple[Store, str]:
    """A device whose picture is in the folder, and the picture's name."""
    store = await at_desk(time, disk)
    await store.write([note("with a picture")], picture(data))
    await sync(store, folder)
    [name] = picture(data)
    return store, name


async def passed(time: Time, folder: Memory, store: Store, days: int) -> int:
    """Days in which the device tidies once; how many pictures left."""
    gone = 0
    for _ in range(days):
        time.at += DAY
        gone += await retention.shed(store, folder, WEEK)
    return gone


async def test_a_picture_leaves_after_its_days_and_not_before() -> None:
    time, folder = Time(), Memory()
    store, name = await with_picture(folder, time)
    assert await passed(time, folder, store, WEEK) == 0 and name in files_of(store)
    assert await passed(time, folder, store, 1) == 1
    assert name not in files_of(store) and name in folder.files and store.shed == {name}
    assert store.library.get("observation:1") is not None


async def test_what_left_is_not_fetched_again_by_itself_and_comes_back_when_somebody_looks() -> None:
    time, folder = Time(), Memory()
    store, name = await with_picture(folder, time)
    await passed(time, folder, store, WEEK + 1)
    assert (await sync(store, folder)).received == 0 and name not in files_of(store)
    with pytest.raises(MissingName):
        await store.media(AMIRA, [name[-32:]])
    await retention.fetch(store, folder, AMIRA, [name[-32:]])
    assert await store.media(AMIRA, [name[-32:]]) == b"a picture" and store.shed == set()


async def test_a_restart_remembers_the_days_and_what_left() -> None:
    time, folder = Time(), Memory()
    store, name = await with_picture(folder, time)
    await passed(time, folder, store, WEEK - 1)
    store = await at_desk(time, disk_of(files_of(store)))
    assert await passed(time, folder, store, 2) == 1
    store = await at_desk(time, disk_of(files_of(store)))
    assert store.shed == {name} and (await sync(store, folder)).received == 0


async def test_what_is_not_sent_never_leaves() -> None:
    time, folder = Time(), Memory()
    store = await at_desk(time)
    await store.write([note("not sent")], picture())
    await store.seal()
    assert await passed(time, folder, store, 40) == 0
    await sync(store, folder)
    await store.write([change("x:1", 1)])  # something else of the same child waits
    assert await passed(time, folder, store, 40) == 0


async def test_another_child_that_waits_holds_up_nobody() -> None:
    time, folder = Time(), Memory()
    store, _ = await with_picture(folder, time)
    await store.write([change("x:1", 1, partition=BEN)])
    assert await passed(time, folder, store, WEEK + 1) == 1


@pytest.mark.parametrize("left", [None, b"", b"rotten"])
async def test_a_picture_that_the_folder_has_not_got_whole_stays(left: bytes | None) -> None:
    time, folder = Time(), Memory()
    store, name = await with_picture(folder, time)
    if left is None:
        del folder.files[name]
    else:
        folder.files[name] = left
    assert await passed(time, folder, store, 40) == 0 and name in files_of(store)


async def test_a_picture_that_rotted_here_stays_until_it_is_whole_again() -> None:
    time, folder = Time(), Memory()
    store, name = await with_picture(folder, time)
    files_of(store)[name] = b"rotten"
    assert await passed(time, folder, store, 40) == 0
    with pytest.raises(BadBytes):
        await store.media(AMIRA, [name[-32:]])
    await sync(store, folder)
    assert await store.media(AMIRA, [name[-32:]]) == b"a picture"


async def test_a_clock_that_is_set_back_begins_anew() -> None:
    time, folder = Time(), Memory()
    store, _ = await with_picture(folder, time)
    await passed(time, folder, store, WEEK - 1)
    time.at -= 50 * 365 * DAY
    assert await passed(time, folder, store, WEEK) == 0
    assert await passed(time, folder, store, WEEK) == 1


async def test_without_network_nothing_leaves() -> None:
    class Away(Memory):
        async def digest(self, name: str, nonce: bytes) -> str | None:
            raise Unreachable

    time, folder = Time(), Away()
    store, name = await with_picture(folder, time)
    await retention.shed(store, folder, WEEK)
    time.at += 30 * DAY
    with pytest.raises(Unreachable):
        await retention.shed(store, folder, WEEK)
    assert name in files_of(store)


async def test_so_many_at_once_and_the_rest_the_next_time(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(retention, "MOST_AT_ONCE", 3)
    time, folder = Time(), Memory()
    store = await at_desk(time)
    for number in range(5):
        await store.write([note("one", f"observation:{number}")], picture(bytes([number])))
    await sync(store, folder)
    await retention.shed(store, folder, WEEK)
    time.at += WEEK * DAY
    assert [await retention.shed(store, folder, WEEK) for _ in range(3)] == [3, 2, 0]


async def test_what_is_noted_is_read_kindly() -> None:
    time, folder = Time(), Memory()
    store, _ = await with_picture(folder, time)
    for torn in (b"", b"{", b"[]", b'{"a": 1}'):
        files_of(store)[retention.NOTED] = torn
        assert await retention.shed(store, folder, WEEK) == 0


# -- under pressure ------------------------------------------------------------------------------------------------------
async def test_a_full_device_lets_go_of_what_is_checked_and_saves() -> None:
    time, folder, disk = Time(), Memory(), Full()
    store, old = await with_picture(folder, time, bytes(4000), disk)
    disk.room = 100
    with pytest.raises(StoreFull):
        await store.write([note("too much", "observation:2")], picture(b"x" * 4000))
    assert old not in disk.files, "it made room, though it was not enough"
    disk.room = 8000
    await store.write([note("enough", "observation:3")], picture(b"x" * 4000))
    assert store.shed == {old}


async def test_a_full_device_never_lets_go_of_what_is_not_checked() -> None:
    time, disk = Time(), Full()
    store = await at_desk(time, disk)
    await store.write([note("not sent")], picture(bytes(4000)))
    [name] = picture(bytes(4000))
    disk.room = 10
    with pytest.raises(StoreFull):
        await store.write([note("more", "observation:2")])
    assert name in disk.files and store.shed == set()


async def test_what_does_not_fit_does_not_come_back_and_is_still_known_to_have_left() -> None:
    time, folder, disk = Time(), Memory(), Full()
    store, name = await with_picture(folder, time, bytes(4000), disk)
    await passed(time, folder, store, WEEK + 1)
    disk.room = 10
    with pytest.raises(StoreFull):
        await retention.fetch(store, folder, AMIRA, [name[-32:]])
    assert store.shed == {name} and name not in disk.files
