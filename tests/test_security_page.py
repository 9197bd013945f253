"""The page on security names files that are there, and leaves no chapter of its yardsticks out."""

import re
from pathlib import Path

from tests.test_readme import README

ROOT = Path(__file__).parent.parent
PAGE = (ROOT / "docs/security.md").read_text(encoding="utf-8")
GROUPS = ["STORAGE", "CRYPTO", "AUTH", "NETWORK", "PLATFORM", "CODE", "RESILIENCE", "PRIVACY"]
ATTACKERS = ("locked tablet", "unlocked tablet", "reads the folder", "writes the folder", "has left", "parent", "stranger")


def test_every_chapter_and_group_has_its_row_and_says_whether_it_is_met() -> None:
    rows = re.findall(r"^\| (V\d+|[A-Z]{4,}) ?.*? \| (met|partly|not met|does not apply)", PAGE, re.MULTILINE)
    assert [name for name, _ in rows] == [*(f"V{n}" for n in range(1, 18)), *GROUPS]


def test_every_file_that_it_names_is_there() -> None:
    named = re.findall(r"`((?:app|views|storage|tests|assets|docs)/[^`]+)`", PAGE)
    assert len(named) > 20 and [name for name in named if not (ROOT / name).exists()] == []


def test_the_readme_tells_what_holds_against_each_attacker() -> None:
    found = re.search(r"^## Who might attack, and what holds\n(.*?)(?=^## )", README, re.MULTILINE | re.DOTALL)
    assert found and "](docs/security.md)" in README and "](SECURITY.md)" in README
    rows = [line for line in found[1].splitlines() if line.startswith("| ") and not line.startswith("| who |")]
    assert len(rows) == len(ATTACKERS) and all(word in row for word, row in zip(ATTACKERS, rows, strict=True))
