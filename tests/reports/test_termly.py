"""The termly report as a PDF: everybody can read it, nothing in it breaks it, and every word is there as it was written."""

import base64
import io
import subprocess
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, date, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import typst
from fontTools.ttLib import TTFont
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image
from pypdf import PdfReader

from app.domain.papers.termly import Picture, TargetBlock, TermlyReport
from app.domain.plans.targets import Target
from app.domain.progress.change import Point, change, judgement
from app.domain.register.people import Pupil, Term
from app.domain.vocabulary.scales import HelpLevel
from app.reports import pictures
from app.reports.chart import chart
from app.reports.letters import ASSETS, in_words, prints
from app.reports.termly import TEMPLATE, render
from tests.reports.parts import words

NAMES = (
    "Łukasz",
    "Zoë",
    "Nguyễn Thị Hương",
    "ليلى",
    "سلمى الخطيب",
    "Siân",
    "Ọlá",
    "Aydın Şahin",
    "Māori",
    "Ștefan",
    "Dvořák",
    "Zając",
)
HOSTILE = '#import "x": * $x^2$ *bold* _i_ <label> @ref `raw` [c] {d} \\ // c /* d */ = H #{1+1} "q" ~ --- \\u{41}'
LINK = "https://hub.test/app/observation/o1"
FIRST = datetime(2026, 9, 7, 10, tzinfo=UTC)
PUPIL = Pupil("p", "Amira Yusuf", year_group="Year 3", likes="water and songs", helps="time to answer")
TERM = Term("2026-autumn", "Autumn 2026", date(2026, 9, 1), date(2026, 12, 18))
PHOTO = Picture("photo", "A photo of Amira, 8 September", "8 September: gave the card")
CLIP = Picture("clip", "A still from a clip of Amira, 9 September", "9 September: waited", True, LINK)
TURN = Target(
    "turn", "p", "Amira will ask for a turn.", "asks for a turn", "4 of 5 turns", "Takes things from others",
    area="communication and interaction", strategies="Card on the table", next_step="Ask a friend",
)  # fmt: skip


def jpeg(width: int = 1600, height: int = 1200, colour: str = "teal") -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), colour).save(out, "JPEG")
    return out.getvalue()


BYTES = {"photo": jpeg(), "clip": jpeg(960, 540, "orange")}


def points(count: int) -> tuple[Point, ...]:
    levels = list(reversed(HelpLevel))
    return tuple(Point(int(FIRST.timestamp() * 1000) + n * 5 * 86_400_000, levels[n % 8]) for n in range(count))


def block(count: int = 6, target: Target = TURN, **more: Any) -> TargetBlock:
    at = points(count)
    days = [datetime.fromtimestamp(p.at / 1000, UTC).date() for p in at] or [None]
    made = TargetBlock(
        target, at, change(at), judgement(at), count, days[0], days[-1], (("Dana Reed", 4), ("Mr Lee", 2)),
        (("class", 5), ("pool", 1)), (PHOTO, CLIP), ("12 September: said “my turn”",),
    )  # fmt: skip
    unseen = {} if count else {"adults": (), "places": (), "pictures": (), "notes": ()}
    return replace(made, **unseen | more)


def report(*blocks: TargetBlock, **more: Any) -> TermlyReport:
    made = TermlyReport(
        "Brook School", PUPIL, "Oak", TERM, date(2026, 11, 24), ("Amira needs less help.",), PHOTO, "I like the pool", blocks,
        ("19 November: carried the seedlings",), 7, 2, "20261124-7", ("3 December: meeting",),
    )  # fmt: skip
    return replace(made, **more)


def listed(tool: str, pdf: bytes, tmp_path: Path, *more: str) -> list[list[str]]:
    """The lines of a table that `pdfimages` or `pdffonts` prints."""
    file = tmp_path / "report.pdf"
    file.write_bytes(pdf)
    read = subprocess.run([tool, *more, str(file)], capture_output=True, check=True, text=True).stdout
    return [line.split() for line in read.splitlines()[2:]]


