"""What a termly report says, as content: what is shown, in which order, with which counts, and what it refuses to judge."""

from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pytest

from app.domain.evidence.observations import Media, Observation
from app.domain.papers.termly import TermlyReport, termly_report
from app.domain.plans.targets import Target
from app.domain.register.people import Pupil, Term
from app.domain.vocabulary.audiences import MediaKind
from app.domain.vocabulary.scales import HelpLevel
from app.domain.vocabulary.states import ReviewState

PUPIL = Pupil("p", "Amira Yusuf", class_id="oak")
TERM = Term("2026-autumn", "Autumn 2026", date(2026, 9, 1), date(2026, 12, 18))
TURN = Target("turn", "p", "Amira will ask for a turn.", "asks for a turn")
COUNT = Target("count", "p", "Amira will count to ten.", "counts to ten")
SPELL = Target("spell", "p", "Amira will spell her name.", "spells her name")
BUTTON = Target("button", "p", "Amira will do up buttons.", "does up buttons")
STAFF = {"dana": "Dana Reed", "lee": "Mr Lee"}
FIRST = datetime(2026, 9, 5, 10, tzinfo=UTC)
DAY = 86_400_000


def seen(n: int, help: HelpLevel | None = None, target: str = "turn", **more: Any) -> Observation:
    """The observation of the n-th day, approved unless said otherwise."""
    given: dict[str, Any] = {"by": "dana", "setting": "class", "review": ReviewState.APPROVED, "targets": (target,)} | more
    ratings = {target: help} if help else {}
    return Observation(f"{target}{n}", "p", int(FIRST.timestamp() * 1000) + n * DAY, ratings=ratings, **given)


def report(
    observations: Sequence[Observation], targets: Sequence[Target] = (TURN,), kinds: dict[str, Any] | None = None
) -> TermlyReport:
    """The report on these; each medium is a photo unless `kinds` says (kind, duration in ms)."""
    said = kinds or {}
    media = {
        m: Media(
            m, o.id, "p", said.get(m, (MediaKind.PHOTO, 0))[0], "image/jpeg", duration_ms=said.get(m, (MediaKind.PHOTO, 0))[1]
        )
        for o in observations
        for m in o.media
    }
    day = {o.at: datetime.fromtimestamp(o.at / 1000, UTC).date() for o in observations}
    return termly_report(
        "Brook School", PUPIL, "Oak", TERM, targets, observations, media, STAFF, day, "https://hub.test", date(2026, 11, 24)
    )


def pictures(made: TermlyReport) -> list[str]:
    return [picture.media for picture in made.blocks[0].pictures]


def test_a_hidden_observation_is_nowhere_and_counts_nowhere() -> None:
    hidden = seen(0, HelpLevel.MODEL, review=ReviewState.HIDDEN, starred=True, note="not this", media=("m",), by="lee")
    made = report([hidden, seen(1, HelpLevel.GESTURE, note="this")])
    block = made.blocks[0]
    assert (made.observations, made.adults, block.seen, len(block.points)) == (1, 1, 1, 1)
    assert made.picture is None and block.pictures == () and block.adults == (("Dana Reed", 1),)
    assert "not this" not in repr(made)


@pytest.mark.parametrize("review", [ReviewState.NEW, ReviewState.QUERIED])
def test_what_nobody_has_approved_is_counted_but_neither_shown_nor_quoted(review: ReviewState) -> None:
    made = report([
        seen(0, HelpLevel.MODEL, review=review, starred=True, note="secret one", media=("m",)),
        seen(1, review=review, starred=True, note="secret two", targets=()),
    ])  # fmt: skip
    assert made.observations == 2 and made.blocks[0].seen == 1
    assert made.picture is None and "secret" not in repr(made)


def test_starred_pictures_come_first_then_the_newest_and_three_at_most() -> None:
    made = report([seen(n, media=(f"m{n}",), starred=n == 1) for n in range(6)])
    assert pictures(made) == ["m1", "m5", "m4"]
    assert made.picture is not None and made.picture.media == "m1"


def test_a_clip_has_a_still_and_a_link_and_a_photo_has_none() -> None:
    made = report([seen(0, media=("p",)), seen(1, media=("c",))], kinds={"c": (MediaKind.VIDEO, 8000)})
    clip, photo = made.blocks[0].pictures
    assert (
        clip.clip
        and clip.link == "https://hub.test/app/observation/turn1"
        and clip.alt.startswith("A still from a clip of Amira")
    )
    assert not photo.clip and photo.link == "" and photo.alt == "A photo of Amira, 5 September"


