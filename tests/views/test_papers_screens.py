"""Papers and families' links in each of their states, drawn over real desks and the real hub."""

import asyncio
from typing import Any

import httpx
import pytest

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.usecases.records.erasure import Why
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, recorded, synced, waiting, with_pin
from tests.views.states import (
    NO_NETWORK,
    all_words,
    identifiers,
    label,
    look,
    midway,
    of_nothing,
    off,
    on,
    said,
    told_off,
    without_a_page,
)

__all__ = ["waiting", "without_a_page"]
pytestmark = pytest.mark.usefixtures("without_a_page")


# -- reports -----------------------------------------------------------------------------------------------------------------
async def test_in_a_school_without_terms_it_says_where_they_are_added(sit: Sit, hub: Hub) -> None:
    seat = await of_nothing(sit, hub)
    await seat.desk.door.choose_me(await seat.desk.register.add_staff("Ruth Senn", Role.SENCO, []))
    shown = await look(await with_pin(seat), "/reports")
    assert "No terms yet: add them under School." in shown.texts and off(shown, "make-report")


async def test_the_term_of_today_is_chosen_and_a_pupil_is_asked_for(phone: Seat, hub: Hub) -> None:
    shown = await look(phone, "/reports")
    assert on(shown, "report-term-2026-autumn") and off(shown, "make-report") and shown.by("report-ready") is None
    await shown.tap(f"report-pupil-{hub.made.amira}")
    assert on(shown, f"report-pupil-{hub.made.amira}") and not off(shown, "make-report")
    await shown.tap("to-families")
    assert shown.ui.route == "/families"


async def test_a_report_is_made_told_as_ready_and_its_link_opens_until_another_is_chosen(
    phone: Seat, hub: Hub, waiting: str
) -> None:
    shown = await look(phone, "/reports", f"report-pupil-{hub.made.amira}", "make-report")
    assert said(shown, "report-ready") == "The report is ready. The link works for an hour." and shown.by("progress") is None
    assert (await hub.client.get(said(shown, "report-url"))).content.startswith(b"%PDF")
    await shown.tap(f"report-pupil-{hub.made.leo}")
    assert shown.by("report-ready") is None and shown.by("report-url") is None


def held_line(seat: Seat) -> asyncio.Event:
    """The hub answers this desk only once the event is set."""
    answered = asyncio.Event()

    async def wait(_: httpx.Request) -> None:
        await answered.wait()

    seat.line.before.append(wait)
    return answered


async def test_while_a_report_is_made_it_says_how_far_it_is_and_nothing_is_pressed_twice(phone: Seat, hub: Hub) -> None:
    shown = await look(phone, "/reports", f"report-pupil-{hub.made.amira}")

    def seen() -> tuple[Any, ...]:
        return off(shown, "make-report"), said(shown, "progress")

    assert await midway(shown, "make-report", held_line(phone), seen) == (True, "Sending what is new")
    assert shown.by("report-ready")


async def test_a_report_without_a_network_is_told_and_can_be_made_when_there_is_one(phone: Seat, hub: Hub) -> None:
    shown = await look(phone, "/reports", f"report-pupil-{hub.made.amira}")
    phone.line.cut = True
    assert await told_off(shown, "make-report") == NO_NETWORK
    assert shown.by("progress") is None and shown.by("report-ready") is None and on(shown, f"report-pupil-{hub.made.amira}")
    phone.line.cut = False
    await shown.tap("make-report")
    assert shown.by("report-ready") and shown.by("error") is None


async def test_a_dsl_finds_orders_to_erase_and_the_log_here_and_a_senco_under_school(phone: Seat, sit: Sit, hub: Hub) -> None:
    await phone.desk.erasing.order(hub.made.leo, Why.FAMILY)
    await synced(phone)
    dsl = await with_pin(await sit(Role.DSL, staff=hub.made.senco))
    shown = await look(dsl, "/reports")
    assert said(shown, f"erasure-{hub.made.leo}") and shown.by("audit-log")
    await shown.tap(f"cancel-{hub.made.leo}")
    assert shown.by(f"cancel-{hub.made.leo}") is None
    shown = await look(phone, "/reports")
    assert shown.by(f"erasure-{hub.made.leo}") is None and shown.by("audit-log") is None


