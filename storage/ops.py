"""The op: one field of one thing given one value by one writer at one time. Ops are the truth; all else is a view."""

import dataclasses
import hashlib
import json
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

from storage.clock import Stamp
from storage.errors import BadBytes
from storage.names import is_partition

Json = Any
ENCODER = json.JSONEncoder(sort_keys=True, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
KEYS = {"e", "f", "v", "s", "w", "i", "r", "t", "a"}
LARGEST = 512 * 1024  # characters of one value as JSON: far above a thumbnail, far below what a segment can hold
OWN_NAMES = {"entity", "kind", "id", "partition", "_others"}  # names that a document uses itself
NOTHING: Mapping[str, Json] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Change:
    """What a use case asks for: this field of this entity ("<kind>:<id>"), in this partition, becomes this value."""

    partition: str
    entity: str
    field: str
    value: Json
    text: bool = False


@dataclass(frozen=True, slots=True)
class Op:
    """A change as written. `replaces` are the ids of the texts it saw; `author` is the person, where one is known, as `writer` is
    the device; `extra` are keys of a newer format, kept (I10)."""

    entity: str
    field: str
    value: Json
    stamp: Stamp
    writer: str
    id: str
    replaces: tuple[str, ...] = ()
    text: bool = False
    author: str = ""
    extra: Mapping[str, Json] = dataclasses.field(default_factory=lambda: NOTHING)

    @property
    def order(self) -> tuple[int, int, str, str, str, str]:
        """What decides between two ops on one field, the same on every device (I5); last the whole op, if one was forged."""
        digest = hashlib.sha256(dumps(self.value).encode()).hexdigest()
        return (*self.stamp, self.writer, digest, self.id, dumps(self.to_json()))

    def beats(self, other: "Op") -> bool:
        """Whether this op stands against the other; the hash of the values is only made when all else is equal."""
        mine, theirs = (self.stamp, self.writer), (other.stamp, other.writer)
        if mine != theirs:
            return mine > theirs
        again = self == other and repr((self.value, self.extra)) == repr((other.value, other.extra))  # 1 is not True here
        return not again and self.order > other.order

    def to_json(self) -> dict[str, Json]:
        made = {
            "e": self.entity,
            "f": self.field,
            "v": self.value,
            "s": list(self.stamp),
            "w": self.writer,
            "i": self.id,
        }
        if self.text:
            made |= {"t": 1, "r": sorted(self.replaces)}
        if self.author:
            made["a"] = self.author
        return {**self.extra, **made}

    @classmethod
    def from_json(cls, raw: Json) -> "Op":
        """Raises BadBytes when a key is missing or of the wrong kind, or a value is none that we would store."""
        try:
            entity, name, value, writer, ident, author = raw["e"], raw["f"], raw["v"], raw["w"], raw["i"], raw.get("a", "")
            (wall, counter), replaces = raw["s"], tuple(raw.get("r", ()))
            strings = (entity, name, writer, ident, author, *replaces)
            if not (isinstance(wall, int) and isinstance(counter, int) and set(map(type, strings)) == {str}):
                raise BadBytes("an op of the wrong kind")
            extra = NOTHING if raw.keys() <= KEYS else {k: v for k, v in raw.items() if k not in KEYS}
            for one in (value, *extra.values()):
                if isinstance(one, float | list | dict):
                    plain(one)  # else a fraction, or nesting without end, would break the device that merges it
            return cls(entity, name, value, (wall, counter), writer, ident, replaces, bool(raw.get("t")), author, extra)
        except (KeyError, TypeError, ValueError, AttributeError, RecursionError) as error:
            raise BadBytes(f"not an op: {error}") from error


def plain(value: Json) -> Json:
    """The value in the one form that is stored: NFC text, no floats, string keys. Raises ValueError otherwise."""
    if isinstance(value, str):
        return value if value.isascii() else unicodedata.normalize("NFC", value.encode("utf-8", "replace").decode())
    if value is None or isinstance(value, bool | int):
        return value
    if isinstance(value, list | tuple):
        return [plain(v) for v in value]
    if isinstance(value, dict):
        return {plain(str(k)): plain(v) for k, v in value.items()}
    raise ValueError(f"{type(value).__name__} cannot be stored: whole numbers, texts, lists and mappings can")


def storable(change: Change) -> Json:
    """The value of a change as it is stored. Raises ValueError for what could not be read again everywhere."""
    if not is_partition(change.partition):
        raise ValueError(f"{change.partition!r} is no partition: what is written there would never be found again")
    value = plain(change.value)
    if change.field in OWN_NAMES or (isinstance(value, str | list | dict) and len(dumps(value)) > LARGEST):
        raise ValueError(f"{change.field} of {change.entity}: a name that is taken, or a value that is too large")
    return value


def dumps(value: Json) -> str:
    """JSON in its one form: sorted keys, no spaces, no floats."""
    return ENCODER.encode(value)
