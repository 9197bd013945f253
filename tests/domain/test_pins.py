"""PINs: which may be chosen, and how long a wrong one keeps out."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.door.pins import LONGEST, MOST_WRONG, SHORTEST, Lock, Pick, objection

LOCK = Lock("00", "00", 4)
TIMES = st.integers(0, 2**42)


@pytest.mark.parametrize("pin", ["", "1", "123", "123456789", "12a4", "٣٤٥٦", "12 4", "-123", "1.25"])
def test_a_pin_has_four_to_eight_digits(pin: str) -> None:
    assert objection(pin, pin) is Pick.LENGTH


@pytest.mark.parametrize("pin", ["1111", "00000000", "1234", "4321", "7890", "3210", "23456"])
def test_one_that_everybody_would_try_is_refused(pin: str) -> None:
    assert objection(pin, pin) is Pick.EASY


@pytest.mark.parametrize("pin", ["2580", "1357", "1122", "90210", "12345679"])
def test_others_are_taken_when_they_are_typed_the_same_twice(pin: str) -> None:
    assert objection(pin, pin) is None and objection(pin, pin[::-1] + "0") is Pick.DIFFERENT


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    if objection(text, text) is None:
        assert SHORTEST <= len(text) <= LONGEST and text.isdigit()


def test_the_wait_doubles_and_after_ten_only_the_senco_helps() -> None:
    lock, waits = LOCK, []
    for _ in range(MOST_WRONG):
        assert not lock.shut
        lock = lock.tried(now=0)
        waits.append(lock.wait(now=0) // 1000)
    assert waits == [1, 2, 4, 8, 16, 32, 64, 128, 256, 512] and lock.shut


@given(TIMES, TIMES, st.integers(1, MOST_WRONG))
def test_no_clock_makes_anybody_wait_longer_than_the_step(tried: int, now: int, wrong: int) -> None:
    lock = LOCK
    for _ in range(wrong):
        lock = lock.tried(tried)
    wait = lock.wait(now)
    assert 0 <= wait <= 1000 * 2 ** (wrong - 1)
    assert lock.wait(tried + 1000 * 2 ** (wrong - 1)) == 0, "and when it is over it is over"


def test_the_right_one_makes_good_the_wrong_ones() -> None:
    assert LOCK.tried(5).tried(6).opened() == LOCK
