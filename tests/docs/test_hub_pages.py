"""Running a hub: what can be typed and set is told, as it is; and nothing is told that is not there."""

import inspect
import re
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from app import settings
from app.cli.main import cli
from app.domain.schema.table import KINDS
from app.folders.places import BACKUP
from app.hub.serve.authority import LOCAL_ENDINGS
from app.settings import config_dir
from tests.docs.pages import section, text

COMMANDS_PAGE, SETTINGS_PAGE, NETWORK_PAGE = "docs/commands.md", "docs/settings.md", "docs/network.md"


def commands(command: Any, words: tuple[str, ...] = ()) -> Iterator[tuple[str, Any]]:
    """(words that are typed, command), of every command that does something."""
    inside = getattr(command, "commands", {})
    if not inside:
        yield " ".join(words), command
    for name, one in inside.items():
        yield from commands(one, (*words, name))


SMALLSTEPS = typer.main.get_command(cli)
COMMANDS = dict(commands(SMALLSTEPS))
ITS_OWN = {option for parameter in SMALLSTEPS.params for option in parameter.opts} | {"--help"}  # of no command, as --version
OPTIONS = [
    (words, option)
    for words, command in COMMANDS.items()
    for parameter in command.params
    if parameter.param_type_name == "option" and parameter.name != "help"
    for option in parameter.opts
]


def row(words: str) -> str:
    """The table's row of a command."""
    found = [line for line in text(COMMANDS_PAGE).splitlines() if line.startswith(f"| `{words}` |")]
    assert len(found) == 1, f"{words}: {len(found)} rows"
    return found[0]


# -- commands and settings -----------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_has_a_row_with_an_example_and_exit_codes(words: str) -> None:
    _, what, example, codes = (cell.strip() for cell in row(words).strip("|").split("|"))
    assert what and example.startswith(f"`smallsteps {words}") and codes.startswith("0"), row(words)


@pytest.mark.parametrize(("words", "option"), OPTIONS, ids=lambda part: str(part).replace(" ", "-"))
def test_every_option_is_told(words: str, option: str) -> None:
    assert f"| `{option}` |" in text(SETTINGS_PAGE) if words == "serve" else f"`{option}`" in row(words)


def test_no_command_or_option_is_told_that_is_not_there() -> None:
    table = text(COMMANDS_PAGE).partition("\n## ")[0]
    assert set(re.findall(r"^\| `([a-z][a-z -]+)` \|", table, re.MULTILINE)) == set(COMMANDS)
    pages = (COMMANDS_PAGE, SETTINGS_PAGE, NETWORK_PAGE, "docs/backup.md", "docs/running-a-hub.md")
    typed = {option for page in pages for option in re.findall(r"(?<![\w-])--[a-z][a-z-]+", text(page))}
    assert typed <= {option for _, option in OPTIONS} | ITS_OWN


def test_every_option_of_the_program_itself_is_told() -> None:
    assert [option for option in sorted(ITS_OWN) if option not in text(COMMANDS_PAGE)] == []


@pytest.mark.parametrize(
    "page", ["README.md", "SECURITY.md", "docs/running-a-hub.md", "docs/roles.md", "docs/backup.md", "docs/network.md"]
)
def test_every_command_that_a_page_types_is_there(page: str) -> None:
    typed = re.findall(r"(?:^|`)smallsteps ([a-z-]+(?: termly)?)", text(page), re.MULTILINE)
    assert [words for words in typed if words not in COMMANDS] == []


def test_the_default_port_and_address_are_the_real_ones() -> None:
    page = text(SETTINGS_PAGE)
    assert f"| `--port` | {settings.PORT} |" in page and f"| `--host` | {settings.HOST} |" in page


def test_every_variable_of_the_environment_is_told() -> None:
    read = set(re.findall(r'env\.get\("(\w+)"\)', inspect.getsource(config_dir)))
    assert read and all(f"`{name}`" in section(SETTINGS_PAGE, "Environment") for name in read)


def test_every_setting_of_the_school_is_told_and_no_other() -> None:
    told = re.findall(r"^\| `(\w+)` \|", section(SETTINGS_PAGE, "In the school's folder"), re.MULTILINE)
    assert sorted(told) == sorted(KINDS["school"].fields)


def test_names_that_the_hubs_own_authority_may_vouch_for_are_told() -> None:
    assert all(
        f"`.{one}`" in text(NETWORK_PAGE) or f"`{one}`" in text(NETWORK_PAGE) for one in LOCAL_ENDINGS if one != "localhost"
    )


def test_the_file_that_says_what_a_backup_is_bears_its_real_name() -> None:
    assert f"`{BACKUP}`" in text("docs/backup.md")
