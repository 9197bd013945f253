"""The demo school: as large and as varied as promised, the same from the same seed, and never a real name in a file's name."""

import asyncio
import base64
import io
import json
import unicodedata
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from pathlib import Path
from random import Random

import av
import pytest
from fontTools.ttLib import TTFont
from PIL import Image

from app import folders
from app.demo import school as making
from app.demo.album import Album, album
from app.demo.clips import CLIPS, film
from app.demo.words import aims, people
from app.domain.evidence.observations import Observation
from app.domain.register.people import Pupil
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.census import NeedType
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.states import ReviewState
from app.media.codec import POSTER_BYTES, THUMB_BYTES
from app.settings import ASSETS
from app.usecases.families.page import family_page
from app.usecases.session.school import LOCAL, local_time
from tests.demo.parts import NOW, Made, files, made

FONTS = ASSETS / "fonts"


@pytest.fixture(scope="module")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Made:
    return made(tmp_path_factory.mktemp("demo") / "school")


@pytest.fixture(scope="module")
def pictures() -> Album:
    return asyncio.run(album(1))


@pytest.fixture
def drawn_once(pictures: Album, monkeypatch: pytest.MonkeyPatch) -> None:
    """For tests that make many schools and look at no picture."""

    async def the_same(seed: int) -> Album:
        return pictures

    monkeypatch.setattr(making, "album", the_same)


@pytest.fixture(scope="module")
def observations(demo: Made) -> list[Observation]:
    return demo.school.observations()


@pytest.fixture(scope="module")
def pupils(demo: Made) -> list[Pupil]:
    return demo.school.pupils()


# -- who is there --------------------------------------------------------------------------------------------------------
def test_one_class_of_eight_with_three_staff_and_sixty_observations(demo: Made, observations: list[Observation]) -> None:
    assert [c.name for c in demo.school.classes()] == ["Oak"] and len(demo.school.pupils()) == 8
    assert sorted(s.role for s in demo.school.staff()) == [Role.SENCO, Role.TA, Role.TEACHER]
    assert len(observations) == 60 and {o.by for o in observations} == {s.id for s in demo.school.staff()}


def test_needs_and_languages_differ_and_one_name_is_in_another_script(pupils: list[Pupil]) -> None:
    assert len({p.needs for p in pupils}) == 8 and {n for p in pupils for n in p.needs} <= set(NeedType)
    scripts = Counter(unicodedata.name(p.name[0]).split(" ")[0] for p in pupils)
    assert scripts == {"LATIN": 7, "ARABIC": 1}
    assert sum(not p.name.isascii() for p in pupils) >= 3
    assert all(p.likes and p.helps and p.areas and p.year_group for p in pupils)


def test_two_to_four_live_targets_each_with_a_date_a_number_and_a_short_chip(demo: Made, pupils: list[Pupil]) -> None:
    for pupil in pupils:
        targets = demo.school.targets(pupil.id)
        assert 2 <= len(targets) <= 4
        for target in targets:
            assert target.statement.startswith(f"By 18 December 2026 {pupil.called} will ")
            assert any(sign.isdigit() for sign in target.statement.split(" will ")[1] + target.criterion)
            assert len(target.short) <= 24 and target.baseline and target.strategies and target.next_step and target.family_words
            assert target.start < target.review_date == "2026-12-18"


def test_one_pupil_is_protected_and_consents_differ(demo: Made, pupils: list[Pupil]) -> None:
    assert sum(p.protected for p in pupils) == 1
    given = [demo.school.consents(p.id) for p in pupils]
    photo = MediaKind.PHOTO
    assert sum(not c.given for c in given) >= 1
    assert sum(c.allow(Audience.OWN_FAMILY, photo) for c in given) >= 5
    assert (
        0 < sum(c.allow(Audience.OTHER_FAMILIES, photo) for c in given) < sum(c.allow(Audience.OWN_FAMILY, photo) for c in given)
    )
    assert any(c.allow(Audience.OWN_FAMILY, photo) and not c.allow(Audience.OWN_FAMILY, MediaKind.VIDEO) for c in given)


# -- what was seen -------------------------------------------------------------------------------------------------------
def test_everything_was_seen_at_school_in_the_last_eight_weeks_and_nothing_in_the_future(observations: list[Observation]) -> None:
    for o in observations:
        then = local_time(o.at)
        assert NOW - 8 * 7 * 86_400_000 < o.at < NOW
        assert then.weekday() < 5 and 9 <= then.hour <= 15
        assert then.utcoffset().total_seconds() == o.offset_min * 60  # type: ignore[union-attr]
    assert {o.offset_min for o in observations} == {0, 60}  # the clocks go back on the way
    assert sum(local_time(o.at).date() == local_time(NOW).date() for o in observations) >= 3


