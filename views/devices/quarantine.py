"""Handed in: what ended devices left, and what others were not allowed to write. The SENCO takes it in or throws it away."""

from functools import partial
from typing import Any

import flet as ft

from app.domain.vocabulary.language import N_, _, ngettext
from app.usecases.session.hub import HandedIn, Waiting
from app.usecases.syncing.health import clock_time
from views.parts.basics import banner, card, column, empty, heading, named, primary, quiet, words, wrap
from views.shell import framed
from views.ui import Ui

DAY = 86_400_000  # ms
MOST = 20  # moments told one by one
WHAT = N_(
    "What an ended device had not sent, and what a device was not allowed to write, waits here until you decide. Nothing of it "
    "is deleted by itself, however long it waits."
)
CANNOT_UNDO = N_(
    "Ending a device cannot undo what was seen on it: pictures that were looked at, copied by hand or photographed from "
    "the screen. As long as the device has no network it knows nothing of its end, and goes on showing what it holds."
)
SURE = N_("Throw away for good? It cannot be brought back.")
GIVE_UP = N_(
    "The device will wipe itself at its next contact. What it has not handed in by then is lost for good: moments, words and "
    "pictures that are nowhere else. Do this only when the device cannot hand in, or what it holds may go."
)
GIVEN_UP = N_("Given up: it wipes itself at its next contact, with what it has not handed in.")


def handed_in(ui: Ui) -> ft.Control:
    box = ui.of("handed-in")

    async def look() -> None:
        box["found"] = await ui.desk.devices.handed_in()

    if not box.get("asked"):
        box["asked"] = True
        ui.do(look)(None)
    found: list[HandedIn] = box.get("found") or []
    rows: list[ft.Control] = [_device(ui, box, one) for one in found]
    if "found" in box and not found:
        rows = [empty(ui, ft.Icons.INBOX, _("Nothing waits here"), _(WHAT))]
    top = [words(ui, _(WHAT), quiet=True)] if found else []
    again = quiet(ui, "handed-in-again", _("Look again"), ui.do(look), ft.Icons.REFRESH)
    return framed(ui, _("Handed in"), column([*top, *rows, words(ui, _(CANNOT_UNDO), quiet=True), again]), back="/devices")


def _device(ui: Ui, box: dict[str, Any], one: HandedIn) -> ft.Control:
    lines: list[ft.Control] = [heading(ui, one.name or _("A device without a name")), words(ui, how_it_stands(one), quiet=True)]
    lines.append(named(f"waits-{one.device}", words(ui, counts(one, ui.desk.session.now()), bold=True)))
    names = {p.id: p.called for p in ui.desk.register.pupils()}
    staff = ui.desk.school.staff_names()
    lines += [words(ui, f"· {sentence_for(m, names, staff, ui.desk.session.now())}") for m in one.moments[:MOST]]
    if len(one.moments) > MOST:
        lines.append(words(ui, _("And {n} more.", n=len(one.moments) - MOST), quiet=True))
    lines += [banner(ui, why, f"why-{one.device}-{n}", "sending") for n, why in enumerate(box.get(f"why-{one.device}") or [])]
    return card(ui, column([*lines, *_choices(ui, box, one)]))


def _choices(ui: Ui, box: dict[str, Any], one: HandedIn) -> list[ft.Control]:
    """Taking in is one tap; what cannot be undone is two, and the second says what will be."""
    asked = box.get("sure")
    if asked == ("throw", one.device):
        return _second(
            ui, box, _(SURE), f"throw-for-good-{one.device}", _("Throw away"), partial(ui.desk.devices.throw_away, one.device)
        )
    if asked == ("give-up", one.device):
        return _second(
            ui, box, _(GIVE_UP), f"give-up-for-good-{one.device}", _("Give it up"), partial(ui.desk.devices.give_up, one.device)
        )

    async def accept() -> None:
        box[f"why-{one.device}"] = await ui.desk.devices.accept(one.device)
        box["found"] = await ui.desk.devices.handed_in()

    def first(what: str) -> Any:
        return ui.press(partial(box.update, sure=(what, one.device)))

    found: list[ft.Control] = []
    if one.files:
        found.append(primary(ui, f"accept-{one.device}", _("Accept"), ui.do(accept), ft.Icons.CHECK))
        found.append(quiet(ui, f"throw-{one.device}", _("Throw away"), first("throw"), ft.Icons.DELETE))
    if one.ended and not one.given_up:
        found.append(quiet(ui, f"give-up-{one.device}", _("Give this tablet up"), first("give-up"), ft.Icons.LINK_OFF))
    return [wrap(found)] if found else []


def _second(ui: Ui, box: dict[str, Any], text: str, identifier: str, do: str, work: Any) -> list[ft.Control]:
    async def then() -> None:
        await work()
        box.update(found=await ui.desk.devices.handed_in(), sure=None)

    sure = primary(ui, identifier, do, ui.do(then), ft.Icons.WARNING)
    return [words(ui, text), wrap([sure, quiet(ui, f"{identifier}-not", _("Not now"), ui.press(partial(box.update, sure=None)))])]


def how_it_stands(one: HandedIn) -> str:
    if one.given_up:
        return _(GIVEN_UP)
    return _("This device was ended.") if one.ended else _("Not taken from a device that goes on.")


def waiting(found: list[HandedIn], now: int) -> list[str]:
    """Whether there is something to look at, in a sentence."""
    since = [one.since for one in found if one.files]
    if not since:
        return []
    days = (now - min(since)) // DAY
    if days <= 0:
        return [_("Something waits for you under Handed in.")]
    return [
        ngettext(
            "Something waits for you under Handed in, for {n} day.",
            "Something waits for you under Handed in, for {n} days.",
            days,
        )
    ]


def counts(one: HandedIn, now: int) -> str:
    if not one.files:
        return _("Nothing waits.")
    parts = [ngettext("{n} file", "{n} files", one.files), ngettext("{n} moment", "{n} moments", len(one.moments))]
    parts += [ngettext("{n} other change", "{n} other changes", one.others)] if one.others else []
    parts += [ngettext("{n} file that cannot be read", "{n} files that cannot be read", one.unreadable)] if one.unreadable else []
    days = (now - one.since) // DAY if one.since else 0
    what = ", ".join(parts)
    if days <= 0:
        return _("{what}; waiting since today.", what=what)
    return ngettext("{what}; waiting for {n} day.", "{what}; waiting for {n} days.", days, what=what)


def sentence_for(moment: Waiting, pupils: dict[str, str], staff: dict[str, str], now: int) -> str:
    """A moment in a sentence: when, which pupil, who recorded it, the words, how many pictures."""
    child, by = pupils.get(moment.pupil, _("a pupil who is not on this device")), staff.get(moment.by, "")
    when = clock_time(moment.at, now) if moment.at else _("at an unknown time")
    who = _("{when}, {child}, by {adult}", when=when, child=child, adult=by) if by else f"{when}, {child}"
    said = f": “{moment.note}”" if moment.note else ""
    pictures = ngettext(" {n} picture.", " {n} pictures.", moment.pictures) if moment.pictures else ""
    return f"{who}{said}.{pictures}"
