"""Papers: choose pupil and term, make the termly report, open it."""

from functools import partial

import flet as ft

from app.usecases.session.school import local_day
from views import theme as t
from views.parts.basics import card, choice, column, heading, named, primary, progress, quiet, words, wrap
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
        box.update(step=("Sending what is new", 0, 1), url="")
        try:
            box["url"] = await ui.desk.papers.termly_report(box["pupil"], box["term"], tell)
        finally:
            box["step"] = None

    ready = bool(box.get("pupil") and box["term"] and not box.get("step"))
    lines: list[ft.Control] = [
        heading(ui, "Termly report"),
        words(ui, "Whose?", bold=True),
        wrap(who),
        words(ui, "Which term?", bold=True),
    ]
    lines.append(wrap(when) if when else words(ui, "No terms yet: add them under School.", quiet=True))
    lines.append(primary(ui, "make-report", "Make the report", ui.do(make), ft.Icons.DESCRIPTION, disabled=not ready))
    if box.get("step"):
        lines.append(progress(ui, *box["step"]))
    if box.get("url"):
        lines.append(_finished(ui, box["url"]))
    families = card(
        ui,
        column(
            [
                heading(ui, "Families"),
                words(ui, "A link for one family to its own child's page."),
                quiet(ui, "to-families", "Families' links", ui.to("/families"), ft.Icons.FAMILY_RESTROOM),
            ]
        ),
    )
    return framed(ui, "Papers", column([card(ui, column(lines)), families], t.L))


def _set(box: dict[str, object], **more: object) -> None:
    box.update(url="", **more)


def _finished(ui: Ui, url: str) -> ft.Control:
    open_it = primary(ui, "open-report", "Open the report", None, ft.Icons.OPEN_IN_NEW, action=ft.OpenUrl(url))
    return column(
        [
            named("report-ready", words(ui, "The report is ready. The link works for an hour.")),
            open_it,
            named("report-url", words(ui, url, t.CAPTION, quiet=True)),
        ]
    )
