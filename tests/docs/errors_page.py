"""Makes docs/errors.md out of the errors themselves: `python -m tests.docs.errors_page` writes it anew."""

import re

import app.web.build
from app.errors import GROUND, SmallStepsError, leaves
from storage import errors as ground
from tests.docs.pages import ROOT

PAGE = ROOT / "docs/errors.md"
BUILT = app.web.build.__package__ or ""  # the build has errors of its own
HEAD = """# What can go wrong, and what it says

<!-- Made by `python -m tests.docs.errors_page`; do not edit by hand. -->

People read a sentence: what happened, what is safe, what to do. The hub answers the same as
`{"error": {"code", "message", "retry"}}`; a command prints the sentence and ends with 2. *Again* says whether the same thing may
work later. Some sentences say more than here, for example which port. The tree is the docstring of `app/errors.py`.

| code | sentence | again | HTTP |
|---|---|---|---|
"""
OF_THE_BUILD = """
## Of the build alone
These come from `build-web` alone; there is no app to be harmed yet.

| code | sentence |
|---|---|
"""
OF_THE_GROUND = """
## On the ground
The last floor has codes of its own (`storage/errors.py`), which devices meet in the hub's answers. A person reads the sentence of
the code in the third column.

| code | what | is told as | again |
|---|---|---|---|
"""
FOOT = """
One more code, `media_missing`, is the hub's answer to a segment that came before its pictures: the device sends those first.
"""


def meanings() -> dict[str, str]:
    """What each error of the ground means, out of the tree in its module's docstring."""
    return dict(re.findall(r"^ +[+-] (\w+) {2,}(.+)$", ground.__doc__ or "", re.MULTILINE))


def ours() -> list[type[SmallStepsError]]:
    return [SmallStepsError, *(leaf for leaf in leaves() if not leaf.__module__.startswith(BUILT))]


def of_the_build() -> list[type[SmallStepsError]]:
    return [leaf for leaf in leaves() if leaf.__module__.startswith(BUILT)]


def of_the_ground() -> list[type[ground.StorageError]]:
    """Every kind that has a code, in the order of the tree. (A folder on a server has a kind without one.)"""
    found = [
        one for kind in ground.StorageError.__subclasses__() for one in (kind, *kind.__subclasses__()) if "code" in vars(one)
    ]
    return sorted(found, key=lambda kind: list(meanings()).index(kind.__name__))


def told_as(kind: type[ground.StorageError]) -> str:
    return next(GROUND[one].code for one in kind.__mro__ if one in GROUND)


def yes(retry: bool) -> str:
    return "yes" if retry else "no"


def page() -> str:
    main = "".join(f"| `{leaf.code}` | {leaf.message} | {yes(leaf.retry)} | {leaf.status} |\n" for leaf in ours())
    built = "".join(f"| `{leaf.code}` | {leaf.message} |\n" for leaf in of_the_build())
    rows = [f"| `{k.code}` | {meanings()[k.__name__]} | `{told_as(k)}` | {yes(k.retry)} |\n" for k in of_the_ground()]
    return HEAD + main + OF_THE_BUILD + built + OF_THE_GROUND + "".join(rows) + FOOT


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
