"""What several tests of use cases do: end a device, break the Wi-Fi, let days pass, and a small house of two families."""

import dataclasses
import os
from collections.abc import Callable
from datetime import date

import httpx

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.states import ReviewState
from app.usecases.evidence import capture
from app.usecases.evidence.capture import Draft, DraftMedia
from app.usecases.families import page as families
from app.usecases.register import roster
from app.usecases.review import review
from app.usecases.session.school import School
from storage.store import Store
from tests.usecases.conftest import Seat

DAY = 86_400_000  # ms
PHOTO = MediaKind.PHOTO

LEFT = {"local/device", "local/device.again", "local/keep/leaving"}  # of a device of which nothing is left


async def end(tablet: Seat, phone: Seat) -> str:
    device = tablet.desk.session.store.device
    await phone.desk.devices.end(device)
    return device


def cut_after(puts: int) -> Callable[[httpx.Request], object]:
    """The Wi-Fi breaks off after so many files."""
    gone = 0

    async def look(request: httpx.Request) -> None:
        nonlocal gone
        gone += request.method == "PUT"
        if gone > puts:
            raise httpx.ConnectError("the Wi-Fi broke off", request=request)

    return look


async def no_puts(request: httpx.Request) -> None:
    if request.method == "PUT":
        raise httpx.ConnectError("the Wi-Fi broke off", request=request)


async def round_of(*seats: Seat) -> None:
    """Each goes twice: what was folded in the first is sent in the second."""
    for _ in range(2):
        for seat in seats:
            assert await seat.desk.syncing.sync_now() and seat.desk.syncing.problem is None, seat.desk.syncing.problem


async def days(count: int, *seats: Seat) -> None:
    for _ in range(count):
        seats[0].time.forward(DAY)
        await round_of(*seats)


@dataclasses.dataclass
class House:
    """A store with two children of one class, whose families have agreed to nothing yet."""

    store: Store
    amira: str
    leo: str

    @property
    def school(self) -> School:
        return School(self.store)

    async def moment(self, *pupils: str, note: str = "", photo: bool = True, at: int = 5) -> str:
        """Amira's observation of it, approved."""
        media = [DraftMedia("m", "image/jpeg", 3, 8, 6)] if photo else []
        draft = Draft(at, media, note, "", list(pupils), {pupils[0]: ["a target"]})
        made = await capture.save(self.store, draft, {"m": b"abc"}, "dana", at, 0, os.urandom)
        await review.set_state(self.store, self.amira, made[0], ReviewState.APPROVED)
        return made[0]

    async def agree(self, pupil: str, audience: Audience, given: bool = True) -> None:
        await roster.set_consent(self.store, pupil, audience, PHOTO, given, "a carer", date(2026, 9, 1))

    def shown(self) -> list[str]:
        return [item.observation for item in families.family_page(self.school, self.amira).items]
