"""A device's own store on a disk that gives back something else: rotten, torn, or of a newer format."""

import gc
import zlib

import pytest

from storage import identity, names, segments, view
from storage.errors import BadBytes, NewerFormat
from storage.folder.memory import Memory
from storage.ops import Op
from storage.store import Pending, Store, SyncState
from storage.sync import sync
from tests.storage.parts import (
    AMIRA,
    change,
    disk_of,
    files_of,
    killed,
    note,
    op_ids,
    opened,
    picture,
    synced,
    values,
)

NOTHING = Pending(0, 0)


async def kept_day() -> Store:
    store = await opened(seed=1)
    await store.write([change("x:1", 1), note("hello")], picture())
    await store.seal()
    await store.write([change("x:2", 2)])
    await store.close()
    return store


@pytest.mark.parametrize(
    "spoil", [lambda data: data[:-1], lambda data: data[:9] + b"?" + data[10:], lambda data: b"", lambda _: b"abcd"]
)
async def test_a_damaged_snapshot_is_made_again_from_the_log(spoil: object) -> None:
    store = await kept_day()
    files_of(store)[view.NAME] = spoil(files_of(store)[view.NAME])  # type: ignore[operator]
    again = await killed(store)
    assert values(again) == {"1": 1, "2": 2} and again.library.get("observation:1")["note"] == "hello"  # type: ignore[index]
    assert again.notes == ["snapshot_rebuilt"] and again.pending() == store.pending()


async def test_a_snapshot_of_an_older_kind_is_made_again_and_none_stops_the_sweeping() -> None:
    store = await kept_day()
    raw = {"p": AMIRA, "o": Op("x:1", "v", 9, (1, 0), "w", "i").to_json()}
    packed = segments.pack([{"covers": []}, raw])
    files_of(store)[view.NAME] = zlib.crc32(packed).to_bytes(4, "big") + packed
    again = await killed(store)
    assert again.notes == ["snapshot_rebuilt"] and values(again) == values(store) and gc.isenabled()


async def test_a_missing_snapshot_costs_nothing_but_time() -> None:
    store = await kept_day()
    del files_of(store)[view.NAME]
    again = await killed(store)
    assert values(again) == {"1": 1, "2": 2} and again.notes == [] and again.pending() == store.pending()


async def test_a_snapshot_that_covers_more_than_is_here_is_not_believed() -> None:
    store = await kept_day()
    for name in [n for n in files_of(store) if "/log/" in n]:
        del files_of(store)[name]
    assert values(await killed(store)) == {"2": 2}


async def test_i3_any_flipped_bit_in_one_copy_of_the_identity_gives_a_new_incarnation_of_the_same_device() -> None:
    store = await kept_day()
    for place in identity.PLACES[:1]:
        whole = files_of(store)[place]
        for at in range(len(whole) * 8):
            rotten = bytearray(whole)
            rotten[at // 8] ^= 1 << at % 8
            disk = disk_of(files_of(store))
            disk.files[place] = bytes(rotten)
            again = await opened(disk, 3)
            assert again.device == store.device and again.incarnation != store.incarnation
            assert again.notes == ["new_incarnation"] and again.pending() == store.pending()
            assert (await opened(disk_of(disk.files), 4)).incarnation == again.incarnation


async def test_a_lost_copy_of_the_identity_is_no_doubt() -> None:
    store = await kept_day()
    del files_of(store)[identity.PLACES[0]]
    assert (await killed(store)).writer == store.writer


async def test_a_damaged_second_copy_is_never_looked_at_while_the_first_is_whole() -> None:
    store = await kept_day()
    files_of(store)[identity.PLACES[1]] = b"{}"
    assert (await killed(store)).writer == store.writer


async def test_a_device_that_has_lost_both_copies_is_a_new_one_and_still_sends_its_open_journal() -> None:
    store = await opened()
    await store.write([change("x:1", 1)])
    for place in identity.PLACES:
        files_of(store)[place] = b""
    again = await killed(store)
    assert again.device != store.device and values(again) == {"1": 1}
    await sync(again, folder := Memory())
    assert values(await synced(folder)) == {"1": 1}


async def test_i13_a_file_of_mine_that_rotted_before_it_was_sent_goes_out_again_from_the_snapshot() -> None:
    store = await kept_day()
    name = next(n for n in files_of(store) if "/log/" in n)
    files_of(store)[name] = files_of(store)[name][:-1] + bytes([files_of(store)[name][-1] ^ 1])
    again = await killed(store)
    assert again.notes == ["rotten_segment"] and again.state_of("x:1") is SyncState.TABLET
    await sync(again, folder := Memory())
    third = await synced(folder)
    assert values(third) == {"1": 1, "2": 2} and third.library.get("observation:1")["note"] == "hello"  # type: ignore[index]
    assert sorted(op_ids(folder.files)) == sorted({op.id for _, op in store.library.ops()})
    assert picture().keys() <= folder.files.keys()


async def test_i7_a_rotten_picture_is_told_and_fetched_again() -> None:
    store, folder = await opened(), Memory()
    await store.write([change("x:1", 1)], picture())
    await sync(store, folder)
    other = await synced(folder)
    (name,) = picture()
    files_of(other)[name] += b"?"
    with pytest.raises(BadBytes):
        await other.media(AMIRA, [name[-32:]])
    await sync(other, folder)
    assert await other.media(AMIRA, [name[-32:]]) == b"a picture"


async def test_a_segment_of_somebody_else_that_rotted_here_is_fetched_again() -> None:
    store, folder = await opened(), Memory()
    await store.write([change("x:1", 1)])
    await sync(store, folder)
    other = await synced(folder)
    (name,) = (n for n in files_of(other) if "/log/" in n)
    files_of(other)[name] = b"?"
    again = await killed(other)
    assert again.notes == ["rotten_segment"] and values(again) == {}
    await sync(again, folder)
    assert values(again) == {"1": 1} and (await killed(again)).notes == []


async def test_a_torn_line_in_the_list_of_what_was_checked_is_only_checked_again() -> None:
    store, folder = await opened(), Memory()
    await store.write([change("x:1", 1)])
    await sync(store, folder)
    checked = files_of(store)["local/checked"]
    for cut in range(len(checked)):
        disk = disk_of(files_of(store))
        disk.files["local/checked"] = checked[:cut]
        again = await opened(disk, start=9_000)
        await again.write([change("x:2", 2)])
        await sync(again, folder)
        assert again.pending() == NOTHING == (await killed(again)).pending()


async def test_a_segment_of_a_newer_format_is_kept_and_the_rest_is_read() -> None:
    store = await kept_day()
    name, data = newer_segment()
    files_of(store)[name] = data
    again = await killed(store)
    assert again.newer == {name} and values(again) == {"1": 1, "2": 2} and files_of(again)[name] == data
    assert name in again.holds(AMIRA)


def newer_segment() -> tuple[str, bytes]:
    data = segments.MAGIC + bytes((segments.FORMAT + 1, segments.SEGMENT, 0, 0)) + b"of next year"
    return str(names.Name(AMIRA, "log", names.hash_of(data), "d" * 16, "e" * 16, 1)), data


async def test_a_store_of_a_newer_format_is_not_opened_and_not_touched() -> None:
    store = await opened()
    await store.write([change("x:1", 1)])
    files = dict(files_of(store))
    files["local/journal.000001"] = segments.MAGIC + bytes((2, 3, 0, 0)) + b"of next year"
    disk = disk_of(files)
    with pytest.raises(NewerFormat):
        await opened(disk)
    assert disk.files == files
