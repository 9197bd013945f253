"""Sync: copy what the other side lacks; call nothing "in the school folder" before it was read back there."""

import asyncio
import random

import pytest

from storage import segments
from storage.errors import BadBytes, Refused, Unreachable
from storage.folder.memory import Memory
from storage.folder.port import digest_with
from storage.store import Store, SyncState
from storage.sync import Outcome, sync
from tests.storage.parts import (
    AMIRA,
    BEN,
    FAULTS,
    NOTHING,
    Faulty,
    Full,
    change,
    files_of,
    killed,
    op_ids,
    opened,
    picture,
    synced,
    values,
    with_one,
)


async def tried(store: Store, folder: Memory) -> Outcome | None:
    """A round of which the network may break off."""
    try:
        return await sync(store, folder)
    except Unreachable:
        return None


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
        assert again.pending() == NOTHING and values(await synced(folder)) == {"0": 0, "1": 1, "2": 2}
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
    assert again.pending() == NOTHING and values(await synced(folder)) == {"1": 1}


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
    assert store.pending() == NOTHING and values(await synced(folder)) == {"0": 0, "1": 1, "2": 2}
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
