"""One device, two tabs: one store has one writer. The other tab says so, and has its turn when the first has gone."""

import pytest
from playwright.sync_api import Playwright

from app.errors import OpenElsewhere
from tests.journeys.device import START
from tests.journeys.parts import class_tablet, save, school_of, taken_up, write_note
from tests.journeys.school import SchoolHub

pytestmark = pytest.mark.browser
NOTES = ("Saved in the first tab", "Saved in the second tab")


def test_two_tabs_save_one_after_the_other_and_never_at_once(hub: SchoolHub, playwright: Playwright) -> None:
    tablet = taken_up(class_tablet(playwright, hub, (390, 844)))
    hub_has = len(school_of(hub).observations())
    assert tablet.context
    first, second = tablet.page, tablet.context.new_page()
    second.goto(f"{tablet.origin}/app/capture")
    told = second.locator('[flt-semantics-identifier="stopped"]')
    told.wait_for(state="attached", timeout=START)
    assert OpenElsewhere.message in second.locator("flt-semantics-host").aria_snapshot()
    assert not second.locator('[flt-semantics-identifier="shutter"]').count(), "nothing can be recorded there"

    first.bring_to_front()
    write_note(tablet, NOTES[0])
    save(tablet, "On this tablet|Sending|In the school folder")
    first.close()  # from now on the tablet's page is the second one
    tablet.start_at("")
    write_note(tablet, NOTES[1])
    save(tablet, "On this tablet|Sending|In the school folder")
    tablet.at("sync")
    tablet.says("Everything is in the school folder, checked")
    tablet.close()
    found = school_of(hub).observations()
    assert sorted(o.note for o in found if o.note in NOTES) == list(NOTES) and len(found) == hub_has + 2
