"""The school's devices: which have joined, when each was last here and what it still had to send; and ending one."""

from functools import partial
from typing import Any

import flet as ft

from app.domain.vocabulary.language import N_, _
from app.domain.vocabulary.roles import Role
from app.usecases.session.hub import Device
from app.usecases.syncing.health import last_sync
from views.devices.quarantine import waiting
from views.parts.basics import banner, card, column, named, primary, quiet, words, wrap
from views.shell import framed
from views.ui import Ui

ROLES = {
    Role.TA: N_("Class tablet"),
    Role.TEACHER: N_("Teacher"),
    Role.SENCO: N_("SENCO"),
    Role.DSL: N_("Safeguarding lead"),
    Role.SLT: N_("Leadership"),
}
NO_NAME = N_("A device without a name")
ENDING = N_(
    "At its next contact it shows nothing any more, hands in what it has not sent, for you to look at, and wipes itself. What "
    "was seen on it cannot be undone."
)


def devices(ui: Ui) -> ft.Control:
    box = ui.of("devices")

    async def look() -> None:
        box["found"] = await ui.desk.devices.all()
        box["news"] = [*waiting(await ui.desk.devices.handed_in(), ui.desk.session.now()), *await ui.desk.devices.folder_news()]

    if not box.get("asked"):
        box["asked"] = True
        ui.do(look)(None)
    again = quiet(ui, "devices-again", _("Look again"), ui.do(look), ft.Icons.REFRESH)
    handed = quiet(ui, "handed-in", _("Handed in"), ui.to("/handed-in"), ft.Icons.INBOX)
    rows = [_row(ui, box, one) for one in box.get("found") or []]
    news = [banner(ui, said, f"folder-{number}", "sending") for number, said in enumerate(box.get("news") or [])]
    return framed(ui, _("Devices"), column([*news, *rows, wrap([again, handed])]), back="/school")


def _row(ui: Ui, box: dict[str, Any], one: Device) -> ft.Control:
    lines: list[ft.Control] = [
        words(ui, f"{one.name or _(NO_NAME)} · {_(ROLES.get(Role(one.role), one.role))}", bold=True),
        named(f"sees-{one.id}", words(ui, sees(ui, one), quiet=True)),
        named(f"last-{one.id}", words(ui, _("Ended") if one.ended else last_sync(one, ui.desk.session.now()))),
    ]
    if one.id == ui.desk.devices.this_one:
        lines.append(words(ui, _("This device"), quiet=True))
    elif not one.ended:
        lines += _ending(ui, box, one)
    return card(ui, column(lines))


def sees(ui: Ui, one: Device) -> str:
    """Whose device it is, and what may be seen there."""
    names = {c.id: c.name for c in ui.desk.school.classes()}
    where = ", ".join(names[c] for c in one.classes if c in names) or _("no class")
    whole = Role(one.role) not in {Role.TA, Role.TEACHER}
    whose = ui.desk.school.staff_names().get(one.staff, "")
    sees = _("Sees the whole school.") if whole else _("Sees {classes}.", classes=where)
    return f"{whose}. {sees}" if whose else sees


def _ending(ui: Ui, box: dict[str, Any], one: Device) -> list[ft.Control]:
    """Two taps: the second one says what will be."""

    async def end() -> None:
        await ui.desk.devices.end(one.id)
        box.update(found=await ui.desk.devices.all(), ending="")

    if box.get("ending") != one.id:
        return [quiet(ui, f"end-{one.id}", _("End this device"), ui.press(partial(box.update, ending=one.id)), ft.Icons.TABLET)]
    sure = primary(ui, f"end-for-good-{one.id}", _("End it"), ui.do(end), ft.Icons.LINK_OFF)
    keep = quiet(ui, f"keep-{one.id}", _("Keep it"), ui.press(partial(box.update, ending="")))
    return [words(ui, _(ENDING)), wrap([sure, keep])]
