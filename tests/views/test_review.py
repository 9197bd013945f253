"""Review and one observation in each of their states, drawn over real desks: looked at, asked, hidden, undone; two texts kept."""

import pytest

from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.states import ReviewState
from app.errors import CannotBeKept, NotAllowed
from app.usecases.records.erasure import Why
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, recorded, synced, waiting, with_pin
from tests.usecases.parts import days
from tests.views.states import FULL, all_words, label, look, no_room, said, told_off, write
from views.review.screen import SHOWS_ERASED

__all__ = ["waiting"]


def state(seat: Seat, ident: str) -> ReviewState:
    return seat.desk.school.observation(ident).review


# -- the queue ---------------------------------------------------------------------------------------------------------------
async def test_with_nothing_to_look_at_it_says_that_this_is_fine(phone: Seat) -> None:
    shown = await look(phone, "/review")
    assert "Nothing to look at" in shown.texts and "New evidence comes here as it arrives." in shown.texts


async def test_a_moment_shows_picture_words_target_and_who_saw_it_one_at_a_time(
    tablet: Seat, phone: Seat, waiting: str, hub: Hub
) -> None:
    await recorded(tablet, hub.made.leo, note="Later")
    await synced(tablet, phone)
    shown = await look(phone, "/review")
    card = said(shown, f"review-{waiting}")
    assert (
        said(shown, "queue-count") == "2 to look at" and "Amira" in card and "Asked for a turn." in card and "Dana Reed" in card
    )
    assert "Later" not in all_words(shown), "the oldest first, and by itself"
    assert "the photo" in [getattr(one, "semantics_label", None) for one in shown.controls]


@pytest.mark.parametrize(
    ("taps", "decided", "told"), [(("approve",), ReviewState.APPROVED, "Approved."), (("hide",), ReviewState.HIDDEN, "Hidden.")]
)
async def test_a_decision_is_one_tap_and_so_is_its_undo(
    phone: Seat, waiting: str, taps: tuple[str, ...], decided: ReviewState, told: str
) -> None:
    shown = await look(phone, "/review", *taps)
    assert state(phone, waiting) is decided and told in shown.texts and "Nothing to look at" in shown.texts
    phone.time.forward(1000)
    await shown.tap("undo")
    assert state(phone, waiting) is ReviewState.NEW and shown.by(f"review-{waiting}") and shown.by("undo") is None


async def test_a_question_is_typed_kept_and_goes_back_to_the_tablet(tablet: Seat, phone: Seat, waiting: str) -> None:
    shown = await look(phone, "/review", "ask")
    write(shown, "question", "What did she say?")
    await shown.tap("send-question")
    assert state(phone, waiting) is ReviewState.QUERIED and "Asked." in shown.texts and shown.by("question") is None
    await synced(phone, tablet)
    assert "Asked: What did she say?" in (await look(tablet, f"/observation/{waiting}")).texts
    await shown.tap("undo")
    assert state(phone, waiting) is ReviewState.NEW and shown.by(f"review-{waiting}")


async def test_a_question_that_was_not_kept_is_not_put_to_the_next_moment(
    tablet: Seat, phone: Seat, waiting: str, hub: Hub
) -> None:
    await recorded(tablet, hub.made.leo)
    await synced(tablet, phone)
    shown = await look(phone, "/review", "ask")
    write(shown, "question", "Was Amira alone?")
    for tap in ("approve", "ask"):
        await shown.tap(tap)
    assert shown.by("question").content.value == ""


async def test_a_star_is_for_the_report_and_the_moment_waits_on(phone: Seat, waiting: str) -> None:
    shown = await look(phone, "/review", "star")
    assert "For the report" in shown.texts and label(shown, "star") == "Not for the report"
    phone.time.forward(1000)
    await shown.tap("star")
    assert label(shown, "star") == "Star for report" and not phone.desk.school.observation(waiting).starred


async def test_a_question_that_cannot_be_kept_is_told_and_stays_in_its_field(phone: Seat, waiting: str) -> None:
    shown = await look(phone, "/review", "ask")
    question = "?" * (512 * 1024 + 1)
    write(shown, "question", question)
    assert await told_off(shown, "send-question") == CannotBeKept.message
    assert shown.by("question").content.value == question and state(phone, waiting) is ReviewState.NEW


