"""Documentation as a tested thing: what can be typed, set, opened or go wrong is in the README; what it points to is there."""

import inspect
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import typer.main

import app.web.build  # the build has errors of its own
from app.cli.main import cli
from app.errors import SmallStepsError, leaves
from app.hub.routes.callers import base_url
from app.settings import config_dir
from app.usecases.register.roster import name_school
from storage import errors as ground
from views.app import SCREENS, WITH_ID

ROOT = Path(__file__).parent.parent
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = ("README.md", "CHANGELOG.md", "SECURITY.md")
BUILT = app.web.build.__name__


def section(title: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", README, re.MULTILINE | re.DOTALL)
    assert found, f"the README has no section {title}"
    return found[1]


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(words that are typed, command), of every command that does something."""
    inside = getattr(command, "commands", {})
    if not inside:
        yield " ".join(words), command
    for name, one in inside.items():
        yield from commands(one, (*words, name))


COMMANDS = dict(commands(typer.main.get_command(cli)))
OPTIONS = [
    (words, option)
    for words, command in COMMANDS.items()
    for parameter in command.params
    if parameter.param_type_name == "option" and parameter.name != "help"
    for option in parameter.opts
]


def row(words: str) -> str:
    """The table's row of a command."""
    found = [line for line in section("Commands").splitlines() if line.startswith(f"| `{words}` |")]
    assert len(found) == 1, f"{words}: {len(found)} rows"
    return found[0]


# -- commands and settings -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_has_a_row_with_an_example_and_exit_codes(words: str) -> None:
    _, what, example, codes = (cell.strip() for cell in row(words).strip("|").split("|"))
    assert what and example.startswith(f"`smallsteps {words}") and codes.startswith("0"), row(words)


@pytest.mark.parametrize(("words", "option"), OPTIONS, ids=lambda part: str(part).replace(" ", "-"))
def test_every_option_is_told(words: str, option: str) -> None:
    assert f"| `{option}` |" in section("Settings") if words == "serve" else f"`{option}`" in row(words)


def test_no_command_or_option_is_told_that_is_not_there() -> None:
    told = set(re.findall(r"^\| `([a-z][a-z -]+)` \|", section("Commands"), re.MULTILINE))
    assert told == set(COMMANDS)
    typed = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", section("Commands") + section("Settings")))
    assert typed <= {option for _, option in OPTIONS} | {"--help"}


def test_the_default_port_and_address_are_the_real_ones() -> None:
    from app import settings

    assert f"| `--port` | {settings.PORT} |" in README and f"| `--host` | {settings.HOST} |" in README
    assert f"http://localhost:{settings.PORT}" in README


def test_every_variable_of_the_environment_is_told() -> None:
    read = set(re.findall(r'env\.get\("(\w+)"\)', inspect.getsource(config_dir)))
    assert read and all(f"`{name}`" in section("Settings") for name in read)


def test_every_setting_of_the_school_is_told() -> None:
    asked = set(re.findall(r'settings\.get\("(\w+)"\)', inspect.getsource(base_url)))
    written = set(re.findall(r'"school:settings", \{"(\w+)"', inspect.getsource(name_school)))
    assert asked and written and all(f"| `{name}` |" in section("Settings") for name in asked | written)


# -- errors --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", [SmallStepsError, *leaves()], ids=lambda kind: kind.code)
def test_every_error_is_told_in_its_exact_sentence(kind: type[SmallStepsError]) -> None:
    assert f"| `{kind.code}` | {kind.message} |" in section("What can go wrong, and what it says")


def test_no_error_is_told_that_is_not_there() -> None:
    told = re.findall(r"^\| `(\w+)` \|", section("What can go wrong, and what it says"), re.MULTILINE)
    assert sorted(told) == sorted([SmallStepsError.code, *(leaf.code for leaf in leaves())])


def test_the_builds_own_errors_are_among_them() -> None:
    assert {"flet_changed", "wheel_missing"} <= {leaf.code for leaf in leaves()}, BUILT


def test_every_error_of_the_ground_is_told_and_drawn_in_its_tree() -> None:
    kinds = ground.StorageError.__subclasses__()
    assert all(f"`{kind.code}`" in section("What can go wrong, and what it says") for kind in kinds)
    drawn = re.findall(r"^  \+ (\w+)  ", ground.__doc__ or "", re.MULTILINE)
    assert drawn == [kind.__name__ for kind in kinds]


# -- screens -------------------------------------------------------------------------------------------------------------
ROUTES = {f"/app/{name}" for name in (*SCREENS, "gallery", "join/<code>")} | {f"/app/{name}/<id>" for name in WITH_ID}


def test_every_screen_is_told_and_no_other() -> None:
    cells = re.findall(r"^\| (`/.*?) \|", section("Screens"), re.MULTILINE)
    assert {route for cell in cells for route in re.findall(r"`([^`]+)`", cell)} == ROUTES | {"/f/<token>"}


# -- the page itself -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("page", PAGES)
def test_every_link_leads_to_a_file_that_is_there(page: str) -> None:
    links = re.findall(r"\]\(([^)#]+)\)", (ROOT / page).read_text(encoding="utf-8"))
    assert [link for link in links if not link.startswith("http") and not (ROOT / link).is_file()] == []


def test_every_part_of_the_house_that_it_names_is_there() -> None:
    named = set(re.findall(r"(?<![\w/.])((?:app|views|storage|assets|tests)/[\w/.-]*\w/?)", README))
    assert named and [name for name in sorted(named) if not any((ROOT / f"{name}{end}").exists() for end in ("", ".py"))] == []


def test_sync_is_told_in_six_sections_each_with_an_example() -> None:
    parts = re.split(r"^(?=\*\*\d\. )", section("Sync in six short sections"), flags=re.MULTILINE)[1:]
    assert [part[:4] for part in parts] == [f"**{n}." for n in range(1, 7)]
    assert all("*Example:" in part for part in parts)


def test_decisions_are_numbered_and_each_has_a_date_and_a_status() -> None:
    text = section("Decisions")
    numbers = re.findall(r"^\*\*(\d+)\. .+\*\* \(\d{4}-\d\d-\d\d, (?:accepted|replaced)\)\. \S", text, re.MULTILINE)
    assert numbers == [str(n + 1) for n in range(len(numbers))] and text.count("\n**") == len(numbers) > 0


def test_nothing_is_left_to_be_filled_in() -> None:
    assert re.findall(r"^[A-Z]{4,}$|\bTODO\b|\bTBD\b", README, re.MULTILINE) == []


def test_the_font_licences_are_named() -> None:
    licences = [path.relative_to(ROOT).as_posix() for path in (ROOT / "assets").rglob("LICENSE-*.txt")]
    assert licences and all(f"]({path})" in section("Fonts") for path in licences)


# -- roles ---------------------------------------------------------------------------------------------------------------
def test_who_may_do_what_is_told_as_it_is() -> None:
    from app.domain.schema.rights import table

    rows = [line.strip("| ").split(" | ") for line in section("Who may do what").splitlines() if line.startswith("| ")]
    assert [[cell for cell in row if cell] for row in rows] == [[cell for cell in row if cell] for row in table()]