def test_most_is_approved_and_the_rest_is_worth_a_look(demo: Made, observations: list[Observation]) -> None:
    states = Counter(o.review for o in observations)
    assert 9 <= states[ReviewState.NEW] <= 10 and states[ReviewState.QUERIED] == states[ReviewState.HIDDEN] == 1
    assert states[ReviewState.APPROVED] >= 48
    assert next(o.question for o in observations if o.review is ReviewState.QUERIED).endswith("?")
    assert {o.review for o in observations[:9]} == {ReviewState.NEW}
    assert all(o.review is ReviewState.APPROVED and o.media for o in observations if o.starred)
    assert 10 <= sum(o.starred for o in observations) <= 25
    assert len(demo.school.queue()) == states[ReviewState.NEW] + 1


def test_group_moments_are_two_observations_each_with_its_own_media(demo: Made, observations: list[Observation]) -> None:
    groups: dict[str, list[Observation]] = {}
    for o in observations:
        if o.group:
            groups.setdefault(o.group, []).append(o)
    assert len(groups) == 6
    for two in groups.values():
        assert len(two) == 2 and {o.pupil for o in two} == set(two[0].together)
        assert not set(two[0].media) & set(two[1].media)
        for o in two:
            assert all(m.partition == o.pupil and set(m.visible) == set(o.together) for m in demo.school.media_of(o))


def test_notes_name_nobody(observations: list[Observation], pupils: list[Pupil]) -> None:
    names = {part.casefold() for p in pupils for name in (p.name, p.called) for part in name.split()}
    for o in observations:
        assert o.note.endswith(".") and o.note.count(". ") == 0
        assert not names & {word.strip(".,;\"'?").casefold() for word in o.note.split()}


def test_help_grows_less(demo: Made, observations: list[Observation]) -> None:
    rungs = [level.rung for o in sorted(observations, key=lambda o: o.at) for level in o.ratings.values()]
    third = len(rungs) // 3
    assert len(rungs) > 50 and sum(rungs[-third:]) / third > sum(rungs[:third]) / third + 1


def test_a_family_that_agreed_sees_two_pictures_and_a_clip(demo: Made, pupils: list[Pupil]) -> None:
    page = family_page(demo.school, next(p.id for p in pupils if p.called == "Amira"))
    kinds = [m.kind for item in page.items for m in item.media]
    assert sorted(kinds) == [MediaKind.PHOTO, MediaKind.PHOTO, MediaKind.VIDEO]
    assert any(t.first != t.now for t in page.targets)


def test_a_family_that_did_not_agree_sees_no_picture(demo: Made, pupils: list[Pupil]) -> None:
    silent = [p.id for p in pupils if not demo.school.consents(p.id).given]
    assert silent and not [m for p in silent for item in family_page(demo.school, p).items for m in item.media]


# -- pictures and clips --------------------------------------------------------------------------------------------------
def test_pictures_are_drawn_and_stored_as_the_app_stores_them(demo: Made) -> None:
    photos = [m for m in demo.media() if m.kind is MediaKind.PHOTO]
    assert 25 <= len(photos) <= 45 and len({m.chunks for m in photos}) >= 10
    for medium in photos:
        data = demo.bytes_of(medium)
        with Image.open(io.BytesIO(data)) as picture:
            assert picture.format == "JPEG" and picture.size == (medium.width, medium.height) == (1280, 960)
            assert not picture.getexif() and len(picture.getcolors(1280 * 960) or []) > 500
        assert len(data) == medium.size and 0 < len(base64.b64decode(medium.thumb)) <= THUMB_BYTES


def test_two_clips_play_with_a_sound_that_is_heard(demo: Made) -> None:
    clips = [m for m in demo.media() if m.kind is MediaKind.VIDEO]
    assert len(clips) == 2 and len({m.chunks for m in clips}) == 2
    for clip in clips:
        assert clip.type == "video/webm" and 3000 <= clip.duration_ms <= 6000
        assert 0 < len(base64.b64decode(clip.poster)) <= POSTER_BYTES and clip.thumb
        with av.open(io.BytesIO(demo.bytes_of(clip))) as file:
            assert file.duration and abs(file.duration / 1000 - clip.duration_ms) < 100
            frames = [bytes(frame.to_image().resize((16, 12)).tobytes()) for frame in file.decode(video=0)]
        with av.open(io.BytesIO(demo.bytes_of(clip))) as file:
            assert (file.streams.video[0].width, file.streams.video[0].height) == (clip.width, clip.height) == (640, 480)
            heard = [abs(v) for frame in file.decode(audio=0) for v in memoryview(frame.planes[0]).cast("B").cast("f")]
        assert len(set(frames)) > 40 and max(heard) > 0.1


