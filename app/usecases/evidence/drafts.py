"""One unfinished moment for each adult at a device: no one sees another's half-told moment, and none is lost."""

import json
from collections.abc import Iterator

from app.usecases.evidence.capture import Draft, DraftMedia

UNKNOWN = ""  # whose draft it was is not known: the next person at the device takes it


class Drafts:
    def __init__(self, of: dict[str, Draft] | None = None) -> None:
        self._of = of or {}

    def at(self, person: str) -> Draft:
        if person and not self._of.get(UNKNOWN, Draft()).empty and self._of.get(person, Draft()).empty:
            self._of[person] = self._of.pop(UNKNOWN)
        return self._of.setdefault(person, Draft())

    def become(self, other: "Drafts") -> None:
        self._of = other._of

    def put(self, person: str, draft: Draft) -> None:
        self._of[person] = draft

    def set_aside(self, person: str, mark: str) -> None:
        """What one of several under the same name has not finished, so that the next one begins anew and sees nothing of it."""
        if not self.at(person).empty:
            self._of[f"{person}.{mark}"] = self._of.pop(person)

    def left(self) -> dict[str, Draft]:
        """Person -> what waits to be finished."""
        return {person: draft for person, draft in self._of.items() if not draft.empty}

    def media(self) -> Iterator[DraftMedia]:
        return (item for draft in self._of.values() for item in draft.media)

    def to_bytes(self) -> bytes:
        return json.dumps({"drafts": {person: json.loads(draft.to_bytes()) for person, draft in self.left().items()}}).encode()

    @classmethod
    def from_bytes(cls, data: bytes) -> "Drafts":
        """As much as can be read; a file of before there were PINs holds one draft of an unknown person."""
        try:
            raw = json.loads(data)
        except (ValueError, RecursionError):
            return cls()
        found = raw.get("drafts", {UNKNOWN: raw}) if isinstance(raw, dict) else {}
        return cls(
            {str(p): Draft.from_bytes(json.dumps(one).encode()) for p, one in found.items()} if isinstance(found, dict) else {}
        )
