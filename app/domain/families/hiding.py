"""Other pupils' names in texts that leave the staff (promise 2): "another child", however the name was typed."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from itertools import groupby

from app.domain.vocabulary.language import N_, _

ANOTHER = N_("another child")
# What people type for letters that do not come apart into a plain letter and a mark.
PLAIN = str.maketrans({
    "ł": "l", "ø": "o", "đ": "d", "ð": "d", "þ": "th", "ß": "ss", "æ": "ae", "œ": "oe", "ı": "i",
    "ى": "ي", "ة": "ه", "ـ": None,
})  # fmt: skip
PARTICLES = "وفبلكسהובלכמש"  # Arabic and Hebrew words that are written onto the next one: and, so, by, for, like...
MOST_PARTICLES = 3
WRITTEN_ON = re.compile(r"[\u0590-\u06ff\u0750-\u077f]")


def others_hidden(text: str, names: Iterable[str], own: Iterable[str] = ()) -> str:
    """The text with other pupils' names, and each word of them, as "another child". `own` are the names of the child whose
    family reads: a first name that two children share stays, unless more of the other's name stands beside it.

    Case, accents and marks do not matter, nor does an s after the name. A single letter is no name."""
    theirs = {word for name in names for word in words_of(name)}
    mine = {word for name in own for word in words_of(name)}
    made = []
    for hidden, group in groupby(_marked(text, theirs, mine), key=lambda piece: piece[1]):
        made.append(_(ANOTHER) if hidden else "".join(piece for piece, _ in group))
    return "".join(made)


@lru_cache(maxsize=2048)
def words_of(name: str) -> frozenset[str]:
    """The folded words of a name, and all of them written as one."""
    words = [folded(word) for word, is_word in _pieces(name) if is_word]
    return frozenset({*words, "".join(words)} - {""})


def folded(text: str) -> str:
    """Small letters without accents, marks and invisible signs."""
    apart = unicodedata.normalize("NFKD", text.casefold())
    return unicodedata.normalize("NFC", "".join(c for c in apart if not _rides(c)).translate(PLAIN))


def _rides(char: str) -> bool:
    """Marks and invisible signs, which belong to the letter before them."""
    return unicodedata.category(char) in {"Mn", "Mc", "Me", "Cf"}


def _pieces(text: str) -> list[tuple[str, bool]]:
    """(piece, whether it is a word), in order; together they are the text."""
    return [("".join(run), is_word) for is_word, run in groupby(text, key=lambda c: c.isalpha() or _rides(c))]


def _marked(text: str, theirs: set[str], mine: set[str]) -> list[tuple[str, bool]]:
    """Pieces, and whether each is to be hidden: names, what joins two of them, a shared name or an initial beside a name."""
    pieces = _pieces(text)
    named = [is_word and _is_name(piece, theirs) for piece, is_word in pieces]
    tells = [yes and len(folded(piece)) > 1 and folded(piece) not in mine for yes, (piece, _) in zip(named, pieces, strict=True)]
    hide = {at for run in _runs(pieces, named) if any(tells[at] for at in run) for at in run}
    return [(piece, at in hide) for at, (piece, _) in enumerate(pieces)]


def _runs(pieces: list[tuple[str, bool]], named: list[bool]) -> list[range]:
    """Where names stand side by side, with only a blank, a hyphen or an apostrophe between them."""
    runs: list[range] = []
    for at in (at for at, yes in enumerate(named) if yes):
        between = r"\s+" if folded(pieces[at][0]) == "s" else r"\s+|[-‐‑'’]"  # Leo's is no Leo S
        joined = runs and at - runs[-1].stop == 1 and re.fullmatch(between, pieces[at - 1][0])
        runs[-1:] = [range(runs[-1].start, at + 1)] if joined else [*runs[-1:], range(at, at + 1)]
    return runs


def _is_name(piece: str, names: set[str]) -> bool:
    word = folded(piece)
    if word in names or (word.endswith("s") and word[:-1] in names):
        return True
    if WRITTEN_ON.search(word):
        return any(set(word[:n]) <= set(PARTICLES) and word[n:] in names for n in range(1, MOST_PARTICLES + 1))
    # Scripts without capitals write endings onto a name, or no blanks at all.
    return word.upper() == word and any(name in word for name in names if name.upper() == name and len(name) > 1)
