"""Where things are on a hub's computer, and how the hub is set: what `smallsteps serve` is told, and what it assumes."""

import os
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
WEB = ROOT / "build/web"
DEMO = "demo-school"
PORT = 8550
HOST = "127.0.0.1"
LOOPBACK = {"127.0.0.1", "localhost", "::1"}


@dataclass(frozen=True, slots=True)
class Settings:
    """One hub: its folder, where it listens, and its files outside the folder."""

    folder: Path
    demo: bool = False
    port: int = PORT
    host: str = HOST
    cert: Path | None = None
    cert_key: Path | None = None
    links: Path | None = None
    key_file: Path | None = None
    web: Path = WEB

    @property
    def hub(self) -> str:
        """The address that this computer's own browser opens."""
        return self.at("localhost" if self.host in LOOPBACK else self.host)

    @property
    def only_here(self) -> bool:
        return self.host in LOOPBACK

    def at(self, host: str) -> str:
        shown = {"0.0.0.0": os.uname().nodename if hasattr(os, "uname") else "localhost", "::": "localhost"}.get(host, host)
        name = f"[{shown}]" if ":" in shown else shown
        return f"{'https' if self.cert else 'http'}://{name}:{self.port}"


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
