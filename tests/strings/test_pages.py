"""The hub's pages, its errors and the report in a made-up language, which is a setting of the school or of a family's link."""

import re
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from babel.messages.pofile import read_po

from app.domain.papers.termly import TermlyReport
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.language import ENGLISH, current, in_language, speak
from app.errors import SmallStepsError, leaves
from app.hub.routes.trust import Trust, trust_site
from app.reports.termly import TEMPLATE as TYPESET
from app.reports.termly import _content
from app.usecases.papers.termly import termly
from app.usecases.session import language
from storage.ops import Change
from tests.hub.conftest import Hub, hub, time, web
from tests.strings.pseudo import TAG, TEMPLATE, catalogue, marked, pseudo
from tests.strings.reading import english, words_of

__all__ = ["hub", "time", "web"]
NAMES = {"Brook School", "Amira Haddad", "Small Steps", "Dana Reed", "Oak", "water", "Asked"}
DATA = NAMES | {
    "{page}",
    "{pages}",
    "Asks for a turn",
    "I ask for a turn",
    "Amira asks for a turn",
    "asks for a turn",
    "Autumn 2026",
}


@pytest.fixture
def known(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """The made-up language is one that the hub has."""
    (tmp_path / f"{TAG}.mo").write_bytes(catalogue())
    monkeypatch.setattr(language, "STRINGS", tmp_path)
    language._found.cache_clear()
    yield
    language._found.cache_clear()


@pytest.fixture
async def set_up(hub: Hub, known: None) -> Hub:
    """It is the language of the school."""
    await hub.writer.write([Change("school", "school:settings", "language", TAG)])
    await hub.office.refresh()
    return hub


async def shown(hub: Hub) -> None:
    """Moments that Amira's family may see, with a picture and a clip, and enough ratings for a first and a now."""
    for kind in (MediaKind.PHOTO, MediaKind.VIDEO):
        await hub.consent(hub.made.amira, Audience.OWN_FAMILY, kind=kind)
    for kind in ("image/jpeg", "video/webm", "image/jpeg"):
        hub.time.forward(60_000)
        (ident,) = await hub.observe(hub.made.amira, note="Asked" if kind == "image/jpeg" else "", kind=kind)
        await hub.approve(hub.made.amira, ident)


async def read(hub: Hub, path: str, status: int = 200) -> tuple[str, list[str]]:
    answer = await hub.client.get(path)
    assert answer.status_code == status and f'<html lang="{TAG}">' in answer.text
    return answer.text, english(words_of(answer.text), DATA)


async def test_no_sentence_of_the_familys_page_is_left_in_english(set_up: Hub) -> None:
    link = await set_up.link(set_up.made.amira)
    assert (await read(set_up, link))[1] == []
    await shown(set_up)
    page, left = await read(set_up, link)
    assert "<video" in page and "<img" in page and "then-now" in page and left == []
    set_up.time.forward(40 * 86_400_000)
    assert (await read(set_up, link, 404))[1] == []


async def test_nor_of_the_front_page(set_up: Hub) -> None:
    assert (await read(set_up, "/"))[1] == []


async def test_nor_of_the_page_that_tells_how_to_trust_the_hub(known: None) -> None:
    trust = Trust("Small Steps hub", ":".join(["00"] * 32), b"", b"", "https://hub.test")
    with in_language(pseudo()):
        transport = httpx.ASGITransport(app=trust_site(trust, lambda app: None))
        async with httpx.AsyncClient(transport=transport, base_url="http://hub.test") as client:
            text = (await client.get("/trust")).text
    assert english(words_of(text), {"Small Steps hub", "Small Steps"}) == []


async def test_a_link_has_a_language_of_its_own(hub: Hub, known: None) -> None:
    _, token, _ = await hub.office.links.make(hub.made.amira, 30, "test", language=TAG)
    assert (await read(hub, f"/f/{token}"))[1] == []
    other = (await hub.client.get(await hub.link(hub.made.amira))).text
    assert '<html lang="en-GB">' in other and "New moments" in other


async def test_an_answer_of_the_hub_is_in_the_schools_language(set_up: Hub) -> None:
    body = (await set_up.client.get("/api/links?pupil=x")).json()
    assert english([body["error"]["message"]], ()) == [], body


async def test_a_device_speaks_the_language_of_its_school_as_soon_as_it_knows(set_up: Hub) -> None:
    await set_up.client.get("/")
    try:
        language.follow(set_up.office.school)
        assert current().tag == TAG
    finally:
        speak(ENGLISH)


@pytest.mark.parametrize("leaf", [SmallStepsError, *(one for one in leaves() if one.__module__ == "app.errors")])
def test_each_error_is_read_in_the_language_of_the_reader(leaf: type[SmallStepsError]) -> None:
    with in_language(pseudo()):
        assert english([leaf().words], ()) == []


async def test_no_sentence_of_the_report_is_left_in_english(set_up: Hub) -> None:
    await shown(set_up)
    await set_up.office.refresh()
    with in_language(pseudo()):
        report = termly(set_up.office.school, set_up.made.amira, "2026-autumn", "https://hub.test", date(2026, 12, 1))
        content = _content(report, {}, {})
    assert isinstance(report, TermlyReport) and report.blocks[0].pictures and content["targets"][0]["chart"]
    assert english(texts_in(content), DATA) == []


def texts_in(held: Any, key: str = "") -> Iterator[str]:
    """All that is set in type; not addresses, files, colours and codes."""
    if isinstance(held, str) and key not in {"link", "file", "code", "fill", "dot", "rungs", "language"}:
        yield held
    elif isinstance(held, dict):
        for name, one in held.items():
            yield from texts_in(one, name)
    elif isinstance(held, list | tuple):
        for one in held:
            yield from texts_in(one, key)


def test_the_reports_template_has_no_words_of_its_own() -> None:
    text = re.sub(r"//.*", "", TYPESET.read_text(encoding="utf-8"))
    written = re.findall(r'"([^"\n]*[A-Z][a-z][^"\n]*)"', text) + re.findall(
        r"(?:\[|^ *=+ )([A-Z][a-z][^\]#\n]*)", text, re.MULTILINE
    )
    assert set(written) <= {"Small Steps", "Atkinson Hyperlegible Next", "Vazirmatn", "Noto Sans Arabic"}


# -- the ear -------------------------------------------------------------------------------------------------------------
MANNERED = re.compile(
    r"\b(whoever|whomever|whatever|whenever|wherever|somebody|anybody|nobody|everybody|where nobody|for nobody)\b", re.I
)


def test_what_people_read_is_said_plainly() -> None:
    with TEMPLATE.open("rb") as file:
        said = [text for message in read_po(file) for text in ([message.id] if isinstance(message.id, str) else message.id)]
    assert len(said) > 500 and [text for text in said if MANNERED.search(text)] == []


def test_the_made_up_language_marks_letters_and_keeps_fields() -> None:
    assert marked("Hi {name}, %(day)s <b>&amp;</b>") == "⟦Ħí {name}, %(day)s <b>&amp;</b>⟧"
