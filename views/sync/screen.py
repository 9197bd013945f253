"""All safe: what was recorded, where it is, and what to do when something stands in the way."""

import flet as ft

from app.domain.vocabulary.dates import clock
from app.domain.vocabulary.language import _
from app.usecases.session.school import local_time
from views import theme as t
from views.parts.basics import banner, card, column, heading, named, primary, progress, words
from views.parts.evidence import cards
from views.records.restored import restored
from views.shell import framed
from views.ui import Ui


def all_safe(ui: Ui) -> ft.Control:
    desk = ui.desk
    today, waiting = desk.syncing.today(), desk.syncing.waiting

    async def look() -> None:
        await desk.syncing.sync_now()

    lines: list[ft.Control] = [named("safe", words(ui, headline(waiting), t.TITLE, bold=True))]
    lines.append(
        words(
            ui,
            _(
                "Today: {recorded} recorded, {folder} in the school folder (checked), {waiting} waiting",
                recorded=today.recorded,
                folder=today.folder,
                waiting=today.recorded - today.folder,
            ),
        )
    )
    if desk.syncing.last_sync:
        lines.append(
            words(ui, _("Last look at the school folder: {time}", time=clock(local_time(desk.syncing.last_sync))), quiet=True)
        )
    if desk.syncing.problem:
        lines.append(
            banner(ui, desk.syncing.problem.words, "sync-problem", "sending" if desk.syncing.problem.retry else "needs_you")
        )
    if desk.syncing.step:
        what = _("Sending") if desk.syncing.step[0] == "sending" else _("Fetching")
        lines.append(progress(ui, what, desk.syncing.step[1], desk.syncing.step[2]))
    lines.append(
        primary(
            ui,
            "sync-now",
            _("Looking…") if desk.syncing.syncing else _("Sync now"),
            ui.do(look),
            ft.Icons.SYNC,
            disabled=desk.syncing.syncing,
        )
    )
    held = desk.syncing.held() if waiting else []
    names = {p.id: p.called for p in desk.school.pupils()}
    rest = [heading(ui, _("Waiting")), *cards(ui, held[:20], names)] if held else []
    return framed(ui, _("All safe?"), column([*restored(ui), card(ui, column(lines)), *sync_health(ui), *rest], t.L), back="/")


def sync_health(ui: Ui) -> list[ft.Control]:
    """What was found, mended or met, each in one sentence; nothing where there is nothing."""
    found = [banner(ui, sentence, f"found-{number}", "sending") for number, sentence in enumerate(ui.desk.syncing.found)]
    return [card(ui, column([heading(ui, _("Sync health")), *found]))] if found else []


def headline(waiting: int) -> str:
    return (
        _("Everything is in the school folder, checked.")
        if not waiting
        else _("Some things are only on this tablet. They are safe here.")
    )
