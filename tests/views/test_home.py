"""Home in each of its states, drawn over real desks: the way in, what waits to be finished, the class, the day."""

from dataclasses import replace

import pytest

from app.domain.vocabulary.roles import Role
from tests.hub.conftest import Hub
from tests.usecases.conftest import PIN, Seat, Sit, colleague, recorded, synced, with_pin
from tests.views.states import FULL, all_words, begun, look, no_room, of_nothing, said, told_off, write

__all__ = ["colleague"]


async def test_a_tablet_without_pupils_says_who_adds_them_and_has_a_way_in_all_the_same(sit: Sit) -> None:
    shown = await look(await sit(Role.TA, ["nowhere"]), "/")
    assert "No pupils are on this device yet. The SENCO adds them under School." in shown.texts
    assert shown.by("new-observation") and shown.by("set-up") is None and said(shown, "today") == "0 recorded"
    assert "Who has this device in hand has not been said yet." in shown.texts


async def test_the_first_senco_writes_her_name_and_is_led_to_set_up_the_school(sit: Sit, hub: Hub) -> None:
    seat = await of_nothing(sit, hub)
    shown = await look(seat, "/")
    write(shown, "my-name", "Ruth Senn")
    await shown.tap("that-is-me")
    await with_pin(seat)
    shown = await look(seat, "/")
    assert (
        "Good morning, Ruth" in shown.texts
        and "No pupils are on this device yet. Add your class and pupils to begin." in shown.texts
    )
    await shown.tap("set-up")
    assert shown.ui.route == "/school"


@pytest.mark.parametrize("wide", [True, False])
async def test_home_shows_the_class_the_day_and_who_was_not_seen_and_each_leads_on(tablet: Seat, hub: Hub, wide: bool) -> None:
    shown = await look(tablet, "/")
    shown.page.width = 1180 if wide else 390
    words = all_words(shown)
    for one in (
        "Good morning, Dana",
        "Oak class",
        "Amira · asks for a turn · not yet seen",
        "Dana Reed has this device in hand.",
    ):
        assert one in words
    assert "Jakub" not in words, "of another class"
    for press, route in (
        ("new-observation", "/capture"), (f"home-pupil-{hub.made.amira}", f"/pupils/{hub.made.amira}"), ("all-safe", "/sync"),
        ("people", "/people"), ("status", "/sync"),
    ):  # fmt: skip
        shown.ui.go("/")
        await shown.tap(press)
        assert shown.ui.route == route


async def test_what_was_recorded_today_is_counted_here_first_and_then_in_the_folder(tablet: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    shown = await look(tablet, "/")
    assert said(shown, "today") == "1 recorded" and "1 on this tablet" in shown.texts and "Safe on this tablet" in shown.texts
    await synced(tablet)
    assert "1 in the school folder" in shown.texts and "All safe" in shown.texts and "1 on this tablet" not in shown.texts


async def test_without_a_network_it_says_what_waits_and_that_it_is_safe(tablet: Seat, hub: Hub) -> None:
    tablet.line.cut = True
    await recorded(tablet, hub.made.amira)
    await tablet.desk.syncing.sync_now()
    shown = await look(tablet, "/")
    assert said(shown, "status") == "Safe on this tablet, waiting to go" and "1 on this tablet" in shown.texts


@pytest.mark.parametrize(("photo", "what"), [(True, "1 picture"), (False, "a note")])
async def test_a_moment_to_finish_later_waits_on_home_and_leads_back(tablet: Seat, photo: bool, what: str) -> None:
    assert (await look(tablet, "/")).by("finish") is None
    await (begun(tablet) if photo else begun(tablet, note="Poured", photo=b""))
    shown = await look(tablet, "/")
    assert f"Finish later: {what}" in shown.texts
    await shown.tap("finish")
    assert shown.ui.route == "/capture"


async def left_by(tablet: Seat, colleague: str, hub: Hub) -> None:
    """The colleague begins a note and leaves it; Dana has the tablet."""
    await tablet.desk.door.choose_me(colleague)
    await with_pin(tablet, "9021")
    await begun(tablet, hub.made.leo, note="Began to sign", photo=b"")
    tablet.desk.door.lock()
    await tablet.desk.door.enter(hub.made.ta, PIN)


async def test_a_moment_left_by_another_is_told_and_taken_over_with_all_that_is_in_it(
    tablet: Seat, hub: Hub, colleague: str
) -> None:
    await left_by(tablet, colleague, hub)
    shown = await look(tablet, "/")
    assert "Not finished, begun by Mo Lee: a note" in shown.texts and shown.by("finish") is None
    assert "Began to sign" not in all_words(shown), "the words are shown to who takes it over"
    await shown.tap(f"take-over-{colleague}")
    assert "Finish later: a note" in shown.texts and shown.by(f"take-over-{colleague}") is None
    draft = tablet.desk.drafting.draft
    assert (draft.note, draft.pupils) == ("Began to sign", [hub.made.leo])


async def test_an_adult_with_a_moment_of_her_own_is_told_of_the_other_and_cannot_mix_them(
    tablet: Seat, hub: Hub, colleague: str
) -> None:
    await left_by(tablet, colleague, hub)
    await begun(tablet, note="Mine", photo=b"")
    shown = await look(tablet, "/")
    assert "Not finished, begun by Mo Lee: a note" in shown.texts and shown.by(f"take-over-{colleague}") is None


async def test_on_a_full_device_taking_over_is_refused_with_a_sentence_and_nothing_is_lost(
    tablet: Seat, hub: Hub, colleague: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    await left_by(tablet, colleague, hub)
    shown = await look(tablet, "/")
    with monkeypatch.context() as patch:
        no_room(patch, tablet)
        assert FULL in await told_off(shown, f"take-over-{colleague}")
    notes = [draft.note for draft in tablet.desk.drafting.drafts.left().values()]
    assert notes == ["Began to sign"]


async def test_what_this_browser_may_do_and_what_was_left_behind_is_told_until_it_is_read(tablet: Seat) -> None:
    tablet.desk.syncing.on_persisted(False)
    before = {"at": tablet.time() - 5_000, "pending": 2}
    await tablet.desk.session.become(replace(tablet.desk.session.identity, before=before))
    shown = await look(tablet, "/")
    assert "may forget" in said(shown, "may-forget") and said(shown, "left-behind")
    await shown.tap("left-behind")
    assert shown.by("left-behind") is None and shown.by("may-forget")


async def test_leadership_looks_at_the_class_and_has_no_way_in(sit: Sit, hub: Hub) -> None:
    leader = await with_pin(await sit(Role.SLT, staff=hub.made.senco))
    shown = await look(leader, "/")
    assert shown.by("new-observation") is None and shown.by(f"home-pupil-{hub.made.amira}") and said(shown, "today")
