"""Healing: what the folder has lost comes back from whoever holds the bytes, or the words; a late listing sets nothing off
(I13)."""

import pytest

from storage import compaction, names, segments
from storage.errors import BadBytes, Refused
from storage.folder.memory import Memory
from storage.folder.port import check_put
from storage.store import Store
from storage.sync import sync
from tests.storage.folds import folded, kinds
from tests.storage.parts import AMIRA, Faulty, disk_of, files_of, note, op_ids, picture
from tests.storage.weeks import DAY, HOUR, Time, at_desk, notes, rounds, saved


class Counts(Memory):
    """A folder that counts its puts."""

    def __init__(self) -> None:
        super().__init__()
        self.puts: list[str] = []

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        self.puts.append(name)
        return await super().put(name, data, nonce)


class Picky(Memory):
    """A hub's way with snapshots: taken only when all that they cover is here and whole; what rotted is not listed."""

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        if "/snap/" in name and not all(self._whole(one) for one in segments.read(name, data).covers):
            raise BadBytes(name)
        return await super().put(name, data, nonce)

    def _whole(self, name: str) -> bool:
        return names.matches(name, self.files.get(name, b""))

    async def names(self, prefix: str = "") -> set[str]:
        return {name for name in await super().names(prefix) if self._whole(name)}


async def one_and_other(folder: Memory, speaks: bool = False) -> tuple[Time, Store, Store]:
    """Two devices that both hold three notes with a picture of the first."""
    time = Time()
    one, other = await at_desk(time), await at_desk(time)
    other.speaks_for_all = speaks
    for number in range(3):
        await one.write([note(f"note {number}", f"observation:{number}")], picture(bytes([number])))
        await sync(one, folder)
    await sync(other, folder)
    return time, one, other


async def looks(time: Time, folder: Memory, *stores: Store, hours: int = 25) -> None:
    """Two looks, so many hours apart."""
    for step in (0, hours):
        time.at += step * HOUR
        for store in stores:
            await sync(store, folder)


# -- what comes back -----------------------------------------------------------------------------------------------------
async def test_i13_a_file_of_mine_that_the_folder_lost_is_put_again_after_a_day() -> None:
    folder = Counts()
    time, one, _ = await one_and_other(folder)
    name = min(kinds(folder.files, "log"))
    lost = folder.files.pop(name)
    folder.puts.clear()
    await looks(time, folder, one, hours=23)
    assert folder.puts == []
    await looks(time, folder, one, hours=2)
    assert folder.puts == [name] and folder.files[name] == lost
    await looks(time, folder, one)
    assert folder.puts == [name], "once"


async def test_i13_a_folder_brought_back_to_just_before_my_file_gets_it_again() -> None:
    """It then looks as it did at the last look at it, before that file was sent."""
    folder = Counts()
    time, one, other = await one_and_other(folder)
    before = dict(folder.files)
    await saved(other, folder, 1, first=9)
    folder.files = dict(before)
    await looks(time, folder, other)
    assert len(folder.files) == len(before) + 1
    await sync(one, folder)
    assert notes(one)["9"] == "note 9"


async def test_a_listing_that_comes_late_sets_nothing_off() -> None:
    folder = Counts()
    time, one, other = await one_and_other(folder, speaks=True)
    name = min(kinds(folder.files, "log"))
    folder.puts.clear()
    for _ in range(4):
        hidden = folder.files.pop(name)
        await sync(one, folder)
        await sync(other, folder)
        folder.files[name] = hidden
        time.at += 20 * HOUR
        await sync(one, folder)
        await sync(other, folder)
        time.at += 20 * HOUR
    assert folder.puts == [] and one.missing == other.missing == {}


async def test_i13_a_picture_comes_back_from_whoever_holds_it() -> None:
    folder = Faulty()
    time, _, other = await one_and_other(folder)
    name = min(kinds(folder.files, "media"))
    lost = folder.files.pop(name)
    await looks(time, folder, other)
    assert folder.files[name] == lost


async def test_i3_a_device_puts_no_file_of_another_unless_it_speaks_for_all() -> None:
    folder = Faulty()
    time, _, other = await one_and_other(folder)
    name = min(kinds(folder.files, "log"))
    lost = folder.files.pop(name)
    await looks(time, folder, other, hours=200)
    assert name not in folder.files
    other = await at_desk(time, disk_of(files_of(other)))
    other.speaks_for_all = True
    await looks(time, folder, other)
    assert folder.files[name] == lost


async def test_i13_when_all_of_the_folder_is_gone_it_comes_back_from_the_devices() -> None:
    folder = Faulty()
    time, one, other = await one_and_other(folder)
    before = dict(folder.files)
    folder.files = {f"p/school/log/{'e' * 16}.{'0' * 16}.000001-{'a' * 32}": b"so that it is not an empty folder"}
    await looks(time, folder, one, other)
    assert before.items() <= folder.files.items()


async def test_a_folder_with_nothing_in_it_is_not_believed() -> None:
    folder = Counts()
    time, one, _ = await one_and_other(folder)
    folder.files, folder.puts = {}, []
    await looks(time, folder, one, hours=500)
    assert folder.puts == [] and one.missing == {}


