"""Words, buttons, cards and fields in the one look. Everything pressed is at least 48 px high and has an identifier."""

from collections.abc import Callable, Sequence
from typing import Any

import flet as ft

from app.domain.vocabulary.language import _
from views import theme as t
from views.ui import Press, Ui


def named(identifier: str, control: ft.Control, **more: Any) -> ft.Control:
    """The control, found by tests and by the page under a stable name that is never read aloud."""
    return ft.Semantics(identifier=identifier, content=control, container=True, key=identifier, **more)


def words(ui: Ui, text: str, size: int = t.BODY, bold: bool = False, quiet: bool = False, **more: Any) -> ft.Text:
    weight = ft.FontWeight.BOLD if bold else ft.FontWeight.NORMAL
    return ft.Text(text, size=size, weight=weight, color=ui.palette.ink2 if quiet else ui.palette.ink, **more)


def heading(ui: Ui, text: str, size: int = t.TITLE, level: int = 2) -> ft.Control:
    return ft.Semantics(header=True, heading_level=level, content=words(ui, text, size, bold=True))


def _style(ui: Ui, fill: str, ink: str, edge: str) -> ft.ButtonStyle:
    """One look for what can be pressed, and a paler one, for what cannot be pressed yet."""
    p = ui.palette
    off, other = ft.ControlState.DISABLED, ft.ControlState.DEFAULT
    thick = max(p.line, 1)
    return ft.ButtonStyle(
        color={off: p.ink2, other: ink},
        bgcolor={off: p.paper, other: fill},
        side={off: ft.BorderSide(1, p.outline), other: ft.BorderSide(thick, edge)},
        shape=ft.RoundedRectangleBorder(radius=t.ROUND),
        text_style=ft.TextStyle(size=t.BODY, weight=ft.FontWeight.BOLD, font_family=t.FONT),
        padding=ft.Padding.symmetric(horizontal=20),
    )


def primary(
    ui: Ui, identifier: str, text: str, press: Press | None, icon: Any = None, height: int = t.TOUCH_CLASS, **more: Any
) -> ft.Control:
    """The one thing to do on a screen."""
    p = ui.palette
    style = _style(ui, p.primary, p.on_primary, p.primary)
    return named(identifier, ft.FilledButton(text, icon=icon, on_click=press, height=height, style=style, **more))


def quiet(ui: Ui, identifier: str, text: str, press: Press | None, icon: Any = None, **more: Any) -> ft.Control:
    p = ui.palette
    style = _style(ui, "#00000000", p.primary if p.name != "contrast" else p.ink, p.outline)
    return named(identifier, ft.OutlinedButton(text, icon=icon, on_click=press, height=t.TOUCH, style=style, **more))


def card(ui: Ui, content: ft.Control, **more: Any) -> ft.Container:
    p = ui.palette
    more = {"padding": t.L, "width": float("inf")} | more
    edge = ft.Border.all(p.line, p.outline if p.line > 1 else ft.Colors.with_opacity(0.35, p.outline))
    return ft.Container(content, bgcolor=p.card, border_radius=t.CARD, border=edge, **more)


def choice(
    ui: Ui,
    identifier: str,
    text: str,
    chosen: bool,
    press: Press | None,
    leading: ft.Control | None = None,
    height: int = t.TOUCH,
) -> ft.Control:
    """A chip that is on or off, told by a tick and a filled ground, never by colour alone."""
    p = ui.palette
    ink = p.on_primary if chosen else p.ink
    parts = [*([leading] if leading else []), *([ft.Icon(ft.Icons.CHECK, size=18, color=ink)] if chosen else [])]
    row = ft.Row([*parts, ft.Text(text, size=t.BODY, color=ink)], tight=True, spacing=6)
    box = ft.Container(
        row,
        bgcolor=p.primary if chosen else p.card,
        border=ft.Border.all(max(1, p.line), p.primary if chosen else p.outline),
        border_radius=t.ROUND,
        padding=ft.Padding.symmetric(horizontal=14, vertical=0),
        height=height,
        on_click=press,
        ink=True,
    )
    return ft.Semantics(
        identifier=identifier,
        content=box,
        button=True,
        selected=chosen,
        container=True,
        label=text,
        key=identifier,
    )


def field(ui: Ui, identifier: str, label: str, value: str, changed: Callable[[str], Any], **more: Any) -> ft.Control:
    p = ui.palette
    made = ft.TextField(
        label=label,
        value=value,
        on_change=lambda e: changed(e.control.value or ""),
        border_color=p.outline,
        text_size=t.BODY,
        border_radius=t.CARD,
        color=p.ink,
        label_style=ft.TextStyle(color=p.ink2),
        focused_border_color=p.primary,
        border_width=max(1, p.line),
        expand=True,
        **more,
    )
    return ft.Row([named(identifier, made, expand=True)])


def wrap(controls: Sequence[ft.Control], spacing: int = t.S) -> ft.Row:
    return ft.Row(list(controls), wrap=True, spacing=spacing, run_spacing=spacing)


def column(controls: Sequence[ft.Control], spacing: int = t.M, **more: Any) -> ft.Column:
    return ft.Column(list(controls), spacing=spacing, **more)


def empty(ui: Ui, icon: Any, text: str, more: str = "") -> ft.Control:
    """Nothing here, and why that is fine or what to do."""
    lines = [ft.Icon(icon, size=48, color=ui.palette.ink2), words(ui, text, t.LEAD, bold=True, text_align=ft.TextAlign.CENTER)]
    if more:
        lines.append(words(ui, more, quiet=True, text_align=ft.TextAlign.CENTER))
    centre = ft.CrossAxisAlignment.CENTER
    return ft.Container(column(lines, horizontal_alignment=centre), padding=t.XXL, alignment=ft.Alignment(0, 0))


def banner(ui: Ui, text: str, identifier: str = "error", kind: str = "needs_you", close: Press | None = None) -> ft.Control:
    """What happened, what is safe, what to do. Read out when it comes."""
    p = ui.palette
    ink = getattr(p, f"on_{kind}")
    icon = (
        ft.Icons.ERROR_OUTLINE
        if kind == "needs_you"
        else ft.Icons.CHECK_CIRCLE_OUTLINE
        if kind == "folder"
        else ft.Icons.INFO_OUTLINE
    )
    row: list[ft.Control] = [ft.Icon(icon, color=ink), ft.Text(text, color=ink, size=t.BODY, expand=True)]
    if close:
        row.append(
            ft.IconButton(ft.Icons.CLOSE, tooltip=_("Close"), on_click=close, icon_color=ink, width=t.TOUCH, height=t.TOUCH)
        )
    edge = ft.Border.all(p.line, ink)
    box = ft.Container(ft.Row(row, spacing=t.M), bgcolor=getattr(p, kind), border_radius=t.CARD, padding=t.M, border=edge)
    return named(identifier, box, live_region=True)


def progress(ui: Ui, text: str, done: int, total: int) -> ft.Control:
    """How far something is, in words and as a bar."""
    share = done / total if total else None
    count = _("{what} · {done} of {total}", what=text, done=done, total=total) if total > 1 else text
    return named(
        "progress",
        column([words(ui, count), ft.ProgressBar(value=share, color=ui.palette.primary, bgcolor=ui.palette.soft, height=8)], t.S),
    )
