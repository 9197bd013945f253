"""Documents are read kindly: what is strange becomes empty; but who is in a picture, and who agreed, is never guessed."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.census import AreaOfNeed, SenStatus
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.scales import HelpLevel
from app.domain.vocabulary.states import ReviewState, TargetStatus
from app.errors import PupilUnknown, TermUnknown, ThingUnknown
from app.usecases.session import reading as records
from app.usecases.session.school import School, local_day, local_time
from storage.folder.memory import Memory
from storage.ops import Change
from storage.store import Store

AMIRA, LEO = "a" * 32, "b" * 32
HIDDEN = ReviewState.HIDDEN


def test_an_empty_document_is_an_empty_thing() -> None:
    assert records.pupil_of({}).sen_status is SenStatus.SUPPORT and not records.pupil_of({}).protected
    assert records.staff_of({}).role is Role.TA
    assert records.target_of({}).status is TargetStatus.LIVE
    assert records.class_of({}).name == "" and records.term_of({}) is None
    assert records.observation_of({}).review is HIDDEN, "what is not known to be anything else is not shown"
    assert records.consents_of(None).given == frozenset()


def test_what_is_strange_becomes_empty() -> None:
    pupil = records.pupil_of({"name": 5, "needs": ["SLCN", 7], "areas": ["nonsense", AreaOfNeed.SENSORY], "face_seed": "x"})
    assert (pupil.name, pupil.needs, pupil.areas, pupil.face_seed) == ("", ("SLCN",), (AreaOfNeed.SENSORY,), 0)
    assert records.staff_of({"role": ["senco"]}).role is Role.TA, "and never a higher role"
    assert records.term_of({"start": "yesterday", "end": "2026-12-18"}) is None


@pytest.mark.parametrize("protected", [None, "yes", 1, "true", []])
def test_only_a_plain_yes_is_yes(protected: object) -> None:
    assert not records.pupil_of({"protected": protected}).protected
    assert not records.observation_of({"starred": protected}).starred


def test_an_observation_is_of_whom_it_lies_with() -> None:
    assert records.observation_of({"pupil": LEO, "partition": AMIRA}).pupil == AMIRA


@pytest.mark.parametrize("value", [None, "leo", [1], ["leo", 1], {"leo": 1}])
def test_who_is_in_it_is_unknown_until_it_is_told(value: object) -> None:
    assert records.media_of({"type": "image/jpeg", "visible": value}).visible == records.UNKNOWN_PERSON
    assert records.observation_of({"together": value}).together == records.UNKNOWN_PERSON


@pytest.mark.parametrize(
    ("type", "kind"), [("image/jpeg", MediaKind.PHOTO), ("video/webm", MediaKind.VIDEO), ("audio/webm", MediaKind.VOICE)]
)
def test_the_kind_of_a_medium_is_told_by_its_type(type: str, kind: MediaKind) -> None:
    found = records.media_of({"type": type, "visible": [AMIRA]})
    assert (found.kind, found.visible) == (kind, (AMIRA,))


@pytest.mark.parametrize("type", ["", "text/html", 5, None, "IMAGE/JPEG"])
def test_a_medium_of_no_known_kind_shows_who_knows_whom(type: object) -> None:
    assert records.media_of({"type": type, "visible": [AMIRA]}).visible == records.UNKNOWN_PERSON


@pytest.mark.parametrize("value", [{"help": "magic"}, {"help": []}, {}, None, "independent", {"help": 5}])
def test_a_rating_that_is_none_is_left_out(value: object) -> None:
    doc = {"rating.turn": value, "rating.wait": {"help": "model"}}
    assert dict(records.observation_of(doc).ratings) == {"wait": HelpLevel.MODEL}


@pytest.mark.parametrize("at", [10**30, -(10**30), "noon", None, 2**63])
def test_a_clock_that_is_wrong_still_gives_a_day(at: object) -> None:
    found = records.observation_of({"at": at})
    assert isinstance(local_day(found.at), date) and local_time(found.at).tzinfo is not None


@pytest.mark.parametrize("data", ["", "no base64!", "é", "YWJ", "Y"])
def test_a_small_picture_that_cannot_be_read_is_none(data: str) -> None:
    assert records.small(data) == b""


@pytest.mark.parametrize(
    "value",
    [None, True, "yes", {}, {"given": "true"}, {"given": 1}, {"given": False}, {"given": True, "withdrawn": "2026-10-01"}, []],
)
def test_anything_but_a_plain_consent_is_no(value: object) -> None:
    assert records.consents_of({"own_family.photo": value}).given == frozenset()


def test_a_plain_consent_is_for_its_audience_and_kind_alone() -> None:
    found = records.consents_of({"own_family.photo": {"given": True, "by": "her mother", "on": "2026-09-01"}})
    assert found.given == {(Audience.OWN_FAMILY, MediaKind.PHOTO)}


KEYS = st.sampled_from(
    ["id", "partition", "name", "at", "visible", "together", "review", "media", "rating.t", "note", "protected", "type", "thumb",
     "start", "end", "role", "classes", "status", "starred", "own_family.photo", "targets", "duration_ms", "areas", "sen_status"]
)  # fmt: skip
VALUES = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=6), st.sampled_from(["approved", "image/jpeg", "K"])),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=6), inner, max_size=3)),
    max_leaves=5,
)


@given(st.dictionaries(KEYS, VALUES))
def test_any_document_can_be_read(doc: dict[str, object]) -> None:
    for read in (records.pupil_of, records.staff_of, records.class_of, records.term_of, records.target_of, records.media_of):
        read(doc)
    found = records.observation_of(doc)
    local_day(found.at)
    hash((records.media_of(doc), found.together, records.consents_of(doc)))


# -- the school --------------------------------------------------------------------------------------------------------
@pytest.fixture
async def store() -> Store:
    return await Store.open(Memory(), now=lambda: 1)


async def test_what_is_not_here_is_told(store: Store) -> None:
    school = School(store)
    for look, error in ((school.pupil, PupilUnknown), (school.term, TermUnknown), (school.observation, ThingUnknown)):
        with pytest.raises(error):
            look("x")
    assert school.media("x") is None and school.name == "" and school.queue() == []


async def test_what_was_deleted_is_not_here(store: Store) -> None:
    await store.write([Change(AMIRA, f"pupil:{AMIRA}", "name", "Amira"), Change(AMIRA, f"pupil:{AMIRA}", "deleted", True)])
    with pytest.raises(PupilUnknown):
        School(store).pupil(AMIRA)
    assert School(store).pupils() == [] and School(store).known([AMIRA]) == {}


async def test_a_leaver_is_in_no_class(store: Store) -> None:
    member = f"membership:{AMIRA}"
    await store.write([Change("school", member, "class_id", "oak"), Change("school", member, "active", True)])
    assert School(store).memberships() == {AMIRA: "oak"}
    await store.write([Change("school", member, "active", False)])
    assert School(store).memberships() == {}


async def test_a_day_is_the_schools_day_in_summer_too(store: Store) -> None:
    assert local_day(1_782_861_000_000) == date(2026, 7, 1), "23:10 UTC on 30 June is 00:10 in London"
    assert local_day(1_795_000_000_000) == date(2026, 11, 18)


async def test_observations_are_newest_first_and_until_is_not_in(store: Store) -> None:
    for ident, at in (("one", 10), ("two", 20), ("three", 30)):
        await store.write(
            [Change(AMIRA, f"observation:{ident}", "at", at), Change(AMIRA, f"observation:{ident}", "review", "new")]
        )
    school = School(store)
    assert [o.id for o in school.observations(AMIRA, since=10, until=30)] == ["two", "one"]
    assert [o.id for o in school.queue()] == ["one", "two", "three"] and school.observations(LEO) == []