def tagged(pdf: bytes, kind: str) -> list[Mapping[str, Any]]:
    """The elements of the structure tree of one kind, in reading order."""
    found: list[Mapping[str, Any]] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if node.get("/S") == kind:
                found.append(node)
            walk(node.get("/K", []))

    walk(PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"])
    return found


def alts(pdf: bytes) -> list[str]:
    return [str(figure.get("/Alt", "")) for figure in tagged(pdf, "/Figure")]


def pages(pdf: bytes) -> int:
    return len(PdfReader(io.BytesIO(pdf)).pages)


@pytest.fixture(scope="module")
def pdf() -> bytes:
    return render(report(block()), BYTES)


# -- it says what the content says ---------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "part",
    [
        "Brook School", "Amira Yusuf", "Oak", "Year 3", "Autumn 2026", "24 November 2026", "20261124-7",
        "Amira needs less help.", "water and songs", "time to answer", "I like the pool", "Asks for a turn",
        "Amira will ask for a turn.", "4 of 5 turns", "Takes things from others", "communication and interaction",
        "independent", "no response", "7 Sep", "2 Oct", "6 observations, 7 Sep to 2 Oct", "class (5), pool (1)",
        "Dana Reed (4), Mr Lee (2)", "8 September: gave the card", "9 September: waited", "Play the clip",
        "12 September: said “my turn”", "Card on the table", "Ask a friend", "19 November: carried the seedlings",
        "3 December: meeting", "Class teacher", "Parent or carer", "This report rests on 7 observations by 2 adults.",
        "Page 1 of", judgement(points(6)), "hand over hand", "told in words",
    ],
)  # fmt: skip
def test_the_report_says_it(pdf: bytes, part: str) -> None:
    assert part in words(pdf)


def test_a_report_of_three_targets_with_pictures_has_two_to_four_pages() -> None:
    assert 2 <= pages(render(report(block(), block(), block()), BYTES)) <= 4


def test_the_photo_and_the_still_are_in_it(pdf: bytes, tmp_path: Path) -> None:
    sizes = {(int(line[3]), int(line[4])) for line in listed("pdfimages", pdf, tmp_path, "-list")}
    assert sizes == {(1000, 750), (960, 540)}


def test_a_clip_has_a_code_and_a_link_that_lead_to_it(pdf: bytes) -> None:
    links = [a.get_object()["/A"]["/URI"] for page in PdfReader(io.BytesIO(pdf)).pages for a in page.get("/Annots", [])]
    assert set(links) == {LINK}
    assert "QR code that opens the clip" in alts(pdf)


def test_the_code_is_of_the_link_and_of_nothing_that_leads_nowhere() -> None:
    import segno

    drawn = io.BytesIO()
    segno.make(LINK, error="m", micro=False).save(drawn, kind="svg", border=4, dark="#1F2A2E", light="#FFFFFF")
    assert pictures.code(LINK) == drawn.getvalue() != pictures.code(LINK + "x")
    assert [pictures.code(bad) for bad in ("", "/app/observation/o1", "javascript:alert(1)", "https://x/" + "a" * 9000)] == [
        b""
    ] * 4


def test_a_clip_without_an_address_still_has_its_picture_and_says_where_it_is() -> None:
    made = render(report(block(pictures=(replace(CLIP, link="/app/observation/o1"),)), picture=None), BYTES)
    assert "The clip is in the app." in words(made) and alts(made).count(CLIP.alt) == 1 and "Play" not in words(made)


def test_the_same_content_makes_the_same_bytes(pdf: bytes) -> None:
    assert render(report(block()), BYTES) == pdf


