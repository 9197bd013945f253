"""The audit log as the SENCO and the DSL read it: a line an act, in plain words, with names as they are known here today."""

import json
from dataclasses import dataclass
from typing import Any

from app.domain.records.acts import ACTS_OF_KIND, sentence
from app.domain.schema.asked import Right
from app.domain.vocabulary.dates import full_moment
from app.domain.vocabulary.language import N_, _
from app.errors import HubUnreachable
from app.usecases.records.erasure import REASONS
from app.usecases.session.reading import LATEST
from app.usecases.session.school import local_time
from app.usecases.session.session import Session

SEEN = "audit"  # where this device keeps what it has seen of the log's end
LATE = 10 * 60_000  # ms between an act, by its device's clock, and its arrival; if it is more, the log says so
FILTERS = {
    "": N_("Everything"), "families": N_("Families"), "consents": N_("Consents"), "erasures": N_("Erasures"),
    "papers": N_("Papers and backups"),
    "devices": N_("Devices"), "people": N_("People"), "log": N_("The log itself"),
}  # fmt: skip
assert FILTERS.keys() - {""} == ACTS_OF_KIND.keys()


@dataclass(frozen=True, slots=True)
class Line:
    """Entry number `n`, and how it reads."""

    n: int
    words: str


@dataclass(frozen=True, slots=True)
class Page:
    """Newest first. `older` is what to ask for next, 0 where there is no more; `faults` are sentences, where the log is not as
    it was written, and `replaced` says that it is not the one that was read here before."""

    lines: tuple[Line, ...]
    older: int
    faults: tuple[str, ...] = ()
    replaced: bool = False


class AuditLog:
    def __init__(self, session: Session) -> None:
        self._session = session
        self._end: dict[str, Any] | None = None  # of the log as it was read last: number and hash of its last entry

    async def page(self, before: int = 0, kind: str = "", pupil: str = "") -> Page:
        """A page of the log, the newest without `before`. The first page tells, too, whether the log is whole: this device
        remembers where it ended, so that no older one can be put in its place."""
        self._session.need(Right.AUDIT)
        seen = json.loads(await self._session.store.kept(SEEN) or b"{}")
        known = {"seen": seen["n"], "seen_hash": seen["hash"]} if seen and not before else {}
        raw = await self._session.ask(Right.AUDIT, lambda hub: hub.audit(before=before, kind=kind, pupil=pupil, **known))
        try:
            page = self._page(raw)
            end = {key: raw["head"][key] for key in ("n", "hash")} if not before else self._end
        except (TypeError, KeyError, ValueError, AttributeError) as error:
            raise HubUnreachable from error
        self._end = end
        if not (before or page.replaced):
            await self.know()
        return page

    async def know(self) -> None:
        """The log that was read last is the right one, also where this device knew another."""
        if self._end:
            await self._session.translated(self._session.store.keep(SEEN, json.dumps(self._end).encode()))

    def _page(self, raw: Any) -> Page:
        devices, entries = raw["devices"], raw["entries"]
        lines = tuple(Line(int(one["n"]), self._words(one, devices)) for one in entries)
        return Page(
            lines, lines[-1].n if raw["more"] else 0, tuple(str(one) for one in raw.get("faults", ())), bool(raw.get("replaced"))
        )

    def _words(self, entry: dict[str, Any], devices: dict[str, str]) -> str:
        by, at = entry.get("by") or entry["who"], int(entry["at"])
        said = int(entry.get("said_at", at))
        text = sentence(str(entry["what"]), entry["about"], by, self._names(devices))
        why = _(REASONS.get(entry["why"], ""))
        late = " " + _("(by the clock there: {time})", time=moment(said)) if abs(at - said) > LATE else ""
        return f"{moment(at)} · {text}{f': {why[:1].lower()}{why[1:]}' if why else ''}{late}"

    def _names(self, devices: dict[str, str]) -> Any:
        school = self._session.school
        classes = {one.id: one.name for one in school.classes()}
        known = {"staff": school.staff_names(), "class": classes, "device": {k: f"“{v}”" for k, v in devices.items() if v}}

        def find(kind: str, ident: str) -> str:
            if kind == "pupil":
                return school.known([ident])[ident].name if ident in school.known([ident]) else ""
            return known[kind].get(ident, "")

        return find


def moment(at: int) -> str:
    """Like Wed 25 Nov 2026, 14:05, by the school's clock. `at` in ms UTC."""
    when = local_time(min(max(at, 0), LATEST))  # a tablet's clock may say anything
    return full_moment(when)
