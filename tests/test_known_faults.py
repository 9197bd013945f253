"""The code has no finding of bandit that nobody has explained; and an audit that did not happen is never told as a clean one."""

import re
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.known_faults import verdict

ROOT = Path(__file__).parent.parent
WHERE = ("app", "views", "storage")
SKIPPED: dict[str, Any] = {"name": "b", "skip_reason": "Dependency not found on PyPI and could not be audited: b (2)"}
GOOD: dict[str, Any] = {"name": "a", "version": "1", "vulns": []}
BAD: dict[str, Any] = {"name": "c", "version": "3", "vulns": [{"id": "PYSEC-2026-1", "fix_versions": ["4"]}]}


def bandit(*where: object) -> subprocess.CompletedProcess[str]:
    words = [sys.executable, "-m", "bandit", "-q", "-c", "pyproject.toml", "-r", *map(str, where)]
    return subprocess.run(words, cwd=ROOT, capture_output=True, text=True, check=False)


def test_bandit_finds_nothing() -> None:
    done = bandit(*WHERE)
    assert done.returncode == 0, done.stdout


def test_and_would_find_something(tmp_path: Path) -> None:
    (tmp_path / "bad.py").write_text("import subprocess\nsubprocess.run('rm -r ' + input(), shell=True)\nexec(input())\n")
    done = bandit(tmp_path)
    assert done.returncode == 1 and "B602" in done.stdout and "B102" in done.stdout


def test_every_exception_names_its_finding_and_its_reason() -> None:
    lines = [line for place in WHERE for file in (ROOT / place).rglob("*.py") for line in file.read_text("utf-8").splitlines()]
    excused = [line for line in lines if "nosec" in line]
    assert excused and [line for line in excused if not re.search(r"# nosec B\d{3} # \w.{5,}$", line)] == []


@pytest.mark.parametrize(
    ("report", "told", "code"),
    [
        (None, "NOT AUDITED", 0), ({"dependencies": []}, "NOT AUDITED", 0), ({"dependencies": [SKIPPED]}, "NOT AUDITED: of 1", 0),
        ({"dependencies": [GOOD, SKIPPED]}, "NOT AUDITED: of 1", 0), ({"dependencies": [GOOD]}, "1 packages audited", 0),
        ({"dependencies": [GOOD, BAD, SKIPPED]}, "c 3: PYSEC-2026-1", 1),
    ],
)  # fmt: skip
def test_an_audit_that_did_not_happen_is_said_so(report: dict[str, Any] | None, told: str, code: int) -> None:
    sentence, ended = verdict(report)
    assert told in sentence and ended == code and ("no known fault" in sentence) == (told == "1 packages audited")
