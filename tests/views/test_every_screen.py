"""Every screen and every door has drawn tests of its states: the table says which, and a new screen without one fails."""

import inspect
from importlib import import_module
from types import FunctionType

import pytest

from app.domain.schema.asked import RIGHTS
from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed
from tests.hub.conftest import Hub
from tests.usecases.conftest import Sit, synced, with_pin
from tests.views.states import look, without_a_page
from views.routes import DOORS, SCREENS

__all__ = ["without_a_page"]

SCREEN = {
    "/": {
        "empty": "home.test_a_tablet_without_pupils_says_who_adds_them_and_has_a_way_in_all_the_same",
        "empty, for who sets it up": "home.test_the_first_senco_writes_her_name_and_is_led_to_set_up_the_school",
        "with things": "home.test_home_shows_the_class_the_day_and_who_was_not_seen_and_each_leads_on",
        "finish later": "home.test_a_moment_to_finish_later_waits_on_home_and_leads_back",
        "left by another": "home.test_a_moment_left_by_another_is_told_and_taken_over_with_all_that_is_in_it",
        "after an error": "home.test_on_a_full_device_taking_over_is_refused_with_a_sentence_and_nothing_is_lost",
        "offline": "home.test_without_a_network_it_says_what_waits_and_that_it_is_safe",
        "without the right to record": "home.test_leadership_looks_at_the_class_and_has_no_way_in",
        "a large school": "long_lists.test_home_shows_one_class_of_a_large_school_and_the_others_are_a_tap_away",
    },
    "/capture": {
        "the camera opens": "capture.test_while_the_camera_opens_it_says_so_and_a_note_is_possible_already",
        "no camera": "capture.test_without_a_camera_it_says_what_works_all_the_same",
        "who and what": "capture.test_before_a_pupil_is_chosen_save_says_what_is_missing",
        "saved": "capture.test_a_moment_is_put_together_saved_and_told_as_saved_and_then_as_in_the_folder",
        "thrown away": "capture.test_throwing_away_takes_two_taps_and_can_be_thought_over",
        "finish later": "capture.test_finish_later_leads_home_and_keeps_all_of_it",
        "after an error": "capture.test_on_a_full_device_nothing_is_called_saved_and_the_draft_stays",
        "offline": "capture.test_without_a_network_a_moment_is_saved_and_told_to_be_on_this_tablet",
        "on cover": "capture.test_on_cover_a_moment_is_recorded_without_targets_or_names_and_done_leads_out",
    },
    "/pupils": {
        "empty": "pupils.test_without_pupils_it_says_who_adds_them",
        "with things": "pupils.test_a_face_leads_to_its_pupil_and_tells_whether_pictures_may_leave_the_staff",
        "searched": "search.test_what_is_found_leads_on_and_is_still_there_on_the_way_back",
    },
    "/pupils/:pupil": {
        "empty": "pupils.test_a_pupil_of_whom_nothing_is_known_yet_says_so_and_what_is_enough",
        "with things": "pupils.test_targets_show_first_and_now_and_moments_lead_on",
        "not here": "pupils.test_a_pupil_who_is_not_here_is_told_in_a_sentence",
        "being erased": "pupils.test_erasing_says_what_it_means_asks_why_and_can_be_cancelled",
        "on legal hold": "pupils.test_a_legal_hold_is_set_stops_an_erasure_and_ends",
        "after an error": "pupils.test_on_a_full_device_an_order_is_refused_with_a_sentence_and_the_reason_stays_chosen",
    },
    "/observation/:observation": {
        "approved": "review.test_an_approval_is_taken_back_on_the_moments_own_screen",
        "a clip": "review.test_a_clip_is_behind_a_button_and_its_length_is_told",
        "not here": "review.test_a_moment_that_is_not_here_is_told_in_a_sentence",
        "without the right to review": "review.test_who_does_not_review_looks_and_is_offered_no_decision",
    },
    "/review": {
        "empty": "review.test_with_nothing_to_look_at_it_says_that_this_is_fine",
        "with things": "review.test_a_moment_shows_picture_words_target_and_who_saw_it_one_at_a_time",
        "undo": "review.test_a_decision_is_one_tap_and_so_is_its_undo",
        "asked": "review.test_a_question_is_typed_kept_and_goes_back_to_the_tablet",
        "two texts kept": "review.test_two_texts_of_the_same_time_are_both_shown_and_a_tap_keeps_one",
        "an erased child": "review.test_an_erased_child_in_a_picture_is_told_in_the_queue",
        "after an error": "review.test_on_a_full_device_a_decision_is_told_and_not_shown_as_done",
        "offline": "review.test_without_a_network_decisions_are_made_and_wait_to_go",
    },
    "/reports": {
        "no terms": "papers_screens.test_in_a_school_without_terms_it_says_where_they_are_added",
        "to choose": "papers_screens.test_the_term_of_today_is_chosen_and_a_pupil_is_asked_for",
        "while working": "papers_screens.test_while_a_report_is_made_it_says_how_far_it_is_and_nothing_is_pressed_twice",
        "ready": "papers_screens.test_a_report_is_made_told_as_ready_and_its_link_opens_until_another_is_chosen",
        "offline": "papers_screens.test_a_report_without_a_network_is_told_and_can_be_made_when_there_is_one",
        "for a DSL": "papers_screens.test_a_dsl_finds_orders_to_erase_and_the_log_here_and_a_senco_under_school",
    },
    "/families": {
        "to choose": "papers_screens.test_before_a_family_is_chosen_no_link_can_be_made",
        "a link made once and ended": "papers_screens.test_a_link_is_shown_once_lists_on_without_its_address_and_ends_with_a_tap",
        "consent": "papers_screens.test_it_tells_how_many_moments_this_family_would_see_and_follows_consent_and_approval",
        "offline": "papers_screens.test_without_a_network_no_link_is_made_and_none_of_another_family_is_shown",
        "after an error": "papers_screens.test_a_link_that_cannot_be_ended_now_is_told_and_stays_in_the_list",
    },
    "/school": {
        "empty": "school.test_a_school_is_set_up_from_nothing_one_step_after_the_other",
        "target": "school.test_a_target_is_added_and_reaches_the_tablet",
        "consent": "school.test_a_consent_is_switched_on_and_off_and_what_is_not_ticked_is_no",
        "a new PIN": "school.test_a_new_pin_is_let_and_told",
        "erasures": "school.test_an_order_to_erase_stands_here_with_who_asked_and_is_cancelled_with_a_tap",
        "after an error": "school.test_what_cannot_be_kept_is_told_and_what_was_typed_stays",
        "full": "school.test_on_a_full_device_nothing_is_added_and_nothing_that_was_typed_is_lost",
        "offline": "school.test_without_a_network_the_school_is_changed_here_and_only_a_code_has_to_wait",
        "without the right": "school.test_who_does_not_set_up_sees_a_sentence_and_nothing_of_the_school",
        "brought back": "restored_screen.test_the_senco_is_told_looks_and_opens_the_pages_again",
    },
    "/devices": {
        "with things": "devices.test_each_device_is_listed_and_this_one_cannot_end_itself",
        "ended": "devices.test_ending_a_device_takes_two_taps_says_what_will_be_and_can_be_thought_over",
        "offline": "devices.test_without_a_network_it_says_so_lists_nothing_made_up_and_looks_again_at_a_tap",
        "after an error": "devices.test_a_device_that_cannot_be_ended_now_is_told_and_goes_on",
        "without the right": "devices.test_who_does_not_lead_is_shown_no_device",
    },
    "/handed-in": {
        "empty": "devices.test_with_nothing_handed_in_it_says_so",
        "with things": "leaving_screens.test_the_senco_reads_in_plain_words_what_was_handed_in_and_takes_it_in",
        "thrown away": "leaving_screens.test_throwing_away_and_giving_up_take_two_taps_and_say_what_will_be",
        "without the right": "leaving_screens.test_only_the_senco_sees_what_was_handed_in",
    },
    "/audit": {
        "with things, and older": "audit_screen.test_it_is_filtered_by_kind_and_by_child_and_goes_on_to_older_ones",
        "ways there": "audit_screen.test_the_ways_there_are_on_school_and_on_a_childs_screen",
    },
    "/audit/:pupil": {"of one child": "audit_screen.test_it_is_filtered_by_kind_and_by_child_and_goes_on_to_older_ones"},
    "/sync": {
        "all safe": "sync_screen.test_with_nothing_waiting_it_says_that_all_is_in_the_folder_and_checked",
        "waiting": "sync_screen.test_what_waits_is_told_as_safe_here_and_a_tap_sends_it",
        "while working": "sync_screen.test_while_it_sends_it_says_how_far_it_is_and_cannot_be_pressed_twice",
        "offline": "sync_screen.test_without_a_network_it_says_so_and_that_nothing_is_lost_and_it_goes_when_there_is_one",
        "something met": "sync_screen.test_what_was_met_in_the_folder_is_told_in_a_sentence_each",
    },
    "/people": {
        "a colleague to let in": "people.test_a_colleague_is_let_in_and_chooses_a_pin",
        "all have a PIN": "people.test_when_all_have_a_pin_it_says_so",
        "locking": "people.test_how_the_tablet_locks_itself_is_kept_and_outlasts_a_restart",
        "after an error": "people.test_on_a_full_device_a_setting_is_refused_with_a_sentence",
    },
    "/who": {
        "empty": "people.test_where_nobody_works_yet_it_says_who_adds_staff",
        "for who sets it up": "people.test_who_sets_up_a_school_writes_down_her_own_name",
    },
}
"""Path -> state -> the test that draws it, a function of tests/views/test_<file>.py."""

