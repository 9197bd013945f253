"""After a restore: what happened, who is let in again, and that the SENCO has looked. Nothing where nothing was restored."""

import flet as ft

from app.domain.vocabulary.language import _
from app.usecases.records.restore import WHAT_TO_LOOK_AT, LookedAt
from views import theme as t
from views.parts.basics import banner, card, column, heading, named, primary, quiet, words, wrap
from views.ui import Ui


def restored(ui: Ui) -> list[ft.Control]:
    box = ui.of("restored")
    if not ui.desk.restore.brought_back:
        box.clear()
        return []

    async def look() -> None:
        box["found"] = await ui.desk.restore.look()

    lines: list[ft.Control] = [banner(ui, ui.desk.restore.brought_back, "restored", "needs_you")]
    if found := box.get("found"):
        lines += _found(ui, found)
    else:
        lines.append(primary(ui, "look-at-restored", _("Look at who is let in"), ui.do(look), ft.Icons.FACT_CHECK))
    return [card(ui, column(lines))]


def _found(ui: Ui, found: LookedAt) -> list[ft.Control]:
    lists = [
        _list(ui, "restored-devices", _("Devices that are let in"), found.devices),
        _list(ui, "restored-links", _("Families' links that open again"), found.links),
        _list(
            ui, "restored-awaited", _("Not here yet since then; these may know of a consent that was withdrawn"), found.awaited
        ),
    ]
    goes = wrap(
        [
            quiet(ui, "restored-to-devices", _("End a device"), ui.to("/devices"), ft.Icons.DEVICES),
            quiet(ui, "restored-to-families", _("End a link"), ui.to("/families"), ft.Icons.LINK_OFF),
        ]
    )
    sure = primary(ui, "restored-looked", _("Open families' pages again"), ui.do(ui.desk.restore.confirm), ft.Icons.CHECK)
    return [words(ui, _(WHAT_TO_LOOK_AT)), *[one for some in lists for one in some], goes, sure]


def _list(ui: Ui, name: str, title: str, rows: tuple[str, ...]) -> list[ft.Control]:
    if not rows:
        return []
    return [column([heading(ui, title), *[named(f"{name}-{n}", words(ui, row)) for n, row in enumerate(rows)]], t.XS)]
