"""What a hub shows to a network: https of its own making, a small plain door to learn to trust it, and patience that ends."""

import re
import socket
import ssl
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from tests.cli.typed import LAST_LINE, serving
from tests.ports import free_port

IDLE = 700  # more than the hub keeps open at once


@dataclass(frozen=True, slots=True)
class Secure:
    """A hub with `--tls self`: its port, where the plain page is, and what it wrote outside the folder."""

    port: int
    trust: str
    said: list[str]
    tls: Path


@pytest.fixture(scope="module")
def secure(built_app: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Secure]:
    where, port = tmp_path_factory.mktemp("secure"), free_port()
    (where / "school").mkdir()
    with serving(where, "--folder", "school", "--port", port, "--tls", "self") as hub:
        hub.until(LAST_LINE)
        (trust,) = [line.strip() for line in hub.said if line.endswith("/trust")]
        yield Secure(port, trust, hub.said, where / "config/small-steps/tls")


def trusting(plain: str) -> ssl.SSLContext:
    """What a computer knows that installed what the plain page gives."""
    der = httpx.get(f"{plain}/small-steps.crt").content
    return ssl.create_default_context(cadata=der)


def test_who_installed_the_authority_is_served_over_https_and_nobody_else(secure: Secure) -> None:
    health = f"https://localhost:{secure.port}/healthz"
    assert httpx.get(health, verify=trusting(secure.trust)).json()["status"] == "well"
    with pytest.raises(httpx.ConnectError, match="CERTIFICATE_VERIFY_FAILED"):
        httpx.get(health)


def test_the_plain_door_shows_how_to_trust_and_nothing_of_the_school(secure: Secure) -> None:
    page = httpx.get(secure.trust)
    pairs = "".join(re.findall(r"^  ((?:[0-9A-F]{2} ?)+)$", "\n".join(secure.said), re.MULTILINE)).replace(" ", "")
    assert page.status_code == 200 and len(pairs) == 64 and pairs[:8] in page.text.replace(" ", "").upper()
    assert httpx.get(f"{secure.trust}/small-steps.mobileconfig").content.startswith(b"<?xml")
    for way in ("/api/partitions", "/app/", "/f/x", "/join/ABCDEFGH", "/healthz"):
        assert httpx.get(secure.trust.removesuffix("/trust") + way).status_code == 404


def test_its_keys_are_for_the_hub_alone(secure: Secure) -> None:
    modes = {file.name: file.stat().st_mode & 0o777 for file in secure.tls.iterdir()}
    assert modes["authority.pem"] == modes["hub.pem"] == 0o600


def test_idle_lines_and_a_head_without_an_end_hold_nobody_up(built_app: Path, tmp_path: Path) -> None:
    (tmp_path / "school").mkdir()
    port = free_port()
    with serving(tmp_path, "--folder", "school", "--port", port) as hub, ExitStack() as lines:
        hub.until(LAST_LINE)
        slow = [lines.enter_context(socket.create_connection(("127.0.0.1", port), timeout=60)) for _ in range(IDLE)]
        for line in slow[-50:]:
            line.sendall(b"GET /healthz HTTP/1.1\r\nHost: localhost\r\nX-Slow: ")
        assert httpx.get(f"http://localhost:{port}/healthz", timeout=60).json()["status"] == "well"
        assert closed(slow[-1]) and closed(slow[0])


def closed(line: socket.socket) -> bool:
    """Whether the other side hangs up; it is waited for."""
    try:
        return line.recv(1) == b""
    except ConnectionResetError:
        return True
