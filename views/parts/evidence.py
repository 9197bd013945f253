"""Evidence on screen: where it is, what it shows, how much help was needed."""

from collections.abc import Callable, Sequence
from functools import partial
from typing import Any

import flet as ft
import flet_video as fv

from app.domain.evidence.observations import Media, Observation
from app.domain.progress.change import Change
from app.domain.vocabulary.dates import moment
from app.domain.vocabulary.language import N_, _, ngettext
from app.domain.vocabulary.scales import HelpLevel
from app.domain.vocabulary.states import ReviewState
from app.errors import PictureInFolder
from app.usecases.desk import SyncState
from app.usecases.session.school import local_time
from views import theme as t
from views.parts.basics import card, choice, column, named, quiet, words, wrap
from views.ui import Press, Ui

STATES = {
    SyncState.TABLET: (N_("On this tablet"), ft.Icons.TABLET_ANDROID),
    SyncState.SENDING: (N_("Sending"), ft.Icons.SYNC),
    SyncState.FOLDER: (N_("In the school folder"), ft.Icons.CHECK_CIRCLE),
    SyncState.NEEDS_YOU: (N_("Needs you"), ft.Icons.ERROR),
}
REVIEWS = {
    ReviewState.NEW: N_("New"),
    ReviewState.APPROVED: N_("Approved"),
    ReviewState.QUERIED: N_("Asked"),
    ReviewState.HIDDEN: N_("Hidden"),
}


def tag(ui: Ui, text: str, icon: ft.IconData, ground: str, ink: str) -> ft.Control:
    row = ft.Row(
        [ft.Icon(icon, size=18, color=ink), ft.Text(text, size=t.CAPTION, color=ink, weight=ft.FontWeight.BOLD)],
        tight=True,
        spacing=6,
    )
    edge = ft.Border.all(ui.palette.line, ink) if ui.palette.line > 1 else None
    return ft.Container(
        row, bgcolor=ground, border_radius=t.ROUND, padding=ft.Padding.symmetric(horizontal=10, vertical=4), border=edge
    )


def sync_badge(ui: Ui, state: SyncState, identifier: str = "state") -> ft.Control:
    text, icon = _(STATES[state][0]), STATES[state][1]
    name = str(state.value)
    return named(identifier, tag(ui, text, icon, getattr(ui.palette, name), getattr(ui.palette, f"on_{name}")), label=text)


def ladder(ui: Ui, level: HelpLevel, ink: str) -> ft.Control:
    """Seven rungs, filled up to the level: told without colour."""
    bars: list[ft.Control] = [
        ft.Container(
            width=3, height=6 + 2 * rung, bgcolor=ink if rung < level.rung else ft.Colors.with_opacity(0.25, ink), border_radius=1
        )
        for rung in range(7)
    ]
    return ft.Row(bars, spacing=2, tight=True, vertical_alignment=ft.CrossAxisAlignment.END)


def _chosen(press: Callable[[HelpLevel], Any], level: HelpLevel, _event: Any) -> Any:
    return press(level)


def help_chips(ui: Ui, chosen: str, press: Callable[[HelpLevel], Any], prefix: str) -> ft.Control:
    """One chip for each level of help; a long press would show the definition, the tooltip does."""
    made = []
    for level in HelpLevel:
        on = chosen == level
        ink = ui.palette.on_primary if on else ui.palette.ink
        made.append(
            choice(ui, f"{prefix}{level}", level.words, on, partial(_chosen, press, level), ladder(ui, level, ink), t.TOUCH)
        )
    return wrap(made)


def thumb(ui: Ui, media: Media, side: int = 96, label: str = "") -> ft.Control:
    """The small picture that travels with the words; a sign if there is none."""
    data = ui.desk.pictures.thumb(media)
    clip = media.duration_ms > 0
    what = label or (_("a clip") if clip else _("a photo"))
    if data:
        picture: ft.Control = ft.Image(
            data, width=side, height=side, fit=ft.BoxFit.COVER, border_radius=t.CARD, cache_width=side * 2, semantics_label=what
        )
    else:
        icon = ft.Icons.MOVIE if clip else ft.Icons.IMAGE
        picture = ft.Container(
            ft.Icon(icon, color=ui.palette.ink2),
            width=side,
            height=side,
            bgcolor=ui.palette.soft,
            border_radius=t.CARD,
            alignment=ft.Alignment(0, 0),
        )
    if not clip:
        return picture
    play = ft.Container(
        ft.Icon(ft.Icons.PLAY_ARROW, color="#FFFFFF", size=28),
        bgcolor="#99000000",
        border_radius=20,
        width=40,
        height=40,
        alignment=ft.Alignment(0, 0),
    )
    return ft.Stack([picture, ft.Container(play, width=side, height=side, alignment=ft.Alignment(0, 0))], width=side, height=side)


