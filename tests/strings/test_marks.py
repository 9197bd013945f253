"""What no state of a test reaches: a sentence that people read stands nowhere in the code without its mark."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
MARKS = {"_", "N_", "ngettext"}
CALLS = MARKS | {"print"}  # what is printed goes to the browser's log
IN_A_VIEW = re.compile(r"[A-Z][a-z]|[a-z] [a-z]")
ELSEWHERE = re.compile(r"^[A-Z][a-z]+ .* .*[a-z][.:…]?$|[a-z]{2} [a-z]{2}")
NO_SENTENCE = {"Atkinson Hyperlegible Next", "Small Steps", "carer, told the SENCO"}  # a font, our name, what goes into a record
UNREAD_VIEWS = {"views/gallery.py", "views/parts/portrait.py"}  # for developers, reached by its address alone; and SVG
NOT_READ = {
    "app/domain/schema/rights.py": "words of the page of roles in the docs",
    "app/media/arrived.py": "reasons that are raised and caught inside",
    "app/reports/pictures.py": "SVG",
    "app/domain/schema/fields.py": "words of the page of the schema in the docs",
    "app/domain/schema/printed.py": "words of the page of the schema in the docs",
    "app/usecases/syncing/syncing.py": "for the browser's log",
    "app/usecases/syncing/housekeeping.py": "for the browser's log",
    "app/hub/site.py": "the name of the service",
    "app/hub/routes/trust.py": "the name of the service",
}
NOT_YET = {
    "app/hub/records/chain.py": "what is wrong with a damaged audit log; a command says the same, and commands are English",
    "app/hub/records/audit.py": "that an older log was put in its place; as above",
    "app/hub/ground/signed_records.py": "a hub's key that cannot be read; for the hub's computer",
    "app/hub/files/arrivals.py": "why a fold was refused, for the hub's log",
}


def naked(file: Path, sentence: re.Pattern[str]) -> Iterator[str]:
    """Texts that look like a sentence, stand in no call that marks them, and are no docstring. What stands inside an f-string is
    not found by Babel, so it counts as unmarked."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    inside = {id(one) for node in ast.walk(tree) if isinstance(node, ast.JoinedStr) for one in ast.walk(node)}
    covered: set[int] = set()
    for node in ast.walk(tree):
        if id(node) not in inside and isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id in CALLS:
            covered |= {id(one) for one in ast.walk(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            covered.add(id(node.value))
    for node in ast.walk(tree):
        text = node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in covered else ""
        if sentence.search(text) and text not in NO_SENTENCE:
            yield f"{file.relative_to(ROOT)}:{node.lineno}: {text}"


def files(folder: str, but: set[str]) -> list[Path]:
    return [file for file in sorted((ROOT / folder).rglob("*.py")) if file.relative_to(ROOT).as_posix() not in but]


def test_no_sentence_stands_unmarked_in_the_code_of_a_screen() -> None:
    assert [line for file in files("views", UNREAD_VIEWS) for line in naked(file, IN_A_VIEW)] == []


@pytest.mark.parametrize("folder", ["app/domain", "app/usecases", "app/media", "app/reports", "app/hub"])
def test_nor_below_the_screens_and_on_the_hub_but_for_what_is_listed(folder: str) -> None:
    but = {*NOT_READ, *NOT_YET, *(f.relative_to(ROOT).as_posix() for f in (ROOT / "app/hub/serve").rglob("*.py"))}
    assert [line for file in files(folder, but) for line in naked(file, ELSEWHERE)] == []


@pytest.mark.parametrize("name", [*NOT_READ, *NOT_YET])
def test_what_is_listed_is_still_there(name: str) -> None:
    assert list(naked(ROOT / name, ELSEWHERE)), f"{name} is clean: take it off the list"