DOOR = {
    "ended": {
        "handing in": "leaving_screens.test_an_ended_tablet_shows_no_child_on_any_screen_and_says_what_to_do",
        "gone": "leaving_screens.test_when_all_is_handed_in_it_says_so_and_may_be_used_anew",
    },
    "join": {
        "empty": "people.test_a_device_that_has_not_joined_asks_for_the_letters_wherever_one_goes",
        "while working": "people.test_while_it_joins_it_says_so_and_cannot_be_pressed_twice",
        "after an error": "people.test_wrong_letters_are_told_and_stay_and_so_does_the_name",
        "offline": "people.test_without_a_network_joining_is_told_and_the_letters_stay",
    },
    "door": {
        "wherever one goes": "unlock.test_a_locked_device_shows_staff_and_nothing_of_the_children_wherever_one_goes",
        "after an error": "people.test_a_wrong_pin_is_told_and_the_right_one_leads_to_the_camera",
        "no PIN here": "people.test_a_person_without_a_pin_here_is_told_who_can_let_her_in",
    },
    "choose": {
        "twice": "people.test_a_pin_is_chosen_twice_before_anything_else_is_shown",
        "after an error": "people.test_a_pin_that_will_not_do_is_told_and_one_begins_anew",
    },
    "capture": {"on cover": "unlock.test_on_cover_there_is_the_camera_and_no_way_elsewhere"},
    "who": {"with things": "people.test_a_face_says_who_has_the_tablet_and_then_a_pin_is_chosen"},
}
"""What stands before any screen, by the name of what draws it."""


