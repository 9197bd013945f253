"""A device that the school has ended: nothing of the children, only what is being handed in, and then what became of it."""

import flet as ft

from app.domain.vocabulary.language import N_, _, ngettext
from app.usecases.devices.ending import Leave
from views import theme as t
from views.parts.basics import card, column, heading, named, primary, progress, quiet, words
from views.ui import Ui

TITLE = N_("This tablet was ended by the school")
NOTHING_SHOWN = N_(
    "Nothing of the children is shown here any more. What was recorded here and is not in the school's folder yet is handed in, "
    "for your SENCO to look at. When all of it is handed in and checked, everything of the school is wiped from this tablet."
)
NO_NETWORK = N_(
    "There is no way to the school's hub now. Nothing is lost: keep this tablet charged, bring it to the school's Wi-Fi and "
    "leave this page open. It goes on by itself."
)
IN_THE_WAY = N_(
    "Something is in the way: the hub may have no room for more until your SENCO has looked, or a file is damaged here. Nothing "
    "is lost and it is tried again. Please tell your SENCO, who can take in what came, or give this tablet up."
)
WIPED = N_("Everything of the school has been wiped from this tablet.")


def ended(ui: Ui) -> ft.Control:
    leave = ui.desk.ending.leave or Leave()
    lines = [ft.Icon(ft.Icons.TABLET_ANDROID, size=56, color=ui.palette.ink2), heading(ui, _(TITLE), t.PAGE, 1)]
    lines += _gone(ui, leave) if leave.done else _going(ui, leave)
    inner = card(ui, column(lines, t.L), padding=t.XL, width=560)
    middle = ft.Container(inner, padding=t.L, alignment=ft.Alignment(0, 0))
    return ft.SafeArea(
        ft.Column([middle], scroll=ft.ScrollMode.AUTO, expand=True, alignment=ft.MainAxisAlignment.CENTER), expand=True
    )


def _going(ui: Ui, leave: Leave) -> list[ft.Control]:
    async def again() -> None:
        await ui.desk.syncing.sync_now()

    handed = ngettext(
        "{done} of {n} file is handed in and checked.",
        "{done} of {n} files are handed in and checked.",
        leave.files,
        done=leave.handed,
    )
    lines: list[ft.Control] = [named("leaving", words(ui, _(NOTHING_SHOWN)))]
    lines.append(named("handed-in", words(ui, handed, bold=True)))
    if ui.desk.syncing.step:
        lines.append(progress(ui, _("Handing in"), *ui.desk.syncing.step[1:]))
    elif not ui.desk.syncing.syncing:
        lines.append(named("what-to-do", words(ui, _(IN_THE_WAY if ui.desk.syncing.online else NO_NETWORK)), live_region=True))
    text = _("Handing in…") if ui.desk.syncing.syncing else _("Try now")
    return [*lines, primary(ui, "hand-in", text, ui.do(again), ft.Icons.SYNC, disabled=ui.desk.syncing.syncing)]


def _gone(ui: Ui, leave: Leave) -> list[ft.Control]:
    lines: list[ft.Control] = [named("left", words(ui, said(leave), bold=True), live_region=True), words(ui, _(WIPED))]
    return [*lines, quiet(ui, "use-anew", _("Use this tablet anew"), ui.do(ui.desk.ending.use_anew), ft.Icons.RESTART_ALT)]


def said(leave: Leave) -> str:
    """What became of what the tablet held."""
    parts = [_("What it held was handed in: {files}.", files=_files(leave.handed))]
    if leave.lost:
        parts.append(_("The SENCO gave up the rest, which is gone: {files}.", files=_files(leave.lost)))
    if leave.unfinished:
        unfinished = ngettext(
            "{n} unfinished moment could not be handed in: it did not say which child it was about.",
            "{n} unfinished moments could not be handed in: they did not say which child they were about.",
            leave.unfinished,
        )
        parts.append(unfinished)
    return " ".join(parts)


def _files(number: int) -> str:
    return ngettext("{n} file", "{n} files", number)
