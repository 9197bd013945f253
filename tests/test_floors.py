"""The floors of the house: a module imports only from its own floor and from floors below it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
FLOORS = {
    "storage": {"storage"},
    "app/domain": {"app.domain"},
    "app/media": {"app.media", "app.domain", "app.errors", "storage"},
    "app/reports": {"app.reports", "app.usecases", "app.media", "app.domain", "app.errors", "app.settings", "storage"},
    "app/usecases": {"app.usecases", "app.media", "app.domain", "app.errors", "storage"},
    "views": {"views", "app.usecases", "app.media", "app.domain", "app.errors"},
    "app/demo": {"app.demo", "app.usecases", "app.media", "app.domain", "app.errors", "app.settings", "storage"},
    "app/web": {"app.web", "app.errors", "app.settings"},
}
FORBIDDEN = {"views": {"httpx", "tinydb"}, "storage": {"flet"}, "app/usecases": {"flet"}, "app/media": {"flet"}}


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Every absolute module name that a file imports, with its line."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.lineno, "." * node.level + (node.module or "")


def below(name: str, allowed: set[str]) -> bool:
    return any(name == floor or name.startswith(f"{floor}.") for floor in allowed)


def looks_up(folder: str, file: Path) -> list[str]:
    ours, outside = FLOORS[folder], FORBIDDEN.get(folder, set())
    wrong = []
    for line, name in imports(file):
        house = name.split(".")[0] in {"app", "views", "storage", "tests"}
        if (house and not below(name, ours)) or name.split(".")[0] in outside or name.startswith("."):
            wrong.append(f"{file.relative_to(ROOT)}:{line} imports {name}")
    return wrong


@pytest.mark.parametrize("folder", sorted(FLOORS))
def test_a_floor_never_looks_up(folder: str) -> None:
    files = sorted((ROOT / folder).rglob("*.py"))
    assert files, f"{folder} has gone: mend the table of floors"
    assert [w for file in files for w in looks_up(folder, file)] == []


def test_the_domain_is_pure() -> None:
    import sys

    for file in (ROOT / "app/domain").rglob("*.py"):
        for line, name in imports(file):
            top = name.split(".")[0]
            assert top in sys.stdlib_module_names or below(name, {"app.domain"}), f"{file}:{line} imports {name}"
            assert top not in {"time", "random", "os", "socket", "io", "pathlib"}, f"{file}:{line} does I/O or tells time"


def test_the_test_itself_sees_a_floor_that_looks_up(tmp_path: Path) -> None:
    bad = ROOT / "storage" / "__init__.py"
    assert looks_up("storage", bad) == []
    tree = tmp_path / "bad.py"
    tree.write_text("from app.domain import schema\n")
    assert [name for _, name in imports(tree) if not below(name, FLOORS["storage"])] == ["app.domain"]
