"""A device's own store: what was saved is there after any crash, nothing is there twice, nothing is there by halves."""

import asyncio
import random
from contextlib import suppress
from pathlib import Path

import pytest

from storage import errors, names, segments
from storage.errors import BadBytes, StorageError, StoreBusy, StoreFull
from storage.folder.directory import Directory
from storage.folder.memory import Memory
from storage.ops import Change, Op
from storage.store import Pending, Store, SyncState
from storage.sync import sync
from tests.storage.parts import (
    AMIRA,
    BEN,
    Full,
    Plug,
    PulledPlug,
    change,
    disk_of,
    files_of,
    killed,
    op_ids,
    opened,
    picture,
    synced,
    ticking,
    values,
)

NOTHING = Pending(0, 0)


# -- the plug ------------------------------------------------------------------------------------------------------------
GROUP = picture(b"two children") | picture(b"two children", BEN)


class Morning:
    """A morning's work, step by step; `acked` is what was saved, `trying` what was being saved when it went dark."""

    def __init__(self, store: Store, folder: Memory) -> None:
        self.store, self.folder = store, folder
        self.acked: dict[str, object] = {}
        self.trying: dict[str, object] = {}

    async def save(self, media: dict[str, bytes] | None = None, **things: object) -> None:
        self.trying = things
        changes = [change(f"x:{k}", v, partition=BEN if k.startswith("b") else AMIRA) for k, v in things.items()]
        await self.store.write(changes, media)
        self.acked |= things
        self.trying = {}

    async def work(self) -> None:
        await self.save(one=1)
        await self.save(GROUP, two=2, b1="both children")
        await self.store.seal()
        await self.save(one=11, three=3)
        await sync(self.store, self.folder)
        await self.save(picture(b"later", BEN), b2=[4])
        await self.store.save_view()
        await self.save(two=22)
        await sync(self.store, self.folder)
        await self.save(four=4)


async def dark_morning(at: int, when: str) -> tuple[Morning, dict[str, bytes]]:
    disk = Plug(at=at, when=when)
    dice = random.Random(7)
    morning = Morning(None, Memory())  # type: ignore[arg-type]
    with suppress(PulledPlug):
        morning.store = await Store.open(disk, now=ticking(), random=dice.randbytes)
        await morning.work()
    return morning, disk.files


async def changes_of_a_morning() -> int:
    disk = Plug(at=-1)
    await Morning(await opened(disk, 7), Memory()).work()
    return -1 - disk.left


@pytest.mark.parametrize("when", ["before", "middle", "after"])
async def test_i7_a_plug_pulled_at_any_change_loses_nothing_saved_and_sends_nothing_twice(when: str) -> None:
    steps = await changes_of_a_morning()
    assert steps > 30
    for at in range(steps):
        morning, files = await dark_morning(at, when)
        store = await opened(disk_of(files), 8, start=9_000)
        seen = values(store)
        assert morning.acked.items() <= (seen | {k: v for k, v in morning.acked.items() if k in morning.trying}).items(), at
        half = {k: v for k, v in morning.trying.items() if seen.get(k) == v}
        assert half in ({}, morning.trying), f"half a moment is to be seen at {at}"
        outcome = await sync(store, morning.folder)
        assert outcome.problems == [] and store.pending() == NOTHING, at
        ids = op_ids(morning.folder.files)
        assert len(ids) == len(set(ids)), f"sent twice at {at}"
        third = await opened(seed=9)
        await sync(third, morning.folder)
        assert values(third) == values(store) == seen and not third.notes, at
        if "two" in seen:
            assert GROUP.keys() <= files_of(third).keys() and GROUP.keys() <= morning.folder.files.keys()


async def test_i7_a_plug_pulled_while_a_killed_device_starts_again_loses_nothing() -> None:
    morning, files = await dark_morning(25, "after")
    files["local/device"] = b"damaged"
    for at in range(12):
        for when in ("before", "middle", "after"):
            disk = Plug(files, at, when)
            with suppress(PulledPlug):
                await sync(await opened(disk, 8, start=9_000), Memory())
            store = await opened(disk_of(disk.files), 9, start=9_000)
            assert morning.acked.items() <= values(store).items()


async def test_after_a_kill_between_two_sealed_partitions_nothing_more_is_shown_as_waiting() -> None:
    store = await opened()
    await store.write([change("x:a", 1), change("x:b", 1, partition=BEN)], GROUP)
    files = dict(files_of(store))
    await store.seal()
    first = next(n for n in files_of(store) if n.startswith(f"p/{AMIRA}/log/"))
    files[first] = files_of(store)[first]
    again = await opened(disk_of(files))
    await sync(again, folder := Memory())
    assert again.pending() == NOTHING and len(op_ids(folder.files)) == 2


