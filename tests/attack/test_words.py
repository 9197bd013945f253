"""Whatever is typed stays words: in the app, on a family's page, in a paper, on the hub's own screen. The fields that hold words
are read from the domain, so that a new one is tried by itself."""

import dataclasses
import io
import re
import unicodedata
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import flet as ft
import pypdf
import pytest

from app.domain.evidence.observations import Media, Observation
from app.domain.plans.targets import Target
from app.domain.register.people import Pupil, SchoolClass, Staff, Term
from app.domain.vocabulary.audiences import Audience
from app.domain.vocabulary.roles import Role
from app.hub.papers.papers import termly_pdf
from app.usecases.review import review
from storage.ops import Change, plain
from tests.attack.parts import planted
from tests.cli.typed import LAST_LINE, serving
from tests.hub.conftest import Device, Hub
from tests.media import parts
from tests.ports import free_port
from tests.reports.parts import words as printed
from tests.usecases.conftest import Seat, Sit, sit
from tests.views.conftest import phone, tablet
from tests.views.parts import Shown
from views.routes import SCREENS

__all__ = ["Sit", "phone", "sit", "tablet"]
PHOTO = parts.saved(parts.quarters(320, 240))
KINDS = {
    "pupil": Pupil, "target": Target, "observation": Observation, "media": Media, "staff": Staff, "class": SchoolClass,
    "term": Term,
}  # fmt: skip
NO_WORDS = {  # ids, days and pieces of files: not typed by anybody, and looked at by other tests
    "pupil": {"id", "class_id"}, "target": {"id", "pupil", "start", "review_date"}, "staff": {"id", "left"}, "class": {"id"},
    "observation": {"id", "pupil", "by", "group"}, "media": {"id", "observation", "partition", "type", "thumb", "poster"},
    "term": {"id"},
}  # fmt: skip
HOSTILE = {
    "html": "<script>alert(1)</script><img src=x onerror=alert(2)>\"'><b id=x>bold</b><!-- {{ 7*7 }}{% raw %} &lt;i&gt; </p>",
    "attribute": "\" onload=alert(1) x='' src=//evil.example/x style=position:fixed autofocus",
    "typst": '#read("/etc/passwd") #include "x" #import "@preview/x:1.0.0" #sys.inputs $1/2$ #(1+1) <label> @ref \\u{41} */ //',
    "formula": "=cmd|' /C calc'!A0 +1+1 -2+3 @SUM(A1) =HYPERLINK(\"http://evil.example\")",
    "turned round": "abc\u202eevil\u202c \u2066isolated\u2069 \u200f \u200b\ufeff",
    "control": "nul\x00bell\x07esc\x1b[31mred\x1b]0;title\x07 \x7f\x85 line\r\nnext\u2028para\u2029end",
    "letters": "مرحبا שלום Zoë Łukasz ẞ ﬁ 李 ½ ²",
    "signs": "👩🏽‍🦽🏳️‍🌈 \U000e0041 ☺️ �",
    "long": "x" * 300 + " " + "word " * 60,
}  # fmt: skip
hostile = pytest.mark.parametrize("evil", HOSTILE.values(), ids=HOSTILE)


def fields(kind: str) -> list[str]:
    found = [one.name for one in dataclasses.fields(KINDS[kind]) if one.type in {"str", str}]
    return [name for name in found if name not in NO_WORDS[kind]]


def typed(hub: Hub, evil: str, moment: str) -> dict[tuple[str, str], str]:
    """(entity, field) -> what is typed there: each begins with a word of its own, so that it can be found again."""
    made = hub.made
    entities = {
        "pupil": made.amira, "target": made.target, "observation": moment, "staff": made.ta, "class": made.oak,
        "term": "2026-autumn",
    }  # fmt: skip
    told = {
        (f"{kind}:{ident}", name): f"W{kind}{name.replace('_', '')} {evil}"
        for kind, ident in entities.items()
        for name in fields(kind)
    }
    return told | {("school:settings", "name"): f"Wschool {evil}"}


async def written(hub: Hub, evil: str) -> dict[tuple[str, str], str]:
    """A starred moment with a picture that the family may see; then every word about it is changed to this."""
    (moment,) = await hub.observe(hub.made.amira, note="Asked for a turn.", data=PHOTO)
    await hub.approve(hub.made.amira, moment)
    await review.star(hub.writer, hub.made.amira, moment, True)
    await hub.consent(hub.made.amira, Audience.OWN_FAMILY)
    hub.time.forward(1000)
    told = typed(hub, evil, moment)
    school = {"staff", "class", "term", "school"}
    await hub.writer.write(
        [
            Change("school" if e.split(":")[0] in school else hub.made.amira, e, f, text, f == "note")
            for (e, f), text in told.items()
        ]
    )
    await hub.office.refresh()
    return told


