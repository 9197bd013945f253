"""The door on real screens: locked by hand, by idling and by hiding; four taps and a PIN to a saved moment; cover; a new PIN."""

import pytest
from playwright.sync_api import Playwright

from tests.journeys.device import PIN, Device
from tests.journeys.parts import camera_ready, class_tablet, school_of, sencos_phone, taken_up, to_camera
from tests.journeys.school import SchoolHub

pytestmark = pytest.mark.browser
OTHER = "90210"
HIDE = """hidden => {
  Object.defineProperty(document, 'visibilityState', { value: hidden ? 'hidden' : 'visible', configurable: true });
  document.dispatchEvent(new Event('visibilitychange'));
}"""


def is_shut(tablet: Device, hub: SchoolHub) -> None:
    """The door is shown, and of the children not a name."""
    tablet.until(lambda: tablet.starting("door-").count() > 0, what_for="the door")
    heard = tablet.heard()
    assert [p.called for p in school_of(hub).pupils() if p.called in heard] == []


def shown(device: Device, name: str) -> None:
    """Pictures of the door, to be looked at."""
    device.frames(20)
    device.page.screenshot(path=str(device.profile.with_name(f"{name}.png")))


def all_of(tablet: Device, prefix: str) -> set[str]:
    """Which ones carry an identifier that begins so."""
    found = tablet.starting(prefix).evaluate_all("found => found.map(e => e.getAttribute('flt-semantics-identifier'))")
    return {str(one).removeprefix(prefix) for one in found}


def a_colleague_is_let_in(tablet: Device, hub: SchoolHub) -> tuple[str, str]:
    """(who was here first, who was let in), each with a PIN of their own."""
    tablet.tap("people")
    tablet.see("idle-30")
    (here,) = all_of(tablet, "here-")
    shown(tablet, "people")
    other = str(tablet.starting("let-in-").first.get_attribute("flt-semantics-identifier")).removeprefix("let-in-")
    tablet.tap(f"let-in-{other}")
    tablet.choose_pin(OTHER)
    assert {here, other} <= {s.id for s in school_of(hub).staff()} and here != other
    return here, other


def test_a_class_tablet_locks_and_opens_for_those_who_work_there(hub: SchoolHub, playwright: Playwright) -> None:
    tablet = taken_up(class_tablet(playwright, hub))
    first, other = a_colleague_is_let_in(tablet, hub)
    tablet.see("new-observation")

    tablet.tap("lock")
    is_shut(tablet, hub)
    assert {first, other} <= all_of(tablet, "door-"), "both may come in"
    shown(tablet, "door")
    tablet.tap(f"door-{other}")
    tablet.pin(PIN + "1")
    tablet.says("That is not the PIN")
    shown(tablet, "wrong")
    tablet.until(lambda: "Please wait" not in tablet.heard(), what_for="the wait is over")

    taps: list[str] = []
    press = tablet.tap
    tablet.tap = lambda identifier: (taps.append(identifier), press(identifier))[1]  # type: ignore[method-assign]
    tablet.tap("door-back")
    taps.clear()
    tablet.tap(f"door-{other}")
    tablet.pin(OTHER)
    camera_ready(tablet)
    tablet.tap("shutter")
    pupil = school_of(hub).pupils()[0].id
    tablet.tap(f"pupil-{pupil}")
    tablet.tap("save")
    tablet.see("saved")
    tablet.says("On this tablet|Sending|In the school folder")
    assert len([one for one in taps if not one.startswith("pin-")]) == 4, taps
    tablet.tap = press  # type: ignore[method-assign]

    tablet.page.evaluate(HIDE, True)
    assert tablet.page.locator("#curtain").is_visible(), "nobody sees the last picture among the open apps"
    tablet.page.evaluate(HIDE, False)
    is_shut(tablet, hub)
    tablet.page.locator("#curtain").wait_for(state="hidden")
    tablet.unlock(other, OTHER)
    tablet.at("people")
    tablet.tap("idle-30")
    is_shut(tablet, hub)

    school = school_of(hub)
    tablet.until(lambda: [o.by for o in school_of(hub).observations(pupil)][:1] == [other], what_for="the author is the person")
    assert len(school_of(hub).observations()) == len(school.observations())

    on_cover(tablet, hub, pupil)
    a_new_pin(tablet, hub, playwright, other)
    tablet.close()


def on_cover(tablet: Device, hub: SchoolHub, pupil: str) -> None:
    """Somebody without a PIN records, and is out of the door again."""
    tablet.tap("door-cover")
    camera_ready(tablet)
    tablet.tap("only-note")
    tablet.write("note", "Hung up her own coat")
    tablet.tap(f"pupil-{pupil}")
    shown(tablet, "cover")
    tablet.until(lambda: tablet.read("save") == "Save", what_for="the draft may be saved")
    tablet.tap("save")
    tablet.see("saved")
    assert tablet.starting("target-").count() == tablet.by("people").count() == 0
    tablet.tap("done")
    is_shut(tablet, hub)
    tablet.until(lambda: "cover" in {o.by for o in school_of(hub).observations(pupil)}, what_for="it is in the folder, by cover")


def a_new_pin(tablet: Device, hub: SchoolHub, playwright: Playwright, who: str) -> None:
    """The SENCO lets somebody choose anew; the old PIN opens nothing any more."""
    phone = taken_up(sencos_phone(playwright, hub))
    phone.at("school")
    phone.tap(f"new-pin-{who}")
    phone.says("may choose a new PIN now")
    phone.at("sync")
    phone.says("Everything is in the school folder, checked")
    phone.close()
    tablet.page.evaluate(HIDE, False)  # as when somebody takes it up: it looks for news
    tablet.tap(f"door-{who}")
    tablet.tap("choose-pin")
    tablet.choose_pin("31415")
    tablet.see("lock")


def clips(hub: SchoolHub, pupil: str) -> int:
    """How many of this child are in the folder."""
    school = school_of(hub)
    return sum(medium.duration_ms > 0 for one in school.observations(pupil) for medium in school.media_of(one))


def test_a_clip_is_kept_when_the_lock_is_tapped_in_the_middle_of_it(hub: SchoolHub, playwright: Playwright) -> None:
    tablet = taken_up(class_tablet(playwright, hub))
    to_camera(tablet)
    tablet.tap("clip")
    tablet.until(lambda: "28 s left" in (tablet.by("clip-left").inner_text() if tablet.by("clip-left").count() else ""))
    tablet.tap("lock")
    is_shut(tablet, hub)
    tablet.unlock()
    tablet.see("draft-clip")
    pupil = school_of(hub).pupils()[0].id
    before = clips(hub, pupil)
    tablet.tap(f"pupil-{pupil}")
    tablet.tap("save")
    tablet.see("saved")
    tablet.until(lambda: clips(hub, pupil) == before + 1, what_for="the clip is in the folder")
    tablet.close()
