"""Certificates, good and spoilt, and what a handshake with one says."""

import ssl
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import rsa

from app.hub.serve import authority as tls
from app.hub.serve.authority import Authority, hub_certificate

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
CERT = b"-----BEGIN CERT"
NAMES = {"school-pc", "school-pc.local", "192.168.7.20", "localhost", "127.0.0.1"}


def made(
    where: Path, authority: Authority, names: Iterable[str] = NAMES, asked: Iterable[str] = (), now: datetime = NOW
) -> bytes:
    return hub_certificate(where / "tls", authority, names, asked, now).read_bytes()


def held(pem: bytes) -> set[str]:
    """The names and addresses that a certificate is for."""
    said = x509.load_pem_x509_certificate(pem).extensions.get_extension_for_class(x509.SubjectAlternativeName).value
    return {*said.get_values_for_type(x509.DNSName), *map(str, said.get_values_for_type(x509.IPAddress))}


def shakes_hands(server: ssl.SSLContext, authority: Authority, name: str) -> bool:
    """Whether a browser that trusts the authority believes who stands there for that name: OpenSSL's own word."""
    client = ssl.create_default_context(cadata=authority.der)
    there, here = (ssl.MemoryBIO(), ssl.MemoryBIO()), (ssl.MemoryBIO(), ssl.MemoryBIO())
    hub = server.wrap_bio(there[0], there[1], server_side=True)
    browser = client.wrap_bio(here[0], here[1], server_hostname=name)
    for _ in range(6):
        for side in (browser, hub):
            try:
                side.do_handshake()
            except ssl.SSLWantReadError:
                continue
            except ssl.SSLCertVerificationError:
                return False
            finally:
                there[0].write(here[1].read())
                here[0].write(there[1].read())
    return browser.getpeercert() is not None


def another_key() -> bytes:
    return tls._pem(tls.ec.generate_private_key(tls.ec.SECP256R1()))


def rsa_key() -> bytes:
    plain = serialization.NoEncryption()
    made = rsa.generate_private_key(65537, 2048)
    return made.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, plain)


SPOILT: dict[str, Callable[[bytes], bytes]] = {
    "empty": lambda _: b"", "garbage": lambda _: b"\0\xff" * 500, "half": lambda pem: pem[: len(pem) // 2],
    "no key": lambda pem: pem[pem.index(CERT) :], "no certificate": lambda pem: pem[: pem.index(CERT)],
    "another's key": lambda pem: another_key() + pem[pem.index(CERT) :],
    "a key of another kind": lambda pem: rsa_key() + pem[pem.index(CERT) :],
}  # fmt: skip
