"""Sentences are read in the language that is asked for, and in English if there is no other."""

import asyncio
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path

import pytest

from app.domain.vocabulary import dates
from app.domain.vocabulary.language import ENGLISH, Language, _, in_language, listed, ngettext, speak
from app.errors import SlowDown
from app.usecases.session import language
from tests.strings.__main__ import TEMPLATE, compiled, extract
from tests.strings.pseudo import marked, pseudo

WELSH = """msgid ""
msgstr ""
"Content-Type: text/plain; charset=utf-8\\n"
"Plural-Forms: nplurals=2; plural=n != 1;\\n"

msgid "Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec"
msgstr "Ion Chwe Maw Ebr Mai Meh Gor Awst Medi Hyd Tach Rhag"

msgid "{day} {month}"
msgstr "{month} {day}"

msgid "{n} file"
msgid_plural "{n} files"
msgstr[0] "{n} ffeil"
msgstr[1] "{n} o ffeiliau"
"""


@pytest.fixture
def welsh(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Language]:
    (tmp_path / "cy.po").write_text(WELSH, encoding="utf-8")
    compiled(tmp_path / "cy.po")
    monkeypatch.setattr(language, "STRINGS", tmp_path)
    language._found.cache_clear()
    yield language.language_of("cy")
    language._found.cache_clear()


def test_english_is_what_was_written() -> None:
    assert _("Sending {done} of {total}", done=3, total=9) == "Sending 3 of 9"
    assert [ngettext("{n} file", "{n} files", n) for n in (0, 1, 2)] == ["0 files", "1 file", "2 files"]
    assert _("") == "" and _("Odd {braces} stay") == "Odd {braces} stay"


def test_a_catalogue_translates_counts_and_orders_its_own_way(welsh: Language) -> None:
    with in_language(welsh):
        assert ngettext("{n} file", "{n} files", 1) == "1 ffeil" and ngettext("{n} file", "{n} files", 5) == "5 o ffeiliau"
        assert dates.brief_day(date(2026, 11, 24)) == "Tach 24" and _("") == ""
        assert _("What has no translation") == "What has no translation"
    assert dates.brief_day(date(2026, 11, 24)) == "24 Nov"


@pytest.mark.parametrize("tag", ["", "en-GB", "xx", "../../etc/passwd", "cy/../cy", "CY"])
def test_a_language_without_a_catalogue_is_english(welsh: Language, tag: str) -> None:
    assert language.language_of(tag) is ENGLISH


async def test_each_task_keeps_the_language_it_began_with(welsh: Language) -> None:
    async def later() -> str:
        await asyncio.sleep(0)
        return ngettext("{n} file", "{n} files", 1)

    with in_language(welsh):
        one = asyncio.create_task(later())
    other = asyncio.create_task(later())
    assert [await one, await other] == ["1 ffeil", "1 file"]


def test_a_device_speaks_one_language_until_another_is_asked_for(welsh: Language) -> None:
    speak(welsh)
    try:
        assert ngettext("{n} file", "{n} files", 1) == "1 ffeil"
        with in_language(ENGLISH):
            assert ngettext("{n} file", "{n} files", 1) == "1 file"
    finally:
        speak(ENGLISH)


def test_an_error_is_kept_as_it_was_written_and_read_in_the_language_of_the_reader() -> None:
    made = SlowDown()
    with in_language(pseudo()):
        assert made.words == marked(SlowDown.message) and made.message == str(made) == SlowDown.message
    assert made.words == SlowDown.message


def test_days_and_times_are_told_the_usual_ways() -> None:
    when = datetime(2026, 5, 3, 9, 5)
    assert [dates.long_day(when), dates.day_of_year(when), dates.short_day(when), dates.brief_day(when)] == [
        "3 May 2026", "3 May", "3 May 2026", "3 May",
    ]  # fmt: skip
    assert dates.moment(when) == "Sun 3 May, 09:05" and dates.full_moment(when) == "Sun 3 May 2026, 09:05"
    assert dates.time_on_day(when) == "09:05 on 3 May 2026"
    assert dates.span("1 May", "1 May") == "1 May" and dates.span("1 May", "3 May") == "1 May to 3 May"


def test_things_are_listed_with_an_and() -> None:
    assert [listed(list("abc"[:n])) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_the_template_holds_every_sentence(tmp_path: Path) -> None:
    extract(tmp_path / "now.pot")
    assert (tmp_path / "now.pot").read_text() == TEMPLATE.read_text(), "a sentence has changed: make strings"
