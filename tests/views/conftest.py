"""Screens are drawn over the desks of the use cases' tests; here each adult has a PIN, as in a school."""

import pytest

from app.domain.vocabulary.roles import Role
from tests.browser import browser_page, built_app, profile
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, hub, refused, sit, time, web, with_pin

__all__ = ["browser_page", "built_app", "hub", "profile", "refused", "sit", "time", "web"]


@pytest.fixture
async def tablet(sit: Sit, hub: Hub) -> Seat:
    seat = await sit(Role.TA)
    await seat.desk.door.choose_me(hub.made.ta)
    return await with_pin(seat)


@pytest.fixture
async def phone(sit: Sit, hub: Hub) -> Seat:
    return await with_pin(await sit(Role.SENCO, staff=hub.made.senco))
