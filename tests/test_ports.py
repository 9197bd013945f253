"""The tests' servers do not take each other's ports."""

import socket
from pathlib import Path

from tests import ports


def test_no_port_is_given_twice_in_a_row_and_none_that_is_taken() -> None:
    given = [ports.free_port() for _ in range(50)]
    assert len(set(given)) == 50
    with socket.create_server(("127.0.0.1", given[0])):
        assert not ports.is_free(given[0])


def test_workers_share_no_port_and_take_none_of_the_systems_own() -> None:
    slices = [ports.slice_of(worker, lane) for lane in (0, 1) for worker in ("", "gw0", "gw1", "gw2")]
    assert len(set().union(*slices)) == 8 * ports.EACH
    first = int(Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii").split()[0])
    assert max(max(one) for one in slices) < first
