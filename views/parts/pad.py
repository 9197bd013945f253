"""The pad for a PIN: large keys, and dots instead of digits."""

from collections.abc import Callable
from functools import partial
from typing import Any

import flet as ft

from app.domain.door.pins import LONGEST
from app.domain.vocabulary.language import _, ngettext
from views import theme as t
from views.parts.basics import column, named
from views.ui import Ui

KEY = 72  # px
ROWS = ("123", "456", "789")


def pad(ui: Ui, box: dict[str, Any], then: Callable[[], None], still: bool = False) -> ft.Control:
    """What is typed is in `box["typed"]`; calls `then` after each key; `still`: the keys rest. Quick fingers press again before
    the screen is drawn anew, so a key adds to what is there when it is pressed."""

    def press(digit: str) -> None:
        typed = box.get("typed", "")
        box["typed"] = (typed + digit)[:LONGEST] if digit else typed[:-1]
        then()

    rows = [_row([_digit(ui, digit, press, still) for digit in row]) for row in ROWS]
    back = _key(ui, "pin-back", ft.Icon(ft.Icons.BACKSPACE, color=ui.palette.ink), _("Delete"), partial(press, ""), still)
    last = _row([ft.Container(width=KEY), _digit(ui, "0", press, still), back])
    return column([dots(ui, len(box.get("typed", ""))), *rows, last], t.M, horizontal_alignment=ft.CrossAxisAlignment.CENTER)


def dots(ui: Ui, count: int) -> ft.Control:
    ink = ui.palette.primary
    line: list[ft.Control] = [ft.Container(width=16, height=16, border_radius=8, bgcolor=ink) for _ in range(count)]
    said = ngettext("{n} digit", "{n} digits", count)
    return named("pin-dots", ft.Row(line, spacing=t.M, height=24, tight=True), label=said, live_region=True)


def _row(keys: list[ft.Control]) -> ft.Row:
    return ft.Row(keys, spacing=t.L, tight=True)


def _digit(ui: Ui, digit: str, press: Callable[[str], None], still: bool) -> ft.Control:
    text = ft.Text(digit, size=t.TITLE, weight=ft.FontWeight.BOLD, color=ui.palette.ink)
    return _key(ui, f"pin-{digit}", text, digit, partial(press, digit), still)


def _key(ui: Ui, identifier: str, inner: ft.Control, label: str, press: Callable[[], None], still: bool) -> ft.Control:
    p = ui.palette
    box = ft.Container(
        inner,
        width=KEY,
        height=KEY,
        border_radius=KEY / 2,
        bgcolor=p.card,
        border=ft.Border.all(max(1, p.line), p.outline),
        alignment=ft.Alignment(0, 0),
        on_click=None if still else ui.press(press),
        ink=True,
        opacity=0.5 if still else 1,
    )
    return ft.Semantics(identifier=identifier, content=box, button=True, container=True, label=label, key=identifier)
