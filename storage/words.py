"""Words as people look for them: without regard to case, accents and marks. An index of who says what, kept as things change.

said("ami swim", "note")                              # documents that say "ami" and a word that begins with "swim"
table.search(said("swim", "note") & (where("starred") == True))
"""

import re
import sys
import unicodedata
from bisect import bisect_left
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

from tinydb.queries import QueryInstance

Fields = tuple[str, ...]
# What people type for letters that do not come apart into a plain letter and a mark, and for the Arabic ones that are mixed up.
PLAIN: dict[str, str | int | None] = {
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "æ": "ae", "œ": "oe", "ı": "i", "ى": "ي", "ة": "ه", "ـ": None,
}  # fmt: skip
WORD = re.compile(r"[^\W_]+")
NO_ONE: frozenset[int] = frozenset()


class _Letters(dict[int, str | int | None]):
    """What becomes of each letter: marks (accents, Arabic vowels) and invisible signs go. Filled as letters are met."""

    def __missing__(self, code: int) -> str | int | None:
        self[code] = None if unicodedata.category(chr(code)) in {"Mn", "Mc", "Me", "Cf"} else code
        return self[code]


LETTERS = _Letters(str.maketrans(PLAIN))


def folded(text: str) -> str:
    """The text in small plain letters, so that Zoë is found as zoe and Strasse as straße."""
    if text.isascii():
        return text.lower()
    return unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold()).translate(LETTERS)


def words(text: str) -> list[str]:
    """Runs of letters and digits, in order, folded."""
    return WORD.findall(folded(text))


def said_in(document: Mapping[str, Any], fields: Fields) -> set[str]:
    """Every word of these fields, and of the texts that stand beside them until a person picks one."""
    others = document.get("_others", {})
    found: set[str] = set()
    for name in fields:
        for text in (document.get(name), *others.get(name, ())):
            if isinstance(text, str):
                found.update(words(text))
    return found


@dataclass(frozen=True, slots=True)
class Wanted:
    """What to look for: `whole` words, and a word that is only `begun`, since it is still being typed. Nothing finds nothing."""

    whole: frozenset[str] = frozenset()
    begun: str = ""

    @classmethod
    def typed(cls, text: str) -> "Wanted":
        *whole, begun = words(text) or [""]
        return cls(frozenset(whole), begun)

    def met_by(self, found: set[str]) -> bool:
        """Whether all of them are among these words."""
        if not (self.whole or self.begun) or not self.whole <= found:
            return False
        return not self.begun or any(word.startswith(self.begun) for word in found)


class Said(QueryInstance):
    """A query of TinyDB: these words, and all else that is asked with `&`. A shelf answers it from its index."""

    def __init__(self, wanted: Wanted, fields: Fields, more: QueryInstance | None = None) -> None:
        self.wanted, self.fields, self.more = wanted, fields, more
        super().__init__(self._holds, None)

    def _holds(self, document: Mapping[str, Any]) -> bool:
        said_so = not document.get("deleted") and self.wanted.met_by(said_in(document, self.fields))
        return said_so and (self.more is None or self.more(document))

    def __and__(self, other: QueryInstance) -> "Said":
        return Said(self.wanted, self.fields, other if self.more is None else self.more & other)

    __rand__ = __and__  # so that where(...) & said(...) is answered from the index too


def said(text: str, *fields: str) -> Said:
    """Documents that are not deleted and say all of these words in these fields; the last word may be only begun."""
    return Said(Wanted.typed(text), fields)


class Index:
    """Word -> numbers of the documents that say it. What was `touched` is read anew before the next answer: writing costs
    nothing, and what was deleted or said otherwise is forgotten. What is `unread` is read a slice at a time, and until then it
    is not found."""

    def __init__(self, fields: Fields) -> None:
        self.fields, self.touched, self.unread = fields, set[int](), set[int]()
        self._saying: dict[str, set[int]] = {}
        self._words_of: dict[int, tuple[str, ...]] = {}
        self._sorted: list[str] = []

    def find(self, wanted: Wanted, documents: Mapping[int, Mapping[str, Any]]) -> set[int]:
        """Numbers of the documents that say what is wanted, of those that were read."""
        self._take_in(self.touched, documents)
        whole = sorted((self._saying.get(word, NO_ONE) for word in wanted.whole), key=len)
        found = set(whole[0]).intersection(*whole[1:]) if whole else None
        if not wanted.begun:
            return found or set()
        begun = (self._saying[word] for word in self._beginning(wanted.begun))
        return set().union(*begun) if found is None else set().union(*(found & numbers for numbers in begun))

    def read_some(self, documents: Mapping[int, Mapping[str, Any]], most: int) -> None:
        """So many of those that are unread."""
        self._take_in(set(islice(self.unread, most)), documents)

    def _beginning(self, begun: str) -> Iterable[str]:
        start = bisect_left(self._sorted, begun)
        return self._sorted[start : bisect_left(self._sorted, begun + chr(sys.maxunicode), start)]

    def _take_in(self, numbers: set[int], documents: Mapping[int, Mapping[str, Any]]) -> None:
        fresh: list[str] = []
        for number in numbers:
            document = documents.get(number)
            now = said_in(document, self.fields) if document and not document.get("deleted") else set()
            before = self._words_of.pop(number, ())
            for word in now.difference(before):
                self._add(sys.intern(word), number, fresh)
            for word in set(before) - now:
                self._forget(word, number)
            if now:
                self._words_of[number] = tuple(map(sys.intern, now))
        self.unread -= numbers
        self.touched -= numbers
        if fresh:
            self._sorted = sorted([*self._sorted, *fresh])

    def _add(self, word: str, number: int, fresh: list[str]) -> None:
        if word not in self._saying:
            self._saying[word] = set()
            fresh.append(word)
        self._saying[word].add(number)

    def _forget(self, word: str, number: int) -> None:
        self._saying[word].discard(number)
        if not self._saying[word]:
            del self._saying[word]
            del self._sorted[bisect_left(self._sorted, word)]
