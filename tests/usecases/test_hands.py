"""Whose an unfinished moment is: with a person each at one device, locked in the middle, on cover, or going on meanwhile."""

import asyncio

from app.domain.register.people import COVER
from tests.hub.conftest import Hub
from tests.usecases.conftest import OTHER, PHOTO, PIN, Seat, held_up, recorded, with_pin


async def test_every_op_says_who_wrote_it(tablet: Seat, hub: Hub, colleague: str) -> None:
    (mine,) = await recorded(tablet, hub.made.leo)
    await with_pin(tablet)
    await tablet.desk.door.choose_me(colleague)
    (theirs,) = await recorded(tablet, hub.made.leo)
    by = {
        op.entity: op.author
        for _, op in tablet.desk.session.store.library.ops(hub.made.leo)
        if op.entity.startswith("observation")
    }
    assert by == {f"observation:{mine}": hub.made.ta, f"observation:{theirs}": colleague} | {
        entity: "" for entity in by if entity.partition(":")[2] not in {mine, theirs}
    }


async def test_a_draft_is_its_authors_and_can_be_taken_over(tablet: Seat, hub: Hub, colleague: str) -> None:
    await tablet.desk.drafting.set_note("half a sentence")
    await tablet.desk.drafting.toggle_pupil(hub.made.leo)
    await with_pin(tablet)
    await tablet.desk.door.choose_me(colleague)
    assert tablet.desk.drafting.draft.empty
    ((person, name, pictures),) = tablet.desk.drafting.left_by_others()
    assert person == hub.made.ta and name and pictures == 0
    await with_pin(tablet, OTHER)
    again = await tablet.again()
    await again.desk.door.enter(colleague, OTHER)
    await again.desk.drafting.take_over(hub.made.ta)
    assert again.desk.drafting.draft.note == "half a sentence" and again.desk.drafting.left_by_others() == []
    assert len(await again.desk.drafting.save()) == 1


async def test_a_photo_that_is_still_being_made_when_the_lock_falls_is_its_authors(shut: Seat, hub: Hub, colleague: str) -> None:
    desk = shut.desk
    await desk.door.enter(hub.made.ta, PIN)
    made = held_up(shut)
    taking = asyncio.ensure_future(desk.drafting.add_photo(PHOTO))
    await asyncio.sleep(0)
    desk.door.lock()
    made.set()
    await taking
    await desk.door.enter(hub.made.ta, PIN)
    assert len(desk.drafting.draft.media) == 1
    await desk.door.choose_me(colleague)
    assert desk.drafting.draft.empty and [p for p, _, _ in desk.drafting.left_by_others()] == [hub.made.ta]


async def test_a_picked_file_is_theirs_who_opened_the_file_window(shut: Seat, hub: Hub, colleague: str) -> None:
    desk = shut.desk
    await desk.door.enter(hub.made.ta, PIN)
    desk.door.on_picker(True)
    shut.time.forward(700_000)
    desk.door.lock_if_idle()
    assert desk.session.locked
    await desk.door.come_on_cover()
    await desk.drafting.add_file(PHOTO)
    assert desk.drafting.draft.empty
    desk.door.on_picker(False)
    desk.door.on_picker(True)
    await desk.drafting.add_file(PHOTO)
    assert len(desk.drafting.draft.media) == 1
    await desk.door.enter(hub.made.ta, PIN)
    assert len(desk.drafting.draft.media) == 1


async def test_a_moment_that_is_being_saved_when_the_lock_falls_is_saved_as_its_authors(shut: Seat, hub: Hub) -> None:
    desk = shut.desk
    await desk.door.enter(hub.made.ta, PIN)
    await desk.drafting.add_photo(PHOTO)
    await desk.drafting.toggle_pupil(hub.made.leo)
    saving = asyncio.ensure_future(desk.drafting.save())
    await asyncio.sleep(0)
    desk.door.lock()
    (made,) = await saving
    assert {op.author for _, op in desk.session.store.library.ops(hub.made.leo) if op.entity == f"observation:{made}"} == {
        hub.made.ta
    }
    await desk.door.enter(hub.made.ta, PIN)
    assert desk.school.observation(made).by == hub.made.ta and desk.drafting.draft.empty


