"""What this computer is called and where it is reached, as far as it knows itself. Nothing is sent to find out."""

import socket
from contextlib import suppress
from ipaddress import ip_address

from app.settings import HERE

ELSEWHERE = ((socket.AF_INET, "192.0.2.1"), (socket.AF_INET6, "2001:db8::1"))  # no one's addresses: nothing is ever sent there


def names() -> frozenset[str]:
    """The names by which others on the network may find this computer, in small letters."""
    own = socket.gethostname().rstrip(".").lower()
    found = {own, own.partition(".")[0], socket.getfqdn().rstrip(".").lower()}
    found |= {f"{name.partition('.')[0]}.local" for name in found}
    return frozenset(name for name in found if is_name(name)) | {"localhost"}


def addresses() -> frozenset[str]:
    """The addresses from which this computer would speak to others, and those of its name."""
    found = set()
    for family, far in ELSEWHERE:
        with suppress(OSError), socket.socket(family, socket.SOCK_DGRAM) as line:
            line.connect((far, 9))  # chooses a way out, and sends nothing
            found.add(str(line.getsockname()[0]))
    with suppress(OSError):
        found |= {str(one[4][0]) for one in socket.getaddrinfo(socket.gethostname(), None)}
    return frozenset(one for one in found if is_address(one)) | (HERE - {"localhost"})


def is_address(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def is_name(text: str) -> bool:
    """Whether this can be the name of a computer, and is not an address."""
    parts = text.split(".")
    fits = len(text) <= 253 and all(0 < len(part) <= 63 and part.strip("-") == part for part in parts)
    return fits and set(text) <= set("abcdefghijklmnopqrstuvwxyz0123456789-.") and not parts[-1].isdigit()
