"""Papers: choose pupil and term, make the termly report, open it."""

from functools import partial

import flet as ft

from app.domain.schema.asked import Right
from app.domain.vocabulary.language import N_, _
from app.usecases.session.school import local_day
from views import theme as t
from views.parts.basics import card, choice, column, heading, named, primary, progress, quiet, words, wrap
from views.records.audit import audit_card
from views.records.keeping import erasures
from views.shell import framed
from views.ui import Ui


def reports(ui: Ui) -> ft.Control:
    box = ui.of("reports")
    pupils, terms = ui.desk.register.pupils(), ui.desk.school.terms()
    today = local_day(ui.desk.session.now())
    current = next((x.id for x in terms if x.start <= today <= x.end), terms[-1].id if terms else "")
    box.setdefault("term", current)
    who = [
        choice(ui, f"report-pupil-{p.id}", p.called, box.get("pupil") == p.id, ui.press(partial(_set, box, pupil=p.id)))
        for p in pupils
    ]
    when = [
        choice(ui, f"report-term-{x.id}", x.name, box["term"] == x.id, ui.press(partial(_set, box, term=x.id))) for x in terms
    ]

    def tell(step: str, done: int, total: int) -> None:
        box["step"] = (step, done, total)
        ui.draw()

    async def make() -> None:
        box.update(step=(N_("Sending what is new"), 0, 1), url="")
        try:
            box["url"] = await ui.desk.papers.termly_report(box["pupil"], box["term"], tell)
        finally:
            box["step"] = None

    ready = bool(box.get("pupil") and box["term"] and not box.get("step"))
    lines: list[ft.Control] = [
        heading(ui, _("Termly report")),
        words(ui, _("Whose?"), bold=True),
        wrap(who),
        words(ui, _("Which term?"), bold=True),
    ]
    lines.append(wrap(when) if when else words(ui, _("No terms yet: add them under School."), quiet=True))
    lines.append(primary(ui, "make-report", _("Make the report"), ui.do(make), ft.Icons.DESCRIPTION, disabled=not ready))
    if box.get("step"):
        step, done, total = box["step"]
        lines.append(progress(ui, _(step), done, total))
    if box.get("url"):
        lines.append(_finished(ui, box["url"]))
    families = card(
        ui,
        column(
            [
                heading(ui, _("Families")),
                words(ui, _("A link for one family to its own child's page.")),
                quiet(ui, "to-families", _("Families' links"), ui.to("/families"), ft.Icons.FAMILY_RESTROOM),
            ]
        ),
    )
    return framed(ui, _("Papers"), column([card(ui, column(lines)), families, *_without_school(ui)], t.L))


def _without_school(ui: Ui) -> list[ft.Control]:
    """What stands under School, for a person who may see it and has no School: orders to erase, and the audit log."""
    return [] if ui.desk.session.has(Right.SET_UP) else [*erasures(ui), *audit_card(ui)]


def _set(box: dict[str, object], **more: object) -> None:
    box.update(url="", **more)


def _finished(ui: Ui, url: str) -> ft.Control:
    open_it = primary(ui, "open-report", _("Open the report"), None, ft.Icons.OPEN_IN_NEW, action=ft.OpenUrl(url))
    return column(
        [
            named("report-ready", words(ui, _("The report is ready. The link works for an hour."))),
            open_it,
            named("report-url", words(ui, url, t.CAPTION, quiet=True)),
        ]
    )