async def test_on_a_full_device_a_decision_is_told_and_not_shown_as_done(
    phone: Seat, waiting: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await look(phone, "/review")
    with monkeypatch.context() as patch:
        no_room(patch, phone)
        assert FULL in await told_off(shown, "approve")
    assert state(phone, waiting) is ReviewState.NEW and shown.by("undo") is None and shown.by("approve")


async def test_without_a_network_decisions_are_made_and_wait_to_go(tablet: Seat, phone: Seat, waiting: str) -> None:
    phone.line.cut = True
    await phone.desk.syncing.sync_now()
    shown = await look(phone, "/review", "approve")
    assert state(phone, waiting) is ReviewState.APPROVED and said(shown, "status") == "Safe on this tablet, waiting to go"
    phone.line.cut = False
    await synced(phone, tablet)
    assert state(tablet, waiting) is ReviewState.APPROVED


async def test_an_erased_child_in_a_picture_is_told_in_the_queue(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira, hub.made.leo, note="Two of them")
    await days(1, tablet, phone)
    await phone.desk.erasing.order(hub.made.amira, Why.FAMILY)
    await days(9, phone, tablet)
    shown = await look(phone, "/review")
    assert said(shown, "shows-erased") == SHOWS_ERASED and "Amira" not in all_words(shown)


# -- two texts kept ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("number", [0, 1])
async def test_two_texts_of_the_same_time_are_both_shown_and_a_tap_keeps_one(
    tablet: Seat, phone: Seat, waiting: str, number: int
) -> None:
    await tablet.desk.review.settle_note(waiting, "She said: my turn.")
    await phone.desk.review.settle_note(waiting, "She asked.")
    await synced(tablet, phone)
    shown = await look(phone, "/review")
    assert "Two texts were written at the same time. Both are kept; please pick one." in shown.texts
    found = phone.desk.school.observation(waiting)
    both = (found.note, *found.other_notes)
    assert {"She said: my turn.", "She asked."} == set(both) <= set(shown.texts)
    await shown.tap(f"keep-{number}")
    assert shown.by("keep-0") is None and both[number] in shown.texts and both[1 - number] not in shown.texts
    await synced(phone, tablet)
    assert tablet.desk.school.observation(waiting).other_notes == ()


# -- one observation ---------------------------------------------------------------------------------------------------------
async def test_an_approval_is_taken_back_on_the_moments_own_screen(phone: Seat, waiting: str) -> None:
    shown = await look(phone, f"/observation/{waiting}", "approve")
    assert "Approved" in shown.texts and shown.by("approve") is None and label(shown, "put-back") == "Take the approval back"
    phone.time.forward(1000)
    await shown.tap("put-back")
    assert state(phone, waiting) is ReviewState.NEW and shown.by("approve")


@pytest.mark.parametrize("role", [Role.TA, Role.SLT])
async def test_who_does_not_review_looks_and_is_offered_no_decision(
    tablet: Seat, sit: Sit, waiting: str, hub: Hub, role: Role
) -> None:
    seat = tablet if role is Role.TA else await with_pin(await sit(Role.SLT, staff=hub.made.senco))
    shown = await look(seat, f"/observation/{waiting}")
    assert "Asked for a turn." in shown.texts and "In the school folder" in shown.texts
    assert not [press for press in ("approve", "star", "ask", "hide", "put-back") if shown.by(press)]
    assert NotAllowed.message in all_words(await look(seat, "/review"))


async def test_a_moment_that_is_not_here_is_told_in_a_sentence(phone: Seat) -> None:
    shown = await look(phone, f"/observation/{'f' * 32}")
    assert "This observation is not on this device." in shown.texts and shown.by("back")


async def test_a_clip_is_behind_a_button_and_its_length_is_told(tablet: Seat, phone: Seat, hub: Hub) -> None:
    (ident,) = await hub.observe(hub.made.amira, note="Signs", kind="video/webm", data=b"webm")
    await synced(phone)
    shown = await look(phone, f"/observation/{ident}")
    assert label(shown, "play") == "Play the clip (4 s)" and not [c for c in shown.controls if getattr(c, "playlist", None)]
