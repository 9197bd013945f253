"""After a restore, as controls over real desks and a real hub: the SENCO is told, sees who is let in, opens the pages again."""

import pytest

from tests.hub.conftest import Hub
from tests.hub.parts import restored
from tests.usecases.conftest import Seat, Sit
from tests.views.parts import Shown, all_words

BANNER = "This school's folder was brought back from a backup of "


@pytest.mark.parametrize("route", ["/school", "/sync"])
async def test_the_senco_is_told_looks_and_opens_the_pages_again(phone: Seat, tablet: Seat, hub: Hub, route: str) -> None:
    link = await hub.link(hub.made.amira)
    shown = Shown(phone, route)
    assert BANNER not in all_words(shown)
    await restored(hub)
    await phone.desk.syncing.sync_now()
    text = all_words(shown)
    assert BANNER in text and "comes back by itself" in text and shown.by("restored-looked") is None
    assert (await hub.client.get(link)).status_code == 503
    await shown.tap("look-at-restored")
    text = all_words(shown)
    for words in ("a ta (class tablet), joined", "a senco (SENCO), joined", "(this device)", "Amira, until"):
        assert words in text
    await shown.tap("restored-looked")
    assert BANNER not in all_words(shown) and (await hub.client.get(link)).status_code == 200
    await phone.desk.syncing.sync_now()
    assert BANNER not in all_words(shown)


async def test_a_device_of_who_leads_that_was_not_here_since_is_named(phone: Seat, sit: Sit, hub: Hub) -> None:
    await hub.phone()
    await restored(hub)
    await phone.desk.syncing.sync_now()
    shown = Shown(phone, "/school")
    await shown.tap("look-at-restored")
    assert "Not here yet since then" in all_words(shown) and shown.by("restored-awaited-0") and not shown.by("restored-awaited-1")


async def test_a_tablet_in_class_is_told_nothing_of_it(tablet: Seat, hub: Hub) -> None:
    await restored(hub)
    await tablet.desk.syncing.sync_now()
    assert BANNER not in all_words(Shown(tablet, "/sync"))
