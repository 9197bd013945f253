"""A small demo school that the command made, a folder that cannot be written, and a port that is taken."""

import os
import shutil
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.browser import built_app
from tests.cli.typed import typed
from tests.contract.servers import Servers
from tests.ports import free_port

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
