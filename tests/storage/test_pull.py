"""Pull: take what the folder has and this device lacks, whatever the order, and let go only of what was checked."""

import random
from contextlib import suppress

import pytest

from storage import names, segments
from storage.errors import MissingName, StoreFull, Unreachable
from storage.folder.memory import Memory
from storage.ops import Op
from storage.store import Store
from storage.sync import Outcome, sync
from tests.storage.parts import (
    AMIRA,
    BEN,
    FAULTS,
    NOTHING,
    Asked,
    Faulty,
    Full,
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
    with_one,
)


def ahead(kind: int, at: str = "log") -> tuple[str, bytes]:
    """A file of a newer format."""
    data = segments.MAGIC + bytes((segments.FORMAT + 1, kind, 0, 0)) + b"of next year"
    place = (names.hash_of(data), "d" * 16, "e" * 16, 1) if at == "log" else (names.hash_of(data),)
    return str(names.Name(AMIRA, at, *place)), data


async def test_when_nothing_is_new_the_folder_is_asked_one_question() -> None:
    folder = Asked()
    store = await opened()
    await store.write([change("x:1", 1), change("x:2", 2, partition=BEN)], picture())
    await sync(store, folder)
    other = await synced(folder)
    for one in (store, other, await killed(store), await killed(other)):
        folder.asked.clear()
        outcome = await sync(one, folder)
        assert folder.asked == ["partitions"] and outcome == Outcome()


async def test_words_come_before_pictures_and_the_school_before_its_pupils() -> None:
    class Noted(Memory):
        got: list[str] = []  # noqa: RUF012

        async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
            self.got.append(name)
            return await super().get(name, start, end)

    store, folder = await opened(), Noted()
    await store.write([change("x:1", 1)], picture())
    await store.write([change("class:1", 1, partition="school"), change("x:2", 2, partition=BEN)], picture(b"b", BEN))
    await sync(store, folder)
    folder.got.clear()
    await synced(folder)
    assert [n.split("/")[1] for n in folder.got] == ["school", AMIRA, BEN, AMIRA, BEN]
    assert ["/media/" in n for n in folder.got] == [False] * 3 + [True] * 2


async def test_a_file_that_is_not_whole_has_not_arrived_yet() -> None:
    store, folder = await with_one()
    await sync(store, folder)
    (name,) = (n for n in folder.files if "/log/" in n)
    whole = folder.files[name]
    other = await opened()
    for cut in range(0, len(whole), 9):
        folder.files[name] = whole[:cut]
        assert (await sync(other, folder)).problems == [f"bad_bytes {name}"] and values(other) == {}
        assert name not in files_of(other)
    folder.files[name] = whole
    assert (await sync(other, folder)).problems == [] and values(other) == {"1": 1}


async def test_a_name_that_is_listed_late_is_taken_late_whatever_its_number() -> None:
    store, folder = await opened(), Faulty()
    folder.faults = ["late"]
    for number in range(3):
        await store.write([change(f"x:{number}", number)])
        await sync(store, folder)
    other = await opened()
    seen = []
    for _ in range(3):
        await sync(other, folder)
        seen.append(values(other))
    assert seen == [{"1": 1, "2": 2}, {"1": 1, "2": 2}, {"0": 0, "1": 1, "2": 2}]


async def test_a_name_that_is_listed_and_has_gone_is_no_problem_and_is_looked_for_again() -> None:
    class Ghost(Memory):
        gone = True

        async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
            if self.gone:
                raise MissingName(name)
            return await super().get(name, start, end)

    folder = Ghost()
    store, _ = await with_one()
    await sync(store, folder)
    other = await opened()
    outcome = await sync(other, folder)
    assert (outcome.problems, outcome.received, values(other)) == ([], 0, {})
    folder.gone = False
    await sync(other, folder)
    assert values(other) == {"1": 1}


async def test_i1_conflict_copies_and_strangers_in_the_folder_are_ignored() -> None:
    store, folder = await with_one()
    await sync(store, folder)
    for name, data in list(folder.files.items()):
        folder.files |= {f"{name} (conflicted copy)": data, f"{name}.crswap": data, name.upper(): data, f"p/{AMIRA}/log/~$": b""}
    folder.files["p/Thumbs.db"] = b"?"
    other = await opened()
    outcome = await sync(other, folder)
    assert (outcome.received, outcome.problems, values(other)) == (2, [], {"1": 1})
    assert {n for n in files_of(other) if n.startswith("p/")} == {n for n in folder.files if names.parse(n)}


