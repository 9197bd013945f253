"""Review at the desk, and looking at what was recorded."""

from datetime import date

import pytest

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.scales import HelpLevel
from app.domain.vocabulary.states import ReviewState
from app.errors import (
    NotAllowed,
    ThingUnknown,
)
from storage.ops import Change
from tests.hub.conftest import Hub
from tests.media import parts
from tests.usecases.conftest import Seat, Sit, recorded, synced

DAY = 86_400_000


# -- review ------------------------------------------------------------------------------------------------------------
async def test_new_evidence_waits_on_the_phone_and_can_be_decided_there(tablet: Seat, phone: Seat, waiting: str) -> None:
    assert [o.id for o in phone.desk.review.queue()] == [waiting]
    await phone.desk.review.approve(waiting)
    assert phone.desk.review.queue() == []
    await synced(phone, tablet)
    assert tablet.desk.school.observation(waiting).review is ReviewState.APPROVED


async def test_a_question_comes_back_to_the_tablet(tablet: Seat, phone: Seat, waiting: str) -> None:
    await phone.desk.review.ask(waiting, " What did she say? ")
    await synced(phone, tablet)
    found = tablet.desk.school.observation(waiting)
    assert (found.review, found.question) == (ReviewState.QUERIED, "What did she say?")
    assert [o.id for o in phone.desk.review.queue()] == [waiting], "and it waits on"


async def test_every_decision_can_be_undone(tablet: Seat, phone: Seat, waiting: str) -> None:
    for step, state in ((phone.desk.review.hide, ReviewState.HIDDEN), (phone.desk.review.put_back, ReviewState.NEW)):
        phone.time.forward(1000)
        await step(waiting)
        await synced(phone, tablet)
        assert tablet.desk.school.observation(waiting).review is state
    assert [o.id for o in phone.desk.review.queue()] == [waiting]


async def test_a_star_goes_on_and_off(phone: Seat, waiting: str) -> None:
    for on in (True, False):
        await phone.desk.review.star(waiting, on)
        assert phone.desk.school.observation(waiting).starred is on


async def test_a_ta_decides_nothing(tablet: Seat, phone: Seat, waiting: str, hub: Hub) -> None:
    await phone.desk.review.approve(waiting)
    await synced(phone, tablet)
    desk, before = tablet.desk, tablet.desk.session.store.pending()
    steps = (
        desk.review.approve(waiting),
        desk.review.ask(waiting, "?"),
        desk.review.hide(waiting),
        desk.review.put_back(waiting),
        desk.review.star(waiting, True),
        desk.review.settle_note(waiting, "other words"),
        desk.families.make_link(hub.made.amira),
        desk.devices.invite(Role.SENCO, []),
        desk.register.add_class("Ash"),
        desk.register.add_staff("X", Role.SENCO, []),
        desk.register.add_pupil(hub.made.oak, {"name": "X"}),
        desk.plans.add_target(hub.made.amira, {}),
        desk.register.name_school("X"),
        desk.register.set_term("t", "T", date(2026, 9, 1), date(2026, 9, 2)),
        desk.families.set_consent(hub.made.amira, Audience.PUBLIC, MediaKind.PHOTO, True, "me"),
        desk.papers.termly_report(hub.made.amira, "2026-autumn", print),
    )
    for step in steps:
        with pytest.raises(NotAllowed):
            await step
    assert tablet.desk.session.store.pending() == before, "and nothing was changed"


async def test_the_dsl_decides_and_the_hub_agrees(sit: Sit, phone: Seat, waiting: str) -> None:
    dsl = await sit(Role.DSL)
    await dsl.desk.review.ask(waiting, "What happened before?")
    await synced(dsl, phone)
    assert phone.desk.school.observation(waiting).question == "What happened before?"
    with pytest.raises(NotAllowed):
        await dsl.desk.review.star(waiting, True)


async def test_two_texts_are_kept_until_a_person_chooses(tablet: Seat, phone: Seat, waiting: str) -> None:
    await tablet.desk.review.settle_note(waiting, "She said: my turn.")
    await phone.desk.review.settle_note(waiting, "She asked.")
    await synced(tablet, phone)
    found = phone.desk.school.observation(waiting)
    assert {found.note, *found.other_notes} == {"She said: my turn.", "She asked."}
    await phone.desk.review.settle_note(waiting, found.other_notes[0])
    await synced(phone, tablet)
    assert tablet.desk.school.observation(waiting).other_notes == ()


