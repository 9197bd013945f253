"""The open journal: what was acknowledged is found again, whatever happened to the end of the file."""

from collections.abc import AsyncIterator

import pytest

from storage import journal as journals
from storage import segments
from storage.errors import NewerFormat, StorageError, StoreFull
from storage.folder.directory import Directory
from storage.folder.memory import Memory
from storage.journal import Journal
from storage.ops import Json
from tests.storage.parts import Full, Plug, PulledPlug, disk_of

FIRST, SECOND = "local/journal.000001", "local/journal.000002"
MIXED: list[Json] = [
    {"ops": [{"p": "a" * 32, "o": {"v": value}} for value in values], "media": media}
    for values, media in [
        ([1], []), (["Zoë said “yes”"], []), ([None, True, {"k": [1]}], ["p/x"]), (["x" * 300], []), ([], []), (["\0\0\0\0"], []),
        (["a\nb"], []), ([2, 3], ["p/x", "p/y"]), (["😀" * 20], []), ([10**12], []),
    ]
] * 5  # fmt: skip


async def filled(records: list[Json]) -> tuple[Memory, list[int]]:
    """A journal with these records, and where each of them ends."""
    disk, ends = Memory(), []
    journal, _, _ = await Journal.open(disk)
    for record in records:
        await journal.add(record)
        ends.append(len(disk.files[FIRST]))
    return disk, ends


def with_file(data: bytes) -> Memory:
    return disk_of({FIRST: data})


@pytest.fixture
async def history() -> AsyncIterator[tuple[bytes, list[int]]]:
    disk, ends = await filled(MIXED)
    yield disk.files[FIRST], ends


async def test_i7_a_journal_cut_at_every_byte_gives_exactly_the_records_that_were_whole(history: tuple[bytes, list[int]]) -> None:
    data, ends = history
    for cut in range(len(data) + 1):
        disk = with_file(data[:cut])
        _, records, notes = await Journal.open(disk)
        whole = sum(end <= cut for end in ends)
        assert records == MIXED[:whole]
        assert notes == ([] if cut in (0, segments.HEADER, *ends) else ["torn_tail"])


async def test_after_a_torn_tail_is_cut_off_the_next_record_is_found_again(history: tuple[bytes, list[int]]) -> None:
    data, _ = history
    for cut in range(0, len(data), 7):
        disk = with_file(data[:cut])
        journal, records, _ = await Journal.open(disk)
        await journal.add({"new": 1})
        _, again, notes = await Journal.open(disk)
        assert again == [*records, {"new": 1}] and notes == []


async def test_a_tail_that_the_file_system_filled_with_zeros_is_cut_off(history: tuple[bytes, list[int]]) -> None:
    data, ends = history
    for cut in (4, ends[3], ends[3] + 5, ends[-1]):
        disk = with_file(data[:cut] + bytes(500))
        _, records, notes = await Journal.open(disk)
        assert records == MIXED[: sum(end <= cut for end in ends)] and notes == ["torn_tail"]


async def test_a_flipped_bit_anywhere_costs_the_one_record_that_it_is_in(history: tuple[bytes, list[int]]) -> None:
    data, ends = history
    for at in range(segments.HEADER, len(data)):
        rotten = bytearray(data)
        rotten[at] ^= 1 << (at % 8)
        disk = with_file(bytes(rotten))
        _, records, notes = await Journal.open(disk)
        hit = sum(end <= at for end in ends)
        assert records == MIXED[:hit] + MIXED[hit + 1 :] and notes == (
            ["rotten_record"] if hit < len(MIXED) - 1 else ["torn_tail"]
        )


async def test_after_a_rotten_record_new_ones_are_added_behind_all_the_others(history: tuple[bytes, list[int]]) -> None:
    data, _ = history
    disk = with_file(data[:12] + bytes([data[12] ^ 255]) + data[13:])
    journal, _, _ = await Journal.open(disk)
    await journal.add({"new": 1})
    assert (await Journal.open(disk))[1] == [*MIXED[1:], {"new": 1}]


