"""The library: documents made from ops, asked through TinyDB. It is a view; it can be thrown away and rebuilt."""

from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tinydb import TinyDB
from tinydb.storages import MemoryStorage
from tinydb.table import Document, Table

from storage.merge import Field
from storage.ops import Op


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
        self._fields: dict[str, dict[str, Field]] = {}
        self._documents: dict[str, Document] = {}
        self._in: dict[str, str] = {}
        self._of_partition: defaultdict[str, set[str]] = defaultdict(set)
        self._db = Shelves(storage=MemoryStorage)
        self._next = 1

    def apply(self, partition: str, op: Op) -> bool:
        """Merge one op; whether the view changed. An entity belongs to the partition where it was first seen."""
        if self._in.setdefault(op.entity, partition) != partition:
            return False
        slot = self._fields.setdefault(op.entity, {}).setdefault(op.field, Field())
        if not slot.apply(op):
            return False
        self._of_partition[partition].add(op.entity)
        self._show(partition, op.entity, op.field, slot)
        return True

    def _show(self, partition: str, entity: str, name: str, slot: Field) -> None:
        document = self._documents.get(entity) or self._new(partition, entity)
        document[name] = slot.value()
        others = slot.others() if len(slot.heads) > 1 else []
        if others:
            document.setdefault("_others", {})[name] = others
        elif "_others" in document:
            document["_others"].pop(name, None)
            if not document["_others"]:
                del document["_others"]
        self.table(document["kind"]).clear_cache()

    def _new(self, partition: str, entity: str) -> Document:
        kind, _, ident = entity.partition(":")
        document = Document({"entity": entity, "kind": kind, "id": ident, "partition": partition}, self._next)
        self.table(kind).kept[self._next] = document
        self._documents[entity] = document
        self._next += 1
        return document

    def field(self, entity: str, name: str) -> Field | None:
        return self._fields.get(entity, {}).get(name)

    def table(self, kind: str) -> Shelf:
        table = self._db.table(kind)
        assert isinstance(table, Shelf)
        return table

    def get(self, entity: str) -> dict[str, Any] | None:
        return self._documents.get(entity)

    def documents(self, kind: str, partition: str | None = None) -> list[dict[str, Any]]:
        """Documents of a kind that are not deleted, in one partition or in all."""
        found = self.table(kind).kept.values()
        return [d for d in found if not d.get("deleted") and (partition is None or d["partition"] == partition)]

    def partitions(self) -> set[str]:
        return {partition for partition, entities in self._of_partition.items() if entities}

    def ops(self) -> Iterator[tuple[str, Op]]:
        """Every op that stands, with its partition: the whole view, folded."""
        for entity, fields in self._fields.items():
            for slot in fields.values():
                for op in slot.heads.values():
                    yield self._in[entity], op

    def drop(self, partition: str) -> None:
        """Forget everything of a partition that has left this device."""
        for entity in self._of_partition.pop(partition, set()):
            document = self._documents.pop(entity)
            del self.table(document["kind"]).kept[document.doc_id]
            self.table(document["kind"]).clear_cache()
            del self._fields[entity], self._in[entity]
