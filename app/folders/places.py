"""Where a folder is, as people type it: a path, or the address of a WebDAV folder such as dav+https://name:password@host/path.
Either is looked at before anything is written, and what is wrong with it is one sentence."""

import asyncio
import os
import secrets
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from app.errors import (
    FolderAway,
    FolderForeign,
    FolderMissing,
    FolderNewer,
    FolderNotWritable,
    FolderUnreadable,
    PlaceUnknown,
    SignInRefused,
    SmallStepsError,
)
from app.settings import LOOPBACK
from storage import errors as ground
from storage.folder.directory import Directory
from storage.folder.port import Disk
from storage.space import NAME, open_space, read_space

if TYPE_CHECKING:
    from storage.folder.webdav import WebDav

Where = Path | str
"""A path, or what was typed: a path or an address."""

# Of the environment: everyone on this computer can see what is typed in its list of processes.
PASSWORD = "SMALL_STEPS_PASSWORD"  # nosec B105 # the name of it
DAV = {"dav+https": "https", "dav+http": "http"}
BACKUP = "backup.json"  # where a place is a backup: when it was made, and whether it was finished
OTHERS = {"desktop.ini", "thumbs.db"}  # what systems leave lying in an empty folder
NO_ROOM = "The server of the school's folder has no room left. Make room there; nothing was changed."


@dataclass(frozen=True, slots=True)
class Address:
    """A folder on a WebDAV server: `url` as it goes over the wire, with neither name nor password."""

    url: str
    user: str = ""
    password: str = ""


def is_address(where: Where) -> bool:
    return isinstance(where, str) and "://" in where


def where_is(text: str) -> Where:
    """What was typed, as a path where it is one. Raises PlaceUnknown."""
    if not text.strip():
        raise PlaceUnknown
    if is_address(text):
        address(text)
        return text
    return Path(text)


def place(where: Where, env: Mapping[str, str] = os.environ) -> Disk:
    """The folder at a path or an address; nothing is opened or asked yet. Raises PlaceUnknown."""
    if not str(where).strip():
        raise PlaceUnknown
    return _dav(where, env) if isinstance(where, str) and is_address(where) else Directory(where)


def _dav(text: str, env: Mapping[str, str] = os.environ) -> "WebDav":
    from storage.folder.webdav import WebDav  # only where it is needed: it brings a client of its own

    there = address(text, env)
    return WebDav(there.url, (there.user, there.password) if there.user else None)


def address(text: str, env: Mapping[str, str] = os.environ) -> Address:
    """Taken apart, with the password of the environment where none is typed. Raises PlaceUnknown."""
    try:
        parts = urlsplit(text)
        port = f":{parts.port}" if parts.port else ""
    except ValueError as error:  # for one, a sign of the password that cuts the address
        raise PlaceUnknown from error
    cut = "@" in parts.path and "@" not in parts.netloc
    if parts.scheme not in DAV or not parts.hostname or parts.query or parts.fragment or cut:
        raise PlaceUnknown
    host = f"[{parts.hostname}]" if ":" in parts.hostname else parts.hostname
    password = unquote(parts.password) if parts.password is not None else env.get(PASSWORD, "")
    return Address(f"{DAV[parts.scheme]}://{host}{port}{parts.path}", unquote(parts.username or ""), password)


def shown(where: Where) -> str:
    """What was typed without the name and the password, for messages and logs; a wrong address loses all that may be a secret."""
    text = str(where)
    if not is_address(where):
        return text
    scheme, _, rest = text.partition("://")
    try:
        address(text)
        host, slash, path = rest.partition("/")
        return f"{scheme}://{host.rpartition('@')[2]}{slash}{path}"
    except PlaceUnknown:
        return f"{scheme}://{rest.rpartition('@')[2]}"


def in_the_clear(where: Where) -> bool:
    """Whether all that goes there, the password too, can be read on its way."""
    return isinstance(where, str) and where.startswith("dav+http:") and urlsplit(where).hostname not in LOOPBACK