# -- families ----------------------------------------------------------------------------------------------------------------
async def test_before_a_family_is_chosen_no_link_can_be_made(phone: Seat) -> None:
    shown = await look(phone, "/families")
    assert off(shown, "make-link") and on(shown, "days-90") and shown.by("family-sees") is None


async def test_it_tells_how_many_moments_this_family_would_see_and_follows_consent_and_approval(
    phone: Seat, tablet: Seat, hub: Hub, waiting: str
) -> None:
    shown = await look(phone, "/families", f"family-pupil-{hub.made.amira}")
    assert "see 0 moments now" in said(shown, "family-sees")
    await phone.desk.review.approve(waiting)
    await phone.desk.families.set_consent(hub.made.amira, Audience.OWN_FAMILY, MediaKind.PHOTO, True, "her mother")
    assert "see 1 moment now" in said(shown, "family-sees")


async def test_a_link_is_shown_once_lists_on_without_its_address_and_ends_with_a_tap(phone: Seat, hub: Hub) -> None:
    shown = await look(phone, "/families", f"family-pupil-{hub.made.amira}", "days-30", "make-link")
    url = said(shown, "link-url")
    assert (await hub.client.get(url)).status_code == 200 and label(shown, "copy-link") == "Copy"
    assert "Give this link to the family only. It is shown here once." in shown.texts
    assert "Link until 18 December 2026" in shown.texts, "30 days"
    shown.ui.go("/families")
    await shown.tap(f"family-pupil-{hub.made.amira}")
    assert url not in all_words(shown) and shown.by("link-url") is None
    (end,) = identifiers(shown, "end-")
    await shown.tap(end)
    assert "Link until 18 December 2026 · ended" in shown.texts and not identifiers(shown, "end-")
    assert (await hub.client.get(url)).status_code == 404


async def test_another_family_chosen_shows_nothing_of_the_link_of_the_first(phone: Seat, hub: Hub) -> None:
    shown = await look(phone, "/families", f"family-pupil-{hub.made.amira}", "make-link", f"family-pupil-{hub.made.leo}")
    assert shown.by("link-url") is None and not identifiers(shown, "end-") and on(shown, f"family-pupil-{hub.made.leo}")


async def test_without_a_network_no_link_is_made_and_none_of_another_family_is_shown(phone: Seat, hub: Hub) -> None:
    shown = await look(phone, "/families", f"family-pupil-{hub.made.amira}", "make-link")
    phone.line.cut = True
    assert await told_off(shown, f"family-pupil-{hub.made.leo}") == NO_NETWORK
    assert not identifiers(shown, "end-"), "Amira's link must not stand under Leo"
    assert await told_off(shown, "make-link") == NO_NETWORK and shown.by("link-url") is None
    phone.line.cut = False
    assert len(await phone.desk.families.links(hub.made.leo)) == 0
    await shown.tap("make-link")
    assert said(shown, "link-url")


async def test_a_link_that_cannot_be_ended_now_is_told_and_stays_in_the_list(phone: Seat, hub: Hub) -> None:
    shown = await look(phone, "/families", f"family-pupil-{hub.made.amira}", "make-link")
    url, (end,) = said(shown, "link-url"), identifiers(shown, "end-")
    phone.line.cut = True
    assert await told_off(shown, end) == NO_NETWORK
    assert identifiers(shown, "end-") == [end] and (await hub.client.get(url)).status_code == 200


async def test_what_a_tablet_records_is_for_no_family_before_it_is_approved(phone: Seat, tablet: Seat, hub: Hub) -> None:
    await phone.desk.families.set_consent(hub.made.amira, Audience.OWN_FAMILY, MediaKind.PHOTO, True, "her mother")
    await recorded(tablet, hub.made.amira)
    await synced(tablet, phone)
    shown = await look(phone, "/families", f"family-pupil-{hub.made.amira}")
    assert "see 0 moments now" in said(shown, "family-sees")
