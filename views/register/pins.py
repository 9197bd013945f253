"""A new PIN for a person: every device forgets the old one."""

import flet as ft

from app.domain.register.people import Staff
from app.domain.vocabulary.language import N_, _
from views.parts.basics import card, column, heading, quiet, words, wrap
from views.parts.opened import opened
from views.ui import Ui

SAID = N_(
    "A person who forgot a PIN, or gave ten wrong ones, chooses a new one. Every device forgets the old one as soon as it "
    "reaches the hub, and lets that person choose for ten minutes."
)


def pins(ui: Ui) -> ft.Control:
    here = [one for one in ui.desk.school.staff() if not one.left]
    rows = opened(ui, "open-pins", here, _("Choose a person"), lambda: [_row(ui, one) for one in here])
    return card(ui, column([heading(ui, _("PINs")), words(ui, _(SAID), quiet=True), *rows]))


def _row(ui: Ui, one: Staff) -> ft.Control:
    box = ui.of("pins")

    async def forget() -> None:
        await ui.desk.register.forget_pin(one.id)
        box["done"] = one.id

    if box.get("done") == one.id:
        return words(ui, _("{name}: may choose a new PIN now.", name=one.name))
    return wrap(
        [words(ui, one.name, bold=True), quiet(ui, f"new-pin-{one.id}", _("New PIN"), ui.do(forget), ft.Icons.LOCK_RESET)]
    )
