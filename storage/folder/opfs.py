"""The browser's own file system, through synchronous handles in a worker: where a tablet keeps what is saved.

One flat room of files; a name's slashes are written as `+`. A file comes into place by a move, whole or not at all (I1).
"""

import asyncio
import secrets
from typing import Any
from urllib.parse import quote, unquote

import js
from pyodide.ffi import JsException, to_js

from storage.errors import FolderUnreadable, MissingName, StoreFull
from storage.folder.port import check_put, digest_with, digests
from storage.folder.tab import TabLock, Turns, as_storage_error, options

ASIDE = "aside~"  # a name that quoting never makes
TRIES, PAUSE = 40, 0.05  # s: the handles of a worker that was just ended close a moment later


def stored_as(name: str) -> str:
    return quote(name, safe="").replace("%2F", "+")


def name_of(stored: str) -> str:
    return unquote(stored.replace("+", "/"))


def write_all(handle: Any, data: bytes, at: int) -> None:
    """Written and flushed. Raises StoreFull when the browser took less than all of it."""
    if data and handle.write(to_js(data), options(at=at)) < len(data):
        raise StoreFull(f"the browser took fewer than {len(data)} bytes")
    handle.flush()


class Opfs:
    """A Folder and a Disk. Only one in a browser: the others get StoreBusy."""

    kind = "opfs"

    def __init__(self, room: str, files: Any, lock: TabLock, names: set[str]) -> None:
        self.room, self._files, self._lock, self._names = room, files, lock, names
        self._turns = Turns()
        self._open: dict[str, Any] = {}  # files being appended to -> their handles

    @classmethod
    async def open(cls, room: str = "small-steps", lock: TabLock | None = None) -> "Opfs":
        """Raises StoreBusy in a second tab, FolderUnreadable where the browser has no such file system or keeps it shut."""
        held = lock or await TabLock.take(room)
        try:
            directory = await (await js.navigator.storage.getDirectory()).getDirectoryHandle(room, options(create=True))
            found = list(await js.Array.fromAsync(directory.keys()))
            for stored in [s for s in found if s.startswith(ASIDE)]:
                await directory.removeEntry(stored)
            return cls(room, directory, held, {name_of(s) for s in found if not s.startswith(ASIDE)})
        except (JsException, AttributeError, TypeError) as error:
            if lock is None:
                await held.release()
            raise FolderUnreadable(str(error)) from error

    # -- reading -----------------------------------------------------------------------------------------------------
    async def names(self, prefix: str = "") -> set[str]:
        return {name for name in self._names if name.startswith(prefix)}

    async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        return await self._turns.take(name, lambda: self._read(name, start, end))

    async def _read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        if name not in self._names:
            raise MissingName(name)
        if handle := self._open.get(name):
            size = int(handle.getSize())
            room = js.Uint8Array.new(max(0, (size if end is None else min(end, size)) - start))
            handle.read(room, options(at=start))
            return bytes(room.to_bytes())
        file = await (await self._files.getFileHandle(stored_as(name))).getFile()
        part = file if start == 0 and end is None else file.slice(start, file.size if end is None else max(start, end))
        return bytes((await part.arrayBuffer()).to_bytes())

    async def size(self, name: str) -> int:
        async def ask() -> int:
            if name not in self._names:
                return 0
            if handle := self._open.get(name):
                return int(handle.getSize())
            return int((await (await self._files.getFileHandle(stored_as(name))).getFile()).size)

        return await self._turns.take(name, ask)

    async def digest(self, name: str, nonce: bytes) -> str | None:
        try:
            return digest_with(nonce, await self.get(name))
        except MissingName:
            return None

    async def partitions(self) -> dict[str, str]:
        return digests(self._names)

    # -- writing -----------------------------------------------------------------------------------------------------
    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        check_put(name, data)

        async def work() -> str:
            if name not in self._names or await self._read(name) != data:
                await self._write_aside(name, data)
            return digest_with(nonce, await self._read(name))

        return await self._turns.take(name, work)

    async def replace(self, name: str, data: bytes) -> None:
        await self._turns.take(name, lambda: self._write_aside(name, data))

    async def _write_aside(self, name: str, data: bytes) -> None:
        aside = ASIDE + secrets.token_hex(8)
        try:
            file, handle = await self._handle(aside)
            try:
                write_all(handle, data, 0)
            finally:
                handle.close()
            self._shut(name)
            await file.move(stored_as(name))
        except BaseException:
            await self._remove(aside)
            raise
        self._names.add(name)

    async def append(self, name: str, data: bytes) -> None:
        async def work() -> None:
            if name not in self._open:
                _, self._open[name] = await self._handle(stored_as(name))
            handle = self._open[name]
            before = int(handle.getSize())
            try:
                write_all(handle, data, before)
            except BaseException:
                await self._take_back(name, before)
                raise
            self._names.add(name)

        await self._turns.take(name, work)

    async def _take_back(self, name: str, before: int) -> None:
        """After an append that did not fit: as if it had not been tried."""
        handle = self._open[name]
        handle.truncate(before)
        handle.flush()
        if name not in self._names:
            self._shut(name)
            await self._remove(stored_as(name))

    async def truncate(self, name: str, size: int) -> None:
        async def work() -> None:
            if name not in self._names:
                return
            if name not in self._open:
                _, self._open[name] = await self._handle(stored_as(name))
            if int(self._open[name].getSize()) > size:
                self._open[name].truncate(size)
                self._open[name].flush()

        await self._turns.take(name, work)

    async def delete(self, name: str) -> None:
        async def work() -> None:
            self._shut(name)
            await self._remove(stored_as(name))
            self._names.discard(name)

        await self._turns.take(name, work)

    async def shut(self) -> None:
        """Let go of the files, but not of the lock: it may be opened again."""
        for name in list(self._open):
            self._shut(name)

    async def close(self) -> None:
        await self.shut()
        await self._lock.release()

    # -- handles -----------------------------------------------------------------------------------------------------
    async def _handle(self, stored: str) -> tuple[Any, Any]:
        """The file, made when it is not there, and a handle to it that nothing else has."""
        file = await self._files.getFileHandle(stored, options(create=True))
        for _ in range(TRIES):
            try:
                return file, await file.createSyncAccessHandle()
            except JsException as error:
                if error.name != "NoModificationAllowedError":
                    raise
                busy = error
                await asyncio.sleep(PAUSE)
        raise as_storage_error(busy, stored)

    def _shut(self, name: str) -> None:
        if handle := self._open.pop(name, None):
            handle.close()

    async def _remove(self, stored: str) -> None:
        try:
            await self._files.removeEntry(stored)
        except JsException as error:
            if error.name != "NotFoundError":
                raise
