"""Free ports for the servers of the tests. The system hands out ports of its own above these, to any line that is opened: a port
from there can be gone again before the server has started."""

import os
import socket
from collections.abc import Iterator
from itertools import cycle

from tests.lanes import BESIDE

FIRST, EACH = 20_000, 1_500  # below 32,768, where Linux begins with its own


def slice_of(worker: str, beside: int = 0) -> range:
    """The ports of one test worker ("gw0", "gw1", ...), or of a run without workers: nobody else's. `beside`: which of two lanes
    that run at once; each has up to three workers."""
    number = int(worker.removeprefix("gw") or -1) + 1 + beside * 4
    return range(FIRST + number * EACH, FIRST + (number + 1) * EACH)


def _around(ports: range, start: int) -> Iterator[int]:
    """All of them again and again, from somewhere in the middle: two runs on one machine seldom meet."""
    turn = start % len(ports)
    return cycle([*ports[turn:], *ports[:turn]])


_ports = _around(slice_of(os.environ.get("PYTEST_XDIST_WORKER", ""), int(os.environ.get(BESIDE, 0))), os.getpid() * 97)


def is_free(port: int) -> bool:
    with socket.socket() as door:
        try:
            door.bind(("127.0.0.1", port))
        except OSError:
            return False
        return True


def free_port() -> int:
    """A port that nobody listens on, and that was not given before until all had their turn."""
    return next(port for port in _ports if is_free(port))
