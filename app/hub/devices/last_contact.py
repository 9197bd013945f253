"""What each device said last: how much it still had to send. Advice: a tablet whose store was wiped can say what is missing.

`seen/<dev>.json` is the only file of the folder that is ever rewritten, and one hub writes it: the one that the device asked.
"""

import json
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass
from typing import Any

from storage.errors import StorageError
from storage.folder.port import Disk
from storage.ops import dumps

MOST_SAID = 10_000_000  # of anything that a device may say
AGES = 253_000_000_000_000  # ms: the year 9987, the last that a calendar of ours can show
MINUTE = 60_000  # ms: no one needs to know more exactly when a device was last here


@dataclass(frozen=True, slots=True)
class Said:
    """At `at` (ms UTC, the hub's clock): so many things to send, so many files checked."""

    at: int
    pending: int
    checked: int


class LastContacts:
    def __init__(self, folder: Disk, now: Callable[[], int]) -> None:
        self.folder, self.now = folder, now

    @staticmethod
    def _name(device: str) -> str:
        return f"seen/{device}.json"

    async def note(self, device: str, pending: int, checked: int) -> None:
        """Written again when something has changed, or the last time is old. A folder that cannot be written stops nothing."""
        last, said = await self.of(device), Said(self.now(), pending, checked)
        if last and (last.pending, last.checked) == (pending, checked) and 0 <= said.at - last.at < MINUTE:
            return
        with suppress(StorageError):
            await self.folder.replace(self._name(device), dumps(asdict(said)).encode())

    async def of(self, device: str) -> Said | None:
        """What is not as we write it was never said."""
        try:
            raw = json.loads(await self.folder.get(self._name(device)))
            said = [raw[key] for key in ("at", "pending", "checked")]
        except (StorageError, ValueError, KeyError, TypeError, RecursionError):
            return None
        whole = all(type(number) is int and 0 <= number <= AGES for number in said) and max(said[1:]) <= MOST_SAID
        return Said(*said) if whole else None

    async def as_json(self, device: str) -> dict[str, Any]:
        """For the SENCO's list; None if a device has never said anything."""
        said = await self.of(device)
        return {"seen": said.at, "pending": said.pending} if said else {"seen": None, "pending": None}
