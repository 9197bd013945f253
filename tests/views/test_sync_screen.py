"""All safe? in each of its states, drawn over real desks and the real hub: what is where, and what to do about what is not."""

from typing import Any

import httpx

from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, recorded, synced
from tests.views.states import NO_NETWORK, label, look, off, said


async def test_with_nothing_waiting_it_says_that_all_is_in_the_folder_and_checked(tablet: Seat) -> None:
    await synced(tablet)
    shown = await look(tablet, "/sync")
    assert said(shown, "safe") == "Everything is in the school folder, checked." and "Waiting" not in shown.texts
    assert "Today: 0 recorded, 0 in the school folder (checked), 0 waiting" in shown.texts
    assert "Last look at the school folder: 11:06" in shown.texts and said(shown, "status") == "All safe"


async def test_what_waits_is_told_as_safe_here_and_a_tap_sends_it(tablet: Seat, hub: Hub) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    shown = await look(tablet, "/sync")
    assert said(shown, "safe") == "Some things are only on this tablet. They are safe here."
    assert "Today: 1 recorded, 0 in the school folder (checked), 1 waiting" in shown.texts and shown.by(f"observation-{ident}")
    await shown.tap("sync-now")
    assert said(shown, "safe") == "Everything is in the school folder, checked." and shown.by(f"observation-{ident}") is None
    assert tablet.desk.syncing.waiting == 0


async def test_while_it_sends_it_says_how_far_it_is_and_cannot_be_pressed_twice(tablet: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    shown, seen = await look(tablet, "/sync"), list[tuple[Any, ...]]()

    async def watch(request: httpx.Request) -> None:
        if request.method == "PUT":
            seen.append((label(shown, "sync-now"), off(shown, "sync-now"), said(shown, "progress"), said(shown, "status")))

    tablet.line.before.append(watch)
    await shown.tap("sync-now")
    assert seen and all(texts[:2] == ("Looking…", True) for texts in seen)
    assert "Sending · 1 of 2" in {texts[2] for texts in seen} and "Sending 1 of 2" in {texts[3] for texts in seen}
    assert label(shown, "sync-now") == "Sync now" and not off(shown, "sync-now") and shown.by("progress") is None


async def test_without_a_network_it_says_so_and_that_nothing_is_lost_and_it_goes_when_there_is_one(
    tablet: Seat, hub: Hub
) -> None:
    (ident,) = await recorded(tablet, hub.made.amira)
    tablet.line.cut = True
    shown = await look(tablet, "/sync", "sync-now")
    assert said(shown, "sync-problem") == NO_NETWORK and shown.by(f"observation-{ident}")
    tablet.line.cut = False
    await shown.tap("sync-now")
    assert shown.by("sync-problem") is None and said(shown, "status") == "All safe"


async def test_what_was_met_in_the_folder_is_told_in_a_sentence_each(tablet: Seat, phone: Seat, hub: Hub) -> None:
    assert (await look(tablet, "/sync")).by("found-0") is None
    await recorded(phone, hub.made.amira)
    await synced(phone)
    (damaged,) = [
        one for one in (hub.folder.path / f"p/{hub.made.amira}/log").iterdir() if phone.desk.session.store.device in one.name
    ]
    damaged.write_bytes(b"spoilt")
    await tablet.desk.syncing.sync_now()
    shown = await look(tablet, "/sync")
    assert "Sync health" in shown.texts and "1 file in the school's folder" in said(shown, "found-0")


async def test_a_browser_that_may_forget_is_told_here_too(tablet: Seat) -> None:
    tablet.desk.syncing.on_persisted(False)
    assert "may forget" in said(await look(tablet, "/sync"), "may-forget")
