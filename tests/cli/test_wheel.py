"""The wheel as a school installs it: no checkout, nothing built, nothing asked of any other computer; it opens all the same."""

import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import venv
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date
from importlib.metadata import version
from pathlib import Path

import httpx
import pytest

from app.demo.calendar import terms
from tests.cli.typed import LAST_LINE, LONGEST, ROOT, Hub

CODE = ("app", "views", "storage")
PARTS = (*CODE, "assets", "pyproject.toml", "setup.py", "README.md")
NOT_CODE = shutil.ignore_patterns("__pycache__")
ALONE = """
import sys
HERE = {"127.0.0.1", "::1", "localhost", "0.0.0.0", "::", "", None}
def look(event, args):
    where = args[1] if event in {"socket.connect", "socket.sendto"} else args if event == "socket.getaddrinfo" else None
    if isinstance(where, tuple) and where[0] not in HERE:
        raise OSError(f"it asked for {where[0]}")
sys.addaudithook(look)
"""


def surroundings(**more: object) -> dict[str, str]:
    """Nothing here leads back to the code of the checkout, or to the settings of a person who runs the tests."""
    left_out = {"PYTHONPATH", "PYTHONUNBUFFERED", "XDG_CONFIG_HOME"}
    return {key: value for key, value in os.environ.items() if key not in left_out} | {k: str(v) for k, v in more.items()}


def pip(*words: object, python: str = sys.executable) -> str:
    command = [sys.executable, "-m", "pip", "--python", python, "--disable-pip-version-check", *map(str, words)]
    done = subprocess.run(command, env=surroundings(), capture_output=True, text=True, timeout=LONGEST, check=False)
    return done.stdout + done.stderr if done.returncode else ""


def wheel_of(checkout: Path, out: Path) -> str:
    """What pip complains of; nothing when the wheel lies in `out`."""
    return pip("wheel", "--no-deps", "--no-index", "--no-build-isolation", "--wheel-dir", out, checkout)


def copied(where: Path) -> Path:
    """A copy of all that a wheel is made of, but for the built app."""
    for part in PARTS:
        source = ROOT / part
        if source.is_dir():
            shutil.copytree(source, where / part, ignore=NOT_CODE)
        else:
            shutil.copy(source, where)
    return where


@pytest.fixture(scope="module")
def installed(built_app: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel; what it requires is borrowed from the tests' own. The checkout is gone."""
    place, checkout = tmp_path_factory.mktemp("installed"), copied(tmp_path_factory.mktemp("checkout"))
    shutil.copytree(built_app, checkout / "build/web")
    left_over = checkout / "build/lib/app/left_long_ago.py"  # from a wheel that was made before
    left_over.parent.mkdir(parents=True)
    left_over.touch()
    assert wheel_of(checkout, place / "dist") == ""
    shutil.rmtree(checkout)
    venv.create(place / "env", symlinks=os.name != "nt")
    (wheel,) = (place / "dist").glob("small_steps-*.whl")
    assert pip("install", "--no-deps", "--no-index", wheel, python=str(place / "env/bin/python")) == ""
    (site,) = place.glob("env/lib/python*/site-packages")
    (site / "alone.py").write_text(ALONE)
    borrowed = [path for path in sys.path if path.endswith("-packages")]
    (site / "borrowed.pth").write_text("\n".join([*borrowed, "import alone", ""]))
    return place / "env"


def typed(env: Path, where: Path, *words: object) -> "subprocess.CompletedProcess[str]":
    command = [env / "bin/smallsteps", *map(str, words)]
    return subprocess.run(
        command,
        cwd=where,
        env=surroundings(HOME=where / "home", COLUMNS=100),
        capture_output=True,
        text=True,
        timeout=LONGEST,
        check=False,
    )


@contextmanager
def serving(env: Path, where: Path, *words: object) -> Iterator[Hub]:
    """The installed command; whatever happens it is gone when the block ends."""
    command = [env / "bin/smallsteps", "serve", *map(str, words)]
    pipe = subprocess.PIPE
    with subprocess.Popen(
        command, cwd=where, env=surroundings(HOME=where / "home", COLUMNS=100), stdout=pipe, stderr=pipe, text=True
    ) as process:
        guard = threading.Timer(LONGEST, process.kill)
        guard.start()
        try:
            yield Hub(process)
        finally:
            guard.cancel()
            process.kill()


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "home").mkdir()
    return tmp_path


