"""The school's devices, for the SENCO: inviting, ending, and what devices hand in."""

from app.domain.schema.asked import Right
from app.domain.vocabulary.roles import Role
from app.usecases.session.hub import Device, HandedIn, Invite
from app.usecases.session.session import Session
from app.usecases.syncing import health


class Devices:
    """All of it is the hub's to say."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def this_one(self) -> str:
        """The number of the device in hand."""
        return self._session.store.device

    async def all(self) -> list[Device]:
        return await self._session.ask(Right.DEVICES, lambda hub: hub.devices())

    async def how_many_lead(self) -> int:
        """Devices of a SENCO that can get in."""
        return sum(one.role == Role.SENCO and not one.ended for one in await self.all())

    async def folder_news(self) -> list[str]:
        """What the SENCO should know of the files in the school's folder, in sentences."""
        return health.of_folder(await self._session.ask(Right.DEVICES, lambda hub: hub.folder_counts()))

    async def invite(self, role: Role, classes: list[str], staff: str | None = None) -> Invite:
        return await self._session.ask(Right.DEVICES, lambda hub: hub.invite(str(role), classes, staff))

    async def end(self, device: str) -> None:
        await self._session.ask(Right.DEVICES, lambda hub: hub.end_device(device))

    # -- what devices hand in --------------------------------------------------------------------------------------------
    async def handed_in(self) -> list[HandedIn]:
        """Of every device of which something waits, and of every one that was ended."""
        return await self._session.ask(Right.DEVICES, lambda hub: hub.handed_in())

    async def accept(self, device: str) -> list[str]:
        """All of it into the school's folder; sentences on what could not be, and waits on."""
        why = await self._session.ask(Right.DEVICES, lambda hub: hub.accept_handed_in(device))
        self._session.wake()
        return why

    async def throw_away(self, device: str) -> None:
        await self._session.ask(Right.DEVICES, lambda hub: hub.throw_away(device))

    async def give_up(self, device: str) -> None:
        """The device wipes at its next contact, with what it has not handed in."""
        await self._session.ask(Right.DEVICES, lambda hub: hub.give_up(device))
