"""After the school's folder was brought back from a backup: what the SENCO is told, looks at, and then says."""

from dataclasses import dataclass

from app.domain.records.acts import ROLES
from app.domain.vocabulary.language import N_, _
from app.domain.vocabulary.roles import Role
from app.usecases.session.hub import AfterRestore
from app.usecases.session.session import Seat
from app.usecases.syncing.health import clock_time
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


class Returning(Seat):
    @property
    def brought_back(self) -> str:
        """For the SENCO, while nobody has looked: what happened, in sentences; else ""."""
        back = self.rounds.restored
        return told(back, self.now()) if back and not back.looked and self.joined and self.may_set_up else ""

    async def after_restore(self) -> LookedAt:
        self._need(self.may_set_up)
        found = await self.hub.after_restore()
        return LookedAt(tuple(self._devices(found)), tuple(self._links(found)), tuple(self._awaited(found)))

    def _devices(self, found: AfterRestore) -> list[str]:
        return [
            _(
                "{device} ({role}), joined {time}",
                device=one.name or _(NO_NAME),
                role=_(ROLES[Role(one.role)]),
                time=clock_time(one.joined, self.now()),
            )
            + (" " + _("(this device)") if one.id == self.store.device else "")
            for one in found.devices
        ]

    def _links(self, found: AfterRestore) -> list[str]:
        names = {child: pupil.called for child, pupil in self.school.known([one.pupil for one in found.links]).items()}
        return [
            _(
                "{child}, until {time}",
                child=names.get(one.pupil, _("A child who is not on this device")),
                time=clock_time(one.expires, self.now()),
            )
            for one in found.links
        ]

    def _awaited(self, found: AfterRestore) -> list[str]:
        return [one.name or _(NO_NAME) for one in found.devices if one.id in found.awaited]

    async def confirm_restored(self) -> None:
        """Families' pages and links open again."""
        self._need(self.may_set_up)
        await self.hub.confirm_restored()
        if self.rounds.restored:
            self.rounds.restored = BroughtBack(self.rounds.restored.id, self.rounds.restored.backup, True)
        self.changed()


def told(back: BroughtBack, now: int) -> str:
    of = _(KNOWN, time=clock_time(back.backup, now)) if back.backup else _(UNKNOWN)
    return f"{of} {_(WAITING)}"
