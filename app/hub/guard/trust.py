"""What tablets are told to trust, if the hub's certificate is one of its own making."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Trust:
    """The authority: its `name`, its SHA-256 `fingerprint` in pairs, itself as bytes for Android and computers (`der`) and for an
    iPad (`profile`); `hub` is where the hub is reached afterwards."""

    name: str
    fingerprint: str
    der: bytes
    profile: bytes
    hub: str
