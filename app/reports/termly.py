"""The termly report as a tagged PDF that everyone can read: promise 4, papers are assembled and never written from nothing."""

import json
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from textwrap import shorten
from typing import Any

import typst

from app.domain.papers.termly import Picture, TargetBlock, TermlyReport
from app.domain.vocabulary.dates import brief_day, day_of_year, long_day, span
from app.domain.vocabulary.language import N_, _, current, ngettext
from app.domain.vocabulary.scales import HelpLevel
from app.reports.chart import chart, level
from app.reports.letters import everywhere, in_words, press, tidy
from app.reports.pictures import code, printable
from app.settings import ASSETS

TEMPLATE = ASSETS / "reports/termly.typ"
AREAS = {"communication": "#2A62A6", "cognition": "#6F45B3", "social": "#A83A62", "sensory": "#35702F"}
PICTURES_AT_ONCE = 4  # pictures
LONG_CAPTION = 200  # characters: a longer one stands beside its picture instead of under it
LONG_ALT = 250  # characters: the caption has the rest
LONG_BLOCK = 900  # characters of a target's words that still fit together on a page
SIGNED_BY = (N_("Class teacher"), N_("SENCO"), N_("Parent or carer"), N_("Pupil"))
SAYS = {
    "title": N_("Termly report"),
    "page": N_("Page {page} of {pages}"),
    "no_picture": N_("Picture not here yet"),
    "code": N_("QR code that opens the clip"),
    "play": N_("Play the clip"),
    "play_where": N_("On a device of the school"),
    "in_app": N_("The clip is in the app."),
    "began": N_("Where it began"),
    "first_three": N_("First three times"),
    "last_three": N_("Last three times"),
    "last_time": N_("Last time"),
    "reached": N_("Reached when"),
    "nothing": N_("Nothing has been recorded for this target in this term yet."),
    "help": N_("How we help"),
    "next": N_("Next small step"),
    "saw": N_("What we saw"),
    "voice": N_("My voice"),
    "targets": N_("Targets"),
    "no_targets": N_("There were no live targets in this term."),
    "moments": N_("Other moments to remember"),
    "dates": N_("Dates"),
    "agreed": N_("Seen and agreed"),
    "who": N_("Who"),
    "name": N_("Name"),
    "signature": N_("Signature"),
    "date": N_("Date"),
}
"""The template's own words, each shown once or more beside the data."""
MADE = N_("Made on {day}")
MADE_VERSION = N_("Made on {day} · version {version}")
RESTS = N_(
    "Made by Small Steps on {day}. Its pictures are those that the family may see by the consents of that day; other "
    "children are not named."
)
RESTS_VERSION = N_(
    "Made by Small Steps on {day}, version {version}. Its pictures are those that the family may see by the consents of that "
    "day; other children are not named."
)


def render(report: TermlyReport, pictures: Mapping[str, bytes]) -> bytes:
    """PDF/UA-1. `pictures` by the media's id: photos, and stills of clips; what is missing or broken gets a box that says so."""
    files = {"main": TEMPLATE.read_bytes()}
    content = everywhere(_content(report, _shown(report, pictures, files), files), tidy)
    try:
        return _set(content, files)
    except typst.TypstError:  # a letter that no font of ours has: dear to find beforehand, and rare
        return _set(everywhere(content, in_words), files)


def _set(content: Any, files: Mapping[str, bytes]) -> bytes:
    return press({**files, "report.json": json.dumps(content).encode()})


def _shown(report: TermlyReport, pictures: Mapping[str, bytes], files: dict[str, bytes]) -> dict[str, str]:
    """Media id -> file; the files are added to `files`."""
    wanted = list(dict.fromkeys(p.media for p in _pictures(report)))
    with ThreadPoolExecutor(PICTURES_AT_ONCE) as desks:  # decoding is most of the time, and lets other threads run
        drawn = list(desks.map(lambda media: printable(pictures.get(media, b"")), wanted))
    names = {media: f"picture-{n}.svg" for n, (media, data) in enumerate(zip(wanted, drawn, strict=True)) if data}
    files.update({names[media]: data for media, data in zip(wanted, drawn, strict=True) if data})
    return names


def _pictures(report: TermlyReport) -> Iterable[Picture]:
    yield from [report.picture] if report.picture else []
    for block in report.blocks:
        yield from block.pictures


