"""Which devices get in: invites become device tokens, and tokens can be revoked. All of it is papers in the vault."""

import asyncio
import hmac
import secrets
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.domain.records.acts import HUB, Facts, What
from app.domain.schema.rights import may_write
from app.domain.vocabulary.roles import Role
from app.errors import CodeExpired, CodeUnknown, CodeUsed, DeviceUnknown, TooManyTries
from app.hub.ground.signed_records import Vault
from app.hub.records.pending import Notes
from storage.errors import NewerFormat

LETTERS = "ABCDEFGHJKMNPQRSTUVWXYZ23456789"  # without the look-alikes I L O 0 1
PUBLIC, SECRET = 3, 5
NO_FILES = ("AUX", "PRN")  # words of three such letters that Windows takes for devices, and keeps no file of that name
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
    roles: tuple[Role, ...] = ()  # what it writes, each of these may write; empty: `role` alone
    author: str = ""  # who has the device in hand, as it says; "" where it does not say

    @property
    def who(self) -> Facts:
        """As the audit log names it."""
        person = self.author or self.staff
        return {"device": self.device} | ({"staff": person} if person else {})

    def may_write(self, partition: str, kind: str, field: str, value: object) -> bool:
        return all(may_write(role, partition, kind, field, value) for role in self.roles or (self.role,))


