"""Every part in every state, to be looked at; reached by /gallery, and by /gallery?dark or ?contrast."""

from functools import partial

import flet as ft

from app.domain.progress.change import Change
from app.domain.register.people import Pupil
from app.domain.vocabulary.scales import HelpLevel
from app.usecases.desk import SyncState
from views import theme as t
from views.parts.basics import banner, card, choice, column, empty, field, heading, primary, progress, quiet, words, wrap
from views.parts.evidence import cards, help_chips, steps, sync_badge
from views.parts.people import face
from views.ui import Ui


def gallery(ui: Ui) -> ft.Control:
    for name in t.PALETTES:
        if f"?{name}" in ui.page.route:
            ui.palette = t.PALETTES[name]
    made = [
        heading(ui, "Gallery", t.PAGE, 1),
        wrap([quiet(ui, f"theme-{n}", n, ui.press(partial(setattr, ui, "palette", p))) for n, p in t.PALETTES.items()]),
        *_words(ui),
        *_people(ui),
        *_states(ui),
        *_evidence(ui),
    ]
    return ft.SafeArea(
        ft.Column([ft.Container(column(made, t.L), padding=t.XL)], scroll=ft.ScrollMode.AUTO, expand=True), expand=True
    )


def _words(ui: Ui) -> list[ft.Control]:
    return [
        heading(ui, "Words and buttons"),
        words(ui, "Lead: Amira asked Leo for a turn.", t.LEAD),
        words(ui, "Body: she waited, then signed.", t.BODY),
        words(ui, "Quiet: Dana · Tue 24 Nov, 10:40 · pool", t.CAPTION, quiet=True),
        wrap(
            [
                primary(ui, "g-primary", "Save", lambda _e: None, ft.Icons.CHECK),
                primary(ui, "g-off", "Save", lambda _e: None, disabled=True),
                quiet(ui, "g-quiet", "Finish later", lambda _e: None),
            ]
        ),
        wrap(
            [choice(ui, "g-on", "asks for a turn", True, lambda _e: None), choice(ui, "g-not", "buttons", False, lambda _e: None)]
        ),
        field(ui, "g-field", "Note", "", lambda _v: None),
        help_chips(ui, HelpLevel.GESTURE, lambda _x: None, "g-help-"),
    ]


def _people(ui: Ui) -> list[ft.Control]:
    people = [
        Pupil(f"{i:032x}", name, face_seed=i * 9 + 3, protected=i == 2)
        for i, name in enumerate(["Amira Haddad", "Łukasz Nowak", "Zoë Bell", "ليلى حسن"])
    ]
    return [heading(ui, "Faces"), wrap([face(ui, p, f"g-{p.id}", None, i == 1) for i, p in enumerate(people)])]


def _states(ui: Ui) -> list[ft.Control]:
    return [
        heading(ui, "States"),
        wrap([sync_badge(ui, s, f"g-{s}") for s in SyncState]),
        banner(ui, "There is no room left on this device. What was saved is safe.", "g-error"),
        banner(ui, "The report is ready.", "g-good", "folder"),
        banner(ui, "This browser may forget.", "g-warn", "sending"),
        progress(ui, "Sending", 3, 9),
        steps(ui, Change(HelpLevel.MODEL, HelpLevel.GESTURE, 7), 7),
        steps(ui, None, 2),
        card(ui, empty(ui, ft.Icons.DONE_ALL, "Nothing to look at", "New evidence comes here as it arrives.")),
    ]


def _evidence(ui: Ui) -> list[ft.Control]:
    found = ui.desk.school.observations()[:3]
    return [heading(ui, "Evidence"), *cards(ui, found)]
