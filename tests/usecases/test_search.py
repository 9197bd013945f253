"""Finding as somebody types: pupils first, then moments, newest first; and nobody finds what is not theirs to see."""

import asyncio

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.register.people import Pupil
from app.usecases.session import search
from app.usecases.session.search import Found, find
from storage.library import Library
from storage.ops import Change, Op
from storage.words import words
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, recorded, synced
from tests.usecases.parts import no_puts


def notes(found: Found) -> list[str]:
    return [one.note for one in found.observations]


async def test_a_name_finds_the_pupil_and_words_of_a_note_find_the_moments_newest_first(tablet: Seat, hub: Hub) -> None:
    made, desk = hub.made, tablet.desk
    for note in ("Swam in the pool", "Asked for a turn", "The Pool was loud"):
        await recorded(tablet, made.leo, note=note, photo=b"")
    assert (
        notes(desk.finding.find("pool")) == ["The Pool was loud", "Swam in the pool"] and desk.finding.find("pool").pupils == ()
    )
    assert (
        [pupil.id for pupil in desk.finding.find("lé").pupils]
        == [made.leo]
        == [pupil.id for pupil in desk.finding.find("le mar").pupils]
    )
    assert desk.finding.find("zebra").nothing and desk.finding.find(" ").nothing and notes(desk.finding.find("poo lou")) == []


async def test_a_name_and_a_word_find_the_moments_of_that_pupil_though_no_note_names_anybody(tablet: Seat, hub: Hub) -> None:
    made, desk = hub.made, tablet.desk
    await recorded(tablet, made.amira, note="Swam a width", photo=b"")
    await recorded(tablet, made.leo, note="Swam with Amira", photo=b"")
    await recorded(tablet, made.amira, note="Asked", photo=b"")
    assert notes(desk.finding.find("ami swam")) == ["Swam a width"] and notes(desk.finding.find("amira sw")) == [
        "Swam with Amira",
        "Swam a width",
    ]
    assert notes(desk.finding.find("swam leo")) == ["Swam with Amira"] and notes(desk.finding.find("amira")) == [
        "Swam with Amira"
    ]
    assert notes(desk.finding.find("sw leo")) == []  # a word of a note is only unfinished while it is being typed


async def test_live_targets_are_found_by_their_words(tablet: Seat, hub: Hub) -> None:
    assert tablet.desk.finding.find("ask turn").targets == ()
    assert [(t.pupil, t.chip) for t in tablet.desk.finding.find("asks for a tu").targets] == [(hub.made.amira, "asks for a turn")]


async def test_a_tablet_finds_only_its_own_classes(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await recorded(phone, hub.made.other, note="Swam", photo=b"")
    await phone.desk.syncing.sync_now()
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.finding.find("swam").nothing and tablet.desk.finding.find("jakub").nothing
    assert notes(phone.desk.finding.find("swam")) == ["Swam"] and notes(phone.desk.finding.find("jak swam")) == ["Swam"]
    assert [pupil.id for pupil in phone.desk.finding.find("jakub").pupils] == [hub.made.other]


async def test_what_is_still_on_a_tablet_that_may_not_show_it_any_more_is_not_found(tablet: Seat, phone: Seat, hub: Hub) -> None:
    phone.time.forward(1000)
    await phone.desk.session.store.write([Change("school", f"membership:{hub.made.leo}", "class_id", hub.made.elm)])
    await synced(phone)
    await recorded(tablet, hub.made.leo, note="Swam", photo=b"")
    assert notes(tablet.desk.finding.find("swam")) == ["Swam"]
    tablet.line.before.append(no_puts)  # the school's news arrives, and what is still to be sent stays
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.school.observations(hub.made.leo) != []
    assert tablet.desk.finding.find("swam").nothing and tablet.desk.finding.find("leo").nothing


async def test_what_the_senco_has_hidden_is_found_only_by_who_reviews(tablet: Seat, phone: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.leo, note="Swam", photo=b"")
    await tablet.desk.syncing.sync_now()
    await phone.desk.syncing.sync_now()
    await phone.desk.review.hide(ident)
    for seat in (phone, tablet):
        await seat.desk.syncing.sync_now()
    assert tablet.desk.finding.find("swam").nothing and notes(phone.desk.finding.find("swam")) == ["Swam"]


async def test_many_are_shown_in_part_and_counted(tablet: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOMENTS_AT_ONCE", 2)
    for number in range(5):
        await recorded(tablet, hub.made.leo, note=f"Swam {number}", photo=b"")
    found = tablet.desk.finding.find("swam")
    assert notes(found) == ["Swam 4", "Swam 3"] and found.more == 3


async def test_a_search_right_after_opening_finds_what_was_looked_through_and_says_so(tablet: Seat, hub: Hub) -> None:
    for number in range(3):
        await recorded(tablet, hub.made.leo, note=f"Swam {number}", photo=b"")
    library, pupils = (await tablet.again()).desk.session.store.library, tablet.desk.register.pupils()
    looking = asyncio.create_task(search.look_through(library))
    await asyncio.sleep(0)
    early = find(library, pupils, "leo swam")
    assert not early.whole and notes(early) == [] and [p.id for p in find(library, pupils, "leo").pupils] == [hub.made.leo]
    await looking
    late = find(library, pupils, "leo swam")
    assert late.whole and notes(late) == ["Swam 2", "Swam 1", "Swam 0"]


async def test_a_search_of_what_nobody_looked_through_before_finds_everything(tablet: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.leo, note="Swam", photo=b"")
    found = (await tablet.again()).desk.finding.find("swam")
    assert found.whole and notes(found) == ["Swam"]


PUPILS = [Pupil("a" * 32, "Ami Swan"), Pupil("b" * 32, "Swan Lee")]
TYPED = st.lists(st.sampled_from(["ami", "am", "swan", "sw", "lee", "swim", "a", "swims"]), min_size=1, max_size=3).map(" ".join)
MOMENTS = st.lists(st.tuples(st.sampled_from([p.id for p in PUPILS]), TYPED), max_size=6)


@given(MOMENTS, TYPED)
def test_what_is_found_is_what_a_look_at_every_moment_finds(moments: list[tuple[str, str]], typed: str) -> None:
    library = Library()
    for pupil in PUPILS:
        library.apply(pupil.id, Op(f"pupil:{pupil.id}", "name", pupil.name, (1, 0), "w", pupil.id))
    for at, (pupil_id, note) in enumerate(moments):
        library.apply(pupil_id, Op(f"observation:{at}", "note", note, (1, 0), "w", str(at)))
        library.apply(pupil_id, Op(f"observation:{at}", "at", at, (1, 0), "w", str(at)))
    found = find(library, PUPILS, typed, hidden=True)
    by_id = {pupil.id: words(pupil.name) for pupil in PUPILS}
    expected = [str(at) for at, (whose, note) in enumerate(moments) if _says(typed.split(), words(note), by_id[whose])]
    assert [one.id for one in found.observations] == expected[::-1]
    assert found.pupils == tuple(p for p in PUPILS if all(_begins(word, by_id[p.id]) for word in typed.split()))


def _begins(word: str, there: list[str]) -> bool:
    return any(one.startswith(word) for one in there)


def _says(typed: list[str], note: list[str], name: list[str]) -> bool:
    """All of it is in the note; or what does not begin a part of the name is, and there is some of that."""

    def noted(wanted: list[str]) -> bool:
        last = len(typed) - 1
        return all(word in note or (at == last and _begins(word, note)) for at, word in enumerate(typed) if word in wanted)

    rest = [word for word in typed if not _begins(word, name)]
    return noted(typed) or (len(rest) > 0 and noted(rest))