def test_a_clip_is_the_same_bytes_however_busy_the_machine_is() -> None:
    with ThreadPoolExecutor(8) as crowd:
        assert len(set(crowd.map(lambda _: film(CLIPS[0], Random(1)).data, range(16)))) == 1


# -- the folder ----------------------------------------------------------------------------------------------------------
def test_the_folder_is_whole(demo: Made) -> None:
    found = asyncio.run(folders.check(demo.folder))
    assert found.problems == [] and found.foreign == [] and found.media > 20


def test_no_file_is_named_after_anybody(demo: Made) -> None:
    words = {part.casefold() for p in demo.school.pupils() for part in p.name.split()}
    words |= {part.casefold() for s in demo.school.staff() for part in s.name.split()}
    named = [str(path.relative_to(demo.folder)).casefold() for path in demo.folder.rglob("*")]
    assert not [(name, word) for name in named for word in words if len(word) > 2 and word in name]


def test_the_same_seed_and_time_give_the_same_bytes(demo: Made, tmp_path: Path) -> None:
    assert files(made(tmp_path / "again").folder) == files(demo.folder)


def test_another_seed_is_another_school(demo: Made, tmp_path: Path) -> None:
    other = made(tmp_path / "other", seed=2)
    assert other.folder.joinpath("space.json").read_bytes() != demo.folder.joinpath("space.json").read_bytes()
    assert len({m.chunks for m in other.media()} & {m.chunks for m in demo.media()}) < 4  # a coat may have the same colour
    assert len(other.school.observations()) == 60


def test_the_same_seed_at_another_time_is_another_space(demo: Made, tmp_path: Path) -> None:
    later = made(tmp_path / "later", now=NOW + 1)
    assert not set(files(later.folder / "p")) & set(files(demo.folder / "p"))


# -- other sizes ---------------------------------------------------------------------------------------------------------
def test_a_larger_school_has_more_classes_fewer_pictures_and_few_files(tmp_path: Path) -> None:
    larger = made(tmp_path / "larger", pupils=25, observations=700)
    school = larger.school
    members = Counter(school.memberships().values())
    assert len(school.classes()) == 3 and max(members.values()) <= 10 and sum(members.values()) == 25
    assert all({s.role for s in school.staff() if c.id in s.classes} == {Role.TA, Role.TEACHER} for c in school.classes())
    assert len(school.observations()) == 700
    assert 40 <= len(larger.media()) <= 120
    assert len([name for name in files(larger.folder) if "/log/" in name]) < 60
    assert asyncio.run(folders.check(larger.folder)).problems == []


@pytest.mark.parametrize(("pupils", "observations"), [(1, 0), (1, 1), (1, 25), (2, 11), (13, 40)])
def test_any_size_has_exactly_what_was_asked(pupils: int, observations: int, tmp_path: Path, drawn_once: None) -> None:
    school = made(tmp_path / "small", pupils, observations).school
    assert (len(school.pupils()), len(school.observations())) == (pupils, observations)


@pytest.mark.parametrize(
    "when", ["2026-08-12 10:00", "2026-09-01 09:20", "2027-01-03 23:59", "2027-03-29 12:00", "2028-02-29 09:31"]
)
def test_on_any_day_the_term_that_is_on_holds_what_was_seen(when: str, tmp_path: Path, drawn_once: None) -> None:
    now = int(datetime.fromisoformat(when).replace(tzinfo=LOCAL).timestamp() * 1000)
    school = made(tmp_path / "any", 2, 20, now=now).school
    days = [local_time(o.at).date() for o in school.observations()]
    assert any(term.start <= min(days) and max(days) <= local_time(now).date() <= term.end for term in school.terms())
    assert all(o.at < now for o in school.observations())


# -- words ---------------------------------------------------------------------------------------------------------------
def test_our_fonts_have_every_letter_of_every_name() -> None:
    known = set()
    for name in ("AtkinsonHyperlegibleNext-Regular", "NotoSansArabic-Regular"):
        with TTFont(FONTS / f"{name}.ttf") as font:
            known |= set(font.getBestCmap())
    letters = {letter for letter in json.dumps([people(), [a.short for a in aims().values()]], ensure_ascii=False)}
    assert not {letter for letter in letters if ord(letter) not in known}


def test_every_aim_has_something_to_see_at_every_level_of_help() -> None:
    for aim in aims().values():
        assert {seen.when for seen in aim.seen} == {"much help", "some help", "little help"}
