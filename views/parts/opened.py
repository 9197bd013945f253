"""Long parts of a screen, which open at a tap: what a screen does not show it does not build."""

from collections.abc import Callable, Sequence

import flet as ft

from views.parts.basics import quiet
from views.ui import Ui

FEW = 12  # things that are shown without asking


def opened(
    ui: Ui, name: str, things: Sequence[object], text: str, build: Callable[[], Sequence[ft.Control]]
) -> Sequence[ft.Control]:
    """What `build` makes: at once if the things are few, else below a button that says `text`. What is open stays open while
    the screen is shown."""
    if len(things) <= FEW:
        return build()
    box = ui.of(name)
    icon = ft.Icons.EXPAND_LESS if box.get("open") else ft.Icons.EXPAND_MORE
    way = quiet(ui, name, text, ui.press(lambda: box.update(open=not box.get("open"))), icon)
    return [way, *(build() if box.get("open") else ())]
