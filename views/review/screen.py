"""The SENCO's queue on a phone, one card at a time; and one observation by itself."""

from collections.abc import Callable
from functools import partial
from typing import Any

import flet as ft

from app.domain.evidence.observations import Observation
from app.domain.schema.asked import Right
from app.domain.vocabulary.language import N_, _, ngettext
from app.domain.vocabulary.states import ReviewState
from views import theme as t
from views.parts.basics import card, column, empty, field, named, primary, quiet, words, wrap
from views.parts.evidence import badges, ratings, viewer, when
from views.shell import framed
from views.ui import Ui

SHOWS_ERASED = N_("Shows a child whose records were erased. Please redact or hide. No family sees it meanwhile.")


def review(ui: Ui) -> ft.Control:
    box = ui.of("review")
    passed: list[str] = box.setdefault("passed", [])
    waiting = [o for o in ui.desk.review.queue() if o.id not in passed]
    undo = [_undo(ui, box)] if box.get("undo") else []
    if not waiting:
        return framed(
            ui,
            _("Review"),
            column([*undo, empty(ui, ft.Icons.DONE_ALL, _("Nothing to look at"), _("New evidence comes here as it arrives."))]),
        )
    count = named("queue-count", words(ui, ngettext("{n} to look at", "{n} to look at", len(waiting)), t.LEAD, bold=True))
    return framed(ui, _("Review"), column([count, *undo, one(ui, waiting[0], box)], t.M))


def observation(ui: Ui, ident: str) -> ft.Control:
    found = ui.desk.school.observation(ident)
    return framed(
        ui, ui.desk.school.pupil(found.pupil).called, one(ui, found, ui.of("observation")), back=f"/pupils/{found.pupil}"
    )


def one(ui: Ui, o: Observation, box: dict[str, Any]) -> ft.Control:
    """Picture or clip, note, target, help; and what can be done with it."""
    staff = ui.desk.school.staff_names().get(o.by, "")
    lines: list[ft.Control] = [words(ui, ui.desk.school.pupil(o.pupil).called, t.LEAD, bold=True)]
    lines += [viewer(ui, m) for m in ui.desk.school.media_of(o)]
    if ui.desk.erasing.shows_erased(o):
        lines.append(named("shows-erased", words(ui, _(SHOWS_ERASED), bold=True)))
    lines += _texts(ui, o)
    lines += [words(ui, line, bold=True) for line in ratings(ui, o)]
    lines += [words(ui, " · ".join(x for x in (staff, when(o), _(o.setting)) if x), t.CAPTION, quiet=True)]
    lines += [words(ui, _("Asked: {question}", question=_(o.question)), bold=True)] if o.question else []
    lines += [wrap(badges(ui, o))]
    if ui.desk.session.has(Right.REVIEW):
        lines += [_actions(ui, o, box)]
    return named(f"review-{o.id}", card(ui, column(lines, t.M)))


def _texts(ui: Ui, o: Observation) -> list[ft.Control]:
    if not o.other_notes:
        return [words(ui, o.note, t.LEAD)] if o.note else []
    lines: list[ft.Control] = [
        words(ui, _("Two texts were written at the same time. Both are kept; please pick one."), bold=True)
    ]
    for number, text in enumerate((o.note, *o.other_notes)):
        keep = ui.do(partial(ui.desk.review.settle_note, o.id, text))
        lines.append(card(ui, column([words(ui, text), quiet(ui, f"keep-{number}", _("Keep this one"), keep)], t.S)))
    return lines


def _actions(ui: Ui, o: Observation, box: dict[str, Any]) -> ft.Control:
    def then(what: str) -> Callable[[], None]:
        return lambda: box.update(undo=(o.id, o.review, what), asking=False, question="")

    def toggle() -> None:
        box.update(asking=not box.get("asking"))

    star = _("Not for the report") if o.starred else _("Star for report")
    icon = ft.Icons.STAR if o.starred else ft.Icons.STAR_BORDER
    approved = o.review is ReviewState.APPROVED
    lines: list[ft.Control] = [
        wrap(
            [
                quiet(ui, "put-back", _("Take the approval back"), ui.do(lambda: ui.desk.review.put_back(o.id)), ft.Icons.UNDO)
                if approved
                else primary(
                    ui, "approve", _("Approve"), ui.do(lambda: ui.desk.review.approve(o.id), then(N_("Approved"))), ft.Icons.CHECK
                ),
                quiet(ui, "star", star, ui.do(lambda: ui.desk.review.star(o.id, not o.starred)), icon),
                quiet(ui, "ask", _("Ask"), ui.press(toggle), ft.Icons.HELP_OUTLINE),
                quiet(
                    ui, "hide", _("Hide"), ui.do(lambda: ui.desk.review.hide(o.id), then(N_("Hidden"))), ft.Icons.VISIBILITY_OFF
                ),
            ]
        )
    ]
    if box.get("asking"):
        lines.append(
            field(ui, "question", _("Your question to the adult"), str(box.get("question", "")), lambda v: box.update(question=v))
        )
        ask = ui.do(lambda: ui.desk.review.ask(o.id, str(box.get("question", ""))), lambda: _asked(box, o))
        lines.append(quiet(ui, "send-question", _("Keep the question"), ask))
    return column(lines, t.S)


def _asked(box: dict[str, Any], o: Observation) -> None:
    box.update(asking=False, question="", undo=(o.id, o.review, N_("Asked")))
    passed = box.setdefault("passed", [])
    assert isinstance(passed, list)
    passed.append(o.id)


def _undo(ui: Ui, box: dict[str, Any]) -> ft.Control:
    kept = box["undo"]
    assert isinstance(kept, tuple)
    ident, before, what = kept

    async def back() -> None:
        await (ui.desk.review.approve(ident) if before is ReviewState.APPROVED else ui.desk.review.put_back(ident))
        box.pop("undo", None)
        box["passed"] = []

    return ft.Row([words(ui, f"{_(what)}.", quiet=True), quiet(ui, "undo", _("Undo"), ui.do(back), ft.Icons.UNDO)])
