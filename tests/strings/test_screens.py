"""Every screen in a made-up language: no sentence is left in English."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import flet as ft
import pytest

from app.domain.vocabulary.language import in_language
from app.domain.vocabulary.roles import Role
from app.errors import NoRoomLeft
from app.usecases.records.erasure import Why
from tests.hub.conftest import Hub
from tests.hub.parts import restored
from tests.strings.pseudo import marked, pseudo
from tests.strings.reading import data_in, english, texts
from tests.usecases.conftest import PHOTO, Seat, Sit, colleague, hub, recorded, sit, synced, time, web
from tests.usecases.parts import cut_after, end
from tests.views.conftest import phone, tablet
from tests.views.parts import Shown
from views.app import screen
from views.evidence import camera
from views.routes import SCREENS

__all__ = ["Sit", "colleague", "hub", "phone", "sit", "tablet", "time", "web"]
ROOT = Path(__file__).parents[2]
FOR_DEVELOPERS = {"views/gallery.py"}
FAULT = marked("Something went wrong")
NAMES = {"a ta", "a senco", "a slt", "a teacher", "Elm tablet", "Oak"}


@pytest.fixture(autouse=True)
def made_up(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """A camera's picture, the clipboard and another window are Flet's, on a page."""
    monkeypatch.setattr(camera, "_live", lambda *_: ft.Container())
    for name in ("CopyToClipboard", "OpenUrl"):
        monkeypatch.setattr(ft, name, lambda _: None)
    with in_language(pseudo()):
        yield


def left(shown: Shown, *more: str) -> list[str]:
    """What is still English on this screen; all children's, staff's and devices' own words are taken out first."""
    library = shown.ui.desk.session.store.library
    kinds = ("school", "pupil", "staff", "class", "term", "target", "observation")
    data = data_in(doc for kind in kinds for doc in library.documents(kind))
    said = list(texts(screen(shown.ui)))
    assert FAULT not in said, said
    while shown.page.work:  # what a drawing asked for is not done here
        shown.page.work.pop().close()
    return english(said, data | NAMES | set(more))


async def look(seat: Seat, route: str, *taps: str, wide: bool = True) -> Shown:
    shown = Shown(seat, route)
    shown.page.width = 1180 if wide else 390
    await shown.settle()
    for tap in taps:
        await shown.tap(tap)
    return shown


@pytest.mark.parametrize("wide", [True, False])
@pytest.mark.parametrize("route", [*(one.path for one in SCREENS if ":" not in one.path), "/nowhere"])
async def test_no_sentence_of_a_screen_is_left_in_english(phone: Seat, tablet: Seat, hub: Hub, route: str, wide: bool) -> None:
    await recorded(tablet, hub.made.amira)
    await synced(tablet, phone)
    assert left(await look(phone, route, wide=wide)) == []
    if route not in {"/devices", "/handed-in", "/audit", "/families", "/reports"}:
        assert left(await look(tablet, route, wide=wide)) == []


async def test_nor_of_a_school_that_is_not_set_up(sit: Sit, hub: Hub) -> None:
    fresh = await sit(None)
    assert left(await look(fresh, "/")) == []
    elsewhere = await sit(Role.TA, ["nowhere"], staff=hub.made.ta)
    assert left(await look(elsewhere, "/")) == left(await look(elsewhere, "/pupils")) == []


async def test_nor_of_one_child_and_one_moment(phone: Seat, tablet: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.leo)
    (ident,) = await recorded(tablet, hub.made.amira, note="Asked")
    await synced(tablet, phone)
    assert {one.path for one in SCREENS if ":" in one.path} == {"/pupils/:pupil", "/observation/:observation", "/audit/:pupil"}
    assert left(await look(phone, f"/pupils/{hub.made.amira}", "erase")) == []
    await phone.desk.erasing.set_legal_hold(hub.made.amira, True)
    await phone.desk.erasing.order(hub.made.amira, Why.FAMILY)
    assert left(await look(phone, f"/pupils/{hub.made.amira}")) == left(await look(phone, "/school")) == []
    await phone.desk.erasing.set_legal_hold(hub.made.amira, False)
    assert left(await look(phone, f"/pupils/{hub.made.amira}")) == []
    await phone.desk.erasing.cancel(hub.made.amira)
    assert left(await look(phone, "/school")) == []
    assert left(await look(phone, f"/audit/{hub.made.amira}")) == []
    assert left(await look(phone, f"/observation/{ident}", "ask")) == []
    for route, taps in (("/review", ("approve",)), ("/review", ("hide",))):
        assert left(await look(phone, route, *taps)) == []
    await phone.desk.review.star(ident, True)
    assert left(await look(phone, f"/observation/{ident}")) == []


async def test_nor_while_a_moment_is_put_together(tablet: Seat, hub: Hub) -> None:
    shown = await look(tablet, "/capture", "only-note")
    assert left(shown) == []
    await recorded_draft(tablet, hub)
    assert left(shown) == []
    await shown.tap("discard")
    assert left(shown) == left(await look(tablet, "/")) == []
    await shown.tap("keep-draft")
    await shown.tap("save")
    assert left(shown) == left(await look(tablet, "/sync")) == []


