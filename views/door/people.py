"""People and PINs of this device: who may open it, how it locks itself, and letting a colleague in."""

from functools import partial

import flet as ft

from app.domain.vocabulary.language import N_, _
from app.domain.vocabulary.roles import Role
from app.usecases.door.locks import IDLES
from views.parts.basics import card, choice, column, heading, words, wrap
from views.parts.people import staff_face
from views.shell import framed
from views.ui import Ui

TIMES = {30: N_("30 seconds"), 60: N_("A minute"), 120: N_("Two minutes"), 300: N_("Five minutes")}
COVER = N_(
    "On cover an adult without a PIN sees the first names of this device's children, to record; nothing of what others recorded."
)


def people(ui: Ui) -> ft.Control:
    """An adult who is in may let a colleague in, who then chooses a PIN."""
    return framed(ui, _("People and PINs"), column([_here(ui), _let_in(ui), _locking(ui)]), back="/")


def _here(ui: Ui) -> ft.Control:
    known = [s for s in ui.desk.door.staff_here() if s.id in ui.desk.door.locks.of]
    faces = [staff_face(ui, s, f"here-{s.id}", None) for s in known]
    said = _("For another PIN, ask the SENCO: School, PINs.")
    return card(ui, column([heading(ui, _("Have a PIN here")), wrap(faces), words(ui, said, quiet=True)]))


def _let_in(ui: Ui) -> ft.Control:
    missing = [s for s in ui.desk.door.staff_here() if s.id not in ui.desk.door.locks.of]
    faces = [staff_face(ui, s, f"let-in-{s.id}", ui.do(partial(ui.desk.door.choose_me, s.id))) for s in missing]
    said = _("Tap a face and hand the device over: your colleague chooses a PIN.") if faces else _("Everyone has a PIN here.")
    return card(ui, column([heading(ui, _("Let a colleague in")), words(ui, said, quiet=True), wrap(faces)]))


def _locking(ui: Ui) -> ft.Control:
    locks, keep = ui.desk.door.locks, ui.desk.door.set_locking
    idle = [choice(ui, f"idle-{s}", _(TIMES[s]), locks.idle == s, ui.do(partial(keep, idle=s))) for s in IDLES]
    hide = choice(
        ui, "lock-on-hide", _("Also when the screen goes off"), locks.on_hide, ui.do(partial(keep, on_hide=not locks.on_hide))
    )
    cover = choice(ui, "cover-allowed", _("Recording on cover"), locks.cover, ui.do(partial(keep, cover=not locks.cover)))
    lines = [heading(ui, _("Lock by itself after")), wrap(idle), wrap([hide])]
    shared = [wrap([cover]), words(ui, _(COVER), quiet=True)] if ui.desk.session.role is Role.TA else []
    return card(ui, column([*lines, *shared]))
