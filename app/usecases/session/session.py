"""Who sits at this device, what they may do, and the one way from a use case to the store.

It knows the store, the clock, who has joined and in whose hand the device is. It knows no drafts, no PINs and no rounds of sync:
those ask it.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from enum import StrEnum
from typing import Protocol, TypeVar

from app.domain.register.people import COVER, Staff
from app.domain.schema.asked import Right, has
from app.domain.schema.rights import A_CHILD, may_rewrite, may_write
from app.domain.schema.table import fits
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.states import ReviewState
from app.errors import CannotBeKept, NotAllowed, TabletLocked, for_people
from app.usecases.session.hub import HubClient
from app.usecases.session.identity import Identity
from app.usecases.session.school import School
from storage.errors import StorageError, StoreFull
from storage.folder.hub import HubFolder
from storage.library import Library
from storage.ops import Change
from storage.store import Store

T = TypeVar("T")
ON_COVER = frozenset({"observation", "media"})  # kinds of things that an adult without a PIN records
IDENTITY, LAST = "identity", "me"  # small files of this device


class Topic(StrEnum):
    """What has changed, so that only what shows it is drawn again."""

    RECORDS = "records"
    SYNC = "sync"
    DRAFT = "draft"
    DOOR = "door"


Listener = Callable[[Topic], None]


class HubAt(Protocol):
    """Makes the folder that a token opens."""

    def __call__(self, token: str) -> HubFolder: ...


class Session:
    """One adult at one device. `in_hand`, `person`, `cover` and `hand` are set by the door alone, `ended` by the ending of the
    device. What a method raises is a SmallStepsError with a sentence for the person, and then nothing has changed."""

    def __init__(self, store: Store, hub: HubClient, folder_at: HubAt, now: Callable[[], int]) -> None:
        self.store, self.hub, self.now = store, hub, now
        self._folder_at = folder_at
        self.identity = Identity()
        self.person = ""  # who has the device in hand; "" while it is locked
        self.cover = False  # an adult without a PIN has it, who may record and see nothing
        self.hand = ""  # whose draft is being told: who has the device in hand, or had it until it was locked
        self.in_hand = True
        self.ended = False  # the school has ended this device
        self.known = School(store)  # for the house itself; screens ask `school`
        self.school = School(Guarded(self))
        self.waking = asyncio.Event()
        self._listeners: list[Listener] = []
        store.add_listener(self._stored)

    async def recall(self) -> None:
        """As this device was left."""
        await self.become(Identity.from_bytes(await self.store.kept(IDENTITY)), keep=False)

    async def become(self, identity: Identity, keep: bool = True) -> None:
        """A SENCO's device holds all of the school, and puts again what others have lost."""
        self.identity = identity
        self.hub.token, self.hub.space = identity.token, identity.space
        self.store.speaks_for_all = identity.joined and identity.role is Role.SENCO
        if keep:
            await self.translated(self.store.keep(IDENTITY, identity.to_bytes()))

    # -- who -----------------------------------------------------------------------------------------------------------
    @property
    def open(self) -> bool:
        """Whether the device is in a hand that may do something here."""
        return self.in_hand and not self.ended

    @property
    def locked(self) -> bool:
        return not self.open

    @property
    def joined(self) -> bool:
        return self.identity.joined

    @property
    def role(self) -> Role:
        return self.identity.role

    @property
    def classes(self) -> tuple[str, ...]:
        return self.identity.classes

    @property
    def author(self) -> str:
        """Who records: a person's id, or that an adult on cover did."""
        return COVER if self.cover else self.person

    @property
    def me(self) -> Staff | None:
        return next((s for s in self.known.staff() if s.id == self.person and not s.left), None)

    def hand_to(self, person: str, cover: bool = False) -> None:
        """Who has the device in hand from now on, and signs what is written."""
        if self.store.gone:
            return  # a late tap at a device that was wiped: the next desk has the hub's client now
        self.person, self.cover = person, cover
        self.hand = self.author or self.hand
        self.store.author = self.hub.author = self.author

    async def note_last(self, person: str) -> None:
        with suppress(StoreFull):  # who it was last is only a convenience
            await self.store.keep(LAST, person.encode())

    # -- rights ----------------------------------------------------------------------------------------------------------
    def may(self, kind: str, field: str = "", partition: str = A_CHILD, value: object = None) -> bool:
        """Whether this value may be written here and now: by the table, which the hub asks again on arrival."""
        if not self.open or (self.cover and kind not in ON_COVER):
            return False
        return self.allowed(kind, field, partition, value)

    def allowed(self, kind: str, field: str, partition: str, value: object) -> bool:
        """The same, of this device, in whose hand it may be."""
        return all(may_write(role, partition, kind, field, value) for role in self.identity.writes_as)

    def has(self, right: Right) -> bool:
        """For screens, and for what is asked of the hub."""
        if not self.open:
            return False
        return right is Right.RECORD if self.cover else has(self.identity.writes_as, right)

    def need(self, right: Right) -> None:
        """Raises TabletLocked, NotAllowed."""
        self.need_open()
        if not self.has(right):
            raise NotAllowed

    def need_open(self) -> None:
        """Raises TabletLocked unless the device is in the hand of a person who has a PIN, or if no one has one yet."""
        if not self.open or self.cover:
            raise TabletLocked

    # -- the gate --------------------------------------------------------------------------------------------------------
    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        """The only way from a use case to the store. Raises TabletLocked and NotAllowed, with nothing written."""
        await self.pen().write(changes, media)

    def pen(self) -> "Pen":
        """To write in the name of the person who has the device in hand now, in whose hand it may be by then. Raises
        TabletLocked."""
        if not self.open:
            raise TabletLocked
        return Pen(self, self.author, cover=self.cover)

    async def ask(self, right: Right, question: Callable[[HubClient], Awaitable[T]]) -> T:
        """What the hub answers. Raises TabletLocked, NotAllowed, and the hub's own errors."""
        self.need(right)
        return await self.translated(question(self.hub))

    async def translated(self, work: Awaitable[T]) -> T:
        """The result, or the error as people read it."""
        try:
            return await work
        except StorageError as error:
            raise for_people(error) from error

    def folder(self) -> HubFolder:
        """The school's folder, as this device's token opens it."""
        return self._folder_at(self.hub.token)

    # -- telling -------------------------------------------------------------------------------------------------------
    def on_change(self, listener: Listener) -> Callable[[], None]:
        """Called after every change with what it was about; the result stops it."""
        self._listeners.append(listener)

        def stop() -> None:
            with suppress(ValueError):  # the session may be closed by then
                self._listeners.remove(listener)

        return stop

    def changed(self, topic: Topic = Topic.RECORDS) -> None:
        for listener in list(self._listeners):
            listener(topic)

    def _stored(self) -> None:
        self.changed(Topic.RECORDS)

    def wake(self) -> None:
        """There is something to send, or to look for."""
        self.waking.set()

    def close(self) -> None:
        """This session is over: its store was wiped, and another one begins."""
        self.store.remove_listener(self._stored)
        self._listeners.clear()
        self.wake()


