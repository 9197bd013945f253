"""A tablet that the SENCO ends: it shows nothing any more, hands in what it had, wipes itself; and the SENCO takes that in."""

import os

import httpx
import pytest
from playwright.sync_api import Playwright

from tests.journeys.device import Device
from tests.journeys.parts import NAME, class_tablet, join, no_puts, save, school_of, sencos_phone, taken_up, write_note
from tests.journeys.school import SchoolHub

pytestmark = pytest.mark.browser
NOTE = "Zipped up his own coat"
FILES = """async () => {
  const found = [];
  const look = async (place, path) => {
    for await (const [name, one] of place.entries()) {
      if (one.kind === 'directory') await look(one, path + name + '/'); else found.push(path + name);
    }
  };
  await look(await navigator.storage.getDirectory(), '');
  return found;
}"""


def senco(hub: SchoolHub, api: httpx.Client) -> None:
    code = hub.links["phone"].rsplit("/", 1)[1]
    answer = api.post("/api/join", json={"code": code, "device": os.urandom(8).hex(), "name": "office"})
    api.headers["Authorization"] = f"Bearer {answer.raise_for_status().json()['token']}"


def end(hub: SchoolHub) -> None:
    with hub.api() as api:
        senco(hub, api)
        (tablet,) = [row["device"] for row in api.get("/api/devices").json()["devices"] if row["name"] == NAME]
        api.delete(f"/api/devices/{tablet}").raise_for_status()


def files(tablet: Device) -> set[str]:
    """What the tablet's disk holds, by the names that the store gave."""
    return {name.rpartition("/")[2].replace("+", "/") for name in tablet.page.evaluate(FILES)}


def test_an_ended_tablet_hands_in_what_it_had_and_nothing_of_the_school_stays(hub: SchoolHub, playwright: Playwright) -> None:
    before = len(school_of(hub).observations())
    tablet = taken_up(class_tablet(playwright, hub))
    assert tablet.context and [name for name in files(tablet) if name.startswith("p/")]
    tablet.context.route("**/api/files/**", no_puts)
    write_note(tablet, NOTE)
    save(tablet, "On this tablet")
    end(hub)

    tablet.until(lambda: tablet.by("leaving").count() > 0, what_for="it was ended")
    assert NOTE not in tablet.heard() and not tablet.starting("home-pupil-").count()
    tablet.page.screenshot(path=str(hub.where / "leaving.png"))
    tablet.context.unroute("**/api/files/**")
    tablet.until(lambda: "has been wiped" in tablet.heard(), what_for="it wiped itself")
    tablet.page.screenshot(path=str(hub.where / "wiped.png"))
    assert [n for n in files(tablet) if n.startswith(("p/", "local/view", "local/checked", "local/keep/"))] == [
        "local/keep/leaving"
    ]
    assert len(school_of(hub).observations()) == before
    tablet.tap("use-anew")
    tablet.write("join-code", hub.links["tablet"].rsplit("/", 1)[1])
    join(tablet, "Elm tablet")
    tablet.close()

    phone = taken_up(sencos_phone(playwright, hub))
    phone.at("handed-in")
    phone.says(NOTE)
    phone.page.screenshot(path=str(hub.where / "handed-in.png"))
    phone.tap(str(phone.starting("accept-").first.get_attribute("flt-semantics-identifier")))
    phone.says("Nothing waits")
    phone.close()
    assert NOTE in {o.note for o in school_of(hub).observations()} and len(school_of(hub).observations()) == before + 1
