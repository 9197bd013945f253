"""The search on the Pupils screen, as controls over a real desk: what is shown for what is typed."""

import pytest

from app.domain.vocabulary.roles import Role
from app.usecases.session import search
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, recorded
from tests.views.parts import Screen
from views.pupils.search import HOW, PART
from views.theme import TOUCH


def order(shown: Screen, *wanted: str) -> list[str]:
    return [text for text in shown.texts if text in wanted]


async def test_pupils_come_first_then_targets_then_moments_newest_first(tablet: Seat, hub: Hub) -> None:
    for note in ("Amira asks for the pool", "Amira asks again"):
        await recorded(tablet, hub.made.leo, note=note, photo=b"")
    shown = Screen(tablet)
    assert shown.by(f"pupil-{hub.made.leo}") and shown.by("found") is None and shown.by("clear-search") is None
    shown.type("amira")
    parts = ("1 pupil, 1 target, 2 moments", "Pupils", "Targets", "Moments", "Amira asks again", "Amira asks for the pool")
    assert order(shown, *parts) == ["Pupils", *parts], "the screen's own name first"
    assert shown.by(f"pupil-{hub.made.leo}") is None and shown.by(f"found-pupil-{hub.made.amira}").label == "Amira"


async def test_what_is_found_leads_on_and_is_still_there_on_the_way_back(tablet: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.leo, note="Swam", photo=b"")
    shown = Screen(tablet)
    for typed, pressed, route in (
        ("swam", f"observation-{ident}", f"/observation/{ident}"),
        ("leo", f"found-pupil-{hub.made.leo}", f"/pupils/{hub.made.leo}"),
        ("turn", f"found-target-{hub.made.target}", f"/pupils/{hub.made.amira}"),
    ):
        shown.type(typed)
        shown.press(pressed)
        assert shown.ui.route == route
        shown.ui.go("/pupils")
        assert shown.by("search").content.value == typed and shown.by(pressed)


async def test_where_nothing_is_found_it_says_so_and_what_may_be_typed(tablet: Seat) -> None:
    shown = Screen(tablet)
    shown.type(" zebra ")
    assert "Nothing found for “zebra”" in shown.texts and HOW in shown.texts and shown.by("nothing-found").live_region
    shown.press("clear-search")
    assert shown.by("nothing-found") is None and shown.by("clear-search") is None and shown.by("search").content.value == ""


async def test_while_the_notes_are_still_looked_through_it_says_that_there_may_be_more(tablet: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.leo, note="Swam", photo=b"")
    shown, reading = Screen(tablet), tablet.desk.session.store.library.table("observation").read("note")
    for typed in ("swam", "leo"):
        shown.type(typed)
        assert PART in shown.texts and HOW not in shown.texts
    assert list(reading) == [0] and PART not in shown.texts


async def test_what_is_pressed_in_the_search_is_as_large_as_a_finger(tablet: Seat) -> None:
    shown = Screen(tablet)
    shown.type("asks")
    clear = shown.by("clear-search").content
    assert clear.width >= TOUCH and clear.height >= TOUCH and clear.tooltip == "Clear the search"


async def test_more_than_fits_is_counted(tablet: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search, "MOMENTS_AT_ONCE", 1)
    for note in ("Swam", "Swam again"):
        await recorded(tablet, hub.made.leo, note=note, photo=b"")
    shown = Screen(tablet)
    shown.type("swam")
    assert order(shown, "2 moments", "Swam again", "Swam", "And 1 more. Another word finds fewer.") == [
        "2 moments", "Swam again", "And 1 more. Another word finds fewer.",
    ]  # fmt: skip


async def test_a_school_without_pupils_has_nothing_to_search(sit: Sit) -> None:
    assert Screen(await sit(Role.TA, ["nowhere"], staff="somebody")).by("search") is None