def as_kept(text: str) -> str:
    return str(plain(text))


def test_every_kind_of_thing_that_people_write_is_tried() -> None:
    assert {"statement", "family_words", "next_step", "strategies"} <= set(fields("target")) and "note" in fields("observation")
    assert {"name", "likes", "helps"} <= set(fields("pupil")) and all(
        NO_WORDS[kind] <= {f.name for f in dataclasses.fields(KINDS[kind])} for kind in KINDS
    )


# -- the app -------------------------------------------------------------------------------------------------------------
MARKED_UP = {"Markdown", "WebView", "Html", "RichText"}


@hostile
async def test_in_the_app_it_is_text_as_it_was_typed(hub: Hub, phone: Seat, evil: str) -> None:
    told = await written(hub, evil)
    await phone.desk.syncing.sync_now()
    kept = {key: (phone.desk.session.store.library.get(key[0]) or {}).get(key[1]) for key in told}
    assert kept == {key: as_kept(text) for key, text in told.items()}
    shown = [control for route in routes(hub) for control in drawn(phone, route)]
    assert not [type(one).__name__ for one in shown if type(one).__name__ in MARKED_UP]
    texts = {one.value for one in shown if isinstance(one, ft.Text) and one.value}
    for key in (("pupil", "preferred_name"), ("target", "short"), ("observation", "note")):
        text = as_kept(next(text for (entity, name), text in told.items() if (entity.split(":")[0], name) == key))
        assert any(text in one or one in text for one in texts if one.startswith(text[:12]) or text in one), key


def routes(hub: Hub) -> list[str]:
    (moment,) = [one.id for one in hub.office.school.observations(hub.made.amira)]
    return [*(screen.path for screen in SCREENS if ":" not in screen.path), f"/pupils/{hub.made.amira}", f"/observation/{moment}"]


def drawn(seat: Seat, route: str) -> list[Any]:
    shown = Shown(seat, route)
    controls = shown.controls
    assert shown.ui.error is None, (route, shown.ui.error)
    for work in shown.page.work:
        work.close()
    return controls


