"""The page of screens tells every screen that a route leads to, and no other."""

import re

from tests.docs.pages import text
from views.app import SCREENS, WITH_ID

# The one line to change when routes move: every path of a screen, without the slash before it, <id> where an id stands.
PATHS = {*SCREENS, "gallery", "join/<code>", *(f"{name}/<id>" for name in WITH_ID)}


def test_every_screen_is_told_and_no_other() -> None:
    cells = re.findall(r"^\| (`/.*?) \|", text("docs/screens.md"), re.MULTILINE)
    told = {route for cell in cells for route in re.findall(r"`([^`]+)`", cell)}
    assert told == {f"/app/{path}" for path in PATHS} | {"/f/<token>"}
