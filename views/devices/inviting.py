"""A code for a device: for a class's tablet, for a SENCO, or for one person's own; as a picture, as letters, and for how long."""

from collections.abc import Sequence
from contextlib import suppress
from functools import partial
from typing import Any

import flet as ft

from app.domain.register.people import SchoolClass, Staff
from app.domain.vocabulary.dates import clock
from app.domain.vocabulary.language import N_, _, ngettext
from app.domain.vocabulary.roles import Role
from app.errors import SmallStepsError
from app.usecases.session.hub import Invite
from app.usecases.session.school import local_time
from views import theme as t
from views.parts.basics import banner, card, choice, column, heading, named, quiet, words, wrap
from views.parts.opened import opened
from views.ui import Press, Ui

HOW = N_(
    "A code works once, for ten minutes. On the new device: open the camera and point it at the picture, or open Small Steps and "
    "type the letters. A device never sees more than it is invited for, and a person's own device no more than that person may."
)
ALONE = N_(
    "Only one SENCO's device has joined. If it breaks, you are locked out. On the hub's computer, print the recovery sheet "
    "(smallsteps recovery-sheet) and put it in the school's safe; or invite a second SENCO here."
)


def inviting(ui: Ui) -> ft.Control:
    box = ui.of("school-code")
    classes = ui.desk.school.classes()
    box.setdefault("classes", {c.id for c in classes})
    _know_how_many_lead(ui, box)
    lines: list[ft.Control] = [heading(ui, _("Join a device")), words(ui, _(HOW), quiet=True)]
    if box.get("lead") == 1:
        lines.append(banner(ui, _(ALONE), "alone", "sending"))
    ta, senco = partial(_make, ui, box, Role.TA, None), partial(_make, ui, box, Role.SENCO, None)
    lines += [words(ui, _("Classes that the device may see"), bold=True), *_sees(ui, box, classes)]
    lines.append(
        wrap(
            [
                quiet(ui, "code-ta", _("Code for a class tablet"), ui.do(ta), ft.Icons.TABLET, disabled=not box["classes"]),
                quiet(ui, "code-senco", _("Code for a SENCO's phone"), ui.do(senco), ft.Icons.SMARTPHONE),
                quiet(ui, "devices", _("Devices that have joined"), ui.to("/devices"), ft.Icons.DEVICES),
            ]
        )
    )
    here = [one for one in ui.desk.school.staff() if not one.left]
    own = opened(ui, "open-own", here, _("Choose a person"), lambda: [wrap([_for_one(ui, box, one) for one in here])])
    lines += [words(ui, _("Or for one person's own device"), bold=True), *own]
    return card(ui, column([*lines, *(_code(ui, box["invite"]) if box.get("invite") else [])]))


def _sees(ui: Ui, box: dict[str, Any], classes: Sequence[SchoolClass]) -> Sequence[ft.Control]:
    def chips() -> list[ft.Control]:
        return [choice(ui, f"code-class-{c.id}", c.name, c.id in box["classes"], _switch(ui, box, c.id)) for c in classes]

    chosen = sum(c.id in box["classes"] for c in classes)
    said = _("Chosen: {n} of {total}", n=chosen, total=len(classes))
    return opened(ui, "open-code-classes", classes, said, lambda: [wrap(chips())])


def _know_how_many_lead(ui: Ui, box: dict[str, Any]) -> None:
    """Asked once for each visit; without a network it is not known, and nothing is said."""

    async def look() -> None:
        with suppress(SmallStepsError):
            box["lead"] = await ui.desk.devices.how_many_lead()

    if not box.get("asked"):
        box["asked"] = True
        ui.do(look)(None)


def _switch(ui: Ui, box: dict[str, Any], ident: str) -> Press:
    return ui.press(lambda: box.update(classes=box["classes"] ^ {ident}))


def _for_one(ui: Ui, box: dict[str, Any], one: Staff) -> ft.Control:
    return quiet(ui, f"code-for-{one.id}", one.name, ui.do(partial(_make, ui, box, one.role, one)), ft.Icons.PERSON)


async def _make(ui: Ui, box: dict[str, Any], role: Role, person: Staff | None) -> None:
    chosen = [c.id for c in ui.desk.school.classes() if c.id in box["classes"]]
    own = list(person.classes) if person and person.classes else chosen
    box["invite"] = await ui.desk.devices.invite(role, own, person.id if person else None)


def _code(ui: Ui, invite: Invite) -> list[ft.Control]:
    code = f"{invite.code[:4]} {invite.code[4:]}"
    left = max(0, -(-(invite.expires - ui.desk.session.now()) // 60_000))
    until = clock(local_time(invite.expires))
    how_long = (
        ngettext("Works until {time}: {n} minute left.", "Works until {time}: {n} minutes left.", left, time=until)
        if left
        else _("This code is too old now.")
    )
    picture = [named("qr", _picture(invite.qr))] if invite.qr and left else []
    return [
        *picture,
        named("code", words(ui, code, t.NUMERAL, bold=True)),
        named("code-lasts", words(ui, how_long, bold=not left)),
        words(ui, _("The address behind the picture: {url}", url=invite.url), quiet=True),
    ]


def _picture(qr: bytes) -> ft.Control:
    what = _("A code for the camera of the new device. Its letters are below.")
    return ft.Image(qr, width=220, height=220, fit=ft.BoxFit.CONTAIN, semantics_label=what)
