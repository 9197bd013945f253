"""The page of screens tells every screen that a route leads to, for whom it is, and no other."""

import re

from app.domain.schema.asked import RIGHTS, Right
from app.domain.vocabulary.roles import Role
from tests.docs.pages import text
from views.routes import SCREENS

OUTSIDE = {"/app/join/<code>": "a person with a code, once", "/app/gallery": "developers", "/f/<token>": "one family"}
WHO = {
    frozenset(Role): "staff",
    frozenset(Role) - {Role.SLT}: "staff but SLT",
    frozenset({Role.SENCO, Role.DSL}): "SENCO, DSL",
    frozenset({Role.SENCO}): "SENCO",
}


def address(path: str) -> str:
    return "/app" + re.sub(r":\w+", "<id>", path)


def who(right: Right) -> str:
    return WHO[RIGHTS[right]]


def test_every_screen_is_told_for_whom_it_is_and_no_other() -> None:
    rows = re.findall(r"^\| (`/.*?) \| (.*?) \|", text("docs/screens.md"), re.MULTILINE)
    told = {route: for_whom for cell, for_whom in rows for route in re.findall(r"`([^`]+)`", cell)}
    assert told == {address(screen.path): who(screen.needs) for screen in SCREENS} | OUTSIDE
