"""The recovery sheet is read as it was printed, or a slip is found: never another key."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.records.recovery_sheet import LETTERS, ROWS, Slip, key_of, read_row, rows_of

keys = st.binary(min_size=32, max_size=32)
places = st.tuples(st.integers(0, ROWS - 1), st.sampled_from([0, 1, 2, 3, 5, 6, 7, 8]))


@given(keys)
def test_what_is_typed_as_printed_is_the_key(key: bytes) -> None:
    rows = rows_of(key)
    assert len(rows) == ROWS and all(len(row) == 9 for row in rows)
    assert key_of(rows) == key
    assert key_of([f" {n}  {row.lower().replace('-', ' ')} " for n, row in enumerate(rows, 1)]) == key
    for between in ("", " ", " - "):
        assert key_of([row.lower().replace("-", between) for row in rows]) == key, "without its number, too"


@given(keys)
def test_letters_that_look_alike_are_read_as_what_they_are(key: bytes) -> None:
    assert key_of([row.replace("0", "O").replace("1", "l") for row in rows_of(key)]) == key


@given(keys, places, st.sampled_from(LETTERS))
def test_any_single_changed_letter_is_found(key: bytes, place: tuple[int, int], letter: str) -> None:
    rows, (row, at) = rows_of(key), place
    changed = rows[row][:at] + letter + rows[row][at + 1 :]
    typed = [*rows[:row], changed, *rows[row + 1 :]]
    if changed == rows[row]:
        assert key_of(typed) == key
    else:
        with pytest.raises(Slip) as slip:
            key_of(typed)
        assert slip.value.row in {0, row + 1}, "never another row is blamed"


@given(keys, places, places)
def test_any_two_swapped_letters_are_found(key: bytes, one: tuple[int, int], other: tuple[int, int]) -> None:
    grid = [list(row) for row in rows_of(key)]
    (a, b), (c, d) = one, other
    same = grid[a][b] == grid[c][d]
    grid[a][b], grid[c][d] = grid[c][d], grid[a][b]
    typed = ["".join(row) for row in grid]
    if same:
        assert key_of(typed) == key
    else:
        with pytest.raises(Slip):
            key_of(typed)


@given(keys, st.permutations(range(ROWS)))
def test_rows_in_another_order_are_found(key: bytes, order: list[int]) -> None:
    rows = rows_of(key)
    typed = [rows[at] for at in order]
    if typed != rows:
        with pytest.raises(Slip):
            key_of(typed)


@given(st.integers(1, ROWS), st.text(max_size=20))
def test_whatever_is_typed_it_is_a_row_or_a_slip(number: int, text: str) -> None:
    try:
        assert len(read_row(number, text)) == 5
    except Slip as slip:
        assert slip.row == number


@pytest.mark.parametrize("count", [0, 1, 8, 10])
def test_a_sheet_with_too_few_or_too_many_rows_is_none(count: int) -> None:
    with pytest.raises(Slip):
        key_of([*rows_of(bytes(32)), "0000-0000"][:count])
