"""The door: the faces of who works here, a PIN, and on to the camera; or in on cover, to record and see nothing."""

import asyncio
from functools import partial
from typing import Any

import flet as ft

from app.domain.door.pins import SHORTEST
from app.domain.register.people import Staff
from app.domain.vocabulary.language import N_, _
from app.domain.vocabulary.roles import Role
from views import theme as t
from views.parts.basics import banner, column, heading, primary, quiet, words, wrap
from views.parts.pad import pad
from views.parts.people import staff_face
from views.ui import Ui

CHOOSING = N_("4 to 8 digits, for you alone, on this device alone. It works without network.")
IN_CLASS = {Role.TA, Role.TEACHER}
CAMERA_FROM = {"/", "/capture", "/who"}  # from here the day goes on with the camera
NO_PIN = N_(
    "{name} has no PIN on this device yet. A colleague who is in can let you in (Home, People and PINs); so can the SENCO."
)
SHUT_OUT = N_("Only a person with a PIN gets in here. A SENCO can let you choose one: under School, PINs.")


def door(ui: Ui) -> ft.Control:
    """Who are you? If only one person works here, that is known."""
    box = ui.of("door")
    people = ui.desk.door.faces()
    if len(people) == 1:
        box.setdefault("who", people[0].id)
    chosen = next((s for s in people if s.id == box.get("who")), None)
    return _pad(ui, box, chosen, len(people) > 1) if chosen else _faces(ui, box, people)


def _faces(ui: Ui, box: dict[str, Any], people: list[Staff]) -> ft.Control:
    def chosen(one: Staff) -> None:
        ui.error = None
        box.update(who=one.id, typed="")

    last = sorted(people, key=lambda s: (s.id != ui.desk.door.last, s.name))
    faces = [staff_face(ui, s, f"door-{s.id}", ui.press(partial(chosen, s))) for s in last]
    more = wrap(faces, t.M) if faces else words(ui, _(SHUT_OUT))
    return _framed(ui, _("Who are you?"), [*_error(ui), more, _others(ui)])


def _others(ui: Ui) -> ft.Control:
    """In without a PIN: on cover, or with a new code."""
    ways = [quiet(ui, "door-code", _("I have a code from the SENCO"), ui.to("/join"), ft.Icons.KEY)]
    if ui.desk.door.may_cover:
        ways.insert(
            0,
            quiet(
                ui,
                "door-cover",
                _("Cover: record without a PIN"),
                ui.do(ui.desk.door.come_on_cover, ui.forget),
                ft.Icons.CAMERA_ALT,
            ),
        )
    return wrap(ways, t.M)


def _pad(ui: Ui, box: dict[str, Any], one: Staff, several: bool) -> ft.Control:
    desk = ui.desk
    lock, wait = desk.door.locks.of.get(one.id), desk.door.wait(one.id)
    lines: list[ft.Control] = [staff_face(ui, one, "door-who", None), *_error(ui)]
    if lock is None:
        lines += _no_pin(ui, one)
    elif not lock.shut:
        busy = bool(box.get("busy")) or wait > 0
        if wait:
            lines.append(_waiting(ui, box, wait))
        lines.append(pad(ui, box, partial(_typed, ui, box, one), busy))
    elif not ui.error:
        lines.append(banner(ui, _("Ten wrong PINs in a row. Please ask the SENCO to let you choose a new one.")))
    if several:
        lines.append(quiet(ui, "door-back", _("Another person"), ui.press(box.clear), ft.Icons.PEOPLE))
    else:
        lines.append(_others(ui))
    return _framed(ui, _("Your PIN"), lines)


def _no_pin(ui: Ui, one: Staff) -> list[ft.Control]:
    if ui.desk.door.may_choose(one.id):
        choose = ui.do(partial(ui.desk.door.choose_at_the_door, one.id), ui.forget)
        return [primary(ui, "choose-pin", _("Choose a new PIN"), choose, ft.Icons.LOCK_OPEN)]
    return [words(ui, _(NO_PIN, name=one.name))]


def _waiting(ui: Ui, box: dict[str, Any], wait: int) -> ft.Control:
    """The seconds that are left, told as they pass."""

    async def again() -> None:
        await asyncio.sleep(1)
        box["counting"] = False
        ui.draw()

    if not box.get("counting"):
        box["counting"] = True
        ui.page.run_task(again)
    return words(ui, _("Please wait {n} s, then try again.", n=wait), bold=True)


def _typed(ui: Ui, box: dict[str, Any], one: Staff) -> None:
    """The last digit opens: there is nothing more to press."""
    lock = ui.desk.door.locks.of[one.id]
    pin = box["typed"] = box["typed"][: lock.digits]
    ui.error = None
    if len(pin) < lock.digits or box.get("busy"):
        return
    box["busy"] = True

    async def enter() -> None:
        same = ui.desk.door.last == one.id
        try:
            await ui.desk.door.enter(one.id, pin)
        finally:
            box.update(busy=False, typed="")
        land(ui, same)

    ui.do(enter)(None)


def land(ui: Ui, same: bool) -> None:
    """In class the day goes on with the camera; a person who was in the middle of something goes on with that."""
    in_class = ui.desk.session.role in IN_CLASS
    busy = not ui.desk.drafting.draft.empty or ui.route not in CAMERA_FROM
    if same and (busy or not in_class):
        ui.of("door").clear()
        return
    ui.forget()
    ui.go("/capture" if in_class else "/")


def choose(ui: Ui) -> ft.Control:
    """Choose a PIN, twice, before anything else is shown."""
    box, me = ui.of("new-pin"), ui.desk.session.me
    typed, first = box.get("typed", ""), box.get("first", "")

    def typing() -> None:
        ui.error = None

    async def keep() -> None:
        try:
            await ui.desk.door.choose_pin(first, box.get("typed", ""))
        finally:
            box.clear()

    def home() -> None:
        ui.forget()
        ui.go("/")

    if first:
        done = primary(ui, "pin-keep", _("Keep this PIN"), ui.do(keep, home), ft.Icons.CHECK, disabled=len(typed) < SHORTEST)
    else:
        on = ui.press(lambda: box.update(first=box.get("typed", ""), typed=""))
        done = primary(ui, "pin-next", _("Next"), on, ft.Icons.ARROW_FORWARD, disabled=len(typed) < SHORTEST)
    more = _("The same PIN once more.") if first else _(CHOOSING)
    who = [staff_face(ui, me, "door-who", None)] if me else []
    return _framed(
        ui, _("Choose your PIN"), [*who, *_error(ui), words(ui, more, text_align=ft.TextAlign.CENTER), pad(ui, box, typing), done]
    )


def _error(ui: Ui) -> list[ft.Control]:
    return [banner(ui, ui.error.words)] if ui.error else []


def _framed(ui: Ui, title: str, lines: list[ft.Control]) -> ft.Control:
    """Nothing of the school but its name and its staff."""
    name = ui.desk.door.school_name
    top = [heading(ui, title, t.PAGE, 1), *([words(ui, name, quiet=True)] if name else [])]
    inner = column([*top, *lines], t.L, horizontal_alignment=ft.CrossAxisAlignment.CENTER)
    middle = ft.Container(ft.Container(inner, width=720), padding=t.XL if ui.wide else t.L, alignment=ft.Alignment(0, -1))
    return ft.SafeArea(
        ft.Column([middle], scroll=ft.ScrollMode.AUTO, expand=True, horizontal_alignment=ft.CrossAxisAlignment.CENTER),
        expand=True,
    )
