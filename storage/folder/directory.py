"""A plain directory on a disk or a mounted share. Files are written aside, flushed, and renamed into place (I1)."""

import asyncio
import errno
import os
import secrets
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath
from typing import BinaryIO, TypeVar

from storage.errors import FolderReadOnly, FolderUnreadable, MissingName, StorageError, StoreBusy, StoreFull
from storage.folder.port import check_put, digest_with, digests

T = TypeVar("T")
FULL = {errno.ENOSPC, errno.EDQUOT}
READ_ONLY = {errno.EROFS, errno.EACCES, errno.EPERM}
NO_SUCH_THING = {errno.EINVAL, errno.ENOTSUP, errno.EBADF}  # some shares cannot flush a directory
ASIDE = "part"


def told(error: OSError, name: str, writing: bool) -> StorageError:
    """The error of this floor for an error of the system."""
    if isinstance(error, FileNotFoundError | IsADirectoryError | NotADirectoryError):
        return MissingName(name)
    if error.errno in FULL:
        return StoreFull(name)
    if writing and error.errno in READ_ONLY:
        return FolderReadOnly(name)
    return FolderUnreadable(f"{name}: {error.strerror}")


class Directory:
    """A Folder and a Disk over a directory. All I/O is in threads, so that a slow share holds up nobody."""

    def __init__(self, path: Path | str) -> None:
        self.path = Path(path)
        self._lock: BinaryIO | None = None

    def _at(self, name: str) -> Path:
        parts = PurePosixPath(name).parts
        if not parts or name.startswith("/") or any(p in {"..", "."} or "\\" in p or "\0" in p for p in parts):
            raise MissingName(name)
        return self.path.joinpath(*parts)

    async def _do(self, name: str, work: Callable[[], T], writing: bool = False) -> T:
        try:
            return await asyncio.to_thread(work)
        except OSError as error:
            raise told(error, name, writing) from error

    async def names(self, prefix: str = "") -> set[str]:
        return await self._do(prefix, lambda: set(self._walk(prefix)))

    def _walk(self, prefix: str) -> Iterator[str]:
        if not self.path.is_dir():
            raise FolderUnreadable(str(self.path))
        start = self.path / prefix.rpartition("/")[0]
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
        def read() -> bytes:
            with self._at(name).open("rb") as file:
                file.seek(start)
                return file.read() if end is None else file.read(max(0, end - start))

        return await self._do(name, read)

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        check_put(name, data)

        def write() -> str:
            target = self._at(name)
            if not self._holds(target, data):
                self._write_aside(target, data)
            return digest_with(nonce, target.read_bytes())

        return await self._do(name, write, writing=True)

    @staticmethod
    def _holds(target: Path, data: bytes) -> bool:
        try:
            return target.stat().st_size == len(data) and target.read_bytes() == data
        except OSError:
            return False

    def _write_aside(self, target: Path, data: bytes) -> None:
        aside = self.path / ASIDE / secrets.token_hex(8)
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
        except MissingName:
            return None

    async def delete(self, name: str) -> None:
        await self._do(name, lambda: self._at(name).unlink(missing_ok=True), writing=True)

    async def partitions(self) -> dict[str, str]:
        return digests(await self.names("p/"))

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
        await self._do(name, lambda: self._write_aside(self._at(name), data), writing=True)

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
        disk._lock = locked(disk.path / ".lock")
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
