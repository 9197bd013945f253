"""Builds the web app: Flet's client, our page and service worker, and an archive of Python, all from PyPI's wheels.

What it promises: the same inputs give the same bytes; every change to Flet's files is asserted; what the service worker
keeps is listed with its hashes. `out` is replaced in one step, so that a hub which serves it never shows half of it.
"""

import base64
import gzip
import hashlib
import json
import shutil
import tempfile
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from app.settings import ASSETS
from app.web import archive, icons, patches, stdlib
from app.web.inputs import STAMP, current, inputs, screenshots

KEEP = [
    "flutter_bootstrap.js", "main.dart.js", "python.js", "python-worker.js", "canvaskit/canvaskit.js", "canvaskit/canvaskit.wasm",
    "pyodide/pyodide.mjs", "pyodide/pyodide.asm.mjs", "pyodide/pyodide.asm.wasm", "pyodide/python_stdlib.zip",
    "pyodide/pyodide-lock.json", "assets/AssetManifest.bin.json", "assets/FontManifest.json",
    "assets/fonts/MaterialIcons-Regular.otf", "assets/fonts/roboto.woff2", "assets/shaders", "assets/packages/media_kit",
    "assets/packages/wakelock_plus", "version.json",
]  # fmt: skip
FONTS = {
    "own-regular": "AtkinsonHyperlegibleNext-Regular", "own-bold": "AtkinsonHyperlegibleNext-Bold",
    "arabic": "NotoSansArabic-Regular", "emoji": "NotoEmoji-Common", "symbols": "NotoSansSymbols-Common",
}  # fmt: skip
POLICY = (
    "default-src 'self'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' blob: data:; "
    "media-src 'self' blob:; connect-src 'self' blob: data:; worker-src 'self' blob:; font-src 'self' data:; object-src 'none'; "
    "base-uri 'self'; form-action 'none'"
)
HEADER_ONLY = "; frame-ancestors 'none'"  # a <meta> may not say this
PACKED = {".js", ".mjs", ".wasm", ".json", ".html", ".otf", ".css"}
NOT_KEPT = {"sw.js", "csp.txt", STAMP}


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What was built: the version, how many files are kept offline, and their bytes as stored and as sent (gzip)."""

    version: str
    files: int
    stored: int
    sent: int


def build(out: Path) -> BuildReport:
    """The whole app in `out`, which is replaced. Raises FletChanged when Flet's files are not as expected, and WheelMissing."""
    stamp = inputs()
    out.parent.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(prefix=".building-", dir=out.parent) as folder:
        new = Path(folder) / "new"
        _write(new, out.parent / "wheels")
        report = precache(new)
        pack(new)
        (new / STAMP).write_text(stamp)
        _swap(new, out)
    return report


def build_if_changed(out: Path) -> BuildReport | None:
    """Builds when any input has changed since; None when nothing had to be done."""
    return None if current(out) else build(out)


def _write(out: Path, kept: Path) -> None:
    _flet_files(out)
    patches.apply(out)
    patches.fonts(out)
    shutil.copytree(ASSETS / "web", out, dirs_exist_ok=True)
    _page(out)
    _manifest(out)
    _fonts(out)
    icons.draw_all(out / "icons")
    (out / "app.tar.gz").write_bytes(archive.archive(kept))


def _swap(new: Path, out: Path) -> None:
    """`out` becomes the new one; a reader in between finds one or the other."""
    if out.exists():
        out.rename(new.with_name("old"))
    new.rename(out)


def _flet_files(out: Path) -> None:
    from flet_web import get_package_web_dir  # type: ignore[import-untyped] # a hub that was installed has no need of it

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
    library = out / "pyodide/python_stdlib.zip"
    library.write_bytes(stdlib.smaller(library.read_bytes()))


def _page(out: Path) -> None:
    """The policy as a header for the hub, and in the page for any other server."""
    (out / "csp.txt").write_text(POLICY + HEADER_ONLY)
    page = out / "index.html"
    page.write_text(patches.patch(page.read_text(), "POLICY", POLICY, "the policy of the page"))


def _manifest(out: Path) -> None:
    manifest = json.loads((out / "manifest.json").read_text())
    for path in screenshots():
        (out / "screenshots").mkdir(exist_ok=True)
        shutil.copy(path, out / "screenshots")
        with Image.open(path) as picture:
            width, height = picture.size
        entry = {"src": f"screenshots/{path.name}", "sizes": f"{width}x{height}", "type": "image/png"}
        manifest.setdefault("screenshots", []).append(entry | {"form_factor": "wide" if width > height else "narrow"})
    (out / "manifest.json").write_text(json.dumps(manifest, indent=1))


def _fonts(out: Path) -> None:
    for short, name in FONTS.items():
        shutil.copy(ASSETS / f"fonts/{name}.woff2", out / f"assets/fonts/{short}.woff2")


def precache(out: Path) -> BuildReport:
    """Writes the service worker: a version made of all contents, and what it keeps with the hash of each."""
    names = sorted(file.relative_to(out).as_posix() for file in archive.files_of(out))
    kept = {name: (out / name).read_bytes() for name in names if _kept(name)}
    hashes = {name: "sha256-" + base64.b64encode(hashlib.sha256(data).digest()).decode() for name, data in kept.items()}
    worker = (ASSETS / "web/sw.js").read_text()
    version = hashlib.sha256((worker + json.dumps(hashes)).encode()).hexdigest()[:16]
    worker = patches.patch(worker, '"VERSION"', json.dumps(version), "the version of the service worker")
    worker = patches.patch(worker, "FILES = {}", f"FILES = {json.dumps(hashes, indent=1)}", "the list of the service worker")
    (out / "sw.js").write_text(worker)
    sent = sum(len(gzip.compress(data, 9)) if Path(name).suffix in PACKED else len(data) for name, data in kept.items())
    return BuildReport(version, len(kept), sum(map(len, kept.values())), sent)


def _kept(name: str) -> bool:
    """Kept offline: all but the worker itself, the hub's files, pictures for installing, and what is only packed."""
    if name in NOT_KEPT or name.startswith("screenshots/"):
        return False
    return not name.endswith((".gz", ".br")) or name == "app.tar.gz"


def pack(out: Path) -> None:
    """Beside each large file the same, packed: .gz for every browser, .br for those that say so (over https)."""
    import brotli  # type: ignore[import-untyped] # a hub that was installed has no need of it

    for file in archive.files_of(out):
        if file.suffix in PACKED and file.stat().st_size > 2048:
            data = file.read_bytes()
            file.with_name(file.name + ".gz").write_bytes(gzip.compress(data, 9, mtime=0))
            file.with_name(file.name + ".br").write_bytes(brotli.compress(data, quality=9, lgwin=24))
