"""The page of errors is the one that is made from the errors; each of them is on it in its exact sentence."""

import re

import pytest

from app.errors import SmallStepsError, leaves
from storage import errors as ground
from tests.docs.errors_page import PAGE, meanings, of_the_ground, page


def test_the_page_is_as_it_is_made() -> None:
    """If not: `python -m tests.docs.errors_page`."""
    assert PAGE.read_text(encoding="utf-8") == page()


@pytest.mark.parametrize("kind", [SmallStepsError, *leaves()], ids=lambda kind: kind.code)
def test_every_error_is_told_in_its_exact_sentence(kind: type[SmallStepsError]) -> None:
    assert f"| `{kind.code}` | {kind.message} |" in page()


def test_no_error_is_told_that_is_not_there_and_none_twice() -> None:
    told = re.findall(r"^\| `(\w+)` \| [A-Z]", page(), re.MULTILINE)
    assert sorted(told) == sorted([SmallStepsError.code, *(leaf.code for leaf in leaves())])


def test_the_builds_own_errors_are_among_them() -> None:
    assert {"flet_changed", "wheel_missing"} <= set(re.findall(r"`(\w+)`", page().partition("## Of the build")[2]))


def test_every_error_of_the_ground_is_told_with_what_it_means() -> None:
    told = page().partition("## On the ground")[2]
    assert [kind.__name__ for kind in of_the_ground()] == list(meanings())
    assert set(ground.StorageError.__subclasses__()) <= set(of_the_ground())
    assert all(f"| `{kind.code}` | {meanings()[kind.__name__]} |" in told for kind in of_the_ground())
