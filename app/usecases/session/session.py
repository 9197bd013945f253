"""Who sits at this device, what they may do, and what each part of the desk shares."""

import asyncio
import json
from collections.abc import Callable
from contextlib import suppress
from typing import Any, Protocol, Self

from app.domain.register.people import COVER, Staff
from app.domain.schema.rights import LADDER, may_write
from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed, SmallStepsError, TabletLocked, for_people
from app.media.codec import Codec
from app.usecases.door.locks import Locks
from app.usecases.evidence.capture import Draft
from app.usecases.evidence.drafts import Drafts
from app.usecases.session.hub import HubClient
from app.usecases.session.school import School
from app.usecases.syncing.rounds import Rounds
from storage.errors import StorageError, StoreFull
from storage.folder.hub import HubFolder
from storage.store import Store


class HubAt(Protocol):
    """Makes the folder that a token opens."""

    def __call__(self, token: str) -> HubFolder: ...


class Seat:
    """One adult at one device. What a method raises is a SmallStepsError with a sentence for the person, and then nothing has
    changed."""

    def __init__(
        self, store: Store, hub: HubClient, folder_at: HubAt, codec: Codec, now: Callable[[], int], lasting: bool = True
    ) -> None:
        self.store, self.hub, self.codec, self.now, self.lasting = store, hub, codec, now, lasting
        self._folder_at = folder_at
        self._school, self.rounds = School(store), Rounds(store, now)
        self.drafts, self.locks = Drafts(), Locks()
        self.online = True
        self.joining = self.syncing = False
        self.step: tuple[str, int, int] | None = None
        self.problem: SmallStepsError | None = None
        self.last_sync = 0
        self._identity: dict[str, Any] = {}
        self._me = ""  # who has the device in hand; nobody, while it is locked
        self.cover = False  # an adult without a PIN, who may record and see nothing
        self.last = ""  # who had it before
        self.filming = False  # a clip is being made: until it is fetched nobody else gets the device
        self._hand = ""  # whose draft it is that is being told
        self._picker = ""  # who opened the device's own file window last
        self._listeners: list[Callable[[], None]] = []
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._saving = False
        self._forgotten: set[str] = set()  # erased children of whom nothing is left at this desk
        self.origin = ""
        self.bridge: Any = None  # kept alive with the desk
        store.add_listener(self.changed)

    @classmethod
    async def open(cls, *parts: Any, **more: Any) -> Self:
        """A desk as it was left: who has joined, who works here, the draft."""
        seat = cls(*parts, **more)
        seat._identity = json.loads(await seat.store.kept("identity") or b"{}")
        seat.last = (await seat.store.kept("me") or b"").decode()
        seat.drafts = Drafts.from_bytes(await seat.store.kept("draft") or b"{}")
        seat.locks = Locks.from_bytes(await seat.store.kept("locks"))
        seat._has("" if seat.locks.begun else seat.last)
        seat.hub.token, seat.hub.space = seat._identity.get("token", ""), seat._identity.get("space", "")
        seat._speak()
        return seat

    def _speak(self) -> None:
        """A SENCO's device holds all of the school, and puts again what others have lost."""
        self.store.speaks_for_all = self.joined and self.role is Role.SENCO

    # -- who -----------------------------------------------------------------------------------------------------------
    @property
    def joined(self) -> bool:
        return bool(self._identity)

    @property
    def role(self) -> Role:
        return Role(self._identity.get("role", "ta"))

    @property
    def classes(self) -> list[str]:
        return list(self._identity.get("classes", ()))

    @property
    def locked(self) -> bool:
        """Whether somebody has a PIN here, and nobody has given one."""
        return self.locks.begun and not (self._me or self.cover)

    @property
    def school(self) -> School:
        """What is known of the children, for whoever has given a PIN. Raises TabletLocked."""
        self._need_in()
        return self._school

    def _need_in(self) -> None:
        """Raises TabletLocked unless the device is in the hand of somebody known."""
        if self.locked or self.cover:
            raise TabletLocked

    @property
    def draft(self) -> Draft:
        """Of whoever has the device in hand, or had it until it was locked: the last letters of a note come in a moment later."""
        return self.drafts.at(self._hand)

    @property
    def author(self) -> str:
        """Who records: a person's id, or that it was somebody on cover."""
        return COVER if self.cover else self._me

    @property
    def me(self) -> Staff | None:
        return next((s for s in self._school.staff() if s.id == self._me and not s.left), None)

    @property
    def needs_pin(self) -> bool:
        """Whether the person who has the device in hand has to choose a PIN before anything else."""
        return bool(self._me) and self._me not in self.locks.of

    def may(self, kind: str, field: str = "", partition: str = "0" * 32) -> bool:
        barred = self.locked or (self.cover and f"{kind}.{field}" != "observation.")
        return not barred and may_write(self.role, partition, kind, field, None)

    @property
    def may_review(self) -> bool:
        return self.may("observation", "review")

    @property
    def may_set_up(self) -> bool:
        return self.may("class", partition="school")

    def _need(self, allowed: bool) -> None:
        if not allowed:
            raise NotAllowed

    async def _join(self, code: str, name: str) -> None:
        joined = await self.hub.join("".join(code.split()).replace("-", "").upper(), self.store.device, name, self.hub.space)
        self._identity = {
            "token": joined.token, "role": joined.role, "classes": list(joined.classes), "staff": joined.staff,
            "school": joined.school, "space": joined.space, "name": name, "before": joined.before,
        }  # fmt: skip
        self._speak()
        await self._told(self.store.keep("identity", json.dumps(self._identity).encode()))
        if self.locks.begun:
            self.locks.reopen([s.id for s in self._school.staff()], self.now())
            await self._told(self.store.keep("locks", self.locks.to_bytes()))
        if joined.staff:
            await self._sit_down(joined.staff)

    def staff_here(self) -> list[Staff]:
        """Who works at this device: its owner; on a shared tablet the adults of its classes; else those who may do as much."""
        everyone = [s for s in self._school.staff() if not s.left]
        if owner := self._identity.get("staff"):
            return [s for s in everyone if s.id == owner]
        if self.role is not Role.TA:
            return [s for s in everyone if LADDER.index(s.role) >= LADDER.index(self.role)]
        own = [s for s in everyone if not s.classes or set(s.classes) & set(self.classes)]
        return [s for s in own if s.role in {Role.TA, Role.TEACHER}]

    async def choose_me(self, staff_id: str) -> None:
        """Where nobody has a PIN yet, or a colleague who has given one lets this person in. Raises TabletLocked, NotAllowed."""
        self._need_in()
        if staff_id in self.locks.of:
            raise TabletLocked
        self._need(staff_id in {s.id for s in self.staff_here()})
        await self._sit_down(staff_id)

    async def _sit_down(self, staff_id: str) -> None:
        self._has(staff_id)
        self.last = staff_id
        with suppress(StoreFull):  # who it was last is only a convenience
            await self.store.keep("me", staff_id.encode())
        self.changed()

    def _has(self, staff_id: str, cover: bool = False) -> None:
        """Who has the device in hand from now on, and signs what is written."""
        self._me, self.cover = staff_id, cover
        self._hand = self.author or self._hand
        self.store.author = self.hub.author = self.author

    async def _told(self, work: Any) -> Any:
        """The result, or the error as people read it."""
        try:
            return await work
        except StorageError as error:
            raise for_people(error) from error

    # -- telling -------------------------------------------------------------------------------------------------------
    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Called after every change; the result stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self) -> None:
        for listener in list(self._listeners):
            listener()
