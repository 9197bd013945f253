"""Where things are on a hub's computer, and how the hub is set: what `smallsteps serve` is told, and what it assumes."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path


def laid_out(app: Path) -> tuple[Path, Path, bool]:
    """(assets, the built web app, whether this is an installed wheel) for the folder of the package `app`.

    In a checkout both lie beside the code. A wheel carries both inside `app`, so that it takes no other name in site-packages.
    """
    assets, web = app / "_assets", app / "_web"
    return (assets, web, True) if assets.is_dir() else (app.parent / "assets", app.parent / "build/web", False)


ROOT = Path(__file__).parent.parent  # what app, views and storage lie in
ASSETS, WEB, INSTALLED = laid_out(ROOT / "app")
DEMO = "demo-school"
PORT = 8550
HOST = "127.0.0.1"
HERE = LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1"})
ANYWHERE = frozenset({"0.0.0.0", "::"})  # nosec B104 # compared with, not listened on
HTTP, HTTPS = 80, 443


@dataclass(frozen=True, slots=True)
class Settings:
    """One hub: its folder, where it listens, and its files outside the folder."""

    folder: Path | str  # a path, or the address of a folder on a server
    demo: bool = False
    port: int = PORT
    host: str = HOST
    cert: Path | None = None
    cert_key: Path | None = None
    links: Path | None = None
    key_file: Path | None = None
    own_tls: bool = False  # with an authority of the hub's own
    plain: bool = False  # a person has said, in so many words, that the network may read along
    hostnames: tuple[str, ...] = ()  # by which people reach it, besides this computer's own names
    proxies: tuple[str, ...] = ()  # addresses whose word is taken for whom they speak
    log: str = ""  # a file, or "-" for stderr
    web: Path = WEB

    @property
    def secure(self) -> bool:
        return self.cert is not None or self.own_tls

    @property
    def hub(self) -> str:
        """The address that this computer's own browser opens; the public one where there is a proxy or a name was given."""
        if self.proxies and self.hostnames:
            return f"https://{self.hostnames[0]}"
        return self.at(self.hostnames[0] if self.hostnames else "localhost" if self.host in LOOPBACK else self.host)

    @property
    def only_here(self) -> bool:
        return self.host in LOOPBACK

    @property
    def trust_port(self) -> int:
        """Where tablets are told to trust the hub: plain http beside the hub's own port."""
        return HTTP if self.port == HTTPS else self.port + 1 if self.port < 65535 else self.port - 1

    def at(self, host: str, port: int = 0, scheme: str = "") -> str:
        shown = (os.uname().nodename if hasattr(os, "uname") else "localhost") if host in ANYWHERE else host
        name = f"[{shown}]" if ":" in shown else shown
        return f"{scheme or ('https' if self.secure else 'http')}://{name}:{port or self.port}"


def own_version() -> str:
    """As the installed package tells it; "unknown" in a checkout that was never installed."""
    try:
        return version("small-steps")
    except PackageNotFoundError:
        return "unknown"


def config_dir(env: Mapping[str, str] = os.environ, platform: str = sys.platform) -> Path:
    """This person's folder for settings, by the custom of the platform."""
    home = Path(env.get("HOME") or env.get("USERPROFILE") or Path.home())
    if platform == "win32":
        return Path(env.get("APPDATA") or home / "AppData/Roaming") / "Small Steps"
    if platform == "darwin":
        return home / "Library/Application Support/Small Steps"
    return Path(env.get("XDG_CONFIG_HOME") or home / ".config") / "small-steps"


def key_path(space: str, chosen: Path | None = None) -> Path:
    """The hub's key for a space: outside the folder, one for each school."""
    return chosen or config_dir() / "keys" / f"{space}.key"


def tls_dir() -> Path:
    """The hub's own authority and certificate: beside its keys."""
    return config_dir() / "tls"
