"""A link for one family: made, copied, ended."""

from functools import partial
from typing import Any

import flet as ft

from app.domain.vocabulary.dates import long_day
from app.domain.vocabulary.language import _, ngettext
from app.usecases.session.hub import FamilyLink
from app.usecases.session.school import local_day
from views.parts.basics import card, choice, column, named, primary, quiet, words, wrap
from views.shell import framed
from views.ui import Press, Ui

DAYS = (30, 90, 365)


def families(ui: Ui) -> ft.Control:
    box = ui.of("families")
    box.setdefault("days", 90)
    pupils = ui.desk.register.pupils()

    def pick(ident: str) -> Press:
        async def work() -> None:
            box.update(pupil=ident, link=None, links=[])
            box["links"] = await ui.desk.families.links(ident)

        return ui.do(work)

    async def make() -> None:
        box["link"] = await ui.desk.families.make_link(box["pupil"], box["days"])
        box["links"] = await ui.desk.families.links(box["pupil"])

    who = [choice(ui, f"family-pupil-{p.id}", p.called, box.get("pupil") == p.id, pick(p.id)) for p in pupils]
    days = [
        choice(ui, f"days-{d}", ngettext("{n} day", "{n} days", d), box["days"] == d, ui.press(partial(box.update, days=d)))
        for d in DAYS
    ]
    lines: list[ft.Control] = [
        words(ui, _("Whose family?"), bold=True),
        wrap(who),
        words(ui, _("For how long?"), bold=True),
        wrap(days),
    ]
    lines.append(primary(ui, "make-link", _("Make a link"), ui.do(make), ft.Icons.LINK, disabled=not box.get("pupil")))
    if box.get("pupil"):
        lines.append(named("family-sees", words(ui, sees(ui, box["pupil"]), quiet=True)))
    if link := box.get("link"):
        copy = quiet(ui, "copy-link", _("Copy"), None, ft.Icons.CONTENT_COPY, action=ft.CopyToClipboard(link.url))
        lines += [
            words(ui, _("Give this link to the family only. It is shown here once.")),
            named("link-url", words(ui, link.url, bold=True)),
            copy,
        ]
    for kept in box.get("links") or []:
        lines.append(_row(ui, box, kept))
    return framed(ui, _("Families"), card(ui, column(lines)), back="/reports")


def sees(ui: Ui, pupil: str) -> str:
    return ngettext(
        "This family would see {n} moment now. Only what is approved and what consents allow.",
        "This family would see {n} moments now. Only what is approved and what consents allow.",
        ui.desk.families.sees(pupil),
    )


def _row(ui: Ui, box: dict[str, Any], link: FamilyLink) -> ft.Control:
    ident, ended, expires = link.id, link.ended, local_day(link.expires)

    async def end() -> None:
        await ui.desk.families.revoke_link(ident)
        box["links"] = await ui.desk.families.links(str(box["pupil"]))

    text = _("Link until {day} · ended", day=long_day(expires)) if ended else _("Link until {day}", day=long_day(expires))
    more = [] if ended else [quiet(ui, f"end-{ident}", _("End it now"), ui.do(end), ft.Icons.LINK_OFF)]
    return ft.Row([words(ui, text), *more], wrap=True)
