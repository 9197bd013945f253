"""Who works here: in which role, for which classes, and who has left."""

from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

import flet as ft

from app.domain.register.people import Staff
from app.domain.vocabulary.language import N_, _
from app.domain.vocabulary.roles import Role
from views.parts.basics import choice, column, field, named, primary, quiet, words, wrap
from views.ui import Press, Ui

ROLES = {
    Role.TA: N_("Teaching assistant"),
    Role.TEACHER: N_("Teacher"),
    Role.SENCO: N_("SENCO"),
    Role.DSL: N_("Safeguarding lead"),
    Role.SLT: N_("Leadership, looks only"),
}
LEAVES = N_(
    "{name} loses access everywhere: at its next contact an own device shows nothing any more, hands in what it has not sent and "
    "wipes itself; on shared tablets the name is gone. What was recorded stays. Pictures already seen cannot be unseen."
)
WORK = N_(
    "Holds at the next contact of each device. A device does no more than it was invited for, even if the role is a higher one."
)


def rows(ui: Ui, found: Sequence[Staff]) -> list[ft.Control]:
    names = {c.id: c.name for c in ui.desk.school.classes()}
    return [_one(ui, one, names) for one in found]


def _one(ui: Ui, one: Staff, names: Mapping[str, str]) -> ft.Control:
    box = ui.of(f"staff-{one.id}")
    if one.left:
        back = quiet(ui, f"back-{one.id}", _("Is back"), ui.do(partial(ui.desk.register.is_back, one.id)), ft.Icons.UNDO)
        return wrap(
            [
                named(f"staff-line-{one.id}", words(ui, _("{name} · has left ({day})", name=one.name, day=one.left), quiet=True)),
                back,
            ]
        )
    classes = ", ".join(names[c] for c in one.classes if c in names) or _("all classes")
    line = named(f"staff-line-{one.id}", words(ui, f"{one.name} · {_(ROLES.get(one.role, one.role))} · {classes}"))
    more = quiet(ui, f"change-{one.id}", _("Change"), ui.press(lambda: box.update(open=not box.get("open"), sure=False)))
    return column([wrap([line, more]), *(_open(ui, box, one) if box.get("open") else [])])


def _open(ui: Ui, box: dict[str, Any], one: Staff) -> list[ft.Control]:
    roles = [choice(ui, f"{r}-{one.id}", _(w), one.role is r, _work(ui, one, r, one.classes)) for r, w in ROLES.items()]
    classes = [
        choice(ui, f"{c.id}-{one.id}", c.name, c.id in one.classes, _work(ui, one, one.role, _switched(one.classes, c.id)))
        for c in ui.desk.school.classes()
    ]
    return [wrap(roles), wrap(classes), words(ui, _(WORK), quiet=True), *_leaving(ui, box, one)]


def _switched(classes: tuple[str, ...], ident: str) -> tuple[str, ...]:
    return tuple(c for c in classes if c != ident) if ident in classes else (*classes, ident)


def _work(ui: Ui, one: Staff, role: Role, classes: tuple[str, ...]) -> Press:
    return ui.do(lambda: ui.desk.register.set_work(one.id, role, classes))


def _leaving(ui: Ui, box: dict[str, Any], one: Staff) -> list[ft.Control]:
    """Two taps: the second one says what will be."""
    if ui.desk.session.me and ui.desk.session.me.id == one.id:
        return []
    if not box.get("sure"):
        return [quiet(ui, f"left-{one.id}", _("Has left"), ui.press(partial(box.update, sure=True)), ft.Icons.LOGOUT)]
    sure = primary(
        ui, f"left-for-good-{one.id}", _("Has left"), ui.do(partial(ui.desk.register.has_left, one.id)), ft.Icons.LOGOUT
    )
    stays = quiet(ui, f"stays-{one.id}", _("Not now"), ui.press(partial(box.update, sure=False)))
    return [words(ui, _(LEAVES, name=one.name)), wrap([sure, stays])]


def add(ui: Ui, typed: Any) -> list[ft.Control]:
    """A new colleague. `typed` keeps what is typed, as on the rest of the screen."""
    box = ui.of("school-staff")
    box.setdefault("role", str(Role.TA))

    async def work() -> None:
        await ui.desk.register.add_staff(box["text"], Role(box["role"]), [c.id for c in ui.desk.school.classes()])
        box.clear()

    chips = [
        choice(ui, f"role-{r}", _(w), box["role"] == r, ui.press(partial(box.update, role=str(r)))) for r, w in ROLES.items()
    ]
    ready = bool(box.get("text", "").strip())
    return [
        field(ui, "staff-name", _("Name"), box.get("text", ""), lambda v: typed(ui, box, "text", v)),
        wrap(chips),
        quiet(ui, "add-staff", _("Add"), ui.do(work), ft.Icons.ADD, disabled=not ready),
    ]