async def test_leadership_only_looks(sit: Sit, waiting: str, hub: Hub) -> None:
    slt = await sit(Role.SLT)
    assert slt.desk.school.observation(waiting).note
    await slt.desk.drafting.set_note("x")
    await slt.desk.drafting.toggle_pupil(hub.made.amira)
    for step in (slt.desk.drafting.save(), slt.desk.review.settle_note(waiting, "x"), slt.desk.review.approve(waiting)):
        with pytest.raises(NotAllowed):
            await step


async def test_a_thing_that_is_not_on_this_device_is_told(phone: Seat) -> None:
    for step in (phone.desk.review.approve("x"), phone.desk.pictures.picture("x"), phone.desk.pictures.clip_url("x")):
        with pytest.raises(ThingUnknown):
            await step


# -- looking -----------------------------------------------------------------------------------------------------------
async def test_the_most_used_target_comes_first(tablet: Seat, phone: Seat, hub: Hub) -> None:
    phone.time.forward(1000)
    often = await phone.desk.plans.add_target(
        hub.made.amira, {"statement": "By July Amira waits.", "short": "aaa", "start": "2030-01-01"}
    )
    await synced(phone, tablet)
    assert [t.id for t in tablet.desk.plans.targets(hub.made.amira)] == [hub.made.target, often]
    await tablet.desk.drafting.toggle_pupil(hub.made.amira)
    await tablet.desk.drafting.toggle_target(hub.made.amira, often)
    await tablet.desk.drafting.save()
    assert [t.id for t in tablet.desk.plans.targets(hub.made.amira)] == [often, hub.made.target]


async def test_targets_without_evidence_for_three_weeks_are_listed(tablet: Seat, hub: Hub) -> None:
    assert [(p.called, t.id, days) for p, t, days in tablet.desk.plans.not_seen()] == [("Amira", hub.made.target, None)]
    await tablet.desk.drafting.toggle_pupil(hub.made.amira)
    await tablet.desk.drafting.toggle_target(hub.made.amira, hub.made.target)
    await tablet.desk.drafting.save()
    tablet.time.forward(20 * DAY)
    assert tablet.desk.plans.not_seen() == []
    tablet.time.forward(2 * DAY)
    assert [days for _, _, days in tablet.desk.plans.not_seen()] == [22]


async def test_help_then_and_now_is_told_from_three_ratings_on(tablet: Seat, hub: Hub) -> None:
    desk, amira, target = tablet.desk, hub.made.amira, hub.made.target
    for level in (HelpLevel.MODEL, HelpLevel.MODEL, HelpLevel.MODEL, *[HelpLevel.INDEPENDENT] * 3):
        tablet.time.forward(1000)
        assert desk.plans.change_of(desk.plans.targets(amira)[0]) is None or level is HelpLevel.INDEPENDENT
        await desk.drafting.toggle_pupil(amira)
        await desk.drafting.toggle_target(amira, target)
        await desk.drafting.set_help(amira, target, level)
        await desk.drafting.save()
    found = desk.plans.change_of(desk.plans.targets(amira)[0])
    assert found is not None and (found.first, found.now, found.count) == (HelpLevel.MODEL, HelpLevel.INDEPENDENT, 6)


async def test_a_picture_shows_here_and_a_damaged_thumbnail_is_none(tablet: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    (photo,) = tablet.desk.school.media_of(tablet.desk.school.observation(ident))
    assert parts.opened(tablet.desk.pictures.thumb(photo) or b"").size == (320, 240)
    assert (await tablet.desk.pictures.clip_url(photo.id)).startswith("data:image/jpeg;base64,")
    await tablet.desk.session.store.write([Change(hub.made.amira, f"media:{photo.id}", "thumb", "no base64!")])
    (photo,) = tablet.desk.school.media_of(tablet.desk.school.observation(ident))
    assert tablet.desk.pictures.thumb(photo) is None


async def test_a_picture_that_has_not_arrived_yet_is_told(phone: Seat, waiting: str) -> None:
    (photo,) = phone.desk.school.media_of(phone.desk.school.observation(waiting))
    for name in [n for n in phone.disk.files if "/media/" in n]:
        await phone.disk.delete(name)
    with pytest.raises(ThingUnknown, match="has not arrived"):
        await phone.desk.pictures.picture(photo.id)


async def test_photo_consent_is_told_before_a_photo_is_taken(tablet: Seat, phone: Seat, hub: Hub) -> None:
    assert not tablet.desk.families.photo_consent(hub.made.amira)
    phone.time.forward(1000)
    await phone.desk.families.set_consent(hub.made.amira, Audience.OWN_FAMILY, MediaKind.PHOTO, True, "her mother")
    await synced(phone, tablet)
    assert tablet.desk.families.photo_consent(hub.made.amira)
