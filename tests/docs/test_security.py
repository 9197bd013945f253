"""The pages on security name files that are there, leave no chapter of their yardsticks out, and no attacker."""

import re

from tests.docs.pages import ROOT, text

PAGE = text("docs/security.md")
THREATS = text("docs/threats.md")
GROUPS = ["STORAGE", "CRYPTO", "AUTH", "NETWORK", "PLATFORM", "CODE", "RESILIENCE", "PRIVACY"]
ATTACKERS = ("locked tablet", "unlocked tablet", "reads the folder", "writes the folder", "has left", "parent", "stranger")


def test_every_chapter_and_group_has_its_row_and_says_whether_it_is_met() -> None:
    rows = re.findall(r"^\| (V\d+|[A-Z]{4,}) ?.*? \| (met|partly|not met|does not apply)", PAGE, re.MULTILINE)
    assert [name for name, _ in rows] == [*(f"V{n}" for n in range(1, 18)), *GROUPS]


def test_every_file_that_it_names_is_there() -> None:
    named = re.findall(r"`((?:app|views|storage|tests|assets|docs)/[^`]+)`", PAGE)
    assert len(named) > 20 and [name for name in named if not (ROOT / name).exists()] == []


def test_what_holds_against_each_attacker_is_told_and_what_does_not_yet() -> None:
    assert "](security.md)" in THREATS and "](../SECURITY.md)" in THREATS and "](docs/threats.md)" in text("README.md")
    rows = [
        line.strip("|").split(" | ") for line in THREATS.splitlines() if line.startswith("| ") and not line.startswith("| who |")
    ]
    assert len(rows) == len(ATTACKERS) and all(word in row[0] for word, row in zip(ATTACKERS, rows, strict=True))
    assert all(len(row) == 3 and all(len(cell) > 10 for cell in row) for row in rows)
