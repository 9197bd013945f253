"""How the hub faces a network: the names it answers to, where its log goes, and what tablets are to trust.

A page of a stranger cannot make a browser ask this hub in the stranger's own name: such a request carries a foreign name, and
is refused before anything looks at it.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from starlette.types import ASGIApp, Receive, Scope, Send

from app.errors import HostUnknown
from app.hub.guard.responses import shaped
from app.hub.guard.trust import Trust
from app.settings import HERE

HOST = re.compile(r"(\[[0-9a-f:.]{2,45}\]|[a-z0-9.-]{1,253})(?::\d{1,5})?")


@dataclass(frozen=True, slots=True)
class Front:
    """`names` it answers to, besides the address that was asked and the school's own; `write` takes a line of the log; `trust` is
    what tablets are told to trust, where the hub's certificate is of its own making."""

    names: frozenset[str] = HERE
    write: Callable[[str], None] | None = None
    trust: Trust | None = None


def host_of(value: str) -> str:
    """The name of a Host header in small letters, without port and brackets; "" where it is none."""
    found = HOST.fullmatch(value.strip().lower())
    return found[1].strip("[]").rstrip(".") if found else ""


class KnownHosts:
    """Only a caller that asks for this hub by a name of its own is answered. `public` gives the school's address, or ""."""

    def __init__(self, app: ASGIApp, names: frozenset[str], public: Callable[[], str]) -> None:
        self.app, self.names, self.public = app, names, public

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "http" and not self.knows(scope):
            await shaped(HostUnknown())(scope, receive, send)
        else:
            await self.app(scope, receive, send)

    def knows(self, scope: Scope) -> bool:
        asked = [value.decode("latin-1") for key, value in scope["headers"] if key == b"host"]
        host = host_of(asked[0]) if len(asked) == 1 else ""
        own = (scope.get("server") or ("",))[0]
        return bool(host) and (host in self.names or host == own or host == self._of_the_school())

    def _of_the_school(self) -> str:
        try:
            return (urlsplit(self.public()).hostname or "").rstrip(".")
        except ValueError:
            return ""
