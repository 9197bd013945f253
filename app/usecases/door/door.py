"""Getting in: a PIN each, chosen and given on the device itself, with no network; and locking again."""

import asyncio
import hmac
import os
from contextlib import suppress
from dataclasses import replace
from typing import Any

from app.domain.door.pins import ITERATIONS, MOST_WRONG, Lock, Pick, objection
from app.domain.register.people import COVER, Staff
from app.domain.schema.rights import LADDER
from app.domain.vocabulary.language import N_, _, ngettext
from app.domain.vocabulary.roles import Role
from app.errors import NoPinHere, NotAllowed, PinShut, PinTooSoon, PinUnfit, PinWrong, TabletLocked
from app.usecases.door.locks import Locks
from app.usecases.door.stretching import Stretch, on_cpython
from app.usecases.evidence.drafts import Drafts
from app.usecases.session.session import LAST, Session, Topic
from storage.errors import StoreFull

LOCKS = "locks"  # the small file of this device that holds them
HOLDING = 600_000  # ms: with the camera open an adult may wait so long for a child to do it
UNFIT = {
    Pick.LENGTH: N_("A PIN has 4 to 8 digits. Please choose another one."),
    Pick.EASY: N_("That PIN is too easy to guess. Please choose one that is not 1234 or 1111."),
    Pick.DIFFERENT: N_("Those were two different PINs. Please choose again."),
}