# -- everybody can read it -----------------------------------------------------------------------------------------------
def test_it_is_tagged_pdf_ua_1_with_language_title_and_author(pdf: bytes) -> None:
    read = PdfReader(io.BytesIO(pdf))
    root = read.trailer["/Root"]
    assert root["/MarkInfo"]["/Marked"].value is True and "/StructTreeRoot" in root
    assert root["/Lang"] == "en-GB" and root["/ViewerPreferences"]["/DisplayDocTitle"].value is True
    assert read.metadata is not None and read.metadata.title == "Termly report: Amira Yusuf, Autumn 2026"
    assert read.metadata.author == "Brook School" and b"<pdfuaid:part>1</pdfuaid:part>" in root["/Metadata"].get_data()


def test_every_picture_and_drawing_has_words(pdf: bytes) -> None:
    said = alts(pdf)
    assert all(said) and said.count(PHOTO.alt) == 2 and said.count(CLIP.alt) == 1
    assert len([alt for alt in said if alt.startswith("Level of help that Amira needed for “asks for a turn”: 6 ratings")]) == 1


def test_headings_begin_with_one_title_and_never_skip_a_level(pdf: bytes) -> None:
    order = headings(pdf)
    assert order[0] == 1 and order.count(1) == 1 and {2, 3} <= set(order)
    assert all(after <= before + 1 for before, after in pairwise(order))


def headings(pdf: bytes) -> list[int]:
    """Levels in reading order."""
    order: list[int] = []

    def walk(node: Any) -> None:
        node = node.get_object() if hasattr(node, "get_object") else node
        if isinstance(node, list):
            for child in node:
                walk(child)
        elif isinstance(node, dict):
            if str(node.get("/S", "")) in {"/H1", "/H2", "/H3", "/H4"}:
                order.append(int(node["/S"][2]))
            walk(node.get("/K", []))

    walk(PdfReader(io.BytesIO(pdf)).trailer["/Root"]["/StructTreeRoot"])
    return order


def test_typst_refuses_a_picture_without_words() -> None:
    """What the tests above lean on: under PDF/UA a missing alt text is an error."""
    square = b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"/>'
    files: Any = {"main": b'#set document(title: "x")\n#image("a.svg")', "a.svg": square}
    with pytest.raises(typst.TypstError, match="alt"):
        typst.compile(files, format="pdf", pdf_standards=["ua-1"])


def test_the_chart_is_told_in_words() -> None:
    drawn = chart(points(3), "Amira", "asks for a turn")
    assert drawn is not None and drawn["alt"] == (
        "Level of help that Amira needed for “asks for a turn”: 3 ratings from no response on 7 September "
        "to light touch on 17 September; less help than the time before 2 times, more 0 times."
    )


def test_the_chart_puts_independent_at_the_top_and_the_first_day_at_the_left() -> None:
    drawn = chart(points(8), "Amira", "x")
    assert drawn is not None
    assert [(dot["x"], dot["y"], dot["words"]) for dot in (drawn["dots"][0], drawn["dots"][-1])] == [
        (0.0, 1.0, "no response"), (1.0, 0.0, "independent"),
    ]  # fmt: skip
    assert (drawn["top"], drawn["bottom"], drawn["first"], drawn["last"]) == ("independent", "no response", "7 Sep", "12 Oct")
    assert [month["name"] for month in drawn["months"]] == ["Oct"]


# -- names and letters ---------------------------------------------------------------------------------------------------
def test_fonts_are_ours_and_embedded(pdf: bytes, tmp_path: Path) -> None:
    fonts = listed("pdffonts", pdf, tmp_path)
    assert fonts and all("AtkinsonHyperlegible" in line[0] for line in fonts)
    assert all(line[-5] == "yes" for line in fonts)


@pytest.mark.parametrize("name", NAMES)
def test_every_letter_of_a_name_is_printed_as_it_is_written(name: str) -> None:
    made = words(render(report(pupil=replace(PUPIL, name=name, preferred_name=name)), BYTES))
    assert name in made and prints(name) and in_words(name) == name


