"""Who gets in: invites become device tokens; families have links. All of it is papers in the vault."""

import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.domain.words import Role
from app.errors import CodeExpired, CodeUnknown, CodeUsed, DeviceUnknown, LinkEnded
from app.hub.vault import Vault

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without the look-alikes I L O 0 1
CODE_LASTS = 10 * 60_000  # ms
MOST_TRIES = 5
DAY = 86_400_000


@dataclass(frozen=True, slots=True)
class Caller:
    """A device that holds a token: what it is and what it may see."""

    device: str
    role: Role
    classes: tuple[str, ...]
    staff: str
    name: str


class Access:
    def __init__(self, vault: Vault, now: Callable[[], int]) -> None:
        self.vault, self.now = vault, now

    # -- invites -------------------------------------------------------------------------------------------------------
    async def invite(
        self, role: Role, classes: list[str], staff: str | None, lasts: int = CODE_LASTS, reusable: bool = False
    ) -> tuple[str, int]:
        """(code, expires in ms UTC). Three letters name the invite, five are secret."""
        taken = set(await self.vault.ids("invites"))
        public = next(p for p in iter(lambda: self._letters(3), None) if p not in taken)
        secret, expires = self._letters(5), self.now() + lasts
        paper = {"secret": self.vault.hidden(public + secret), "role": str(role), "classes": classes, "staff": staff}
        await self.vault.write("invites", public, paper | {"expires": expires, "reusable": reusable})
        return public + secret, expires

    @staticmethod
    def _letters(count: int) -> str:
        return "".join(secrets.choice(LETTERS) for _ in range(count))

    async def join(self, code: str, device: str, name: str) -> tuple[str, Caller]:
        """(token, caller). Raises CodeUnknown, CodeUsed, CodeExpired."""
        public = code[:3]
        paper = await self.vault.read("invites", public) if set(public) <= set(LETTERS) and len(code) == 8 else None
        if paper is None:
            raise CodeUnknown
        await self._check(public, code, paper)
        if not paper["reusable"]:
            await self.vault.write("used", public, {"device": device})
        token = secrets.token_urlsafe(32)
        facts = {"device": device, "role": paper["role"], "classes": paper["classes"], "staff": paper["staff"], "name": name}
        await self.vault.write("tokens", self.vault.hidden(token), facts | {"joined": self.now()})
        return token, self._caller(facts)

    async def _check(self, public: str, code: str, paper: dict[str, Any]) -> None:
        tries = sum(ident.startswith(f"{public}.") for ident in await self.vault.ids("tries"))
        if tries >= MOST_TRIES or await self.vault.read("used", public):
            raise CodeUsed
        if not hmac.compare_digest(str(paper["secret"]), self.vault.hidden(code)):
            await self.vault.write("tries", f"{public}.{secrets.token_hex(8)}", {"at": self.now()})
            raise CodeUnknown
        if self.now() > int(paper["expires"]):
            raise CodeExpired

    # -- devices -------------------------------------------------------------------------------------------------------
    async def caller(self, token: str) -> Caller:
        """Raises DeviceUnknown."""
        ident = self.vault.hidden(token)
        paper = await self.vault.read("tokens", ident)
        if not token or paper is None or await self.vault.read("revoked", ident):
            raise DeviceUnknown
        return self._caller(paper)

    @staticmethod
    def _caller(paper: dict[str, Any]) -> Caller:
        return Caller(paper["device"], Role(paper["role"]), tuple(paper["classes"]), paper["staff"] or "", paper["name"])

    # -- families ------------------------------------------------------------------------------------------------------
    async def make_link(self, pupil: str, days: int, by: str) -> tuple[str, str, int]:
        """(id, token of 192 bits, expires in ms UTC)."""
        token = secrets.token_urlsafe(24)
        ident, expires = self.vault.hidden(token), self.now() + days * DAY
        await self.vault.write("links", ident, {"pupil": pupil, "expires": expires, "by": by, "made": self.now()})
        return ident, token, expires

    async def links(self, pupil: str) -> list[dict[str, Any]]:
        found = []
        for ident in await self.vault.ids("links"):
            paper = await self.vault.read("links", ident)
            if paper and paper["pupil"] == pupil:
                found.append({"id": ident, "expires": paper["expires"], "ended": await self._over(ident, paper)})
        return sorted(found, key=lambda link: -int(link["expires"]))

    async def _over(self, ident: str, paper: dict[str, Any]) -> bool:
        return self.now() > int(paper["expires"]) or await self.vault.read("ended", ident) is not None

    async def end_link(self, ident: str, by: str) -> None:
        """Raises LinkEnded when there is no such link."""
        if len(ident) != 32 or not ident.isalnum() or await self.vault.read("links", ident) is None:
            raise LinkEnded
        await self.vault.write("ended", ident, {"by": by, "at": self.now()})

    async def pupil_of(self, token: str, looks: bool = True) -> str:
        """The pupil whose family holds this token; the look is written down. Raises LinkEnded."""
        ident = self.vault.hidden(token)
        paper = await self.vault.read("links", ident)
        if paper is None or await self._over(ident, paper):
            raise LinkEnded
        if looks:
            await self.vault.write("views", f"{ident}.{self.now()}.{secrets.token_hex(4)}", {"pupil": paper["pupil"]})
        return str(paper["pupil"])