class Door:
    """The door of one device: it alone says in whose hand the device is."""

    def __init__(self, session: Session, drafts: Drafts, stretch: Stretch = on_cpython) -> None:
        self._session, self._drafts, self._stretch = session, drafts, stretch
        self.locks = Locks()
        self.iterations = ITERATIONS
        self.last = ""  # who had the device before
        self.filming = False  # a clip is being made: until it is fetched, no other person gets the device
        self.holding = self.picking = self.lock_when_filmed = False
        self.picker = ""  # who opened the device's own file window last
        self._touched = session.now()
        self._turn = asyncio.Lock()

    async def recall(self) -> None:
        """As this device was left: locked, where there are PINs."""
        self.last = (await self._session.store.kept(LAST) or b"").decode()
        self.locks = Locks.from_bytes(await self._session.store.kept(LOCKS))
        self._hand_to("" if self.locks.begun else self.last)

    def _hand_to(self, person: str, cover: bool = False) -> None:
        self._session.hand_to(person, cover)
        self._session.in_hand = bool(person or cover or not self.locks.begun)

    def _changed(self) -> None:
        self._session.changed(Topic.DOOR)

    @property
    def school_name(self) -> str:
        return self._session.known.name

    # -- who works here ------------------------------------------------------------------------------------------------
    def staff_here(self) -> list[Staff]:
        """Who works at this device: its owner; on a shared tablet the adults of its classes; else those who may do as much."""
        everyone = [s for s in self._session.known.staff() if not s.left]
        role, classes = self._session.role, set(self._session.classes)
        if owner := self._session.identity.staff:
            return [s for s in everyone if s.id == owner]
        if role is not Role.TA:
            return [s for s in everyone if LADDER.index(s.role) >= LADDER.index(role)]
        own = [s for s in everyone if not s.classes or set(s.classes) & classes]
        return [s for s in own if s.role in {Role.TA, Role.TEACHER}]

    @property
    def needs_pin(self) -> bool:
        """Whether the person who has the device in hand has to choose a PIN before anything else."""
        return bool(self._session.person) and self._session.person not in self.locks.of

    def faces(self) -> list[Staff]:
        """Who may be at this device's door: on a class tablet all its adults, elsewhere those who have a PIN here."""
        here = self.staff_here()
        own = [s for s in here if s.id in self.locks.of or self.may_choose(s.id)]
        return here if self._session.role is Role.TA else own

    def may_choose(self, staff_id: str) -> bool:
        """Whether this person, who has no PIN here, may choose one at the door."""
        return self.locks.opening(staff_id, self._session.now())

    def wait(self, staff_id: str) -> int:
        """Seconds until this person may try again."""
        lock = self.locks.of.get(staff_id)
        return -(-lock.wait(self._session.now()) // 1000) if lock else 0

    # -- in ------------------------------------------------------------------------------------------------------------
    async def enter(self, staff_id: str, pin: str) -> None:
        """Raises PinWrong, PinTooSoon, PinShut, NoPinHere; a wrong PIN is counted before it is told."""
        async with self._turn:
            lock = self._lock_of(staff_id)
            tried = lock.tried(self._session.now())
            await self._keep_lock(staff_id, tried)
            proof = await self._stretch(pin.encode(), bytes.fromhex(lock.salt), lock.rounds)
            if self.locks.of.get(staff_id) != tried:
                raise NoPinHere  # the SENCO had it forgotten meanwhile
            if not hmac.compare_digest(proof.hex(), lock.proof):
                raise _no(self.locks.of[staff_id])
            await self._keep_lock(staff_id, lock.opened())
        await self._come_in(staff_id)

    def _lock_of(self, staff_id: str) -> Lock:
        lock = self.locks.of.get(staff_id)
        if lock is None:
            raise NoPinHere
        if lock.shut:
            raise PinShut
        if lock.wait(self._session.now()):
            raise PinTooSoon
        return lock

    async def _keep_lock(self, staff_id: str, lock: Lock) -> None:
        self.locks.of[staff_id] = lock
        with suppress(StoreFull):  # a full device lets its people in all the same; it counts as long as it runs
            await self._keep_locks()

    async def _keep_locks(self) -> None:
        await self._session.store.keep(LOCKS, self.locks.to_bytes())

    async def _come_in(self, staff_id: str) -> None:
        self._touch()
        await self.sit_down(staff_id)

    async def sit_down(self, staff_id: str) -> None:
        """This person has the device in hand: who has just given a PIN, or who has joined it."""
        self._hand_to(staff_id)
        self.last = staff_id
        await self._session.note_last(staff_id)
        self._changed()

    async def choose_me(self, staff_id: str) -> None:
        """If no one has a PIN yet, or if a colleague with a PIN lets this person in. Raises TabletLocked, NotAllowed."""
        self._session.need_open()
        if staff_id in self.locks.of:
            raise TabletLocked
        if staff_id not in {s.id for s in self.staff_here()}:
            raise NotAllowed
        await self.sit_down(staff_id)

    @property
    def may_cover(self) -> bool:
        """On a class tablet, unless it is switched off there; never where all of a school's names would be shown."""
        return self._session.role is Role.TA and self.locks.cover

    async def come_on_cover(self) -> None:
        """An adult without a PIN records, and sees nothing of what others did. Raises TabletLocked where that may not be."""
        if not self.may_cover:
            raise TabletLocked
        self._touch()
        self._drafts.set_aside(COVER, os.urandom(4).hex())
        self._hand_to("", cover=True)
        self._changed()

    async def reopen(self) -> None:
        """The device has joined again, with a fresh code from the SENCO: everyone chooses a PIN again."""
        if self.locks.begun:
            self.locks.reopen([s.id for s in self._session.known.staff()], self._session.now())
            await self._session.translated(self._keep_locks())

    # -- choosing a PIN ------------------------------------------------------------------------------------------------
    async def choose_at_the_door(self, staff_id: str) -> None:
        """The SENCO lets this person choose a new PIN. Raises NoPinHere."""
        if not self.may_choose(staff_id):
            raise NoPinHere
        await self._come_in(staff_id)

    async def choose_pin(self, pin: str, again: str) -> None:
        """For the person who has the device in hand. Raises PinUnfit, TabletLocked."""
        if not (me := self._session.person):
            raise TabletLocked
        if wrong := objection(pin, again):
            raise PinUnfit(UNFIT[wrong])
        salt, iterations = os.urandom(16), self.iterations
        proof = await self._stretch(pin.encode(), salt, iterations)
        if self._session.person != me:
            raise TabletLocked
        reset = self.locks.resets.get(me, ("", 0))[0]
        self.locks.of[me] = Lock(salt.hex(), proof.hex(), len(pin), iterations, reset=reset)
        self.locks.begun = True
        await self._session.translated(self._keep_locks())
        self._touch()
        self._changed()

    async def heed_resets(self) -> None:
        """What the SENCO said of PINs, once it has come with the school."""
        wanted, now = self._session.known.pin_resets(), self._session.now()
        over = self.locks.expire(now)
        if self.locks.hear(wanted, now) or over:
            await self._session.translated(self._keep_locks())
            self._changed()

    async def heed_leavers(self) -> None:
        """A person who has left has no PIN here any more, and if the device is in that very hand it locks."""
        gone = {one.id for one in self._session.known.staff() if one.left}
        if known := gone & self.locks.of.keys():
            self.locks.of = {staff: lock for staff, lock in self.locks.of.items() if staff not in known}
            await self._session.translated(self._keep_locks())
        if self._session.person in gone and not self.filming:
            self._hand_to("")
        if known:
            self._changed()

    # -- locking -------------------------------------------------------------------------------------------------------
    def lock(self) -> None:
        """Nothing is lost by it: a draft is kept with every change, and waits for its author; a clip is ended and kept first."""
        if self.filming:
            self.lock_when_filmed = True  # the clip is fetched first, which needs the camera on the page
        elif self.locks.begun and self._session.open:
            self._hand_to("")
            self._changed()

    def _touch(self) -> None:
        self._touched = self._session.now()

    def lock_if_idle(self) -> None:
        """A clip is filmed to its end; our own camera and file window give an adult more time."""
        limit = max(self.locks.idle * 1000, HOLDING if self.holding or self.picking else 0)
        if abs(self._session.now() - self._touched) >= limit and not self.filming:
            self.lock()

    async def set_locking(self, idle: int | None = None, on_hide: bool | None = None, cover: bool | None = None) -> None:
        """How this device locks itself; by the person who has it in hand. Raises TabletLocked."""
        self._session.need_open()
        said: dict[str, Any] = {"idle": idle, "on_hide": on_hide, "cover": cover}
        changed = {name: value for name, value in said.items() if value is not None}
        await self._session.translated(self._session.store.keep(LOCKS, replace(self.locks, **changed).to_bytes()))
        for name, value in changed.items():
            setattr(self.locks, name, value)
        self._changed()

    # -- what the page tells -------------------------------------------------------------------------------------------
    def on_clip_done(self) -> None:
        """The clip is kept, or lost: what waited for it can be done."""
        self.filming, wanted, self.lock_when_filmed = False, self.lock_when_filmed, False
        if wanted:
            self.lock()

    def on_touch(self) -> None:
        """A person touched or took up the device. It may have slept meanwhile: it is asked first whether it should have
        locked."""
        self.lock_if_idle()
        self._touch()

    def on_picker(self, opens: bool) -> None:
        """The device's own file window opens or closes; it does not keep a device open that slept meanwhile."""
        self.lock_if_idle()
        self.picking = opens
        self.picker = self._session.hand if opens else self.picker

    def on_visible(self) -> None:
        """The page is looked at again; first it is asked whether it should have locked meanwhile."""
        self.lock_if_idle()
        self._session.wake()

    def on_hidden(self) -> None:
        """The cover was closed, or another page is shown. The device's own camera and file window hide the page, too."""
        if self.locks.on_hide and not (self.picking or self.filming):
            self.lock()


def _no(lock: Lock) -> PinWrong | PinShut:
    left = MOST_WRONG - lock.wrong
    few = " " + ngettext("You have {n} more try.", "You have {n} more tries.", left) if left <= 5 else ""
    return PinShut() if lock.shut else PinWrong(_(PinWrong.message) + few)
