"""The README is one page: promises, one picture, two commands, three people, the tree as it is, and links to the rest."""

import re

import pytest

from app import settings
from tests.docs.pages import PAGES, ROOT, led_to, links, section, text

README = text("README.md")
FLOORS = ("app", "app/domain", "app/usecases", "app/hub", "app/folders", "views")


def test_it_is_at_most_nine_thousand_bytes() -> None:
    assert len(README.encode()) <= 9000


def test_it_ranks_the_six_promises() -> None:
    promises = section("README.md", "Promises, in order: an earlier one always wins over a later one")
    assert re.findall(r"^(\d)\. \*\*", promises, re.MULTILINE) == list("123456")


def test_it_has_one_picture_that_stands_on_its_own_ground() -> None:
    """A drawing without a background would be unreadable in a dark browser."""
    (picture,) = re.findall(r"!\[[^\]]{20,}\]\(([^)]+)\)", README)
    drawn = (ROOT / picture).read_text(encoding="utf-8")
    assert re.search(r'<svg .*?>\s*<title.*?</title>.*?<rect x="1" y="1" width="918" [^>]*fill="#[0-9A-F]{6}"', drawn, re.DOTALL)


def test_its_two_commands_are_in_the_makefile_and_there_is_a_way_without_make() -> None:
    told = section("README.md", "Two commands")
    made = (ROOT / "Makefile").read_text(encoding="utf-8")
    verbs = re.findall(r"^make (\w+)", told, re.MULTILINE)
    assert verbs == ["run", "test"] and all(re.search(rf"^{verb}:", made, re.MULTILINE) for verb in verbs)
    assert r"python -m app.cli.main serve --demo" in told and f"http://localhost:{settings.PORT}" in told


@pytest.mark.parametrize("person", ["teaching assistant", "SENCO", "family"])
def test_it_says_what_each_person_does_and_where_to_read_on(person: str) -> None:
    (told,) = re.findall(
        rf"^- \*\*The {person}\*\*.*?(?=^- |\n\n)", section("README.md", "Three people"), re.MULTILINE | re.DOTALL
    )
    assert "](docs/" in told


# -- the tree ------------------------------------------------------------------------------------------------------------
def inside(floor: str) -> list[str]:
    return sorted(one.name for one in (ROOT / floor).iterdir() if (one / "__init__.py").is_file())


@pytest.mark.parametrize("floor", FLOORS)
def test_every_wing_of_a_floor_is_drawn_in_the_tree(floor: str) -> None:
    tree = set(re.findall(r"[\w.]+", section("README.md", "The tree")))
    assert inside(floor) and [wing for wing in inside(floor) if wing not in tree] == []


@pytest.mark.parametrize("floor", FLOORS)
def test_the_page_of_the_house_says_what_is_in_every_wing(floor: str) -> None:
    told = set(re.findall(r"\w+", text("docs/house.md")))
    assert [wing for wing in inside(floor) if wing not in told] == []


def test_no_part_is_drawn_in_the_tree_that_is_not_there() -> None:
    tree = section("README.md", "The tree").split("```")[1]
    wings = [name for line in tree.splitlines() for name in drawn(line)]
    there = {one.name for floor in ("", *FLOORS, "tests") for one in (ROOT / floor).iterdir()}
    assert len(wings) > 40 and [name for name in wings if name not in there] == []


def drawn(line: str) -> list[str]:
    """The names in a line of the tree: folders, files, and wings, which are words between "what it is:" and the next sentence."""
    named = re.findall(r"([\w.]+)(?:/|\.py\b)", line)
    files = re.findall(r"\b\w+\.py\b", line)
    after = re.fullmatch(r"\s*\w+/ [^:]*:((?: +[a-z]+)+)(?:;.*)?", line)
    return [*(name for name in named if f"{name}.py" not in files), *files, *(after[1].split() if after else [])]


# -- every page ----------------------------------------------------------------------------------------------------------
def test_every_page_is_linked_from_the_readme_or_from_a_page_linked_there() -> None:
    first = {led_to("README.md", link) for link, _ in links("README.md")}
    second = {led_to(page, link) for page in first if page in PAGES for link, _ in links(page)}
    assert sorted({page for page in PAGES if page.startswith("docs/")} - first - second) == []


# -- developing ----------------------------------------------------------------------------------------------------------
def test_every_verb_of_the_makefile_is_told_and_no_other() -> None:
    (made,) = re.findall(r"^\.PHONY: (.+)$", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE)
    assert set(re.findall(r"^\| `make (\w+)` \|", text("docs/developing.md"), re.MULTILINE)) == set(made.split())


def test_the_way_without_make_installs_every_list_of_packages() -> None:
    lists = {one.name for one in ROOT.glob("requirements*.txt")}
    assert set(re.findall(r"-r (\S+)", section("README.md", "Two commands"))) == lists