# -- making it -----------------------------------------------------------------------------------------------------------
def test_a_wheel_is_never_made_without_the_built_app(tmp_path: Path) -> None:
    (tmp_path / "checkout").mkdir()
    told = wheel_of(copied(tmp_path / "checkout"), tmp_path)
    assert "Run `smallsteps build-web` first" in told and "Traceback" not in told, told
    assert not list(tmp_path.glob("*.whl"))


def test_it_carries_the_code_all_assets_and_the_app_and_nothing_else(installed: Path, built_app: Path) -> None:
    (site,) = installed.glob("lib/python*/site-packages")
    for source, carried in ((ROOT / "assets", site / "app/_assets"), (built_app, site / "app/_web")):
        assert files_in(carried) == files_in(source) != {}
    code = {path.relative_to(ROOT) for part in CODE for path in (ROOT / part).rglob("*.py")}
    assert {path.relative_to(site) for part in CODE for path in (site / part).rglob("*.py")} == code
    names = {path.name for path in site.iterdir()} - {"alone.py", "borrowed.pth", "__pycache__"}
    assert {name for name in names if not name.endswith(".dist-info")} == set(CODE)


def files_in(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file() and path.suffix != ".pyc"
    }


# -- what it does --------------------------------------------------------------------------------------------------------
def test_the_demo_opens_and_nothing_is_built_and_no_other_computer_is_asked(installed: Path, place: Path, port: int) -> None:
    before = files_in(installed)
    with serving(installed, place, "--demo", "--port", port, "--links", "links.json") as hub:
        hub.until(LAST_LINE)
        links = json.loads((place / "links.json").read_text())
        with httpx.Client(base_url=links["hub"], follow_redirects=True, timeout=60) as anyone:
            page = anyone.get("/app/")
            assert "<title>Small Steps" in page.text and "default-src 'self'" in page.headers["Content-Security-Policy"]
            packed = anyone.get("/app/app.tar.gz")
            assert packed.content == (carried(installed) / "app.tar.gz").read_bytes()
            assert anyone.get("/app/pyodide/pyodide.mjs").status_code == 200
            family = anyone.get(links["family"])
            assert family.status_code == 200 and "small steps" in family.text
            assert anyone.get("/page/regular.woff2").content[:4] == b"wOF2"
        assert hub.stop(signal.SIGTERM) == 0
    assert hub.said[-1] == "Stopped. Everything is in the folder." and not any("Building" in line for line in hub.said)
    assert {path.name for path in place.iterdir()} == {"home", "demo-school", "links.json"}
    assert files_in(installed) == before


def test_and_another_computer_would_be_noticed(installed: Path) -> None:
    asked = "import socket; socket.create_connection(('192.0.2.1', 80), 1)"
    done = subprocess.run(
        [installed / "bin/python", "-c", asked], env=surroundings(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 1 and "it asked for 192.0.2.1" in done.stderr


def carried(installed: Path) -> Path:
    (web,) = installed.glob("lib/python*/site-packages/app/_web")
    return web


def test_the_commands_find_what_they_need(installed: Path, place: Path, school: Path) -> None:
    assert typed(installed, place, "--version").stdout == f"Small Steps {version('small-steps')}\n"
    assert typed(installed, place, "check", "school").stdout.endswith("Everything is whole.\n")
    looked = typed(installed, place, "doctor").stdout
    assert f"App: built in {carried(installed)}" in looked and "missing" not in looked
    pupil = next(path.name for path in (school / "p").iterdir() if path.name != "school")
    asked = ("--folder", "school", "--pupil", pupil, "--term", terms(date.today())[1].id, "--out", "report.pdf")
    paper = typed(installed, place, "report", "termly", *asked)
    assert paper.returncode == 0 and (place / "report.pdf").read_bytes().startswith(b"%PDF"), paper.stderr


def test_what_only_builds_the_app_is_not_required(installed: Path) -> None:
    """None of it is imported by any module that a command or the hub loads."""
    asked = "import sys, app.cli.main, app.hub.serve.serving, app.demo, app.cli.doctor; print(*sys.modules)"
    done = subprocess.run([installed / "bin/python", "-c", asked], env=surroundings(), capture_output=True, text=True, check=True)
    loaded = {name.split(".")[0] for name in done.stdout.split()}
    assert "uvicorn" in loaded and not loaded & {"flet", "flet_web", "flet_camera", "flet_video", "fontTools", "pytest"}
