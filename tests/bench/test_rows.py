"""What `make bench` says of a figure: the truth about its goal, one line for machines and one for people."""

import json
from pathlib import Path

import pytest

from tests.bench import drawing
from tests.bench.rows import against, alone, table

KEYS = {"name", "value", "unit", "peer", "peer_value", "ratio", "goal", "ok", "note"}


@pytest.mark.parametrize("value,goal,ok", [(2, {"most": 1.5}, False), (1, {"most": 1.0}, True), (0.5, {"least": 0.6}, False)])
def test_a_goal_is_met_or_it_is_said_that_it_is_not(value: float, goal: dict[str, float], ok: bool) -> None:
    row = against("save", value, "ms", "sqlite3", 1, **goal)
    assert row.ok is ok and ("Not met: save." in table([row])) is not ok


def test_every_row_is_one_line_of_json_with_the_same_keys() -> None:
    for row in (against("save", 1.23456, "ms", "sqlite3", 2, most=1), alone("first_visit_bytes", 12.5, "MB", 12)):
        assert "\n" not in row.line() and json.loads(row.line()).keys() == KEYS


def test_a_screen_is_compared_with_the_code_of_before_and_without_it_nothing_is_claimed() -> None:
    ours, theirs = dict.fromkeys((*drawing.GOALS, "whole"), 20.0), dict.fromkeys(drawing.GOALS, 400.0)
    assert drawing.row("redraw_nothing", ours, theirs).ok and drawing.row("draw_home", ours, theirs).ok
    assert not drawing.row("round_draws", ours, theirs).ok and not drawing.row("draw_home", theirs, None).ok
    lone = drawing.row("redraw_nothing", ours, None)
    assert not lone.ok and lone.peer_value is None and json.loads(lone.line())["peer_value"] is None


def test_a_first_search_that_found_only_a_part_has_not_met_its_goal() -> None:
    quick = dict.fromkeys(drawing.GOALS, 1.0)
    assert drawing.row("first_search", {**quick, "whole": True}, None).ok
    assert not drawing.row("first_search", {**quick, "whole": False}, None).ok


def test_a_copy_that_does_not_go_back_so_far_has_no_older_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drawing, "BEFORE", "no-such-commit")
    with drawing.older(tmp_path) as tree:
        assert tree is None
