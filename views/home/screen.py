"""Home: one big way in, what waits to be finished, today, and who has not been seen for a while."""

from functools import partial

import flet as ft

from app.domain.schema.asked import Right
from app.domain.vocabulary.language import _, ngettext
from app.usecases.session.school import local_time
from views import theme as t
from views.parts.basics import card, column, heading, named, primary, quiet, words
from views.parts.classes import chosen
from views.parts.lists import some, the_rest
from views.parts.people import faces
from views.shell import framed
from views.ui import Ui


def greeting(ui: Ui) -> str:
    hour = local_time(ui.desk.session.now()).hour
    part = _("Good morning") if hour < 12 else _("Good afternoon") if hour < 18 else _("Good evening")
    me = ui.desk.session.me
    return _("{greeting}, {name}", greeting=part, name=me.name.split(" ")[0]) if me else part


def home(ui: Ui) -> ft.Control:
    left = [*([_way_in(ui)] if ui.desk.session.has(Right.RECORD) else []), *_unfinished(ui), *_left_by_others(ui), *_class(ui)]
    right = [_today(ui), *_not_seen(ui), _here(ui)]
    if ui.wide:
        panes = ft.Row(
            [ft.Container(column(left, t.L), expand=3), ft.Container(column(right, t.L), expand=2)],
            spacing=t.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
        return framed(ui, greeting(ui), panes)
    return framed(ui, greeting(ui), column([*left, *right], t.L))


def _way_in(ui: Ui) -> ft.Control:
    p = ui.palette
    inner = ft.Column(
        [
            ft.Icon(ft.Icons.CAMERA_ALT, size=56, color=p.on_shutter),
            ft.Text(_("New observation"), size=t.PAGE if ui.wide else t.TITLE, weight=ft.FontWeight.BOLD, color=p.on_shutter),
            ft.Text(_("photo · clip · note"), size=t.BODY, color=p.on_shutter),
        ],
        horizontal_alignment=ft.CrossAxisAlignment.CENTER,
        spacing=t.S,
        tight=True,
    )
    box = ft.Container(
        inner,
        bgcolor=p.shutter,
        border_radius=t.SHEET,
        padding=t.XL,
        alignment=ft.Alignment(0, 0),
        on_click=ui.to("/capture"),
        ink=True,
    )
    return ft.Semantics(identifier="new-observation", content=box, button=True, container=True, label=_("New observation"))


def _unfinished(ui: Ui) -> list[ft.Control]:
    if ui.desk.drafting.draft.empty:
        return []
    what = _held(len(ui.desk.drafting.draft.media))
    return [
        card(
            ui,
            ft.Row(
                [
                    words(ui, _("Finish later: {what}", what=what), bold=True, expand=True),
                    quiet(ui, "finish", _("Go on"), ui.to("/capture")),
                ],
                wrap=False,
            ),
        )
    ]


def _held(pictures: int) -> str:
    return ngettext("{n} picture", "{n} pictures", pictures) if pictures else _("a note")


def _left_by_others(ui: Ui) -> list[ft.Control]:
    """A moment that another adult began here: told, and taken over by an adult who has nothing unfinished."""
    made: list[ft.Control] = []
    for person, name, pictures in ui.desk.drafting.left_by_others():
        take = quiet(ui, f"take-over-{person}", _("Take over"), ui.do(partial(ui.desk.drafting.take_over, person)))
        said = words(ui, _("Not finished, begun by {name}: {what}", name=name, what=_held(pictures)), expand=True)
        made.append(card(ui, ft.Row([said, *([take] if ui.desk.drafting.draft.empty else [])])))
    return made


def _here(ui: Ui) -> ft.Control:
    me = ui.desk.session.me
    said = _("{name} has this device in hand.", name=me.name) if me else _("Who has this device in hand has not been said yet.")
    return card(ui, column([words(ui, said), quiet(ui, "people", _("People and PINs"), ui.to("/people"), ft.Icons.PEOPLE)], t.S))


def _class(ui: Ui) -> list[ft.Control]:
    pupils = ui.desk.register.pupils()
    if not pupils:
        more = (
            _("The SENCO adds them under School.")
            if not ui.desk.session.has(Right.SET_UP)
            else _("Add your class and pupils to begin.")
        )
        made: list[ft.Control] = [words(ui, _("No pupils are on this device yet.") + " " + more)]
        if ui.desk.session.has(Right.SET_UP):
            made.append(primary(ui, "set-up", _("Set up the school"), ui.to("/school"), ft.Icons.SCHOOL))
        return [card(ui, column(made))]
    classes, shown = chosen(ui, "home-class", pupils)
    names = {c.id: c.name for c in ui.desk.school.classes()}
    title = ", ".join(dict.fromkeys(names.get(x.class_id, "") for x in shown)) or _("Pupils")
    found = faces(ui, some(ui, "home-faces", shown), "home-pupil-")
    return [heading(ui, _("{name} class", name=title)), *classes, found, *the_rest(ui, "home-faces", shown)]


def _today(ui: Ui) -> ft.Control:
    today = ui.desk.syncing.today()
    lines = [
        heading(ui, _("Today")),
        named("today", words(ui, ngettext("{n} recorded", "{n} recorded", today.recorded), t.LEAD, bold=True)),
    ]
    for count, text, icon, ink in (
        (
            today.folder,
            ngettext("{n} in the school folder", "{n} in the school folder", today.folder),
            ft.Icons.CHECK_CIRCLE,
            ui.palette.on_folder,
        ),
        (today.sending, ngettext("{n} sending", "{n} sending", today.sending), ft.Icons.SYNC, ui.palette.on_sending),
        (
            today.tablet,
            ngettext("{n} on this tablet", "{n} on this tablet", today.tablet),
            ft.Icons.TABLET_ANDROID,
            ui.palette.on_tablet,
        ),
        (today.needs_you, ngettext("{n} needs you", "{n} need you", today.needs_you), ft.Icons.ERROR, ui.palette.on_needs_you),
    ):
        if count:
            lines.append(ft.Row([ft.Icon(icon, size=20, color=ink), words(ui, text)], spacing=t.S))
    lines.append(quiet(ui, "all-safe", _("All safe?"), ui.to("/sync"), ft.Icons.SHIELD))
    return card(ui, column(lines, t.S))


def _not_seen(ui: Ui) -> list[ft.Control]:
    rows = ui.desk.plans.not_seen()[:5]
    if not rows:
        return []
    lines = [heading(ui, _("Not seen for a while"))]
    for pupil, target, days in rows:
        since = _("not yet seen") if days is None else ngettext("{n} day", "{n} days", days)
        lines.append(words(ui, f"{pupil.called} · {target.chip} · {since}"))
    return [card(ui, column(lines, t.S))]
