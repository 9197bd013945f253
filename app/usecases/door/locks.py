"""Who may open this device, and how it locks itself: one small file that never leaves it."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass, field, fields
from typing import Any

from app.domain.door.pins import RESET_LASTS, Lock

IDLE = 120  # s
IDLES = (30, 60, 120, 300)  # s that may be chosen


@dataclass(slots=True)
class Locks:
    """`of`: staff id -> lock. `resets`: staff id -> (the SENCO's last order to forget a PIN, ms UTC when it was heard of).
    `begun`: a person has had a PIN here; since then the device opens to no one without a PIN."""

    of: dict[str, Lock] = field(default_factory=dict)
    resets: dict[str, tuple[str, int]] = field(default_factory=dict)
    begun: bool = False
    idle: int = IDLE
    on_hide: bool = True
    cover: bool = True
    damaged: bool = False

    def opening(self, staff_id: str, now: int) -> bool:
        """Whether this person may choose a PIN at the locked device: the SENCO has just said so."""
        ident, heard = self.resets.get(staff_id, ("", 0))
        return bool(ident) and staff_id not in self.of and heard > 0 and 0 <= now - heard < RESET_LASTS

    def expire(self, now: int) -> bool:
        """A window that is over stays over, even if a clock later says otherwise. Returns whether any was over."""
        over = [s for s, (_, heard) in self.resets.items() if heard and not 0 <= now - heard < RESET_LASTS]
        self.resets.update({staff: (self.resets[staff][0], 0) for staff in over})
        return bool(over)

    def hear(self, wanted: Mapping[str, str], now: int) -> bool:
        """Forget the PINs that the SENCO wants forgotten: staff id -> the order. Whether anything is new."""
        news = {staff: ident for staff, ident in wanted.items() if ident and self.resets.get(staff, ("", 0))[0] != ident}
        for staff, ident in news.items():
            self.resets[staff] = (ident, 0 if self.damaged else now)  # an old order must not pass for a new one
            if staff in self.of and self.of[staff].reset != ident:
                del self.of[staff]
        mended, self.damaged = self.damaged, False
        return bool(news) or mended

    def reopen(self, staff_ids: Iterable[str], now: int) -> None:
        """A person has a fresh code from the SENCO for this device: everyone chooses a PIN again."""
        self.of.clear()
        self.damaged = False
        for staff in staff_ids:
            self.resets[staff] = (self.resets.get(staff, ("joined", 0))[0], now)

    def to_bytes(self) -> bytes:
        return json.dumps(asdict(self)).encode()

    @classmethod
    def from_bytes(cls, data: bytes | None) -> "Locks":
        """What cannot be read opens nothing: it locks all out, until the SENCO lets each choose anew. None: there is no file."""
        if data is None:
            return cls()
        try:
            return cls(**_read(json.loads(data)))
        except (ValueError, TypeError, KeyError, AttributeError, RecursionError):
            return cls(begun=True, damaged=True)


def _read(raw: dict[str, Any]) -> dict[str, Any]:
    known = {f.name for f in fields(Lock)}
    of = {staff: Lock(**{key: one[key] for key in known & one.keys()}) for staff, one in raw["of"].items()}
    resets = {staff: (str(ident), int(heard)) for staff, (ident, heard) in raw["resets"].items()}
    more = {"begun": raw["begun"] is not False, "idle": int(raw["idle"]), "on_hide": raw["on_hide"] is not False}
    return {"of": of, "resets": resets, "cover": raw["cover"] is True} | more
