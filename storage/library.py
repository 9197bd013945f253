"""The library: documents made from ops, asked through TinyDB. It is a view; it can be thrown away and rebuilt."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from tinydb import TinyDB
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from storage.merge import Field
from storage.ops import OURS, Op


class Shelf(Table):
    """A TinyDB table whose documents are changed in place: TinyDB's own copies all documents at every insert."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: dict[int, Document] = {}

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return {str(number): document for number, document in self.kept.items()}

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        updater(self.kept)  # type: ignore[arg-type]
        self.clear_cache()

    def __iter__(self) -> Iterator[Document]:
        return iter(self.kept.values())

    def __len__(self) -> int:
        return len(self.kept)


class Shelves(TinyDB):
    table_class = Shelf


class Library:
    """All documents of one device or folder, by entity ("<kind>:<id>") and by kind."""

    def __init__(self) -> None:
        self._fields: dict[tuple[str, str], dict[str, Field]] = {}
        self._shown: dict[tuple[str, str], Document] = {}
        self._places: dict[str, set[str]] = {}  # entity -> its partitions: one, unless somebody wrote where he should not
        self._of_partition: dict[str, dict[str, dict[str, Document]]] = {}  # partition -> kind -> entity -> document
        self._db = Shelves(storage=MemoryStorage)
        self._next = 1

    def apply(self, partition: str, op: Op) -> bool:
        """Merge one op; whether the view changed."""
        slots = self._fields.setdefault((partition, op.entity), {})
        slot = slots.get(op.field)
        if slot is None:
            slot = slots[op.field] = Field()
        if not slot.apply(op):
            return False
        self._show(partition, op.entity, op.field, slot)
        return True

    def _show(self, partition: str, entity: str, name: str, slot: Field) -> None:
        document = self._shown.get((partition, entity)) or self._new(partition, entity)
        if name not in OURS:
            document[name] = slot.value()
        if slot.texts or "_others" in document:
            self._show_others(document, name, slot)
        self.table(document["kind"]).clear_cache()

    @staticmethod
    def _show_others(document: Document, name: str, slot: Field) -> None:
        others = document.pop("_others", {})
        others.pop(name, None)
        if found := slot.others():
            others[name] = found
        if others:
            document["_others"] = others

    def _new(self, partition: str, entity: str) -> Document:
        kind, _, ident = entity.partition(":")
        document = Document({"entity": entity, "kind": kind, "id": ident, "partition": partition}, self._next)
        self.table(kind).kept[self._next] = document
        self._shown[partition, entity] = document
        self._places.setdefault(entity, set()).add(partition)
        self._of_partition.setdefault(partition, {}).setdefault(kind, {})[entity] = document
        self._next += 1
        return document

    def field(self, partition: str, entity: str, name: str) -> Field | None:
        return self._fields.get((partition, entity), {}).get(name)

    def table(self, kind: str) -> Shelf:
        table = self._db.table(kind)
        assert isinstance(table, Shelf)
        return table

    def get(self, entity: str) -> dict[str, Any] | None:
        """The document. Where one entity was written in several partitions, the same one on every device."""
        places = self._places.get(entity)
        return self._shown[min(places), entity] if places else None

    def documents(self, kind: str, partition: str | None = None) -> list[dict[str, Any]]:
        """Documents of a kind that are not deleted, in one partition or in all."""
        if partition is None:
            found: Iterable[Document] = self.table(kind).kept.values()
        else:
            found = self._of_partition.get(partition, {}).get(kind, {}).values()
        return [document for document in found if not document.get("deleted")]

    def partitions(self) -> set[str]:
        return set(self._of_partition)

    def ops(self) -> Iterator[tuple[str, Op]]:
        """Every op that stands, with its partition: the whole view, folded."""
        for (partition, _), fields in self._fields.items():
            for slot in fields.values():
                yield from ((partition, op) for op in slot.standing())

    def drop(self, partition: str) -> None:
        """Forget everything of a partition that has left this device."""
        for kind, documents in self._of_partition.pop(partition, {}).items():
            self.table(kind).clear_cache()
            for entity, document in documents.items():
                del self.table(kind).kept[document.doc_id]
                del self._shown[partition, entity], self._fields[partition, entity]
                self._places[entity].discard(partition)
