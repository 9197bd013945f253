"""Clocks of 1970 and of 2106: told once, with their direction; nothing is refused, and what screens show stays in order."""

import pytest

from app.usecases.syncing.health import clock
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, recorded, synced
from tests.usecases.odd import goes_on, with_clock

YEAR_1970, YEAR_2106 = 86_400_000, 4_294_967_295_000  # ms UTC: a day old, and the last second of 32 bits


@pytest.mark.parametrize(("at", "said"), [(YEAR_1970, "56 years behind"), (YEAR_2106, "79 years ahead of")])
async def test_a_wrong_clock_is_told_with_its_direction_and_nothing_is_refused(
    hub: Hub, sit: Sit, phone: Seat, at: int, said: str
) -> None:
    tablet = await with_clock(hub, at)
    (sentence,) = tablet.desk.syncing.found
    assert sentence.startswith(f"This device's clock is {said} the hub's. Nothing is lost or refused")
    await goes_on(hub, tablet, sit)
    assert tablet.desk.syncing.found == [sentence], "told once, however often it syncs"
    assert tablet.desk.syncing.today().recorded >= 1 and await tablet.again()


async def test_a_clock_that_is_set_right_is_told_no_more(hub: Hub) -> None:
    tablet = await with_clock(hub, hub.time() + 3 * 3_600_000)
    assert "3 hours ahead of" in tablet.desk.syncing.found[0]
    tablet.time.at = hub.time()
    await synced(tablet)
    assert tablet.desk.syncing.found == []


async def test_moments_of_every_clock_are_shown_newest_first_and_a_later_word_still_counts(hub: Hub, phone: Seat) -> None:
    made = []
    for at in (YEAR_1970, hub.time(), YEAR_2106):
        seat = await with_clock(hub, at)
        made += await recorded(seat, hub.made.amira)
        await synced(seat)
    await synced(phone)
    shown = [o.id for o in phone.desk.school.observations(hub.made.amira)]
    assert shown == made[::-1] and [o.id for o in phone.desk.review.queue()] == made
    assert phone.desk.syncing.today().recorded == 1
    for ident in made:
        await phone.desk.review.star(ident, True)
    assert all(phone.desk.school.observation(ident).starred for ident in made)


async def test_a_moment_that_lies_in_the_future_is_no_reason_to_look_no_more(hub: Hub, phone: Seat) -> None:
    seat = await with_clock(hub, YEAR_2106)
    await seat.desk.drafting.set_note("Asked.")
    await seat.desk.drafting.toggle_pupil(hub.made.amira)
    await seat.desk.drafting.toggle_target(hub.made.amira, hub.made.target)
    await seat.desk.drafting.save()
    await synced(seat, phone)
    assert [target.id for _, target, _ in phone.desk.plans.not_seen()] == [hub.made.target]


@pytest.mark.parametrize(
    ("ahead", "said"), [(0, ""), (600_000, ""), (-600_000, ""), (600_001, "10 minutes ahead of"), (-7_200_000, "2 hours behind"),
                        (86_400_000, "1 day ahead of"), (-400 * 86_400_000, "1 year behind")],
)  # fmt: skip
def test_ten_minutes_are_nothing_and_more_is_told_in_the_largest_unit(ahead: int, said: str) -> None:
    assert said in clock(ahead) and bool(said) == bool(clock(ahead))
