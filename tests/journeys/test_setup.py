"""A real, empty school: its first page leads through the set-up, until a class tablet has its pupils."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Playwright

from app.domain.vocabulary.audiences import Audience, MediaKind
from tests.journeys.device import Device
from tests.journeys.parts import class_tablet, route, school_of, sencos_phone
from tests.journeys.school import SchoolHub

pytestmark = pytest.mark.browser


@pytest.fixture
def empty_school(built_app: Path, tmp_path: Path) -> Iterator[SchoolHub]:
    (tmp_path / "school").mkdir()
    hub = SchoolHub(tmp_path, "school")
    hub.start()
    yield hub
    hub.stop()


def add(phone: Device, field: str, text: str, button: str, says: str = "") -> None:
    """Type until the button can be pressed: then the app has the words."""
    for _ in range(5):
        phone.write(field, text)
        phone.frames(60)
        if phone.by(button).locator("[role=button]").first.get_attribute("aria-disabled") != "true":
            break
    phone.tap(button)
    phone.says(says or text)


def set_up(phone: Device) -> None:
    add(phone, "school-name", "Brook School", "keep-name")
    phone.tap("usual-terms")
    phone.says("Autumn")
    add(phone, "class-name", "Oak", "add-class")
    add(phone, "staff-name", "Dana Reed", "add-staff")
    add(phone, "pupil-name", "Łukasz Nowak", "add-pupil")
    phone.starting("open-pupil-").first.locator("[role=button]").click()
    add(phone, "new-target-statement", "By December Łukasz asks for a turn in 4 of 5 games", "add-target")
    phone.tap("consent-own_family-photo")


def test_an_empty_school_is_set_up_on_a_phone_and_a_tablet_joins_it(empty_school: SchoolHub, playwright: Playwright) -> None:
    hub = empty_school
    phone = sencos_phone(playwright, hub)
    phone.open(route(hub.links["setup"]))
    phone.tap("join")
    add(phone, "my-name", "Priya Nair", "that-is-me", says="Choose your PIN")
    phone.choose_pin()
    phone.tap("set-up")
    set_up(phone)
    phone.tap("code-ta")
    code = phone.read("code").replace(" ", "")
    phone.at("sync")
    phone.says("Everything is in the school folder, checked")
    phone.close()

    school = school_of(hub)
    (pupil,) = school.pupils()
    assert (pupil.name, school.name) == ("Łukasz Nowak", "Brook School")
    assert [t.statement for t in school.targets(pupil.id)] == ["By December Łukasz asks for a turn in 4 of 5 games"]
    assert school.consents(pupil.id).allow(Audience.OWN_FAMILY, MediaKind.PHOTO)
    assert not school.consents(pupil.id).allow(Audience.OTHER_FAMILIES, MediaKind.PHOTO)

    tablet = class_tablet(playwright, hub)
    tablet.open("/app/")
    tablet.write("join-code", code)
    tablet.tap("join")
    tablet.tap(f"staff-{next(s.id for s in school.staff() if s.name == 'Dana Reed')}")
    tablet.choose_pin()
    tablet.see(f"home-pupil-{pupil.id}")
    tablet.close()
