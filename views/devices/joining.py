"""The first screens: join this device with a code, and say who you are."""

from functools import partial

import flet as ft

from app.domain.schema.asked import Right
from app.domain.vocabulary.language import _
from views import theme as t
from views.parts.basics import banner, card, column, field, heading, primary, progress, words, wrap
from views.parts.people import staff_face
from views.shell import framed
from views.ui import Press, Ui


def join(ui: Ui) -> ft.Control:
    box, code = ui.of("join"), code_in(ui.route)
    if box.get("link") != code:  # the page learns its route a moment after the first drawing
        box.update(link=code, code=code)
    box.setdefault("code", "")

    async def go() -> None:
        await ui.desk.joining.join(box["code"], box.get("name", ""))

    def in_then() -> None:
        ui.go("/")

    busy = ui.desk.joining.under_way
    lines = [
        ft.Image("icons/icon-192.png", width=72, height=72, semantics_label=""),
        heading(ui, _("Welcome to Small Steps"), t.PAGE, 1),
        words(ui, _("Type the eight letters that your SENCO gave you. It is needed once for this device, with the network on.")),
        *([banner(ui, ui.error.words)] if ui.error else []),
        field(
            ui,
            "join-code",
            _("Code"),
            box["code"],
            lambda v: box.update(code=v),
            capitalization=ft.TextCapitalization.CHARACTERS,
            autocorrect=False,
        ),
        field(ui, "join-name", _("Name of this device, like Oak tablet"), box.get("name", ""), lambda v: box.update(name=v)),
        primary(ui, "join", _("Joining…") if busy else _("Join"), ui.do(go, in_then), ft.Icons.LOGIN, disabled=busy),
        *([progress(ui, _("Fetching your school"), *(ui.desk.syncing.step or ("", 0, 1))[1:])] if busy else []),
    ]
    inner = card(ui, column(lines, t.L), padding=t.XL, width=520)
    return ft.SafeArea(
        ft.Column(
            [ft.Container(inner, padding=t.L, alignment=ft.Alignment(0, 0))],
            scroll=ft.ScrollMode.AUTO,
            expand=True,
            alignment=ft.MainAxisAlignment.CENTER,
            horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        ),
        expand=True,
    )


def code_in(route: str) -> str:
    """The letters of a link that leads here, /join/<code>."""
    first, _, code = route.strip("/").partition("/")
    return code if first == "join" else ""


def who(ui: Ui) -> ft.Control:
    """Which adult has the tablet in hand."""
    people = ui.desk.door.staff_here()

    def choose(ident: str) -> Press:
        async def work() -> None:
            await ui.desk.door.choose_me(ident)

        return ui.do(work, partial(ui.go, "/"))

    buttons = [staff_face(ui, s, f"staff-{s.id}", choose(s.id)) for s in people]
    more = (
        words(ui, _("So that every observation carries its author."), quiet=True)
        if people or ui.desk.session.has(Right.SET_UP)
        else words(ui, _("The list is empty so far: the SENCO adds staff under School."))
    )
    return framed(ui, _("Who are you?"), column([more, wrap(buttons, t.M), *_me(ui)], t.L))


def _me(ui: Ui) -> list[ft.Control]:
    """Who sets up a school may write down her own name."""
    box = ui.of("who")
    if not ui.desk.session.has(Right.SET_UP):
        return []

    async def add() -> None:
        await ui.desk.door.choose_me(await ui.desk.register.add_staff(box.get("name", ""), ui.desk.session.role, []))

    def typed(name: str) -> None:
        box["name"] = name
        ui.draw()

    that = primary(ui, "that-is-me", _("That is me"), ui.do(add, partial(ui.go, "/")), disabled=not box.get("name", "").strip())
    return [field(ui, "my-name", _("Not on the list? Your name"), box.get("name", ""), typed), that]


def stopped(ui_paper: str, ink: str, message: str) -> ft.Control:
    """A device that cannot keep anything does not record: say so, and nothing else."""
    lines = [
        ft.Icon(ft.Icons.LOCK_CLOCK, size=56, color=ink),
        ft.Text(
            _("Small Steps cannot record here"), size=t.PAGE, weight=ft.FontWeight.BOLD, color=ink, text_align=ft.TextAlign.CENTER
        ),
        ft.Semantics(
            identifier="stopped",
            container=True,
            content=ft.Text(message, size=t.LEAD, color=ink, text_align=ft.TextAlign.CENTER, width=520),
        ),
    ]
    middle = ft.Column(
        lines, alignment=ft.MainAxisAlignment.CENTER, horizontal_alignment=ft.CrossAxisAlignment.CENTER, spacing=t.L
    )
    return ft.Container(middle, expand=True, bgcolor=ui_paper, alignment=ft.Alignment(0, 0), padding=t.XL)
