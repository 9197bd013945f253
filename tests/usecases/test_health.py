"""Whatever a store finds and mends has its sentence."""

import re
from pathlib import Path

from app.usecases.health import TOLD, sentences

STORAGE = Path(__file__).parent.parent.parent / "storage"


def test_every_note_that_a_store_makes_has_a_sentence_and_no_sentence_is_left_over() -> None:
    code = (STORAGE / "store.py").read_text() + (STORAGE / "journal.py").read_text()
    made = set(re.findall(r'notes\.append\("(\w+)"\)|\["(\w+)"\] \* ', code))
    assert {one or other for one, other in made} == set(TOLD)


def test_a_note_is_told_once() -> None:
    assert sentences(["torn_tail", "no_snapshot", "torn_tail"]) == [TOLD["torn_tail"], TOLD["no_snapshot"]]


def test_every_sentence_says_what_is_safe() -> None:
    assert all(re.search(r"safe|is lost|is here|again", sentence) for sentence in TOLD.values())