@pytest.mark.parametrize("weight", ["Regular", "Bold"])
def test_our_own_fonts_have_the_letters_of_european_and_arabic_names(weight: str) -> None:
    """Vietnamese and Yoruba letters are not in Atkinson; Typst's own serif font has them, in regular and in bold."""
    named = ("fonts/AtkinsonHyperlegibleNext", "reports/Vazirmatn", "fonts/NotoSansArabic")
    ours = {code for font in named for code in TTFont(ASSETS / f"{font}-{weight}.ttf").getBestCmap()}
    lacking = {letter for name in NAMES for letter in name if ord(letter) not in ours}
    assert lacking == set("ễịươỌ")


def test_an_arabic_name_stands_in_title_and_text() -> None:
    made = render(report(block(), pupil=replace(PUPIL, name="ليلى حداد", preferred_name="ليلى")), BYTES)
    read = PdfReader(io.BytesIO(made))
    assert read.metadata is not None and read.metadata.title == "Termly report: ليلى حداد, Autumn 2026"
    assert "ليلى حداد" in words(made)


def test_a_smiley_is_told_in_words_and_a_letter_of_no_font_leaves_a_box() -> None:
    made = words(render(report(block(notes=("Proud 👍🏽 of 李 today",))), BYTES))
    assert "Proud (thumbs up sign) of □ today" in made


@pytest.mark.parametrize(
    "hostile",
    [
        "\x00\x07\x1b",
        "a\ud83db",
        "\u202eright to left\u2069",
        "\ufffe\ue000",
        "\u2028line\r\nline\ttab",
        "Z̸̢a",
        "0\u1dc0",
        "a \u1dc0",
    ],
)
def test_characters_that_pdf_forbids_do_not_fail_the_report(hostile: str) -> None:
    made = report(block(target=replace(TURN, statement=f"before {hostile} after"), pictures=(replace(PHOTO, alt=hostile),)))
    read = words(render(made, BYTES))
    assert "before" in read and "after" in read


@settings(max_examples=60)
@given(st.text(max_size=40))
def test_any_text_at_all_can_be_printed(text: str) -> None:
    made = report(block(target=replace(TURN, statement=text, short=text, next_step=text)), moments=(text,), picture=None)
    assert render(made, BYTES).startswith(b"%PDF")


# -- nothing breaks it ---------------------------------------------------------------------------------------------------
def test_markup_in_any_field_appears_as_it_was_typed() -> None:
    bad = Target("t", "p", HOSTILE, HOSTILE, HOSTILE, HOSTILE, area=HOSTILE, strategies=HOSTILE, next_step=HOSTILE)
    pupil = Pupil("p", HOSTILE, HOSTILE, year_group=HOSTILE, likes=HOSTILE, helps=HOSTILE)
    shown = replace(PHOTO, alt=HOSTILE, caption=HOSTILE)
    made = report(
        block(target=bad, pictures=(shown,), notes=(HOSTILE,), places=((HOSTILE, 1),), adults=((HOSTILE, 1),)), school=HOSTILE,
        pupil=pupil, class_name=HOSTILE, headlines=(HOSTILE,), picture=shown, own_words=HOSTILE, moments=(HOSTILE,),
        version=HOSTILE, term=replace(TERM, name=HOSTILE), dates=(HOSTILE,),
    )  # fmt: skip
    pdf = render(made, BYTES)
    for piece in ("#import", "$x^2$", "*bold*", "_i_", "<label>", "@ref", "`raw`", "[c]", "{d}", "#{1+1}", "---", "\\u{41}"):
        assert words(pdf).count(piece) >= 12, piece
    assert HOSTILE in alts(pdf)


def test_the_template_reads_words_as_data_only() -> None:
    assert b"eval(" not in TEMPLATE.read_bytes() and b"sys.inputs" not in TEMPLATE.read_bytes()


