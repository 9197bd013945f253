"""The certificate that a hub shows, and what has to be done about it while the hub runs for months."""

import asyncio
from pathlib import Path

from app.hub.guard.trust import Trust
from app.hub.serve import authority as tls
from app.hub.serve import machine
from app.settings import ANYWHERE, HERE, Settings, tls_dir


class Certificate:
    """One that the school has brought. Raises CertificateUnreadable."""

    def __init__(self, cert: Path, key: Path | None) -> None:
        self.cert, self.key = cert, key
        self.context = tls.context(cert, key)
        self._read = self._changed()

    def _changed(self) -> tuple[int, ...]:
        return tuple(path.stat().st_mtime_ns for path in (self.cert, self.key) if path)

    async def renew(self) -> None:
        """If there is a new one in its place, it is shown from now on; the hub is not stopped for it. Raises
        CertificateUnreadable, OSError; then the old one is still shown."""
        if self._changed() != self._read:
            await asyncio.to_thread(tls.load, self.context, self.cert, self.key)
            self._read = self._changed()


class OwnTls:
    """One of the hub's own making. Raises CertificateUnreadable, NameNotVouched."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        asked = [*settings.hostnames, *({settings.host} - ANYWHERE)]
        self.authority = tls.authority_at(tls_dir(), {*asked, *self._found()}, tls.utc_now())
        self.asked = asked
        self.context = tls.context(self._made())
        made = self.authority
        self.trust = Trust(made.name, made.fingerprint, made.der, tls.profile(made), settings.hub)

    def _found(self) -> set[str]:
        here = set(HERE)
        return here if self.settings.only_here else here | machine.names() | machine.addresses()

    def _made(self) -> Path:
        return tls.hub_certificate(tls_dir(), self.authority, self._found(), self.asked, tls.utc_now())

    async def renew(self) -> None:
        """Also where this computer has got another address in the meantime."""
        await asyncio.to_thread(lambda: tls.load(self.context, self._made(), None))
