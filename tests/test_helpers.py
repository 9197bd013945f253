"""Tests stand beside each other: none imports from another, and what several use is in a `conftest.py` or a module of parts."""

import ast
from collections.abc import Iterator
from pathlib import Path

TESTS = Path(__file__).parent


def imported(file: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (name.name for name in node.names)


def is_a_test(module: str) -> bool:
    top, *inside = module.split(".")
    return top == "tests" and len(inside) > 0 and inside[-1].startswith("test_")


def test_no_test_imports_from_another_test() -> None:
    files = list(TESTS.rglob("*.py"))
    assert len(files) > 100
    assert [f"{file.name}: {module}" for file in files for module in imported(file) if is_a_test(module)] == []
