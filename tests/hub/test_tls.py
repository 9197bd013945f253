"""https of the hub's own making: an authority that vouches for little, and a certificate that is made anew in time."""

import os
import plistlib
import ssl
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.x509.oid import ExtendedKeyUsageOID

from app.errors import CertificateUnreadable, NameNotVouched
from app.hub.serve import authority as tls
from app.hub.serve.authority import AUTHORITY, HUB, HUB_LASTS, NEARLY, PUBLIC, SLACK, Authority, authority_at, hub_certificate
from tests.hub.tls import CERT, NAMES, NOW, SPOILT, another_key, held, made, shakes_hands


# -- the authority -------------------------------------------------------------------------------------------------------
@pytest.fixture
def authority(tmp_path: Path) -> Authority:
    return authority_at(tmp_path / "tls", NAMES, NOW)


def test_it_is_made_once_and_is_the_same_ever_after(tmp_path: Path, authority: Authority) -> None:
    again = authority_at(tmp_path / "tls", {"another-name"}, NOW + timedelta(days=900))
    assert again.fingerprint == authority.fingerprint and again.name == authority.name
    assert len(authority.fingerprint.split()) == 32 and (tmp_path / "tls" / PUBLIC).read_bytes() == authority.der


def test_two_hubs_can_be_told_apart(tmp_path: Path, authority: Authority) -> None:
    other = authority_at(tmp_path / "other", NAMES, NOW)
    assert other.fingerprint != authority.fingerprint and other.name.startswith("Small Steps hub ")


def test_only_the_hub_may_read_its_keys(tmp_path: Path, authority: Authority) -> None:
    before = os.umask(0)
    try:
        made(tmp_path, authority)
    finally:
        os.umask(before)
    modes = {file.name: file.stat().st_mode & 0o777 for file in (tmp_path / "tls").iterdir()}
    assert modes == {AUTHORITY: 0o600, HUB: 0o600, PUBLIC: 0o644} and (tmp_path / "tls").stat().st_mode & 0o777 == 0o700


def test_what_tablets_get_holds_no_key(tmp_path: Path, authority: Authority) -> None:
    secret = authority.key.private_numbers().private_value.to_bytes(32, "big")
    for public in (authority.der, tls.profile(authority), (tmp_path / "tls" / PUBLIC).read_bytes()):
        assert secret not in public and b"PRIVATE" not in public


def test_it_signs_certificates_and_nothing_below_it_may(authority: Authority) -> None:
    extensions = authority.certificate.extensions
    basic = extensions.get_extension_for_class(x509.BasicConstraints)
    usage = extensions.get_extension_for_class(x509.KeyUsage).value
    assert basic.critical and basic.value.ca and basic.value.path_length == 0
    assert usage.key_cert_sign and not usage.digital_signature and not usage.key_agreement


@pytest.mark.parametrize(
    "name,may",
    [
        ("school-pc", True), ("tablet.school-pc", True), ("anything.local", True), ("hub.lan", True), ("x.home.arpa", True),
        ("x.internal", True), ("localhost", True), ("10.1.2.3", True), ("172.31.0.1", True), ("192.168.255.1", True),
        ("fe80::1", True), ("fd00::7", True), ("::1", True), ("bank.example", False), ("local", True), ("evil-local", False),
        ("school-pc.evil.example", False), ("8.8.8.8", False), ("172.32.0.1", False), ("2001:db8::1", False), ("com", False),
    ],
)  # fmt: skip
def test_it_says_itself_for_whom_it_may_vouch(authority: Authority, name: str, may: bool) -> None:
    assert authority.may_vouch(name) is may


@pytest.mark.parametrize("name", ["bank.example", "school-pc.evil.example", "8.8.8.8"])
def test_a_browser_believes_a_stolen_key_for_nobody_else(tmp_path: Path, authority: Authority, name: str) -> None:
    """The limits stand in the authority itself, and OpenSSL holds to them."""
    stolen = tmp_path / "stolen.pem"
    stolen.write_bytes(tls._new_certificate(authority, [name], datetime.now(UTC)))
    assert held(stolen.read_bytes()) == {name} and not shakes_hands(tls.context(stolen), authority, name)


