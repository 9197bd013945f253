"""Long lists: as many as fit on a screen or two, and a way to the rest, so that no tap waits on a list of everything."""

from collections.abc import Sequence
from typing import TypeVar

import flet as ft

from app.domain.vocabulary.language import _
from views.parts.basics import quiet
from views.ui import Ui

T = TypeVar("T")
MOST = 40  # things at a time


def some(ui: Ui, name: str, things: Sequence[T], most: int = MOST) -> Sequence[T]:
    """The first of the list of this name, and what was asked for since."""
    return things[: int(ui.of(name).get("most", most))]


def the_rest(ui: Ui, name: str, things: Sequence[object], most: int = MOST) -> list[ft.Control]:
    """The way to more of them, if there are more."""
    box = ui.of(name)
    now = int(box.get("most", most))
    left = len(things) - now
    if left <= 0:
        return []
    return [
        quiet(
            ui,
            f"more-{name}",
            _("Show {n} more of {left}", n=min(most, left), left=left),
            ui.press(lambda: box.update(most=now + most)),
        )
    ]
