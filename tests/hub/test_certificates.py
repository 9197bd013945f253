"""A hub's certificate while it runs for months: a new one is shown without a stop, a spoilt one never; how tablets trust it."""

import os
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest

from app.errors import CertificateUnreadable, NameNotVouched
from app.hub.guard.known_hosts import HERE, KnownHosts
from app.hub.guard.responses import HEADERS
from app.hub.routes.trust import trust_site
from app.hub.serve import authority as tls
from app.hub.serve import machine
from app.hub.serve.certificates import Certificate, OwnTls
from app.settings import Settings, tls_dir
from tests.hub.tls import SPOILT, held, shakes_hands

LATER = timedelta(days=300)


@pytest.fixture(autouse=True)
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A hub's computer with one name and one address."""
    monkeypatch.setattr("app.settings.config_dir", lambda: tmp_path / "config")
    monkeypatch.setattr(machine, "names", lambda: frozenset({"school-pc.local", "localhost"}))
    monkeypatch.setattr(machine, "addresses", lambda: frozenset({"192.168.7.20", "127.0.0.1", "::1"}))
    return tmp_path


def set_for(home: Path, host: str = "0.0.0.0", *hostnames: str) -> Settings:
    return Settings(home / "school", host=host, own_tls=True, hostnames=hostnames, port=8443)


def pem() -> bytes:
    return (tls_dir() / tls.HUB).read_bytes()


# -- of the hub's own making ---------------------------------------------------------------------------------------------
def test_it_is_for_what_this_computer_is_called_and_what_was_asked(home: Path) -> None:
    own = OwnTls(set_for(home, "0.0.0.0", "steps.lan"))
    assert held(pem()) == HERE | {"school-pc.local", "192.168.7.20", "steps.lan"}
    assert all(shakes_hands(own.context, own.authority, name) for name in ("steps.lan", "192.168.7.20"))


def test_for_this_computer_alone_it_has_no_other_names(home: Path) -> None:
    OwnTls(set_for(home, "127.0.0.1"))
    assert held(pem()) == HERE


def test_a_new_name_that_the_authority_may_not_vouch_for_is_told(home: Path) -> None:
    OwnTls(set_for(home))
    with pytest.raises(NameNotVouched, match=r"steps\.school\.example"):
        OwnTls(set_for(home, "0.0.0.0", "steps.school.example"))


