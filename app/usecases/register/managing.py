"""What the SENCO does about devices that were ended, and about who works here: in which role and classes, and until when."""

from collections.abc import Sequence

from app.domain.vocabulary.language import N_
from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed
from app.usecases.register.roster import changes
from app.usecases.register.setting_up import SettingUp
from app.usecases.session.hub import HandedIn
from app.usecases.session.school import local_day


class Managing(SettingUp):
    # -- what devices hand in --------------------------------------------------------------------------------------------
    async def handed_in(self) -> list[HandedIn]:
        """Of every device of which something waits, and of every one that was ended."""
        self._need(self.may_set_up)
        return await self.hub.handed_in()

    async def accept_handed_in(self, device: str) -> list[str]:
        """All of it into the school's folder; sentences on what could not be, and waits on."""
        self._need(self.may_set_up)
        why = await self.hub.accept_handed_in(device)
        self._wake.set()
        return why

    async def throw_away(self, device: str) -> None:
        self._need(self.may_set_up)
        await self.hub.throw_away(device)

    async def give_up(self, device: str) -> None:
        """The device wipes at its next contact, with what it has not handed in."""
        self._need(self.may_set_up)
        await self.hub.give_up(device)

    async def how_many_lead(self) -> int:
        """Devices of a SENCO that can get in."""
        self._need(self.may_set_up)
        return sum(one.role == Role.SENCO and not one.ended for one in await self.hub.devices())

    # -- who works here --------------------------------------------------------------------------------------------------
    async def has_left(self, staff: str) -> None:
        """From their next contact on, this person's devices are as ended ones, and shared tablets do not know the person."""
        if staff == self._me:
            raise NotAllowed(N_("You cannot note that you have left: another SENCO does it, so that one is still here."))
        await self._write(staff, "left", local_day(self.now()).isoformat())

    async def is_back(self, staff: str) -> None:
        await self._write(staff, "left", "")

    async def set_work(self, staff: str, role: Role, classes: Sequence[str]) -> None:
        """In which role and classes somebody works from now on; a device of theirs does no more than that, and no more than what
        it was invited for. Without classes: in all of them. Nobody takes the own role away."""
        if staff == self._me and role is not Role.SENCO:
            raise NotAllowed(N_("You cannot take the SENCO's role from yourself: another SENCO does it."))
        await self._set_up(self.store.write(changes("school", f"staff:{staff}", {"role": str(role), "classes": list(classes)})))

    async def _write(self, staff: str, field: str, value: str) -> None:
        await self._set_up(self.store.write(changes("school", f"staff:{staff}", {field: value})))
