"""After the school's folder was brought back from a backup: what the SENCO is told, looks at, and then says."""

from dataclasses import dataclass

from app.domain.records.acts import ROLES
from app.domain.schema.asked import Right
from app.domain.vocabulary.language import N_, _
from app.domain.vocabulary.roles import Role
from app.usecases.session.hub import AfterRestore
from app.usecases.session.session import Session, Topic
from app.usecases.syncing.health import clock_time
from app.usecases.syncing.rounds import Rounds
from storage.folder.hub import BroughtBack

WAITING = N_(
    "Until you have looked, families' pages and links stay shut. What was recorded since then comes back by itself from every "
    "device that is opened."
)
UNKNOWN = N_("This school's folder was brought back from a backup.")
KNOWN = N_("This school's folder was brought back from a backup of {time}.")
NO_NAME = N_("A device without a name")
WHAT_TO_LOOK_AT = N_(
    "A device that was ended, or a family's link that was ended, after that day is let in again, because the backup does not "
    "know of it. End those again that should not be here. Devices that joined after that day have to join again, with a new code."
)


@dataclass(frozen=True, slots=True)
class LookedAt:
    """In words: devices that are let in, links that open, and devices that may still bring a consent that was withdrawn."""

    devices: tuple[str, ...]
    links: tuple[str, ...]
    awaited: tuple[str, ...]


class Restore:
    def __init__(self, session: Session, rounds: Rounds) -> None:
        self._session, self._rounds = session, rounds

    @property
    def brought_back(self) -> str:
        """For the SENCO, as long as it was not looked at: what happened, in sentences; else ""."""
        back, may = self._rounds.restored, self._session.has(Right.DEVICES)
        return sentence_for(back, self._session.now()) if back and not back.looked and self._session.joined and may else ""

    async def look(self) -> LookedAt:
        found = await self._session.ask(Right.DEVICES, lambda hub: hub.after_restore())
        return LookedAt(tuple(self._devices(found)), tuple(self._links(found)), tuple(self._awaited(found)))

    def _devices(self, found: AfterRestore) -> list[str]:
        return [
            _(
                "{device} ({role}), joined {time}",
                device=one.name or _(NO_NAME),
                role=_(ROLES[Role(one.role)]),
                time=self._at(one.joined),
            )
            + (" " + _("(this device)") if one.id == self._session.store.device else "")
            for one in found.devices
        ]

    def _links(self, found: AfterRestore) -> list[str]:
        known = self._session.school.known([one.pupil for one in found.links])
        names = {child: pupil.called for child, pupil in known.items()}
        return [
            _(
                "{child}, until {time}",
                child=names.get(one.pupil, _("A child who is not on this device")),
                time=self._at(one.expires),
            )
            for one in found.links
        ]

    def _at(self, at: int) -> str:
        return clock_time(at, self._session.now())

    def _awaited(self, found: AfterRestore) -> list[str]:
        return [one.name or _(NO_NAME) for one in found.devices if one.id in found.awaited]

    async def confirm(self) -> None:
        """Families' pages and links open again."""
        await self._session.ask(Right.DEVICES, lambda hub: hub.confirm_restored())
        if back := self._rounds.restored:
            self._rounds.restored = BroughtBack(back.id, back.backup, True)
        self._session.changed(Topic.SYNC)


def sentence_for(back: BroughtBack, now: int) -> str:
    of = _(KNOWN, time=clock_time(back.backup, now)) if back.backup else _(UNKNOWN)
    return f"{of} {_(WAITING)}"
