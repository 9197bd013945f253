"""The audit log, for the SENCO and the DSL: who did what and when, newest first; and whether all of it is as it was written."""

from functools import partial
from typing import Any

import flet as ft

from app.domain.schema.asked import Right
from app.domain.vocabulary.language import N_, _
from app.usecases.records.audit_log import FILTERS, Page
from views.parts.basics import banner, card, choice, column, empty, heading, named, quiet, words, wrap
from views.shell import framed
from views.ui import Ui

WHOLE = N_("Nothing in this log was changed, taken out or put in since it was written.")
BROKEN = N_(
    "This log is not as the hub wrote it. Please tell the person who looks after the hub's computer: smallsteps check says more."
)
REPLACED = N_("Was a backup brought back, or was this hub moved? Then that is the reason, and you can say so here.")
WHAT = N_(
    "What families looked at, links, consents, erasures, papers, devices and who works here. It holds ids; names are looked up."
)


def audit(ui: Ui) -> ft.Control:
    return _log(ui, "", _("Audit log"), "/school" if ui.desk.session.has(Right.SET_UP) else "/reports")


def audit_of(ui: Ui, pupil: str) -> ft.Control:
    """What is about one child."""
    known = ui.desk.school.known([pupil]).get(pupil)
    return _log(
        ui, pupil, _("Audit log: {name}", name=known.called) if known else _("Audit log of one child"), f"/pupils/{pupil}"
    )


def _log(ui: Ui, pupil: str, title: str, back: str) -> ft.Control:
    box = ui.of(f"audit-{pupil}")

    async def look(kind: str = "", before: int = 0) -> None:
        page: Page = await ui.desk.audit_log.page(before, kind, pupil)
        lines = [*(box.get("lines") or []), *page.lines] if before else list(page.lines)
        box.update(kind=kind, lines=lines, older=page.older)
        if not before:
            box.update(faults=page.faults, replaced=page.replaced)

    if not box.get("asked"):
        box["asked"] = True
        ui.do(look)(None)
    chips = [
        choice(ui, f"audit-{k or 'all'}", _(text), box.get("kind", "") == k, ui.do(partial(look, k)))
        for k, text in FILTERS.items()
    ]
    return framed(
        ui, title, column([words(ui, _(WHAT), quiet=True), *_state(ui, box), wrap(chips), *_lines(ui, box, look)]), back=back
    )


def _state(ui: Ui, box: dict[str, Any]) -> list[ft.Control]:
    faults = box.get("faults")
    if faults is None:
        return []
    if not faults:
        return [named("audit-whole", words(ui, _(WHOLE)))]
    said = " ".join(f"{one[:1].upper()}{one[1:]}." for one in faults[-3:])
    told: list[ft.Control] = [banner(ui, f"{_(BROKEN)} {said}", "audit-broken")]
    if box.get("replaced"):
        told += [
            words(ui, _(REPLACED)),
            quiet(ui, "know-log", _("We know why"), ui.do(ui.desk.audit_log.know, box.clear), ft.Icons.CHECK),
        ]
    return told


def _lines(ui: Ui, box: dict[str, Any], look: Any) -> list[ft.Control]:
    lines = box.get("lines")
    if lines is None:
        return []
    if not lines:
        return [empty(ui, ft.Icons.FACT_CHECK, _("Nothing of this kind is in the log yet"))]
    found: list[ft.Control] = [card(ui, column([named(f"entry-{one.n}", words(ui, one.words)) for one in lines]))]
    if box.get("older"):
        more = ui.do(lambda: look(box["kind"], box["older"]))
        found.append(quiet(ui, "audit-older", _("Older ones"), more, ft.Icons.EXPAND_MORE))
    return found


def audit_way(ui: Ui, pupil: str) -> list[ft.Control]:
    """The way to what is about one child, on its screen."""
    if not ui.desk.session.has(Right.AUDIT):
        return []
    return [quiet(ui, "audit-of", _("Who did what"), ui.to(f"/audit/{pupil}"), ft.Icons.FACT_CHECK)]


def audit_card(ui: Ui) -> list[ft.Control]:
    """The way there, on the School screen."""
    if not ui.desk.session.has(Right.AUDIT):
        return []
    way = quiet(ui, "audit-log", _("Audit log"), ui.to("/audit"), ft.Icons.FACT_CHECK)
    return [card(ui, column([heading(ui, _("Who did what")), words(ui, _(WHAT), quiet=True), wrap([way])]))]
