"""What the commands do straight on a folder: look at every file, copy between two, make a paper."""

import secrets
from pathlib import Path

from app.errors import FolderForeign
from app.folders.check.audit_log import key_at_hand
from app.folders.check.checking import Found, check
from app.folders.copy.copying import sync
from app.folders.places import look_at, writable
from app.hub.office import now_ms
from app.hub.papers.papers import termly_pdf
from app.usecases.session.school import School
from storage.folder.directory import Directory
from storage.replica import Replica
from storage.space import open_space

__all__ = ["Found", "check", "empty", "key_at_hand", "opened", "sync", "termly"]


def empty(folder: Path) -> None:
    """The folder can be made, or is there and has nothing in it. Raises FolderForeign, FolderNotWritable."""
    if folder.exists() and (not folder.is_dir() or any(folder.iterdir())):
        raise FolderForeign("There is something in this folder already. Choose a new one; nothing was changed.")
    writable(next(above for above in (folder, *folder.absolute().parents) if above.is_dir()))
    folder.parent.mkdir(parents=True, exist_ok=True)


async def opened(folder: Path) -> Replica:
    """The school of a folder, as it is now. Raises FolderMissing, FolderForeign, FolderNewer."""
    look_at(folder)
    await open_space(Directory(folder))
    replica = Replica(Directory(folder), secrets.token_hex(8), now_ms)
    await replica.refresh()
    return replica


async def termly(folder: Path, pupil: str, term: str, link: str) -> bytes:
    """Raises PupilUnknown, TermUnknown."""
    replica = await opened(folder)
    school = School(replica)
    public = str(school.settings.get("public_url") or link)
    return await termly_pdf(school, replica.folder, pupil, term, public, now_ms(), lambda *_: None)
