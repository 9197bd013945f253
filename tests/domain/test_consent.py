"""Rules 1 and 2 of consent, as examples and as laws: a refused consent is a hard stop (promise 2)."""

import dataclasses

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.evidence.observations import Media, Observation
from app.domain.families.consent import Consents, visible
from app.domain.register.people import Pupil
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.states import ReviewState

AMIRA, LEO, MIA = "amira", "leo", "mia"
OWN, OTHERS = Audience.OWN_FAMILY, Audience.OTHER_FAMILIES
PHOTO, VIDEO, VOICE = MediaKind.PHOTO, MediaKind.VIDEO, MediaKind.VOICE
OUTSIDE = [audience for audience in Audience if audience is not Audience.STAFF]


def moment(*together: str, review: ReviewState = ReviewState.APPROVED, pupil: str = AMIRA, **more: object) -> Observation:
    return Observation("o", pupil, 0, review=review, together=together or (pupil,), **more)  # type: ignore[arg-type]


def medium(*inside: str, kind: MediaKind = PHOTO) -> Media:
    return Media("m", "o", AMIRA, kind, "image/jpeg", visible=inside or (AMIRA,))


def school(*protected: str) -> dict[str, Pupil]:
    return {one: Pupil(one, one.title(), protected=one in protected) for one in (AMIRA, LEO, MIA)}


def agreed(**of: list[tuple[Audience, MediaKind]]) -> dict[str, Consents]:
    return {pupil: Consents(frozenset(given)) for pupil, given in of.items()}


def shown(
    observation: Observation,
    media: list[Media],
    consents: dict[str, Consents],
    audience: Audience = OWN,
    child: str = AMIRA,
    pupils: dict[str, Pupil] | None = None,
) -> bool:
    return visible(observation, media, audience, child, school() if pupils is None else pupils, consents)


BOTH = agreed(amira=[(OWN, PHOTO)], leo=[(OTHERS, PHOTO)])


# -- by example --------------------------------------------------------------------------------------------------------
def test_an_approved_photo_with_consent_is_shown_to_the_own_family() -> None:
    assert shown(moment(), [medium()], agreed(amira=[(OWN, PHOTO)]))


def test_a_refused_consent_hides_the_photo_from_the_family() -> None:
    assert not shown(moment(), [medium()], agreed(amira=[]))


def test_a_consent_that_nobody_asked_for_is_no() -> None:
    assert not shown(moment(), [medium()], {})


@pytest.mark.parametrize("audience", [a for a in OUTSIDE if a is not OWN])
def test_consent_for_the_own_family_is_consent_for_nobody_else(audience: Audience) -> None:
    assert not shown(moment(), [medium()], agreed(amira=[(OWN, PHOTO)]), audience)


@pytest.mark.parametrize("kind", [VIDEO, VOICE])
def test_consent_for_photos_is_not_consent_for_clips_and_voices(kind: MediaKind) -> None:
    assert not shown(moment(), [medium(kind=kind)], agreed(amira=[(OWN, PHOTO)]))


def test_one_refused_picture_withholds_the_whole_moment() -> None:
    assert not shown(moment(), [medium(), medium(kind=VIDEO)], agreed(amira=[(OWN, PHOTO)]))


@pytest.mark.parametrize("review", [ReviewState.NEW, ReviewState.QUERIED, ReviewState.HIDDEN])
@pytest.mark.parametrize("audience", OUTSIDE)
def test_what_is_not_approved_is_shown_to_nobody_outside(review: ReviewState, audience: Audience) -> None:
    everything = agreed(amira=[(a, PHOTO) for a in Audience])
    assert not shown(moment(review=review), [medium()], everything, audience)


def test_staff_see_what_waits_and_what_is_hidden() -> None:
    assert shown(moment(review=ReviewState.HIDDEN), [medium()], {}, Audience.STAFF)


def test_a_words_only_moment_needs_approval_and_no_consent_for_pictures() -> None:
    assert shown(moment(), [], {})
    assert not shown(moment(review=ReviewState.NEW), [], {})


def test_a_moment_with_two_texts_waits_until_a_person_has_chosen() -> None:
    assert not shown(moment(other_notes=("another text",)), [medium()], agreed(amira=[(OWN, PHOTO)]))


