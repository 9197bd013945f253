"""The hub under attack is the one of the hub's own tests: the real app over a real directory."""

import pytest

from tests.attack.parts import Askers, askers
from tests.browser import built_app
from tests.hub.conftest import Hub, hub, refused, time, web

__all__ = ["built_app", "hub", "refused", "time", "web"]


@pytest.fixture
async def everybody(hub: Hub) -> Askers:
    return await askers(hub)
