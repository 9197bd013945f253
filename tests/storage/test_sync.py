"""Sync: copy what the other side lacks; call nothing "in the school folder" before it was read back there."""

import asyncio
import random
from contextlib import suppress

import pytest

from storage import names, segments
from storage.errors import BadBytes, MissingName, Refused, StoreFull, Unreachable
from storage.folder.memory import Memory
from storage.folder.port import digest_with
from storage.ops import Op
from storage.store import Pending, Store, SyncState
from storage.sync import Outcome, sync
from tests.storage.parts import (
    AMIRA,
    BEN,
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
    values,
)

NOTHING = Pending(0, 0)
FAULTS = ["fail", "torn", "torn_told", "lost_ack", "lie"]


async def tried(store: Store, folder: Memory) -> Outcome | None:
    """A round of which the network may break off."""
    try:
        return await sync(store, folder)
    except Unreachable:
        return None


async def device(folder: Memory, seed: int | None = None) -> Store:
    """A device that holds all that is in the folder."""
    store = await opened(seed=seed)
    await sync(store, folder)
    return store


async def with_one(**things: object) -> tuple[Store, Faulty]:
    """A device that has saved these, and an empty folder."""
    store = await opened()
    await store.write([change(f"x:{key}", value) for key, value in (things or {"1": 1}).items()], picture())
    return store, Faulty()


def ahead(kind: int, at: str = "log") -> tuple[str, bytes]:
    """A file of a newer format."""
    data = segments.MAGIC + bytes((segments.FORMAT + 1, kind, 0, 0)) + b"of next year"
    place = (names.hash_of(data), "d" * 16, "e" * 16, 1) if at == "log" else (names.hash_of(data),)
    return str(names.Name(AMIRA, at, *place)), data


# -- push ----------------------------------------------------------------------------------------------------------------
async def test_media_go_before_the_segments_that_speak_of_them() -> None:
    store, folder = await with_one()
    await store.write([change("x:2", 2, partition=BEN)], picture(random.Random(1).randbytes(2_500_000), BEN))
    outcome = await sync(store, folder)
    kinds = ["media" if "/media/" in name else "log" for name in folder.order]
    assert kinds == ["media"] * 4 + ["log"] * 2 and outcome.sent == 6 and outcome.waiting == 0


async def test_a_segment_waits_while_one_of_its_media_could_not_be_read_back() -> None:
    store, folder = await with_one()
    await store.write([change("x:2", 2, partition=BEN)])
    folder.faults = ["torn_told"]
    outcome = await sync(store, folder)
    assert outcome.problems == [f"bad_bytes {next(iter(picture()))}"]
    assert [n.split("/")[1] for n in folder.files if "/log/" in n] == [BEN]
    assert store.state_of("x:1") is SyncState.TABLET and store.state_of("x:2") is SyncState.FOLDER
    assert (await sync(store, folder)).problems == [] and store.pending() == NOTHING


@pytest.mark.parametrize("at", [0, 1])
@pytest.mark.parametrize("fault", FAULTS)
async def test_i4_never_in_the_folder_before_read_back(fault: str, at: int) -> None:
    store, folder = await with_one()
    folder.faults = [*[None] * at, fault]
    await tried(store, folder)
    assert store.state_of("x:1") is SyncState.TABLET and store.pending().entities == 1
    assert (await killed(store)).state_of("x:1") is SyncState.TABLET
    assert (await sync(store, folder)).problems == []
    assert store.state_of("x:1") is SyncState.FOLDER and folder.whole() == set(folder.files)
    assert (await killed(store)).state_of("x:1") is SyncState.FOLDER
    assert len(op_ids(folder.files)) == 1


async def test_i4_an_answer_from_an_earlier_time_is_no_read_back() -> None:
    class Repeating(Memory):
        """Answers what it read back the first time, whatever became of the file since."""

        answers: dict[str, str] = {}  # noqa: RUF012

        async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
            return self.answers.setdefault(name, digest_with(nonce, data))

    store, folder = await opened(), Repeating()
    await store.write([change("x:1", 1)])
    await store.seal()
    for name in store.waiting:
        await folder.put(name, files_of(store)[name], b"an earlier nonce")
    outcome = await sync(store, folder)
    assert [p.split()[0] for p in outcome.problems] == ["bad_bytes"] and store.state_of("x:1") is SyncState.TABLET


