"""Capture: the shutter first, then who and what; saved as soon as a pupil is tapped, and everything after is optional."""

import base64
from functools import partial

import flet as ft

from app.domain.vocabulary.language import _
from app.domain.vocabulary.scales import SETTINGS, HelpLevel
from app.usecases.desk import SyncState
from app.usecases.evidence.capture import DraftMedia
from views import theme as t
from views.evidence.camera import Camera, buttons, preview
from views.parts.basics import card, choice, column, field, heading, named, primary, quiet, words, wrap
from views.parts.evidence import help_chips, sync_badge
from views.parts.people import face
from views.shell import framed
from views.ui import Press, Ui

PLACES = SETTINGS[:-1]  # all but home, where no device of the school is


def capture(ui: Ui) -> ft.Control:
    box = ui.of("capture")
    if saved := box.get("saved"):
        return _saved(ui, saved)
    if box.get("stage", "camera" if ui.desk.drafting.draft.empty else "who") == "camera":
        return _camera(ui)
    return _who_and_what(ui)


def to_stage(ui: Ui, stage: str) -> None:
    ui.of("capture")["stage"] = stage
    for told in ("saved", "sure"):
        ui.of("capture").pop(told, None)
    if stage != "camera":
        ui.of("capture").pop("camera", None)


def _camera(ui: Ui) -> ft.Control:
    box = ui.of("capture")
    ui.desk.door.holding = True
    camera = box.setdefault("camera", None) or Camera(ui)
    box["camera"] = camera
    to_who = partial(to_stage, ui, "who")
    picture, press = preview(ui, camera), buttons(ui, camera, to_who)
    if not ui.desk.drafting.draft.empty:
        press = column([press, quiet(ui, "to-who", _("Back to who and what"), ui.press(to_who))], t.M)
    if not ui.wide:
        return framed(ui, _("New observation"), column([picture, press], t.L), back=_back(ui))
    panes = ft.Row([ft.Container(picture, expand=3), ft.Container(press, expand=1)], spacing=t.XL)
    return framed(ui, _("New observation"), panes, back=_back(ui))


def _who_and_what(ui: Ui) -> ft.Control:
    draft = ui.desk.drafting.draft
    left = [_pictures(ui), _note(ui), heading(ui, _("Where?")), _settings(ui), _throw_away(ui)]
    chosen = [] if ui.desk.session.cover else [_targets(ui, p) for p in draft.pupils]
    right = [heading(ui, _("Who?")), _faces(ui), *chosen]
    if ui.wide:
        panes: ft.Control = ft.Row(
            [ft.Container(column(left, t.M), expand=2), ft.Container(column(right, t.M), expand=3)],
            spacing=t.XL,
            vertical_alignment=ft.CrossAxisAlignment.START,
        )
    else:
        panes = column([_pictures(ui), *right, *left[1:]], t.M)
    return framed(ui, _("Who and what?"), panes, back=_back(ui), foot=_save(ui))


def _pictures(ui: Ui) -> ft.Control:
    shown: list[ft.Control] = [_picture(ui, m) for m in ui.desk.drafting.draft.media]
    more = quiet(ui, "another-picture", _("Another picture"), ui.press(lambda: to_stage(ui, "camera")), ft.Icons.ADD_A_PHOTO)
    return column([*([wrap(shown)] if shown else []), more], t.S)


def _picture(ui: Ui, item: DraftMedia) -> ft.Control:
    async def remove() -> None:
        await ui.desk.drafting.remove_media(item.id)

    small = item.thumb or item.poster
    if small:
        picture: ft.Control = ft.Image(base64.b64decode(small), width=160, height=120, fit=ft.BoxFit.COVER, border_radius=t.CARD)
    else:
        seconds = max(1, round(item.duration_ms / 1000))
        inner = column([ft.Icon(ft.Icons.MOVIE, size=40, color=ui.palette.on_soft), words(ui, _("Clip, {n} s", n=seconds))], t.XS)
        picture = ft.Container(
            inner, width=160, height=120, bgcolor=ui.palette.soft, border_radius=t.CARD, alignment=ft.Alignment(0, 0)
        )
    kind, told, remove_it = (
        ("clip", _("the clip"), _("Take this clip away"))
        if item.is_clip
        else ("photo", _("the photo"), _("Take this photo away"))
    )
    away = ft.IconButton(ft.Icons.DELETE_OUTLINE, tooltip=remove_it, on_click=ui.do(remove), width=t.TOUCH, height=t.TOUCH)
    return ft.Row([named(f"draft-{kind}", picture, label=told), away], tight=True, spacing=0)


def _note(ui: Ui) -> ft.Control:
    async def keep(text: str) -> None:
        await ui.desk.drafting.set_note(text)

    return field(
        ui,
        "note",
        _("Note"),
        ui.desk.drafting.draft.note,
        lambda v: ui.page.run_task(keep, v),
        multiline=True,
        min_lines=2,
        max_lines=5,
    )