# -- looked at before anything is written --------------------------------------------------------------------------------
def look_at(where: Where) -> None:
    """Whether this can be a school's folder; only reads. Raises FolderMissing, FolderForeign, FolderNewer, FolderUnreadable; of
    an address FolderAway and SignInRefused, too."""
    asyncio.run(looked_at(where)) if is_address(where) else _look_at_directory(Path(where))


async def looked_at(where: Where) -> None:
    """The same for those who are at work already."""
    if isinstance(where, str) and is_address(where):
        with in_words():
            await _look_at_dav(_dav(where))
    else:
        await asyncio.to_thread(_look_at_directory, Path(where))


def _look_at_directory(folder: Path) -> None:
    if not folder.is_dir():
        raise FolderMissing
    try:
        read_space((folder / NAME).read_bytes())
    except FileNotFoundError:
        nothing_of_others(folder)
    except ground.NewerFormat as error:
        raise FolderNewer from error
    except (ground.BadBytes, OSError) as error:
        raise FolderUnreadable from error


def need_no_backup(where: Where) -> None:
    """Raises FolderForeign: a hub would write into it, and not know that it shows an earlier day."""
    if not is_address(where) and (Path(where) / BACKUP).exists():
        raise FolderForeign("This is a backup. Bring it back into an empty folder with smallsteps restore; nothing was changed.")


def nothing_of_others(folder: Path, *but: str, otherwise: str | None = None) -> None:
    """Raises FolderForeign for a directory in which something lies, but for what is named and what systems leave there."""
    if any(_foreign(one.name) for one in folder.iterdir() if one.name not in but):
        raise FolderForeign(otherwise)


async def _look_at_dav(folder: "WebDav") -> None:
    try:
        await open_space(folder)
    except ground.MissingName:
        if any(_foreign(name) for name in await folder.top()):
            raise FolderForeign from None
    finally:
        await folder.close()


def _foreign(name: str) -> bool:
    return not name.startswith(".") and name.lower() not in OTHERS


def writable(where: Where, otherwise: str | None = None) -> None:
    """Raises FolderNotWritable; of an address FolderAway and SignInRefused, too. What is tried leaves nothing behind."""
    asyncio.run(written_to(where, otherwise)) if is_address(where) else _write_to_directory(Path(where), otherwise)


async def written_to(where: Where, otherwise: str | None = None) -> None:
    """The same for those who are at work already."""
    if isinstance(where, str) and is_address(where):
        with in_words(otherwise):
            await _write_and_delete(_dav(where))
    else:
        await asyncio.to_thread(_write_to_directory, Path(where), otherwise)


def _write_to_directory(folder: Path, otherwise: str | None) -> None:
    try:
        with tempfile.TemporaryFile(dir=folder) as probe:
            probe.write(b"?")
    except OSError as error:
        raise FolderNotWritable(otherwise) from error


async def _write_and_delete(folder: Disk) -> None:
    name = f"part/{secrets.token_hex(8)}"
    try:
        await folder.replace(name, b"?")
        await folder.delete(name)
    finally:
        await folder.close()


@contextmanager
def in_words(otherwise: str | None = None) -> Iterator[None]:
    """What a folder on a server answers, as the person reads it who typed its address."""
    try:
        yield
    except ground.StorageError as error:
        raise _as_command_error(error, otherwise) from None  # the cause might know more than is to be shown


def _as_command_error(error: ground.StorageError, otherwise: str | None) -> SmallStepsError:
    from storage.folder import dav_answers

    match error:
        case dav_answers.SignInRefused():
            return SignInRefused()
        case ground.MissingName():
            return FolderMissing()
        case ground.NewerFormat():
            return FolderNewer()
        case ground.BadBytes():
            return FolderUnreadable()
        case ground.FolderReadOnly():
            return FolderNotWritable(otherwise)
        case ground.StoreFull():
            return FolderNotWritable(NO_ROOM)
    return FolderAway()
