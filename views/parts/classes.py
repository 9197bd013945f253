"""Pupils a class at a time, as soon as there are more than fit: the classes to choose from, and who is in the chosen one."""

from collections.abc import Sequence
from functools import partial

import flet as ft

from app.domain.register.people import Pupil
from app.domain.vocabulary.language import _
from views.parts.basics import choice, wrap
from views.parts.lists import MOST
from views.ui import Ui


def by_class(ui: Ui, pupils: Sequence[Pupil]) -> dict[str, list[Pupil]]:
    """Class -> its pupils, in the order of the classes' names; under "" those who are in none."""
    found: dict[str, list[Pupil]] = {one.id: [] for one in ui.desk.school.classes()}
    for pupil in pupils:
        found.setdefault(pupil.class_id if pupil.class_id in found else "", []).append(pupil)
    return {ident: members for ident, members in found.items() if members}


def chosen(ui: Ui, name: str, pupils: Sequence[Pupil], first: bool = True) -> tuple[list[ft.Control], Sequence[Pupil]]:
    """(the classes to choose from, who is shown): one class, or all pupils if they are few. Until one is chosen it is the
    `first`, or none."""
    if len(pupils) <= MOST:
        return [], pupils
    classes, box = by_class(ui, pupils), ui.of(name)
    box["lasts"] = True
    if box.get("class") not in classes:
        box["class"] = next(iter(classes)) if first else None
    names = {one.id: one.name for one in ui.desk.school.classes()} | {"": _("In no class")}
    chips = [
        choice(ui, f"{name}-{ident}", names[ident], box["class"] == ident, ui.press(partial(box.update, {"class": ident})))
        for ident in classes
    ]
    return [wrap(chips)], classes.get(box["class"], ())
