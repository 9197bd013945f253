"""The SENCO's school: set up step by step, then classes, staff, pupils, targets, consents, and codes for tablets."""

from collections.abc import Sequence
from datetime import date
from functools import partial

import flet as ft

from app.domain.register.people import Pupil, SchoolClass
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.dates import short_day, span
from app.domain.vocabulary.language import N_, _, ngettext
from app.usecases.session.school import local_day
from views import theme as t
from views.devices.inviting import inviting
from views.parts.basics import card, choice, column, field, heading, quiet, words, wrap
from views.parts.classes import chosen
from views.parts.lists import some, the_rest
from views.parts.opened import opened
from views.parts.people import disc
from views.records.audit import audit_card
from views.records.keeping import erasures, media
from views.records.restored import restored
from views.register import staff
from views.register.pins import pins
from views.shell import framed
from views.ui import Press, Ui

CONSENTS = [
    (Audience.OWN_FAMILY, MediaKind.PHOTO, N_("Photos on the own family's page")),
    (Audience.OWN_FAMILY, MediaKind.VIDEO, N_("Clips on the own family's page")),
    (Audience.OTHER_FAMILIES, MediaKind.PHOTO, N_("In photos that other families see")),
    (Audience.OTHER_FAMILIES, MediaKind.VIDEO, N_("In clips that other families see")),
]
TARGET_FIELDS = {
    "statement": N_("By … the pupil will … (how often, how well, with what help)"),
    "short": N_("Words on the chip (up to 24 letters)"),
    "criterion": N_("How we will know"),
    "family_words": N_("The same for the family, in plain words"),
    "next_step": N_("Next small step"),
}


def school(ui: Ui) -> ft.Control:
    desk = ui.desk
    steps = [_name(ui), _terms(ui), _classes(ui)]
    if desk.school.classes():
        steps += [_staff(ui), _pupils(ui), inviting(ui), pins(ui), media(ui)]
    steps += audit_card(ui)
    return framed(ui, desk.school.name or _("Set up your school"), column([*restored(ui), *erasures(ui), *steps], t.L))


def _done(ui: Ui, text: str, ready: bool) -> ft.Control:
    icon = ft.Icons.CHECK_CIRCLE if ready else ft.Icons.RADIO_BUTTON_UNCHECKED
    return ft.Row([ft.Icon(icon, color=ui.palette.primary), heading(ui, text)], spacing=t.S)


def _name(ui: Ui) -> ft.Control:
    box = ui.of("school-name")
    box.setdefault("text", ui.desk.school.name)
    lines = [
        _done(ui, _("Name of the school"), bool(ui.desk.school.name)),
        field(ui, "school-name", _("Name"), box["text"], lambda v: box.update(text=v)),
        quiet(ui, "keep-name", _("Keep the name"), ui.do(lambda: ui.desk.register.name_school(box["text"]))),
    ]
    return card(ui, column(lines))


def _terms(ui: Ui) -> ft.Control:
    year = local_day(ui.desk.session.now()).year - (local_day(ui.desk.session.now()).month < 9)
    usual = [
        (f"{year}-autumn", _("Autumn {year}", year=year), date(year, 9, 1), date(year, 12, 20)),
        (f"{year + 1}-spring", _("Spring {year}", year=year + 1), date(year + 1, 1, 4), date(year + 1, 4, 1)),
        (f"{year + 1}-summer", _("Summer {year}", year=year + 1), date(year + 1, 4, 15), date(year + 1, 7, 22)),
    ]

    async def add() -> None:
        for term in usual:
            await ui.desk.register.set_term(*term)

    found = ui.desk.school.terms()
    lines: list[ft.Control] = [_done(ui, _("Terms"), bool(found))]
    lines += [words(ui, f"{x.name}: {span(short_day(x.start), short_day(x.end))}") for x in found]
    if not found:
        lines.append(quiet(ui, "usual-terms", _("Use the usual terms of this year"), ui.do(add)))
    return card(ui, column(lines))


def _classes(ui: Ui) -> ft.Control:
    box = ui.of("school-class")

    async def add() -> None:
        await ui.desk.register.add_class(box["text"])
        box.clear()

    found = ui.desk.school.classes()
    lines: list[ft.Control] = [
        _done(ui, _("Classes"), bool(found)),
        *([words(ui, ", ".join(x.name for x in found))] if found else []),
    ]
    lines.append(field(ui, "class-name", _("Name of a class"), box.get("text", ""), lambda v: _typed(ui, box, "text", v)))
    lines.append(quiet(ui, "add-class", _("Add the class"), ui.do(add), ft.Icons.ADD, disabled=not box.get("text", "").strip()))
    return card(ui, column(lines))


