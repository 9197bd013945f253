"""What the school keeps where and for how long: pictures on tablets, and orders to erase a child that are open."""

from functools import partial

import flet as ft

from app.usecases.records.erasing import Shown
from app.usecases.syncing.housekeeping import media_days
from views import theme as t
from views.parts.basics import card, choice, column, heading, named, quiet, words, wrap
from views.ui import Ui

DAYS = ((7, "A week"), (14, "Two weeks"), (60, "Two months"), (0, "For ever"))
MEDIA = (
    "Pictures and clips leave a tablet when the school's folder has held them for so long, so that the tablet does not fill up. "
    "The small picture stays, and the large one comes back when somebody looks at it and there is network. What is not in the "
    "school's folder never leaves."
)


def media(ui: Ui) -> ft.Control:
    now = media_days(ui.desk.school.settings)
    usual = DAYS if now in dict(DAYS) else (*DAYS, (now, f"{now} days"))
    chips: list[ft.Control] = [
        choice(ui, f"media-days-{days}", text, days == now, ui.do(partial(ui.desk.register.set_media_days, days)))
        for days, text in usual
    ]
    return card(ui, column([heading(ui, "Pictures on tablets"), words(ui, MEDIA, quiet=True), wrap(chips)]))


def erasures(ui: Ui) -> list[ft.Control]:
    """A card, while there are open orders."""
    found = ui.desk.erasing.orders()
    return [card(ui, column([heading(ui, "Erasures that were asked for"), *[_order(ui, one) for one in found]]))] if found else []


def _order(ui: Ui, one: Shown) -> ft.Control:
    asked = f"{one.why}. Asked by {one.by}." if one.by else f"{one.why}."
    lines: list[ft.Control] = [words(ui, one.name, bold=True), words(ui, asked, quiet=True)]
    lines.append(named(f"erasure-{one.pupil}", words(ui, one.said, bold=one.stopped)))
    if not one.cancelled:
        cancel = ui.do(partial(ui.desk.erasing.cancel, one.pupil))
        lines.append(quiet(ui, f"cancel-{one.pupil}", "Cancel", cancel, ft.Icons.UNDO))
    return column(lines, t.XS)
