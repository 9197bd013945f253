"""The hub behind a real Caddy with the file that we give to schools: the same lines, but for its port and its certificate."""

import socket
import ssl
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from storage.store import SyncState
from tests.cli.devices import Device
from tests.cli.plain_hub import code_of
from tests.cli.typed import LAST_LINE, LONGEST, ROOT, Hub, serving
from tests.contract.servers import until_open
from tests.ports import free_port

NAME, UPSTREAM = "steps.school.example", "127.0.0.1:8550"
HERE = "private_ranges"  # in the file: who counts as being in the school
# In a test nobody fetches a certificate from outside, opens a well-known port, or tells this computer to trust anything.
ONLY_HERE = """{{
	admin off
	auto_https disable_redirects
	skip_install_trust
	storage file_system {where}/caddy
}}
"""


class ByName(httpx.AsyncHTTPTransport):
    """To the proxy on this computer, whatever the name: no names are looked up."""

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        request.extensions["sni_hostname"] = request.url.host
        request.url = request.url.copy_with(host="127.0.0.1")
        return await super().handle_async_request(request)


@dataclass
class Proxied:
    hub: Hub
    port: int
    where: Path

    @property
    def root(self) -> Path:
        return self.where / "caddy/pki/authorities/local/root.crt"

    def is_known(self, line: socket.socket) -> bool:
        """The proxy opens its door a moment before it has made its certificate."""
        line.settimeout(LONGEST)
        with suppress(OSError):
            ssl.create_default_context(cafile=str(self.root)).wrap_socket(line, server_hostname=NAME).close()
            return True
        return False

    def client(self) -> httpx.AsyncClient:
        """Trusts the proxy's own authority, and nobody else."""
        known = ssl.create_default_context(cafile=str(self.root))
        return httpx.AsyncClient(base_url=f"https://{NAME}:{self.port}", transport=ByName(verify=known), timeout=60)

    async def device(self, name: str) -> Device:
        device = await Device.open(self.where / name, self.port)
        await device.hub.client.aclose()
        device.hub.client = self.client()
        return device


def caddyfile(where: Path, port: int, hub: int, school: str = HERE) -> Path:
    given = (ROOT / "deploy/Caddyfile").read_text()
    for was, becomes in ((f"{NAME} {{", f"{NAME}:{port} {{\n\ttls internal"), (UPSTREAM, f"127.0.0.1:{hub}"), (HERE, school)):
        assert given.count(was) == 1, was
        given = given.replace(was, becomes)
    (where / "Caddyfile").write_text(ONLY_HERE.format(where=where) + given)
    return where / "Caddyfile"


@contextmanager
def proxied(where: Path, school: str = HERE) -> Iterator[Proxied]:
    (where / "school").mkdir()
    port, inner = free_port(), free_port()
    words = ["caddy", "run", "--adapter", "caddyfile", "--config", caddyfile(where, port, inner, school)]
    quiet = subprocess.DEVNULL
    with serving(where, "--folder", "school", "--port", inner, "--hostname", NAME, "--proxy", "127.0.0.1") as hub:
        hub.until(LAST_LINE)
        with subprocess.Popen(words, stdin=quiet, stdout=quiet, stderr=quiet) as caddy:
            try:
                there = Proxied(hub, port, where)
                until_open(port, caddy, there.is_known)
                yield there
            finally:
                caddy.terminate()
                caddy.wait(LONGEST)


async def test_a_device_joins_and_brings_its_moments_through_the_proxy(built_app: Path, tmp_path: Path) -> None:
    with proxied(tmp_path) as there:
        senco = await there.device("senco")
        await senco.join(code_of(there.hub), "Ruth's phone")
        pupil = "a" * 32
        await senco.round()
        made = await senco.observe(pupil, "Asked for a turn.")
        await senco.round()
        assert senco.store.state_of(f"observation:{made}") is SyncState.FOLDER
        assert [file for file in (tmp_path / "school/p" / pupil).rglob("*") if file.is_file()]
        told = await senco.hub.client.get("/app/")
        assert told.status_code == 200 and "max-age" in told.headers["Strict-Transport-Security"]
        assert len(await senco.invite(Role.SENCO, [])) >= 8
        name = f"p/{pupil}/media/{'0' * 32}"
        try:
            told = await senco.hub.client.put(f"/api/files/{name}", content=bytes(4_000_000))
            assert told.status_code in {413, 502}, "the proxy heard the no, or only that the hub hung up on so much"
        except httpx.TransportError:
            pass  # nor did we: who is still sending when the line ends may not read what was said before
        assert not (tmp_path / "school" / name).exists()
        assert (await senco.hub.client.get("/app/")).status_code == 200
    await senco.close()


async def test_a_forged_address_wins_nobody_more_guesses(built_app: Path, tmp_path: Path) -> None:
    with proxied(tmp_path) as there:
        async with there.client() as guesser:
            said = [
                (
                    await guesser.post(
                        "/api/join",
                        json={"code": "ABCDEFGH", "device": "0" * 16, "name": "x"},
                        headers={"X-Forwarded-For": f"10.0.0.{turn}", "Forwarded": f"for=10.0.1.{turn}"},
                    )
                ).status_code
                for turn in range(40)
            ]
        assert 429 in said and 500 not in said and said[0] in {403, 404}


@pytest.mark.parametrize(
    ("way", "there"),
    [("/f/made-up", True), ("/page/family.css", True), ("/healthz", False), ("/app/", False), ("/api/partitions", False)],
)
async def test_who_is_not_in_the_school_reaches_the_families_page_alone(far: Proxied, way: str, there: bool) -> None:
    async with far.client() as family:
        answer = await family.get(way)
    assert bool(answer.content and answer.headers.get("Content-Security-Policy")) is there, answer


@pytest.fixture(scope="module")
def far(built_app: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Proxied]:
    """To this school we come from elsewhere."""
    with proxied(tmp_path_factory.mktemp("far"), "192.0.2.0/24") as there:
        yield there
