"""A folder that says it came out of a backup has lost what it does not list: it gets it at once, and is then one as any other."""

from storage import healing
from storage.folder.memory import Memory
from storage.store import Store
from storage.sync import sync
from tests.storage.parts import AMIRA, files_of, note, op_ids, picture
from tests.storage.weeks import HOUR, Time, at_desk, notes, saved

MINUTE = HOUR // 60


class OutOfABackup(Memory):
    """`brought_back` is the word for its restores; `shut` takes nothing of what it is given."""

    def __init__(self) -> None:
        super().__init__()
        self.brought_back = ""
        self.shut = False
        self.puts: list[str] = []

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        self.puts.append(name)
        return "nothing" if self.shut else await super().put(name, data, nonce)

    def go_back(self, files: dict[str, bytes], word: str = "one") -> None:
        self.files, self.brought_back, self.puts = dict(files), word, []


async def one_that_was_ahead() -> tuple[Time, Store, OutOfABackup, dict[str, bytes]]:
    """A device that has sent three notes with a picture, and the folder as it was after the first."""
    time, folder = Time(), OutOfABackup()
    one = await at_desk(time)
    await saved(one, folder, 1)
    before = dict(folder.files)
    await one.write([note("with a picture", "observation:9")], picture())
    await saved(one, folder, 2, first=1)
    return time, one, folder, before


async def test_what_it_lost_is_there_again_after_one_round_and_nothing_twice() -> None:
    _, one, folder, before = await one_that_was_ahead()
    everything = dict(folder.files)
    folder.go_back(before)
    await sync(one, folder)
    assert folder.files == everything and sorted(folder.puts) == sorted(everything.keys() - before.keys())
    assert await healing.healed(one) == "one" and not one.missing
    await sync(one, folder)
    assert len(folder.puts) == len(everything.keys() - before.keys())


async def test_the_same_folder_that_says_nothing_is_waited_for_as_ever() -> None:
    _, one, folder, before = await one_that_was_ahead()
    folder.go_back(before, "")
    await sync(one, folder)
    assert not folder.puts and one.missing and not one.heals_now


async def test_a_partition_that_is_not_there_at_all_comes_back_too() -> None:
    time, folder = Time(), OutOfABackup()
    one = await at_desk(time)
    await saved(one, folder, 1, partition="b" * 32)
    before = dict(folder.files)
    await saved(one, folder, 2, first=1)
    everything = dict(folder.files)
    folder.go_back(before)
    await sync(one, folder)
    assert folder.files == everything and any(AMIRA in name for name in folder.puts)


async def test_what_was_missed_already_when_it_came_back_is_put_again_soon() -> None:
    time, one, folder, before = await one_that_was_ahead()
    folder.go_back(before, "")
    await sync(one, folder)
    folder.go_back(before)
    await sync(one, folder)
    time.at += 11 * MINUTE
    await sync(one, folder)
    assert len(folder.files) == len(before) + 3


async def test_a_no_is_a_no_for_ten_minutes_and_until_then_nothing_counts_as_healed() -> None:
    time, one, folder, before = await one_that_was_ahead()
    folder.go_back(before)
    folder.shut = True
    await sync(one, folder)
    tries = len(folder.puts)
    assert tries == 3 and await healing.healed(one) == ""
    time.at += 5 * MINUTE
    await sync(one, folder)
    assert len(folder.puts) == tries
    folder.shut = False
    time.at += 6 * MINUTE
    await sync(one, folder)
    await sync(one, folder)
    assert len(folder.files) == len(before) + 3 and await healing.healed(one) == "one"


async def test_after_it_was_healed_a_late_listing_sets_nothing_off() -> None:
    time, one, folder, before = await one_that_was_ahead()
    folder.go_back(before)
    await sync(one, folder)
    folder.go_back({name: data for name, data in folder.files.items() if "000002" not in name})
    await sync(one, folder)
    assert not folder.puts and len(one.missing) == 1
    folder.go_back(before, "one")
    folder.brought_back = "two"
    time.at += HOUR
    await sync(one, folder)
    assert len(folder.puts) == 3


async def test_a_start_in_between_changes_nothing() -> None:
    time, one, folder, before = await one_that_was_ahead()
    folder.go_back(before)
    again = await at_desk(time, one.disk)  # type: ignore[arg-type]
    await sync(again, folder)
    assert len(folder.files) == len(before) + 3
    third = await at_desk(time, one.disk)  # type: ignore[arg-type]
    await sync(third, folder)
    assert not third.heals_now and await healing.healed(third) == "one"


async def test_what_another_device_wrote_is_brought_back_by_who_speaks_for_all() -> None:
    time, one, folder, before = await one_that_was_ahead()
    other = await at_desk(time)
    await sync(other, folder)
    everything = dict(folder.files)
    folder.go_back(before)
    await sync(other, folder)
    assert all("/media/" in name for name in folder.puts), "pictures belong to nobody"
    other.speaks_for_all = True
    folder.go_back(before, "two")
    await sync(other, folder)
    assert folder.files == everything and len(op_ids(folder.files)) == len(set(op_ids(folder.files)))
    assert notes(other) == notes(one) and files_of(one)
