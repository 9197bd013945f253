"""For commands that act beside the hub with its key: the log has one writer, so a signed entry is left pending for it.

await PendingEntries(vault, now_ms).note(What.SHEET_PRINTED)
"""

import secrets
from collections.abc import Callable
from typing import Any, Protocol

from app.domain.records.acts import HUB, Facts, What
from app.hub.ground.signed_records import Vault

KIND = "slips"  # the name in the folder


class Notes(Protocol):
    """Where acts are noted before they are done. Raises StorageError: then the act must not happen."""

    async def note(self, what: What, who: Facts = HUB, why: str = "", **about: Any) -> None: ...


class PendingEntries:
    def __init__(self, vault: Vault, now: Callable[[], int]) -> None:
        self.vault, self.now = vault, now

    async def note(self, what: What, who: Facts = HUB, why: str = "", **about: Any) -> None:
        made = {"what": str(what), "who": dict(who), "about": about, "why": why, "said_at": self.now()}
        await self.vault.write(KIND, secrets.token_hex(16), made)


async def pending_entries(vault: Vault) -> dict[str, dict[str, Any]]:
    """PendingEntries that wait, by id."""
    return await vault.papers(KIND)


async def taken(vault: Vault, ident: str) -> None:
    """It is in the log now."""
    await vault.folder.delete(f"hub/{KIND}/{ident}.json")
