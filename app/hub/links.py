"""Families' links: a token of 192 bits for one child, that ends by date or by word; every look is written down."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from app.errors import LinkEnded
from app.hub.access import DAY
from app.hub.vault import Vault


class Links:
    def __init__(self, vault: Vault, now: Callable[[], int]) -> None:
        self.vault, self.now = vault, now

    async def make(self, pupil: str, days: int, by: str) -> tuple[str, str, int]:
        """(id, token, expires in ms UTC). Only what is needed to know the token again is kept."""
        token = secrets.token_urlsafe(24)
        ident, expires = self.vault.hidden(token), self.now() + days * DAY
        await self.vault.write("links", ident, {"pupil": pupil, "expires": expires, "by": by, "made": self.now()})
        return ident, token, expires

    async def of(self, pupil: str) -> list[dict[str, Any]]:
        """A pupil's links, the longest-lived first, with how often each was looked at."""
        looks = [ident.partition(".")[0] for ident in await self.vault.ids("views")]
        found = [
            {"id": ident, "expires": paper["expires"], "ended": await self._over(ident, paper), "looks": looks.count(ident)}
            for ident, paper in (await self.vault.papers("links")).items()
            if paper["pupil"] == pupil
        ]
        return sorted(found, key=lambda link: -int(link["expires"]))

    async def _over(self, ident: str, paper: dict[str, Any]) -> bool:
        return self.now() > int(paper["expires"]) or await self.vault.read("ended", ident) is not None

    async def end(self, ident: str, by: str) -> None:
        """Raises LinkEnded when there is no such link."""
        if len(ident) != 32 or not set(ident) <= set("0123456789abcdef") or await self.vault.read("links", ident) is None:
            raise LinkEnded
        await self.vault.write("ended", ident, {"by": by, "at": self.now()})

    async def pupil(self, token: str) -> str:
        """The pupil whose family holds this token. Raises LinkEnded."""
        ident = self.vault.hidden(token)
        paper = await self.vault.read("links", ident)
        if paper is None or await self._over(ident, paper):
            raise LinkEnded
        return str(paper["pupil"])

    async def write_down(self, token: str, pupil: str, shown: Sequence[str]) -> None:
        """That this link was looked at now, and which observations it showed."""
        at = self.now()
        ident = f"{self.vault.hidden(token)}.{at}.{secrets.token_hex(4)}"
        await self.vault.write("views", ident, {"pupil": pupil, "at": at, "shown": list(shown)})