def test_a_browser_that_trusts_it_believes_the_hub(tmp_path: Path) -> None:
    today = datetime.now(UTC)
    authority = authority_at(tmp_path / "tls", NAMES, today)
    made(tmp_path, authority, now=today)
    hub = tls.context(tmp_path / "tls" / HUB)
    assert all(shakes_hands(hub, authority, name) for name in sorted(NAMES)) and not shakes_hands(hub, authority, "other.local")
    assert not shakes_hands(hub, authority_at(tmp_path / "else", NAMES, today), "localhost")


def test_an_ipad_gets_a_profile_that_it_takes_for_the_same_each_time(tmp_path: Path, authority: Authority) -> None:
    first, again = (plistlib.loads(tls.profile(one)) for one in (authority, authority_at(tmp_path / "tls", NAMES, NOW)))
    (root,) = first["PayloadContent"]
    assert first == again and first["PayloadType"] == "Configuration" and not first["PayloadRemovalDisallowed"]
    assert root["PayloadType"] == "com.apple.security.root" and root["PayloadContent"] == authority.der


# -- what is broken ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_an_authority_that_cannot_be_read_is_told_and_left_as_it_is(
    tmp_path: Path, authority: Authority, spoil: Callable[[bytes], bytes]
) -> None:
    file = tmp_path / "tls" / AUTHORITY
    file.write_bytes(spoil(file.read_bytes()))
    before = file.read_bytes()
    with pytest.raises(CertificateUnreadable, match="Bring it back from a backup, or delete it") as told:
        authority_at(tmp_path / "tls", NAMES, NOW)
    assert str(file) in told.value.message and file.read_bytes() == before


def test_a_public_half_that_was_lost_is_written_again(tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "tls" / PUBLIC).unlink()
    authority_at(tmp_path / "tls", NAMES, NOW)
    assert (tmp_path / "tls" / PUBLIC).read_bytes() == authority.der


@pytest.mark.parametrize("spoil", SPOILT.values(), ids=SPOILT)
def test_a_hub_s_certificate_that_cannot_be_read_is_made_anew(
    tmp_path: Path, authority: Authority, spoil: Callable[[bytes], bytes]
) -> None:
    pem = made(tmp_path, authority)
    (tmp_path / "tls" / HUB).write_bytes(spoil(pem))
    again = made(tmp_path, authority)
    tls.context(tmp_path / "tls" / HUB)
    assert held(again) == NAMES


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path, authority: Authority) -> None:
    (tmp_path / "a file").write_bytes(b"")
    with pytest.raises(CertificateUnreadable, match=r"hub.pem cannot be written"):
        hub_certificate(tmp_path / "a file", authority, NAMES, (), NOW)
    with pytest.raises(CertificateUnreadable, match="cannot be read"):
        authority_at(tmp_path / "a file", NAMES, NOW)


# -- the hub's certificate -----------------------------------------------------------------------------------------------
def test_it_is_for_the_hub_s_names_and_for_serving_alone(tmp_path: Path, authority: Authority) -> None:
    pem = made(tmp_path, authority, asked=["steps.local"])
    found = x509.load_pem_x509_certificate(pem)
    usage = found.extensions.get_extension_for_class(x509.ExtendedKeyUsage).value
    assert held(pem) == NAMES | {"steps.local"} and list(usage) == [ExtendedKeyUsageOID.SERVER_AUTH]
    assert not found.extensions.get_extension_for_class(x509.BasicConstraints).value.ca
    assert found.not_valid_after_utc - found.not_valid_before_utc == HUB_LASTS <= timedelta(days=398)
    assert found.not_valid_before_utc == NOW - SLACK


@pytest.mark.parametrize("later", [timedelta(0), timedelta(days=300), HUB_LASTS - SLACK - NEARLY - timedelta(seconds=1)])
def test_one_that_lasts_is_kept(tmp_path: Path, authority: Authority, later: timedelta) -> None:
    assert made(tmp_path, authority) == made(tmp_path, authority, now=NOW + later)