@pytest.mark.parametrize("byte", [4, 6])
async def test_a_journal_of_a_newer_format_or_sealing_is_refused_and_left_as_it_is(byte: int) -> None:
    disk, _ = await filled(MIXED)
    data = bytearray(disk.files[FIRST])
    data[byte] = 2
    disk.files[FIRST] = bytes(data)
    with pytest.raises(NewerFormat):
        await Journal.open(disk)
    assert disk.files == {FIRST: bytes(data)}


async def test_a_sealed_generation_is_let_go_only_when_the_next_one_is_durable() -> None:
    disk, _ = await filled(MIXED[:3])
    for at in range(2):
        for when in ("before", "middle", "after"):
            dark = Plug(disk.files, at, when)
            journal, records, _ = await Journal.open(dark)
            assert records == MIXED[:3]
            with pytest.raises(PulledPlug):
                await journal.next()
            assert FIRST in dark.files or SECOND in dark.files
            _, after, _ = await Journal.open(disk_of(dark.files))
            assert after == ([] if SECOND in dark.files else MIXED[:3])


async def test_of_two_generations_only_the_newer_counts_and_the_older_is_let_go() -> None:
    disk, _ = await filled(MIXED[:2])
    disk.files[SECOND] = (await filled(MIXED[2:4]))[0].files[FIRST]
    journal, records, _ = await Journal.open(disk)
    assert records == MIXED[2:4] and journal.name == SECOND and set(disk.files) == {SECOND}


async def test_a_record_that_was_refused_for_lack_of_room_is_never_found_and_the_next_one_is() -> None:
    for room in range(0, 60, 3):
        disk = Full()
        journal, _, _ = await Journal.open(disk)
        await journal.add(MIXED[0])
        disk.room = room
        with pytest.raises(StoreFull):
            await journal.add(MIXED[3])
        assert (await Journal.open(disk_of(disk.files)))[1] == [MIXED[0]]
        disk.room = None
        await journal.add(MIXED[1])
        assert (await Journal.open(disk_of(disk.files)))[1] == [MIXED[0], MIXED[1]]


async def test_while_what_was_refused_cannot_be_taken_back_nothing_is_written_behind_it() -> None:
    class Stuck(Full):
        stuck = True

        async def truncate(self, name: str, size: int) -> None:
            if self.stuck:
                raise StorageError(name)
            await super().truncate(name, size)

    disk = Stuck()
    journal, _, _ = await Journal.open(disk)
    await journal.add(MIXED[0])
    disk.room = 30
    with pytest.raises(StoreFull):
        await journal.add(MIXED[3])
    disk.room = None
    assert journal.in_doubt
    with pytest.raises(StorageError):
        await journal.add(MIXED[1])
    disk.stuck = False
    await journal.add(MIXED[1])
    assert (await Journal.open(disk_of(disk.files)))[1] == [MIXED[0], MIXED[1]] and not journal.in_doubt


async def test_a_next_generation_for_which_there_was_no_room_begins_with_the_next_record() -> None:
    disk = Full()
    journal, _, _ = await Journal.open(disk)
    await journal.add(MIXED[0])
    disk.room = 3
    with pytest.raises(StoreFull):
        await journal.next()
    disk.room = None
    await journal.add(MIXED[1])
    assert (await Journal.open(disk))[1] == [MIXED[1]]


async def test_a_journal_in_a_real_directory_is_cut_and_goes_on(tmp_path: object) -> None:
    disk = Directory(str(tmp_path))
    journal, _, _ = await Journal.open(disk)
    for record in MIXED[:4]:
        await journal.add(record)
    await disk.truncate(FIRST, await disk.size(FIRST) - 5)
    journal, records, notes = await Journal.open(disk)
    assert records == MIXED[:3] and notes == ["torn_tail"]
    await journal.next()
    assert await disk.names("local/") == {SECOND}


def test_a_record_is_its_length_its_checksum_and_itself() -> None:
    assert journals.frame(b"abc") == bytes.fromhex("00000003352441c2") + b"abc"
