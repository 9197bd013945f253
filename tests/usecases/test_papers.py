"""What a paper shows: a paper leaves the staff sooner or later, so the family's rule holds for it."""

import os
from datetime import date

import pytest

from app.domain.papers.termly import TermlyReport
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.errors import PupilUnknown, TermUnknown
from app.usecases.papers.termly import start_of, termly
from app.usecases.register import roster
from tests.usecases.house import house
from tests.usecases.parts import House

__all__ = ["house"]
DAY = date(2026, 11, 10)


async def paper(house: House) -> TermlyReport:
    await roster.set_term(house.store, "2026-autumn", "Autumn 2026", date(2026, 9, 1), date(2026, 12, 18))
    return termly(house.school, house.amira, "2026-autumn", "https://hub.example", DAY)


async def agree(house: House, pupil: str, audience: Audience) -> None:
    await roster.set_consent(house.store, pupil, audience, MediaKind.PHOTO, True, "a carer", DAY)


async def test_a_photo_without_consent_is_on_no_paper_but_the_moment_counts(house: House) -> None:
    await house.moment(house.amira, note="Poured alone", at=start_of(DAY))
    report = await paper(house)
    assert report.picture is None and report.observations == 1


async def test_a_photo_that_the_family_may_see_is_on_paper(house: House) -> None:
    await house.moment(house.amira, note="Poured alone", at=start_of(DAY))
    await agree(house, house.amira, Audience.OWN_FAMILY)
    assert (await paper(house)).picture is not None


async def test_a_photo_with_a_child_who_is_not_for_other_families_is_on_no_paper(house: House) -> None:
    await house.moment(house.amira, house.leo, note="Built it together", at=start_of(DAY))
    await agree(house, house.amira, Audience.OWN_FAMILY)
    assert (await paper(house)).picture is None
    await agree(house, house.leo, Audience.OTHER_FAMILIES)
    assert (await paper(house)).picture is not None


async def test_another_child_has_no_name_on_paper(house: House) -> None:
    leo = house.school.pupil(house.leo).called
    await agree(house, house.amira, Audience.OWN_FAMILY)
    await house.moment(house.amira, note=f"Asked {leo} for a turn", at=start_of(DAY))
    words = {"statement": f"Amira asks {leo} for a turn."}
    await roster.add_target(house.store, house.amira, words, os.urandom)
    report = await paper(house)
    assert leo not in repr(report) and "another child" in repr(report)


async def test_an_unknown_pupil_or_term_is_told(house: House) -> None:
    with pytest.raises(TermUnknown):
        termly(house.school, house.amira, "2020-autumn", "", DAY)
    await paper(house)
    with pytest.raises(PupilUnknown):
        termly(house.school, "f" * 32, "2026-autumn", "", DAY)