@pytest.mark.parametrize("when", [HUB_LASTS - SLACK - NEARLY, HUB_LASTS, timedelta(days=5000), -timedelta(days=2)])
def test_one_that_nearly_ends_has_ended_or_has_not_begun_is_made_anew(
    tmp_path: Path, authority: Authority, when: timedelta
) -> None:
    before, after = made(tmp_path, authority), made(tmp_path, authority, now=NOW + when)
    found = x509.load_pem_x509_certificate(after)
    assert before != after and found.not_valid_before_utc == NOW + when - SLACK


def test_another_address_makes_a_new_one_and_one_address_less_does_not(tmp_path: Path, authority: Authority) -> None:
    first = made(tmp_path, authority)
    assert made(tmp_path, authority, NAMES - {"192.168.7.20"}) == first
    assert held(made(tmp_path, authority, NAMES | {"10.0.0.9"})) == NAMES | {"10.0.0.9"}


def test_a_certificate_of_another_authority_is_made_anew(tmp_path: Path, authority: Authority) -> None:
    made(tmp_path, authority)
    other = authority_at(tmp_path / "other", NAMES, NOW)
    x509.load_pem_x509_certificate(made(tmp_path, other)).verify_directly_issued_by(other.certificate)


def test_names_it_may_not_vouch_for_are_left_out_unless_somebody_asked_for_them(tmp_path: Path, authority: Authority) -> None:
    assert held(made(tmp_path, authority, NAMES | {"8.8.8.8", "hub.example"})) == NAMES
    with pytest.raises(NameNotVouched, match=r"may not vouch for hub.example") as told:
        made(tmp_path, authority, asked=["hub.example"])
    assert str(tmp_path / "tls" / AUTHORITY) in told.value.message and "--cert" in told.value.message


def test_a_name_that_was_asked_for_on_the_first_day_is_vouched_for(tmp_path: Path) -> None:
    authority = authority_at(tmp_path / "tls", NAMES | {"steps.school.example", "203.0.113.9"}, NOW)
    assert {"steps.school.example", "203.0.113.9"} <= held(
        made(tmp_path, authority, asked=["steps.school.example", "203.0.113.9"])
    )
    assert authority.may_vouch("steps.school.example") and not authority.may_vouch("school.example")


# -- what a school brings ------------------------------------------------------------------------------------------------
def brought(where: Path, authority: Authority) -> tuple[Path, Path]:
    """Certificate and key in two files, as a school has them."""
    pem = made(where, authority)
    cut = pem.index(CERT)
    (where / "cert.pem").write_bytes(pem[cut:])
    (where / "key.pem").write_bytes(pem[:cut])
    return where / "cert.pem", where / "key.pem"


def test_a_certificate_and_key_in_two_files_serve(tmp_path: Path, authority: Authority) -> None:
    assert tls.context(*brought(tmp_path, authority)).minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_key_with_a_password_is_told_and_nobody_is_asked(tmp_path: Path, authority: Authority) -> None:
    cert, key = brought(tmp_path, authority)
    locked = serialization.BestAvailableEncryption(b"open")
    found = serialization.load_pem_private_key(key.read_bytes(), None)
    key.write_bytes(found.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, locked))
    with pytest.raises(CertificateUnreadable):
        tls.context(cert, key)


@pytest.mark.parametrize("what", ["cert", "key"])
@pytest.mark.parametrize("data", [None, b"", b"\xff\0" * 99, another_key()], ids=["gone", "empty", "garbage", "another's"])
def test_what_cannot_be_read_is_told_in_a_sentence(tmp_path: Path, authority: Authority, what: str, data: bytes | None) -> None:
    cert, key = brought(tmp_path, authority)
    spoilt = cert if what == "cert" else key
    spoilt.unlink() if data is None else spoilt.write_bytes(data)
    with pytest.raises(CertificateUnreadable) as told:
        tls.context(cert, key)
    assert told.value.message.endswith(".") and "Errno" not in told.value.message
