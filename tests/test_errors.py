"""The tree of errors is whole: every leaf is drawn in it, has a code of its own, and speaks in sentences."""

import re

import pytest

from app import errors
from app.errors import GROUND, SmallStepsError, for_people, leaves
from storage import errors as ground

LEAVES = pytest.mark.parametrize("leaf", leaves(), ids=lambda leaf: leaf.code)


def drawn() -> set[str]:
    """The names in the docstring's tree."""
    return set(re.findall(r"\b[A-Z][A-Za-z]+\b", "".join(line.partition(":")[2] for line in tree_lines())))


def tree_lines() -> list[str]:
    lines = (errors.__doc__ or "").split("\n")
    return [line if ":" in line else f":{line}" for line in lines[3:]]


def ours() -> set[str]:
    return {leaf.__name__ for leaf in leaves() if leaf.__module__ == "app.errors"}


def test_every_leaf_is_in_the_picture_of_the_tree_and_nothing_else() -> None:
    assert drawn() == ours()


def test_every_code_is_one_leafs_alone() -> None:
    codes = [leaf.code for leaf in leaves()] + [SmallStepsError.code]
    assert len(codes) == len(set(codes)) and all(re.fullmatch(r"[a-z_]+", code) for code in codes)


@LEAVES
def test_what_people_read_is_whole_sentences(leaf: type[SmallStepsError]) -> None:
    message = leaf().message
    assert re.fullmatch(r"[A-Z].*[A-Za-z0-9)]\.", message) and "Error" not in message and "_" not in message
    assert 20 <= len(message) <= 200


@LEAVES
def test_the_hub_can_answer_with_it(leaf: type[SmallStepsError]) -> None:
    assert 400 <= leaf.status <= 599 and leaf.exit_code > 0 and isinstance(leaf.retry, bool)


def test_other_words_may_be_said_for_the_same_error() -> None:
    made = errors.NotAllowed("A device cannot end itself.")
    assert (made.message, str(made), made.code) == ("A device cannot end itself.", "A device cannot end itself.", "not_allowed")
    assert errors.NotAllowed().message != made.message


def test_every_error_of_the_ground_has_words_for_people() -> None:
    assert set(GROUND) == set(ground.StorageError.__subclasses__())
    assert all(isinstance(for_people(kind("x")), GROUND[kind]) for kind in GROUND)


def test_an_error_of_ours_stays_itself() -> None:
    made = errors.EmptyFile()
    assert for_people(made) is made


@pytest.mark.parametrize("error", [ValueError("a secret"), RuntimeError(), ground.StorageError("x"), KeyError("x")])
def test_an_error_nobody_thought_of_is_told_in_general_words(error: Exception) -> None:
    made = for_people(error)
    assert type(made) is SmallStepsError and made.message == SmallStepsError.message


@pytest.mark.parametrize(("said", "kind"), [("device_unknown", errors.DeviceUnknown), ("quarantine_full", errors.QuarantineFull)])
def test_a_no_of_the_hub_is_told_in_the_words_of_its_code(said: str, kind: type[SmallStepsError]) -> None:
    assert isinstance(for_people(ground.Refused(said)), kind)
    assert isinstance(for_people(ground.Refused("of next year")), errors.NotAllowed)