# -- no room -------------------------------------------------------------------------------------------------------------
async def test_a_disk_that_is_full_in_the_middle_of_a_moment_shows_nothing_of_it_and_takes_the_next_one() -> None:
    shot = picture(b"x" * 500)
    for room in range(0, 800, 20):
        disk = Full()
        store = await opened(disk)
        await store.write([change("x:1", "before")])
        disk.room = room
        try:
            await store.write([change("x:1", "in the middle"), change("x:2", 2)], shot)
        except StoreFull:
            assert values(store) == {"1": "before"} and store.pending().entities == 1
            assert not shot.keys() & disk.files.keys()
            assert values(await killed(store)) == {"1": "before"}
        else:
            assert values(store) == {"1": "in the middle", "2": 2}
        disk.room = None
        await store.write([change("x:3", 3)], shot)
        assert values(store)["3"] == 3 and values(await killed(store)) == values(store)


async def test_a_disk_that_was_full_while_sealing_sends_what_is_sealed_and_nothing_twice_after_a_kill() -> None:
    for room in range(200, 1_500, 40):
        disk, folder = Full(), Memory()
        store = await opened(disk)
        await store.write([change("x:a", 1), change("x:b", 1, partition=BEN)])
        await store.write([change("x:c", 1)])
        disk.room = room
        with suppress(StoreFull):
            await sync(store, folder)
        disk.room = None
        await store.save_view()
        again = await killed(store)
        assert values(again) == {"a": 1, "b": 1, "c": 1}
        await sync(again, folder)
        ids = op_ids(folder.files)
        assert len(ids) == len(set(ids)) == 3 and again.pending() == NOTHING, room


async def test_without_room_for_a_snapshot_everything_else_goes_on() -> None:
    disk = Full()
    store = await opened(disk)
    await store.write([change("x:1", 1)])
    disk.room = 0
    await store.close()
    assert store.notes == ["no_snapshot"] and values(await killed(store)) == {"1": 1}


async def test_a_disk_that_gives_back_something_else_keeps_the_journal_until_a_segment_is_whole() -> None:
    class Lying(Memory):
        lies = False

        async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
            return "0" * 64 if self.lies else await super().put(name, data, nonce)

    disk = Lying()
    store = await opened(disk)
    await store.write([change("x:1", 1)])
    disk.lies = True
    with pytest.raises(BadBytes):
        await store.seal()
    with pytest.raises(BadBytes):
        await store.write([change("x:2", 2)], picture())
    disk.lies = False
    assert values(await killed(store)) == {"1": 1} == values(store)
    assert len(await store.seal()) == 1


# -- saved things --------------------------------------------------------------------------------------------------------
async def test_media_of_a_partition_in_which_nothing_changes_are_refused() -> None:
    store = await opened()
    with pytest.raises(ValueError):
        await store.write([change("x:1", 1)], picture(partition=BEN))
    assert values(store) == {} and store.pending() == NOTHING


async def test_a_value_that_cannot_be_stored_leaves_nothing_behind() -> None:
    store = await opened()
    before = dict(files_of(store))
    with pytest.raises(ValueError):
        await store.write([change("x:1", 1), change("x:2", 0.5)], picture())
    assert values(store) == {} and files_of(store) == before


async def test_a_partition_that_no_folder_has_leaves_nothing_behind() -> None:
    store = await opened()
    before = dict(files_of(store))
    with pytest.raises(ValueError):
        await store.write([change("x:1", 1), change("x:2", 2, partition="../amira")], picture())
    assert values(store) == {} and files_of(store) == before


async def test_i10_keys_of_a_newer_app_survive_snapshot_restart_and_sending() -> None:
    ahead = Op("x:1", "v", 1, (1, 0), f"{'d' * 16}.{'e' * 16}", "i" * 32, extra={"z": {"new": [1]}})
    data = segments.encode(AMIRA, ahead.writer, 1, [ahead])
    store = await opened()
    await store.take(str(names.Name(AMIRA, "log", names.hash_of(data), "d" * 16, "e" * 16, 1)), data)
    await store.close()
    again = await killed(store)
    assert [op.to_json() for _, op in again.library.ops()] == [ahead.to_json()]


