"""Looking for words: what is found is what a slow look at every document would find, whatever has happened to them."""

import unicodedata

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tinydb import where

from storage.library import Library
from storage.ops import Op
from storage.words import Said, Wanted, folded, said, words
from tests.storage.parts import AMIRA, BEN

LETTERS = st.text("aáAzß ـملعé-' Ł中", max_size=8)
DOCS = st.sampled_from(["1", "2", "3"])


def note(library: Library, text: object, ident: str = "1", at: int = 1, partition: str = AMIRA, **more: object) -> Op:
    name = f"{ident}.{at}.{text}"
    op = Op(f"observation:{ident}", "note", text, (at, 0), "w", name, text=True, **more)  # type: ignore[arg-type]
    library.apply(partition, op)
    return op


def found(library: Library, text: str) -> list[str]:
    return [document["id"] for document in library.table("observation").search(said(text, "note"))]


@pytest.mark.parametrize(
    ("typed", "there"),
    [
        ("zoe", "Zoë asked"), ("ZOË", "zoe"), ("strasse", "Straße"), ("straße", "STRASSE"), ("lodz", "in Łódź"),
        ("مرحبا", "مَرْحَبًا"), ("مرحبا", "مـــرحبا"), ("فاطمه", "فاطمة"), ("istanbul", "İstanbul"), ("office", "oﬃce"),
        ("42", "after 42 tries"), ("o'brien", "with O’Brien"), ("leo", "Leo's turn"), ("word", "under_word"),
    ],
)  # fmt: skip
def test_case_marks_and_ways_of_writing_do_not_matter(typed: str, there: str) -> None:
    library = Library()
    note(library, there)
    assert found(library, typed) == ["1"]


def test_all_words_count_and_only_the_last_may_be_begun() -> None:
    library = Library()
    note(library, "Ami went to the swimming pool", "1")
    note(library, "Ami asked for a turn", "2")
    assert found(library, "ami swim") == ["1"] and found(library, "ami") == ["1", "2"]
    assert found(library, "am swimming") == [] == found(library, "wimming") == found(library, "pool ami turn")


@pytest.mark.parametrize("typed", ["", "  ", "?!", "\u0301"])
def test_nothing_typed_finds_nothing(typed: str) -> None:
    library = Library()
    note(library, "anything")
    assert found(library, typed) == []


def test_a_search_goes_together_with_every_query_of_tinydb() -> None:
    library = Library()
    for ident, starred in (("1", True), ("2", False)):
        note(library, "a swim", ident)
        library.apply(AMIRA, Op(f"observation:{ident}", "starred", starred, (1, 0), "w", f"s{ident}"))
    table, swims, star = library.table("observation"), said("swim", "note"), where("starred") == True  # noqa: E712
    ids = [[d["id"] for d in table.search(query)] for query in (swims & star, star & swims, ~swims, swims | star, swims & ~star)]
    assert ids == [["1"], ["1"], [], ["1", "2"], ["2"]]
    assert isinstance(star & swims, Said)  # which is answered from the index
    assert table.count(swims) == 2 and table.contains(swims & star) and table.search(swims & swims & star)[0]["id"] == "1"


def test_what_was_said_otherwise_deleted_or_has_left_is_not_found() -> None:
    library = Library()
    first = note(library, "the pool")
    note(library, "the pool", "2", partition=BEN)
    assert found(library, "pool") == ["1", "2"]
    note(library, "the garden", at=2, replaces=(first.id,))
    assert found(library, "pool") == ["2"] and found(library, "garden") == ["1"]
    library.apply(AMIRA, Op("observation:1", "deleted", True, (3, 0), "w", "d"))
    library.drop(BEN)
    assert found(library, "pool") == [] == found(library, "garden")
    library.apply(AMIRA, Op("observation:1", "deleted", False, (4, 0), "w", "u"))
    assert found(library, "garden") == ["1"]