def _content(report: TermlyReport, names: Mapping[str, str], files: dict[str, bytes]) -> dict[str, Any]:
    pupil, made = report.pupil, report.made_on
    return {
        "school": report.school, "pupil": pupil.name, "called": pupil.called, "year": pupil.year_group,
        "class": report.class_name, "term": report.term.name, "made": [made.year, made.month, made.day],
        "dates_of_term": span(day_of_year(report.term.start), day_of_year(report.term.end)),
        "made_on": _(MADE_VERSION if report.version else MADE, day=long_day(made), version=report.version),
        "says": {key: _(words) for key, words in SAYS.items()}, "language": current().tag.split("-"),
        "document": _("Termly report: {name}, {term}", name=pupil.name, term=report.term.name),
        "headlines": report.headlines, "picture": _picture(report.picture, names, files) if report.picture else None,
        "voice": _voice(report), "targets": [_target(b, n, report, names, files) for n, b in enumerate(report.blocks, 1)],
        "moments": report.moments, "dates": report.dates, "signed_by": [_(who) for who in SIGNED_BY],
        "rests_on": _rests_on(report),
    }  # fmt: skip


def _voice(report: TermlyReport) -> list[dict[str, str]]:
    said_so = {_("What I like"): report.pupil.likes, _("What helps me"): report.pupil.helps, _("In my words"): report.own_words}
    return [{"title": title, "words": words} for title, words in said_so.items() if words.strip()]


def _target(
    block: TargetBlock, number: int, report: TermlyReport, names: Mapping[str, str], files: dict[str, bytes]
) -> dict[str, Any]:
    target, called = block.target, report.pupil.called
    words = [target.statement, target.criterion, target.baseline, block.judgement]
    return {
        "number": number, "title": target.chip[:1].upper() + target.chip[1:], "statement": target.statement,
        "area": _(target.area), "dot": _dot(target.area), "criterion": target.criterion, "baseline": target.baseline,
        "then": level(block.change.first) if block.change else None, "now": level(_now(block)) if block.points else None,
        "chart": chart(block.points, called, target.chip), "judgement": block.judgement if block.seen else "",
        "facts": _facts(block), "pictures": [_picture(p, names, files) for p in block.pictures], "notes": block.notes,
        "strategies": target.strategies, "next": target.next_step, "together": sum(map(len, words)) < LONG_BLOCK,
    }  # fmt: skip


def _now(block: TargetBlock) -> HelpLevel:
    """The middle of the last three; with fewer, what was seen last."""
    return block.change.now if block.change else block.points[-1].help


def _dot(area: str) -> str:
    return next((colour for word, colour in AREAS.items() if area.startswith(word)), "")


def _facts(block: TargetBlock) -> list[dict[str, str]]:
    if not block.seen:
        return []
    days = [brief_day(day) for day in (block.first_on, block.last_on) if day]
    when = span(days[0], days[-1]) if days else ""
    seen = {
        _("Seen"): ngettext("{n} observation, {when}", "{n} observations, {when}", block.seen, when=when),
        _("Where"): _counted(block.places),
        _("With"): _counted(block.adults),
    }
    return [{"label": label, "words": words} for label, words in seen.items() if words]


def _picture(picture: Picture, names: Mapping[str, str], files: dict[str, bytes]) -> dict[str, Any]:
    drawn = code(picture.link) if picture.clip else b""
    name = f"code-{len(files)}.svg" if drawn else ""
    files.update({name: drawn} if name else {})
    return {
        "file": names.get(picture.media, ""), "alt": shorten(tidy(picture.alt), LONG_ALT, placeholder=" …") or _("A picture"),
        "caption": picture.caption, "clip": picture.clip, "link": picture.link if name else "", "code": name,
        "beside": len(picture.caption) > LONG_CAPTION,
    }  # fmt: skip


def _rests_on(report: TermlyReport) -> str:
    if not report.observations:
        return _("No observations were recorded in this term.") + " " + _made(report)
    seen = ngettext("{n} observation", "{n} observations", report.observations)
    by = ngettext("{n} adult", "{n} adults", report.adults)
    rests = (
        _("This report rests on {seen} by {by}.", seen=seen, by=by)
        if report.adults
        else _("This report rests on {seen}.", seen=seen)
    )
    return f"{rests} {_made(report)}"


def _made(report: TermlyReport) -> str:
    return _(RESTS_VERSION if report.version else RESTS, day=long_day(report.made_on), version=report.version)


def _counted(pairs: Iterable[tuple[str, int]]) -> str:
    return ", ".join(f"{word} ({count})" for word, count in pairs)