async def test_i12_a_segment_copied_to_another_child_is_taken_as_neithers() -> None:
    store, folder = await with_one()
    await sync(store, folder)
    (name,) = (n for n in folder.files if "/log/" in n)
    folder.files[name.replace(AMIRA, BEN)] = folder.files[name]
    other = await opened()
    assert len((await sync(other, folder)).problems) == 1 and other.library.partitions() == {AMIRA}


@pytest.mark.parametrize("kind,at", [(segments.SEGMENT, "log"), (segments.CHUNK, "media")])
async def test_a_file_of_a_newer_format_is_reported_and_left_and_the_rest_goes_on(kind: int, at: str) -> None:
    store, folder = await with_one()
    await sync(store, folder)
    name, data = ahead(kind, at)
    folder.files[name] = data
    other = await opened()
    for received in (2, 0):
        outcome = await sync(other, folder)
        assert (outcome.received, outcome.problems, values(other)) == (received, [f"newer_format {name}"], {"1": 1})
    assert folder.files[name] == data


async def test_i10_keys_of_a_newer_app_reach_every_device() -> None:
    odd = Op("x:1", "v", 1, (1, 0), f"{'d' * 16}.{'e' * 16}", "i" * 32, extra={"z": {"new": [1]}})
    data = segments.encode(AMIRA, odd.writer, 1, [odd])
    folder = Memory()
    folder.files[str(names.Name(AMIRA, "log", names.hash_of(data), "d" * 16, "e" * 16, 1))] = data
    assert [op.to_json() for _, op in (await synced(folder)).library.ops()] == [odd.to_json()]


async def test_a_device_without_room_takes_what_fits_and_the_rest_when_there_is_room() -> None:
    store, folder = await with_one()
    await store.write([change("x:2", 2)], picture(b"z" * 9_000))
    await sync(store, folder)
    disk = Full(room=3_000)
    other = await opened(disk)
    with pytest.raises(StoreFull):
        await sync(other, folder)
    assert values(other) == {"1": 1, "2": 2}
    disk.room = None
    await sync(other, folder)
    assert folder.files.keys() <= disk.files.keys() and (await sync(other, folder)) == Outcome()


async def test_i7_what_rots_in_the_folder_is_told_to_whoever_lacks_it_and_healed_by_whoever_puts_it_again() -> None:
    store, folder = await with_one()
    backup = disk_of(files_of(store))
    await sync(store, folder)
    for name in folder.files:
        folder.rot(name)
    other = await opened()
    assert len((await sync(other, folder)).problems) == 2 and values(other) == {} and values(store) == {"1": 1}
    again = await opened(backup, start=7_000)  # it does not know that it has sent them
    await sync(again, folder)
    await sync(store, folder)
    await sync(other, folder)
    assert values(other) == {"1": 1} and picture().keys() <= files_of(other).keys()


# -- two people ------------------------------------------------------------------------------------------------------------
async def meet(folder: Memory, *stores: Store) -> None:
    """Everybody is online, twice."""
    for store in stores * 2:
        await sync(store, folder)


async def test_a_note_edited_on_two_devices_offline_keeps_both_texts_on_both_and_on_a_third() -> None:
    folder = Memory()
    dana, femi, ruth = await opened(start=1_000), await opened(start=2_000), await opened(start=3_000)
    await dana.write([note("Amira asked.")])
    await meet(folder, dana, femi)
    await dana.write([note("Amira asked for a turn.")])
    await femi.write([note("Amira pointed.")])
    await meet(folder, dana, femi, ruth)
    for store in (dana, femi, ruth, await killed(ruth), await synced(folder)):
        shown = store.library.get("observation:1")
        assert shown and (shown["note"], shown["_others"]) == ("Amira pointed.", {"note": ["Amira asked for a turn."]})
    await ruth.write([note("Amira pointed and asked.")])
    await meet(folder, ruth, dana, femi)
    for store in (dana, femi, ruth, await killed(dana), await synced(folder)):
        shown = store.library.get("observation:1")
        assert shown and shown["note"] == "Amira pointed and asked." and "_others" not in shown


async def test_of_a_plain_field_the_last_writer_stands_on_every_device() -> None:
    folder = Memory()
    dana, femi, ruth = await opened(start=1_000), await opened(start=2_000), await opened(start=500)
    await dana.write([change("x:1", "hers")])
    await femi.write([change("x:1", "his")])
    await meet(folder, femi, dana, ruth)
    assert values(dana) == values(femi) == values(ruth) == {"1": "his"}
    await ruth.write([change("x:1", "seen, and changed with a clock far behind")])
    await meet(folder, ruth, femi, dana)
    assert values(dana) == values(femi) == values(ruth) == {"1": "seen, and changed with a clock far behind"}


