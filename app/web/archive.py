"""Python for the browser as one file: wheels in __pypackages__ and our code beside them, the same bytes every time."""

import gzip
import hashlib
import importlib.metadata
import io
import json
import re
import subprocess  # nosec B404 # at build time alone
import sys
import tarfile
import zipfile
from pathlib import Path

from app.errors import SmallStepsError
from app.settings import ASSETS, ROOT

WHEELS = ["flet", "flet-camera", "flet-video", "repath", "six", "tinydb", "httpx", "idna"]
FETCHED = Path(__file__).parent / "wheels.txt"
ZONE = [
    "tzdata/__init__.py",
    "tzdata/zoneinfo/__init__.py",
    "tzdata/zoneinfo/Europe/__init__.py",
    "tzdata/zoneinfo/Europe/London",
]
PACKED = ["app/__init__.py", "app/errors.py", "app/main.py", "app/domain", "app/usecases", "app/media", "views", "storage"]
NOT_IN_BROWSER = {"app/media/pillow.py", "app/media/video.py", "storage/folder/directory.py",
                  "storage/folder/webdav.py", "storage/folder/dav_answers.py"}  # fmt: skip
NOT_NEEDED = ("flet/testing/", "flet/pytest_plugin.py")
DATA = {".py", ".json"}
CANNOT_BUILD = "What the app is built from is not installed here. In a checkout run: pip install -r requirements.txt"


class WheelMissing(SmallStepsError):
    code = "wheel_missing"
    message = "A part of the app could not be fetched. Nothing was changed. Please connect to the internet once, and try again."
    retry = True


def archive(kept: Path) -> bytes:
    """`kept` is where fetched wheels are kept. Raises WheelMissing."""
    entries: dict[str, bytes] = {"main.py": b"from app.main import start\n\nstart()\n"}
    for path in our_files():
        entries[path.relative_to(ROOT).as_posix()] = path.read_bytes()
    for wheel in WHEELS:
        entries |= _wheel_files(wheel)
    entries |= {f"__pypackages__/{name}": _installed("tzdata", name) for name in ZONE}
    return packed(entries | _fetched(kept))


def our_files() -> list[Path]:
    found = [path for base in PACKED for path in files_of(ROOT / base)] + sorted((ASSETS / "strings").glob("*.mo"))
    return [path for path in found if path.relative_to(ROOT).as_posix() not in NOT_IN_BROWSER]


def files_of(path: Path) -> list[Path]:
    found = [path] if path.is_file() else path.rglob("*")
    return sorted(p for p in found if p.is_file() and p.suffix != ".pyc")


def packed(entries: dict[str, bytes]) -> bytes:
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w", format=tarfile.GNU_FORMAT) as tar:
        for name in sorted(entries):
            head = tarfile.TarInfo(name)
            head.size = len(entries[name])
            tar.addfile(head, io.BytesIO(entries[name]))
    return gzip.compress(raw.getvalue(), 9, mtime=0)


def _installed(wheel: str, name: str) -> bytes:
    return Path(str(importlib.metadata.distribution(wheel).locate_file(name))).read_bytes()


def _wheel_files(wheel: str) -> dict[str, bytes]:
    """What of an installed pure wheel runs: its code and data, and the METADATA that tells its version."""
    found = importlib.metadata.files(wheel) or []
    wanted = [f for f in found if (f.suffix in DATA and "dist-info" not in str(f)) or f.name == "METADATA"]
    inside = [f for f in wanted if not str(f).startswith(("..", *NOT_NEEDED))]
    return {f"__pypackages__/{f}": Path(str(f.locate())).read_bytes() for f in inside}


def pinned() -> tuple[str, str]:
    """The one wheel with machine code, built for WebAssembly: its requirement and the SHA-256 of its file."""
    found = re.search(r"^(\S+==\S+) --hash=sha256:([0-9a-f]{64})$", FETCHED.read_text(), re.MULTILINE)
    if not found:
        raise WheelMissing(f"{FETCHED.name} names no wheel with its hash.")
    return found[1], found[2]


def fetch(kept: Path) -> Path:
    """The pinned wheel, from `kept` or else from the package index, once. Raises WheelMissing."""
    name, digest = pinned()
    for wheel in kept.glob("*.whl"):
        if hashlib.sha256(wheel.read_bytes()).hexdigest() == digest:
            return wheel
    command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--require-hashes"]
    target = ["--only-binary=:all:", "--platform", "pyemscripten_2026_0_wasm32", "--python-version", "3.14"]
    more = ["--implementation", "cp", "--abi", "cp314", "--dest", str(kept), "--requirement", str(FETCHED)]
    words = [*command, *target, *more]
    done = subprocess.run(words, capture_output=True, text=True, check=False)  # nosec B603 # our own words, and no shell
    found = next(kept.glob(name.replace("==", "-") + "-*.whl"), None)
    if done.returncode or found is None:
        raise WheelMissing(f"{WheelMissing.message} ({name}: {done.stderr.strip().splitlines()[-1:]})")
    return found


def _fetched(kept: Path) -> dict[str, bytes]:
    with zipfile.ZipFile(fetch(kept)) as wheel:
        names = [n for n in wheel.namelist() if n.endswith((".py", ".so"))]
        return {f"__pypackages__/{name}": wheel.read(name) for name in names}


def versions() -> str:
    """What is installed and goes into the build, as text. Raises WheelMissing."""
    names = [*WHEELS, "flet-web", "tzdata", "brotli", "pillow"]
    try:
        return json.dumps({name: importlib.metadata.version(name) for name in names} | {"fetched": pinned()})
    except importlib.metadata.PackageNotFoundError as error:
        raise WheelMissing(CANNOT_BUILD) from error