class Pen:
    """Writes in one person's name. What was begun with a right is finished with it, though the device may be locked meanwhile."""

    def __init__(self, session: Session, author: str, cover: bool = False) -> None:
        self._session, self._author, self._cover = session, author, cover

    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        """Raises CannotBeKept and NotAllowed, with nothing written: by the very rules that the hub asks on arrival."""
        session = self._session
        if not all(fits(one.partition, one.entity.partition(":")[0], one.field, one.value) for one in changes):
            raise CannotBeKept
        if not all(self._may(one) for one in changes):
            raise NotAllowed
        await session.translated(session.store.write(changes, media, self._author))
        session.wake()

    def _may(self, one: Change) -> bool:
        kind = one.entity.partition(":")[0]
        mine = kind in ON_COVER or not self._cover
        return mine and self._session.allowed(kind, one.field, one.partition, one.value) and not self._undoes(kind, one)

    def _undoes(self, kind: str, one: Change) -> bool:
        """Whether this would replace a value that may only be written once here, or take back what was decided."""
        library = self._session.store.library
        standing = library.field(one.partition, one.entity, one.field)
        if standing is None or all(op.value == one.value for op in standing.standing()):
            return False
        review = library.field(one.partition, one.entity, "review")
        approved = review is not None and review.value() == ReviewState.APPROVED
        decides = self._session.allowed(kind, one.field, one.partition, None)
        return not (decides and all(may_rewrite(role, kind, one.field, approved) for role in self._session.identity.writes_as))


class HandIn:
    """Writes what was begun on a device that was ended, in the name of the person who began it. No right is asked: all of it goes
    to quarantine, where the SENCO decides, and what was recorded is not lost because a role has changed (promise 1)."""

    def __init__(self, session: Session, author: str) -> None:
        self._session, self._author = session, author

    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        await self._session.translated(self._session.store.write(changes, media, self._author))


class Guarded:
    """The library for who has the device in hand: each question is asked at the door first. Raises TabletLocked."""

    def __init__(self, session: Session) -> None:
        self._session = session

    @property
    def library(self) -> Library:
        self._session.need_open()
        return self._session.store.library