GARBAGE = {
    "nothing": b"",
    "words": b"not a picture",
    "cut off": jpeg()[:400],
    "a head alone": b"\xff\xd8\xff\xe0 a drawn picture \xff\xd9",
    "an svg": b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
}


@pytest.mark.parametrize("data", GARBAGE.values(), ids=GARBAGE.keys())
def test_a_picture_that_does_not_decode_leaves_a_box_that_says_so(data: bytes) -> None:
    made = words(render(report(block()), {"photo": data, "clip": BYTES["clip"]}))
    assert made.count("Picture not here yet") == 2 and "8 September: gave the card" in made


def test_pictures_that_have_not_arrived_leave_boxes_and_the_clip_can_still_be_played() -> None:
    made = render(report(block()), {})
    assert words(made).count("Picture not here yet") == 3 and "Play the clip" in words(made)


def test_no_metadata_of_a_picture_goes_along() -> None:
    exif = Image.Exif()
    exif[0x010E] = "secret place"
    out = io.BytesIO()
    Image.new("RGB", (40, 30)).save(out, "JPEG", exif=exif)
    made = pictures.printable(out.getvalue())
    assert b"secret place" in out.getvalue() and made is not None
    assert b"secret place" not in base64.b64decode(made.split(b"base64,")[1].split(b'"')[0])


def test_nothing_is_written_to_disk(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("TMPDIR", str(tmp_path))
    assert render(report(block()), BYTES).startswith(b"%PDF")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("count", [0, 1, 2, 3, 150])
def test_any_number_of_ratings_can_be_drawn(count: int) -> None:
    pdf = render(report(block(count)), BYTES)
    assert len([alt for alt in alts(pdf) if alt.startswith("Level of help")]) == (1 if count else 0)
    assert ("Nothing has been recorded for this target" in words(pdf)) == (count == 0)
    assert ("Last three times" in words(pdf)) == (count >= 3)


def test_a_pupil_without_targets_words_or_observations_still_has_a_kind_report() -> None:
    bare = TermlyReport("", Pupil("p", "Amira"), "", TERM, date(2026, 11, 24), (), None, "", (), (), 0, 0)
    pdf = render(bare, {})
    made = words(pdf)
    assert "There were no live targets in this term." in made and "No observations were recorded in this term." in made
    assert not [title for title in ("My voice", "Other moments", "Dates", "Headlines") if title in made]
    assert pages(pdf) == 1 and headings(pdf)[0] == 1


def test_twelve_targets_come_in_order() -> None:
    targets = [block(target=replace(TURN, short=f"target number {n}")) for n in range(1, 13)]
    made = words(render(report(*targets), BYTES))
    places = [made.index(f"Target number {n}") for n in range(1, 13)]
    assert places == sorted(places)


def test_very_long_notes_are_printed_to_the_last_word() -> None:
    long = "word " * 1500 + "thelastword"
    made = report(
        block(target=replace(TURN, statement=long, baseline=long), pictures=(replace(PHOTO, caption=long), CLIP), notes=(long,)),
        moments=(long,), picture=replace(PHOTO, caption=long, alt=long),
    )  # fmt: skip
    pdf = render(made, BYTES)
    assert words(pdf).count("thelastword") == 6
    assert max(map(len, alts(pdf))) <= 250


def test_a_word_longer_than_the_line_is_broken_and_not_cut(tmp_path: Path) -> None:
    pdf = render(report(block(target=replace(TURN, statement="x" * 400), pictures=())), BYTES)
    file = tmp_path / "long.pdf"
    file.write_bytes(pdf)
    boxes = subprocess.run(["pdftotext", "-bbox", str(file), "-"], capture_output=True, check=True, text=True).stdout
    right = [float(line.split('xMax="')[1].split('"')[0]) for line in boxes.splitlines() if "<word" in line]
    assert max(right) <= 595.3 - 50 and boxes.count("x" * 20) >= 5
