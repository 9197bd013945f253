"""The whole path, once and for real: from a tap on a tablet to a page in the termly report and a family's phone."""

import hashlib
import io
import re
import subprocess

import httpx
import pytest
from PIL import Image
from playwright.sync_api import Playwright
from pypdf import PdfReader

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.folders import opened
from app.usecases.session.school import School
from storage import media as pieces
from tests.journeys.device import Device
from tests.journeys.parts import class_tablet, joined, kept_offline, now, save, school_of, sencos_phone, to_camera
from tests.journeys.school import SchoolHub

pytestmark = pytest.mark.browser


@pytest.fixture
def hub(fresh_hub: SchoolHub) -> SchoolHub:
    return fresh_hub


def two_children(hub: SchoolHub) -> tuple[str, str]:
    """(a child with consent for photos on its own family's page, another one with none for other families)."""
    school = school_of(hub)
    own, others = (Audience.OWN_FAMILY, MediaKind.PHOTO), (Audience.OTHER_FAMILIES, MediaKind.PHOTO)
    open_to = {p.id: school.consents(p.id) for p in school.pupils() if not p.protected}
    child = next(p for p, c in open_to.items() if c.allow(*own))
    other = next(p for p, c in open_to.items() if p != child and not c.allow(*others))
    return child, other


def tag(tablet: Device, pupil: str, school: School, help_level: str = "gesture") -> None:
    """Choose a pupil, the first of its targets, and how much help was needed."""
    tablet.tap(f"pupil-{pupil}")
    targets = [t.id for t in school.targets(pupil)]
    tablet.until(lambda: bool([t for t in targets if tablet.by(f"target-{t}").count()]))
    first = next(t for t in targets if tablet.by(f"target-{t}").count())
    tablet.tap(f"target-{first}")
    tablet.tap(f"help-{first}-{help_level}")


def photo(tablet: Device, note: str, pupils: list[str], school: School) -> None:
    to_camera(tablet)
    tablet.tap("shutter")
    tablet.see("note")
    tablet.write("note", note)
    for pupil in pupils:
        tag(tablet, pupil, school)
    save(tablet, "On this tablet")


def clip(tablet: Device, note: str, pupil: str, school: School, seconds: int = 4) -> None:
    to_camera(tablet)
    tablet.tap("clip")
    tablet.until(lambda: tablet.by("clip-left").count() > 0)
    tablet.until(lambda: f"{30 - seconds} s left" in (tablet.by("clip-left").inner_text() or ""))
    tablet.tap("clip-stop")
    tablet.see("draft-clip")
    tablet.write("note", note)
    tag(tablet, pupil, school, "independent")
    save(tablet, "On this tablet")


def stored_whole(files: dict[str, bytes]) -> None:
    """Every file in the folder is what its name says: the hash in the name is that of the bytes."""
    for name, data in files.items():
        assert hashlib.sha256(data).hexdigest()[:32] == name[-32:], name