def _settings(ui: Ui) -> ft.Control:
    now = ui.desk.drafting.draft.setting
    return wrap([choice(ui, f"setting-{s}", _(s), now == s, ui.do(partial(ui.desk.drafting.set_setting, s))) for s in PLACES])


def _faces(ui: Ui) -> ft.Control:
    chosen = ui.desk.drafting.draft.pupils
    return wrap(
        [
            face(ui, p, f"pupil-{p.id}", ui.do(partial(ui.desk.drafting.toggle_pupil, p.id)), p.id in chosen, 64)
            for p in ui.desk.register.pupils()
        ],
        t.XS,
    )


def _targets(ui: Ui, pupil_id: str) -> ft.Control:
    draft = ui.desk.drafting.draft
    chosen = draft.targets.get(pupil_id, [])
    lines: list[ft.Control] = [words(ui, ui.desk.school.pupil(pupil_id).called, t.LEAD, bold=True)]
    targets = ui.desk.plans.targets(pupil_id)
    lines.append(
        wrap(
            [
                choice(
                    ui, f"target-{x.id}", x.chip, x.id in chosen, ui.do(partial(ui.desk.drafting.toggle_target, pupil_id, x.id))
                )
                for x in targets
            ]
        )
        if targets
        else words(ui, _("No live targets."), quiet=True)
    )
    for target in targets:
        if target.id in chosen:
            lines.append(words(ui, _("Help needed · {target}", target=target.chip), quiet=True))

            help_now = draft.helps.get(f"{pupil_id}/{target.id}", "")
            lines.append(help_chips(ui, help_now, partial(_help, ui, pupil_id, target.id), f"help-{target.id}-"))
    return card(ui, column(lines, t.S))


def _help(ui: Ui, pupil: str, target: str, level: HelpLevel) -> None:
    ui.do(partial(ui.desk.drafting.set_help, pupil, target, level))(None)


def _save(ui: Ui) -> ft.Control:
    box, ready = ui.of("capture"), ui.desk.drafting.draft.ready

    async def save() -> None:
        if made := await ui.desk.drafting.save():  # a second tap makes nothing, and shows nothing
            box["saved"] = made

    text = _("Save") if ready else _("Save: choose a pupil first")
    later = quiet(ui, "finish-later", _("Finish later"), _away(ui))
    return wrap([primary(ui, "save", text, ui.do(save), ft.Icons.CHECK, disabled=not ready), later])


def _back(ui: Ui) -> str:
    return "" if ui.desk.session.cover else "/"


def _away(ui: Ui) -> Press:
    """Done here: to the home screen, or, on cover, out of the door."""
    return ui.press(ui.desk.door.lock) if ui.desk.session.cover else ui.to("/")


def _throw_away(ui: Ui) -> ft.Control:
    """In two taps: what is thrown away does not come back."""
    box = ui.of("capture")
    if not box.get("sure"):
        return quiet(ui, "discard", _("Throw away"), ui.press(partial(box.update, sure=True)), ft.Icons.DELETE_OUTLINE)
    keep = quiet(ui, "keep-draft", _("Keep it"), ui.press(partial(box.update, sure=False)))
    away = quiet(
        ui, "discard-now", _("Yes, throw it away"), ui.do(ui.desk.drafting.discard, partial(ui.go, "/")), ft.Icons.DELETE_OUTLINE
    )
    return wrap([keep, away])


def _saved(ui: Ui, ids: list[str]) -> ft.Control:
    """Only ever shown when the moment survives any crash of this device."""
    states = [ui.desk.syncing.state_of_saved(i) for i in ids]
    worst = next((s for s in (SyncState.NEEDS_YOU, SyncState.TABLET, SyncState.SENDING) if s in states), SyncState.FOLDER)
    names = "" if ui.desk.session.cover else ", ".join(ui.desk.register.called(i) for i in ids)
    lines = [
        ft.Icon(ft.Icons.CHECK_CIRCLE, size=72, color=ui.palette.on_folder),
        named("saved", words(ui, _("Saved"), t.PAGE, bold=True), live_region=True),
        *([words(ui, names, t.LEAD)] if names else []),
        sync_badge(ui, worst, "saved-state"),
        primary(ui, "another", _("Another observation"), ui.press(lambda: to_stage(ui, "camera")), ft.Icons.CAMERA_ALT),
        quiet(ui, "done", _("Done"), _away(ui)),
    ]
    return framed(
        ui,
        _("New observation"),
        ft.Container(column(lines, t.L, horizontal_alignment=ft.CrossAxisAlignment.CENTER), alignment=ft.Alignment(0, 0)),
    )
