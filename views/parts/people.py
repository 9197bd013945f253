"""Faces to find and to press: of pupils by their picture, of adults by their initials."""

from collections.abc import Sequence

import flet as ft

from app.domain.register.people import Pupil, Staff
from app.domain.vocabulary.language import _
from views import theme as t
from views.parts.basics import words, wrap
from views.parts.portrait import portrait
from views.signals import alone
from views.ui import Press, Ui


def initials(pupil: Pupil) -> str:
    return "".join(part[0] for part in (pupil.called, *pupil.name.split(" ")[1:2]) if part)[:2]


def disc(ui: Ui, pupil: Pupil, side: int = 72) -> ft.Control:
    """The face alone, of so many px. Its name stands beside it, so it is not read out."""
    letters, line = initials(pupil), ui.palette.line if ui.palette.line > 1 else 0
    drawn = letters if letters.isascii() else ""  # a picture knows our own font alone, a text finds one for every script
    made = ft.Image(
        portrait(pupil.face_seed, side, drawn, ui.palette.outline, line), width=side, height=side, exclude_from_semantics=True
    )
    return made if drawn == letters else ft.Stack([made, _written(letters, side)], width=side, height=side)


def _written(letters: str, side: int) -> ft.Control:
    text = ft.Text(letters, size=t.CAPTION, weight=ft.FontWeight.BOLD, color=t.FACE_INK)
    return ft.Container(text, bottom=side * 0.04, left=0, right=0, alignment=ft.Alignment(0, 0))


def staff_face(ui: Ui, one: Staff, identifier: str, press: Press | None, side: int = 88) -> ft.Control:
    """An adult: a disc with initials, of a colour of her own."""
    letters = "".join(part[0] for part in one.name.split()[:2])
    ground = t.FACES[int(one.id[:8] or "0", 16) % len(t.FACES)] if all(c in "0123456789abcdef" for c in one.id) else t.FACES[0]
    inner = ft.Text(letters, size=t.PAGE, weight=ft.FontWeight.BOLD, color=t.FACE_INK)
    edge = ft.Border.all(ui.palette.line, ui.palette.outline) if ui.palette.line > 1 else None
    round_one = ft.Container(
        inner, width=side, height=side, border_radius=side / 2, bgcolor=ground, alignment=ft.Alignment(0, 0), border=edge
    )
    name = words(ui, one.name, text_align=ft.TextAlign.CENTER, max_lines=2, overflow=ft.TextOverflow.ELLIPSIS)
    middle = ft.CrossAxisAlignment.CENTER
    both = ft.Column([round_one, name], spacing=4, horizontal_alignment=middle, tight=True)
    box = ft.Container(both, width=side + 48, padding=6, border_radius=t.CARD, on_click=press, ink=bool(press))
    return ft.Semantics(identifier=identifier, content=box, button=bool(press), container=True, label=one.name, key=identifier)


def consent_badge(ui: Ui, pupil: Pupil) -> ft.Control | None:
    """Whether pictures of this pupil may leave the staff: a small sign with its meaning as a label."""
    if pupil.protected:
        return ft.Icon(
            ft.Icons.SHIELD, size=22, color=ui.palette.on_needs_you, semantics_label=_("protected: pictures stay with staff")
        )
    if not ui.desk.families.photo_consent(pupil.id):
        return ft.Icon(
            ft.Icons.NO_PHOTOGRAPHY, size=22, color=ui.palette.ink2, semantics_label=_("no consent for the family page")
        )
    return None


def faces(ui: Ui, pupils: Sequence[Pupil], prefix: str, side: int = 72, spacing: int = t.XS) -> ft.Control:
    """Pupils to press, each leading to its page; drawn again only if one of them looks different."""
    looks = tuple((one, ui.desk.session.cover or ui.desk.families.photo_consent(one.id)) for one in pupils)
    return alone(ui.signals, (), _faces, ui, ui.palette, looks, prefix, side, spacing)


def _faces(ui: Ui, _: t.Palette, looks: Sequence[tuple[Pupil, bool]], prefix: str, side: int, spacing: int) -> ft.Control:
    return wrap([face(ui, one, f"{prefix}{one.id}", ui.to(f"/pupils/{one.id}"), side=side) for one, _ in looks], spacing)


def face(ui: Ui, pupil: Pupil, identifier: str, press: Press | None, chosen: bool = False, side: int = 72) -> ft.Control:
    """A pupil to press."""
    badge = None if ui.desk.session.cover else consent_badge(ui, pupil)
    marks: list[ft.Control] = [disc(ui, pupil, side)]
    if chosen:
        marks.append(
            ft.Container(
                ft.Icon(ft.Icons.CHECK_CIRCLE, size=28, color=ui.palette.primary),
                right=0,
                top=0,
                bgcolor=ui.palette.card,
                border_radius=14,
            )
        )
    if badge:
        marks.append(ft.Container(badge, left=0, bottom=0, bgcolor=ui.palette.card, border_radius=12, padding=2))
    name = words(
        ui, pupil.called, t.BODY, bold=chosen, text_align=ft.TextAlign.CENTER, max_lines=1, overflow=ft.TextOverflow.ELLIPSIS
    )
    picture = ft.Stack(marks, width=side, height=side) if marks[1:] else marks[0]
    inner = ft.Column([picture, name], spacing=4, horizontal_alignment=ft.CrossAxisAlignment.CENTER, tight=True)
    box = ft.Container(
        inner,
        width=side + 28,
        padding=6,
        border_radius=t.CARD,
        on_click=press,
        ink=True,
        bgcolor=ui.palette.soft if chosen else None,
    )
    return ft.Semantics(
        identifier=identifier, content=box, button=True, selected=chosen, container=True, label=pupil.called, key=identifier
    )
