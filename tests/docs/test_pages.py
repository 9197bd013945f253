"""Every page: its links lead somewhere, the parts of the house that it names are there, and it is written in plain words."""

import re

import pytest

from tests.docs.errors_page import PAGE as MADE
from tests.docs.pages import PAGES, ROOT, anchors, led_to, links, prose, text

EVERY = pytest.mark.parametrize("page", PAGES)
WRITTEN = [page for page in PAGES if ROOT / page != MADE]  # the sentences of errors are the app's own
MANNERED = re.compile(r"\b(whoever|whatever|whichever|wherever|somebody|where nobody)\b", re.IGNORECASE)


@EVERY
def test_every_link_leads_to_a_file_that_is_there(page: str) -> None:
    assert [link for link, _ in links(page) if not (ROOT / led_to(page, link)).is_file()] == []


@EVERY
def test_every_link_into_a_page_leads_to_a_heading_of_it(page: str) -> None:
    inside = [(led_to(page, link), anchor) for link, anchor in links(page) if anchor]
    assert [(to, anchor) for to, anchor in inside if anchor not in anchors(to)] == []


@EVERY
def test_every_part_of_the_house_that_it_names_is_there(page: str) -> None:
    named = set(re.findall(r"(?<![\w/.])((?:app|views|storage|assets|tests|docs|deploy)/[\w/.-]*\w/?)", text(page)))
    routes = {name for name in named if name.startswith("app/") and f"`/{name}" in text(page)}
    gone = [name for name in sorted(named - routes) if not any(there(page, f"{name}{end}") for end in ("", ".py"))]
    assert gone == []


def there(page: str, name: str) -> bool:
    return (ROOT / name).exists() or (ROOT / page).parent.joinpath(name).exists()


@pytest.mark.parametrize("page", WRITTEN)
def test_it_is_in_plain_words(page: str) -> None:
    """Subject, verb, "if": the turns of phrase that a colleague has to read twice do not come back."""
    assert MANNERED.findall(prose(page)) == []


@EVERY
def test_nothing_is_left_to_be_filled_in(page: str) -> None:
    assert re.findall(r"^[A-Z]{4,}$|\bTODO\b|\bTBD\b", text(page), re.MULTILINE) == []


@EVERY
def test_it_begins_with_its_noun(page: str) -> None:
    assert re.match(r"# \S", text(page))


# -- pages of one form ---------------------------------------------------------------------------------------------------
def test_sync_is_told_in_six_sections_each_with_an_example() -> None:
    parts = re.split(r"^(?=## \d\. )", text("docs/sync.md"), flags=re.MULTILINE)[1:]
    assert [part[:5] for part in parts] == [f"## {n}." for n in range(1, 7)]
    assert all("*Example:" in part for part in parts)


DECISION = re.compile(r"^\*\*(\d+)\. .+\*\* \((\d{4}-\d\d-\d\d), (?:accepted|replaced)\)\. \S", re.MULTILINE)


def test_decisions_have_each_a_number_of_their_own_a_date_and_a_status() -> None:
    page = text("docs/decisions.md")
    numbers = sorted(int(number) for number, _ in DECISION.findall(page))
    assert numbers == list(range(1, len(numbers) + 1)) and page.count("\n**") == len(numbers) >= 49


def test_decisions_are_told_by_subject_newest_first() -> None:
    for subject in re.split(r"^## ", text("docs/decisions.md"), flags=re.MULTILINE)[1:]:
        told = [(day, int(number)) for number, day in DECISION.findall(subject)]
        assert told and told == sorted(told, reverse=True), subject.partition("\n")[0]


def test_the_font_licences_are_named() -> None:
    licences = [path.relative_to(ROOT).as_posix() for path in (ROOT / "assets").rglob("LICENSE-*.txt")]
    assert licences and all(f"](../{path})" in text("docs/fonts.md") for path in licences)


def test_what_no_test_can_see_is_marked_as_not_verified() -> None:
    page = text("docs/ipad-checklist.md")
    assert "**Not verified by any test here**" in page and page.count("\n- [ ] ") >= 11
    assert "(ipad-checklist.md)" in text("docs/limits.md") and "(docs/ipad-checklist.md)" in text("README.md")
