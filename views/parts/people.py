"""Faces: a soft disc, initials and a small drawn animal, always the same for a pupil, so that non-readers find themselves."""

import flet as ft

from app.domain.register.people import Pupil, Staff
from app.domain.vocabulary.language import _
from views import theme as t
from views.parts.basics import words
from views.ui import Press, Ui

ANIMALS = ["fox", "owl", "cat", "bear", "frog", "rabbit", "fish", "bird"]


def _dot(x: float, y: float, size: float, colour: str, side: float, radius: float | None = None) -> ft.Control:
    wide = size * side
    return ft.Container(
        left=x * side - wide / 2,
        top=y * side - wide / 2,
        width=wide,
        height=wide,
        bgcolor=colour,
        border_radius=wide / 2 if radius is None else radius,
    )


def animal(seed: int, side: float) -> ft.Control:
    """A small head drawn from circles: eight kinds, eight colours."""
    kind, fur = (
        seed % 8,
        ["#B5651D", "#7A5C43", "#5B6770", "#8A5A44", "#4C7A34", "#9A8478", "#3F6F8F", "#A8522D"][(seed // 8) % 8],
    )
    ear, eye = {1: 0.34, 4: 0.3, 5: 0.3, 6: 0.2, 7: 0.2}.get(kind, 0.3), "#1F2A2E"
    ears = [] if kind in {6, 7} else [_dot(0.27, 0.24, ear, fur, side), _dot(0.73, 0.24, ear, fur, side)]
    if kind == 5:
        ears = [
            ft.Container(left=x * side, top=0, width=0.16 * side, height=0.5 * side, bgcolor=fur, border_radius=side)
            for x in (0.26, 0.58)
        ]
    nose = _dot(0.5, 0.68, 0.14, "#F4B266" if kind in {1, 7} else "#F7E6DA", side)
    head = [
        *ears,
        _dot(0.5, 0.58, 0.74, fur, side),
        _dot(0.36, 0.52, 0.18, "#FFFFFF", side),
        _dot(0.64, 0.52, 0.18, "#FFFFFF", side),
    ]
    return ft.Stack([*head, _dot(0.36, 0.53, 0.09, eye, side), _dot(0.64, 0.53, 0.09, eye, side), nose], width=side, height=side)


def initials(pupil: Pupil) -> str:
    return "".join(part[0] for part in (pupil.called, *pupil.name.split(" ")[1:2]) if part)[:2]


def disc(ui: Ui, pupil: Pupil, side: int = 72) -> ft.Control:
    seed = pupil.face_seed
    inner = ft.Stack(
        [
            ft.Container(animal(seed, side * 0.6), left=side * 0.2, top=side * 0.1),
            ft.Container(
                ft.Text(initials(pupil), size=t.CAPTION, weight=ft.FontWeight.BOLD, color=t.FACE_INK),
                bottom=side * 0.04,
                left=0,
                right=0,
                alignment=ft.Alignment(0, 0),
            ),
        ],
        width=side,
        height=side,
    )
    edge = ft.Border.all(ui.palette.line, ui.palette.outline) if ui.palette.line > 1 else None
    return ft.Container(inner, width=side, height=side, border_radius=side / 2, bgcolor=t.FACES[seed % len(t.FACES)], border=edge)


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
    if not ui.desk.photo_consent(pupil.id):
        return ft.Icon(
            ft.Icons.NO_PHOTOGRAPHY, size=22, color=ui.palette.ink2, semantics_label=_("no consent for the family page")
        )
    return None


def face(ui: Ui, pupil: Pupil, identifier: str, press: Press | None, chosen: bool = False, side: int = 72) -> ft.Control:
    """A pupil to press."""
    badge = None if ui.desk.cover else consent_badge(ui, pupil)
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
    inner = ft.Column(
        [ft.Stack(marks, width=side, height=side), name], spacing=4, horizontal_alignment=ft.CrossAxisAlignment.CENTER, tight=True
    )
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
