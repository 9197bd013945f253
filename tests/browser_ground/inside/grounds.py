"""The browser's disks as kinds of folder, with a way around each: straight to the browser, past our code."""

import asyncio
import os
from typing import Any

import js
from pyodide.ffi import JsException, to_js

from storage.folder.idb import PIECES, Idb, settled
from storage.folder.opfs import Opfs, stored_as
from storage.folder.tab import options
from tests.storage.parts import picture


class OpfsGround:
    """A room of the browser's file system: one flat directory."""

    disk = Opfs

    def __init__(self, room: str) -> None:
        self.room = room
        self.files: Any = None

    async def _files(self) -> Any:
        if self.files is None:
            self.files = await (await js.navigator.storage.getDirectory()).getDirectoryHandle(self.room)
        return self.files

    async def plant(self, name: str, data: bytes) -> None:
        room = await self._files()
        handle = await (await room.getFileHandle(stored_as(name), options(create=True))).createSyncAccessHandle()
        handle.truncate(0)
        handle.write(to_js(data), options(at=0))
        handle.close()

    async def plant_all(self, files: dict[str, bytes]) -> None:
        await js.bring("/js/many.js")
        await js.plantMany(self.room, to_js(list(map(stored_as, files))), to_js(list(files.values())))

    async def found(self, name: str) -> bytes | None:
        try:
            file = await (await (await self._files()).getFileHandle(stored_as(name))).getFile()
        except JsException as error:
            if error.name != "NotFoundError":
                raise
            return None
        return bytes((await file.arrayBuffer()).to_bytes())

    async def clear(self) -> None:
        await (await js.navigator.storage.getDirectory()).removeEntry(self.room, options(recursive=True))


class IdbGround:
    """A room of the browser's database: pieces of files under their names."""

    disk = Idb

    def __init__(self, room: str) -> None:
        self.room = room
        self.base: Any = None

    async def _pieces(self, mode: str) -> tuple[Any, Any]:
        if self.base is None:
            self.base = await settled(js.indexedDB.open(self.room, 1))
        transaction = self.base.transaction(PIECES, mode, options(durability="relaxed"))
        return transaction, transaction.objectStore(PIECES)

    async def plant(self, name: str, data: bytes) -> None:
        await self.plant_all({name: data})

    async def plant_all(self, files: dict[str, bytes]) -> None:
        transaction, store = await self._pieces("readwrite")
        end = settled(transaction, "oncomplete", ("onabort",))
        for name, data in files.items():
            store.delete(self._all_of(name))
            store.put(to_js(data), to_js([name, 0]))
        await end

    async def found(self, name: str) -> bytes | None:
        _, store = await self._pieces("readonly")
        pieces = await settled(store.getAll(self._all_of(name)))
        return b"".join(piece.to_bytes() for piece in pieces) if len(pieces) else None

    @staticmethod
    def _all_of(name: str) -> Any:
        return js.IDBKeyRange.bound(to_js([name]), to_js([name, []]))

    async def clear(self) -> None:
        if self.base is not None:
            self.base.close()
        await settled(js.indexedDB.deleteDatabase(self.room))


GROUNDS = {"opfs": OpfsGround, "idb": IdbGround}


class BrowserKind:
    """A folder under test, as `Kind` is elsewhere. Whoever went around it wrote on a disk that has one writer: as after every
    start of the app, the disk is then opened again, at the next question."""

    def __init__(self, name: str, ground: Any, disk: Any) -> None:
        self.name, self.ground, self.disk = name, ground, disk
        self.stale = False
        self._opening = asyncio.Lock()

    @classmethod
    async def make(cls, name: str) -> "BrowserKind":
        ground = GROUNDS[name](f"contract-{os.urandom(8).hex()}")
        return cls(name, ground, await ground.disk.open(ground.room))

    @property
    def folder(self) -> Any:
        return self.always if self.stale else self.disk

    @property
    def always(self) -> "OpenedAgain":
        return OpenedAgain(self)

    async def again(self) -> Any:
        async with self._opening:
            if self.stale:
                await self.disk.close()
                self.disk = await self.ground.disk.open(self.ground.room)
                self.stale = False
        return self.disk

    async def plant(self, name: str, data: bytes) -> None:
        await self.ground.plant(name, data)
        self.stale = True

    async def link_all(self, _files: object, folder: str) -> set[str]:
        """Ten thousand pieces of pictures below a folder, made here; their names."""
        pictures = [picture(str(number).encode()) for number in range(10_000)]
        files = {f"{folder}/{name.rpartition('/')[2]}": data for one in pictures for name, data in one.items()}
        await self.ground.plant_all(files)
        self.stale = True
        return set(files)

    async def found(self, name: str) -> bytes | None:
        found: bytes | None = await self.ground.found(name)
        return found

    async def of(self, _dev: str) -> Any:
        return self.folder

    async def may_go(self, _files: dict[str, bytes]) -> set[str]:
        return set()

    async def end(self) -> None:
        await self.disk.close()
        await self.ground.clear()


class OpenedAgain:
    """The disk as it will be when it is asked."""

    def __init__(self, kind: BrowserKind) -> None:
        self._kind = kind

    def __getattr__(self, name: str) -> Any:
        async def ask(*args: Any) -> Any:
            return await getattr(await self._kind.again(), name)(*args)

        return ask
