"""Handed in: what ended devices left, and what others were not allowed to write. The SENCO takes it in or throws it away."""

from functools import partial
from typing import Any

import flet as ft

from app.usecases.session.hub import HandedIn, Waiting
from app.usecases.syncing.health import clock_time
from views.parts.basics import banner, card, column, empty, heading, named, primary, quiet, words, wrap
from views.shell import framed
from views.ui import Ui

DAY = 86_400_000  # ms
MOST = 20  # moments told one by one
WHAT = (
    "What an ended device had not sent, and what a device was not allowed to write, waits here until you decide. Nothing of it "
    "is deleted by itself, however long it waits."
)
CANNOT_UNDO = (
    "Ending a device cannot undo what was seen on it: pictures that somebody has looked at, copied by hand or photographed from "
    "the screen. As long as the device has no network it knows nothing of its end, and goes on showing what it holds."
)
SURE = "Throw away for good? Nobody can bring it back."
GIVE_UP = (
    "The device will wipe itself at its next contact. What it has not handed in by then is lost for good: moments, words and "
    "pictures that are nowhere else. Do this only when the device cannot hand in, or what it holds may go."
)
GIVEN_UP = "Given up: it wipes itself at its next contact, with what it has not handed in."


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
        rows = [empty(ui, ft.Icons.INBOX, "Nothing waits here", WHAT)]
    top = [words(ui, WHAT, quiet=True)] if found else []
    again = quiet(ui, "handed-in-again", "Look again", ui.do(look), ft.Icons.REFRESH)
    return framed(ui, "Handed in", column([*top, *rows, words(ui, CANNOT_UNDO, quiet=True), again]), back="/devices")


def _device(ui: Ui, box: dict[str, Any], one: HandedIn) -> ft.Control:
    lines: list[ft.Control] = [heading(ui, one.name or "A device without a name"), words(ui, how_it_stands(one), quiet=True)]
    lines.append(named(f"waits-{one.device}", words(ui, counts(one, ui.desk.session.now()), bold=True)))
    names = {p.id: p.called for p in ui.desk.register.pupils()}
    staff = ui.desk.school.staff_names()
    lines += [words(ui, f"· {told(m, names, staff, ui.desk.session.now())}") for m in one.moments[:MOST]]
    if len(one.moments) > MOST:
        lines.append(words(ui, f"And {len(one.moments) - MOST} more.", quiet=True))
    lines += [banner(ui, why, f"why-{one.device}-{n}", "sending") for n, why in enumerate(box.get(f"why-{one.device}") or [])]
    return card(ui, column([*lines, *_choices(ui, box, one)]))


def _choices(ui: Ui, box: dict[str, Any], one: HandedIn) -> list[ft.Control]:
    """Taking in is one tap; what cannot be undone is two, and the second says what will be."""
    asked = box.get("sure")
    if asked == ("throw", one.device):
        return _second(
            ui, box, SURE, f"throw-for-good-{one.device}", "Throw away", partial(ui.desk.devices.throw_away, one.device)
        )
    if asked == ("give-up", one.device):
        return _second(
            ui, box, GIVE_UP, f"give-up-for-good-{one.device}", "Give it up", partial(ui.desk.devices.give_up, one.device)
        )

    async def accept() -> None:
        box[f"why-{one.device}"] = await ui.desk.devices.accept(one.device)
        box["found"] = await ui.desk.devices.handed_in()

    def first(what: str) -> Any:
        return ui.press(partial(box.update, sure=(what, one.device)))

    found: list[ft.Control] = []
    if one.files:
        found.append(primary(ui, f"accept-{one.device}", "Accept", ui.do(accept), ft.Icons.CHECK))
        found.append(quiet(ui, f"throw-{one.device}", "Throw away", first("throw"), ft.Icons.DELETE))
    if one.ended and not one.given_up:
        found.append(quiet(ui, f"give-up-{one.device}", "Give this tablet up", first("give-up"), ft.Icons.LINK_OFF))
    return [wrap(found)] if found else []


def _second(ui: Ui, box: dict[str, Any], text: str, identifier: str, do: str, work: Any) -> list[ft.Control]:
    async def then() -> None:
        await work()
        box.update(found=await ui.desk.devices.handed_in(), sure=None)

    sure = primary(ui, identifier, do, ui.do(then), ft.Icons.WARNING)
    return [words(ui, text), wrap([sure, quiet(ui, f"{identifier}-not", "Not now", ui.press(partial(box.update, sure=None)))])]


def how_it_stands(one: HandedIn) -> str:
    if one.given_up:
        return GIVEN_UP
    return "This device was ended." if one.ended else "Not taken from a device that goes on."


def waiting(found: list[HandedIn], now: int) -> list[str]:
    """Whether there is something to look at, in a sentence."""
    since = [one.since for one in found if one.files]
    if not since:
        return []
    days = (now - min(since)) // DAY
    how_long = f", for {_count(days, 'day')}" if days > 0 else ""
    return [f"Something waits for you under Handed in{how_long}."]


def counts(one: HandedIn, now: int) -> str:
    if not one.files:
        return "Nothing waits."
    parts = [_count(one.files, "file"), _count(len(one.moments), "moment")]
    parts += [_count(one.others, "other change")] if one.others else []
    parts += [f"{_count(one.unreadable, 'file')} that cannot be read"] if one.unreadable else []
    days = (now - one.since) // DAY if one.since else 0
    return f"{', '.join(parts)}; waiting {'for ' + _count(days, 'day') if days > 0 else 'since today'}."


def told(moment: Waiting, pupils: dict[str, str], staff: dict[str, str], now: int) -> str:
    """A moment in a sentence: when, which pupil, who recorded it, the words, how many pictures."""
    child, by = pupils.get(moment.pupil, "a pupil who is not on this device"), staff.get(moment.by, "")
    said = f": “{moment.note}”" if moment.note else ""
    pictures = f" {_count(moment.pictures, 'picture')}." if moment.pictures else ""
    when = clock_time(moment.at, now) if moment.at else "at an unknown time"
    return f"{when}, {child}{f', by {by}' if by else ''}{said}.{pictures}"


def _count(number: int, word: str) -> str:
    return f"{number} {word}" if number == 1 else f"{number} {word}s"
