"""The library: documents made from ops, asked through TinyDB. It is a view; it can be thrown away and rebuilt."""

from collections.abc import Callable, Iterable, Iterator
from heapq import merge
from typing import Any

from tinydb.storages import MemoryStorage
from tinydb.table import Document

from storage.bundle import ROOM, Bundle, Packed, Thing, bundles, pack_ops
from storage.clock import Stamp
from storage.merge import Field
from storage.ops import OWN_NAMES, Op
from storage.shelf import Shelf, Shelves
from storage.versions import Versions

Place = tuple[str, str]
"""(partition, entity)"""
Key = Callable[[dict[str, Any]], Any]
NOWHERE: tuple[None, int] = (None, 0)


def kind_of(entity: str) -> str:
    return entity.partition(":")[0]


class Library:
    """All documents of one device or folder, by entity ("<kind>:<id>") and by kind.

    The fields of a thing, with their ops, are either awake or asleep in a bundle; its document is there in any case."""

    def __init__(self) -> None:
        self._awake: dict[Place, dict[str, Field]] = {}
        self._asleep: dict[Place, tuple[Bundle, int]] = {}  # and which of the bundle's things it is
        self._bundles: dict[str, list[Bundle]] = {}  # by partition
        self._places: dict[str, tuple[str, ...]] = {}  # entity -> its partitions: one, unless a device wrote where it should not
        self._of_partition: dict[str, dict[str, dict[str, Document]]] = {}  # partition -> kind -> entity -> document
        self._sorted: dict[tuple[str, str], dict[Key, list[dict[str, Any]]]] = {}  # (partition, kind) -> key -> documents
        self.versions = Versions()
        self.readings: dict[str, int] = {}  # device -> what its clock said last, of all that was ever put to sleep
        self._db = Shelves(storage=MemoryStorage)
        self._next = 1

    # -- merging -----------------------------------------------------------------------------------------------------------
    def apply(self, partition: str, op: Op) -> bool:
        """Merge one op; whether the view changed."""
        slot = self._slot(partition, op)
        if not slot.apply(op):
            return False
        self._show(partition, op.entity, {op.field: slot})
        self.versions.rise(partition, [kind_of(op.entity)])
        return True

    def take(self, partition: str, ops: Iterable[Op]) -> None:
        """Merge many, and show each thing once."""
        changed: dict[str, dict[str, Field]] = {}
        for op in ops:
            slot = self._slot(partition, op)
            if slot.apply(op):
                changed.setdefault(op.entity, {})[op.field] = slot
        for entity, slots in changed.items():
            self._show(partition, entity, slots)
        self.versions.rise(partition, map(kind_of, changed))

    def _slot(self, partition: str, op: Op) -> Field:
        slots = self._fields(partition, op.entity)
        slot = slots.get(op.field)
        if slot is None:
            slot = slots[op.field] = Field()
        return slot

    def _fields(self, partition: str, entity: str) -> dict[str, Field]:
        """Awake from here on."""
        place = (partition, entity)
        slots = self._awake.get(place)
        if slots is None:
            bundle, at = self._asleep.pop(place, NOWHERE)
            slots = self._awake[place] = bundle.fields(at) if bundle else {}
        return slots

    def _show(self, partition: str, entity: str, slots: dict[str, Field]) -> None:
        document = self._document(partition, entity)
        for name, slot in slots.items():
            if name not in OWN_NAMES:
                document[name] = slot.value()
            if slot.texts or "_others" in document:
                self._show_others(document, name, slot)
        self.table(document["kind"]).touch(document.doc_id)
        self._sorted.pop((partition, document["kind"]), None)

    @staticmethod
    def _show_others(document: Document, name: str, slot: Field) -> None:
        others = document.pop("_others", {})
        others.pop(name, None)
        if found := slot.others():
            others[name] = found
        if others:
            document["_others"] = others

    def _document(self, partition: str, entity: str) -> Document:
        kind, _, ident = entity.partition(":")
        found = self._of_partition.get(partition, {}).get(kind, {}).get(entity)
        if found is None:
            found = Document({"entity": entity, "kind": kind, "id": ident, "partition": partition}, self._next)
            self._place(partition, found)
        return found

    def _place(self, partition: str, document: Document) -> None:
        entity, kind = document["entity"], document["kind"]
        self.table(kind).kept[self._next] = document
        self._places[entity] = (*self._places.get(entity, ()), partition)
        self._of_partition.setdefault(partition, {}).setdefault(kind, {})[entity] = document
        self._next += 1

    # -- asking ------------------------------------------------------------------------------------------------------------
    def version(self, partition: str, kind: str) -> int:
        """Rises with every change of the kind in the partition, and with nothing else."""
        return self.versions.of(partition, kind)

    def field(self, partition: str, entity: str, name: str) -> Field | None:
        known = (partition, entity) in self._awake or (partition, entity) in self._asleep
        return self._fields(partition, entity).get(name) if known else None

    def table(self, kind: str) -> Shelf:
        table = self._db.table(kind)
        assert isinstance(table, Shelf)
        return table

    def get(self, entity: str) -> dict[str, Any] | None:
        """The document. Where one entity was written in several partitions, the same one on every device."""
        places = self._places.get(entity)
        return self._document(min(places), entity) if places else None

    def documents(self, kind: str, partition: str | None = None) -> list[dict[str, Any]]:
        """Documents of a kind that are not deleted, in one partition or in all."""
        if partition is None:
            found: Iterable[Document] = self.table(kind).kept.values()
        else:
            found = self._of_partition.get(partition, {}).get(kind, {}).values()
        return [document for document in found if not document.get("deleted")]

    def ordered(self, kind: str, partition: str | None, key: Key) -> Iterable[dict[str, Any]]:
        """The same by a key, lowest first: a partition is sorted once, until something of the kind changes in it. The key has to
        be the same function each time, and the list is not to be written."""
        if partition is not None:
            return self._in_order(kind, partition, key)
        return merge(*(self._in_order(kind, place, key) for place in self._of_partition), key=key)

    def _in_order(self, kind: str, partition: str, key: Key) -> list[dict[str, Any]]:
        orders = self._sorted.setdefault((partition, kind), {})
        if key not in orders:
            orders[key] = sorted(self.documents(kind, partition), key=key)
        return orders[key]

    def everywhere(self, entity: str) -> list[dict[str, Any]]:
        """The documents of one entity, deleted or not: one a partition in which it was written."""
        return [self._document(place, entity) for place in self._places.get(entity, ())]

    def partitions(self) -> set[str]:
        return set(self._of_partition)

    def ops(self, partition: str | None = None) -> Iterator[tuple[str, Op]]:
        """Every op that stands, with its partition, of one or of all: the whole view, folded."""
        for (place, _), fields in list(self._awake.items()):
            if partition in (None, place):
                yield from ((place, op) for slot in fields.values() for op in slot.standing())
        for (place, _), (bundle, at) in list(self._asleep.items()):
            if partition in (None, place):
                yield from ((place, op) for slot in bundle.fields(at).values() for op in slot.standing())

    def last_reading(self, device: str) -> Stamp:
        """The latest stamp that is a plain reading of this device's clock, which is one of counter 0."""
        awake = (op for fields in self._awake.values() for slot in fields.values() for op in slot.standing())
        found = (op.stamp[0] for op in awake if op.stamp[1] == 0 and op.writer.startswith(device))
        return (max(found, default=self.readings.get(device, 0)), 0)

    # -- sleep -------------------------------------------------------------------------------------------------------------
    def bundled(self) -> list[Bundle]:
        """Everything in bundles, asleep from now on. Where nothing was awake the bundle is the one from before."""
        woken: dict[str, list[str]] = {}
        for partition, entity in self._awake:
            woken.setdefault(partition, []).append(entity)
        for partition, entities in woken.items():
            self._bundle(partition, entities)
        self._awake.clear()
        return [bundle for found in self._bundles.values() for bundle in found]

    def _bundle(self, partition: str, woken: list[str]) -> None:
        before = self._bundles.get(partition, [])
        whole = [bundle for bundle in before if all(self._sleeps_in(bundle, entity) for entity in bundle.entities)]
        if whole and whole[-1].size < ROOM // 2:
            whole.pop()
        opened = dict.fromkeys(entity for bundle in before if bundle not in whole for entity in bundle.entities)
        made = list(bundles(partition, [self._thing(partition, entity) for entity in opened | dict.fromkeys(woken)]))
        for bundle in made:
            self._lay(bundle)
        self._bundles[partition] = whole + made

    def _sleeps_in(self, bundle: Bundle, entity: str) -> bool:
        return self._asleep.get((bundle.partition, entity), NOWHERE)[0] is bundle

    def _thing(self, partition: str, entity: str) -> Thing:
        document, fields = self._document(partition, entity), self._awake.get((partition, entity))
        if fields is None:
            bundle, at = self._asleep[partition, entity]
            return entity, document, bundle.line(at)
        for op in (op for slot in fields.values() for op in slot.standing() if op.stamp[1] == 0):
            device = op.writer.partition(".")[0]
            self.readings[device] = max(self.readings.get(device, 0), op.stamp[0])
        return entity, document, pack_ops(fields)

    def _lay(self, bundle: Bundle) -> None:
        for at, entity in enumerate(bundle.entities):
            self._asleep[bundle.partition, entity] = bundle, at
            document = self._document(bundle.partition, entity)
            if isinstance(document, Packed):
                document.bundle, document.at = bundle, at

    def fill(self, made: Iterable[Bundle]) -> None:
        """Take in what was bundled, into a library that is empty. Raises BadBytes."""
        for bundle in made:
            for document in bundle.documents(self._next):
                self._place(bundle.partition, document)
            self._lay(bundle)
            self._bundles.setdefault(bundle.partition, []).append(bundle)
            self.versions.rise(bundle.partition, map(kind_of, bundle.entities))

    # -- letting go --------------------------------------------------------------------------------------------------------
    def drop(self, partition: str) -> None:
        """Forget everything of a partition that has left this device."""
        self._bundles.pop(partition, None)
        gone = self._of_partition.pop(partition, {})
        for kind, documents in gone.items():
            table = self.table(kind)
            table.touch(*(document.doc_id for document in documents.values()))
            self._sorted.pop((partition, kind), None)
            for entity, document in documents.items():
                del table.kept[document.doc_id]
                self._awake.pop((partition, entity), None)
                self._asleep.pop((partition, entity), None)
                self._places[entity] = tuple(place for place in self._places[entity] if place != partition)
        self.versions.rise(partition, gone)
