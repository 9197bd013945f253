"""Erasing on a device and in a folder: the order beats everything, and nothing brings back what it names (I9)."""

import contextlib

import pytest

from storage import erasure, view
from storage.errors import Erased, StoreFull
from storage.folder.memory import Memory
from storage.replica import Replica
from storage.store import Store
from storage.sync import sync
from tests.storage.parts import (
    AMIRA,
    BEN,
    Faulty,
    Full,
    Plug,
    PulledPlug,
    change,
    disk_of,
    files_of,
    killed,
    note,
    opened,
    picture,
    ticking,
    unpacked,
)

NOTE = "Amira built a tower"
ORDER = change(f"erased:{AMIRA}", {"on": 1}, field="at", partition="school")


def holding(files: dict[str, bytes]) -> set[str]:
    """Files in which the child's words are, packed or not; or that lie in the child's directory."""
    return {name for name, data in files.items() if NOTE.encode() in unpacked(data) or name.startswith(f"p/{AMIRA}")}


async def with_child(folder: Memory) -> Store:
    """A device with everything of a child: sent, sealed, in the journal, in the view; and another child."""
    store = await opened()
    await store.write([note(NOTE)], picture())
    await store.write([note("of the office", "advice:1", f"{AMIRA}.office")])
    await sync(store, folder)
    await store.save_view()
    await store.write([note(f"{NOTE} again", "observation:2")], picture(b"sealed"))
    await store.seal()
    await store.write([note(f"{NOTE} and again", "observation:3"), change("x:9", 9, partition=BEN)], picture(b"open"))
    return store


async def office(folder: Memory) -> Replica:
    """Who writes the order, straight into the folder."""
    replica = Replica(folder, "c" * 16, ticking(5000))
    await replica.refresh()
    return replica


async def test_i9_the_order_wipes_the_device_of_all_of_it() -> None:
    folder = Faulty()
    store = await with_child(folder)
    assert len(holding(files_of(store))) > 4
    await (await office(folder)).write([ORDER])
    await sync(store, folder)
    assert holding(files_of(store)) == set() and store.erased == {AMIRA}
    assert store.library.partitions() == {BEN, "school"} and store.library.get("x:9")
    assert not [name for name in store.checked | set(store.waiting) if AMIRA in name]
    again = await killed(store)
    assert again.erased == {AMIRA} and again.library.get("observation:1") is None and again.library.get("x:9")


async def test_i9_what_a_device_had_not_sent_is_not_sent() -> None:
    folder = Faulty()
    store = await with_child(folder)
    hub = await office(folder)
    await hub.write([ORDER])
    await erasure.wipe(folder, AMIRA)
    outcome = await sync(store, folder)
    assert holding(folder.files) == set() and store.pending().files == 0
    assert any(name.startswith(f"p/{BEN}/") for name in folder.files) and outcome.problems == []


async def test_i9_nothing_is_written_or_taken_any_more() -> None:
    folder = Faulty()
    store, late = await with_child(folder), await opened()
    await late.write([note(NOTE)])
    [name] = await late.seal()
    await (await office(folder)).write([ORDER])
    await sync(store, folder)
    with pytest.raises(Erased):
        await store.write([note(NOTE), change("x:1", 1, partition=BEN)])
    with pytest.raises(Erased):
        await store.write([note(NOTE, partition=f"{AMIRA}.office")])
    await store.take(name, files_of(late)[name])
    assert holding(files_of(store)) == set() and store.library.get("x:1") is None


async def test_i9_files_that_come_back_in_the_folder_are_neither_fetched_nor_missed() -> None:
    folder = Faulty()
    store = await with_child(folder)
    old = {name: data for name, data in folder.files.items() if name.startswith(f"p/{AMIRA}/")}
    await (await office(folder)).write([ORDER])
    await erasure.wipe(folder, AMIRA)
    await sync(store, folder)
    folder.files |= old
    fresh = await opened()
    for one in (store, fresh):
        assert (await sync(one, folder)).problems == [] and holding(files_of(one)) == set()


