"""What the tests of odd folders share: odd files laid into the directory by hand, odd clocks, and that the rest goes on."""

import os
import tracemalloc
import zlib
from collections.abc import Iterator
from contextlib import contextmanager

from app.domain.vocabulary.roles import Role
from storage import names, segments
from storage.folder.memory import Memory
from storage.ops import Op
from storage.store import SyncState
from tests.hub.conftest import Hub, Time
from tests.usecases.conftest import Line, Seat, Sit, recorded, seated, synced

GIB = 1024**3
DEV, INC = "d" * 16, "e" * 16


def named(partition: str, data: bytes, number: int = 1) -> str:
    return str(names.Name(partition, "log", names.hash_of(data), DEV, INC, number))


def laid(hub: Hub, name: str, data: bytes) -> str:
    path = hub.folder.path / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    return name


def huge(hub: Hub, name: str) -> str:
    """2 GiB in the directory that take no room on the disk."""
    os.truncate(hub.folder.path / laid(hub, name, b""), 2 * GIB)
    return name


def bomb() -> bytes:
    """A segment of a quarter of a MiB that says a GiB."""
    pack = zlib.compressobj(9)
    packed = b"".join([pack.compress(b"\n" * 2**24) for _ in range(16)])
    return segments.header(segments.SEGMENT) + packed + pack.flush()


def of_next_year(partition: str, number: int = 1) -> tuple[str, bytes]:
    """(name, bytes) of a good segment but for its format, which is one that we do not know."""
    op = Op("observation:next", "note", "from next year", (1, 0), f"{DEV}.{INC}", "f" * 32, text=True)
    good = segments.encode(partition, f"{DEV}.{INC}", number, [op])
    data = good[:4] + bytes([segments.FORMAT + 1]) + good[5:]
    return named(partition, data, number), data


@contextmanager
def little_memory(most: int = 64 * 1024 * 1024) -> Iterator[None]:
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < most
    finally:
        tracemalloc.stop()


async def goes_on(hub: Hub, tablet: Seat, sit: Sit) -> None:
    """Another tablet's moment comes to this one, this one's goes to the folder, and the SENCO's phone has both."""
    other, phone = await sit(Role.TA), await sit(Role.SENCO, staff=hub.made.senco)
    (theirs,), (mine,) = await recorded(other, hub.made.amira), await recorded(tablet, hub.made.amira)
    await synced(other, tablet, phone)
    assert {o.id for o in tablet.desk.school.observations(hub.made.amira)} >= {theirs, mine}
    assert {o.id for o in phone.desk.school.observations(hub.made.amira)} >= {theirs, mine}
    assert tablet.desk.syncing.state(tablet.desk.school.observation(mine)) is SyncState.FOLDER


def garbage(hub: Hub, partition: str) -> str:
    data = os.urandom(500)
    return laid(hub, named(partition, data), data)


def zip_bomb(hub: Hub, partition: str) -> str:
    data = bomb()
    return laid(hub, named(partition, data), data)


def two_gib(hub: Hub, partition: str) -> str:
    return huge(hub, named(partition, b"never mind"))


def two_gib_picture(hub: Hub, partition: str) -> str:
    return huge(hub, f"p/{partition}/media/{'a' * 32}")


def rotten(hub: Hub, partition: str) -> str:
    return laid(hub, named(partition, b"what it was"), b"what is left of it")


def newer(hub: Hub, partition: str) -> str:
    return laid(hub, *of_next_year(partition))


async def with_clock(hub: Hub, at: int) -> Seat:
    """A tablet that has joined, and whose clock says `at`, ms UTC."""
    seat = await seated(Memory(), Line(hub), Time(at))
    code, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], hub.made.ta)
    await seat.desk.joining.join(code, "a tablet")
    return seat
