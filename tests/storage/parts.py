"""What the tests of the ground share: small changes, stores over memory, and a disk whose plug can be pulled."""

import hashlib
import random
import zlib
from collections.abc import Callable, Iterator
from itertools import count

from storage import media as pieces
from storage import segments
from storage.errors import StoreFull, Unreachable
from storage.folder.memory import Memory
from storage.folder.port import Folder, check_put, digest_with
from storage.ops import Change, Op
from storage.store import Pending, Store
from storage.sync import sync

AMIRA, BEN = "a" * 32, "b" * 32
NOTHING = Pending(0, 0)
FAULTS = ["fail", "torn", "torn_told", "lost_ack", "lie"]  # what a Faulty folder can do to one put


def change(entity: str, value: object, field: str = "v", partition: str = AMIRA) -> Change:
    return Change(partition, entity, field, value)


def note(text: str, entity: str = "observation:1", partition: str = AMIRA) -> Change:
    return Change(partition, entity, "note", text, text=True)


def op(value: object = 1, *, field: str = "v", wall: int = 1, writer: str = "w", ident: str = "i", **more: object) -> Op:
    return Op("x:1", field, value, (wall, 0), writer, ident, **more)  # type: ignore[arg-type]


def picture(data: bytes = b"a picture", partition: str = AMIRA) -> dict[str, bytes]:
    return pieces.chunks(partition, data)


def ticking(start: int = 1_000) -> Callable[[], int]:
    """A clock that is one ms later at every look."""
    steps: Iterator[int] = count(start)
    return lambda: next(steps)


async def opened(disk: Memory | None = None, seed: int | None = None, start: int = 1_000) -> Store:
    """A store over memory; with a seed, everything about it can be had again."""
    dice = random.Random(seed)
    return await Store.open(disk or Memory(), now=ticking(start), random=dice.randbytes)  # type: ignore[arg-type]


def values(store: Store, kind: str = "x") -> dict[str, object]:
    return {document["id"]: document.get("v") for document in store.library.documents(kind)}


def op_ids(files: dict[str, bytes]) -> list[str]:
    """The id of every op in every segment: one that comes twice was sent twice."""
    return [op.id for name, data in sorted(files.items()) if "/log/" in name for op in segments.read(name, data).ops]


class PulledPlug(Exception):
    """The device went dark. No error of ours: nothing of the code may catch it."""


