"""Pupils and one pupil in each of their states, drawn over real desks: faces, targets, what was seen, and the records' end."""

import pytest

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.scales import HelpLevel
from app.errors import PupilUnknown
from app.usecases.records.erasure import Why
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, recorded, synced
from tests.views.states import FULL, all_words, label, look, no_room, off, on, said, told_off


# -- all of them -------------------------------------------------------------------------------------------------------------
async def test_without_pupils_it_says_who_adds_them(sit: Sit) -> None:
    shown = await look(await sit(Role.TA, ["nowhere"]), "/pupils")
    assert "No pupils here yet" in shown.texts and "The SENCO adds pupils to classes under School." in shown.texts


async def test_a_face_leads_to_its_pupil_and_tells_whether_pictures_may_leave_the_staff(
    tablet: Seat, phone: Seat, hub: Hub
) -> None:
    await phone.desk.families.set_consent(hub.made.leo, Audience.OWN_FAMILY, MediaKind.PHOTO, True, "Mrs Marsh")
    await synced(phone, tablet)
    shown = await look(tablet, "/pupils")
    signs = [one.semantics_label for one in shown.controls if getattr(one, "semantics_label", None)]
    assert signs == ["no consent for the family page"], "of Amira alone"
    await shown.tap(f"pupil-{hub.made.leo}")
    assert shown.ui.route == f"/pupils/{hub.made.leo}"


# -- one of them -------------------------------------------------------------------------------------------------------------
async def test_a_pupil_of_whom_nothing_is_known_yet_says_so_and_what_is_enough(tablet: Seat, hub: Hub) -> None:
    shown = await look(tablet, f"/pupils/{hub.made.leo}")
    for words in ("Leo Marsh", "No live targets yet.", "Seen (0)", "Nothing recorded yet", "A photo or a short note is enough."):
        assert words in shown.texts
    assert shown.by("records") is None and shown.by("audit-of") is None, "not for a TA"


@pytest.mark.parametrize("wide", [True, False])
async def test_targets_show_first_and_now_and_moments_lead_on(tablet: Seat, hub: Hub, wide: bool) -> None:
    amira, target = hub.made.amira, hub.made.target
    shown = await look(tablet, f"/pupils/{amira}")
    shown.page.width = 1180 if wide else 390
    assert "Too few to say yet (0 of 3)" in shown.texts
    for level in [HelpLevel.FULL_PHYSICAL] * 3 + [HelpLevel.GESTURE] * 3:
        await tablet.desk.drafting.toggle_pupil(amira)
        await tablet.desk.drafting.toggle_target(amira, target)
        await tablet.desk.drafting.set_help(amira, target, level)
        (ident,) = await recorded(tablet, note="Asked", photo=b"")
    words = all_words(shown)
    assert "6 ratings" in words and f"{HelpLevel.FULL_PHYSICAL.words} →" in words and "Seen (6)" in words
    assert f"asks for a turn · {HelpLevel.GESTURE.words}" in said(shown, f"observation-{ident}")
    assert "On this tablet" in said(shown, f"observation-{ident}")
    await shown.tap(f"observation-{ident}")
    assert shown.ui.route == f"/observation/{ident}"


@pytest.mark.parametrize("wanted", ["f" * 32, "other"])
async def test_a_pupil_who_is_not_here_is_told_in_a_sentence(tablet: Seat, hub: Hub, wanted: str) -> None:
    shown = await look(tablet, f"/pupils/{hub.made.other if wanted == 'other' else wanted}")
    assert PupilUnknown.message in shown.texts and "Jakub" not in all_words(shown) and shown.by("back")


# -- the records' end --------------------------------------------------------------------------------------------------------
async def test_erasing_says_what_it_means_asks_why_and_can_be_cancelled(phone: Seat, hub: Hub) -> None:
    shown = await look(phone, f"/pupils/{hub.made.leo}", "erase")
    assert "Everything of Leo goes" in said(shown, "records") and off(shown, "erase-for-good")
    await shown.tap("keep-records")
    assert phone.desk.erasing.of(hub.made.leo) is None and shown.by("erase-for-good") is None
    for tap in ("erase", f"why-{Why.FAMILY}"):
        await shown.tap(tap)
    assert on(shown, f"why-{Why.FAMILY}") and not off(shown, "erase-for-good")
    await shown.tap("erase-for-good")
    assert phone.desk.erasing.of(hub.made.leo) and said(shown, "erasure-said") and shown.by("erase") is None
    phone.time.forward(1000)
    await shown.tap("cancel-erasure")
    assert shown.by("erasure-said") is None and shown.by("erase") and phone.desk.school.pupil(hub.made.leo)


async def test_a_legal_hold_is_set_stops_an_erasure_and_ends(phone: Seat, hub: Hub) -> None:
    shown = await look(phone, f"/pupils/{hub.made.leo}")
    assert "No legal hold" in shown.texts
    await shown.tap("legal-hold")
    assert "Legal hold: nothing may be erased" in shown.texts and phone.desk.erasing.on_hold(hub.made.leo)
    phone.time.forward(1000)
    await shown.tap("legal-hold")
    assert "No legal hold" in shown.texts and not phone.desk.erasing.on_hold(hub.made.leo)


async def test_on_a_full_device_an_order_is_refused_with_a_sentence_and_the_reason_stays_chosen(
    phone: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    shown = await look(phone, f"/pupils/{hub.made.leo}", "erase", f"why-{Why.FAMILY}")
    with monkeypatch.context() as patch:
        no_room(patch, phone)
        assert FULL in await told_off(shown, "erase-for-good")
    assert on(shown, f"why-{Why.FAMILY}") and phone.desk.erasing.of(hub.made.leo) is None


async def test_the_way_to_who_did_what_is_there_for_who_may_read_it(phone: Seat, hub: Hub) -> None:
    shown = await look(phone, f"/pupils/{hub.made.leo}")
    assert label(shown, "audit-of") == "Who did what"
    await shown.tap("audit-of")
    assert shown.ui.route == f"/audit/{hub.made.leo}"
