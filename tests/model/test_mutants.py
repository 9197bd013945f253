"""The model sees a wrong design: for each, one short schedule that breaks it and not the real code."""

import pytest

from tests.model.mutants import MUTANTS
from tests.model.world import broken

SCHEDULES: dict[str, tuple[str, str]] = {
    "acknowledge_without_compare": ("I4", "write 0 a note / fault torn_told / sync 0"),
    "names_without_hash_check": ("I7", "write 0 a shot / fault torn_told / sync 0 / sync 1"),
    "cursor_instead_of_names": (
        "I7",
        "fault late / write 0 a level / sync 0 / write 0 a note / sync 0 / sync 1",
    ),
    "no_value_tie_break": (
        "I7",
        "still / save 0 / write 0 a level / sync 0 / sync 1 / restore 0 / write 1 b level / write 0 a level",
    ),
    "clock_that_ignores_what_was_seen": (
        "I6",
        "clock 0 100000 / write 0 a level / sync 0 / write 0 b level / sync 1 / write 1 a level",
    ),
    "journal_shortened_before_segments_are_stored": ("I7", "write 0 a level / dark 0 1 after / sync 0"),
    "last_writer_for_texts": (
        "I7",
        "clock 1 1000 / write 0 a note / write 0 b note / write 1 a note / sync 0 / sync 1 / sync 0",
    ),
    "drop_before_checked": ("I7", "write 0 b level / fault torn_told / leave 0"),
    "snapshot_that_claims_what_it_has_not_seen": (
        "I7",
        "write 0 a level / seal 0 / close 0 / sync 1 / write 1 b note / sync 1 / sync 0 / kill 0",
    ),
}


def test_every_mutant_has_a_schedule() -> None:
    assert SCHEDULES.keys() == MUTANTS.keys()


@pytest.mark.parametrize("name", MUTANTS)
def test_the_schedule_breaks_the_mutant_and_not_the_real_code(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    invariant, lines = SCHEDULES[name]
    schedule = [line.strip() for line in lines.split("/")]
    assert broken(schedule) == ""
    MUTANTS[name](monkeypatch)
    assert broken(schedule).startswith(invariant)
