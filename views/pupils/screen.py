"""The class by face, with a search; and one pupil: targets with first and now, then what was seen."""

import flet as ft

from app.domain.progress.change import series
from app.domain.vocabulary.language import _
from views import theme as t
from views.parts.basics import card, column, empty, heading, words, wrap
from views.parts.evidence import cards, steps
from views.parts.people import disc, face
from views.pupils.search import results, search_field, typed
from views.records.audit import audit_way
from views.records.erasing import erasing
from views.shell import framed
from views.ui import Ui

MOST = 40


def pupils(ui: Ui) -> ft.Control:
    found = ui.desk.pupils()
    if not found:
        nobody = empty(ui, ft.Icons.FACE, _("No pupils here yet"), _("The SENCO adds pupils to classes under School."))
        return framed(ui, _("Pupils"), nobody)
    faces = [face(ui, x, f"pupil-{x.id}", ui.to(f"/pupils/{x.id}"), side=96) for x in found]
    return framed(ui, _("Pupils"), column([search_field(ui), results(ui) if typed(ui) else wrap(faces, t.M)], t.L))


def pupil(ui: Ui, ident: str) -> ft.Control:
    one = ui.desk.school.pupil(ident)
    seen = ui.desk.school.observations(ident)
    top = ft.Row(
        [disc(ui, one, 72), column([words(ui, one.name, t.LEAD, bold=True), words(ui, one.year_group, quiet=True)], 0)],
        spacing=t.L,
    )
    targets: list[ft.Control] = [heading(ui, _("Targets"))]
    for target in ui.desk.targets(ident):
        count = len(series(seen, target.id))
        targets.append(
            card(
                ui,
                column(
                    [
                        words(ui, target.chip, t.LEAD, bold=True),
                        words(ui, target.statement),
                        steps(ui, ui.desk.change_of(target), count),
                    ],
                    t.XS,
                ),
            )
        )
    if len(targets) == 1:
        targets.append(words(ui, _("No live targets yet."), quiet=True))
    evidence: list[ft.Control] = [heading(ui, _("Seen ({n})", n=len(seen))), *cards(ui, seen[:MOST])]
    if not seen:
        evidence.append(empty(ui, ft.Icons.PHOTO_CAMERA, _("Nothing recorded yet"), _("A photo or a short note is enough.")))
    records = [*audit_way(ui, ident), *([erasing(ui, one)] if ui.desk.may_erase else [])]
    if ui.wide:
        panes: ft.Control = ft.Row(
            [ft.Container(column([top, *targets, *records], t.M), expand=2), ft.Container(column(evidence, t.M), expand=3)],
            spacing=t.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    else:
        panes = column([top, *targets, *evidence, *records], t.M)
    return framed(ui, one.called, panes, back="/pupils")