def test_a_group_picture_needs_the_other_childs_consent_for_other_families() -> None:
    group = moment(AMIRA, LEO)
    assert shown(group, [medium(AMIRA, LEO)], BOTH)
    assert not shown(group, [medium(AMIRA, LEO)], agreed(amira=[(OWN, PHOTO)], leo=[(OWN, PHOTO)]))
    assert not shown(group, [medium(AMIRA, LEO)], agreed(amira=[(OTHERS, PHOTO)], leo=[(OTHERS, PHOTO)]))


def test_one_child_of_three_without_consent_withholds_the_picture() -> None:
    assert not shown(moment(AMIRA, LEO, MIA), [medium(AMIRA, LEO, MIA)], BOTH)


def test_a_person_may_record_that_a_tagged_child_is_not_in_the_picture() -> None:
    assert shown(moment(AMIRA, LEO), [medium(AMIRA)], agreed(amira=[(OWN, PHOTO)]))


@pytest.mark.parametrize("inside", [(), (LEO,)])
def test_a_childs_own_consent_is_needed_even_where_only_others_were_recorded(inside: tuple[str, ...]) -> None:
    picture = dataclasses.replace(medium(), visible=inside)
    assert not shown(moment(AMIRA, LEO), [picture], agreed(leo=[(OTHERS, PHOTO)]))
    assert shown(moment(AMIRA, LEO), [picture], BOTH)


def test_professionals_need_everybodys_consent_for_professionals() -> None:
    to = Audience.PROFESSIONALS
    assert shown(moment(AMIRA, LEO), [medium(AMIRA, LEO)], agreed(amira=[(to, PHOTO)], leo=[(to, PHOTO)]), to)
    assert not shown(moment(AMIRA, LEO), [medium(AMIRA, LEO)], agreed(amira=[(to, PHOTO)], leo=[(OTHERS, PHOTO)]), to)


@pytest.mark.parametrize("inside", [(AMIRA,), (AMIRA, LEO)])
def test_a_moment_with_a_protected_child_is_shown_to_no_other_family(inside: tuple[str, ...]) -> None:
    assert not shown(moment(AMIRA, LEO), [medium(*inside)], BOTH, pupils=school(LEO))


def test_the_words_of_a_moment_with_a_protected_child_are_withheld_too() -> None:
    assert not shown(moment(AMIRA, LEO), [], BOTH, pupils=school(LEO))


def test_a_protected_childs_own_family_sees_it() -> None:
    assert shown(moment(AMIRA, LEO), [medium(AMIRA, LEO)], BOTH, pupils=school(AMIRA))


def test_two_protected_children_are_shown_to_no_family() -> None:
    everything = {one: Consents(frozenset((a, k) for a in Audience for k in MediaKind)) for one in (AMIRA, LEO)}
    for child in (AMIRA, LEO):
        item = moment(AMIRA, LEO, pupil=child)
        assert not shown(item, [medium(AMIRA, LEO)], everything, child=child, pupils=school(AMIRA, LEO))


@pytest.mark.parametrize("audience", [Audience.OTHER_FAMILIES, Audience.PUBLIC])
def test_a_protected_child_is_shown_to_no_other_family_even_alone(audience: Audience) -> None:
    assert not shown(moment(), [medium()], agreed(amira=[(audience, PHOTO)]), audience, pupils=school(AMIRA))


def test_another_childs_copy_is_not_this_familys() -> None:
    assert not shown(moment(pupil=LEO), [medium(AMIRA)], BOTH, child=AMIRA)


# -- by law ------------------------------------------------------------------------------------------------------------
PUPILS = st.sampled_from([AMIRA, LEO, MIA])
EVERYBODY = st.sampled_from([AMIRA, LEO, MIA, "stranger"])
consents = st.dictionaries(
    EVERYBODY,
    st.frozensets(st.tuples(st.sampled_from([OWN, OTHERS, Audience.PROFESSIONALS]), st.sampled_from(MediaKind))).map(Consents),
)
registers = st.dictionaries(PUPILS, st.booleans()).map(lambda of: {p: Pupil(p, p, protected=yes) for p, yes in of.items()})
one_picture = st.builds(lambda who, kind: medium(*who, kind=kind), st.lists(EVERYBODY, min_size=1), st.sampled_from(MediaKind))
pictures = st.lists(one_picture, max_size=2)
moments = st.builds(
    lambda together, pupil: moment(*together, pupil=pupil), st.lists(EVERYBODY, max_size=3), st.sampled_from([AMIRA, LEO])
)
audiences = st.sampled_from(OUTSIDE)


