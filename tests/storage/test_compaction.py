"""Compaction: many small files of mine become one, and exactly what was folded goes, long after it was read back (I8)."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import compaction, healing, names, segments
from storage.compaction import WEEK, groups
from storage.errors import Refused, Unreachable
from storage.folder.memory import Memory
from storage.ops import Change
from storage.sync import sync
from tests.storage.folds import folded, kinds
from tests.storage.parts import AMIRA, BEN, Faulty, disk_of, files_of, note, picture
from tests.storage.weeks import DAY, HOUR, Time, at_desk, notes, rounds, saved


# -- folding -------------------------------------------------------------------------------------------------------------
async def test_a_few_files_are_not_worth_a_fold() -> None:
    time, folder = Time(), Memory()
    store = await at_desk(time)
    await saved(store, folder, compaction.LEAST - 1)
    await compaction.compact(store, folder)
    assert not kinds(files_of(store), "snap")
    await saved(store, folder, 1, first=99)
    await compaction.compact(store, folder)
    assert len(kinds(files_of(store), "snap")) == 1


async def test_i8_a_snapshot_names_exactly_the_files_whose_ops_it_holds() -> None:
    _, folder, store = await folded()
    [snap] = kinds(folder.files, "snap")
    made = segments.read(snap, folder.files[snap])
    assert set(made.covers) == kinds(folder.files, "log") and len(made.covers) == 40
    assert {op.entity for op in made.ops} == {f"observation:{number}" for number in range(40)}
    assert store.pending().entities == 0, "what is folded does not wait anew for people"


async def test_what_is_not_checked_is_not_folded() -> None:
    time, folder = Time(), Memory()
    store = await at_desk(time)
    await saved(store, folder, 31)
    for number in range(5):
        await store.write([note("not sent", f"observation:n{number}")])
        await store.seal()
    await compaction.compact(store, folder)
    assert not kinds(files_of(store), "snap")


async def test_i3_nobody_folds_files_of_another_device() -> None:
    time, folder = Time(), Memory()
    one, other = await at_desk(time), await at_desk(time)
    await saved(one, folder, 40)
    await sync(other, folder)
    await compaction.compact(other, folder)
    assert not kinds(files_of(other), "snap")


async def test_each_child_is_folded_apart() -> None:
    time, folder = Time(), Memory()
    store = await at_desk(time)
    for partition in (AMIRA, BEN):
        await saved(store, folder, 33, partition=partition)
    await compaction.compact(store, folder)
    for partition in (AMIRA, BEN):
        [snap] = kinds(files_of(store), "snap", partition)
        covers = segments.read(snap, files_of(store)[snap]).covers
        assert {name.split("/")[1] for name in covers} == {partition}


async def test_the_media_of_what_is_folded_are_the_snapshots_too() -> None:
    time, folder = Time(), Memory()
    store = await at_desk(time)
    for number in range(33):
        await store.write([note("with a picture", f"observation:{number}")], picture(bytes([number])))
        await sync(store, folder)
    await compaction.compact(store, folder)
    [snap] = kinds(files_of(store), "snap")
    assert set(segments.read(snap, files_of(store)[snap]).media_names) == kinds(folder.files, "media")


async def test_a_file_that_has_rotted_here_is_mended_before_it_is_folded() -> None:
    time, folder = Time(), Memory()
    store = await at_desk(time)
    await saved(store, folder, 40)
    name = min(kinds(files_of(store), "log"))
    files_of(store)[name] = b"rotten"
    await compaction.compact(store, folder)
    assert not kinds(files_of(store), "snap")
    store.spoilt(name, AMIRA)
    await sync(store, folder)
    await compaction.compact(store, folder)
    assert len(kinds(files_of(store), "snap")) == 1


async def test_i10_what_a_newer_small_steps_said_of_a_file_is_not_folded_away() -> None:
    time, folder = Time(), Memory()
    store = await at_desk(time)
    await saved(store, folder, 40)
    name = min(kinds(files_of(store), "log"))
    head, *ops = segments.unpack(segments.body(files_of(store)[name], segments.SEGMENT))
    assert isinstance(head, dict)
    data = segments.header(segments.SEGMENT) + segments.pack([head | {"mood": "sunny"}, *ops])
    parts = names.parse(name)
    assert parts
    newer = str(names.Name(AMIRA, "log", names.hash_of(data), parts.dev, parts.inc, parts.seq))
    for files in (files_of(store), folder.files):
        files[newer] = files.pop(name)
        files[newer] = data
    again = await at_desk(time, disk_of(files_of(store)))
    await sync(again, folder)
    await compaction.compact(again, folder)
    assert newer in files_of(again) and not kinds(files_of(again), "snap")


@given(st.dictionaries(st.integers(0, 999).map(str), st.integers(1, 60)), st.integers(1, 8), st.integers(10, 100))
def test_groups_are_worth_it_and_never_too_large(files: dict[str, int], least: int, most: int) -> None:
    made = list(groups(files, least, most))
    flat = [name for group in made for name in group]
    assert len(flat) == len(set(flat)) and set(flat) <= set(files)
    assert all(len(group) >= least and sum(files[name] for name in group) <= most for group in made)


async def test_what_would_be_too_large_is_folded_in_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    time, folder = Time(), Memory()
    store = await at_desk(time)
    await saved(store, folder, 40)
    monkeypatch.setattr(compaction, "MOST_FOLDED", 1200)
    await compaction.compact(store, folder)
    made = [segments.read(name, files_of(store)[name]) for name in kinds(files_of(store), "snap")]
    covered = [name for part in made for name in part.covers]
    assert len(made) > 1 and sorted(covered) == sorted(kinds(folder.files, "log"))


# -- deleting ------------------------------------------------------------------------------------------------------------
async def test_i8_nothing_goes_within_a_week() -> None:
    time, folder, store = await folded()
    for _ in range(6):
        await rounds(time, folder, store)
        assert len(kinds(folder.files, "log")) == 40 == len(kinds(files_of(store), "log"))
    await rounds(time, folder, store, days=2)
    assert not kinds(folder.files, "log") and not kinds(files_of(store), "log")
    again = await at_desk(time, disk_of(files_of(store)))
    assert notes(again) == notes(store) and len(notes(store)) == 40


async def test_i8_a_device_that_comes_seldom_waits_three_times_as_long() -> None:
    time, folder, store = await folded()
    await rounds(time, folder, store)
    time.at += 9 * DAY
    for _ in range(24):
        await rounds(time, folder, store)
        if not kinds(folder.files, "log"):
            break
    assert time.at - 1_795_000_000_000 >= 27 * DAY


async def test_a_pause_of_years_is_a_wrong_clock_and_does_not_stop_it_for_ever() -> None:
    time, folder, store = await folded()
    time.at += 80 * 365 * DAY
    await rounds(time, folder, store)
    time.at -= 80 * 365 * DAY
    for _ in range(190):
        await rounds(time, folder, store)
    assert not kinds(folder.files, "log")


@pytest.mark.parametrize("jump", [-50 * 365 * DAY, -3 * DAY])
async def test_i8_a_clock_that_is_set_back_only_makes_it_later(jump: int) -> None:
    time, folder, store = await folded()
    await rounds(time, folder, store, days=5)
    time.at += jump
    await rounds(time, folder, store, days=2)
    assert len(kinds(folder.files, "log")) == 40
    await rounds(time, folder, store, days=30)
    assert not kinds(folder.files, "log")


@pytest.mark.parametrize("damage", [lambda files, name: files.pop(name), lambda files, name: files.update({name: b"rotten"})])
async def test_i8_nothing_goes_when_the_folder_has_not_the_snapshot_whole(
    damage: Callable[[dict[str, bytes], str], object],
) -> None:
    time, folder, store = await folded()
    await rounds(time, folder, store, days=6)
    [snap] = kinds(folder.files, "snap")
    damage(folder.files, snap)
    time.at += 2 * DAY
    await compaction.compact(store, folder)
    assert len(kinds(folder.files, "log")) == 40 == len(kinds(files_of(store), "log"))


async def test_i8_a_snapshot_that_was_never_read_back_lets_nothing_go() -> None:
    time, folder = Time(), Faulty()
    store = await at_desk(time)
    await saved(store, folder, 40)
    for _ in range(12):
        folder.faults = ["lie"] * 200  # whatever is put, the answer is of something else
        await rounds(time, folder, store)
    assert len(kinds(folder.files, "log")) == 40


async def test_i8_what_came_after_the_fold_stays() -> None:
    time, folder, store = await folded()
    await saved(store, folder, 5, first=100)
    late = kinds(folder.files, "log") - set(segments.read(*_one_snap(folder)).covers)
    await rounds(time, folder, store, days=9)
    assert kinds(folder.files, "log") == late and len(late) == 5


def _one_snap(folder: Memory) -> tuple[str, bytes]:
    [snap] = kinds(folder.files, "snap")
    return snap, folder.files[snap]


async def test_a_no_of_the_hub_leaves_the_file_here_too() -> None:
    class Never(Memory):
        async def delete(self, name: str) -> None:
            raise Refused(name)

    time, folder = Time(), Never()
    store = await at_desk(time)
    await saved(store, folder, 40)
    await rounds(time, folder, store, days=10)
    assert len(kinds(folder.files, "log")) == 40 == len(kinds(files_of(store), "log"))


async def test_broken_off_in_the_middle_of_deleting_it_goes_on_the_next_time() -> None:
    class Breaks(Memory):
        left = 10**6

        async def delete(self, name: str) -> None:
            self.left -= 1
            if self.left < 0:
                raise Unreachable
            await super().delete(name)

    time, folder = Time(), Breaks()
    store = await at_desk(time)
    await saved(store, folder, 40)
    await rounds(time, folder, store, days=8)
    time.at += DAY
    folder.left = 7
    with pytest.raises(Unreachable):
        await compaction.compact(store, folder)
    folder.left = 10**6
    again = await at_desk(time, disk_of(files_of(store)))
    await rounds(time, folder, again, days=3)
    assert not kinds(folder.files, "log") and not kinds(files_of(again), "log") and len(notes(again)) == 40


async def test_i8_a_restart_forgets_neither_the_wait_nor_the_fold() -> None:
    time, folder, store = await folded()
    for _ in range(9):
        await rounds(time, folder, store)
        store = await at_desk(time, disk_of(files_of(store)))
    assert not kinds(folder.files, "log") and len(notes(store)) == 40


async def test_i5_others_forget_what_was_folded_and_see_the_same() -> None:
    time, folder, store = await folded()
    other = await at_desk(time)
    await sync(other, folder)
    await rounds(time, folder, store, other, days=10)
    fresh = await at_desk(time)
    await sync(fresh, folder)
    for one in (store, other, fresh):
        assert notes(one) == notes(store) and len(notes(one)) == 40
        assert kinds(files_of(one), "log") == set() and len(kinds(files_of(one), "snap")) == 1


async def test_i8_what_comes_back_from_a_backup_is_not_fetched_and_goes_again() -> None:
    time, folder, store = await folded()
    old = dict(folder.files)
    await rounds(time, folder, store, days=9)
    folder.files |= old
    other = await at_desk(time)
    outcome = await sync(other, folder)
    assert outcome.problems == []
    await rounds(time, folder, store, days=1)
    assert not kinds(folder.files, "log")


async def test_a_fold_is_folded_again_and_the_first_fold_goes() -> None:
    time, folder, store = await folded()
    first, _ = _one_snap(folder)
    await rounds(time, folder, store, days=9)
    await saved(store, folder, 40, first=100)
    await rounds(time, folder, store, days=10)
    assert first not in folder.files and len(kinds(folder.files, "snap")) == 1 and not kinds(folder.files, "log")
    assert len(notes(await at_desk(time, disk_of(files_of(store))))) == 80


async def test_i6_an_edit_of_what_was_folded_beats_it() -> None:
    time, folder, store = await folded()
    await rounds(time, folder, store, days=9)
    fresh = await at_desk(time, disk_of(files_of(store)))
    await fresh.write([note("better words", "observation:7")])
    assert notes(fresh)["7"] == "better words" and "_others" not in (fresh.library.get("observation:7") or {})


async def test_i7_a_rewording_that_had_not_seen_the_folded_text_keeps_both() -> None:
    time, folder, store = await folded()
    away = await at_desk(time)
    await sync(away, folder)
    await away.write([note("in the drawer", "observation:7")])
    await store.write([note("at the desk", "observation:7")])
    await rounds(time, folder, store, days=9)
    await sync(away, folder)
    await sync(store, folder)
    for one in (store, away):
        document = one.library.get("observation:7")
        assert document and {document["note"], *document["_others"]["note"]} == {"in the drawer", "at the desk"}


async def test_what_is_noted_is_read_kindly() -> None:
    _, folder, store = await folded()
    for torn in (b"", b"{", b"[]", b'{"longest": "x"}'):
        files_of(store)[compaction.NOTED] = torn
        await compaction.compact(store, folder)
    assert len(kinds(folder.files, "log")) == 40


async def test_i8_a_snapshot_of_strangers_covers_nothing_of_mine() -> None:
    """Whatever a foreign snapshot says it covers, only files of its own device are folded away by it."""
    time, folder, store = await folded()
    other = await at_desk(time)
    await other.write([Change(AMIRA, "x:1", "v", 1)])
    mine = kinds(folder.files, "log")
    await other.snapshot(AMIRA, [op for _, op in other.library.ops()], [], mine)
    await sync(other, folder)
    await sync(store, folder)
    foreign = next(name for name in kinds(files_of(store), "snap") if other.device in name)
    found = await healing.folds(store, AMIRA)
    assert all(foreign not in snaps for snaps in found.values())
    time.at += WEEK + HOUR
    await sync(other, folder)
    assert mine <= kinds(files_of(store), "log")


async def test_a_snapshot_of_a_newer_format_on_this_disk_stops_nobody() -> None:
    """Small Steps was set back to an older one."""
    time, folder, store = await folded()
    data = b"SMST\2\4\0\0of next year"
    files_of(store)[f"p/{AMIRA}/snap/{'e' * 16}.{'0' * 16}.000001-{names.hash_of(data)}"] = data
    again = await at_desk(time, disk_of(files_of(store)))
    folder.files[f"p/{AMIRA}/media/{'a' * 32}"] = b"so that there is something to look at"
    assert {problem.split()[0] for problem in (await sync(again, folder)).problems} == {"newer_format", "bad_bytes"}
