"""Builds the web app: Flet's client, our page and service worker, and an archive of Python, all from installed wheels."""

import gzip
import hashlib
import importlib.metadata
import io
import json
import shutil
import subprocess
import sys
import tarfile
import zipfile
from dataclasses import dataclass
from pathlib import Path

from flet_web import get_package_web_dir

from app.web import icons, patches

ROOT = Path(__file__).parent.parent.parent
ASSETS = ROOT / "assets"
WHEELS = ["flet", "flet-camera", "flet-video", "repath", "six", "tinydb", "httpx", "idna"]
MSGPACK = "msgpack==1.2.4"
ZONE = [
    "tzdata/__init__.py",
    "tzdata/zoneinfo/__init__.py",
    "tzdata/zoneinfo/Europe/__init__.py",
    "tzdata/zoneinfo/Europe/London",
]
OURS = ["app/__init__.py", "app/errors.py", "app/main.py", "app/domain", "app/usecases", "app/media", "views", "storage"]
NOT_IN_BROWSER = {"app/media/pillow.py", "app/media/video.py", "storage/folder/directory.py"}
KEEP = [
    "flutter_bootstrap.js", "main.dart.js", "python.js", "python-worker.js", "canvaskit/canvaskit.js", "canvaskit/canvaskit.wasm",
    "pyodide/pyodide.mjs", "pyodide/pyodide.asm.mjs", "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip",
    "pyodide/pyodide-lock.json", "assets/AssetManifest.bin.json", "assets/FontManifest.json", "assets/fonts/MaterialIcons-Regular.otf",
    "assets/fonts/roboto.woff2", "assets/shaders", "assets/packages/media_kit", "assets/packages/wakelock_plus", "version.json",
]  # fmt: skip
ARABIC = "assets/fonts/notosansarabic/v28/nwpxtLGrOAZMl5nJ_wfgRg3DrWFZWsnVBJ_sS6tlqHHFlhQ5l3sQWIHPqzCfyGyvvnCBFQLaig.woff2"
CSP = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self' blob: data:; worker-src 'self' blob:; font-src 'self' data:; object-src 'none'; "
    "base-uri 'self'; form-action 'none'; frame-ancestors 'none'"
)
PACKED = {".js", ".mjs", ".wasm", ".json", ".html", ".otf"}


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built: the version, how many files are kept offline, and their bytes as stored and as sent."""

    version: str
    files: int
    stored: int
    sent: int


def build(out: Path) -> BuildReport:
    """The whole app in `out`, which is replaced. Raises FletChanged when Flet's files are not as expected."""
    shutil.rmtree(out, ignore_errors=True)
    out.mkdir(parents=True)
    _flet_files(out)
    patches.apply(out)
    patches.fonts(out)
    shutil.copytree(ASSETS / "web", out, dirs_exist_ok=True)
    _fonts(out)
    icons.draw_all(out / "icons")
    (out / "app.tar.gz").write_bytes(archive())
    (out / "csp.txt").write_text(CSP)
    report = _precache(out)
    for file in list(out.rglob("*")):
        if file.suffix in PACKED and file.stat().st_size > 2048:
            file.with_name(file.name + ".gz").write_bytes(gzip.compress(file.read_bytes(), 9, mtime=0))
    (out / "inputs.txt").write_text(inputs())
    return report


def build_if_changed(out: Path) -> BuildReport | None:
    """Builds when an input is newer than what is there; None when nothing had to be done."""
    stamp = out / "inputs.txt"
    if stamp.exists() and stamp.read_text() == inputs():
        return None
    return build(out)


def inputs() -> str:
    """One hash over all that goes into the build: our files and the versions of what is installed."""
    digest = hashlib.sha256()
    for path in sorted(p for base in (*OURS, "assets/web", "assets/fonts", "app/web") for p in _files(ROOT / base)):
        digest.update(str(path.relative_to(ROOT)).encode() + path.read_bytes())
    for name in [*WHEELS, "flet-web", "tzdata"]:
        digest.update(f"{name} {importlib.metadata.version(name)}".encode())
    return digest.hexdigest()


