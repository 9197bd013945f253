"""Families' links: a token of 192 bits for one child, that ends by date or by word; every look is written down."""

import secrets
from collections.abc import Callable, Sequence
from typing import Any

from app.domain.records.acts import HUB, Facts, What
from app.errors import LinkEnded
from app.hub.devices.access import DAY
from app.hub.ground.signed_records import Vault
from app.hub.records.pending import Notes
from app.hub.records.restore import Restore
from storage.ops import dumps

MINUTE = 60_000  # ms


class Links:
    def __init__(self, vault: Vault, now: Callable[[], int], audit: Notes, restored: Restore) -> None:
        self.vault, self.now, self.audit, self.restored = vault, now, audit, restored
        self._opened: dict[tuple[str, str], int] = {}  # (link, what was shown) -> ms UTC when it was noted last

    async def make(self, pupil: str, days: int, by: str, who: Facts = HUB, language: str = "") -> tuple[str, str, int]:
        """(id, token, expires in ms UTC). Only what is needed to know the token again is kept. `language`: the family's, by its
        tag; without one it reads the school's."""
        token = secrets.token_urlsafe(24)
        ident, expires = self.vault.hidden(token), self.now() + days * DAY
        await self.audit.note(What.LINK_MADE, who, pupil=pupil, link=ident)
        made = {"pupil": pupil, "expires": expires, "by": by, "made": self.now(), "restored": self.restored.id}
        made |= {"language": language} if language else {}
        await self.vault.write("links", ident, made)
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

    async def end(self, ident: str, by: str, who: Facts = HUB) -> None:
        """Raises LinkEnded when there is no such link."""
        known = len(ident) == 32 and set(ident) <= set("0123456789abcdef")
        paper = await self.vault.read("links", ident) if known else None
        if paper is None:
            raise LinkEnded
        await self.audit.note(What.LINK_ENDED, who, pupil=paper["pupil"], link=ident)
        await self.vault.write("ended", ident, {"by": by, "at": self.now()})

    async def pupil(self, token: str) -> str:
        """The pupil whose family holds this token. Raises LinkEnded; and BroughtBack while no one knows whether it has ended."""
        ident = self.vault.hidden(token)
        paper = await self.vault.read("links", ident)
        if paper is None or await self._over(ident, paper):
            raise LinkEnded
        await self.restored.need_link(str(paper.get("restored", "")))
        return str(paper["pupil"])

    async def language(self, token: str) -> str:
        """The tag of the language that this family reads; "" where none was chosen."""
        paper = await self.vault.read("links", self.vault.hidden(token))
        return str(paper.get("language", "")) if paper else ""

    async def open(self) -> list[dict[str, Any]]:
        """All links that have not ended, the longest-lived first."""
        papers = (await self.vault.papers("links")).items()
        found = [{"id": i, "pupil": p["pupil"], "expires": p["expires"]} for i, p in papers if not await self._over(i, p)]
        return sorted(found, key=lambda link: -int(link["expires"]))

    async def write_down(self, token: str, pupil: str, shown: Sequence[str]) -> None:
        """That this link was looked at now, and which observations it showed."""
        at, link = self.now(), self.vault.hidden(token)
        await self._note(What.FAMILY_LOOKED, link, pupil, shown=list(shown))
        await self.vault.write("views", f"{link}.{at}.{secrets.token_hex(4)}", {"pupil": pupil, "at": at, "shown": list(shown)})

    async def opened(self, token: str, pupil: str, media: str) -> None:
        """That this family is shown a picture or clip now; a clip is fetched in many pieces."""
        await self._note(What.FAMILY_OPENED, self.vault.hidden(token), pupil, media=media)

    async def _note(self, what: What, link: str, pupil: str, **shown: Any) -> None:
        """Once for the same thing within a minute, so that no one fills the folder by asking again and again."""
        key, now = (link, dumps(shown)), self.now()
        if 0 <= now - self._opened.get(key, now - MINUTE) < MINUTE:
            return
        await self.audit.note(what, {"link": link}, pupil=pupil, **shown)
        self._opened = {one: at for one, at in self._opened.items() if 0 <= now - at < MINUTE} | {key: now}
