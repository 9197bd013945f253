"""The root: which screen a route shows, and drawing it again after every change."""

import flet as ft

from app.domain.vocabulary.language import _
from app.errors import SmallStepsError, for_people
from app.usecases.desk import Desk
from views import theme as t
from views.evidence.capture import to_stage
from views.gallery import gallery
from views.parts.basics import banner, empty
from views.routes import DOORS, find
from views.shell import framed
from views.signals import SCREEN
from views.ui import Ui


def screen(ui: Ui) -> ft.Control:
    """The screen of the route; what goes wrong in it is told on it, never as an empty page."""
    try:
        return _screen(ui)
    except SmallStepsError as error:
        return framed(ui, _("Not here"), banner(ui, error.words), back="/")
    except Exception as error:  # a fault of ours must not look like a loss
        print("screen:", repr(error))
        return framed(ui, _("Something went wrong"), banner(ui, for_people(error).words), back="/")


def _screen(ui: Ui) -> ft.Control:
    desk, route = ui.desk, ui.route
    if route == "/gallery" and desk.session.open:
        return gallery(ui)
    desk.door.holding = False
    for door in DOORS:
        if door.stands(desk, route):
            return door.draw(ui)
    found = find("/" if route.startswith("/join") else route)
    if found is None:
        return nowhere(ui)
    desk.session.need(found.screen.needs)
    ui.tab = found.screen.tab
    return found.screen.draw(ui, *found.filled.values())


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
    ui.signals.listen([SCREEN], ui.draw)

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
    ui.do(lambda: ui.desk.drafting.add_file(file), lambda: to_stage(ui, "who"))(None)
