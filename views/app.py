"""The root: which screen a route shows, and drawing it again after every change."""

from collections.abc import Callable

import flet as ft

from app.domain.vocabulary.language import _
from app.errors import SmallStepsError, for_people
from app.usecases.desk import Desk
from views import theme as t
from views.devices.devices import devices
from views.devices.ended import leaving
from views.devices.joining import join, who
from views.devices.quarantine import handed_in
from views.door.people import people
from views.door.screen import choose, door
from views.evidence.capture import capture, to_stage
from views.families.screen import families
from views.gallery import gallery
from views.home.screen import home
from views.papers.reports import reports
from views.parts.basics import banner, empty
from views.pupils.screen import pupil, pupils
from views.records.audit import audit, audit_of
from views.register.school import school
from views.review.screen import observation, review
from views.shell import framed
from views.sync.screen import all_safe
from views.ui import Ui

SCREENS: dict[str, Callable[[Ui], ft.Control]] = {
    "": home,
    "capture": capture,
    "pupils": pupils,
    "review": review,
    "reports": reports,
    "families": families,
    "school": school,
    "devices": devices,
    "handed-in": handed_in,
    "sync": all_safe,
    "who": who,
    "people": people,
    "audit": audit,
}
WITH_ID: dict[str, Callable[[Ui, str], ft.Control]] = {"pupils": pupil, "observation": observation, "audit": audit_of}


def screen(ui: Ui) -> ft.Control:
    """The screen of the route; whatever goes wrong in it is told on it, never as an empty page."""
    parts = [p for p in ui.route.split("/") if p]
    first = parts[0] if parts else ""
    try:
        if first == "gallery" and not ui.desk.locked:
            return gallery(ui)
        if ui.desk.leaving and first != "join":
            return leaving(ui, ui.desk.leaving)
        if not ui.desk.joined or ui.desk.joining or (ui.desk.locked and first == "join"):
            return join(ui, parts[1] if first == "join" and len(parts) > 1 else "")
        ui.desk.holding = False
        if ui.desk.locked:
            return door(ui)
        if ui.desk.needs_pin and not ui.desk.filming:
            return choose(ui)
        if ui.desk.cover:
            return capture(ui)
        if ui.desk.me is None and (ui.desk.staff_here() or ui.desk.may_set_up) and first not in {"school", "sync"}:
            return who(ui)
        if first == "capture" and not ui.desk.may("observation"):
            return nowhere(ui)
        if len(parts) == 2 and first in WITH_ID:
            return WITH_ID[first](ui, parts[1])
        if first in {"", "join"} or len(parts) == 1:
            return SCREENS.get("" if first == "join" else first, nowhere)(ui)
        return nowhere(ui)
    except SmallStepsError as error:
        return framed(ui, _("Not here"), banner(ui, error.words), back="/")
    except Exception as error:  # a fault of ours must not look like a loss
        print("screen:", repr(error))
        return framed(ui, _("Something went wrong"), banner(ui, for_people(error).words), back="/")


def nowhere(ui: Ui) -> ft.Control:
    return framed(
        ui,
        _("Not here"),
        empty(ui, ft.Icons.EXPLORE_OFF, _("There is no such page"), _("Everything that was saved is safe.")),
        back="/",
    )


def build(page: ft.Page, desk: Desk, palette: str = "") -> Ui:
    """Show the app on the page, from now on."""
    ui = Ui(page, desk)
    page.title, page.padding = "Small Steps", 0
    page.theme, page.dark_theme = t.flet_theme(t.LIGHT), t.flet_theme(t.DARK)
    page.theme_mode = ft.ThemeMode.SYSTEM
    _paint(ui, palette)
    page.on_platform_brightness_change = ui.press(lambda: _paint(ui, palette))
    page.on_resize = ui.press(lambda: None)
    page.on_route_change = ui.press(lambda: None)
    desk.on_change(ui.draw)

    @ft.component
    def root() -> ft.Control:
        ui.drawn_by(ft.use_state(0)[1])
        return ft.Container(screen(ui), bgcolor=ui.palette.paper, expand=True)

    page.render(root)
    return ui


def _paint(ui: Ui, wanted: str) -> None:
    dark = ui.page.platform_brightness == ft.Brightness.DARK
    ui.palette = t.PALETTES.get(wanted, t.DARK if dark else t.LIGHT)


def picked(ui: Ui, file: object) -> None:
    """A picture that was picked on the page: into the draft, then on to who and what."""
    ui.do(lambda: ui.desk.add_file(file), lambda: to_stage(ui, "who"))(None)
