"""A small demo school that the command made, a folder that cannot be written, and a port that is taken."""

import asyncio
import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from storage.folder.directory import Directory
from storage.ops import dumps
from storage.replica import Replica
from tests.browser import built_app
from tests.cli import small
from tests.cli.typed import typed
from tests.contract.servers import Servers
from tests.ports import free_port
from tests.storage.parts import AMIRA, BEN

__all__ = ["built_app"]


@pytest.fixture(scope="session")
def small_school(tmp_path_factory: pytest.TempPathFactory) -> Path:
    where = tmp_path_factory.mktemp("small")
    done = typed(where, "demo", "--folder", "school", "--pupils", 2, "--observations", 6)
    assert done.returncode == 0, done.stderr
    return where / "school"


@pytest.fixture
def school(small_school: Path, tmp_path: Path) -> Path:
    """A copy that a test may spoil."""
    shutil.copytree(small_school, tmp_path / "school")
    return tmp_path / "school"


@pytest.fixture
def closed(tmp_path: Path) -> Path:
    """An empty folder that nobody may write, root included: the kernel keeps some."""
    mine = tmp_path / "closed"
    mine.mkdir(mode=0o555)
    if not os.access(mine, os.W_OK):
        return mine
    return next(one for one in Path("/sys/kernel").iterdir() if one.is_dir() and not any(one.iterdir()))


@pytest.fixture
def port() -> int:
    return free_port()


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.create_server(("127.0.0.1", free_port())) as other:
        yield int(other.getsockname()[1])


@pytest.fixture(scope="module")
def servers() -> Iterator[Servers]:
    made = Servers()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture
def erased(school: Path) -> Path:
    """Amira was erased by an order, and still lies everywhere."""
    folder = Directory(school)

    async def order() -> None:
        hand = Replica(folder, "c" * 16, lambda: 1)
        await small.order_erasure(hand, AMIRA)

    asyncio.run(order())
    for name in (
        f"p/{AMIRA}/aside/media.{'1' * 32}.{small.MARK}", f"p/{AMIRA}/notes (conflicted copy).txt", f"p/{AMIRA}.office/log/x",
        f"hub/quarantine/{'1' * 16}/p/{AMIRA}/log/x", f"hub/had/{'1' * 16}.{AMIRA}.json", "hub/ended/amiras.json",
    ):  # fmt: skip
        small.write(school, name, b"of Amira")
    for link, child in (("amiras", AMIRA), ("bens", BEN)):
        small.write(school, f"hub/links/{link}.json", dumps({"mac": "x", "paper": {"pupil": child}}).encode())
    return school