async def test_another_address_is_vouched_for_within_the_hour(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    own = OwnTls(set_for(home))
    assert not shakes_hands(own.context, own.authority, "10.0.0.9")
    monkeypatch.setattr(machine, "addresses", lambda: frozenset({"10.0.0.9"}))
    await own.renew()
    assert shakes_hands(own.context, own.authority, "10.0.0.9") and held(pem()) >= {"10.0.0.9", "school-pc.local"}


async def test_one_that_runs_out_is_renewed_while_the_hub_runs(home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tls, "utc_now", lambda: datetime.now(UTC) - tls.HUB_LASTS)
    own = OwnTls(set_for(home))
    first = pem()
    assert not shakes_hands(own.context, own.authority, "localhost"), "it is over"
    monkeypatch.setattr(tls, "utc_now", lambda: datetime.now(UTC))
    await own.renew()
    assert pem() != first and shakes_hands(own.context, own.authority, "localhost")
    again = pem()
    await own.renew()
    assert pem() == again


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
async def test_a_file_spoilt_while_the_hub_runs_is_made_anew(home: Path, spoil: object) -> None:
    own = OwnTls(set_for(home))
    (tls_dir() / tls.HUB).write_bytes(spoil(pem()))  # type: ignore[operator]
    await own.renew()
    assert shakes_hands(own.context, own.authority, "localhost")


# -- of the school's -----------------------------------------------------------------------------------------------------
def brought(home: Path, name: str) -> tuple[Path, Path]:
    """A certificate and its key for this name, in the school's two files; written at a time of its own."""
    authority = tls.authority_at(home / "school's", HERE, datetime.now(UTC))
    data = tls._new_certificate(authority, [name], datetime.now(UTC))
    cut = data.index(b"-----BEGIN CERT")
    cert, key = home / "cert.pem", home / "key.pem"
    cert.write_bytes(data[cut:])
    key.write_bytes(data[:cut])
    for file in (cert, key):
        os.utime(file, ns=(0, len(name) * 10**9))
    return cert, key


def shows(certificate: Certificate, home: Path, name: str) -> bool:
    return shakes_hands(certificate.context, tls.authority_at(home / "school's", HERE, datetime.now(UTC)), name)


async def test_a_new_one_in_its_place_is_shown_without_a_stop(home: Path) -> None:
    shown = Certificate(*brought(home, "one.local"))
    assert shows(shown, home, "one.local")
    brought(home, "another.local")
    await shown.renew()
    assert shows(shown, home, "another.local") and not shows(shown, home, "one.local")


@pytest.mark.parametrize("data", [b"", b"\xff\0 garbage", None], ids=["empty", "garbage", "gone"])
async def test_a_spoilt_new_one_is_told_and_the_old_one_still_shown(home: Path, data: bytes | None) -> None:
    cert, key = brought(home, "one.local")
    shown = Certificate(cert, key)
    key.unlink() if data is None else key.write_bytes(data)
    with pytest.raises((CertificateUnreadable, OSError)):
        await shown.renew()
    assert shows(shown, home, "one.local")
    brought(home, "mended.local")
    await shown.renew()
    assert shows(shown, home, "mended.local")


async def test_a_new_one_is_not_shown_before_its_key_is_there_too(home: Path) -> None:
    cert, key = brought(home, "one.local")
    shown, old = Certificate(cert, key), key.read_bytes()
    new = brought(home, "another.local")[1].read_bytes()
    key.write_bytes(old)
    with pytest.raises(CertificateUnreadable):
        await shown.renew()
    assert shows(shown, home, "one.local")
    key.write_bytes(new)
    await shown.renew()
    assert shows(shown, home, "another.local")


def test_one_that_cannot_be_read_opens_no_hub(home: Path) -> None:
    cert, _ = brought(home, "one.local")
    for key in (home / "nowhere.pem", cert, None):
        with pytest.raises(CertificateUnreadable):
            Certificate(cert, key)
    assert isinstance(Certificate(*brought(home, "one.local")).context, ssl.SSLContext)


# -- how tablets learn of it ---------------------------------------------------------------------------------------------
async def asked(home: Path, path: str, host: str = "localhost", method: str = "GET") -> httpx.Response:
    def guard(app: object) -> None:
        app.add_middleware(KnownHosts, names=HERE, public=lambda: "")  # type: ignore[attr-defined]

    app = trust_site(OwnTls(set_for(home)).trust, guard)
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app), base_url="http://localhost") as client:
        return await client.request(method, path, headers={"Host": host})


async def test_the_page_tells_how_and_the_files_are_the_authority(home: Path) -> None:
    authority = OwnTls(set_for(home)).authority
    page, der = await asked(home, "/trust"), await asked(home, "/trust/small-steps.crt")
    told = page.text
    assert authority.name in told and authority.fingerprint[:11] in told and authority.fingerprint[-11:] in told
    assert "<script" not in told and der.content == authority.der and "attachment" in der.headers["content-disposition"]
    assert (await asked(home, "/trust/small-steps.mobileconfig")).content == tls.profile(authority)
    assert {answer.headers["cache-control"] for answer in (page, der)} == {"no-store"}


@pytest.mark.parametrize(
    "path", ["/api/partitions", "/app/", "/f/x", "/join/ABCDEFGH", "/healthz", "/trust/hub.pem", "/trust/../hub.pem"]
)
async def test_nothing_of_the_school_is_behind_the_plain_door(home: Path, path: str) -> None:
    answer = await asked(home, path)
    assert answer.status_code == 404 and answer.json()["error"]["code"] == "unknown"
    assert {key: answer.headers.get(key) for key in HEADERS} == HEADERS


async def test_it_leads_to_the_page_and_answers_to_its_own_names_alone(home: Path) -> None:
    assert (await asked(home, "/")).headers["location"] == "/trust"
    assert (await asked(home, "/trust", host="elsewhere.example")).status_code == 421
    assert (await asked(home, "/trust", method="POST")).status_code == 405
