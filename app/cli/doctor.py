"""What is here and what is missing, in lines that a person can read out over the telephone."""

import asyncio
import platform
from collections.abc import Callable
from importlib.metadata import PackageNotFoundError, version

from app.errors import SmallStepsError
from app.folders.places import Where, look_at, place, shown, writable
from app.hub.serve.serving import bound
from app.settings import INSTALLED, Settings, key_path
from storage.errors import StorageError
from storage.space import Space, open_space

NEEDED = ("fastapi", "uvicorn", "typst", "av", "pillow", "tinydb", "httpx")
PARTS = NEEDED if INSTALLED else ("flet", *NEEDED)  # an installed wheel brings its app built, and has no need of Flet


def look(settings: Settings, with_folder: bool) -> tuple[list[str], bool]:
    """(lines, whether all is well)."""
    lines = [f"Python {platform.python_version()} on {platform.platform(terse=True)}"]
    lines.append(", ".join(f"{name} {_version(name)}" for name in ("small-steps", *PARTS)))
    built = (settings.web / "index.html").exists()
    lines.append(f"App: {'built in ' + str(settings.web) if built else 'not built yet; smallsteps build-web makes it'}")
    well = _try(lines, f"Port {settings.port}: free", lambda: bound(settings.host, settings.port).close())
    if with_folder:
        well &= _try(lines, f"Folder {shown(settings.folder)}: can be read and written", lambda: _usable(settings.folder))
        lines.append(_key(settings))
    return lines, well


def _version(name: str) -> str:
    try:
        return version(name)
    except PackageNotFoundError:
        return "missing"


def _try(lines: list[str], good: str, attempt: Callable[[], None]) -> bool:
    try:
        attempt()
    except SmallStepsError as error:
        lines.append(error.message)
        return False
    lines.append(good)
    return True


def _usable(folder: Where) -> None:
    look_at(folder)
    writable(folder)


def _key(settings: Settings) -> str:
    try:
        path = key_path(asyncio.run(_space(settings.folder)).id, settings.key_file)
    except (OSError, StorageError, SmallStepsError):
        return "Key: none yet; the first start makes the school and its key"
    return f"Key: {path}{'' if path.exists() else ' is not here; devices that joined elsewhere must join again'}"


async def _space(where: Where) -> Space:
    folder = place(where)
    try:
        return await open_space(folder)
    finally:
        await folder.close()
