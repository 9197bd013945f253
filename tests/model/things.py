"""What the model's world is made of: tablets that go dark or fill up, a folder that remembers what was meant, what was saved."""

from dataclasses import dataclass, field

from storage import segments, view
from storage.errors import BadBytes, StoreFull
from storage.ops import Op
from storage.store import Store
from tests.storage.parts import Faulty, Plug


class Tablet(Plug):
    """A disk that can go dark, and be full."""

    room: int | None = None

    def fits(self, size: int) -> bool:
        if self.room is None:
            return True
        self.room -= size if size <= self.room else 0
        return size <= self.room

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        if not self.fits(len(data)):
            raise StoreFull(name)
        return await super().put(name, data, nonce)

    async def replace(self, name: str, data: bytes) -> None:
        if not self.fits(len(data)):
            raise StoreFull(name)
        await super().replace(name, data)

    async def append(self, name: str, data: bytes) -> None:
        if not self.fits(len(data)):
            await super().append(name, data[: len(data) // 2])
            raise StoreFull(name)
        await super().append(name, data)


class SchoolFolder(Faulty):
    """The folder, with what was meant to be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.meant: dict[str, bytes] = {}
        self.rotted: set[str] = set()
        self.said_again: list[str] = []  # files with ops of somebody else's that a whole file had already

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        self.meant[name] = data
        if "/log/" in name and self._says_again(name):
            self.said_again.append(name)
        try:
            return await super().put(name, data, nonce)
        finally:
            self.rotted -= self.whole()

    def _says_again(self, name: str) -> bool:
        """Whether this holds an op of another device that can be read in another file, and heard of there."""
        strangers = {op.id for op in self.ops_of(name) if op.writer[:16] != name.split("/")[3][:16]}
        there = self.whole() - {name} - {hidden for hidden, times in self.hidden.items() if times > 0}
        return any(op.id in strangers for other in there if strangers and "/media/" not in other for op in self.ops_of(other))

    def ops_of(self, name: str) -> tuple[Op, ...]:
        return segments.decode(self.meant[name]).ops

    async def delete(self, name: str) -> None:
        self.rotted.discard(name)
        await super().delete(name)


@dataclass
class Device:
    disk: Tablet
    store: Store
    offset: int = 0
    backup: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Saved:
    """An op that was acknowledged: `by` whom, and the picture that came with it."""

    by: int
    partition: str
    op: Op
    media: dict[str, bytes]


def covered_by_view(files: dict[str, bytes]) -> set[str]:
    """The files that a tablet's saved view speaks of, none when it is not there or not whole."""
    try:
        return view.unpacked(files[view.NAME])[0]
    except (KeyError, BadBytes):
        return set()
