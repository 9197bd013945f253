"""What goes into the web app, as hashes: a build with the same inputs is never made twice, and a wheel never carries an old one.

It needs nothing but the standard library, for the making of a wheel asks it, too.
"""

import hashlib
from pathlib import Path

from app.settings import ASSETS, INSTALLED, ROOT
from app.web import archive

STAMP = "inputs.txt"


def current(out: Path) -> bool:
    """Whether the app in `out` is the one of this code. Raises WheelMissing. What a wheel brought along is never questioned."""
    stamp = out / STAMP
    return stamp.exists() and (INSTALLED or stamp.read_text() == inputs())


def inputs() -> str:
    """Two hashes: of our files, and of the versions of what is installed and goes in. Raises WheelMissing."""
    return f"{ours()} {hashlib.sha256(archive.versions().encode()).hexdigest()}"


def of_our_files(out: Path) -> bool:
    """Whether the app in `out` was built from our files as they are, with any versions of the rest."""
    stamp = out / STAMP
    return stamp.exists() and stamp.read_text().split()[:1] == [ours()]


def ours() -> str:
    digest = hashlib.sha256()
    for name, path in sorted(_files()):
        digest.update(name.encode() + hashlib.sha256(path.read_bytes()).digest())
    return digest.hexdigest()


def _files() -> list[tuple[str, Path]]:
    """(name, file); the name is the same in a checkout and in a wheel, and on Windows."""
    code = [*archive.our_files(), *archive.files_of(ROOT / "app/web")]
    drawn = [*archive.files_of(ASSETS / "web"), *archive.files_of(ASSETS / "fonts"), *screenshots()]
    named = [(path.relative_to(ROOT).as_posix(), path) for path in code]
    return named + [(f"assets/{path.relative_to(ASSETS).as_posix()}", path) for path in drawn]


def screenshots() -> list[Path]:
    """Pictures for the browser's install dialogue, where they have been taken: assets/screenshots/app-*.png."""
    return sorted((ASSETS / "screenshots").glob("app-*.png"))
