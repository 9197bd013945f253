"""The class by face, with a search; and one pupil: targets with first and now, then what was seen."""

from collections.abc import Sequence

import flet as ft

from app.domain.register.people import Pupil
from app.domain.schema.asked import Right
from app.domain.vocabulary.language import _
from views import theme as t
from views.parts.basics import card, column, empty, heading, words
from views.parts.evidence import cards, steps
from views.parts.lists import some, the_rest
from views.parts.people import disc, faces
from views.pupils.search import results, search_field, typed
from views.records.audit import audit_way
from views.records.erasing import erasing
from views.shell import framed
from views.ui import Ui

FEW = 8  # moments at a time: each is a card with a picture
FACES = 24  # at a time: each is large, and so many fill a tablet


def pupils(ui: Ui) -> ft.Control:
    found = ui.desk.register.pupils()
    if not found:
        no_pupils = empty(ui, ft.Icons.FACE, _("No pupils here yet"), _("The SENCO adds pupils to classes under School."))
        return framed(ui, _("Pupils"), no_pupils)
    return framed(ui, _("Pupils"), column([search_field(ui), *([results(ui)] if typed(ui) else _faces(ui, found))], t.L))


def _faces(ui: Ui, found: Sequence[Pupil]) -> list[ft.Control]:
    return [faces(ui, some(ui, "pupils", found, FACES), "pupil-", 96, t.M), *the_rest(ui, "pupils", found, FACES)]


def pupil(ui: Ui, ident: str) -> ft.Control:
    one = ui.desk.school.pupil(ident)
    seen = range(ui.desk.school.how_many(ident))
    top = ft.Row(
        [disc(ui, one, 72), column([words(ui, one.name, t.LEAD, bold=True), words(ui, one.year_group, quiet=True)], 0)],
        spacing=t.L,
    )
    targets: list[ft.Control] = [heading(ui, _("Targets"))]
    for target in ui.desk.plans.targets(ident):
        count = len(ui.desk.plans.series(target))
        targets.append(
            card(
                ui,
                column(
                    [
                        words(ui, target.chip, t.LEAD, bold=True),
                        words(ui, target.statement),
                        steps(ui, ui.desk.plans.change_of(target), count),
                    ],
                    t.XS,
                ),
            )
        )
    if len(targets) == 1:
        targets.append(words(ui, _("No live targets yet."), quiet=True))
    shown = cards(ui, ui.desk.school.observations(ident, most=len(some(ui, "seen", seen, FEW))))
    evidence: list[ft.Control] = [heading(ui, _("Seen ({n})", n=len(seen))), *shown, *the_rest(ui, "seen", seen, FEW)]
    if not seen:
        evidence.append(empty(ui, ft.Icons.PHOTO_CAMERA, _("Nothing recorded yet"), _("A photo or a short note is enough.")))
    records = [*audit_way(ui, ident), *([erasing(ui, one)] if ui.desk.session.has(Right.ERASE) else [])]
    if ui.wide:
        panes: ft.Control = ft.Row(
            [ft.Container(column([top, *targets, *records], t.M), expand=2), ft.Container(column(evidence, t.M), expand=3)],
            spacing=t.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    else:
        panes = column([top, *targets, *evidence, *records], t.M)
    return framed(ui, one.called, panes, back="/pupils")