def _files(path: Path) -> list[Path]:
    found = [path] if path.is_file() else list(path.rglob("*"))
    return [p for p in found if p.is_file() and p.suffix != ".pyc"]


def _flet_files(out: Path) -> None:
    client = Path(get_package_web_dir())
    for name in KEEP:
        source, target = client / name, out / name
        if not source.exists():
            raise patches.FletChanged(f"Flet no longer ships {name}. Mend app/web/build.py.")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target)
        else:
            shutil.copy(source, target)


def _fonts(out: Path) -> None:
    own = {"own-regular": "AtkinsonHyperlegibleNext-Regular", "own-bold": "AtkinsonHyperlegibleNext-Bold"}
    for short, name in own.items():
        shutil.copy(ASSETS / f"fonts/{name}.woff2", out / f"assets/fonts/{short}.woff2")
    arabic = ARABIC.removeprefix("assets/fonts/")
    if arabic not in (out / "main.dart.js").read_text(encoding="utf-8"):
        raise patches.FletChanged("Flutter asks for another Arabic font now. Mend ARABIC in app/web/build.py.")
    (out / ARABIC).parent.mkdir(parents=True)
    shutil.copy(ASSETS / "fonts/NotoSansArabic-Regular.woff2", out / ARABIC)


def archive() -> bytes:
    """Python for the browser as app.tar.gz: wheels in __pypackages__, our code beside them; the same bytes every time."""
    entries: dict[str, bytes] = {"main.py": b"from app.main import start\n\nstart()\n"}
    for base in OURS:
        for path in _files(ROOT / base):
            name = str(path.relative_to(ROOT))
            if name not in NOT_IN_BROWSER:
                entries[name] = path.read_bytes()
    for wheel in WHEELS:
        entries |= _wheel_files(wheel)
    entries |= {f"__pypackages__/{name}": _installed("tzdata", name) for name in ZONE}
    entries |= _msgpack()
    return _packed(entries)


def _packed(entries: dict[str, bytes]) -> bytes:
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
    found = importlib.metadata.files(wheel) or []
    wanted = [f for f in found if f.suffix == ".py" or f.name in {"METADATA", "py.typed"}]
    inside = [f for f in wanted if not str(f).startswith("..")]
    return {f"__pypackages__/{f}": Path(str(f.locate())).read_bytes() for f in inside}


def _msgpack() -> dict[str, bytes]:
    """The one wheel with machine code: built for WebAssembly, fetched once and kept beside the build."""
    kept = ROOT / "build/wheels"
    if not list(kept.glob("msgpack-*.whl")):
        command = [sys.executable, "-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps"]
        target = ["--only-binary=:all:", "--platform", "pyemscripten_2026_0_wasm32", "--python-version", "3.14"]
        more = ["--implementation", "cp", "--abi", "cp314", "--dest", str(kept), MSGPACK]
        subprocess.run([*command, *target, *more], check=True)
    with zipfile.ZipFile(next(kept.glob("msgpack-*.whl"))) as wheel:
        names = [n for n in wheel.namelist() if n.endswith((".py", ".so"))]
        return {f"__pypackages__/{name}": wheel.read(name) for name in names}


def _precache(out: Path) -> BuildReport:
    """Writes the service worker with a version from all contents and the list of what it keeps; each file must be there."""
    files = sorted(str(f.relative_to(out)) for f in out.rglob("*") if f.is_file() and f.name not in {"sw.js", "csp.txt"})
    digest = hashlib.sha256()
    for name in files:
        digest.update(name.encode() + (out / name).read_bytes())
    version = digest.hexdigest()[:16]
    worker = (ASSETS / "web/sw.js").read_text()
    worker = patches.patch(worker, '"VERSION"', json.dumps(version), "the version of the service worker")
    worker = patches.patch(worker, '["FILES"]', json.dumps(files, indent=1), "the list of the service worker")
    (out / "sw.js").write_text(worker)
    sizes = [(out / name).read_bytes() for name in files]
    return BuildReport(version, len(files), sum(map(len, sizes)), sum(len(gzip.compress(s, 6)) for s in sizes))
