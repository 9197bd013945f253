"""Words for colleagues: the sources say who does what, in English that is read once."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent
MANNERED = re.compile(r"\b(whoever|whomever|somebody|where nobody)\b", re.I)


def mannered(text: str) -> list[str]:
    return [f"{number}: {line.strip()}" for number, line in enumerate(text.splitlines(), 1) if MANNERED.search(line)]


def test_no_source_says_whoever_or_somebody() -> None:
    files = [file for base in ("app", "views", "storage") for file in sorted((ROOT / base).rglob("*.py"))]
    assert len(files) > 200
    assert [f"{file.relative_to(ROOT)}:{found}" for file in files for found in mannered(file.read_text(encoding="utf-8"))] == []


def test_the_test_itself_sees_such_a_word() -> None:
    assert mannered("a = 1\n# Whoever asks is told\n") == ["2: # Whoever asks is told"]
    assert mannered("is_somebody_here = 1\n# the person who asks is told, and nobody else\n") == []
