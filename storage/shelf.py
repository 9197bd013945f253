"""Shelves: TinyDB tables whose documents are changed in place, and which know the words that are said in them."""

from collections.abc import Callable, Iterator, Mapping
from typing import Any

from tinydb import TinyDB
from tinydb.queries import QueryLike
from tinydb.table import Document, Table

from storage.words import Fields, Index, Said, Wanted

SLICE = 200  # documents: a few ms of words


class Shelf(Table):
    """TinyDB's own copies all documents at every insert, and each that it finds. What is found here is the shelf's own: to be
    read, not to be written."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kept: dict[int, Document] = {}
        self._indexes: dict[Fields, Index] = {}

    def _read_table(self) -> dict[str, Mapping[str, Any]]:
        return {str(number): document for number, document in self.kept.items()}

    def _update_table(self, updater: Callable[[dict[int, Mapping[str, Any]]], None]) -> None:
        self.touch(*self.kept)
        updater(self.kept)  # type: ignore[arg-type]
        self.touch(*self.kept)

    def __iter__(self) -> Iterator[Document]:
        return iter(self.kept.values())

    def __len__(self) -> int:
        return len(self.kept)

    def search(self, cond: QueryLike) -> list[Document]:
        if isinstance(cond, Said):
            found = self._saying(cond.wanted, cond.fields)
            return found if cond.more is None else [document for document in found if cond.more(document)]
        return [document for document in self.kept.values() if cond(document)]

    def _saying(self, wanted: Wanted, fields: Fields) -> list[Document]:
        """In the order in which they came. The index is made at the first question, unless it was begun before."""
        index = self._indexes.get(fields)
        if index is None:
            index = self._indexes[fields] = Index(fields)
            index.touched.update(self.kept)
        return [self.kept[number] for number in sorted(index.find(wanted, self.kept))]

    def read(self, *fields: str, most: int = SLICE) -> Iterator[int]:
        """Make the index of these fields, so many documents a step; after each step, how many are left. Until none is, a search
        finds what was read so far."""
        if fields not in self._indexes:
            self._indexes[fields] = Index(fields)
            self._indexes[fields].unread.update(self.kept)
        return self._slices(self._indexes[fields], most)

    def _slices(self, index: Index, most: int) -> Iterator[int]:
        while index.unread:
            index.read_some(self.kept, most)
            yield len(index.unread)

    def is_read(self, *fields: str) -> bool:
        """Whether a search of these fields finds all that is said in them."""
        return fields not in self._indexes or not self._indexes[fields].unread

    def touch(self, *numbers: int) -> None:
        """These documents are, or will be, other ones."""
        for index in self._indexes.values():
            index.touched.update(numbers)


class Shelves(TinyDB):
    table_class = Shelf
