"""https for a school without a certificate: an authority of the hub's own, made once, and a certificate, made anew in time.

Tablets are told once to trust the authority. Its key lies beside the hub's key, so a person who steals it could pretend to be
this hub; the authority itself says that it vouches for nothing but names and addresses of a school's own network.
"""

import os
import plistlib
import secrets
import ssl
import uuid
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from ipaddress import IPv4Network, IPv6Network, ip_address, ip_network
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import ExtendedKeyUsageOID, NameOID

from app.errors import CertificateUnreadable, NameNotVouched
from app.hub.serve.machine import is_address

AUTHORITY, PUBLIC, HUB = "authority.pem", "authority.crt", "hub.pem"
AUTHORITY_LASTS = timedelta(days=3650)
HUB_LASTS = timedelta(days=397)  # browsers take no longer ones
NEARLY = timedelta(days=30)  # before its end it is made anew
SLACK = timedelta(days=1)  # for tablets whose clock is behind
LOCAL_ENDINGS = ("localhost", "local", "lan", "home.arpa", "internal")
LOCAL_NETWORKS = (
    "127.0.0.0/8", "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "169.254.0.0/16", "::1/128", "fc00::/7", "fe80::/10",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Authority:
    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    @property
    def name(self) -> str:
        return str(self.certificate.subject.get_attributes_for_oid(NameOID.COMMON_NAME)[0].value)

    @property
    def der(self) -> bytes:
        return self.certificate.public_bytes(serialization.Encoding.DER)

    @property
    def fingerprint(self) -> str:
        """SHA-256, as tablets show it: pairs of hex digits."""
        return self.certificate.fingerprint(hashes.SHA256()).hex(" ").upper()

    def may_vouch(self, name: str) -> bool:
        """Whether the authority's own limits let it speak for this name or address."""
        permitted = self.certificate.extensions.get_extension_for_class(x509.NameConstraints).value.permitted_subtrees or []
        if is_address(name):
            return any(isinstance(one, x509.IPAddress) and ip_address(name) in _network(one.value) for one in permitted)
        ours = [one.value for one in permitted if isinstance(one, x509.DNSName)]
        return any(name == ending or name.endswith(f".{ending}") for ending in ours)


def _network(value: object) -> IPv4Network | IPv6Network:
    return value if isinstance(value, IPv4Network | IPv6Network) else ip_network(str(value))


# -- the authority -------------------------------------------------------------------------------------------------------
def authority_at(folder: Path, names: Iterable[str], now: datetime) -> Authority:
    """Made on first use, with its key readable by no one else. Raises CertificateUnreadable."""
    path = folder / AUTHORITY
    try:
        if not path.exists():
            made = _new_authority(sorted(names), now)
            _keep(path, _pem(made.key) + made.certificate.public_bytes(serialization.Encoding.PEM))
        raw = path.read_bytes()
        key = serialization.load_pem_private_key(raw, None)
        found = x509.load_pem_x509_certificate(raw)
        if not isinstance(key, ec.EllipticCurvePrivateKey) or found.public_key() != key.public_key():
            raise ValueError(path)
        if not (folder / PUBLIC).exists():
            _keep(folder / PUBLIC, found.public_bytes(serialization.Encoding.DER), 0o644)
    except (OSError, ValueError, TypeError) as error:
        raise CertificateUnreadable(f"{path} cannot be read. Bring it back from a backup, or delete it.") from error
    return Authority(found, key)


def _new_authority(names: list[str], now: datetime) -> Authority:
    key = ec.generate_private_key(ec.SECP256R1())
    who = f"Small Steps hub {secrets.token_hex(2)}"  # so that two of them can be told apart in a tablet's list
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, who)])
    identity = x509.SubjectKeyIdentifier.from_public_key(key.public_key())
    builder = _begun(subject, subject, key.public_key(), now, AUTHORITY_LASTS)
    builder = builder.add_extension(x509.BasicConstraints(ca=True, path_length=0), critical=True)
    builder = builder.add_extension(_usage(signs_others=True), critical=True)
    builder = builder.add_extension(x509.NameConstraints(_limits(names), None), critical=True)
    return Authority(builder.add_extension(identity, critical=False).sign(key, hashes.SHA256()), key)


def _limits(names: list[str]) -> list[x509.GeneralName]:
    """What the authority may vouch for: this computer's names, and what exists only in a school's own network."""
    endings = dict.fromkeys([*(name for name in names if not is_address(name)), *LOCAL_ENDINGS])
    networks = dict.fromkeys([*(ip_network(name) for name in names if is_address(name)), *map(ip_network, LOCAL_NETWORKS)])
    return [*map(x509.DNSName, endings), *map(x509.IPAddress, networks)]


# -- the hub's certificate -----------------------------------------------------------------------------------------------
def hub_certificate(folder: Path, authority: Authority, names: Iterable[str], asked: Iterable[str], now: datetime) -> Path:
    """A PEM file with certificate and key for these names and addresses; one that serves and lasts is kept. Of `names` those
    that the authority may not vouch for are left out; of those that were `asked` for by a person each must be in.

    Raises NameNotVouched, CertificateUnreadable."""
    if strange := [name for name in asked if not authority.may_vouch(name)]:
        raise NameNotVouched(f"The hub's own authority may not vouch for {strange[0]}. {_way_out(folder)}")
    wanted = {*asked, *(name for name in names if authority.may_vouch(name))}
    path = folder / HUB
    try:
        if not _serves(path, authority, wanted, now):
            _keep(path, _new_certificate(authority, sorted(wanted), now))
    except OSError as error:
        raise CertificateUnreadable(f"{path} cannot be written. Check the folder's permissions.") from error
    return path


