"""Tests stand beside each other: none imports from another, and what several use is in a `conftest.py` or a module of parts."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent
NOT_YET = ("usecases", "views", "test_readme", "test_security_page")  # below tests/: what these share still lies in their tests


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def is_a_test(module: str) -> bool:
    top, *inside = module.split(".")
    return top == "tests" and len(inside) > 0 and inside[-1].startswith("test_") and inside[0] not in NOT_YET


def test_no_test_imports_from_another_test() -> None:
    files = [file for file in TESTS.rglob("*.py") if file.relative_to(TESTS).parts[0].removesuffix(".py") not in NOT_YET]
    assert len(files) > 100
    assert [f"{file.name}: {module}" for file in files for module in imported(file) if is_a_test(module)] == []
