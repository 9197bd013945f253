"""Capture in each of its states, drawn over real desks: the camera, who and what, saved; and what stays when something fails."""

from types import SimpleNamespace

import flet_camera as fc
import pytest

from app.domain.vocabulary.scales import HelpLevel
from app.errors import EmptyFile
from tests.hub.conftest import Hub
from tests.usecases.conftest import PHOTO, Seat, held_up, synced
from tests.views.parts import Shown
from tests.views.states import (
    FULL,
    all_words,
    begun,
    label,
    look,
    midway,
    no_room,
    off,
    on,
    said,
    told_off,
    without_a_page,
    write,
)

__all__ = ["without_a_page"]
pytestmark = pytest.mark.usefixtures("without_a_page")
LENSES = [SimpleNamespace(lens_direction=way) for way in (fc.CameraLensDirection.BACK, fc.CameraLensDirection.FRONT)]


class Lens:
    """As much of Flet's camera as a page would answer for."""

    def __init__(self, photo: bytes = PHOTO) -> None:
        self.photo = photo

    async def initialize(self, *_: object, **__: object) -> None: ...

    async def take_picture(self) -> bytes:
        return self.photo

    async def start_video_recording(self) -> None: ...


async def ready(seat: Seat, photo: bytes = PHOTO) -> Shown:
    """The camera has opened."""
    shown = await look(seat, "/capture")
    camera = shown.ui.of("capture")["camera"]
    camera.control, camera.state, camera._found = Lens(photo), "ready", LENSES
    return shown


# -- the camera --------------------------------------------------------------------------------------------------------------
async def test_while_the_camera_opens_it_says_so_and_a_note_is_possible_already(tablet: Seat) -> None:
    shown = await look(tablet, "/capture")
    assert "Opening the camera…" in shown.texts and off(shown, "shutter") and label(shown, "shutter") == "One moment"
    await shown.tap("only-note")
    assert "Who and what?" in shown.texts


@pytest.mark.parametrize("wide", [True, False])
async def test_without_a_camera_it_says_what_works_all_the_same(tablet: Seat, wide: bool) -> None:
    shown = await look(tablet, "/capture")
    shown.page.width = 1180 if wide else 390
    shown.ui.of("capture")["camera"].state = "none"
    assert "The camera cannot be used here" in said(shown, "no-camera") and shown.by("shutter") is None
    assert shown.by("pick-photo") and shown.by("only-note")


async def test_a_photo_goes_into_the_draft_and_on_to_who_and_what(tablet: Seat) -> None:
    shown = await ready(tablet)
    assert label(shown, "shutter") == "Take a photo" and shown.by("flip")
    await shown.tap("flip")
    await shown.tap("shutter")
    assert "Who and what?" in shown.texts and label(shown, "draft-photo") == "the photo"
    assert len(tablet.desk.drafting.draft.media) == 1


async def test_while_a_photo_is_being_made_nobody_presses_twice(tablet: Seat) -> None:
    shown, held = await ready(tablet), held_up(tablet)
    assert await midway(shown, "shutter", held, lambda: (off(shown, "shutter"), off(shown, "clip"))) == (True, True)
    assert len(tablet.desk.drafting.draft.media) == 1


async def test_while_a_clip_is_made_the_seconds_that_are_left_are_told_and_it_can_be_stopped(tablet: Seat) -> None:
    shown = await ready(tablet)
    camera = shown.ui.of("capture")["camera"]
    camera.state, camera.seconds = "filming", 20
    assert said(shown, "clip-left") == "20 s left" and shown.by("clip") is None and off(shown, "shutter")
    await shown.tap("clip-stop")
    assert camera.state == "stopping"


async def test_a_picture_that_cannot_be_read_is_told_and_the_camera_goes_on(tablet: Seat) -> None:
    shown = await ready(tablet, b"")
    assert await told_off(shown, "shutter") == EmptyFile.message
    assert not off(shown, "shutter") and tablet.desk.drafting.draft.empty


# -- who and what ------------------------------------------------------------------------------------------------------------
async def test_before_a_pupil_is_chosen_save_says_what_is_missing(tablet: Seat) -> None:
    await begun(tablet)
    shown = await look(tablet, "/capture")
    assert "Who and what?" in shown.texts, "what was begun goes on here"
    assert label(shown, "save") == "Save: choose a pupil first" and off(shown, "save")


async def test_a_moment_is_put_together_saved_and_told_as_saved_and_then_as_in_the_folder(tablet: Seat, hub: Hub) -> None:
    amira, target = hub.made.amira, hub.made.target
    shown = await look(tablet, "/capture", "only-note", f"pupil-{amira}", f"target-{target}")
    assert on(shown, f"pupil-{amira}") and on(shown, f"target-{target}") and "Help needed · asks for a turn" in shown.texts
    await shown.tap(f"help-{target}-{HelpLevel.GESTURE}")
    await shown.tap("setting-class")
    await tablet.desk.drafting.set_note("Asked for a turn")
    assert on(shown, f"help-{target}-{HelpLevel.GESTURE}") and on(shown, "setting-class")
    assert shown.by("note").content.value == "Asked for a turn" and label(shown, "save") == "Save"
    await shown.tap("save")
    assert said(shown, "saved") == "Saved" and "Amira" in shown.texts and label(shown, "saved-state") == "On this tablet"
    (made,) = tablet.desk.school.observations(amira)
    assert (made.note, made.ratings, made.setting) == ("Asked for a turn", {target: HelpLevel.GESTURE}, "class")
    await synced(tablet)
    assert label(shown, "saved-state") == "In the school folder"
    await shown.tap("another")
    assert "Opening the camera…" in shown.texts and tablet.desk.drafting.draft.empty


