"""A folder on a WebDAV server, as schools have with Nextcloud, a NAS or Apache: a Folder and a Disk over webdav4's client.

Its client and not its fsspec: that one trims names and keeps lists. One collection is listed at a time, since many servers
refuse `Depth: infinity`. Files are written aside and moved into place (I1); where a server moves nothing they are put straight,
which is safe for names that carry the hash of their bytes. How a server's own disk flushes is not known here.
"""

import asyncio
import secrets
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext, suppress
from threading import Lock
from typing import TypeVar
from urllib.parse import quote

import httpx
from webdav4.client import Client, HTTPError, ResourceNotFound

from storage.errors import FolderUnreadable, MissingName, TooLarge
from storage.folder.dav_answers import (
    BROKEN,
    GONE,
    IS_THERE,
    NEVER_MOVES,
    NO_PARENT,
    PAST_THE_END,
    STUMBLED,
    TAKEN,
    Entry,
    as_storage_error,
    entry_of,
    status_of,
)
from storage.folder.port import check_put, check_size, digest_with, digests

T = TypeVar("T")
ASIDE = "part"
TRIES = 5  # for a list: a server may stumble over a file that goes while it lists
LISTS_AT_ONCE = 8  # lists asked for at the same time
SECONDS = 30  # for each step of a request: a megabyte takes its time over a slow line
WANTED = '<?xml version="1.0"?><propfind xmlns="DAV:"><prop><resourcetype/><getcontentlength/></prop></propfind>'
AS_IT_IS = {"Accept-Encoding": "identity", "Cache-Control": "no-cache"}