async def test_i4_while_it_is_being_sent_it_is_on_its_way_and_not_there() -> None:
    store, folder = await with_one()
    seen: set[SyncState] = set()
    await sync(store, folder, progress=lambda what, done, total: seen.add(store.state_of("x:1")) if done < total else None)
    assert seen == {SyncState.SENDING} and store.state_of("x:1") is SyncState.FOLDER and not store.sending


@pytest.mark.parametrize("fault", ["fail", "torn", "lost_ack"])
async def test_a_hub_killed_in_the_middle_of_an_upload_goes_on_without_a_duplicate(fault: str) -> None:
    for at in range(5):
        store, folder = await opened(), Faulty()
        for number in range(3):
            await store.write([change(f"x:{number}", number)], picture(bytes([number]) * 50))
            await store.seal()
        folder.faults = [*[None] * at, fault]
        assert await tried(store, folder) is None
        again = await killed(store)
        await sync(again, folder)
        assert again.pending() == NOTHING and values(await device(folder)) == {"0": 0, "1": 1, "2": 2}
        assert len(op_ids(folder.files)) == 3 and len(folder.files) == 6


async def test_what_a_broken_round_has_done_stays_done() -> None:
    store, folder = await with_one()
    folder.faults = [None, "fail"]
    assert await tried(store, folder) is None
    folder.order.clear()
    await sync(store, folder)
    assert ["/media/" in name for name in folder.order] == [False]


async def test_what_the_hub_refuses_needs_a_person_and_the_rest_goes_on() -> None:
    class Strict(Faulty):
        strict = True

        async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
            if self.strict and AMIRA in name:
                raise Refused("not_allowed")
            return await super().put(name, data, nonce)

    store, folder = await opened(), Strict()
    await store.write([change("x:1", 1), change("x:2", 2, partition=BEN)])
    outcome = await sync(store, folder)
    assert [p.split()[0] for p in outcome.problems] == ["refused"] and outcome.waiting == 1
    assert (store.state_of("x:1"), store.state_of("x:2")) == (SyncState.NEEDS_YOU, SyncState.FOLDER)
    folder.strict = False
    await sync(store, folder)
    assert store.state_of("x:1") is SyncState.FOLDER and store.refused == set()


class Particular(Faulty):
    """Takes a segment only when its media are there, as the hub does."""

    loses = 0  # how many media it loses again

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        if "/log/" in name and not set(segments.read(name, data).media_names) <= self.whole():
            raise Refused("media_missing")
        answer = await super().put(name, data, nonce)
        if "/media/" in name and self.loses:
            self.loses -= 1
            del self.files[name]
        return answer


async def test_media_that_the_folder_has_lost_are_sent_again_in_the_same_round() -> None:
    store, folder = await opened(), Particular()
    await store.write([change("x:1", 1)], picture())
    folder.loses = 1
    outcome = await sync(store, folder)
    assert outcome.problems == [] and store.pending() == NOTHING and picture().keys() <= folder.files.keys()


async def test_a_folder_that_keeps_losing_media_needs_a_person_and_nothing_is_called_sent() -> None:
    store, folder = await opened(), Particular()
    await store.write([change("x:1", 1)], picture())
    folder.loses = 9
    assert [p.split()[0] for p in (await sync(store, folder)).problems] == ["refused"]
    assert store.state_of("x:1") is SyncState.NEEDS_YOU
    folder.loses = 0
    await sync(store, folder)
    assert store.state_of("x:1") is SyncState.FOLDER


async def test_i13_a_segment_that_rotted_here_before_it_was_sent_is_told_and_goes_out_after_the_next_start() -> None:
    store, folder = await with_one()
    (name,) = await store.seal()
    files_of(store)[name] = b"?"
    assert (await sync(store, folder)).problems == [f"bad_bytes {name}"]
    assert store.state_of("x:1") is SyncState.NEEDS_YOU and name not in folder.files
    again = await killed(store)
    await sync(again, folder)
    assert again.pending() == NOTHING and values(await device(folder)) == {"1": 1}


async def test_a_picture_that_went_missing_here_needs_a_person() -> None:
    store, folder = await with_one()
    for name in picture():
        del files_of(store)[name]
    assert [p.split()[0] for p in (await sync(store, folder)).problems] == ["missing_name"]
    assert store.state_of("x:1") is SyncState.NEEDS_YOU and folder.files == {}