async def test_a_moment_of_two_children_is_saved_for_each_and_a_child_without_targets_is_told(tablet: Seat, hub: Hub) -> None:
    shown = await look(tablet, "/capture", "only-note", f"pupil-{hub.made.amira}", f"pupil-{hub.made.leo}")
    assert "No live targets." in shown.texts and off(shown, "save"), "a choice of names alone is no moment"
    await tablet.desk.drafting.set_note("Built it together")
    await shown.tap("save")
    assert "Amira, Leo" in shown.texts and len(tablet.desk.school.observations()) == 2
    await shown.tap("done")
    assert shown.ui.route == "/"


async def test_what_is_typed_as_a_note_is_kept_at_once(tablet: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = await look(tablet, "/capture", "only-note")
    monkeypatch.setattr(shown.page, "run_task", lambda work, *parts: shown.page.work.append(work(*parts)))
    write(shown, "note", "Poured the water")
    await shown.page.work.pop()
    assert (await tablet.again()).desk.drafting.drafts.left()[hub.made.ta].note == "Poured the water", (
        "also if the tablet is shut off now"
    )


async def test_finish_later_leads_home_and_keeps_all_of_it(tablet: Seat, hub: Hub) -> None:
    await begun(tablet, hub.made.amira, note="Half")
    shown = await look(tablet, "/capture", "finish-later")
    assert shown.ui.route == "/" and tablet.desk.drafting.draft.note == "Half" and len(tablet.desk.drafting.draft.media) == 1


async def test_a_second_picture_is_added_and_one_is_taken_away(tablet: Seat) -> None:
    await begun(tablet)
    shown = await look(tablet, "/capture", "another-picture")
    assert "Opening the camera…" in shown.texts
    await shown.tap("to-who")
    (picture,) = [one for one in shown.controls if getattr(one, "tooltip", None) == "Take this photo away"]
    picture.on_click(None)
    await shown.settle()
    assert shown.by("draft-photo") is None and tablet.desk.drafting.draft.media == []


async def test_throwing_away_takes_two_taps_and_can_be_thought_over(tablet: Seat, hub: Hub) -> None:
    await begun(tablet, hub.made.amira)
    shown = await look(tablet, "/capture", "discard")
    assert not tablet.desk.drafting.draft.empty
    await shown.tap("keep-draft")
    assert shown.by("discard") and not tablet.desk.drafting.draft.empty
    await shown.tap("discard")
    await shown.tap("discard-now")
    assert tablet.desk.drafting.draft.empty and shown.ui.route == "/" and tablet.desk.school.observations() == []


async def test_on_a_full_device_nothing_is_called_saved_and_the_draft_stays(
    tablet: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch
) -> None:
    await begun(tablet, hub.made.amira, note="Kept")
    shown = await look(tablet, "/capture")
    with monkeypatch.context() as patch:
        no_room(patch, tablet)
        assert FULL in await told_off(shown, "save")
    assert shown.by("saved") is None and shown.by("note").content.value == "Kept" and not off(shown, "save")
    await shown.tap("save")
    assert said(shown, "saved") == "Saved" and shown.by("error") is None and len(tablet.desk.school.observations()) == 1


async def test_without_a_network_a_moment_is_saved_and_told_to_be_on_this_tablet(tablet: Seat, hub: Hub) -> None:
    tablet.line.cut = True
    await tablet.desk.syncing.sync_now()
    await begun(tablet, hub.made.amira)
    shown = await look(tablet, "/capture", "save")
    assert said(shown, "saved") == "Saved" and label(shown, "saved-state") == "On this tablet"
    assert said(shown, "status") == "Safe on this tablet, waiting to go"


# -- on cover ----------------------------------------------------------------------------------------------------------------
async def test_on_cover_a_moment_is_recorded_without_targets_or_names_and_done_leads_out(tablet: Seat, hub: Hub) -> None:
    tablet.desk.door.lock()
    await look(tablet, "/capture", "door-cover")
    await begun(tablet, hub.made.amira, note="Swam", photo=b"")
    shown = await look(tablet, "/capture")
    assert shown.by("back") is None and shown.by(f"target-{hub.made.target}") is None and shown.by("lock")
    await shown.tap("save")
    assert said(shown, "saved") == "Saved" and "Amira" not in all_words(shown)
    await shown.tap("done")
    assert tablet.desk.session.locked and "Saved" not in shown.texts


async def test_on_cover_finish_later_leads_out_and_keeps_the_moment(tablet: Seat, hub: Hub) -> None:
    tablet.desk.door.lock()
    await tablet.desk.door.come_on_cover()
    await begun(tablet, hub.made.amira, note="Half", photo=b"")
    await look(tablet, "/capture", "finish-later")
    assert tablet.desk.session.locked
    assert [draft.note for draft in tablet.desk.drafting.drafts.left().values()] == ["Half"]


# -- one moment after another ------------------------------------------------------------------------------------------------
async def test_the_next_moment_takes_two_taps_to_throw_away_though_the_last_one_was_nearly_thrown_away(
    tablet: Seat, hub: Hub
) -> None:
    await begun(tablet, hub.made.amira)
    shown = await look(tablet, "/capture", "discard", "save", "another")
    await begun(tablet, hub.made.leo)
    await shown.tap("to-who")
    assert shown.by("discard") and shown.by("discard-now") is None
