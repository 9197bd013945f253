"""The audit log as bytes: lines that each hold the hash of the one before and a proof made with the hub's key. Pure: what is
changed, taken out, put in, swapped or cut off is found by reading.

hub/audit/<day>.<number of its first entry>.jsonl    one entry a line; closed files are never written again
hub/audit/head.json                                   a signed paper: the last entry's number and hash, so that a cut is seen
"""

import hashlib
import hmac
import json
import re
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from app.domain.records.acts import What
from storage.ops import dumps

AREA = "hub/audit/"
HEAD = "hub/audit/head.json"
NAME = re.compile(r"hub/audit/(\d{4}-\d\d-\d\d)\.(\d{9,12})\.jsonl")
NOTHING = hashlib.sha256(b"").hexdigest()  # what stands before the first entry
KEYS = {"n", "at", "what", "who", "about", "why", "before", "mac"}
Entry = dict[str, Any]


def day_of(at: int) -> str:
    """The UTC day of ms."""
    return datetime.fromtimestamp(at / 1000, UTC).date().isoformat()


def file_of(at: int, n: int) -> str:
    """The name of a file that begins with entry `n`, made at `at` ms UTC."""
    return f"{AREA}{day_of(at)}.{n:09d}.jsonl"


def in_order(listed: set[str]) -> list[str]:
    """The log's files, oldest first; any other name is a stranger."""
    return sorted((name for name in listed if NAME.fullmatch(name)), key=lambda name: (number_of(name), name))


def number_of(name: str) -> int:
    found = NAME.fullmatch(name)
    return int(found[2]) if found else 0


def hash_of(line: bytes) -> str:
    return hashlib.sha256(line).hexdigest()


def _mac(key: bytes, entry: Entry) -> str:
    return hmac.new(key, dumps(entry).encode(), hashlib.sha256).hexdigest()


def sealed(key: bytes, entry: Entry) -> bytes:
    """The line of an entry, without its end."""
    return dumps(entry | {"mac": _mac(key, entry)}).encode()


def opened(line: bytes) -> Entry | None:
    """The entry of a line; None for one that we would not write so."""
    try:
        raw = json.loads(line)
        whole = raw.keys() >= KEYS and dumps(raw).encode() == line and type(raw["n"]) is int and type(raw["at"]) is int
        return raw if whole and day_of(raw["at"]) and all(isinstance(raw[key], dict) for key in ("who", "about")) else None
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError, OSError):
        return None


@dataclass(frozen=True, slots=True)
class Fault:
    """`n` is the number of the entry at which it is seen, or 0."""

    code: str
    file: str
    n: int
    sentence: str

    @property
    def key(self) -> str:
        """The same fault has the same one at every look."""
        return f"{self.code} {self.file.removeprefix(AREA)} {self.n}"


@dataclass(frozen=True, slots=True)
class Head:
    """The last entry: its number and the hash of its line."""

    n: int = 0
    hash: str = NOTHING


def head_of(paper: object) -> Head | None:
    match paper:
        case {"n": int(n), "hash": str(digest)}:
            return Head(n, digest)
    return None


@dataclass(slots=True)
class Chain:
    """Files are taken in the order of their names, then the head. Without the `key` a chain that was made all anew passes.
    `wanted` is an entry of which the hash is wanted; `hashes` those of the newest entries."""

    key: bytes | None = None
    wanted: int = 0
    n: int = 0
    hash: str | None = NOTHING  # None where the line before is not the one that was written
    count: int = 0
    signed: int = 0
    faults: list[Fault] = field(default_factory=list)
    hashes: dict[int, str] = field(default_factory=dict)
    found: str = ""
    _before: dict[int, str] = field(default_factory=dict)

    def _tell(self, code: str, file: str, n: int, sentence: str) -> None:
        self.faults.append(Fault(code, file, n, sentence))

    def take(self, name: str, data: bytes) -> list[Entry]:
        """The entries of a file that can be read and, by the key, are the hub's own; oldest first."""
        self._before, self.hashes = self.hashes, {}
        *lines, rest = data.split(b"\n")
        if not lines or rest:
            self._tell("torn", name, self.n + 1, "does not end where an entry ends")
        if number_of(name) > self.n + 1:
            self._gap(name, number_of(name))
        return [entry for line in [*lines, *([rest] if rest else [])] if (entry := self._line(name, line)) is not None]

    def _gap(self, name: str, n: int) -> None:
        self._tell("missing", name, self.n + 1, f"entries {self.n + 1} to {n - 1} are missing before it")
        self.n, self.hash = n - 1, None

    def _line(self, name: str, line: bytes) -> Entry | None:
        entry = opened(line)
        self.count += 1
        if entry is None:
            self._tell("unreadable", name, self.n + 1, f"entry {self.n + 1} cannot be read")
            self.n, self.hash = self.n + 1, None
            return None
        self._place(name, entry)
        true = self._proof(name, entry)
        self.n, self.hash = entry["n"], hash_of(line)
        self.hashes[self.n] = self.hash
        if self.n == self.wanted:
            self.found = self.hash
        return entry if true else None

    def _place(self, name: str, entry: Entry) -> None:
        n = entry["n"]
        if n > self.n + 1:
            self._gap(name, n)
        elif n <= self.n:
            self._tell("order", name, n, f"entry {n} stands behind entry {self.n}")
        elif self.hash not in (None, entry["before"]):
            self._tell("changed", name, n, f"entry {n} does not follow what stands before it: one of the two was changed")
        if (day_of(entry["at"]), True) != (name.removeprefix(AREA)[:10], n >= number_of(name)):
            self._tell("misplaced", name, n, f"entry {n} belongs into another file")

    def _proof(self, name: str, entry: Entry) -> bool:
        """Whether it is the hub's own, as far as that can be told."""
        if self.key is None:
            return True
        n, said = entry["n"], {key: value for key, value in entry.items() if key != "mac"}
        if not hmac.compare_digest(str(entry["mac"]).encode("utf-8", "replace"), _mac(self.key, said).encode()):
            self._tell("forged", name, n, f"entry {n} is not signed with the hub's key: it was changed or made up")
            return False
        self.signed += 1
        if entry["what"] == What.NEW_KEY and entry["before"] == self.hash:  # that was told then, and they stand as they did then
            self.faults = [fault for fault in self.faults if fault.code != "forged"]
        return True

    def end(self, head: Head | None) -> None:
        """Hold it against the head; and tell a strange key once, not once an entry."""
        forged = [fault for fault in self.faults if fault.code == "forged"]
        if forged and not self.signed:
            self.faults = [fault for fault in self.faults if fault.code != "forged"]
            self._tell("strange_key", AREA, 0, "no entry is signed with this hub's key")
        if head is None:
            if self.n:
                self._tell(
                    "no_head", HEAD, self.n, "is missing or not signed: no one can say whether entries were cut off at the end"
                )
        elif head.n > self.n:
            self._tell("cut", HEAD, self.n + 1, f"entries {self.n + 1} to {head.n} are missing at the end")
        else:
            self._held_against(head)

    def _held_against(self, head: Head) -> None:
        """A hub that was killed between an entry and the head leaves the head a little behind."""
        known = self._before | self.hashes
        if head.n and known.get(head.n) not in (head.hash, None):
            self._tell("changed", HEAD, head.n, f"entry {head.n} is another one than was last written")
        elif head.n < self.n and head.n not in known and head.n + 1 not in known:
            self._tell("old_head", HEAD, head.n, f"names entry {head.n} as the last, though there are more")

    @property
    def whole(self) -> bool:
        return not self.faults
