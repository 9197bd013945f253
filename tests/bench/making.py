"""What is made: a photo small enough to keep, a termly report, and the app as a browser fetches it."""

import io
import json
import re
from dataclasses import replace
from datetime import date
from pathlib import Path
from random import Random

from docx import Document
from docx.shared import Mm
from PIL import Image

from app.domain.papers.termly import Picture, TargetBlock, TermlyReport
from app.domain.plans.targets import Target
from app.domain.progress.change import Point, change, judgement
from app.domain.register.people import Pupil, Term
from app.domain.vocabulary.scales import HelpLevel
from app.media import codec
from app.media.pillow import encode
from app.reports.termly import render
from app.settings import WEB
from app.web.build import build
from tests.bench.rows import Row, against, alone, both

TARGETS, PHOTOS_EACH = 3, 4


def photo(width: int, height: int, seed: int) -> bytes:
    """A JPEG with as much in it as one of a camera: soft shapes and some grain."""
    shapes = Image.frombytes("RGB", (40, 30), Random(seed).randbytes(3_600)).resize((width, height), Image.Resampling.BICUBIC)
    grain = Image.frombytes("RGB", (400, 300), Random(seed).randbytes(360_000)).resize((width, height))
    out = io.BytesIO()
    Image.blend(shapes, grain, 0.15).save(out, "JPEG", quality=92)
    return out.getvalue()


async def photo_row() -> Row:
    raw = photo(4000, 3000, 1)

    async def ours() -> None:
        encode(raw)

    async def theirs() -> None:
        with Image.open(io.BytesIO(raw)) as picture:
            picture.thumbnail((codec.EDGE, codec.EDGE))
            picture.save(io.BytesIO(), "JPEG", quality=codec.QUALITY)

    taken, peer = await both(ours, theirs, 7)
    note = "4000 x 3000 px; ours also makes the small picture for lists"
    return against("photo", taken * 1e3, "ms", "Pillow open + thumbnail + save", peer * 1e3, note, most=1.2)


def block(number: int) -> TargetBlock:
    target = Target(
        f"t{number}", "p", f"Amira will ask for a turn in game {number}.", "asks for a turn", "4 of 5 turns", "Takes things",
        area="communication and interaction", strategies="A card on the table", next_step="Ask a friend",
    )  # fmt: skip
    levels = list(reversed(HelpLevel))
    points = tuple(Point(1_790_000_000_000 + n * 432_000_000, levels[n % len(levels)]) for n in range(12))
    pictures = tuple(
        Picture(f"{number}.{n}", f"A photo of Amira, number {n}", f"{n} October: asked for a turn") for n in range(PHOTOS_EACH)
    )
    return TargetBlock(
        target, points, change(points), judgement(points), 12, date(2026, 9, 7), date(2026, 11, 1), (("Dana Reed", 12),),
        (("class", 12),), pictures, ("12 September: said “my turn”", "3 October: waited for a friend"),
    )  # fmt: skip


def content() -> tuple[TermlyReport, dict[str, bytes]]:
    blocks = tuple(block(number) for number in range(TARGETS))
    pupil = Pupil("p", "Amira Yusuf", year_group="Year 3", likes="water and songs", helps="time to answer")
    term = Term("2026-autumn", "Autumn 2026", date(2026, 9, 1), date(2026, 12, 18))
    report = TermlyReport(
        "Brook School", pupil, "Oak", term, date(2026, 11, 24), ("Amira needs less help.",), None, "I like the pool", blocks,
        ("19 November: carried the seedlings",), 36, 1, "20261124-36", (),
    )  # fmt: skip
    wanted = [picture.media for one in blocks for picture in one.pictures]
    return report, {media: photo(1600, 1200, seed) for seed, media in enumerate(wanted)}


def in_word(report: TermlyReport, pictures: dict[str, bytes]) -> bytes:
    """The same words and pictures through python-docx; it draws no chart and sets no pages."""
    paper, out = Document(), io.BytesIO()
    paper.add_heading(f"{report.pupil.name}, {report.term.name}", 0)
    for line in (report.school, *report.headlines, report.pupil.likes, report.pupil.helps, report.own_words):
        paper.add_paragraph(line)
    for one in report.blocks:
        paper.add_heading(one.target.chip, 1)
        for line in (one.target.statement, one.target.criterion, one.target.baseline, one.judgement, *one.notes):
            paper.add_paragraph(line)
        for picture in one.pictures:
            paper.add_picture(io.BytesIO(pictures[picture.media]), width=Mm(80))
            paper.add_paragraph(picture.caption)
    paper.save(out)
    return out.getvalue()


async def report_row() -> Row:
    report, pictures = content()

    async def ours() -> None:
        assert render(report, pictures).startswith(b"%PDF")

    async def theirs() -> None:
        in_word(report, pictures)

    await ours()
    await theirs()
    taken, peer = await both(ours, theirs)
    note = f"{TARGETS} targets, {len(pictures)} photos of {codec.EDGE} px, warm; goal also <= 0.5 s"
    row = against("report", taken * 1e3, "ms", "python-docx, same words and pictures", peer * 1e3, note, most=1)
    return replace(row, ok=row.ok and taken <= 0.5)


def first_visit(web: Path = WEB) -> Row:
    """Packed with brotli where the hub has it so: what every browser asks for over https, as in a school."""
    if not (web / "sw.js").exists():
        build(web)
    listed = re.search(r"const FILES = (\{.*?\});", (web / "sw.js").read_text(), re.S)
    assert listed
    names = ["sw.js", *json.loads(listed[1])]
    packed = [web / f"{name}.br" for name in names]
    sent = [gz if gz.exists() else web / name for gz, name in zip(packed, names, strict=True)]
    total = sum(file.stat().st_size for file in sent)
    return alone("first_visit_bytes", total / 1e6, "MB", 12, f"{len(names)} files of the built app, brotli")


async def rows(place: Path) -> list[Row]:
    return [await photo_row(), await report_row(), first_visit()]