def reads_from_left_to_right(jpeg: bytes) -> None:
    """The make-believe camera writes the time at the top left; writing that is turned round is no evidence."""
    with Image.open(io.BytesIO(jpeg)) as picture:
        wide, high = picture.size
        line = picture.convert("RGB").getchannel("R").crop((wide // 14, high // 25, wide * 13 // 14, high // 11))
    half = line.width // 2
    bright = [sum(line.crop(box).histogram()[40:]) for box in ((0, 0, half, line.height), (half, 0, line.width, line.height))]
    assert bright[0] > 100 > bright[1], bright


NOTES = ("Both built the tower", "Amazing tower alone", "Hopped over the puddle")


def test_from_a_tap_on_the_tablet_to_the_report_and_the_family(hub: SchoolHub, playwright: Playwright) -> None:
    school = school_of(hub)
    child, other = two_children(hub)
    before = len(school.observations())

    tablet = class_tablet(playwright, hub)
    joined(tablet, hub.links["tablet"])
    kept_offline(tablet)
    hub.stop()

    photo(tablet, NOTES[0], [child, other], school)
    photo(tablet, NOTES[1], [child], school)
    clip(tablet, NOTES[2], child, school)
    tablet.kill()

    tablet.open("/app/sync")
    tablet.unlock()
    tablet.says("Safe on this tablet")
    for note in NOTES:
        tablet.says(note)
    assert tablet.starting("state-").count() == 4 and "In the school folder" not in tablet.heard()
    assert tablet.heard().count("text: On this tablet") == 4
    hub.start()
    tablet.tap("sync-now")
    tablet.says("Everything is in the school folder, checked")

    stored_whole(hub.files())
    school = school_of(hub)
    new = {o.note: o for o in school.observations() if o.note in NOTES and o.pupil == child}
    assert set(new) == set(NOTES) and len(school.observations()) == before + 4, "each pupil owns a copy, nothing came twice"
    replica = now(opened(hub.folder))
    for observation in new.values():
        for media in school.media_of(observation):
            data = now(pieces.read(replica.folder, media.partition, media.chunks))
            assert len(data) == media.size and data
            if media.duration_ms == 0:
                reads_from_left_to_right(data)
    tablet.close()

    review_on_the_phone(hub, playwright, new)
    on_paper(hub, playwright, child, new)
    school = school_of(hub)
    family(hub, playwright, child, new)


def review_on_the_phone(hub: SchoolHub, playwright: Playwright, new: dict[str, object]) -> None:
    """A phone with a store of its own sees the three, plays the clip, approves and stars."""
    phone = sencos_phone(playwright, hub)
    joined(phone, hub.links["phone"])
    for note in NOTES:
        observation = new[note]
        phone.at(f"observation/{observation.id}")
        phone.says(re.escape(note))
        if note == NOTES[2]:
            phone.tap("play")
            phone.see("plays")
            phone.until(lambda: bool(phone.page.evaluate("[...document.querySelectorAll('video')].some(v => v.currentTime > 0)")))
        phone.tap("star")
        phone.says("Not for the report")
        phone.tap("approve")
        phone.says("Approved")
    phone.at("sync")
    phone.says("Everything is in the school folder, checked")
    phone.close()


def on_paper(hub: SchoolHub, playwright: Playwright, child: str, new: dict[str, object]) -> None:
    """The report, made from the phone with progress: its text, its photo, its still, and its tags."""
    phone = sencos_phone(playwright, hub)
    phone.open("/app/reports")
    phone.unlock()
    phone.tap(f"report-pupil-{child}")
    phone.tap("make-report")
    address = phone.read("report-url")
    phone.close()
    pdf = hub.where / "report.pdf"
    pdf.write_bytes(httpx.get(address).content)
    text = subprocess.run(["pdftotext", "-layout", str(pdf), "-"], capture_output=True, text=True, check=True).stdout
    plain = " ".join(text.split())
    school = school_of(hub)
    assert school.pupil(child).called in plain and NOTES[1] in plain and NOTES[2] in plain
    pictures = subprocess.run(["pdfimages", "-list", str(pdf)], capture_output=True, text=True, check=True).stdout
    assert len(re.findall(r"jpeg", pictures)) >= 2, pictures
    root = PdfReader(str(pdf)).trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"]
    assert "/StructTreeRoot" in root and "pdfuaid" in root["/Metadata"].get_data().decode()


def family(hub: SchoolHub, playwright: Playwright, child: str, new: dict[str, object]) -> None:
    """A link made on the phone shows the solo photo and the clip, and withholds the picture with the other child."""
    phone = sencos_phone(playwright, hub)
    phone.open("/app/families")
    phone.unlock()
    phone.tap(f"family-pupil-{child}")
    phone.tap("make-link")
    link = phone.read("link-url")
    phone.close()
    shown = httpx.get(link)
    assert shown.status_code == 200 and NOTES[1] in shown.text
    assert NOTES[0] not in shown.text, "the other child has no consent for other families"
    solo, both = new[NOTES[1]], new[NOTES[0]]
    address = link + "/media/"
    assert httpx.get(address + solo.media[0]).headers["content-type"] == "image/jpeg"
    assert httpx.get(address + both.media[0]).status_code == 404


def test_the_second_start_uses_the_same_school(hub: SchoolHub) -> None:
    files = hub.files()
    hub.stop()
    hub.start()
    assert hub.files() == files
