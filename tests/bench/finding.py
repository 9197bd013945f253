"""Looking: words over many notes beside SQLite's FTS5, and the first fifty of a pupil beside an index of SQLite."""

import json
import sqlite3
from collections.abc import Sequence
from pathlib import Path
from random import Random

from app.usecases.session.school import School
from storage.library import Library
from storage.ops import Op
from storage.view import unswept
from storage.words import said
from tests.bench.classroom import Classroom
from tests.bench.rows import Row, against, both

NOTES, WORDS, LENGTH, TIMES, MOST = 90_000, 5_000, 12, 31, 50
SYLLABLES = ["ba", "ré", "swi", "mo", "tan", "lu", "kö", "pi", "sha", "no", "zi", "ghe", "wa", "dri", "ell", "um"]
QUERIES = ["{0} {9:.3}", "{3} {40} {80:.2}", "{700} {12:.3}", "{2500}", "{60:.4}", "{4500:.3}", "{150} {151}", "{1} {2} {5:.2}"]


def vocabulary(dice: Random) -> list[str]:
    made = dict.fromkeys("".join(dice.choices(SYLLABLES, k=dice.randint(1, 4))) for _ in range(3 * WORDS))
    return list(made)[:WORDS]


def notes(dice: Random, words: Sequence[str]) -> list[str]:
    """As people write: few words are said often, most of them seldom."""
    weights = [1 / (rank + 3) for rank in range(len(words))]
    return [" ".join(dice.choices(words, weights, k=LENGTH)).capitalize() + "." for _ in range(NOTES)]


def library_of(texts: Sequence[str]) -> Library:
    library = Library()
    with unswept():
        for number, text in enumerate(texts):
            library.take(f"{number % 150:032x}", [Op(f"observation:{number}", "note", text, (1, 0), "w", str(number))])
    return library


def fts5(path: Path, texts: Sequence[str]) -> sqlite3.Connection:
    base = sqlite3.connect(path)
    base.execute("create virtual table notes using fts5(note, tokenize = 'unicode61 remove_diacritics 2')")
    base.executemany("insert into notes (rowid, note) values (?, ?)", enumerate(texts))
    base.execute("insert into notes (notes) values ('optimize')")
    base.commit()
    return base


def matching(typed: str) -> str:
    """The same question in the words of FTS5."""
    *whole, begun = typed.split()
    return " ".join([*(f'"{word}"' for word in whole), f'"{begun}"*'])


async def search_row(place: Path) -> Row:
    dice = Random(1)
    words = vocabulary(dice)
    texts, typed = notes(dice, words), [query.format(*words) for query in QUERIES]
    table, base = library_of(texts).table("observation"), fts5(place / "fts5", texts)
    found: tuple[list[int], list[int]] = ([], [])

    async def ours() -> None:
        found[0][:] = [len(table.search(said(text, "note"))) for text in typed]

    async def theirs() -> None:
        select = "select rowid from notes where notes match ?"
        found[1][:] = [len(base.execute(select, (matching(text),)).fetchall()) for text in typed]

    await ours()
    taken, peer = await both(ours, theirs, TIMES)
    base.close()
    assert found[0] == found[1] and all(found[0]), found
    size = f"{NOTES:,} notes of {LENGTH} words; {len(typed)} questions, {sum(found[0]):,} found"
    return against("search", taken * 1e3, "ms", "sqlite3 FTS5", peer * 1e3, size, most=3)


async def timeline_row(school: School, base: sqlite3.Connection, room: Classroom, size: int) -> Row:
    pupil, query = room.pupils[0], f"select body from observation where pupil = ? order by at desc limit {MOST}"

    async def look() -> None:
        assert len(school.observations(pupil, most=MOST)) == MOST

    async def select() -> None:
        assert len([json.loads(body) for (body,) in base.execute(query, (pupil,))]) == MOST

    ours, theirs = await both(look, select, TIMES)
    told = f"{size:,} in store, {size // len(room.pupils)} of the pupil"
    return against("timeline", ours * 1e3, "ms", "sqlite3 with index + json.loads", theirs * 1e3, told, most=1.5)


async def rows(place: Path) -> list[Row]:
    return [await search_row(place)]