# -- a family's page -----------------------------------------------------------------------------------------------------
class Bones(HTMLParser):
    """Of a page: its elements with the names of their attributes, in order; the addresses in them; and its words."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.elements: list[tuple[str, tuple[str, ...]]] = []
        self.addresses: list[str] = []
        self.words = ""
        self.comments: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, tuple(name for name, _ in attrs)))
        self.addresses += [value or "" for name, value in attrs if name in {"src", "href", "poster", "action", "style"}]

    def handle_endtag(self, tag: str) -> None:
        self.elements.append((f"/{tag}", ()))

    def handle_data(self, data: str) -> None:
        self.words += data

    def handle_comment(self, data: str) -> None:
        self.comments.append(data)


async def page(hub: Hub, path: str) -> Bones:
    answer = await hub.client.get(path)
    assert answer.status_code == 200 and "script-src" not in answer.headers["content-security-policy"]
    assert "default-src 'none'" in answer.headers["content-security-policy"]
    return Bones(answer.text)


@hostile
async def test_on_a_familys_page_no_element_or_attribute_is_made_of_it(hub: Hub, evil: str) -> None:
    link = await hub.link(hub.made.amira)
    await written(hub, "harmless words")
    before = await page(hub, link)
    hub.time.forward(1000)
    (moment,) = [one.id for one in hub.office.school.observations(hub.made.amira)]
    told = typed(hub, evil, moment)
    mine = {key: text for key, text in told.items() if key[0].split(":")[0] in {"pupil", "target", "observation"}}
    note = ("observation:" + moment, "note")
    await hub.writer.write([Change(hub.made.amira, *key, text, key == note) for key, text in mine.items()])
    await hub.writer.write([Change("school", "school:settings", "name", told["school:settings", "name"])])
    after = await page(hub, link)
    assert after.elements == before.elements and after.comments == [] and after.addresses == before.addresses
    shown = [
        ("pupil", "preferred_name"),
        ("pupil", "likes"),
        ("target", "family_words"),
        ("target", "next_step"),
        ("observation", "note"),
    ]
    for kind, name in shown:
        text = next(text for (entity, one), text in mine.items() if (entity.split(":")[0], one) == (kind, name))
        assert squeezed(text) in squeezed(after.words), (kind, name)
    front = await page(hub, "/")
    assert [tag for tag, _ in front.elements if tag in {"script", "img", "b", "iframe", "object"}] == []


def squeezed(text: str) -> str:
    """Letters alone, as a parser gives them: it has its own opinion on NUL and line ends."""
    return "".join(sign for sign in as_kept(text) if not sign.isspace() and unicodedata.category(sign) not in {"Cc", "Cf"})


# -- a paper -------------------------------------------------------------------------------------------------------------
@hostile
async def test_in_a_paper_it_is_printed_and_never_carried_out(hub: Hub, evil: str) -> None:
    told, secret = await written(hub, evil), planted(hub)
    office, steps = hub.office, list[str]()
    pdf = await termly_pdf(
        office.school,
        office.folder,
        hub.made.amira,
        "2026-autumn",
        "http://hub.test",
        hub.time(),
        lambda step, *_: steps.append(step),
    )
    read = re.sub(r"[\s\u200b]", "", printed(pdf))
    assert secret not in read and "root:" not in read
    for key in (("pupil", "name"), ("target", "statement"), ("target", "next_step"), ("observation", "note"), ("class", "name")):
        text = next(text for (entity, name), text in told.items() if (entity.split(":")[0], name) == key)
        missing = [bit for bit in bits(re.split(r"[\x00-\x1f]", text)[0]) if bit not in read]
        assert missing == [], key
    quiet(pypdf.PdfReader(io.BytesIO(pdf)))


def bits(text: str) -> list[str]:
    """What has to be found again: plain words, long ones in pieces, for they may be broken over two lines."""
    return [word[at : at + 8] for word in re.findall(r"[\x21-\x7e]+", text) for at in range(0, len(word), 8)]


def quiet(reader: pypdf.PdfReader) -> None:
    """Nothing in the paper does anything by itself, and no link leads anywhere but to the hub."""
    root: Any = reader.trailer["/Root"]
    assert not {"/OpenAction", "/AA", "/AcroForm"} & set(root) and "/JavaScript" not in root.get("/Names", {})
    for one in reader.pages:
        for note in one.get("/Annots") or []:
            action = note.get_object().get("/A", {})
            assert action.get("/S") in {None, "/URI", "/GoTo"} and str(action.get("/URI", "http://hub.test")).startswith(
                "http://hub.test"
            )


# -- what else is written out --------------------------------------------------------------------------------------------
@hostile
async def test_the_hub_tells_it_to_devices_as_it_is_and_to_nobody_else(hub: Hub, evil: str) -> None:
    code, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], None)
    name = evil[:70]
    answer = await hub.client.post("/api/join", json={"code": code, "device": "e" * 16, "name": name})
    phone = await hub.phone()
    assert answer.status_code == 200
    rows = (await phone.ask("GET", "/api/devices")).json()["devices"]
    assert [row["name"] for row in rows if row["device"] == "e" * 16] == [name]
    again = Device(hub.client, "e" * 16, answer.json()["token"], hub.time)
    told = await again.ask("GET", "/api/partitions", headers={"X-Space": name.encode("utf-8").hex()})
    assert told.headers["content-type"] == "application/json" and "<script" not in str(told.headers)


def test_there_is_no_table_for_spreadsheets_yet() -> None:
    """Formulas can only bite in one. Whoever adds it has to add it here: a cell that begins with = + - @ or a tab needs a sign
    before it."""
    root = Path(__file__).parents[2]
    files = [file for place in ("app", "views", "storage") for file in (root / place).rglob("*.py")]
    found = [
        file.name
        for file in files
        if re.search(r"^\s*(import|from) (csv|openpyxl|xlsxwriter)\b|text/csv", file.read_text(), re.M)
    ]
    assert files and found == []


def test_a_schools_name_cannot_play_with_the_terminal(built_app: Path, tmp_path: Path) -> None:
    from tests.attack.terminal import made_school

    made_school(tmp_path / "school", "Brook\x1b[2J\x1b]0;evil\x07\u202e School\r\nStop it")
    with serving(tmp_path, "--folder", "school", "--port", free_port()) as hub:
        hub.until(LAST_LINE)
        assert "Brook" in "".join(hub.said)
        assert not [line for line in hub.said if not line.isprintable()], hub.said