def viewer(ui: Ui, media: Media) -> ft.Control:
    """The picture, or the clip behind a button: one film at a time, because tablets have little memory."""
    box = ui.of(f"viewer/{media.id}")
    width = min((ui.page.width or 800) - 64, 720)
    height = int(width * (media.height or 3) / (media.width or 4)) if media.width else int(width * 0.7)
    height = min(height, 460)
    if url := box.get("url"):
        video = fv.Video(
            playlist=[fv.VideoMedia(url)],
            autoplay=True,
            width=width,
            height=height,
            fill_color="#000000",
            key=f"video-{media.id}",
            on_load=ui.press(partial(box.update, plays=True)),
        )
        return column(
            [
                named(f"video-{media.id}", video),
                *([named("plays", words(ui, _("Playing"), quiet=True))] if box.get("plays") else []),
            ],
            t.XS,
        )
    if media.duration_ms:

        async def play() -> None:
            box["url"] = await ui.desk.pictures.clip_url(media.id)

        seconds = max(1, round(media.duration_ms / 1000))
        return column(
            [thumb(ui, media, 200), quiet(ui, "play", _("Play the clip ({n} s)", n=seconds), ui.do(play), ft.Icons.PLAY_ARROW)],
            t.S,
        )
    if data := box.get("bytes"):
        return ft.Image(
            data,
            width=width,
            height=height,
            fit=ft.BoxFit.CONTAIN,
            border_radius=t.CARD,
            cache_width=int(width * 2),
            semantics_label=_("the photo"),
        )
    if box.get("asked") is None or (box.get("away") and box["asked"] != ui.desk.syncing.last_sync):  # the hub has answered since
        box["asked"] = ui.desk.syncing.last_sync
        ui.do(partial(_fetch, ui, media, box))(None)
    away = [named(f"away-{media.id}", words(ui, box["away"], quiet=True))] if box.get("away") else []
    return column([thumb(ui, media, 200), *away], t.S) if away else thumb(ui, media, 200)


async def _fetch(ui: Ui, media: Media, box: dict[str, Any]) -> None:
    try:
        box["bytes"] = await ui.desk.pictures.picture(media.id)
    except PictureInFolder as away:  # no mistake, and the small picture is here
        box["away"] = away.words


def when(o: Observation) -> str:
    return moment(local_time(o.at))


def ratings(ui: Ui, o: Observation) -> list[str]:
    names = {x.id: x.chip for x in ui.desk.school.targets(o.pupil, live=False)}
    return [
        names.get(x, _("a target")) + (f" · {o.ratings[x].words}" if x in o.ratings else "")
        for x in dict.fromkeys([*o.targets, *o.ratings])
    ]


def badges(ui: Ui, o: Observation) -> list[ft.Control]:
    """Where it is, what the SENCO said of it, and whether it is for the report."""
    soft, ink = ui.palette.soft, ui.palette.on_soft
    found: list[ft.Control] = [sync_badge(ui, ui.desk.syncing.state(o), f"state-{o.id}")]
    if o.review is not ReviewState.NEW:
        found.append(tag(ui, _(REVIEWS[o.review]), ft.Icons.RATE_REVIEW, soft, ink))
    if o.starred:
        found.append(tag(ui, _("For the report"), ft.Icons.STAR, soft, ink))
    return found


def evidence_card(ui: Ui, o: Observation, press: Press | None, name: str, by: str) -> ft.Control:
    """One observation: picture, who, what, help, where it is, and by whom."""
    facts = " · ".join(x for x in (by, when(o), _(o.setting)) if x)
    where = badges(ui, o)
    lines: list[ft.Control] = [words(ui, name, t.LEAD, bold=True)] if name else []
    lines += [words(ui, o.note, max_lines=3, overflow=ft.TextOverflow.ELLIPSIS)] if o.note else []
    rated = "\n".join(ratings(ui, o))
    lines += [words(ui, rated, bold=True)] if rated else []
    lines += [words(ui, facts, t.CAPTION, quiet=True), where[0] if len(where) == 1 else wrap(where)]
    row: list[ft.Control] = [thumb(ui, m) for m in ui.desk.school.media_of(o)[:1]]
    inner = ft.Row([*row, column(lines, t.XS, expand=True)], spacing=t.L, vertical_alignment=ft.CrossAxisAlignment.START)
    return named(f"observation-{o.id}", card(ui, inner, on_click=press, ink=bool(press)))


def steps(ui: Ui, change: Change | None, count: int) -> ft.Control:
    """First and now on one line, with the count behind it."""
    if change is None:
        return words(ui, _("Too few to say yet ({n} of 3)", n=count), t.CAPTION, quiet=True)
    return ft.Row(
        [
            words(ui, f"{change.first.words} →", t.CAPTION, quiet=True),
            words(ui, change.now.words, t.BODY, bold=True),
            words(ui, ngettext("{n} rating", "{n} ratings", change.count), t.CAPTION, quiet=True),
        ],
        wrap=True,
        spacing=6,
    )


def cards(ui: Ui, found: Sequence[Observation], names: dict[str, str] | None = None) -> list[ft.Control]:
    names, staff = names or {}, ui.desk.school.staff_names()
    return [evidence_card(ui, o, ui.to(f"/observation/{o.id}"), names.get(o.pupil, ""), staff.get(o.by, "")) for o in found]