@given(moments, pictures, audiences, registers, consents, st.data())
def test_taking_back_any_consent_never_shows_more(item, media, audience, pupils, given_, data) -> None:
    given_ = {AMIRA: Consents()} | given_
    who = data.draw(st.sampled_from(sorted(given_)))
    kept = frozenset(one for one in sorted(given_[who].given) if data.draw(st.booleans()))
    less = visible(item, media, audience, AMIRA, pupils, given_ | {who: Consents(kept)})
    assert visible(item, media, audience, AMIRA, pupils, given_) or not less


@given(moments, pictures, one_picture, audiences, registers, consents, EVERYBODY)
def test_one_more_child_in_a_picture_never_shows_more(item, others, picture, audience, pupils, given_, who) -> None:
    media, more = ([*others, one] for one in (picture, dataclasses.replace(picture, visible=(*picture.visible, who))))
    assert visible(item, media, audience, AMIRA, pupils, given_) or not visible(item, more, audience, AMIRA, pupils, given_)


@given(moments, pictures, audiences, registers, consents, EVERYBODY)
def test_one_more_child_in_a_moment_never_shows_more(item, media, audience, pupils, given_, who) -> None:
    more = dataclasses.replace(item, together=(*item.together, who))
    assert visible(item, media, audience, AMIRA, pupils, given_) or not visible(more, media, audience, AMIRA, pupils, given_)


@given(moments, pictures, audiences, registers, consents, PUPILS)
def test_protecting_a_child_never_shows_more(item, media, audience, pupils, given_, who) -> None:
    pupils = {who: Pupil(who, who)} | pupils
    guarded = pupils | {who: dataclasses.replace(pupils[who], protected=True)}
    assert visible(item, media, audience, AMIRA, pupils, given_) or not visible(item, media, audience, AMIRA, guarded, given_)


@given(moments, pictures, audiences, registers, consents, st.data())
def test_a_child_whom_nobody_knows_is_never_shown(item, media, audience, pupils, given_, data) -> None:
    inside = {AMIRA, *item.together, *(one for m in media for one in m.visible)}
    pupils.pop(data.draw(st.sampled_from(sorted(inside))), None)
    assert not visible(item, media, audience, AMIRA, pupils, given_)


@given(moments, pictures, one_picture, audiences, registers, consents, st.sampled_from([LEO, MIA]), st.booleans())
def test_another_childs_protection_is_never_overruled(item, others, picture, audience, pupils, given_, who, seen) -> None:
    """Whether the protected child is `seen` in a picture or only part of the moment."""
    if seen:
        picture = dataclasses.replace(picture, visible=(*picture.visible, who))
    else:
        item = dataclasses.replace(item, together=(*item.together, who))
    media, pupils = [*others, picture], pupils | {who: Pupil(who, who, protected=True)}
    assert not visible(item, media, audience, AMIRA, pupils, given_)


@given(moments, pictures, audiences, registers, consents, st.sampled_from([s for s in ReviewState if s != "approved"]))
def test_only_what_was_approved_is_ever_shown(item, media, audience, pupils, given_, state) -> None:
    assert not visible(dataclasses.replace(item, review=state), media, audience, AMIRA, pupils, given_)


@given(consents, st.booleans(), st.sampled_from(MediaKind))
def test_for_a_child_alone_its_own_consent_decides_and_nothing_else(given_, protected, kind) -> None:
    pupils = {AMIRA: Pupil(AMIRA, "Amira", protected=protected)}
    own = given_.get(AMIRA, Consents()).allow(OWN, kind)
    assert visible(moment(), [medium(kind=kind)], OWN, AMIRA, pupils, given_) is own