def _way_out(folder: Path) -> str:
    return f"Delete {folder / AUTHORITY} and install the new one on every tablet, or use --cert."


def _serves(path: Path, authority: Authority, wanted: set[str], now: datetime) -> bool:
    try:
        raw = path.read_bytes()
        found = x509.load_pem_x509_certificate(raw)
        found.verify_directly_issued_by(authority.certificate)
        if serialization.load_pem_private_key(raw, None).public_key() != found.public_key():
            return False
        said = found.extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    except Exception:  # of any kind: another certificate is made
        return False
    held = {*said.get_values_for_type(x509.DNSName), *map(str, said.get_values_for_type(x509.IPAddress))}
    return wanted <= held and found.not_valid_before_utc <= now and now + NEARLY < found.not_valid_after_utc


def _new_certificate(authority: Authority, names: list[str], now: datetime) -> bytes:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, "Small Steps hub")])
    own: list[x509.GeneralName] = [x509.IPAddress(ip_address(name)) if is_address(name) else x509.DNSName(name) for name in names]
    builder = _begun(subject, authority.certificate.subject, key.public_key(), now, HUB_LASTS)
    builder = builder.add_extension(x509.BasicConstraints(ca=False, path_length=None), critical=True)
    builder = builder.add_extension(_usage(signs_others=False), critical=True)
    builder = builder.add_extension(x509.ExtendedKeyUsage([ExtendedKeyUsageOID.SERVER_AUTH]), critical=False)
    builder = builder.add_extension(x509.SubjectAlternativeName(own), critical=False)
    issuer = x509.AuthorityKeyIdentifier.from_issuer_public_key(authority.key.public_key())
    made = builder.add_extension(issuer, critical=False).sign(authority.key, hashes.SHA256())
    return _pem(key) + made.public_bytes(serialization.Encoding.PEM)


def _begun(
    subject: x509.Name, issuer: x509.Name, key: ec.EllipticCurvePublicKey, now: datetime, lasts: timedelta
) -> x509.CertificateBuilder:
    builder = x509.CertificateBuilder().subject_name(subject).issuer_name(issuer).public_key(key)
    return builder.serial_number(x509.random_serial_number()).not_valid_before(now - SLACK).not_valid_after(now + lasts - SLACK)


def _usage(*, signs_others: bool) -> x509.KeyUsage:
    return x509.KeyUsage(
        digital_signature=not signs_others, key_cert_sign=signs_others, crl_sign=signs_others, content_commitment=False,
        key_encipherment=False, data_encipherment=False, key_agreement=False, encipher_only=False, decipher_only=False,
    )  # fmt: skip


def _pem(key: ec.EllipticCurvePrivateKey) -> bytes:
    plain = serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


def _keep(path: Path, data: bytes, mode: int = 0o600) -> None:
    """Whole or not at all, and with this mode from its first byte on."""
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    aside = path.with_name(f"{path.name}.{secrets.token_hex(4)}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, mode), "wb") as file:
        file.write(data)
        file.flush()
        os.fsync(file.fileno())
    aside.replace(path)


# -- for the tablets -----------------------------------------------------------------------------------------------------
def profile(authority: Authority) -> bytes:
    """The authority as an iPad takes it: a configuration profile with one certificate."""
    root = {
        "PayloadType": "com.apple.security.root", "PayloadVersion": 1, "PayloadIdentifier": "org.small-steps.hub.authority",
        "PayloadUUID": _fixed(authority, "root"), "PayloadDisplayName": authority.name,
        "PayloadCertificateFileName": "small-steps.crt", "PayloadContent": authority.der,
    }  # fmt: skip
    words = "Lets this device trust the Small Steps hub of your school, and nothing outside the school's network."
    whole = {
        "PayloadType": "Configuration", "PayloadVersion": 1, "PayloadIdentifier": "org.small-steps.hub",
        "PayloadUUID": _fixed(authority, "profile"), "PayloadDisplayName": authority.name, "PayloadDescription": words,
        "PayloadRemovalDisallowed": False, "PayloadContent": [root],
    }  # fmt: skip
    return plistlib.dumps(whole)


def _fixed(authority: Authority, part: str) -> str:
    """The same at every download, so that installing twice replaces and does not add."""
    return str(uuid.uuid5(uuid.NAMESPACE_URL, f"{authority.fingerprint} {part}")).upper()


def context(cert: Path, key: Path | None = None) -> ssl.SSLContext:
    """For a server. `key` None: it stands in the same file. Raises CertificateUnreadable."""
    made = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    made.minimum_version = ssl.TLSVersion.TLSv1_2
    made.set_alpn_protocols(["http/1.1"])
    load(made, cert, key)
    return made


def load(into: ssl.SSLContext, cert: Path, key: Path | None) -> None:
    """Each new connection from now on is shown this certificate. Raises CertificateUnreadable; then nothing has changed."""
    try:
        ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER).load_cert_chain(cert, key, password=_no_password)
        into.load_cert_chain(cert, key, password=_no_password)
    except (OSError, ValueError) as error:
        raise CertificateUnreadable from error


def _no_password() -> str:
    """Without this the library would ask on the terminal, and perhaps no one sits there."""
    return ""


def utc_now() -> datetime:
    return datetime.now(UTC)
