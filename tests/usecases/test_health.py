"""Whatever a store finds and mends has its sentence."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.usecases.syncing.health import CLOSED, FULL, OURS, THEIRS, TOLD, UNNAMED, of_round, sentences
from storage.errors import StorageError
from storage.sync import THE_FOLDER

STORAGE = Path(__file__).parent.parent.parent / "storage"


def test_every_note_that_a_store_makes_has_a_sentence_and_no_sentence_is_left_over() -> None:
    code = "".join((STORAGE / f"{name}.py").read_text() for name in ("store", "recording", "journal"))
    made = set(re.findall(r'notes\.append\("(\w+)"\)|\["(\w+)"\] \* ', code))
    assert {one or other for one, other in made} == set(TOLD)


def test_a_note_is_told_once() -> None:
    assert sentences(["torn_tail", "no_snapshot", "torn_tail"]) == [TOLD["torn_tail"], TOLD["no_snapshot"]]


def test_every_sentence_says_what_is_safe() -> None:
    assert all(re.search(r"safe|is lost|is here|again", sentence) for sentence in TOLD.values())


def kinds(of: type[StorageError] = StorageError) -> Iterator[type[StorageError]]:
    for kind in of.__subclasses__():
        yield kind
        yield from kinds(kind)


@pytest.mark.parametrize("code", sorted({kind.code for kind in kinds()}))
def test_every_problem_of_a_round_has_a_sentence_with_its_number(code: str) -> None:
    for ours in ([], ["a", "b"]):
        (said,) = of_round([f"{code} a", f"{code} b", f"{code} a"], ours)
        assert "{" not in said and said.endswith(".") and ("2 files" in said or code == "store_full")
        assert any(word in said for word in ("Everything else goes on", "everything else goes on", "safe"))
    assert of_round([], []) == []


def test_every_sentence_of_a_file_says_what_to_do_or_that_it_is_tried_again() -> None:
    for said in [*THEIRS.values(), *OURS.values()]:
        assert "SENCO" in said or "update" in said, said


def test_a_folder_that_takes_nothing_is_told_as_one_thing() -> None:
    for code, said in CLOSED.items():
        assert of_round([f"{code} {THE_FOLDER}"], []) == [said] and "safe on this tablet" in said
    assert of_round(["store_full journal"], []) == [FULL] and "{files}" in UNNAMED