async def test_i13_what_rotted_on_both_sides_is_said_again_in_a_file_of_mine() -> None:
    folder = Faulty()
    time, one, _ = await one_and_other(folder)
    name = min(kinds(folder.files, "log"))
    del folder.files[name]
    files_of(one)[name] = b"rotten"
    ids = op_ids({name: data for name, data in folder.files.items() if segments.FILE_KINDS.get(name.split("/")[2]) == 1})
    await looks(time, folder, one)
    await sync(one, folder)
    again = await at_desk(time)
    await sync(again, folder)
    assert notes(again) == {str(number): f"note {number}" for number in range(3)}
    assert set(ids) < set(op_ids(folder.files)) and len(op_ids(folder.files)) == len(set(op_ids(folder.files)))


async def test_i13_the_words_of_a_lost_device_are_said_again_by_who_speaks_for_all() -> None:
    folder = Faulty()
    time, _, other = await one_and_other(folder, speaks=True)
    name = min(kinds(folder.files, "log"))
    del folder.files[name]
    files_of(other)[name] = b"rotten"
    await looks(time, folder, other)
    await sync(other, folder)
    again = await at_desk(time)
    await sync(again, folder)
    assert len(notes(again)) == 3 and all(name.split("/")[3].count(".") == 2 for name in kinds(folder.files, "log"))


async def test_the_first_look_is_remembered_by_a_restart() -> None:
    folder = Faulty()
    time, one, _ = await one_and_other(folder)
    name = min(kinds(folder.files, "log"))
    lost = folder.files.pop(name)
    await sync(one, folder)
    one = await at_desk(time, disk_of(files_of(one)))
    time.at += 25 * HOUR
    await sync(one, folder)
    assert folder.files[name] == lost


async def test_a_clock_that_is_set_back_only_makes_it_later() -> None:
    folder = Counts()
    time, one, _ = await one_and_other(folder)
    name = min(kinds(folder.files, "log"))
    lost = folder.files.pop(name)
    folder.puts.clear()
    await sync(one, folder)
    time.at -= 30 * 365 * DAY
    await sync(one, folder)
    assert folder.puts == []
    await looks(time, folder, one)
    await looks(time, folder, one)
    assert folder.files[name] == lost


async def test_a_no_is_asked_again_a_day_later_and_not_in_every_round() -> None:
    class Refuses(Counts):
        async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
            await super().put(name, data, nonce)
            del self.files[name]
            raise Refused(name)

    folder = Counts()
    time, one, _ = await one_and_other(folder)
    no = Refuses()
    no.files = dict(folder.files)
    del no.files[min(kinds(no.files, "log"))]
    for _ in range(72):
        time.at += HOUR
        await sync(one, no)
    assert 2 <= len(no.puts) <= 3


# -- with folds ----------------------------------------------------------------------------------------------------------
async def test_what_a_snapshot_in_the_folder_stands_for_is_not_missed() -> None:
    time, folder, store = await folded()
    other = await at_desk(time)
    await sync(other, folder)
    other.speaks_for_all = True
    for name in kinds(folder.files, "log"):
        del folder.files[name]
    await rounds(time, folder, store, other, days=4)
    assert not kinds(folder.files, "log") and store.missing == other.missing == {}


async def test_i13_a_snapshot_that_the_folder_lost_comes_back() -> None:
    time, folder, store = await folded()
    await rounds(time, folder, store, days=9)
    [(snap, data)] = [(name, folder.files.pop(name)) for name in kinds(folder.files, "snap")]
    folder.files[f"p/{AMIRA}/media/{'a' * 32}"] = b"so that the listing is none of nothing"
    await rounds(time, folder, store, days=3)
    assert folder.files[snap] == data


async def test_i13_what_a_snapshot_stands_for_is_mended_when_the_folder_would_not_take_it() -> None:
    """A file that it covers has rotted there: the device has it, and puts it again first."""
    time, folder = Time(), Picky()
    store = await at_desk(time)
    await saved(store, folder, 40)
    name = min(kinds(folder.files, "log"))
    folder.files[name] = b"rotten"
    await compaction.compact(store, folder)
    assert (await sync(store, folder)).problems == [] and not store.waiting
    assert names.matches(name, folder.files[name]) and len(kinds(folder.files, "snap")) == 1


async def test_i13_a_fold_that_the_folder_has_not_got_stands_for_nothing_there() -> None:
    """The snapshot waits here, and a file that it covers is gone there: it is missed, and comes back."""

    class NoFolds(Memory):
        async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
            check_put(name, data)
            if "/snap/" in name:
                raise Refused(name)
            return await super().put(name, data, nonce)

    time, folder = Time(), NoFolds()
    store = await at_desk(time)
    await saved(store, folder, 40)
    await compaction.compact(store, folder)
    name = min(kinds(folder.files, "log"))
    lost = folder.files.pop(name)
    await looks(time, folder, store)
    assert folder.files[name] == lost


@pytest.mark.parametrize("speaks", [True, False])
async def test_i5_healing_changes_nobodys_view(speaks: bool) -> None:
    folder = Faulty()
    time, one, other = await one_and_other(folder, speaks)
    before = notes(one)
    for name in sorted(folder.files)[::2]:
        del folder.files[name]
    await looks(time, folder, one, other)
    await looks(time, folder, one, other)
    fresh = await at_desk(time)
    await sync(fresh, folder)
    assert notes(fresh) == notes(one) == notes(other) == before