async def test_a_disk_too_full_to_seal_still_sends_what_is_sealed_and_says_so() -> None:
    disk, folder = Full(), Memory()
    store = await opened(disk)
    await store.write([change("x:1", 1)])
    await store.seal()
    await store.write([change("x:2", random.Random(1).randbytes(5_000).hex())])
    disk.room = 200
    outcome = await sync(store, folder)
    assert outcome.problems == ["store_full journal"] and outcome.sent == 1
    assert (store.state_of("x:1"), store.state_of("x:2")) == (SyncState.FOLDER, SyncState.TABLET)


async def test_a_disk_without_any_room_still_gets_everything_that_is_sealed_to_the_folder() -> None:
    disk, folder = Full(), Memory()
    store = await opened(disk)
    for number in range(3):
        await store.write([change(f"x:{number}", number)], picture(bytes([number])))
        await store.seal()
    disk.room = 0
    await sync(store, folder)
    assert store.pending() == NOTHING and values(await device(folder)) == {"0": 0, "1": 1, "2": 2}
    disk.room = None
    again = await killed(store)
    assert again.pending().files == 6  # nobody could note it down, so it is looked at once more
    await sync(again, folder)
    assert again.pending() == NOTHING and len(op_ids(folder.files)) == 3


async def test_i11_saving_never_waits_for_the_network() -> None:
    class Slow(Memory):
        async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
            asked.set()
            await answer.wait()
            return await super().put(name, data, nonce)

    asked, answer = asyncio.Event(), asyncio.Event()
    store = await opened()
    await store.write([change("x:1", 1)])
    syncing = asyncio.ensure_future(sync(store, Slow()))
    await asked.wait()
    await store.write([change("x:2", 2)])
    assert values(await killed(store)) == {"1": 1, "2": 2} and not syncing.done()
    answer.set()
    await syncing
    assert (store.state_of("x:1"), store.state_of("x:2")) == (SyncState.FOLDER, SyncState.TABLET)


async def test_progress_goes_from_nothing_to_all() -> None:
    store, folder = await with_one()
    told: list[tuple[str, int, int]] = []
    await sync(store, folder, progress=lambda *step: told.append(step))
    assert told == [("sending", 0, 2), ("sending", 1, 2), ("sending", 2, 2)]
    told.clear()
    await sync(await opened(), folder, progress=lambda *step: told.append(step))
    assert told == [("fetching", 0, 2), ("fetching", 1, 2), ("fetching", 2, 2)]


# -- pull ----------------------------------------------------------------------------------------------------------------
async def test_when_nothing_is_new_the_folder_is_asked_one_question() -> None:
    folder = Asked()
    store = await opened()
    await store.write([change("x:1", 1), change("x:2", 2, partition=BEN)], picture())
    await sync(store, folder)
    other = await device(folder)
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
    await device(folder)
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
    assert [op.to_json() for _, op in (await device(folder)).library.ops()] == [odd.to_json()]


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
    for store in (dana, femi, ruth, await killed(ruth), await device(folder)):
        shown = store.library.get("observation:1")
        assert shown and (shown["note"], shown["_others"]) == ("Amira pointed.", {"note": ["Amira asked for a turn."]})
    await ruth.write([note("Amira pointed and asked.")])
    await meet(folder, ruth, dana, femi)
    for store in (dana, femi, ruth, await killed(dana), await device(folder)):
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
    assert values(restored) == values(await device(folder)) == values(await killed(restored)) == everything
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
    assert values(clones[0]) == values(clones[1]) == values(await device(folder)) and len(values(store)) < len(values(clones[0]))
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
    assert values(store) == {} and values(await device(folder)) == {"1": 1}


async def test_what_is_written_while_a_partition_leaves_is_sent_first() -> None:
    store, folder = await with_one()
    await sync(store, folder)
    await store.write([change("x:late", 1)])
    await sync(store, folder, scope=lambda _: False)
    assert values(store) == {} and values(await device(folder)) == {"1": 1, "late": 1}


# -- the store's own door ----------------------------------------------------------------------------------------------------
async def test_i2_a_file_that_is_not_what_its_name_says_is_never_taken() -> None:
    store, folder = await with_one()
    await sync(store, folder)
    other = await opened()
    for name, data in folder.files.items():
        for wrong in (data[:-1], data + b"?", b""):
            with pytest.raises(BadBytes):
                await other.take(name, wrong)
    with pytest.raises(BadBytes):
        await other.take("p/strange", b"?")
    assert values(other) == {} and not [n for n in files_of(other) if n.startswith("p/")]
