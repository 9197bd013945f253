"""Rule 3: outside the staff, other pupils have no names (promise 2)."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.families.hiding import ANOTHER, folded, others_hidden, words_of

NAMES = ["Leo Marsh", "Zoë O'Neil", "Łukasz Kowalski", "Anna-Lena Vogel", "ליאור כהן", "ليلى حداد", "محمد", "小明", "João"]


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("Played with Leo.", "Played with another child."),
        ("Leo Marsh and leo", "another child and another child"),
        ("LEO’S turn, Leo's turn, Leos turn", "another child’S turn, another child's turn, another child turn"),
        ("Mr Marsh's boy", "Mr another child's boy"),
        ("Leo_2 and Leo2", "another child_2 and another child2"),
        ("Zoe sat by zoë", "another child sat by another child"),
        ("Zoe\u0308 O’Neil", "another child"),
        ("Lukasz hid", "another child hid"),
        ("Anna ran, Anna-Lena won", "another child ran, another child won"),
        ("Joao, JOÃO", "another child, another child"),
        ("لعبت مع ليلى", "لعبت مع another child"),
        ("مع وليلى ولمحمد", "مع another child"),
        ("مُحَمَّد", "another child"),
        ("שיחק עם ליאור", "שיחק עם another child"),
        ("שיחק וליאור", "שיחק another child"),
        ("今天小明很棒", "another child"),
        ("L\u200beo and L\u00ade\u00ado", "another child and another child"),
    ],
)
def test_a_name_is_hidden_however_it_is_typed(text: str, told: str) -> None:
    assert others_hidden(text, NAMES) == told


@pytest.mark.parametrize("text", ["Leopard, Marshall, leonine", "", "Amira asked for a turn", "عليه", "A 2nd go: 100%! 🎉"])
def test_what_is_no_name_stays_as_it_is(text: str) -> None:
    assert others_hidden(text, NAMES) == text


def test_without_other_pupils_the_text_stays() -> None:
    assert others_hidden("Leo ran.", []) == "Leo ran."


def test_a_single_letter_is_no_name_but_goes_with_one() -> None:
    assert others_hidden("A cat; Jamie A ran", ["Jamie A"]) == "A cat; another child ran"


def test_the_childs_own_name_stays_where_another_has_it_too() -> None:
    told = others_hidden("Leo sat by Leo Brown; Brown, Leo", ["Leo Brown"], own=("Leo Marsh",))
    assert told == "Leo sat by another child; another child, Leo"


words = st.text(st.characters(whitelist_categories=("Lu", "Ll", "Lo")), min_size=2, max_size=8)
names = st.lists(words, min_size=1, max_size=3).map(" ".join)
glue = st.sampled_from([" ", ", ", "'s ", "’s ", "-", ". ", "\n", " & ", "_", "/", "(", ")", "\u200b "])


@given(st.lists(names, min_size=1, max_size=3), st.data())
def test_no_name_is_ever_left(known: list[str], data: st.DataObject) -> None:
    said = data.draw(st.lists(st.one_of(st.sampled_from(known), words), max_size=6))
    text = "".join(word + data.draw(glue) for word in said)
    rest = others_hidden(text, known).replace(ANOTHER, "\0")
    theirs = {word for name in known for word in words_of(name) if len(word) > 1}
    assert not theirs & {folded(word) for word in words_in(rest)}


def words_in(text: str) -> list[str]:
    return "".join(c if c.isalpha() else " " for c in text).split()


@given(st.text(max_size=60), st.lists(st.text(max_size=12), max_size=4))
def test_any_text_and_any_names_can_be_read(text: str, known: list[str]) -> None:
    told = others_hidden(text, known)
    assert told == text or ANOTHER in told


@given(st.text(max_size=60))
def test_a_text_that_names_nobody_is_never_changed(text: str) -> None:
    assert others_hidden(text, ["Xqzwvk"]) == text
