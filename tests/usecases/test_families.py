"""The family's page as data: `visible` decides, and nothing else."""

import os

import pytest

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.errors import PupilUnknown
from app.usecases.families import page as families
from app.usecases.register import roster
from app.usecases.review import review
from storage.ops import Change
from tests.usecases.house import house
from tests.usecases.parts import House

__all__ = ["house"]
OWN, OTHERS, PHOTO = Audience.OWN_FAMILY, Audience.OTHER_FAMILIES, MediaKind.PHOTO


async def test_a_photo_needs_its_consent_and_words_do_not(house: House) -> None:
    photo, words = await house.moment(house.amira, note="a"), await house.moment(house.amira, note="b", photo=False)
    assert house.shown() == [words]
    await house.agree(house.amira, OWN)
    assert set(house.shown()) == {photo, words}


async def test_taking_a_consent_back_takes_the_photo_back(house: House) -> None:
    await house.agree(house.amira, OWN)
    ident = await house.moment(house.amira)
    assert house.shown() == [ident]
    await house.agree(house.amira, OWN, given=False)
    assert house.shown() == []


async def test_a_photo_of_two_needs_both(house: House) -> None:
    ident = await house.moment(house.amira, house.leo)
    await house.agree(house.amira, OWN)
    assert house.shown() == []
    await house.agree(house.leo, OTHERS)
    assert house.shown() == [ident]


async def test_a_moment_with_neither_words_nor_picture_is_not_shown(house: House) -> None:
    await house.moment(house.amira, photo=False)
    assert house.shown() == []


async def test_other_childrens_names_are_in_no_text(house: House) -> None:
    await roster.add_target(house.store, house.amira, {"statement": "Plays with Leo", "next_step": "Asks Leonard"}, os.urandom)
    await house.moment(house.amira, house.leo, note="Amira and Leo Marsh swam.", photo=False)
    page = families.family_page(house.school, house.amira)
    assert page.likes == "water, and another child"
    assert page.items[0].note == "Amira and another child swam."
    assert (page.targets[0].words, page.targets[0].next_step) == ("Plays with another child", "Asks another child")


async def test_a_name_that_two_children_share_stays_on_the_page_of_each(house: House) -> None:
    await roster.add_pupil(house.store, "elm", {"name": "Amira Okafor"}, os.urandom)
    await house.moment(house.amira, note="Amira waved at Amira Okafor.", photo=False)
    assert families.family_page(house.school, house.amira).items[0].note == "Amira waved at another child."


async def test_a_picture_whose_words_have_not_arrived_is_not_shown(house: House) -> None:
    await house.agree(house.amira, OWN)
    ident = await house.moment(house.amira)
    await house.store.write([Change(house.amira, f"observation:{ident}", "media", ["0" * 32])])
    assert house.shown() == []


async def test_a_picture_that_lies_with_another_child_is_not_shown(house: House) -> None:
    await house.agree(house.amira, OWN)
    await house.agree(house.leo, OTHERS)
    ident = await house.moment(house.amira, house.leo)
    (theirs,) = [m.id for o in house.school.observations(house.leo) for m in house.school.media_of(o)]
    await house.store.write([Change(house.amira, f"observation:{ident}", "media", [theirs])])
    assert house.shown() == []


async def test_a_child_who_is_not_here_has_no_page(house: House) -> None:
    with pytest.raises(PupilUnknown):
        families.family_page(house.school, "0" * 32)


async def test_three_moments_at_most_starred_and_new_ones_first(house: House) -> None:
    made = [await house.moment(house.amira, note=str(n), photo=False, at=n + 1) for n in range(5)]
    await review.star(house.store, house.amira, made[1], True)
    assert house.shown() == [made[1], made[4], made[3]]
