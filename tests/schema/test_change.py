"""Changes as a use case asks for them: the schema says how each merges, and what cannot be kept is refused beforehand."""

import random
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.schema.fields import Merge, Place
from app.domain.schema.table import KINDS
from app.domain.vocabulary.states import ReviewState, TargetStatus
from app.errors import CannotBeKept
from app.usecases.session import change
from app.usecases.session import reading as records
from storage.clock import Clock
from storage.folder.memory import Memory
from storage.library import Library
from storage.ops import Change, Op
from storage.store import Store
from storage.sync import sync
from storage.writing import Writer

CHILD, TARGET = "a" * 32, "b" * 32
PROSE = [(kind, name) for kind in KINDS for name, field in KINDS[kind].fields.items() if field.merge is Merge.PROSE]
LATEST = [("pupil", "name"), ("target", "area"), ("observation", "setting")]
texts = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), max_size=12)


def test_each_field_is_a_change_that_merges_as_its_row_says() -> None:
    made = change.of("target", CHILD, TARGET, statement="By July ...", status=TargetStatus.LIVE, start=date(2026, 9, 1))
    assert made == [
        Change(CHILD, f"target:{TARGET}", "statement", "By July ...", text=True),
        Change(CHILD, f"target:{TARGET}", "status", "live"),
        Change(CHILD, f"target:{TARGET}", "start", "2026-09-01"),
    ]
    assert type(made[1].value) is str


def test_a_tuple_is_stored_as_a_list_and_a_member_as_its_word() -> None:
    (said,) = change.of("observation", CHILD, "o", review=ReviewState.NEW)
    (inside,) = change.of("observation", CHILD, "o", together=(CHILD,))
    (rated,) = change.of("observation", CHILD, "o", **{"rating.t": {"help": "model"}})
    assert (said.value, inside.value, rated.field) == ("new", [CHILD], "rating.t")


@pytest.mark.parametrize(
    ("kind", "where", "fields"),
    [
        ("pupil", CHILD, {"name": 7}), ("target", CHILD, {"status": {"a": [1, 2]}}), ("target", CHILD, {"nonsense": 5}),
        ("target", "school", {"statement": "x"}), ("new-thing", CHILD, {"name": "x"}), ("target", CHILD, {"start": "soon"}),
    ],
)  # fmt: skip
def test_what_cannot_be_kept_is_refused_before_it_is_written(kind: str, where: str, fields: dict[str, object]) -> None:
    with pytest.raises(CannotBeKept):
        change.of(kind, where, "x", **fields)


# -- two hands ---------------------------------------------------------------------------------------------------------------
def said(library: Library, device: str, now: int, kind: str, name: str, value: str, text: bool | None = None) -> Op:
    """What a device writes that has seen what this library holds; `text` as an older app said it, where it is given."""
    (one,) = change.of(kind, CHILD, "x", **{name: value})
    one = one if text is None else Change(one.partition, one.entity, one.field, one.value, text)
    [(_, op)] = Writer(
        f"{device * 16}.{device * 16}", Clock(lambda: now), library, random.Random(f"{device}{now}").randbytes
    ).ops([one])
    return op


def both(*ops: Op) -> Library:
    library = Library()
    library.take(CHILD, ops)
    return library


def shown(library: Library, kind: str, name: str) -> tuple[str, ...]:
    document = library.get(f"{kind}:x")
    assert document is not None
    return (document[name], *records.other_texts(document, name))


@given(st.sampled_from(PROSE), st.lists(texts, min_size=2, max_size=2, unique=True), st.integers(1, 9), st.integers(1, 9))
def test_two_who_wrote_at_once_are_both_kept_until_a_person_picks(
    row: tuple[str, str], words: list[str], one: int, other: int
) -> None:
    kind, name = row
    mine, theirs = (said(Library(), who, at, kind, name, text) for who, at, text in zip("cd", (one, other), words, strict=True))
    library = both(mine, theirs)
    values = {mine.value, theirs.value}
    assert set(shown(library, kind, name)) == values and len(shown(library, kind, name)) == len(values)
    assert shown(both(theirs, mine, theirs), kind, name) == shown(library, kind, name)
    picked = said(library, "e", 10, kind, name, "picked")
    assert shown(both(picked, mine, theirs), kind, name) == ("picked",)


@given(st.sampled_from(PROSE), st.integers(1, 9), st.integers(1, 9), st.integers(1, 9))
def test_what_an_older_app_wrote_plainly_ranks_with_the_texts(row: tuple[str, str], first: int, one: int, other: int) -> None:
    kind, name = row
    old = said(Library(), "b", first, kind, name, "as it was", text=False)
    mine, theirs = (said(both(old), who, at, kind, name, who) for who, at in zip("cd", (one, other), strict=True))
    library = both(old, mine, theirs)
    assert set(shown(library, kind, name)) == {"c", "d"}, "both saw the old words, and neither saw the other"
    late = said(library, "f", 20, kind, name, "an older app again", text=False)
    assert shown(both(old, mine, theirs, late), kind, name)[0] == "an older app again"
    assert set(shown(both(late, theirs, mine, old), kind, name)) == {"c", "d", "an older app again"}


@given(st.sampled_from(LATEST), st.integers(1, 9), st.integers(10, 19))
def test_of_everything_else_the_later_stands(row: tuple[str, str], one: int, other: int) -> None:
    kind, name = row
    mine, theirs = (said(Library(), who, at, kind, name, who) for who, at in zip("cd", (one, other), strict=True))
    assert shown(both(theirs, mine), kind, name) == ("d",)


async def test_two_devices_reword_a_target_without_a_network_and_each_then_has_both() -> None:
    folder, seconds = Memory(), iter(range(1, 1000))
    stores = [await Store.open(Memory(), now=lambda: next(seconds)) for _ in range(2)]
    await stores[0].write(change.of("target", CHILD, TARGET, statement="Amira asks for a turn.", status="live"))
    for store in (*stores, *stores):
        await sync(store, folder)
    for store, words in zip(stores, ("Amira asks with a sign.", "Amira asks in a sentence."), strict=True):
        await store.write(change.of("target", CHILD, TARGET, statement=words))
    for store in (*stores, *stores):
        await sync(store, folder)
    for store in stores:
        document = store.library.get(f"target:{TARGET}")
        assert document is not None
        assert (document["statement"], *records.other_texts(document, "statement")) == (
            "Amira asks in a sentence.",
            "Amira asks with a sign.",
        )
    assert KINDS["target"].place is Place.PUPIL