class WebDav:
    """`url` is the collection that is the folder, and has to be there. All asking is in threads: slow servers hold up no one."""

    def __init__(self, url: str, auth: tuple[str, str] | None = None, transport: httpx.BaseTransport | None = None) -> None:
        whole = httpx.URL(url)
        self._root = whole.path.rstrip("/")
        self._client = Client(whole.copy_with(raw_path=b"/"), auth=auth, retry=False, timeout=SECONDS, transport=transport)
        self._moves = True
        self._made: set[str] = set()
        self._making, self._adding = Lock(), Lock()
        self._changing: dict[str, Lock] = {}

    # -- asking ----------------------------------------------------------------------------------------------------------
    async def _do(self, name: str, work: Callable[[], T], writing: bool = False) -> T:
        try:
            return await asyncio.to_thread(work)
        except BROKEN as error:
            raise as_storage_error(error, name, writing) from None

    def _at(self, name: str) -> str:
        """The path that the server is asked for. Raises MissingName for a name that leads elsewhere."""
        if any(part in {"", ".", ".."} or "\\" in part or "\0" in part for part in name.split("/")):
            raise MissingName(name)
        return quote(f"{self._root}/{name}")

    def _ask(self, method: str, name: str, **more: object) -> httpx.Response:
        answer: httpx.Response = self._client.request(method, self._at(name), **more)
        return answer

    # -- lists -----------------------------------------------------------------------------------------------------------
    async def names(self, prefix: str = "") -> set[str]:
        turns = asyncio.Semaphore(LISTS_AT_ONCE)

        async def walk(inside: str) -> set[str]:
            async with turns:
                files, below = await self._do(inside or "/", lambda: self._members(inside))
            return files.union(*await asyncio.gather(*(walk(one) for one in below if one != ASIDE)))

        return {name for name in await walk(prefix.rpartition("/")[0]) if name.startswith(prefix)}

    async def top(self) -> set[str]:
        """What lies right in the folder, files and collections; the rest may be large. Raises MissingName without a folder."""
        files, below = await self._do("/", lambda: self._inside("", self._entries("", "1")))
        return files | below - {ASIDE}

    def _members(self, inside: str) -> tuple[set[str], set[str]]:
        """(files, collections) of one collection, by their names in the folder; none where it has gone."""
        try:
            entries = self._entries(inside, "1")
        except ResourceNotFound:
            if inside:
                self._members("")  # nothing there is one thing, no folder at all is another
                return set(), set()
            raise FolderUnreadable("the folder is not there") from None
        return self._inside(inside, entries)

    def _inside(self, inside: str, entries: list[Entry]) -> tuple[set[str], set[str]]:
        here = f"{self._root}/{inside}".rstrip("/")
        if (here, True) not in {entry[:2] for entry in entries}:  # a list of something else is no empty folder
            raise FolderUnreadable(f"{inside or '/'}: the server lists another place")
        files, below = set[str](), set[str]()
        for entry in entries:
            above, _, last = entry.path.rpartition("/")
            if above == here and last:
                (below if entry.collection else files).add(f"{inside}/{last}".lstrip("/"))
        return files, below

    def _entries(self, inside: str, depth: str) -> list[Entry]:
        where, headers = self._at(inside) if inside else quote(self._root), {"Depth": depth, "Content-Type": "application/xml"}
        tries = 0
        while True:
            try:
                answer = self._client.propfind(where, data=WANTED, headers=headers, follow_redirects=True)
                return [entry_of(response) for response in answer.responses.values()]
            except HTTPError as error:
                tries += 1
                if error.status_code != STUMBLED or tries == TRIES:
                    raise

    def _file(self, name: str) -> Entry:
        """Raises MissingName for a collection."""
        (entry,) = self._entries(name, "0")
        if entry.collection:
            raise MissingName(name)
        return entry

    async def partitions(self) -> dict[str, str]:
        return digests(await self.names("p/"))

    async def size(self, name: str) -> int:
        try:
            return (await self._do(name, lambda: self._file(name))).size
        except MissingName:
            return 0

    # -- reading ---------------------------------------------------------------------------------------------------------
    async def get(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        if end is not None and end <= start:
            return b""
        return await self._do(name, lambda: self._read(name, start, end))

    def _read(self, name: str, start: int = 0, end: int | None = None) -> bytes:
        span = f"bytes={start}-{'' if end is None else end - 1}"
        headers = AS_IT_IS | ({"Range": span} if start or end is not None else {})
        with self._alone(name), self._client.http.stream("GET", self._client.join_url(self._at(name)), headers=headers) as answer:
            if answer.status_code == PAST_THE_END:
                return b""
            if not answer.is_success:
                raise ResourceNotFound(name) if answer.status_code == GONE else HTTPError(answer)
            before = 0 if answer.status_code == httpx.codes.PARTIAL_CONTENT else start  # some give the whole of it
            return self._body(name, answer, None if end is None else before + end - start)[before:]

    @staticmethod
    def _body(name: str, answer: httpx.Response, most: int | None) -> bytes:
        """Up to so many bytes. Raises TooLarge."""
        body = bytearray()
        if most is None:
            check_size(name, int(answer.headers.get("Content-Length", 0)))
        for piece in answer.iter_bytes():
            body += piece
            if most is None:
                check_size(name, len(body))
            elif len(body) >= most:
                break
        return bytes(body[:most])

    def _found(self, name: str) -> bytes | None:
        try:
            return self._read(name)
        except ResourceNotFound:
            return None

    async def digest(self, name: str, nonce: bytes) -> str | None:
        with suppress(TooLarge):
            found = await self._do(name, lambda: self._found(name))
            return None if found is None else digest_with(nonce, found)
        return None

    # -- writing ---------------------------------------------------------------------------------------------------------
    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        check_put(name, data)

        def work() -> str:
            try:
                there = self._found(name)
            except TooLarge:
                there = b""  # something else is there
            if there != data:
                self._write(name, data, over=there is not None)
                there = self._read(name)
            return digest_with(nonce, there)

        return await self._do(name, work, writing=True)

    async def replace(self, name: str, data: bytes) -> None:
        await self._do(name, lambda: self._write(name, data, over=True), writing=True)

    def _write(self, name: str, data: bytes, over: bool) -> None:
        """The bytes under the name; with `over` also where something is already."""
        if self._moves and self._write_aside(name, data, over):
            return
        with self._alone(name):
            self._in_place(name, lambda: self._ask("PUT", name, content=data))
        self._moves = False  # it takes files and moves none: the next ones are not tried

    def _write_aside(self, name: str, data: bytes, over: bool) -> bool:
        """False where the server does not move files."""
        target, aside = self._at(name), f"{ASIDE}/{secrets.token_hex(8)}"
        headers = {"Destination": str(self._client.join_url(target)), "Overwrite": "T" if over else "F"}
        self._in_place(aside, lambda: self._ask("PUT", aside, content=data))
        try:
            with self._alone(name):
                self._in_place(name, lambda: self._ask("MOVE", aside, headers=headers))
            return True
        except BROKEN as error:
            with suppress(*BROKEN):
                self._ask("DELETE", aside)
            if status_of(error) == TAKEN:
                return True  # another was first; what is there now is read again
            if status_of(error) in NEVER_MOVES:
                return False
            raise

    def _alone(self, name: str) -> AbstractContextManager[object]:
        """To replace is two steps for some servers: who reads meanwhile waits. Files that never change need no such thing."""
        return nullcontext() if name.startswith("p/") else self._changing.setdefault(name, Lock())

    def _in_place(self, name: str, work: Callable[[], object]) -> None:
        """Work below a collection that is there; made again if it was taken away since."""
        above = name.rpartition("/")[0]
        self._make(above)
        try:
            work()
        except (HTTPError, ResourceNotFound) as error:
            if status_of(error) not in NO_PARENT:
                raise
            with self._making:
                self._made.clear()
            self._make(above)
            work()

    def _make(self, inside: str) -> None:
        """The collection and those above it, each once."""
        if not inside or inside in self._made:
            return
        self._make(inside.rpartition("/")[0])
        with self._making:
            if inside not in self._made:
                try:
                    self._ask("MKCOL", inside, add_trailing_slash=True)
                except HTTPError as error:
                    if error.status_code not in IS_THERE:
                        raise
                self._made.add(inside)

    async def delete(self, name: str) -> None:
        def work() -> None:
            with suppress(ResourceNotFound):
                self._file(name)  # a server would take away a whole collection
                self._ask("DELETE", name)

        await self._do(name, work, writing=True)

    async def move(self, name: str, to: str) -> None:
        """The file under another name, unread. Raises MissingName; FolderReadOnly where the server moves nothing."""
        headers = {"Destination": str(self._client.join_url(self._at(to))), "Overwrite": "F"}

        def work() -> None:
            self._file(name)  # a server would move a whole collection
            self._in_place(to, lambda: self._ask("MOVE", name, headers=headers))

        await self._do(name, work, writing=True)

    async def append(self, name: str, data: bytes) -> None:
        """Slow: the whole file is written again. No journal lives here."""

        def work() -> None:
            with self._adding:
                self._write(name, (self._found(name) or b"") + data, over=True)

        await self._do(name, work, writing=True)

    async def truncate(self, name: str, size: int) -> None:
        await self.replace(name, (await self.get(name))[:size])

    async def close(self) -> None:
        self._client.http.close()