def _typed(ui: Ui, box: dict[str, str], key: str, value: str) -> None:
    fresh = not box.get(key) or not value
    box[key] = value
    if fresh:
        ui.draw()


def _staff(ui: Ui) -> ft.Control:
    found = ui.desk.school.staff()
    said = ngettext("{n} adult", "{n} adults", len(found))
    rows = opened(ui, "open-staff", found, said, lambda: staff.rows(ui, found))
    return card(ui, column([_done(ui, _("Staff"), bool(found)), *rows, *staff.add(ui, _typed)]))


def _pupils(ui: Ui) -> ft.Control:
    box = ui.of("school-pupil")
    classes = ui.desk.school.classes()
    box.setdefault("class", classes[0].id)

    async def add() -> None:
        await ui.desk.register.add_pupil(box["class"], {"name": box["text"].strip()})
        box["text"] = ""

    lines: list[ft.Control] = [_done(ui, _("Pupils"), bool(ui.desk.school.pupils())), *_listed(ui)]
    lines.append(field(ui, "pupil-name", _("Name of a pupil"), box.get("text", ""), lambda v: _typed(ui, box, "text", v)))
    lines += _into(ui, box, classes)
    lines.append(quiet(ui, "add-pupil", _("Add the pupil"), ui.do(add), ft.Icons.ADD, disabled=not box.get("text", "").strip()))
    return card(ui, column(lines))


def _into(ui: Ui, box: dict[str, str], classes: Sequence[SchoolClass]) -> Sequence[ft.Control]:
    """The class of a new pupil."""

    def chips() -> list[ft.Control]:
        return [
            choice(ui, f"pupil-class-{c.id}", c.name, box["class"] == c.id, ui.press(partial(box.update, {"class": c.id})))
            for c in classes
        ]

    name = next((c.name for c in classes if c.id == box["class"]), "")
    return opened(ui, "open-pupil-class", classes, _("Into {name}", name=name), lambda: [wrap(chips())])


def _listed(ui: Ui) -> list[ft.Control]:
    """The pupils; if there are many, those of the class that was chosen."""
    classes, shown = chosen(ui, "school-list", ui.desk.school.pupils(), first=False)
    lines = [_pupil(ui, one) for one in some(ui, "school-pupils", shown)]
    return [*classes, *lines, *the_rest(ui, "school-pupils", shown)]


def _pupil(ui: Ui, one: Pupil) -> ft.Control:
    box = ui.of(f"school-pupil-{one.id}")
    more = quiet(ui, f"open-pupil-{one.id}", _("Targets and consents"), ui.press(lambda: box.update(open=not box.get("open"))))
    row = ft.Row([disc(ui, one, 48), words(ui, one.name, bold=True, expand=True), *([more] if ui.wide else [])], spacing=t.M)
    return column([row, *([] if ui.wide else [more]), *([_targets(ui, one), _consents(ui, one)] if box.get("open") else [])], t.S)


def _targets(ui: Ui, one: Pupil) -> ft.Control:
    box = ui.of(f"target-{one.id}")

    async def add() -> None:
        await ui.desk.plans.add_target(one.id, {k: box.get(k, "") for k in TARGET_FIELDS})
        box.clear()

    lines: list[ft.Control] = [words(ui, f"· {x.chip}: {x.statement}") for x in ui.desk.school.targets(one.id)]
    for key, label in TARGET_FIELDS.items():
        lines.append(field(ui, f"new-target-{key}", _(label), box.get(key, ""), partial(_typed, ui, box, key)))
    lines.append(
        quiet(ui, "add-target", _("Add the target"), ui.do(add), ft.Icons.ADD, disabled=not box.get("statement", "").strip())
    )
    return column(lines, t.S)


def _consents(ui: Ui, one: Pupil) -> ft.Control:
    given = ui.desk.school.consents(one.id)

    def switch(audience: Audience, kind: MediaKind) -> Press:
        return ui.do(
            lambda: ui.desk.families.set_consent(one.id, audience, kind, not given.allow(audience, kind), "carer, told the SENCO")
        )

    chips = [choice(ui, f"consent-{a}-{k}", _(text), given.allow(a, k), switch(a, k)) for a, k, text in CONSENTS]
    return column([words(ui, _("Consents (what is not ticked is no)"), bold=True), wrap(chips)], t.S)
