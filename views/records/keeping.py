"""What the school keeps where and for how long: pictures on tablets, and orders to erase a child that are open."""

from functools import partial

import flet as ft

from app.domain.vocabulary.language import N_, _, ngettext
from app.usecases.records.erasing import Shown
from app.usecases.syncing.housekeeping import media_days
from views import theme as t
from views.parts.basics import card, choice, column, heading, named, quiet, words, wrap
from views.ui import Ui

DAYS = ((7, N_("A week")), (14, N_("Two weeks")), (60, N_("Two months")), (0, N_("For ever")))
MEDIA = N_(
    "Pictures and clips leave a tablet when the school's folder has held them for so long, so that the tablet does not fill up. "
    "The small picture stays, and the large one comes back when it is looked at and there is network. What is not in the "
    "school's folder never leaves."
)


def media(ui: Ui) -> ft.Control:
    now = media_days(ui.desk.school.settings)
    usual = [(days, _(said)) for days, said in DAYS]
    usual += [] if now in dict(DAYS) else [(now, ngettext("{n} day", "{n} days", now))]
    chips: list[ft.Control] = [
        choice(ui, f"media-days-{days}", text, days == now, ui.do(partial(ui.desk.register.set_media_days, days)))
        for days, text in usual
    ]
    return card(ui, column([heading(ui, _("Pictures on tablets")), words(ui, _(MEDIA), quiet=True), wrap(chips)]))


def erasures(ui: Ui) -> list[ft.Control]:
    """A card, while there are open orders."""
    found = ui.desk.erasing.orders()
    return (
        [card(ui, column([heading(ui, _("Erasures that were asked for")), *[_order(ui, one) for one in found]]))] if found else []
    )


def _order(ui: Ui, one: Shown) -> ft.Control:
    asked = _("{why}. Asked by {name}.", why=one.why, name=one.by) if one.by else f"{one.why}."
    lines: list[ft.Control] = [words(ui, one.name, bold=True), words(ui, asked, quiet=True)]
    lines.append(named(f"erasure-{one.pupil}", words(ui, one.said, bold=one.stopped)))
    if not one.cancelled:
        cancel = ui.do(partial(ui.desk.erasing.cancel, one.pupil))
        lines.append(quiet(ui, f"cancel-{one.pupil}", _("Cancel"), cancel, ft.Icons.UNDO))
    return column(lines, t.XS)