async def recorded_draft(seat: Seat, hub: Hub) -> None:
    await seat.desk.drafting.add_photo(PHOTO)
    await seat.desk.drafting.toggle_pupil(hub.made.amira)
    await seat.desk.drafting.toggle_target(hub.made.amira, hub.made.target)
    await seat.desk.drafting.set_setting("pool")


async def test_nor_of_what_is_searched(tablet: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    shown = await look(tablet, "/pupils")
    for text in ("amira", "zebra"):
        shown.type(text)
        assert left(shown, text) == []


async def test_nor_at_the_door(tablet: Seat, hub: Hub, colleague: str) -> None:
    assert left(await look(tablet, "/people")) == []
    tablet.desk.door.lock()
    shown = await look(tablet, "/")
    assert left(shown) == []
    await shown.tap(f"door-{colleague}")
    assert left(shown) == []
    await shown.tap("door-back")
    await shown.tap(f"door-{hub.made.ta}")
    for pin in ("1111",) * 10:
        with pytest.raises(Exception) as told:
            await tablet.desk.door.enter(hub.made.ta, pin)
        shown.ui.error = told.value  # type: ignore[assignment]
        assert left(shown) == []
        tablet.time.forward(3_600_000)
    shown.ui.error = None
    assert left(shown) == []


async def test_nor_on_cover(tablet: Seat, hub: Hub) -> None:
    tablet.desk.door.lock()
    shown = await look(tablet, "/", "door-cover")
    assert left(shown) == []
    await recorded(tablet, hub.made.amira)
    await tablet.desk.drafting.set_note("Swam")
    tablet.desk.door.lock()
    await tablet.desk.door.enter(hub.made.ta, "2580")
    assert left(await look(tablet, "/")) == []


async def test_nor_of_devices_and_what_they_handed_in(phone: Seat, tablet: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    device = await end(tablet, phone)
    tablet.line.before.append(cut_after(1))
    await tablet.desk.syncing.sync_now()
    assert left(await look(tablet, "/")) == []
    tablet.line.before.clear()
    await tablet.desk.syncing.sync_now()
    assert left(await look(tablet, "/")) == []
    phone.time.forward(3 * 86_400_000)
    for taps in ((f"throw-{device}",), (f"give-up-{device}",), (f"accept-{device}",)):
        assert left(await look(phone, "/handed-in", *taps), "Asked for a turn.") == []
    assert left(await look(phone, "/devices")) == []


async def test_nor_of_codes_links_and_staff(phone: Seat, tablet: Seat, hub: Hub) -> None:
    shown = await look(phone, "/school", "code-ta", f"new-pin-{hub.made.ta}", f"change-{hub.made.ta}", f"left-{hub.made.ta}")
    code = shown.by("code").content.value
    assert left(shown, code) == []
    await shown.tap(f"left-for-good-{hub.made.ta}")
    await shown.tap(f"open-pupil-{hub.made.amira}")
    assert left(shown, code, phone.desk.school.staff()[0].left) == []
    links = await look(phone, "/families", f"family-pupil-{hub.made.amira}", "make-link")
    assert links.by("link-url") is not None
    assert left(links) == []
    await links.tap(next(c.identifier for c in links.controls if str(getattr(c, "identifier", "")).startswith("end-")))
    assert left(links) == []
    devices = await look(phone, "/devices", f"end-{tablet.desk.session.store.device}")
    assert left(devices) == []


async def test_nor_while_a_report_is_made_and_when_it_is_there(phone: Seat) -> None:
    shown = await look(phone, "/reports")
    shown.ui.of("reports").update(step=("Setting the pages", 1, 3))
    assert left(shown) == []
    shown.ui.of("reports").update(step=None, url="https://hub.test/paper/x")
    assert shown.by("report-ready") is not None and left(shown) == []


async def test_nor_after_a_restore(phone: Seat, tablet: Seat, hub: Hub) -> None:
    await hub.link(hub.made.amira)
    await hub.phone()
    await restored(hub)
    await phone.desk.syncing.sync_now()
    shown = await look(phone, "/sync")
    assert left(shown) == []
    await shown.tap("look-at-restored")
    assert left(shown) == []


async def test_nor_in_trouble(phone: Seat, tablet: Seat, hub: Hub) -> None:
    await recorded(tablet, hub.made.amira)
    tablet.line.cut = True
    await tablet.desk.syncing.sync_now()
    tablet.desk.syncing.on_persisted(False)
    before = {"at": tablet.time() - 5_000, "pending": 2}
    await tablet.desk.session.become(replace(tablet.desk.session.identity, before=before))
    shown = await look(tablet, "/sync")
    shown.ui.error = NoRoomLeft()
    assert left(shown) == []
    assert left(await look(tablet, "/pupils/0123")) == []
