"""A plain directory on a disk or a mounted share. Files are written aside, flushed, and renamed into place (I1)."""

import asyncio
import errno
import os
import secrets
import stat
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeVar

from storage.errors import FolderReadOnly, FolderUnreadable, MissingName, StorageError, StoreBusy, StoreFull, TooLarge
from storage.folder.listing import Listings
from storage.folder.port import check_put, check_size, digest_with

T = TypeVar("T")
FULL = {errno.ENOSPC, errno.EDQUOT}
READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
NO_SUCH_THING = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}  # some shares cannot flush a directory
ASIDE = "part"


def as_storage_error(error: OSError, name: str, writing: bool) -> StorageError:
    """The error of this floor for an error of the system."""
    if isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError):
        return MissingName(name)
    if error.errno in FULL:
        return StoreFull(name)
    if writing and error.errno in READ_ONLY:
        return FolderReadOnly(name)
    return FolderUnreadable(f"{name}: {error.strerror}")


def _leads_away(place: Path | str) -> bool:
    """Whether a link lies here, or a pipe or the like at which a reader would wait for ever."""
    try:
        mode = os.lstat(place).st_mode
    except (OSError, ValueError):
        return False
    return not (stat.S_ISREG(mode) or stat.S_ISDIR(mode))


class Directory:
    """A Folder and a Disk over a directory. All I/O is in threads, so that a slow share holds up nothing else; but for a device's
    own disk, which is near, and used by one: there the way to a thread and back would take longer than most of what is done."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._lock: BinaryIO | None = None
        self._own = False
        self._listings = Listings(self.path / "p")

    def _at(self, name: str) -> Path:
        """Where the file is. A link that was planted in the folder leads no one out of it. Raises MissingName."""
        place = self._place(name)
        if not self._own and _leads_away(place):
            raise MissingName(name)
        return place

    def _place(self, name: str) -> Path:
        """Where the file is, or the link that lies in its place."""
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or any(p in {"..", "."} or "\\" in p or "\0" in p for p in parts):
            raise MissingName(name)
        if not self._own and self._elsewhere(parts[:-1]):
            raise MissingName(name)
        return self.path.joinpath(*parts)

    def _elsewhere(self, parts: Sequence[str]) -> bool:
        """Whether one of these directories, each in the one before, is no directory of ours but a link."""
        at = os.fspath(self.path)
        for part in parts:
            at = f"{at}/{part}"
            if _leads_away(at):
                return True
        return False

    async def _do(self, name: str, work: Callable[[], T], writing: bool = False) -> T:
        try:
            return work() if self._own else await asyncio.to_thread(work)
        except OSError as error:
            raise as_storage_error(error, name, writing) from error

    async def names(self, prefix: str = "") -> set[str]:
        return await self._do(prefix, lambda: set(self._walk(prefix)))

    def _need_folder(self) -> None:
        if not self.path.is_dir():
            raise FolderUnreadable(str(self.path))

    def _walk(self, prefix: str) -> Iterator[str]:
        self._need_folder()
        start = self.path / prefix.rpartition("/")[0]
        if self._elsewhere(PurePosixPath(prefix.rpartition("/")[0]).parts):
            return
        for where, folders, files in os.walk(start, onerror=self._unless_it_went):
            folders[:] = [f for f in folders if not (Path(where) == self.path and f == ASIDE)]
            base = Path(where).relative_to(self.path).as_posix()
            for file in files:
                name = file if base == "." else f"{base}/{file}"
                if name.startswith(prefix):
                    yield name

    @staticmethod
    def _unless_it_went(error: OSError) -> None:
        """A folder that cannot be read is told, not taken for an empty one."""
        if not isinstance(error, FileNotFoundError | NotADirectoryError):
            raise error

    async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        return await self._do(name, lambda: self._read(name, start, end))

    def _read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        with self._at(name).open("rb") as file:
            if end is None:
                check_size(name, os.fstat(file.fileno()).st_size)
            file.seek(start)
            return file.read() if end is None else file.read(max(0, end - start))

    async def get_many(self, names: Sequence[str]) -> dict[str, bytes]:
        def read() -> dict[str, bytes]:
            found = {}
            for name in names:
                with suppress(OSError, StorageError):
                    found[name] = self._read(name)
            return found

        return await self._do("", read)

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        check_put(name, data)

        def write() -> str:
            target = self._place(name)
            if not self._holds(target, data):
                self._write_aside(target, data)
            return digest_with(nonce, target.read_bytes())

        return await self._do(name, write, writing=True)

    @staticmethod
    def _holds(target: Path, data: bytes) -> bool:
        try:
            return not _leads_away(target) and target.stat().st_size == len(data) and target.read_bytes() == data
        except OSError:
            return False

    def _write_aside(self, target: Path, data: bytes) -> None:
        aside = self._at(f"{ASIDE}/{secrets.token_hex(8)}")
        aside.parent.mkdir(parents=True, exist_ok=True)
        self._make(target.parent)
        try:
            with aside.open("xb") as file:
                file.write(data)
                file.flush()
                os.fsync(file.fileno())
            aside.replace(target)
        except BaseException:
            aside.unlink(missing_ok=True)
            raise
        self._flush_folder(target.parent)

    def _make(self, folder: Path) -> None:
        """The folder and those above it, each flushed into the one that holds it."""
        if folder.is_dir():
            return
        self._make(folder.parent)
        folder.mkdir(exist_ok=True)
        self._flush_folder(folder.parent)

    @staticmethod
    def _flush_folder(folder: Path) -> None:
        if os.name == "nt":  # Windows cannot open a directory; its rename is already written through
            return
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        except OSError as error:
            if error.errno not in NO_SUCH_THING:
                raise
        finally:
            os.close(handle)

    async def digest(self, name: str, nonce: bytes) -> str | None:
        try:
            return digest_with(nonce, await self.get(name))
        except (MissingName, TooLarge):
            return None

    async def delete(self, name: str) -> None:
        await self._do(name, lambda: self._place(name).unlink(missing_ok=True), writing=True)

    async def move(self, name: str, to: str) -> None:
        """The file under another name, unread. Raises MissingName, FolderReadOnly."""

        def change() -> None:
            source, target = self._place(name), self._place(to)
            self._make(target.parent)
            source.rename(target)
            self._flush_folder(target.parent)
            self._flush_folder(source.parent)

        await self._do(name, change, writing=True)

    async def partitions(self) -> dict[str, str]:
        def look() -> dict[str, str]:
            self._need_folder()
            return self._listings.digests()

        return await self._do("p/", look)

    async def append(self, name: str, data: bytes) -> None:
        def add() -> None:
            target = self._at(name)
            fresh = not target.exists()
            self._make(target.parent)
            before = 0 if fresh else target.stat().st_size
            with target.open("ab") as file:
                try:
                    file.write(data)
                    file.flush()
                    os.fsync(file.fileno())
                except OSError:
                    file.truncate(before)
                    raise
            if fresh:
                self._flush_folder(target.parent)

        await self._do(name, add, writing=True)

    async def replace(self, name: str, data: bytes) -> None:
        await self._do(name, lambda: self._write_aside(self._place(name), data), writing=True)

    async def size(self, name: str) -> int:
        try:
            return await self._do(name, lambda: self._at(name).stat().st_size)
        except MissingName:
            return 0

    async def truncate(self, name: str, size: int) -> None:
        def cut() -> None:
            with self._at(name).open("r+b") as file:
                file.truncate(size)
                os.fsync(file.fileno())

        await self._do(name, cut, writing=True)

    @classmethod
    def own(cls, path: Path | str) -> "Directory":
        """A device's own directory, kept from others until it is closed or this process ends. Raises StoreBusy."""
        disk = cls(path)
        disk.path.mkdir(parents=True, exist_ok=True)
        disk._lock, disk._own = locked(disk.path / ".lock"), True
        for left in (disk.path / ASIDE).glob("*"):
            left.unlink()
        return disk

    async def close(self) -> None:
        if self._lock:
            self._lock.close()
            self._lock = None


def locked(path: Path) -> BinaryIO | None:
    """The file, open and locked. Raises StoreBusy when another process, or another part of this one, has it."""
    try:
        import fcntl
    except ImportError:  # not on Windows, where one program opens the store anyway
        return None
    lock = path.open("wb")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise StoreBusy(str(path.parent)) from error
    return lock
