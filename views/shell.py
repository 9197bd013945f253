"""The frame around every screen: a rail on a tablet, a bar on a phone, how safe everything is, and the one banner for errors."""

from typing import Any

import flet as ft

from app.domain.vocabulary.language import _
from views import theme as t
from views.parts.basics import banner, named, words
from views.signals import SYNC, alone
from views.tabs import tabs
from views.ui import Ui


def status(ui: Ui) -> ft.Control:
    """Always there: what waits and what is safe; leads to the safe screen. It alone is drawn at each step of a round of sync."""
    return alone(ui.signals, (SYNC,), _status, ui, ui.palette)


def _status(ui: Ui, p: t.Palette) -> ft.Control:
    desk = ui.desk
    count = desk.syncing.waiting
    if desk.syncing.syncing and desk.syncing.step and desk.syncing.step[2]:
        text, kind, icon = (
            _("Sending {done} of {total}", done=desk.syncing.step[1], total=desk.syncing.step[2])
            if desk.syncing.step[0] == "sending"
            else _("Fetching"),
            "sending",
            ft.Icons.SYNC,
        )
    elif count:
        text, kind, icon = (
            _("Safe on this tablet, waiting to go") if not desk.syncing.online else _("Safe on this tablet"),
            "tablet",
            ft.Icons.TABLET_ANDROID,
        )
    else:
        text, kind, icon = _("All safe"), "folder", ft.Icons.CHECK_CIRCLE
    ink = getattr(p, f"on_{kind}")
    row = ft.Row(
        [ft.Icon(icon, size=18, color=ink), ft.Text(text, size=t.CAPTION, color=ink, weight=ft.FontWeight.BOLD)],
        tight=True,
        spacing=6,
    )
    box = ft.Container(
        row,
        bgcolor=getattr(p, kind),
        border_radius=t.ROUND,
        padding=ft.Padding.symmetric(horizontal=14),
        height=t.TOUCH,
        on_click=ui.to("/sync"),
        ink=True,
        border=ft.Border.all(p.line, ink) if p.line > 1 else None,
    )
    return ft.Semantics(identifier="status", content=box, button=True, container=True, label=text)


def notes(ui: Ui) -> list[ft.Control]:
    found: list[ft.Control] = []
    if ui.error:
        found.append(banner(ui, ui.error.words, close=ui.press(lambda: setattr(ui, "error", None))))
    if ui.notice:
        found.append(banner(ui, ui.notice, "notice", "folder", close=ui.press(lambda: setattr(ui, "notice", ""))))
    if ui.desk.syncing.left_behind and ui.route in {"/", "/sync"}:
        found.append(banner(ui, ui.desk.syncing.left_behind, "left-behind", close=ui.do(ui.desk.syncing.know_left_behind)))
    if not ui.desk.syncing.lasting and ui.route in {"/", "/sync"}:
        found.append(
            banner(
                ui,
                _("This browser may forget what is not sent yet. Add Small Steps to the home screen, and stay near Wi-Fi."),
                "may-forget",
                "sending",
            )
        )
    return found


def framed(ui: Ui, title: str, content: ft.Control, back: str = "", foot: ft.Control | None = None) -> ft.Control:
    """A screen with its title, scrolled as one; `foot` stays in sight below it. Two panes are the content's business."""
    p = ui.palette
    lead: list[ft.Control] = []
    if back:
        lead = [
            named(
                "back",
                ft.IconButton(
                    ft.Icons.ARROW_BACK,
                    tooltip=_("Back"),
                    on_click=ui.to(back),
                    width=t.TOUCH,
                    height=t.TOUCH,
                    icon_color=p.ink,
                ),
            )
        ]
    name = ft.Semantics(
        header=True, heading_level=1, content=words(ui, title, t.PAGE if ui.wide else t.TITLE, bold=True, max_lines=2)
    )
    top = ft.Row([*lead, ft.Container(name, expand=True), status(ui), *_lock(ui)], spacing=t.S)
    body = ft.Column([top, *notes(ui), content], spacing=t.L, expand=True, scroll=ft.ScrollMode.AUTO)
    whole = ft.Column([body, *([foot] if foot else [])], spacing=t.M, expand=True)
    return bare(ui, ft.Container(whole, padding=t.XL if ui.wide else t.L, expand=True))


def _lock(ui: Ui) -> list[ft.Control]:
    if not ui.desk.door.locks.begun or ui.desk.session.locked:
        return []
    box = ft.Container(
        ft.Icon(ft.Icons.LOCK, color=ui.palette.ink),
        width=t.TOUCH,
        height=t.TOUCH,
        border_radius=t.ROUND,
        alignment=ft.Alignment(0, 0),
        on_click=ui.press(ui.desk.door.lock),
        ink=True,
        tooltip=_("Lock"),
    )
    return [ft.Semantics(identifier="lock", content=box, button=True, container=True, label=_("Lock"))]


def bare(ui: Ui, inner: ft.Control) -> ft.Control:
    if not ui.desk.session.joined or ui.desk.session.locked or ui.desk.session.cover:
        return ft.SafeArea(inner, expand=True)
    found = tabs(ui.desk)
    at = found.index(ui.tab) if ui.tab in found else 0

    def go(event: Any) -> None:
        ui.go(found[int(event.control.selected_index)].path)

    p = ui.palette
    if ui.wide:
        rail = ft.NavigationRail(
            selected_index=at,
            on_change=go,
            label_type=ft.NavigationRailLabelType.ALL,
            bgcolor=p.card,
            indicator_color=p.soft,
            min_width=88,
            destinations=[ft.NavigationRailDestination(icon=x.icon, label=_(x.name)) for x in found],
        )
        return ft.SafeArea(
            ft.Row(
                [rail, ft.VerticalDivider(width=1, color=ft.Colors.with_opacity(0.4, p.outline)), inner], spacing=0, expand=True
            ),
            expand=True,
        )
    bar = ft.NavigationBar(
        selected_index=at,
        on_change=go,
        bgcolor=p.card,
        indicator_color=p.soft,
        destinations=[ft.NavigationBarDestination(icon=x.icon, label=_(x.name)) for x in found],
    )
    return ft.SafeArea(ft.Column([inner, bar], spacing=0, expand=True), expand=True)