class Access:
    """Tries are counted for each invite, so that guessing at one never shuts out another."""

    def __init__(self, vault: Vault, now: Callable[[], int], audit: Notes) -> None:
        self.vault, self.now, self.audit = vault, now, audit
        self._turn = asyncio.Lock()  # one join at a time: a code is used once
        self._device_of: dict[str, str] = {}  # token -> device
        self._bound: dict[str, str] = {}  # token -> person, once known: a paper never changes

    # -- invites -------------------------------------------------------------------------------------------------------
    async def invite(
        self, role: Role, classes: list[str], staff: str | None, lasts: int = CODE_LASTS, reusable: bool = False, who: Facts = HUB
    ) -> tuple[str, int]:
        """(code, expires in ms UTC). Three letters name the invite, five are secret."""
        taken = {*await self.vault.ids("invites"), *NO_FILES}
        public = next(p for p in iter(lambda: self._letters(PUBLIC), None) if p not in taken)
        secret, expires = self._letters(SECRET), self.now() + lasts
        paper = {"secret": self.vault.hidden(public + secret), "role": str(role), "classes": classes, "staff": staff}
        await self.audit.note(What.INVITED, who, invite=public, role=str(role), classes=classes, staff=staff or "")
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
            return await self._let_in(public, device, name, paper)

    async def _check(self, public: str, code: str, paper: dict[str, Any]) -> None:
        tries = sum(ident.startswith(f"{public}.") for ident in await self.vault.ids("tries"))
        if tries >= MOST_TRIES:
            raise TooManyTries
        if not hmac.compare_digest(str(paper["secret"]), self.vault.hidden(code)):
            await self.vault.write("tries", f"{public}.{secrets.token_hex(8)}", {"at": self.now()})
            if tries + 1 == MOST_TRIES:
                await self.audit.note(What.INVITE_BURNT, invite=public)
            raise CodeUnknown
        if await self.vault.read("used", public):
            raise CodeUsed
        if self.now() > int(paper["expires"]):
            raise CodeExpired

    async def _let_in(self, public: str, device: str, name: str, paper: dict[str, Any]) -> tuple[str, Caller]:
        token = secrets.token_urlsafe(32)
        facts = {"device": device, "role": paper["role"], "classes": paper["classes"], "staff": paper["staff"], "name": name}
        joined = _caller(facts)
        about = {"device": device, "role": paper["role"], "classes": paper["classes"]}
        await self.audit.note(What.JOINED, joined.who, invite=public, **about)
        await self.vault.write("tokens", self.vault.hidden(token), facts | {"joined": self.now()})
        return token, joined

    # -- devices -------------------------------------------------------------------------------------------------------
    async def caller(self, token: str) -> Caller:
        """The device of a token, revoked or not. Raises DeviceUnknown."""
        ident = self.vault.hidden(token)
        paper = await self.vault.read("tokens", ident) if token else None
        if paper is None:
            raise DeviceUnknown
        return _caller(paper | {"staff": await self._whose(ident, paper)}, await self.vault.read("revoked", ident) is not None)

    async def _whose(self, ident: str, paper: dict[str, Any]) -> str:
        """The person that the device was invited for, or who first used it (see `bind`); a class's tablet has no such person."""
        if paper["staff"] or paper["role"] == Role.TA:
            return paper["staff"] or ""
        if ident not in self._bound and (bound := await self.vault.read("bound", ident)):
            self._bound[ident] = str(bound["staff"])
        return self._bound.get(ident, "")

    async def bind(self, device: str, staff: str) -> None:
        """From now on the device is this person's, and of no other."""
        for ident, paper in (await self.vault.papers("tokens")).items():
            if paper["device"] == device and not await self._whose(ident, paper):
                await self.vault.write("bound", ident, {"staff": staff, "at": self.now()})

    async def joins(self, device: str) -> int:
        """How many tokens were ever given to who said to be this device. A paper never changes, so each is read once."""
        listed = await self.vault.ids("tokens")
        for ident in listed:
            if ident not in self._device_of and (paper := await self.vault.read("tokens", ident)):
                self._device_of[ident] = str(paper["device"])
        return sum(self._device_of.get(ident) == device for ident in listed)

    async def devices(self) -> list[dict[str, Any]]:
        """Every device that ever joined, newest first; a device that joined twice is there once, as it last joined."""
        revoked = set(await self.vault.papers("revoked"))
        rows = {}
        for ident, paper in sorted((await self.vault.papers("tokens")).items(), key=lambda pair: int(pair[1]["joined"])):
            whose = {"staff": await self._whose(ident, paper), "ended": ident in revoked}
            rows[paper["device"]] = {key: paper[key] for key in ("device", "name", "role", "classes", "joined")} | whose
        return sorted(rows.values(), key=lambda row: -int(row["joined"]))

    async def namesake(self, caller: Caller) -> str:
        """The device that had this name and this role before, or "": most likely the same tablet, whose store was wiped. One that
        was ended had handed in what it had."""
        named = caller.name.strip().casefold()
        mine = [row for row in await self.devices() if row["name"].strip().casefold() == named and row["role"] == caller.role]
        return next((str(row["device"]) for row in mine if named and row["device"] != caller.device and not row["ended"]), "")

    async def revoke(self, device: str, by: str, who: Facts = HUB) -> None:
        """End every token of a device. Raises DeviceUnknown when it never joined."""
        theirs = [ident for ident, paper in (await self.vault.papers("tokens")).items() if paper["device"] == device]
        if not theirs:
            raise DeviceUnknown
        await self.audit.note(What.DEVICE_ENDED, who, device=device)
        for ident in theirs:
            await self.vault.write("revoked", ident, {"by": by, "at": self.now()})

    # -- what a device ever had ----------------------------------------------------------------------------------------
    async def remember(self, caller: Caller, partition: str) -> None:
        """The device was shown this partition: what it wrote there may come in even after it lost sight of it. Into a folder
        that is only read nothing comes in."""
        if not await self.had(caller, partition):
            with suppress(NewerFormat):
                await self.vault.write("had", f"{caller.device}.{partition}", {"at": self.now()})

    async def had(self, caller: Caller, partition: str) -> bool:
        return await self.vault.read("had", f"{caller.device}.{partition}") is not None


def _caller(paper: dict[str, Any], revoked: bool = False) -> Caller:
    return Caller(paper["device"], Role(paper["role"]), tuple(paper["classes"]), paper["staff"] or "", paper["name"], revoked)
