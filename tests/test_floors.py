"""The floors of the house: a module imports only from its own floor and from floors below it."""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
DOMAIN = {"app.domain", "app.errors", "storage"}
SERVICES = {"app.hub.devices", "app.hub.families", "app.hub.files", "app.hub.records"}
OFFICE = {*SERVICES, "app.hub.ground", "app.usecases", "app.media", *DOMAIN}  # what the hub's services may stand on
HUB = {*OFFICE, "app.hub.office", "app.hub.papers", "app.hub.guard", "app.reports", "app.settings"}
FLOORS = {
    "storage": {"storage"},
    "app/domain": {"app.domain"},
    "app/errors.py": {"app.domain.vocabulary", "storage"},
    "app/settings.py": set[str](),
    "app/media": {"app.media", *DOMAIN},
    "app/usecases/session": {"app.usecases.session", *DOMAIN},
    "app/usecases": {"app.usecases", "app.media", *DOMAIN},
    "app/reports": {"app.reports", "app.usecases", "app.media", "app.settings", *DOMAIN},
    "views": {"views", "app.usecases", "app.media", "app.domain", "app.errors"},
    "app/demo": {"app.demo", "app.usecases", "app.media", "app.settings", *DOMAIN},
    "app/web": {"app.web", "app.settings", "app.errors"},
    "app/hub/ground": {"app.hub.ground", "storage"},
    "app/hub/guard": {"app.hub.guard", "app.settings", "app.errors", "app.domain.vocabulary", "app.usecases.session", "storage"},
    **{service.replace(".", "/"): OFFICE for service in SERVICES},
    "app/hub/office.py": OFFICE,
    "app/hub/papers": {*OFFICE, "app.hub.papers", "app.hub.office", "app.reports"},
    "app/hub/routes": {*HUB, "app.hub.routes"},
    "app/hub/site.py": {*HUB, "app.hub.routes"},
    "app/folders": {*HUB, "app.folders"} - {"app.hub.guard"},
    "app/hub/serve": {*HUB, "app.hub.routes", "app.hub.site", "app.hub.serve", "app.folders", "app.web"},
    "app/cli": {*HUB, "app.cli", "app.hub.serve", "app.hub.site", "app.folders", "app.web", "app.demo"},
    "app/main.py": {"views", "app.usecases", "app.media", *DOMAIN},
}
LOOSE = {"__init__.py", "main.py", "errors.py", "settings.py"}  # in app/
FORBIDDEN = {"views": {"httpx", "tinydb"}, "storage": {"flet"}, "app/usecases": {"flet"}, "app/media": {"flet"}}


def imports(file: Path) -> Iterator[tuple[int, str]]:
    """Every absolute module name that a file imports, with its line."""
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((node.lineno, name.name) for name in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module in {"app", "views", "storage"}:
            yield from ((node.lineno, f"{node.module}.{name.name}") for name in node.names)
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
    place = ROOT / folder
    files = [place] if place.is_file() else sorted(place.rglob("*.py"))
    assert files, f"{folder} has gone: mend the table of floors"
    assert [w for file in files for w in looks_up(folder, file)] == []


def test_nothing_else_is_loose() -> None:
    assert {file.name for file in (ROOT / "app").glob("*.py")} == LOOSE
    assert {file.name for file in (ROOT / "app/hub").glob("*.py")} == {"__init__.py", "office.py", "site.py"}
    assert {file.name for file in (ROOT / "app/usecases").glob("*.py")} == {"__init__.py", "desk.py"}


def test_every_module_stands_on_a_floor() -> None:
    for file in [*(ROOT / "app").rglob("*.py"), *(ROOT / "views").rglob("*.py"), *(ROOT / "storage").rglob("*.py")]:
        name = file.relative_to(ROOT).as_posix()
        empty = not file.read_text(encoding="utf-8").strip() or not list(imports(file))
        assert empty or any(name == floor or name.startswith(f"{floor}/") for floor in FLOORS), f"{name} stands nowhere"


def test_no_file_imports_itself_by_a_way_round() -> None:
    """A circle of files would have to be read all at once."""
    uses = {name_of(file): set(modules(file)) for base in ("app", "views", "storage") for file in (ROOT / base).rglob("*.py")}
    order: list[str] = []
    while free := [name for name, those in uses.items() if name not in order and not those & uses.keys() - set(order)]:
        order += free
    assert sorted(uses.keys() - set(order)) == []


def name_of(file: Path) -> str:
    return ".".join(file.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__")


def modules(file: Path) -> Iterator[str]:
    """Files of ours that a file imports as it is loaded; what only a type checker or a function imports does not count."""
    for node in ast.parse(file.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.ImportFrom) and node.module and node.module.split(".")[0] in {"app", "views", "storage"}:
            for one in node.names:
                inner = ROOT / node.module.replace(".", "/") / f"{one.name}.py"
                package = ROOT / node.module.replace(".", "/") / one.name / "__init__.py"
                yield f"{node.module}.{one.name}" if inner.exists() or package.exists() else node.module


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