async def test_i6_after_a_restart_my_clock_has_not_been_dragged_along_by_somebody_elses() -> None:
    far = Op("x:1", "v", 1, (9_999_999, 0), f"{'d' * 16}.{'e' * 16}", "i" * 32)
    data = segments.encode(AMIRA, far.writer, 1, [far])
    store = await opened(start=1_000)
    await store.take(str(names.Name(AMIRA, "log", names.hash_of(data), "d" * 16, "e" * 16, 1)), data)
    await store.write([change("x:1", "mine")])
    again = await opened(store.disk, start=2_000)  # type: ignore[arg-type]
    await again.write([change("x:2", 1), change("x:1", "mine again")])
    field = again.library.field(AMIRA, "x:2", "v")
    assert field and field.stamp() and field.stamp()[0] < 3_000  # type: ignore[index]
    assert values(again)["1"] == "mine again"


async def test_a_clock_that_was_set_back_while_the_app_was_closed_gives_no_older_stamps() -> None:
    store = await opened(start=5_000)
    await store.write([change("x:1", 1)])
    again = await opened(store.disk, start=1_000)  # type: ignore[arg-type]
    await again.write([change("x:2", 2)])
    stamps = [again.library.field(AMIRA, f"x:{n}", "v").stamp() for n in (1, 2)]  # type: ignore[union-attr]
    assert stamps == sorted(stamps) and len(set(stamps)) == 2  # type: ignore[type-var]


async def test_sealing_twice_makes_no_second_file_and_sealing_nothing_makes_none() -> None:
    store = await opened()
    assert await store.seal() == []
    await store.write([change("x:1", 1)])
    assert len(await store.seal()) == 1 and await store.seal() == []


async def test_a_journal_larger_than_a_segment_is_cut_into_several_and_none_is_lost() -> None:
    store, dice = await opened(), random.Random(1)
    for number in range(8):
        await store.write([change(f"x:{number}", dice.randbytes(40_000).hex())])
    made = await store.seal()
    assert len(made) > 1
    assert all(len(files_of(store)[n]) <= segments.MOST_STORED for n in made)
    assert values(await killed(store)) == values(store)


async def test_a_thing_is_on_this_tablet_then_in_the_folder_and_on_this_tablet_again_when_it_changes() -> None:
    store, folder = await opened(), Memory()
    await store.write([change("x:1", 1)])
    assert (store.state_of("x:1"), store.pending()) == (SyncState.TABLET, Pending(1, 0))
    await store.seal()
    assert (store.state_of("x:1"), store.pending()) == (SyncState.TABLET, Pending(1, 1))
    await sync(store, folder)
    assert (store.state_of("x:1"), store.pending()) == (SyncState.FOLDER, NOTHING)
    await store.write([change("x:1", 2)])
    assert store.state_of("x:1") is SyncState.TABLET


async def test_small_things_of_this_device_are_kept_replaced_forgotten_and_never_sent() -> None:
    store, folder = await opened(), Memory()
    await store.keep("draft", b"one")
    await store.keep("draft", b"two")
    await store.write([change("x:1", 1)])
    await sync(store, folder)
    assert await store.kept("draft") == b"two" == await (await killed(store)).kept("draft")
    assert all(name.startswith("p/") for name in folder.files)
    await store.forget("draft")
    assert await store.kept("draft") is None


async def test_whoever_listens_hears_of_every_change_until_he_stops() -> None:
    store, heard = await opened(), []
    listener = lambda: heard.append(values(store))  # noqa: E731
    store.add_listener(listener)
    await store.write([change("x:1", 1)])
    store.remove_listener(listener)
    await store.write([change("x:1", 2)])
    assert heard == [{"1": 1}]


async def test_writes_at_the_same_time_are_taken_one_after_the_other() -> None:
    store = await opened()
    await asyncio.gather(*(store.write([change(f"x:{n}", n)]) for n in range(20)), store.seal(), sync(store, folder := Memory()))
    await sync(store, folder)
    assert values(store) == {str(n): n for n in range(20)} == values(await synced(folder)) == values(await killed(store))
    assert len(op_ids(folder.files)) == 20


async def test_a_caller_who_gives_up_leaves_nothing_half_done() -> None:
    store = await opened()
    saving = asyncio.ensure_future(store.write([change("x:1", 1), change("x:2", 2)], picture()))
    await asyncio.sleep(0)
    saving.cancel()
    with pytest.raises(asyncio.CancelledError):
        await saving
    await store.write([change("x:3", 3)])
    assert values(store) == {"1": 1, "2": 2, "3": 3} == values(await killed(store))


