"""The audit log's chain, as values: whatever is changed, taken out, put in, swapped or cut off is found; and what is whole is
whole, also where the hub was killed between an entry and the head."""

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from app.domain.records.acts import What
from app.hub.records.chain import AREA, HEAD, NOTHING, Chain, Head, file_of, hash_of, in_order, opened, sealed

KEY, OTHER = b"k" * 32, b"o" * 32
DAY = 86_400_000  # ms
START = 1_795_000_000_000
Files = dict[str, bytes]


def written(days: list[int], key: bytes = KEY, before: Head = Head(), what: What = What.FAMILY_LOOKED) -> tuple[Files, Head]:  # noqa: B008
    """A log of so many entries a day, one file a day, as the hub writes it."""
    files: Files = {}
    head = before
    for number, count in enumerate(days):
        at, name = START + number * DAY, file_of(START + number * DAY, head.n + 1)
        for _ in range(count):
            line = sealed(key, entry(at, head, what))
            files[name] = files.get(name, b"") + line + b"\n"
            head = Head(head.n + 1, hash_of(line))
    return files, head


def entry(at: int, head: Head, what: What) -> dict[str, Any]:
    about = {"pupil": f"{head.n:032x}"}
    return {"n": head.n + 1, "at": at, "what": str(what), "who": {}, "about": about, "why": "", "before": head.hash}


def read(files: Files, head: Head | None, key: bytes | None = KEY) -> Chain:
    chain = Chain(key)
    for name in in_order(set(files)):
        chain.take(name, files[name])
    chain.end(head)
    return chain


def codes(chain: Chain) -> set[str]:
    return {fault.code for fault in chain.faults}


LOGS = st.lists(st.integers(1, 4), min_size=1, max_size=4)


@given(LOGS)
def test_what_the_hub_wrote_is_whole_with_the_key_and_without(days: list[int]) -> None:
    files, head = written(days)
    for key in (KEY, None):
        chain = read(files, head, key)
        assert chain.whole and (chain.n, chain.hash, chain.count) == (head.n, head.hash, sum(days))


@given(LOGS, st.data())
def test_any_changed_byte_is_found_with_the_key_and_without(days: list[int], data: st.DataObject) -> None:
    files, head = written(days)
    name = data.draw(st.sampled_from(sorted(files)))
    at = data.draw(st.integers(0, len(files[name]) - 1))
    byte = data.draw(st.integers(0, 255).filter(lambda one: one != files[name][at]))
    changed = files | {name: files[name][:at] + bytes([byte]) + files[name][at + 1 :]}
    assert not read(changed, head).whole and not read(changed, head, key=None).whole


@given(LOGS, st.data())
def test_a_line_that_was_taken_out_doubled_or_swapped_is_found(days: list[int], data: st.DataObject) -> None:
    files, head = written(days)
    flat = [(name, line) for name in sorted(files) for line in files[name].splitlines(keepends=True)]
    one, other = data.draw(st.integers(0, len(flat) - 1)), data.draw(st.integers(0, len(flat) - 1))
    without = [*flat[:one], *flat[one + 1 :]]
    swapped = list(flat)
    swapped[one], swapped[other] = (flat[one][0], flat[other][1]), (flat[other][0], flat[one][1])
    for lines in [without, [*flat[: one + 1], *flat[one:]], *([swapped] if one != other else [])]:
        made: Files = dict.fromkeys(files, b"")
        for name, line in lines:
            made[name] += line
        assert not read(made, head).whole and not read(made, head, key=None).whole


@given(st.lists(st.integers(1, 3), min_size=2, max_size=4), st.data())
def test_a_day_that_was_taken_out_or_changed_places_is_found(days: list[int], data: st.DataObject) -> None:
    files, head = written(days)
    one, other = data.draw(st.permutations(sorted(files)))[:2]
    gone = {name: lines for name, lines in files.items() if name != one}
    for changed in (gone, files | {one: files[other], other: files[one]}, files | {one: b""}):
        assert not read(changed, head).whole and not read(changed, head, key=None).whole


@given(LOGS, st.data())
def test_an_end_that_was_cut_off_is_found_by_the_head(days: list[int], data: st.DataObject) -> None:
    files, head = written(days)
    last = max(files)
    cut = data.draw(st.integers(0, len(files[last]) - 1))
    assert not read(files | {last: files[last][:cut]}, head).whole
    assert "cut" in codes(read({name: lines for name, lines in files.items() if name != last}, head))


def test_all_of_it_gone_is_found_by_the_head_and_a_head_that_is_gone_by_the_log() -> None:
    files, head = written([2, 2])
    assert codes(read({}, head)) == {"cut"} and codes(read(files, None)) == {"no_head"} and read({}, None).whole


@given(LOGS)
def test_a_hub_killed_between_an_entry_and_the_head_leaves_a_whole_log(days: list[int]) -> None:
    files, _ = written(days)
    lines = files[max(files)].splitlines()
    before = opened(lines[-1]) or {}
    assert read(files, Head(before["n"] - 1, before["before"])).whole


def test_a_head_of_long_ago_is_told() -> None:
    files, head = written([1, 1, 1, 1])
    old = opened(files[min(files)].rstrip())
    assert old and codes(read(files, Head(1, hash_of(files[min(files)].rstrip())))) == {"old_head"} and head.n == 4


def test_a_chain_that_was_made_all_anew_is_found_with_the_key_alone() -> None:
    files, head = written([2, 2], OTHER)
    assert read(files, head, key=None).whole and codes(read(files, head)) == {"strange_key"}


def test_one_forged_entry_is_told_with_its_number() -> None:
    files, head = written([2])
    more, head = written([1], OTHER, head)
    (name,) = files
    chain = read({name: files[name] + next(iter(more.values()))}, head)
    assert [(fault.code, fault.n) for fault in chain.faults] == [("forged", 3)]


def test_a_hub_with_a_new_key_says_so_and_what_stands_before_holds_as_it_stood_then() -> None:
    files, head = written([2], OTHER)
    more, head = written([1], KEY, head, What.NEW_KEY)
    (old,) = files
    (line,) = more.values()
    assert read({old: files[old] + line}, head).whole
    spoilt = files[old].replace(f"{0:032x}".encode(), f"{7:032x}".encode())
    assert not read({old: spoilt + line}, head).whole


def test_strangers_in_the_area_are_no_part_of_it() -> None:
    files, head = written([2])
    assert read(files | {f"{AREA}2026-11-25 (conflicted copy).jsonl": b"?", HEAD: b"?"}, head).whole


def test_the_first_entry_follows_nothing() -> None:
    assert opened(next(iter(written([1])[0].values())).rstrip())["before"] == NOTHING  # type: ignore[index]
