"""Things put away: their documents as they are shown, and their ops packed until they are needed.

Most of what a device holds is looked at and never written again. Its ops would be a hundred thousand small objects that every
start makes and nothing asks for; packed they are a tenth of that, and a thing is unpacked in a millisecond.
"""

import json
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from tinydb.table import Document

from storage.errors import BadBytes
from storage.merge import Field
from storage.ops import OWN_NAMES, Json, Op, dumps

ROOM = 64 * 1024  # characters of ops in one bundle, about: what is unpacked to get at one thing
LONG = 1_000  # characters of a text that stays packed in a document too: the small pictures

Thing = tuple[str, Mapping[str, Any], str]
"""(entity, its document, its ops as one line of JSON)"""


class Bundle:
    """Some things of one partition: `shown` are their documents, `ops` a line of ops for each, both packed."""

    __slots__ = ("entities", "ops", "partition", "shown", "size")

    def __init__(self, partition: str, shown: bytes, ops: bytes, size: int, entities: Sequence[str] = ()) -> None:
        self.partition, self.shown, self.ops, self.size, self.entities = partition, shown, ops, size, entities

    @classmethod
    def of(cls, partition: str, things: Sequence[Thing]) -> "Bundle":
        shown = dumps([[entity, *_parted(document)] for entity, document, _ in things])
        ops = "\n".join(line for _, _, line in things)
        return cls(partition, _packed(shown), _packed(ops), len(ops), [entity for entity, _, _ in things])

    def documents(self, number: int) -> Iterator[Document]:
        """Those that are shown, numbered from this one on. Raises BadBytes."""
        try:
            rows = json.loads(zlib.decompress(self.shown))
            self.entities = [entity for entity, _, _ in rows]
        except (zlib.error, ValueError) as error:
            raise BadBytes("a bundle of the view") from error
        for at, (entity, fields, long) in enumerate(rows):
            kind, _, ident = entity.partition(":")
            fields.update(entity=entity, kind=kind, id=ident, partition=self.partition)
            yield Packed(fields, number + at, self, at, long) if long else Document(fields, number + at)

    def line(self, at: int) -> str:
        return _lines(self.ops)[at]

    def fields(self, at: int) -> dict[str, Field]:
        """Of the thing at this place, as they were when it was put away."""
        found: dict[str, Field] = {}
        for raw in json.loads(self.line(at)):
            op = long(self.entities[at], raw)
            found.setdefault(op.field, Field()).apply(op)
        return found


class Packed(Document):
    """A document of which long texts are still in the bundle: there for a caller that asks for them, and not kept."""

    def __init__(self, value: Mapping[str, Any], number: int, bundle: Bundle, at: int, names: Sequence[str]) -> None:
        super().__init__(value, number)
        self.bundle, self.at, self.names = bundle, at, names

    def __missing__(self, key: str) -> Any:
        if key not in self.names:
            raise KeyError(key)
        return self.bundle.fields(self.at)[key].value()

    def __contains__(self, key: object) -> bool:
        return super().__contains__(key) or key in self.names

    def get(self, key: str, default: Any = None) -> Any:
        try:
            return self[key]
        except KeyError:
            return default


def bundles(partition: str, things: Iterable[Thing]) -> Iterator[Bundle]:
    """The things in bundles of about the same size."""
    some: list[Thing] = []
    size = 0
    for thing in things:
        some.append(thing)
        size += len(thing[2])
        if size >= ROOM:
            yield Bundle.of(partition, some)
            some, size = [], 0
    if some:
        yield Bundle.of(partition, some)


def pack_ops(fields: Mapping[str, Field]) -> str:
    """The ops of one thing as a line."""
    return dumps([short(op) for field in fields.values() for op in field.standing()])


def short(op: Op) -> Json:
    """Most ops are plain: those are written by place, not by key."""
    if op.text or op.extra:
        return op.to_json()
    return [op.field, op.value, *op.stamp, op.writer, op.id, *([op.author] if op.author else [])]


def long(entity: str, raw: Json) -> Op:
    if isinstance(raw, dict):
        return Op.from_json(raw)
    field, value, wall, counter, writer, ident, *author = raw
    return Op(entity, field, value, (wall, counter), writer, ident, author=author[0] if author else "")


def _parted(document: Mapping[str, Any]) -> tuple[dict[str, Any], list[str]]:
    """(what is shown at once, the names of what stays packed)."""
    away = set(document.names) if isinstance(document, Packed) else set()
    fields = {name: value for name, value in document.items() if name not in OWN_NAMES or name == "_others"}
    away |= {name for name, value in fields.items() if isinstance(value, str) and len(value) > LONG}
    return {name: value for name, value in fields.items() if name not in away}, sorted(away)


def _packed(text: str) -> bytes:
    return zlib.compress(text.encode(), 1)


@lru_cache(maxsize=32)
def _lines(ops: bytes) -> list[str]:
    return zlib.decompress(ops).decode().split("\n")