def drawing(named: str) -> FunctionType:
    """The test of this name. Raises AttributeError, ModuleNotFoundError."""
    file, _, name = named.partition(".")
    found = getattr(import_module(f"tests.views.test_{file}"), name)
    assert isinstance(found, FunctionType)
    return found


def test_every_screen_and_every_door_has_drawn_tests_of_its_states() -> None:
    assert set(SCREEN) == {screen.path for screen in SCREENS}
    assert set(DOOR) == {door.draw.__name__ for door in DOORS}
    assert all(states for states in (*SCREEN.values(), *DOOR.values()))


@pytest.mark.parametrize("path", SCREEN)
def test_what_the_table_names_is_there_and_draws_that_screen(path: str) -> None:
    for named in SCREEN[path].values():
        assert path.partition(":")[0] in inspect.getsource(drawing(named)), f"{named} does not draw {path}"


def test_what_the_table_names_for_the_doors_is_there() -> None:
    assert all(drawing(named) for states in DOOR.values() for named in states.values())


@pytest.mark.usefixtures("without_a_page")
@pytest.mark.parametrize("role", Role)
async def test_each_screen_is_drawn_for_who_may_open_it_and_refused_to_all_others(sit: Sit, hub: Hub, role: Role) -> None:
    (moment,) = await hub.observe(hub.made.amira, note="Poured")
    seat = await with_pin(await sit(role, staff=hub.made.ta if role in {Role.TA, Role.TEACHER} else hub.made.senco))
    await synced(seat)
    for screen in SCREENS:
        route = screen.path.replace(":pupil", hub.made.amira).replace(":observation", moment)
        texts = (await look(seat, route)).texts
        assert (NotAllowed.message in texts) is (role not in RIGHTS[screen.needs]), f"{role} at {route}"
        assert "Something went wrong" not in texts and "There is no such page" not in texts, f"{role} at {route}"
