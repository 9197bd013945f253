"""Which devices get in: invites become device tokens, and tokens can be revoked. All of it is papers in the vault."""

import asyncio
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from app.domain.words import Role
from app.errors import CodeExpired, CodeUnknown, CodeUsed, DeviceUnknown, TooManyTries
from app.hub.vault import Vault

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without the look-alikes I L O 0 1
PUBLIC, SECRET = 3, 5
CODE_LASTS = 10 * 60_000  # ms
DAY = 86_400_000
MOST_TRIES = 5


@dataclass(frozen=True, slots=True)
class Caller:
    """A device that holds a token: what it is and what it may see. A revoked one may only hand in its own files."""

    device: str
    role: Role
    classes: tuple[str, ...]
    staff: str
    name: str
    revoked: bool = False


class Access:
    """Tries are counted for each invite, so that guessing at one never shuts out another."""

    def __init__(self, vault: Vault, now: Callable[[], int]) -> None:
        self.vault, self.now = vault, now
        self._turn = asyncio.Lock()  # one join at a time: a code is used once

    # -- invites -------------------------------------------------------------------------------------------------------
    async def invite(
        self, role: Role, classes: list[str], staff: str | None, lasts: int = CODE_LASTS, reusable: bool = False
    ) -> tuple[str, int]:
        """(code, expires in ms UTC). Three letters name the invite, five are secret."""
        taken = set(await self.vault.ids("invites"))
        public = next(p for p in iter(lambda: self._letters(PUBLIC), None) if p not in taken)
        secret, expires = self._letters(SECRET), self.now() + lasts
        paper = {"secret": self.vault.hidden(public + secret), "role": str(role), "classes": classes, "staff": staff}
        await self.vault.write("invites", public, paper | {"expires": expires, "reusable": reusable})
        return public + secret, expires

    @staticmethod
    def _letters(count: int) -> str:
        return "".join(secrets.choice(LETTERS) for _ in range(count))

    async def join(self, code: str, device: str, name: str) -> tuple[str, Caller]:
        """(token, caller). Raises CodeUnknown, CodeUsed, CodeExpired, TooManyTries."""
        async with self._turn:
            public = code[:PUBLIC]
            known = len(code) == PUBLIC + SECRET and set(code) <= set(LETTERS)
            paper = await self.vault.read("invites", public) if known else None
            if paper is None:
                raise CodeUnknown
            await self._check(public, code, paper)
            if not paper["reusable"]:
                await self.vault.write("used", public, {"device": device, "at": self.now()})
            return await self._let_in(device, name, paper)

    async def _check(self, public: str, code: str, paper: dict[str, Any]) -> None:
        tries = sum(ident.startswith(f"{public}.") for ident in await self.vault.ids("tries"))
        if tries >= MOST_TRIES:
            raise TooManyTries
        if not hmac.compare_digest(str(paper["secret"]), self.vault.hidden(code)):
            await self.vault.write("tries", f"{public}.{secrets.token_hex(8)}", {"at": self.now()})
            raise CodeUnknown
        if await self.vault.read("used", public):
            raise CodeUsed
        if self.now() > int(paper["expires"]):
            raise CodeExpired

    async def _let_in(self, device: str, name: str, paper: dict[str, Any]) -> tuple[str, Caller]:
        token = secrets.token_urlsafe(32)
        facts = {"device": device, "role": paper["role"], "classes": paper["classes"], "staff": paper["staff"], "name": name}
        await self.vault.write("tokens", self.vault.hidden(token), facts | {"joined": self.now()})
        return token, _caller(facts)

    # -- devices -------------------------------------------------------------------------------------------------------
    async def caller(self, token: str) -> Caller:
        """The device of a token, revoked or not. Raises DeviceUnknown."""
        ident = self.vault.hidden(token)
        paper = await self.vault.read("tokens", ident) if token else None
        if paper is None:
            raise DeviceUnknown
        return _caller(paper, revoked=await self.vault.read("revoked", ident) is not None)

    async def joins(self, device: str) -> int:
        """How many tokens were ever given to who said to be this device."""
        return sum(paper["device"] == device for paper in (await self.vault.papers("tokens")).values())

    async def devices(self) -> list[dict[str, Any]]:
        """Every device that ever joined, newest first; a device that joined twice is there once, as it last joined."""
        revoked = set(await self.vault.papers("revoked"))
        rows = {}
        for ident, paper in sorted((await self.vault.papers("tokens")).items(), key=lambda pair: int(pair[1]["joined"])):
            rows[paper["device"]] = {key: paper[key] for key in ("device", "name", "role", "joined")} | {
                "ended": ident in revoked
            }
        return sorted(rows.values(), key=lambda row: -int(row["joined"]))

    async def revoke(self, device: str, by: str) -> None:
        """End every token of a device. Raises DeviceUnknown when it never joined."""
        theirs = [ident for ident, paper in (await self.vault.papers("tokens")).items() if paper["device"] == device]
        if not theirs:
            raise DeviceUnknown
        for ident in theirs:
            await self.vault.write("revoked", ident, {"by": by, "at": self.now()})

    async def somebody_leads(self) -> bool:
        """Whether a SENCO's device has joined, so that the school can go on by itself."""
        return any(row["role"] == Role.SENCO and not row["ended"] for row in await self.devices())

    # -- what a device ever had ----------------------------------------------------------------------------------------
    async def remember(self, caller: Caller, partition: str) -> None:
        """The device was shown this partition: what it wrote there may come in even after it lost sight of it."""
        if not await self.had(caller, partition):
            await self.vault.write("had", f"{caller.device}.{partition}", {"at": self.now()})

    async def had(self, caller: Caller, partition: str) -> bool:
        return await self.vault.read("had", f"{caller.device}.{partition}") is not None


def _caller(paper: dict[str, Any], revoked: bool = False) -> Caller:
    return Caller(paper["device"], Role(paper["role"]), tuple(paper["classes"]), paper["staff"] or "", paper["name"], revoked)
