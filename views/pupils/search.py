"""The search on the Pupils screen: pupils first, then what they work on, then moments, newest first."""

from functools import partial

import flet as ft

from app.domain.plans.targets import Target
from app.domain.vocabulary.language import N_, _, ngettext
from app.usecases.session.search import Found
from views import theme as t
from views.parts.basics import card, column, empty, field, heading, named, words, wrap
from views.parts.evidence import cards
from views.parts.people import face
from views.ui import Ui

PART = N_("Small Steps was opened just now and is still looking through the notes. In a moment it may find more.")
HOW = N_("Every word has to be there; only the last may be unfinished. A name and a word find that pupil's notes.")


def typed(ui: Ui) -> str:
    return str(ui.of("search").get("text", "")).strip()


def search_field(ui: Ui) -> ft.Control:
    """What was typed stays while a person looks at what was found, and comes back."""
    box = ui.of("search")
    box["lasts"] = True

    def change(text: str) -> None:
        box["text"] = text
        ui.draw()

    text = field(ui, "search", _("Search names, targets and notes"), box.get("text", ""), change, prefix_icon=ft.Icons.SEARCH)
    row = [ft.Container(text, expand=True), *([_clear(ui, partial(change, ""))] if typed(ui) else [])]
    return ft.Row(row, spacing=t.S)


def _clear(ui: Ui, press: partial[None]) -> ft.Control:
    icon = ft.IconButton(
        ft.Icons.CLOSE,
        tooltip=_("Clear the search"),
        on_click=ui.press(press),
        width=t.TOUCH,
        height=t.TOUCH,
        icon_color=ui.palette.ink,
    )
    return named("clear-search", icon)


def results(ui: Ui) -> ft.Control:
    found = ui.desk.finding.find(typed(ui))
    if found.nothing:
        more = _(HOW) if found.whole else _(PART)
        nothing = empty(ui, ft.Icons.SEARCH_OFF, _("Nothing found for “{text}”", text=typed(ui)), more)
        return named("nothing-found", nothing, live_region=True)
    names = {pupil.id: pupil.called for pupil in ui.desk.register.pupils()}
    said = named("found", words(ui, counted(found), quiet=True), live_region=True)
    part = [] if found.whole else [named("found-part", words(ui, _(PART), quiet=True))]
    return column([said, *part, *_pupils(ui, found), *_targets(ui, found, names), *_moments(ui, found, names)], t.L)


def counted(found: Found) -> str:
    """Read out when it changes: "1 pupil, 3 moments"."""
    pupils, targets, moments = len(found.pupils), len(found.targets), len(found.observations) + found.more
    counts = (
        (pupils, ngettext("{n} pupil", "{n} pupils", pupils)),
        (targets, ngettext("{n} target", "{n} targets", targets)),
        (moments, ngettext("{n} moment", "{n} moments", moments)),
    )
    return ", ".join(said for count, said in counts if count)


def _pupils(ui: Ui, found: Found) -> list[ft.Control]:
    faces = [face(ui, x, f"found-pupil-{x.id}", ui.to(f"/pupils/{x.id}"), side=96) for x in found.pupils]
    return [heading(ui, _("Pupils")), wrap(faces, t.M)] if faces else []


def _targets(ui: Ui, found: Found, names: dict[str, str]) -> list[ft.Control]:
    made = [_target(ui, target, names.get(target.pupil, "")) for target in found.targets]
    return [heading(ui, _("Targets")), column(made, t.S)] if made else []


def _target(ui: Ui, target: Target, name: str) -> ft.Control:
    lines = column([words(ui, f"{name} · {target.chip}", bold=True), words(ui, target.statement, quiet=True)], t.XS)
    return named(f"found-target-{target.id}", card(ui, lines, on_click=ui.to(f"/pupils/{target.pupil}"), ink=True))


def _moments(ui: Ui, found: Found, names: dict[str, str]) -> list[ft.Control]:
    more = [words(ui, _("And {n} more. Another word finds fewer.", n=found.more), quiet=True)] if found.more else []
    return [heading(ui, _("Moments")), *cards(ui, found.observations, names), *more] if found.observations else []