async def test_i5_devices_that_take_the_same_files_in_any_order_show_the_same() -> None:
    folder = Memory()
    crowd = [await opened(start=start) for start in (1_000, 1_003, 900)]
    dice = random.Random(5)
    for turn in range(40):
        store = dice.choice(crowd)
        await store.write([change(f"x:{dice.randrange(3)}", turn), note(f"text {turn}", f"observation:{dice.randrange(2)}")])
        if turn % 5 == 0:
            await sync(store, folder)
    await meet(folder, *crowd)
    expected = {document["entity"]: document for document in crowd[0].library.documents("x")}
    for seed in range(5):
        other, order = await opened(), sorted(folder.files)
        random.Random(seed).shuffle(order)
        for name in [*order, *order[:5]]:
            await other.take(name, folder.files[name])
        assert {document["entity"]: document for document in other.library.documents("x")} == expected
        assert other.library.get("observation:1") == crowd[0].library.get("observation:1")


# -- restored and cloned -----------------------------------------------------------------------------------------------------
async def test_i3_a_restored_device_goes_on_under_a_new_name_and_both_its_lives_are_kept() -> None:
    folder = Memory()
    store = await opened()
    await store.write([change("x:1", "before")])
    await sync(store, folder)
    backup = dict(files_of(store))
    await store.write([change("x:2", "lost with the device, but checked")], picture())
    await sync(store, folder)
    restored = await opened(disk_of(backup), start=1_001)
    await restored.write([change("x:3", "after")])
    await sync(restored, folder)
    assert restored.device == store.device and restored.incarnation != store.incarnation
    assert restored.notes == ["new_incarnation"]
    await restored.write([change("x:4", "under the new name")])
    await sync(restored, folder)
    everything = {"1": "before", "2": "lost with the device, but checked", "3": "after", "4": "under the new name"}
    assert values(restored) == values(await synced(folder)) == values(await killed(restored)) == everything
    assert len(op_ids(folder.files)) == 4 == len(set(op_ids(folder.files)))
    assert restored.pending() == NOTHING == (await killed(restored)).pending()


async def test_i3_two_clones_of_a_device_become_two_writers_and_nothing_collides() -> None:
    folder = Memory()
    store = await opened()
    await store.write([change("x:0", 0)])
    await sync(store, folder)
    clones = [await opened(disk_of(files_of(store)), start=2_000) for _ in range(2)]
    for number, clone in enumerate(clones):
        await clone.write([change("x:1", number), change(f"x:only{number}", 1)])
    await meet(folder, *clones)
    for number, clone in enumerate(clones):
        await clone.write([change(f"x:again{number}", 1)])
    await meet(folder, *clones)
    assert len({clone.writer for clone in (store, *clones)}) == 3
    assert values(clones[0]) == values(clones[1]) == values(await synced(folder)) and len(values(store)) < len(values(clones[0]))
    assert len(op_ids(folder.files)) == 7 == len(set(op_ids(folder.files)))


async def test_a_device_that_finds_only_its_own_files_keeps_its_name() -> None:
    store, folder = await with_one()
    await sync(store, folder)
    writer = store.writer
    for again in (store, await killed(store)):
        await sync(again, folder)
        assert again.writer == writer and again.notes == []


# -- scope -------------------------------------------------------------------------------------------------------------------
async def test_i12_what_is_out_of_scope_is_not_fetched() -> None:
    store, folder = await with_one()
    await store.write([change("x:2", 2, partition=BEN)], picture(b"b", BEN))
    await sync(store, folder)
    other = await opened()
    for _ in range(2):
        await sync(other, folder, scope=lambda partition: partition == BEN)
    assert values(other) == {"2": 2} and not [n for n in files_of(other) if AMIRA in n]
    await sync(other, folder)
    assert values(other) == {"1": 1, "2": 2}


@pytest.mark.parametrize("fault", FAULTS)
async def test_i7_a_pupil_who_left_the_class_is_let_go_only_after_everything_was_checked(fault: str) -> None:
    store, folder = await with_one()
    folder.faults = [fault]
    with suppress(Unreachable):
        await sync(store, folder, scope=lambda _: False)
    assert values(store) == {"1": 1} == values(await killed(store))
    await sync(store, folder, scope=lambda _: False)
    assert values(store) == {} and values(await synced(folder)) == {"1": 1}


async def test_what_is_written_while_a_partition_leaves_is_sent_first() -> None:
    store, folder = await with_one()
    await sync(store, folder)
    await store.write([change("x:late", 1)])
    await sync(store, folder, scope=lambda _: False)
    assert values(store) == {} and values(await synced(folder)) == {"1": 1, "late": 1}
