"""The Python that goes to the browser: the same bytes every time, and nothing of the hub."""

import ast
import gzip
import io
import subprocess
import tarfile
from pathlib import Path
from typing import Any

import pytest

from app.settings import WEB
from app.web import archive, stdlib
from app.web.archive import WheelMissing

KEPT = WEB.parent / "wheels"


@pytest.fixture(scope="module")
def files() -> dict[str, bytes]:
    with tarfile.open(fileobj=io.BytesIO(gzip.decompress(archive.archive(KEPT)))) as tar:
        return {entry.name: tar.extractfile(entry).read() for entry in tar if entry.isfile()}  # type: ignore[union-attr]


def imported(source: bytes) -> set[str]:
    """The top names of everything a file imports, wherever in it."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Import):
            found |= {name.name.split(".")[0] for name in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            found.add(node.module.split(".")[0])
    return found


def test_it_has_the_same_bytes_every_time() -> None:
    assert archive.archive(KEPT) == archive.archive(KEPT)


def test_it_holds_our_floors_but_nothing_of_the_hub(files: dict[str, bytes]) -> None:
    ours = {name for name in files if not name.startswith("__pypackages__/")}
    assert {"main.py", "app/main.py", "app/usecases/desk.py", "storage/store.py", "views/app.py"} <= ours
    assert not [name for name in ours if name.startswith(("app/hub", "app/web", "app/reports", "app/demo", "app/cli"))]


def test_flet_would_install_nothing_at_the_start(files: dict[str, bytes]) -> None:
    assert not {"requirements.txt", "pyproject.toml"} & set(files)


def test_nothing_in_it_needs_a_part_of_the_library_that_is_left_out(files: dict[str, bytes]) -> None:
    code = {name: data for name, data in files.items() if name.endswith(".py")}
    assert not {(name, part) for name, data in code.items() for part in imported(data) & stdlib.LEFT_OUT}


def test_a_wheel_with_other_bytes_is_never_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "msgpack-1.2.4-cp314-cp314-pyemscripten_2026_0_wasm32.whl").write_bytes(b"something else")

    def no_network(*_args: Any, **_more: Any) -> subprocess.CompletedProcess[str]:
        return subprocess.CompletedProcess([], 1, "", "no network")

    monkeypatch.setattr(subprocess, "run", no_network)
    with pytest.raises(WheelMissing):
        archive.fetch(tmp_path)


def test_the_library_keeps_what_python_itself_starts_with() -> None:
    assert all(
        map(stdlib.wanted, ["os.py", "asyncio/__init__.py", "encodings/utf_8.py", "encodings/__init__.py", "json/decoder.py"])
    )
    assert not any(map(stdlib.wanted, ["unittest/case.py", "pdb.py", "encodings/cp932.py"]))