async def test_the_last_letters_of_a_note_after_the_lock_fell_are_its_authors(shut: Seat, hub: Hub, colleague: str) -> None:
    desk = shut.desk
    await desk.door.enter(hub.made.ta, PIN)
    await desk.drafting.set_note("Asked for a tur")
    desk.door.lock()
    await desk.drafting.set_note("Asked for a turn")
    await desk.door.enter(hub.made.ta, PIN)
    assert desk.drafting.draft.note == "Asked for a turn"
    await desk.door.choose_me(colleague)
    assert desk.drafting.draft.empty


async def test_the_next_one_on_cover_sees_nothing_of_the_last_ones_unfinished_moment(shut: Seat, hub: Hub) -> None:
    desk = shut.desk
    for note in ("Of the first one.", "Of the second one."):
        await desk.door.come_on_cover()
        assert desk.drafting.draft.empty
        await desk.drafting.set_note(note)
        desk.door.lock()
    again = await shut.again()
    await again.desk.door.come_on_cover()
    assert again.desk.drafting.draft.empty
    again.desk.door.lock()
    await again.desk.door.enter(hub.made.ta, PIN)
    left = again.desk.drafting.left_by_others()
    assert [name for _, name, _ in left] == ["an adult on cover"] * 2
    for person, _, _ in left:
        await again.desk.drafting.discard()
        await again.desk.drafting.take_over(person)
        assert again.desk.drafting.draft.note.startswith("Of the")


async def test_what_is_added_while_a_moment_is_being_saved_is_the_next_ones(tablet: Seat, hub: Hub) -> None:
    desk, write = tablet.desk, tablet.desk.session.store.write

    async def meanwhile(*parts: object, **more: object) -> None:
        await desk.drafting.add_photo(PHOTO)
        await desk.drafting.set_note("and then again")
        await write(*parts, **more)  # type: ignore[arg-type]

    await desk.drafting.toggle_pupil(hub.made.leo)
    await desk.drafting.set_note("once")
    desk.session.store.write = meanwhile  # type: ignore[method-assign]
    (made,) = await desk.drafting.save()
    assert desk.school.observation(made).note == "once" and not desk.school.observation(made).media
    assert desk.drafting.draft.note == "and then again" and await desk.drafting.draft_bytes(desk.drafting.draft.media[0])
    assert (await tablet.again()).desk.drafting.draft.note == "and then again"


async def test_a_moment_saved_on_cover_leaves_the_next_ones_draft_alone(shut: Seat, hub: Hub) -> None:
    desk, write = shut.desk, shut.desk.session.store.write

    async def meanwhile(*parts: object, **more: object) -> None:
        desk.door.lock()
        await desk.door.come_on_cover()
        await desk.drafting.set_note("of the second")
        await write(*parts, **more)  # type: ignore[arg-type]

    await desk.door.come_on_cover()
    await desk.drafting.toggle_pupil(hub.made.leo)
    await desk.drafting.set_note("of the first")
    desk.session.store.write = meanwhile  # type: ignore[method-assign]
    assert len(await desk.drafting.save()) == 1
    assert desk.drafting.draft.note == "of the second" and list(desk.drafting.drafts.left()) == [COVER]


async def test_the_lock_waits_for_the_clip_that_is_being_filmed(shut: Seat, hub: Hub) -> None:
    desk = shut.desk
    await desk.door.enter(hub.made.ta, PIN)
    desk.door.filming = True
    desk.door.lock()
    assert not desk.session.locked and desk.door.lock_when_filmed, "the camera ends the clip at its next look"
    desk.door.on_clip_done()
    assert desk.session.locked and not desk.door.filming and not desk.door.lock_when_filmed