# -- leaving scope -------------------------------------------------------------------------------------------------------
async def test_i7_a_partition_is_never_dropped_while_anything_of_it_waits() -> None:
    store, folder = await opened(), Memory()
    await store.write([change("x:1", 1)])
    await store.drop(AMIRA)
    assert values(store) == {"1": 1}
    await store.seal()
    await store.drop(AMIRA)
    assert values(store) == {"1": 1} == values(await killed(store))
    await sync(store, folder)
    await store.drop(AMIRA)
    assert values(store) == {} and not [n for n in files_of(store) if n.startswith("p/")]
    assert values(await killed(store)) == {} and values(await synced(folder)) == {"1": 1}


async def test_i12_a_drop_cut_short_at_any_step_is_finished_by_the_next_one() -> None:
    store, folder = await opened(seed=1), Memory()
    await store.write([change("x:1", 1), change("x:b", 1, partition=BEN)], picture())
    await sync(store, folder)
    await store.save_view()
    for at in range(4):
        for when in ("before", "after"):
            disk = Plug(files_of(store), at, when)
            with suppress(PulledPlug):
                await (await opened(disk)).drop(AMIRA)
            again = await opened(disk_of(disk.files))
            await sync(again, folder, scope=lambda partition: partition == BEN)
            assert values(again) == {"b": 1} and not [n for n in files_of(again) if AMIRA in n and n.startswith("p/")]


async def test_a_partition_that_comes_back_into_scope_is_fetched_again_without_a_new_incarnation() -> None:
    store, folder = await opened(), Memory()
    await store.write([change("x:1", 1)])
    await sync(store, folder)
    await sync(store, folder, scope=lambda _: False)
    assert values(store) == {}
    await sync(store, folder)
    assert values(store) == {"1": 1} and store.notes == []


# -- a real directory ----------------------------------------------------------------------------------------------------
async def test_a_second_opener_of_the_same_directory_is_told_busy_until_the_first_has_left(tmp_path: Path) -> None:
    first = await Store.open(Directory.own(tmp_path), now=ticking())
    with pytest.raises(StoreBusy):
        Directory.own(tmp_path)
    await first.close()
    await Directory.own(tmp_path).close()


async def test_a_store_in_a_directory_is_found_again_and_what_a_kill_left_aside_is_swept(tmp_path: Path) -> None:
    disk = Directory.own(tmp_path)
    store = await Store.open(disk, now=ticking())
    await store.write([change("x:1", 1)], picture())
    await disk.close()  # as a kill would: no snapshot
    (tmp_path / "part").mkdir(exist_ok=True)
    (tmp_path / "part/left").write_bytes(b"half")
    again = await Store.open(disk := Directory.own(tmp_path), now=ticking())
    assert values(again) == {"1": 1} and not list((tmp_path / "part").iterdir())
    await again.close()


async def test_changes_may_be_made_of_an_entity_in_two_partitions_without_mixing_them() -> None:
    store = await opened()
    await store.write([Change(AMIRA, "x:1", "v", 1), Change(BEN, "x:1", "v", 2)])
    made = await store.seal()
    assert {n.split("/")[1] for n in made} == {AMIRA, BEN}
    for name in made:
        assert [op.value for op in segments.read(name, files_of(store)[name]).ops] == [1 if AMIRA in name else 2]


def test_every_error_of_the_ground_has_a_code_of_its_own_and_a_place_in_the_tree() -> None:
    kinds = StorageError.__subclasses__()
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(f"+ {kind.__name__} " in (errors.__doc__ or "") for kind in kinds)


async def test_i4_i13_a_record_that_rotted_and_is_still_shown_is_not_said_to_be_in_the_folder_and_goes_out_again() -> None:
    store = await opened()
    await store.write([change("x:1", "one")])
    await store.write([change("x:2", "two")])
    await store.close()  # the snapshot for a quick start knows both
    files = dict(files_of(store))
    name = next(name for name in files if name.startswith("local/journal."))
    files[name] = files[name][:40] + bytes([files[name][40] ^ 1]) + files[name][41:]
    again = await opened(disk_of(files))
    assert again.notes == ["rotten_record"] and values(again) == {"1": "one", "2": "two"}
    assert again.state_of("x:1") is SyncState.TABLET
    folder = Memory()
    await sync(again, folder)
    other = await opened()
    await sync(other, folder)
    assert values(other) == {"1": "one", "2": "two"}