@pytest.mark.parametrize("when", ["before", "middle", "after"])
async def test_i9_a_plug_that_is_pulled_in_the_middle_leaves_nothing_after_the_next_start(when: str) -> None:
    folder = Faulty()
    store = await with_child(folder)
    await (await office(folder)).write([ORDER])
    [name] = [name for name in folder.files if name.startswith("p/school/")]
    for at in range(200):
        plug = Plug(files_of(store), at, when)
        done = False
        with contextlib.suppress(PulledPlug):
            device = await Store.open(plug, now=ticking(9000), random=store.random)
            await device.take(name, folder.files[name])
            done = True
        after = await opened(disk_of(plug.files))
        if name in plug.files:
            assert holding(files_of(after)) == set(), (at, when)
            assert after.library.get("x:9"), "the other child's is not lost"
        if done:
            return
    raise AssertionError("it never ended")


async def test_i9_a_full_device_obeys_too() -> None:
    folder, disk = Faulty(), Full()
    store = await opened(disk)
    await store.write([note(NOTE)], picture())
    await sync(store, folder)
    await store.save_view()
    await (await office(folder)).write([ORDER])
    disk.room = 600  # enough for the order, and not for a new view
    with contextlib.suppress(StoreFull):
        await sync(store, folder)
    disk.room = None
    again = await opened(disk_of(disk.files))
    await sync(again, folder)
    assert holding(files_of(again)) == set() and view.NAME not in holding(disk.files)


@pytest.mark.parametrize("ident", ["school", "office", "", f"{AMIRA}.office", "A" * 32, "../../..", AMIRA[:31]])
async def test_only_a_child_can_be_erased(ident: str) -> None:
    store = await with_child(Faulty())
    await store.write([change(f"erased:{ident}", 1, field="at", partition="school")])
    assert store.erased == set() and store.library.get("observation:1") and "school" in store.library.partitions()


@pytest.mark.parametrize("partition", [AMIRA, BEN, "office"])
async def test_an_order_counts_in_the_school_alone(partition: str) -> None:
    store = await with_child(Faulty())
    await store.write([change(f"erased:{AMIRA}", 1, field="at", partition=partition)])
    assert store.erased == set()


async def test_no_later_word_takes_an_order_back() -> None:
    store = await with_child(Faulty())
    await store.write([ORDER])
    await store.write([change(f"erased:{AMIRA}", None, field="at", partition="school")])
    await store.write([change(f"erased:{AMIRA}", True, field="deleted", partition="school")])
    assert (await killed(store)).erased == {AMIRA}


async def test_wiping_a_folder_takes_strangers_too_and_nobody_elses() -> None:
    folder = Memory()
    folder.files = {
        f"p/{AMIRA}/log/x (conflicted copy)": b"", f"p/{AMIRA}.office/log/~$x": b"", f"p/{AMIRA}/media/{'a' * 32}": b"",
        f"p/{BEN}/log/x": b"", "p/school/log/x": b"", "space.json": b"", f"p/{AMIRA}0/log/x": b"",
    }  # fmt: skip
    assert await erasure.wipe(folder, AMIRA) == 3
    assert set(folder.files) == {f"p/{BEN}/log/x", "p/school/log/x", "space.json", f"p/{AMIRA}0/log/x"}


# -- a replica -----------------------------------------------------------------------------------------------------------
async def test_i9_a_replica_lets_go_of_the_child_and_takes_nothing_more() -> None:
    folder = Faulty()
    store = await with_child(folder)
    hub = await office(folder)
    assert hub.library.get("observation:1")
    await hub.write([ORDER])
    assert hub.erased == {AMIRA} and hub.library.get("observation:1") is None
    await sync(store, folder)
    await hub.refresh()
    assert hub.library.get("observation:1") is None and hub.library.get("x:9")
    with pytest.raises(Erased):
        await hub.write([note(NOTE)])
    assert hub.offered(folder.files) == {name for name in folder.files if name.startswith(("p/school/", f"p/{BEN}/"))}


async def test_i9_a_replica_that_begins_anew_reads_the_school_first() -> None:
    folder = Faulty()
    await with_child(folder)
    await (await office(folder)).write([ORDER])
    read: list[str] = []

    class Watched(Memory):
        async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
            read.append(name)
            return await super().get(name, start, end)

    watched = Watched()
    watched.files = folder.files
    fresh = Replica(watched, "c" * 16, ticking(9000))
    await fresh.refresh()
    assert fresh.library.get("observation:1") is None and not [name for name in read if AMIRA in name.split("/")[1]]
