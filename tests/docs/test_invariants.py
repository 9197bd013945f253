"""The page of invariants is whole: each of the thirteen is one sentence, and tests that really run guard it."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.docs.pages import ROOT, text

TESTS = ROOT / "tests"
PAGE = text("docs/invariants.md")
ROW = re.compile(r"^\| I(\d+) \| ([^|]+) \| ([^|]+) \|$", re.MULTILINE)
NUMBERS = range(1, 14)


def written() -> Iterator[tuple[str, Path]]:
    """Every test, and the file that it is written in."""
    for file in sorted(TESTS.rglob("test_*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test_"):
                yield node.name, file


ROWS = {int(number): (said, re.findall(r"`(\w+)`", guards)) for number, said, guards in ROW.findall(PAGE)}
NAMED = sorted({test for _, guards in ROWS.values() for test in guards})
WRITTEN = dict(written())


def test_all_thirteen_are_there_in_order_and_no_other() -> None:
    assert [int(found[0]) for found in ROW.findall(PAGE)] == list(NUMBERS)
    assert all(1 <= int(found[1]) <= 13 for name in WRITTEN if (found := re.match(r"test_i(\d+)_", name)))


@pytest.mark.parametrize("number", NUMBERS)
def test_each_is_one_sentence_with_a_test_that_carries_its_number(number: int) -> None:
    said, guards = ROWS[number]
    assert re.fullmatch(r"[A-Z][^.]*\.", said), said
    assert any(test.startswith(f"test_i{number}_") for test in guards), guards
    others = [test for test in guards if (found := re.match(r"test_i(\d+)_", test)) and int(found[1]) != number]
    assert others == []


def test_every_test_that_it_names_is_written() -> None:
    assert [test for test in NAMED if test not in WRITTEN] == []


def test_every_test_that_it_names_is_collected() -> None:
    """As `make test` would: a test that is skipped on import, or hidden by another of its name, guards nothing."""
    files = sorted({str(WRITTEN[test].relative_to(ROOT)) for test in NAMED})
    command = [sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider", *files]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    found = {line.partition("[")[0] for line in done.stdout.splitlines()}
    assert [test for test in NAMED if f"{WRITTEN[test].relative_to(ROOT).as_posix()}::{test}" not in found] == []
