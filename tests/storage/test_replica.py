"""A folder read and written directly: the hub sees all that is whole, and says "written" only after read-back."""

import json
import random
import zlib

import pytest

from storage import names, segments
from storage.errors import BadBytes, Unreachable
from storage.folder.memory import Memory
from storage.folder.port import digest_with
from storage.replica import Replica
from storage.sync import sync
from tests.storage.parts import (
    AMIRA,
    BEN,
    Asked,
    Faulty,
    change,
    files_of,
    killed,
    note,
    op_ids,
    opened,
    picture,
    ticking,
    values,
)

HUB = "c" * 16


def replica(folder: Memory, seed: int | None = None) -> Replica:
    dice = random.Random(seed)
    return Replica(folder, HUB, ticking(), dice.randbytes)


def shown(one: Replica) -> dict[str, object]:
    return {document["id"]: document.get("v") for document in one.library.documents("x")}


async def filled(folder: Memory, **things: object) -> None:
    store = await opened()
    await store.write([change(f"x:{key}", value) for key, value in things.items()], picture())
    await sync(store, folder)


async def test_it_sees_what_devices_wrote_and_they_see_what_it_wrote() -> None:
    folder, hub = Memory(), None
    await filled(folder, a=1)
    hub = replica(folder)
    assert await hub.refresh() and shown(hub) == {"a": 1}
    await hub.write([change("x:a", 2), change("x:b", 3, partition=BEN)], picture(b"hub", BEN))
    store = await opened()
    await sync(store, folder)
    assert values(store) == {"a": 2, "b": 3} == shown(hub) and picture(b"hub", BEN).keys() <= files_of(store).keys()


async def test_i3_every_replica_writes_under_a_name_of_its_own() -> None:
    folder = Memory()
    for number in range(3):
        await replica(folder).write([change("x:a", number)])
    writers = {parts.writer for name in folder.files if (parts := names.parse(name))}
    assert len(writers) == 3 and {writer.split(".")[0] for writer in writers} == {HUB}


async def test_when_nothing_is_new_it_asks_one_question() -> None:
    folder = Asked()
    await filled(folder, a=1)
    hub = replica(folder)
    await hub.refresh()
    folder.asked.clear()
    assert not await hub.refresh() and folder.asked == ["partitions"]


async def test_its_own_files_are_no_news_to_it() -> None:
    hub = replica(Memory())
    await hub.write([change("x:a", 1)], picture())
    assert shown(hub) == {"a": 1}
    await hub.refresh()
    assert not await hub.refresh() and shown(hub) == {"a": 1} and hub.unreadable == set()


@pytest.mark.parametrize("fault", ["torn_told", "lie"])
@pytest.mark.parametrize("at", [0, 1])
async def test_i4_what_is_read_back_wrong_was_not_written(fault: str, at: int) -> None:
    folder = Faulty()
    hub = replica(folder)
    folder.faults = [*[None] * at, fault]
    with pytest.raises(BadBytes):
        await hub.write([change("x:a", 1)], picture())
    assert shown(hub) == {}
    await hub.write([change("x:a", 2)], picture())
    assert shown(hub) == {"a": 2}


async def test_of_a_write_that_broke_off_it_shows_what_is_in_the_folder() -> None:
    folder = Faulty()
    hub = replica(folder)
    folder.faults = [None, "fail"]
    with pytest.raises(Unreachable):
        await hub.write([change("x:a", 1), change("x:b", 2, partition=BEN)])
    other = replica(folder)
    await other.refresh()
    await hub.refresh()
    assert shown(hub) == shown(other) == {"a": 1}


async def test_an_answer_that_was_lost_is_found_out_at_the_next_look() -> None:
    folder = Faulty()
    hub = replica(folder)
    folder.faults = ["lost_ack"]
    with pytest.raises(Unreachable):
        await hub.write([change("x:a", 1)])
    await hub.refresh()
    assert shown(hub) == {"a": 1} and len(op_ids(folder.files)) == 1


async def test_a_file_that_is_not_whole_waits_until_it_is_and_is_told_meanwhile() -> None:
    folder = Memory()
    await filled(folder, a=1)
    (name,) = (n for n in folder.files if "/log/" in n)
    whole, folder.files[name] = folder.files[name], b"half"
    hub = replica(folder)
    for _ in range(2):
        await hub.refresh()
        assert shown(hub) == {} and hub.unreadable == {name}
    folder.files[name] = whole
    assert await hub.refresh() and shown(hub) == {"a": 1} and hub.unreadable == set()


