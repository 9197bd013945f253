"""A real hub process and far more lines than it keeps: idle ones, and heads that never end. An honest device goes on syncing."""

import os
import socket
import threading
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from app.hub.guard.server import more_files
from storage.errors import Unreachable
from storage.folder.hub import HubFolder
from storage.store import Pending, SyncState
from storage.sync import sync
from tests.cli.typed import LAST_LINE, serving
from tests.contract.kinds import store_of
from tests.ports import free_port
from tests.storage.parts import note, picture

CROWD = 2_000  # the hub keeps 600
HALF_A_HEAD = b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: "
DEV = "d" * 16
MOST_ROUNDS = 40  # a line that is cut is tried again, as a tablet does; how often, says how much the crowd was felt


@dataclass
class Crowd:
    """Lines that say nothing, or half of something; each that the hub cuts is opened again until the crowd is told to go."""

    port: int
    lines: deque[socket.socket] = field(default_factory=deque)
    opened: int = 0
    full: threading.Event = field(default_factory=threading.Event)
    go: threading.Event = field(default_factory=threading.Event)

    def come(self) -> None:
        while not self.go.is_set():
            if len(self.lines) >= CROWD:
                self.full.set()
                self.lines.popleft().close()
            with suppress(OSError):
                self.lines.append(self._line())
                self.opened += 1
        while self.lines:
            self.lines.pop().close()

    def _line(self) -> socket.socket:
        line = socket.create_connection(("127.0.0.1", self.port), timeout=10)
        with suppress(OSError):
            line.sendall(HALF_A_HEAD if self.opened % 2 else b"")
        return line


@contextmanager
def crowded(port: int) -> Iterator[Crowd]:
    more_files()  # two thousand lines have two ends
    crowd = Crowd(port)
    thread = threading.Thread(target=crowd.come, daemon=True)
    thread.start()
    try:
        assert crowd.full.wait(120), f"only {len(crowd.lines)} lines could be opened"
        yield crowd
    finally:
        crowd.go.set()
        thread.join(60)


def code_of(said: list[str]) -> str:
    """Of the link that sets up a new school."""
    return next(line.rpartition("/join/")[2] for line in said if "/join/" in line)


def open_files(pid: int) -> int:
    """Of another process; 0 where the system does not tell."""
    place = Path(f"/proc/{pid}/fd")
    return len(list(place.iterdir())) if place.exists() else 0


@pytest.fixture
def hub(built_app: Path, tmp_path: Path) -> Iterator[tuple[str, str, int]]:
    """Where it is, the code that it printed, and its process."""
    (tmp_path / "school").mkdir()
    port = free_port()
    with serving(tmp_path, "--folder", "school", "--port", port) as process:
        process.until(LAST_LINE)
        yield f"http://localhost:{port}", code_of(process.said), process.process.pid


async def test_two_thousand_idle_lines_and_endless_heads_keep_no_tablet_from_its_sync(hub: tuple[str, str, int]) -> None:
    url, code, pid = hub
    async with httpx.AsyncClient(base_url=url, timeout=60) as client:
        joined = (await client.post("/api/join", json={"code": code, "device": DEV, "name": "a phone"})).json()
        assert joined["role"] == Role.SENCO
        store, folder = await store_of(DEV), HubFolder(client, joined["token"])
        with crowded(int(url.rpartition(":")[2])) as crowd:
            before, rounds = crowd.opened, 0
            for number in range(10):
                await store.write([note(f"Moment {number}.", f"observation:{number}")], picture(os.urandom(50_000)))
                while store.pending() != Pending(0, 0) and (rounds := rounds + 1) < MOST_ROUNDS:
                    with suppress(Unreachable):
                        await sync(store, folder)
            assert all(store.state_of(f"observation:{n}") is SyncState.FOLDER for n in range(10)), rounds
            assert crowd.opened > before, "the crowd came on all the while"
            assert open_files(pid) < 1_000, "the hub keeps its lines bounded"
        assert (await client.get("/healthz")).json()["status"] == "well"