class Plug(Memory):
    """A disk that goes dark at its n-th change: before it, in the middle of it, or after it. `files` is what is left."""

    def __init__(self, files: dict[str, bytes] | None = None, at: int = -1, when: str = "before") -> None:
        super().__init__()
        self.files, self.left, self.when = dict(files or {}), at, when

    def _count(self, middle: Callable[[], None], whole: Callable[[], None]) -> None:
        self.left -= 1
        if self.left == -1 or (self.left < -1 and self.dark):
            self.dark = True
            if self.left == -1:
                {"before": lambda: None, "middle": middle, "after": whole}[self.when]()
            raise PulledPlug
        whole()

    dark = False

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        self._count(lambda: None, lambda: self.files.__setitem__(name, data))
        return await super().put(name, data, nonce)

    async def replace(self, name: str, data: bytes) -> None:
        self._count(lambda: None, lambda: self.files.__setitem__(name, data))

    async def append(self, name: str, data: bytes) -> None:
        before = self.files.get(name, b"")
        half = before + data[: len(data) // 2]
        self._count(lambda: self.files.__setitem__(name, half), lambda: self.files.__setitem__(name, before + data))

    async def truncate(self, name: str, size: int) -> None:
        before = self.files.get(name, b"")
        self._count(lambda: None, lambda: self.files.__setitem__(name, before[:size]))

    async def delete(self, name: str) -> None:
        self._count(lambda: None, lambda: self.files.pop(name, None) and None)


class Full(Memory):
    """A disk with room for so many more bytes (None: enough). An append that does not fit leaves what fitted, torn."""

    def __init__(self, files: dict[str, bytes] | None = None, room: int | None = None) -> None:
        super().__init__()
        self.files, self.room = dict(files or {}), room

    def _take(self, size: int) -> bool:
        if self.room is not None and size > self.room:
            return False
        self.room = None if self.room is None else self.room - size
        return True

    async def append(self, name: str, data: bytes) -> None:
        fits = max(0, self.room) if self.room is not None else 0
        if not self._take(len(data)):
            self.files[name] = self.files.get(name, b"") + data[:fits]
            raise StoreFull(name)
        await super().append(name, data)

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        if not self._take(len(data)):
            raise StoreFull(name)
        return await super().put(name, data, nonce)

    async def replace(self, name: str, data: bytes) -> None:
        if not self._take(len(data)):
            raise StoreFull(name)
        await super().replace(name, data)


def whole(name: str, data: bytes) -> bool:
    """Whether these are the bytes that the name speaks of: worked out here, so that the code cannot be wrong about it alone."""
    return hashlib.sha256(data).hexdigest()[:32] == name[-32:]


class Faulty(Memory):
    """A school's folder that misbehaves: `faults` are what befalls the next puts, in order (None: nothing).

    fail        nothing is stored, nobody answers
    torn        half is stored, nobody answers
    torn_told   half is stored; the read-back tells it
    lost_ack    all is stored, nobody answers
    lie         all is stored; the answer is the digest of something else
    late        all is stored, and not listed the next two times
    """

    def __init__(self) -> None:
        super().__init__()
        self.faults: list[str | None] = []
        self.hidden: dict[str, int] = {}
        self.order: list[str] = []

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        fault = self.faults.pop(0) if self.faults else None
        check_put(name, data)
        self.order.append(name)
        if fault != "fail" and self.files.get(name) != data:  # a folder leaves alone what is there already
            self.files[name] = data[: len(data) // 2] if fault in {"torn", "torn_told"} else data
        if fault == "late":
            self.hidden[name] = 2
        if fault in {"fail", "torn", "lost_ack"}:
            raise Unreachable(name)
        return digest_with(nonce, b"?" if fault == "lie" else self.files[name])

    async def names(self, prefix: str = "") -> set[str]:
        listed = await super().names(prefix)
        late = {name for name in listed if self.hidden.get(name, 0) > 0}
        for name in late:
            self.hidden[name] -= 1
        return listed - late

    def rot(self, name: str) -> None:
        data = bytearray(self.files[name])
        data[len(data) // 2] ^= 1
        self.files[name] = bytes(data)

    def whole(self) -> set[str]:
        """The files whose bytes are what their name says."""
        return {name for name, data in self.files.items() if whole(name, data)}


def disk_of(files: dict[str, bytes]) -> Memory:
    disk = Memory()
    disk.files = dict(files)
    return disk


def unpacked(data: bytes) -> bytes:
    """A file, and what is in it where it is packed."""
    for start in (segments.HEADER, 4):
        try:
            return data + zlib.decompress(data[start:])
        except zlib.error:
            continue
    return data


def files_of(store: Store) -> dict[str, bytes]:
    """What is on the disk of a store over memory; it may be spoilt."""
    assert isinstance(store.disk, Memory)
    return store.disk.files


async def killed(store: Store, seed: int | None = None, start: int = 5_000) -> Store:
    """The device after a kill: only what is on its disk."""
    return await opened(disk_of(files_of(store)), seed, start)


class Asked(Memory):
    """A folder that remembers what it was asked."""

    def __init__(self) -> None:
        super().__init__()
        self.asked: list[str] = []

    def __getattribute__(self, name: str) -> object:
        if name in {"names", "get", "put", "digest", "delete", "partitions"}:
            self.asked.append(name)
        return super().__getattribute__(name)


def is_folder(thing: object) -> bool:
    return isinstance(thing, Folder)


async def synced(folder: Memory, seed: int | None = None) -> Store:
    """A device that holds all that is in the folder."""
    store = await opened(seed=seed)
    await sync(store, folder)
    return store


async def with_one(**things: object) -> tuple[Store, Faulty]:
    """A device that has saved these, and an empty folder."""
    store = await opened()
    await store.write([change(f"x:{key}", value) for key, value in (things or {"1": 1}).items()], picture())
    return store, Faulty()