async def test_a_name_that_is_listed_late_is_taken_late() -> None:
    folder = Faulty()
    folder.faults = ["late", "late"]
    await filled(folder, a=1)
    hub = replica(folder)
    for _ in range(2):
        await hub.refresh()
        assert shown(hub) == {}
    assert await hub.refresh() and shown(hub) == {"a": 1}


async def test_a_segment_of_a_newer_format_is_told_and_the_rest_is_read() -> None:
    folder = Memory()
    await filled(folder, a=1)
    data = segments.MAGIC + bytes((2, segments.SEGMENT, 0, 0))
    name = str(names.Name(AMIRA, "log", names.hash_of(data), "d" * 16, "e" * 16, 1))
    folder.files[name] = data
    hub = replica(folder)
    await hub.refresh()
    assert hub.newer == {name} and shown(hub) == {"a": 1} and folder.files[name] == data


NESTED = "[" * 600 + "]" * 600  # can be read, and could not be written again
ODD = ["NaN", "-Infinity", "1.5", "1e400", '{"a":[NaN]}', NESTED, "9" * 4000, '{"":{"":null}}', '"\\u0000"']


@pytest.mark.parametrize("value", ODD, ids=lambda value: value[:8])
@pytest.mark.parametrize("field", ["v", "note", "deleted", "_others"])
async def test_a_segment_that_somebody_made_up_never_stops_the_rest_from_being_read(value: str, field: str) -> None:
    folder = Memory()
    await filled(folder, a=1)
    for number, text in enumerate(["", ',"t":1', ',"t":1,"r":["i"]', ',"z":' + value]):
        head = {"partition": AMIRA, "writer": f"{'d' * 16}.{'e' * 16}", "seq": number, "media": []}
        one = f'{{"e":"x:odd","f":"{field}","i":"i","s":[1,0],"v":{value},"w":"w"{text}}}'
        data = segments.header(segments.SEGMENT) + zlib.compress(f"{json.dumps(head)}\n{one}\n{one}".encode())
        folder.files[str(names.Name(AMIRA, "log", names.hash_of(data), "d" * 16, "e" * 16, number))] = data
    hub, store = replica(folder), await opened()
    await hub.refresh()
    await sync(store, folder)
    assert shown(hub)["a"] == 1 == values(store)["a"]
    await hub.write([change("x:odd", 2, field=field)] if field != "_others" else [change("x:odd", 2)])
    await sync(store, folder)
    await (await killed(store)).save_view()


async def test_a_write_that_cannot_be_stored_puts_no_picture_either() -> None:
    folder = Memory()
    with pytest.raises(ValueError):
        await replica(folder).write([change("x:a", 0.5)], picture())
    assert folder.files == {}


async def test_a_file_that_comes_in_is_taken_at_once() -> None:
    folder = Memory()
    await filled(folder, a=1)
    hub = replica(folder)
    assert [await hub.take(name) for name in sorted(folder.files)] == [True, True]
    assert shown(hub) == {"a": 1} and not await hub.take(f"p/{AMIRA}/log/{HUB}.{HUB}.000001-{'0' * 32}")


async def test_a_write_larger_than_a_segment_is_cut_into_several() -> None:
    folder, dice = Memory(), random.Random(2)
    hub = replica(folder)
    await hub.write([change(f"x:{n}", dice.randbytes(40_000).hex()) for n in range(8)])
    assert len(folder.files) > 1 and max(map(len, folder.files.values())) <= segments.MOST_STORED
    other = replica(folder)
    await other.refresh()
    assert shown(other) == shown(hub) and len(shown(hub)) == 8


async def test_a_text_that_the_hub_and_a_tablet_wrote_at_the_same_time_is_kept_twice() -> None:
    folder = Memory()
    hub, store = replica(folder), await opened()
    await hub.write([note("from the hub")])
    await store.write([note("from the tablet")])
    await sync(store, folder)
    await hub.refresh()
    for library in (hub.library, store.library):
        document = library.get("observation:1")
        assert document and {document["note"], *document["_others"]["note"]} == {"from the hub", "from the tablet"}


async def test_the_digest_that_is_compared_is_made_with_a_fresh_nonce_each_time() -> None:
    class Noted(Memory):
        nonces: list[bytes] = []  # noqa: RUF012

        async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
            self.nonces.append(nonce)
            return digest_with(nonce, data)

    folder = Noted()
    hub = replica(folder)
    await hub.write([change("x:a", 1)], picture())
    assert len(set(folder.nonces)) == 2 and all(len(nonce) == 16 for nonce in folder.nonces)
