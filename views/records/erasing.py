"""Erasing all records of a child, on the pupil's page: what it means, why, and a second tap; and the legal hold that stops it."""

from functools import partial

import flet as ft

from app.domain.register.people import Pupil
from app.domain.vocabulary.language import N_, _
from app.usecases.records.erasure import Why
from views import theme as t
from views.parts.basics import banner, card, choice, column, heading, named, primary, quiet, words, wrap
from views.ui import Ui

MEANS = N_(
    "Everything of {name} goes: name, targets, photos, clips, notes, the family's page and papers that are being made; from the "
    "school's folder, from the hub and from every device, also what a device has not sent yet. It cannot be brought back, not "
    "even from a backup. Reports that were printed or saved elsewhere are not reached."
)
HOW_LONG = N_("It waits seven days, and can be cancelled until then. A legal hold stops it.")
OTHERS = N_(
    "Moments of other children that show or name {name} stay with those children, and come to Review to be looked at again."
)


def erasing(ui: Ui, one: Pupil) -> ft.Control:
    """For the SENCO and the DSL only."""
    order = ui.desk.erasing.of(one.id)
    lines: list[ft.Control] = [heading(ui, _("Records"), t.LEAD, level=3), _hold(ui, one)]
    if order:
        lines.append(named("erasure-said", banner(ui, order.said, "erasure", "needs_you")))
        lines.append(
            quiet(ui, "cancel-erasure", _("Cancel the erasure"), ui.do(lambda: ui.desk.erasing.cancel(one.id)), ft.Icons.UNDO)
        )
    else:
        lines.append(_asking(ui, one))
    return named("records", card(ui, column(lines)))


def _hold(ui: Ui, one: Pupil) -> ft.Control:
    on = ui.desk.erasing.on_hold(one.id)
    text = _("Legal hold: nothing may be erased") if on else _("No legal hold")
    change = ui.do(lambda: ui.desk.erasing.set_legal_hold(one.id, not on))
    label = _("End the legal hold") if on else _("Set a legal hold")
    return wrap([words(ui, text, bold=on), quiet(ui, "legal-hold", label, change, ft.Icons.GAVEL)])


def _asking(ui: Ui, one: Pupil) -> ft.Control:
    box = ui.of(f"erasing-{one.id}")
    if not box.get("open"):
        begin = ui.press(partial(box.update, open=True))
        return quiet(ui, "erase", _("Erase all records of this child…"), begin, ft.Icons.DELETE_FOREVER)

    async def order() -> None:
        await ui.desk.erasing.order(one.id, Why(box["why"]))
        box.clear()

    reasons: list[ft.Control] = [
        choice(ui, f"why-{why}", why.words, box.get("why") == why, ui.press(partial(box.update, why=str(why)))) for why in Why
    ]
    sure = primary(
        ui, "erase-for-good", _("Erase in seven days"), ui.do(order), ft.Icons.DELETE_FOREVER, disabled=not box.get("why")
    )
    keep = quiet(ui, "keep-records", _("Keep the records"), ui.press(box.clear))
    told = [words(ui, _(text, name=one.called)) for text in (MEANS, OTHERS, HOW_LONG)]
    return column([*told, words(ui, _("Why? The reason is kept."), bold=True), wrap(reasons), wrap([sure, keep])], t.S)