def test_of_texts_written_without_knowing_of_each_other_both_are_found() -> None:
    library = Library()
    note(library, "in the pool", at=1)
    note(library, "in the garden", at=2)
    assert found(library, "pool") == ["1"] == found(library, "garden") == found(library, "pool garden")


def test_several_fields_are_asked_together() -> None:
    library = Library()
    for name, value in (("name", "Amira Yusuf"), ("preferred_name", "Mimi"), ("likes", "swimming")):
        library.apply(AMIRA, Op("pupil:1", name, value, (1, 0), "w", name))
    table = library.table("pupil")
    assert table.search(said("mimi yusuf", "name", "preferred_name")) and not table.search(said("swim", "name", "preferred_name"))


def test_words_may_be_read_in_slices_and_until_then_what_was_read_is_found() -> None:
    library = Library()
    for number in range(5):
        note(library, "a swim", str(number))
    table = library.table("observation")
    assert table.is_read("note"), "a search would read them all"
    slices = table.read("note", most=2)
    assert next(slices) == 3 and len(found(library, "swim")) == 2 and not table.is_read("note")
    note(library, "another swim", "9")
    assert "9" in found(library, "swim"), "what is written meanwhile is found at once"
    assert list(slices) == [1, 0] and found(library, "swim") == ["0", "1", "2", "3", "4", "9"] and table.is_read("note")
    assert list(table.read("note")) == []


CHANGES = st.one_of(
    st.tuples(st.just("note"), DOCS, LETTERS), st.tuples(st.just("beside"), DOCS, LETTERS),
    st.tuples(st.just("deleted"), DOCS, st.booleans()), st.tuples(st.just("drop"), DOCS, st.none()),
    st.tuples(st.just("sleep"), DOCS, st.none()), st.tuples(st.just("look"), DOCS, LETTERS),
    st.tuples(st.just("read"), DOCS, st.none()),
)  # fmt: skip


@given(st.lists(CHANGES, max_size=14), LETTERS)
@settings(max_examples=300, deadline=None)
def test_what_is_found_is_what_a_look_at_every_document_finds(changes: list[tuple[str, str, object]], typed: str) -> None:
    library = Library()
    for at, (what, ident, value) in enumerate(changes, 1):
        match what:
            case "note":
                standing = library.field(ident * 32, f"observation:{ident}", "note")
                seen = tuple({*standing.texts, *standing.replaced}) if standing else ()
                note(library, value, ident, at, ident * 32, replaces=seen)
            case "beside":
                note(library, value, ident, at, ident * 32)
            case "deleted":
                library.apply(ident * 32, Op(f"observation:{ident}", "deleted", value, (at, 0), "w", str(at)))
            case "drop":
                library.drop(ident * 32)
            case "sleep":
                library.bundled()
            case "look":
                found(library, str(value))
            case "read":
                next(library.table("observation").read("note", most=1), 0)
    list(library.table("observation").read("note"))
    query = said(typed, "note")
    looked_at = [d for d in library.documents("observation") if query(d)]
    assert library.table("observation").search(query) == looked_at
    assert looked_at == [d for d in library.documents("observation") if plainly(typed, d)]


def plainly(typed: str, document: dict[str, object]) -> bool:
    """The rule once more, by hand."""
    others = document.get("_others", {}).get("note", [])  # type: ignore[attr-defined]
    there = [word for text in (document.get("note"), *others) if isinstance(text, str) for word in words(text)]
    *whole, begun = words(typed) or [""]
    return bool(begun) and all(word in there for word in whole) and any(word.startswith(begun) for word in there)


@given(st.text(max_size=20))
def test_folding_is_done_once_and_knows_no_difference_of_form(text: str) -> None:
    assert folded(folded(text)) == folded(text)
    assert folded(unicodedata.normalize("NFC", text)) == folded(unicodedata.normalize("NFD", text))


@given(st.text("abcäß", max_size=12))
def test_every_beginning_of_a_text_finds_it(text: str) -> None:
    for end in range(1, len(text)):
        assert Wanted.typed(text[:end]).met_by(set(words(text)))