def test_a_voice_note_is_no_picture() -> None:
    made = report([seen(0, media=("v",), note="said so")], kinds={"v": (MediaKind.VOICE, 3000)})
    assert made.picture is None and pictures(made) == [] and made.blocks[0].notes == ("5 September: said so",)


def test_a_picture_that_is_not_here_gives_way_to_the_next() -> None:
    lost, here = seen(3, media=("lost",), starred=True), seen(1, media=("m",))
    media = {"m": Media("m", here.id, "p", MediaKind.PHOTO, "image/jpeg")}
    day = {lost.at: date(2026, 9, 8), here.at: date(2026, 9, 6)}
    made = termly_report("", PUPIL, "", TERM, [TURN], [lost, here], media, {}, day, "", date(2026, 11, 24))
    assert made.picture is not None and made.picture.media == "m" and pictures(made) == ["m"]


def test_notes_that_no_picture_tells_are_told_oldest_first() -> None:
    shown = [seen(n, note=f"note {n}", starred=n == 0) for n in range(5)]
    made = report([*shown, seen(9, note="under the picture", media=("m",))])
    assert made.blocks[0].notes == ("5 September: note 0", "8 September: note 3", "9 September: note 4")


def test_counts_name_adults_and_places_most_often_first() -> None:
    made = report(
        [seen(0, by="lee", setting="pool"), seen(1), seen(2), seen(3, by="lee", setting="pool"), seen(4, setting="pool")]
    )
    block = made.blocks[0]
    assert block.adults == (("Dana Reed", 3), ("Mr Lee", 2)) and block.places == (("pool", 3), ("class", 2))
    assert (block.seen, block.first_on, block.last_on) == (5, date(2026, 9, 5), date(2026, 9, 9))
    assert (made.observations, made.adults) == (5, 2)


@pytest.mark.parametrize("count", [0, 1, 2])
def test_it_does_not_judge_on_fewer_than_three_ratings(count: int) -> None:
    block = report([seen(n, HelpLevel.INDEPENDENT) for n in range(count)]).blocks[0]
    assert block.change is None and block.judgement == f"Too few to say: {count} of at least 3 ratings."


def test_it_judges_on_three_with_the_reason() -> None:
    steps = [HelpLevel.MODEL] * 3 + [HelpLevel.INDEPENDENT] * 3
    block = report([seen(n, level) for n, level in enumerate(steps)]).blocks[0]
    assert block.change is not None and block.change.rungs == 4
    assert block.judgement == "Needs less help: from shown to independent (3 of the last 5 independent; 6 ratings)."


def rising(target: str, *levels: HelpLevel) -> list[Observation]:
    return [seen(n, level, target) for n, level in enumerate(levels)]


def test_headlines_say_strengths_first_and_do_not_keep_quiet_about_more_help() -> None:
    up = rising("turn", *[HelpLevel.MODEL] * 3, *[HelpLevel.GESTURE] * 3)
    down = rising("count", *[HelpLevel.GESTURE] * 3, *[HelpLevel.MODEL] * 3)
    level = rising("spell", *[HelpLevel.MODEL] * 3)
    made = report(up + down + level, (COUNT, SPELL, TURN, BUTTON))
    assert made.headlines == (
        "Amira needs less help with “asks for a turn”.",
        "Amira is steady with “spells her name”.",
        "Amira needs more help at present with “counts to ten”.",
    )


def test_headlines_name_what_cannot_be_judged_yet_and_what_the_report_rests_on() -> None:
    assert report([seen(0)], (TURN, COUNT)).headlines == (
        "Too few observations yet to judge “asks for a turn” and “counts to ten”.",
        "This report rests on 1 observation this term.",
    )


def test_a_term_without_a_single_observation_is_said_kindly() -> None:
    made = report([], ())
    assert made.headlines == ("Nothing has been recorded in this term yet.",) and made.blocks == () and made.picture is None


def test_other_moments_are_starred_and_belong_to_no_target() -> None:
    made = report([
        seen(9, starred=True, note="against a target"), seen(10, note="not starred", targets=()),
        *(seen(n, starred=True, note=f"moment {n}", targets=()) for n in range(2, 9)),
    ])  # fmt: skip
    assert made.moments == tuple(f"{n + 5} September: moment {n}" for n in range(4, 9))
