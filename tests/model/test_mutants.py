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
        "still / clone 0 1 / write 0 a level / write 0 b level / write 1 a level / close 0 / close 1",
    ),
    "clock_that_ignores_what_was_seen": (
        "I6",
        "clock 0 100000 / write 0 a level / sync 0 / write 0 b level / sync 1 / write 1 a level",
    ),
    "journal_shortened_before_segments_are_stored": ("I7", "write 0 a level / dark 0 1 after / sync 0"),
    "last_writer_for_texts": (
        "I4",
        "clock 1 1000 / write 0 a note / write 0 b note / write 1 a note / sync 0 / sync 1 / sync 0",
    ),
    "drop_before_checked": ("I7", "write 0 b level / fault torn_told / leave 0"),
    "snapshot_that_claims_what_it_has_not_seen": (
        "I7",
        "write 0 a level / seal 0 / close 0 / sync 1 / write 1 b note / sync 1 / sync 0 / kill 0",
    ),
    "names_without_hash": ("I4", "clone 0 1 / write 0 a level / sync 0 / write 1 a note / sync 1"),
    "drifted_ops_are_refused": ("I7", "clock 1 2520000000000 / write 1 b level"),
    "erase_without_remembering": ("I9", "write 0 a level / sync 0 / erase 1 a / sync 1"),
    "no_adoption": ("I7", "write 1 a level / sync 1 / close 1 / rotall 0"),
    "adopt_on_a_stale_listing": (
        "I13",
        "write 1 a level / sync 1 / sync 0 / rothere 0 0 / write 1 a note / sync 1 / stale 0 / sync 0 / sync 0",
    ),
    "compact_by_number": (
        "I4",
        "write 0 a level / sync 0 / write 0 b level / write 0 a level / sync 0 / write 0 a note / seal 0 / compact 0 / sync 0 / "
        "compact 0 / fortnight 0",
    ),
    "delete_before_the_snapshot_is_checked": (
        "I4",
        "write 0 a level / sync 0 / write 0 a level / sync 0 / compact 0 / compact 0",
    ),
    "fold_that_loses_a_head": (
        "I4",
        "clone 0 1 / write 0 a note / write 0 b level / write 1 a note / sync 0 / sync 1 / sync 0 / compact 0 / sync 0 / "
        "compact 0 / fortnight 0",
    ),
    "let_go_of_what_is_not_checked": ("I7", "write 0 b shot / full 0 400 / write 0 b level"),
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
