"""Who may do what is told as it is: the table of the page is the table of the schema."""

import re

from app.domain.schema.rights import table
from app.usecases.door.locks import IDLE
from tests.docs.pages import text


def test_who_may_do_what_is_told_as_it_is() -> None:
    told = re.search(r"<!-- table of rights: begin.*?-->\n(.*?)<!-- table of rights: end -->", text("docs/roles.md"), re.DOTALL)
    assert told, "docs/roles.md has lost the lines around its table"
    rows = [line.strip("| ").split(" | ") for line in told[1].splitlines() if line.startswith("| ")]
    assert [[cell for cell in row if cell] for row in rows] == [[cell for cell in row if cell] for row in table()]


def test_figures_of_pins_are_told_as_they_are() -> None:
    assert IDLE == 120 and "locks after two minutes" in text("docs/pins.md")
