"""The browser's database as a folder: where a tablet keeps what is saved when it has no file system of its own.

A file is its pieces, `[name, number] -> bytes`. Every change is one transaction with strict durability: whole or not at all.
"""

import asyncio
from collections.abc import Callable
from typing import Any

import js
from pyodide.ffi import JsException, create_proxy, to_js

from storage.errors import FolderUnreadable, MissingName
from storage.folder.port import check_put, digest_with, digests
from storage.folder.tab import TabLock, Turns, as_storage_error, options

PIECES = "pieces"
MANY = 200  # pieces of one file, after which it is written as one again


def settled(request: Any, good: str = "onsuccess", bad: tuple[str, ...] = ("onerror",)) -> "asyncio.Future[Any]":
    """The result of a request, or of a transaction, when the browser has made it. Raises the browser's error, told."""
    future: asyncio.Future[Any] = asyncio.get_running_loop().create_future()

    def succeeded(_event: Any) -> None:
        if not future.done():
            future.set_result(getattr(request, "result", None))

    def failed(_event: Any) -> None:
        if not future.done():
            future.set_exception(as_storage_error(request.error, "the browser's database"))

    proxies = create_proxy(succeeded), create_proxy(failed)
    setattr(request, good, proxies[0])
    for name in bad:
        setattr(request, name, proxies[1])

    def done(_future: Any) -> None:
        for name in (good, *bad):
            setattr(request, name, None)
        for proxy in proxies:
            proxy.destroy()

    future.add_done_callback(done)
    return future


class Idb:
    """A Folder and a Disk. Only one in a browser: the others get StoreBusy."""

    kind = "idb"

    def __init__(self, room: str, lock: TabLock) -> None:
        self.room, self._lock = room, lock
        self._turns = Turns()
        self._base: Any = None
        self._count: dict[str, int] = {}  # name -> the number of its next piece
        self._sizes: dict[str, int] = {}  # as far as they were asked for

    @classmethod
    async def open(cls, room: str = "small-steps", lock: TabLock | None = None) -> "Idb":
        """Raises StoreBusy in a second tab, FolderUnreadable where the browser has no database or keeps it shut."""
        held = lock or await TabLock.take(room)
        disk = cls(room, held)
        try:
            await disk._connect()
            keys = await settled(disk._store("readonly")[1].getAllKeys())
            for name, number in keys.to_py():
                disk._count[name] = max(disk._count.get(name, 0), int(number) + 1)
            return disk
        except (JsException, FolderUnreadable, AttributeError, TypeError) as error:
            if lock is None:
                await held.release()
            raise FolderUnreadable(str(error)) from error

    # -- the database ------------------------------------------------------------------------------------------------
    async def _connect(self) -> None:
        request = js.indexedDB.open(self.room, 1)

        def upgrade(_event: Any) -> None:
            request.result.createObjectStore(PIECES)

        proxy = create_proxy(upgrade)
        request.onupgradeneeded = proxy
        try:
            self._base = await settled(request, bad=("onerror", "onblocked"))
        finally:
            proxy.destroy()

    def _store(self, mode: str) -> tuple[Any, Any]:
        """A transaction and its store."""
        transaction = self._base.transaction(PIECES, mode, options(durability="strict"))
        return transaction, transaction.objectStore(PIECES)

    async def _change(self, steps: Callable[[Any], None]) -> None:
        """All the steps are durable when it returns, or none of them is there."""
        transaction, store = await self._awake("readwrite")
        end = settled(transaction, "oncomplete", ("onabort",))
        try:
            steps(store)
        except JsException:
            transaction.abort()
            await asyncio.gather(end, return_exceptions=True)
            raise
        await end

    async def _awake(self, mode: str) -> tuple[Any, Any]:
        """A tablet that slept may have lost its connection; nothing was begun on it, so it is simply made again."""
        try:
            return self._store(mode)
        except JsException as error:
            if error.name != "InvalidStateError":
                raise
            await self._connect()
            return self._store(mode)

    @staticmethod
    def _range(name: str) -> Any:
        return js.IDBKeyRange.bound(to_js([name]), to_js([name, []]))

    # -- reading -----------------------------------------------------------------------------------------------------
    async def names(self, prefix: str = "") -> set[str]:
        return {name for name in self._count if name.startswith(prefix)}

    async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        return (await self._turns.take(name, lambda: self._read(name)))[start:end]

    async def _read(self, name: str) -> bytes:
        if name not in self._count:
            raise MissingName(name)
        _, store = await self._awake("readonly")
        pieces = await settled(store.getAll(self._range(name)))
        data = b"".join(piece.to_bytes() for piece in pieces)
        self._sizes[name] = len(data)
        return data

    async def size(self, name: str) -> int:
        async def ask() -> int:
            if name in self._count and name not in self._sizes:
                await self._read(name)
            return self._sizes.get(name, 0)

        return await self._turns.take(name, ask)

    async def digest(self, name: str, nonce: bytes) -> str | None:
        try:
            return digest_with(nonce, await self.get(name))
        except MissingName:
            return None

    async def partitions(self) -> dict[str, str]:
        return digests(set(self._count))

    # -- writing -----------------------------------------------------------------------------------------------------
    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        check_put(name, data)

        async def work() -> str:
            if name not in self._count or await self._read(name) != data:
                await self._whole(name, data)
            return digest_with(nonce, await self._read(name))

        return await self._turns.take(name, work)

    async def replace(self, name: str, data: bytes) -> None:
        await self._turns.take(name, lambda: self._whole(name, data))

    async def _whole(self, name: str, data: bytes) -> None:
        def steps(store: Any) -> None:
            store.delete(self._range(name))
            store.put(to_js(data), to_js([name, 0]))

        await self._change(steps)
        self._count[name], self._sizes[name] = 1, len(data)

    async def append(self, name: str, data: bytes) -> None:
        async def work() -> None:
            number = self._count.get(name, 0)
            if number >= MANY:
                await self._whole(name, await self._read(name) + data)
                return
            await self._change(lambda store: store.add(to_js(data), to_js([name, number])))
            self._count[name] = number + 1
            if number == 0 or name in self._sizes:
                self._sizes[name] = self._sizes.get(name, 0) + len(data)

        await self._turns.take(name, work)

    async def truncate(self, name: str, size: int) -> None:
        async def work() -> None:
            if name in self._count and len(data := await self._read(name)) > size:
                await self._whole(name, data[:size])

        await self._turns.take(name, work)

    async def delete(self, name: str) -> None:
        async def work() -> None:
            await self._change(lambda store: store.delete(self._range(name)))
            self._count.pop(name, None)
            self._sizes.pop(name, None)

        await self._turns.take(name, work)

    async def shut(self) -> None:
        """Let go of the database, but not of the lock: it may be opened again."""
        self._base.close()

    async def close(self) -> None:
        await self.shut()
        await self._lock.release()
