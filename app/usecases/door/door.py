"""Getting in: a PIN each, chosen and given on the device itself, with no network; and locking again."""

import asyncio
import hmac
import os
from contextlib import suppress
from typing import Any

from app.domain.door.pins import MOST_WRONG, ROUNDS, Lock, Pick, objection
from app.domain.register.people import COVER, Staff
from app.domain.vocabulary.language import N_, _, ngettext
from app.domain.vocabulary.roles import Role
from app.errors import NoPinHere, PinShut, PinTooSoon, PinUnfit, PinWrong, TabletLocked
from app.usecases.door.stretching import Stretch, on_cpython
from app.usecases.session.session import Seat
from storage.errors import StoreFull

HOLDING = 600_000  # ms: with the camera open an adult may wait so long for a child to do it
UNFIT = {
    Pick.LENGTH: N_("A PIN has 4 to 8 digits. Please choose another one."),
    Pick.EASY: N_("That PIN is too easy to guess. Please choose one that is not 1234 or 1111."),
    Pick.DIFFERENT: N_("Those were two different PINs. Please choose again."),
}


class Unlocking(Seat):
    def __init__(self, *parts: Any, **more: Any) -> None:
        super().__init__(*parts, **more)
        self.stretch: Stretch = on_cpython
        self.rounds_of_pin = ROUNDS
        self.holding = self.picking = self.lock_when_filmed = False
        self._touched = self.now()
        self._at_the_door = asyncio.Lock()

    @property
    def school_name(self) -> str:
        return self._school.name

    # -- at the door ---------------------------------------------------------------------------------------------------
    def faces(self) -> list[Staff]:
        """Who may be at this device's door: on a class tablet all its adults, elsewhere those who have a PIN here."""
        here = self.staff_here()
        own = [s for s in here if s.id in self.locks.of or self.locks.opening(s.id, self.now())]
        return here if self.role is Role.TA else own

    def may_choose(self, staff_id: str) -> bool:
        """Whether this person, who has no PIN here, may choose one at the door."""
        return self.locks.opening(staff_id, self.now())

    def wait(self, staff_id: str) -> int:
        """Seconds until this person may try again."""
        lock = self.locks.of.get(staff_id)
        return -(-lock.wait(self.now()) // 1000) if lock else 0

    async def enter(self, staff_id: str, pin: str) -> None:
        """Raises PinWrong, PinTooSoon, PinShut, NoPinHere; a wrong PIN is counted before it is told."""
        async with self._at_the_door:
            lock = self._lock_of(staff_id)
            tried = lock.tried(self.now())
            await self._keep_lock(staff_id, tried)
            proof = await self.stretch(pin.encode(), bytes.fromhex(lock.salt), lock.rounds)
            if self.locks.of.get(staff_id) != tried:
                raise NoPinHere  # the SENCO had it forgotten meanwhile
            if not hmac.compare_digest(proof.hex(), lock.proof):
                raise self._no(self.locks.of[staff_id])
            await self._keep_lock(staff_id, lock.opened())
        await self._come_in(staff_id)

    def _lock_of(self, staff_id: str) -> Lock:
        lock = self.locks.of.get(staff_id)
        if lock is None:
            raise NoPinHere
        if lock.shut:
            raise PinShut
        if lock.wait(self.now()):
            raise PinTooSoon
        return lock

    @staticmethod
    def _no(lock: Lock) -> PinWrong | PinShut:
        left = MOST_WRONG - lock.wrong
        few = " " + ngettext("You have {n} more try.", "You have {n} more tries.", left) if left <= 5 else ""
        return PinShut() if lock.shut else PinWrong(_(PinWrong.message) + few)

    async def _keep_lock(self, staff_id: str, lock: Lock) -> None:
        self.locks.of[staff_id] = lock
        with suppress(StoreFull):  # a full device lets its people in all the same; it counts as long as it runs
            await self._keep_locks()

    async def _keep_locks(self) -> None:
        await self.store.keep("locks", self.locks.to_bytes())

    async def _come_in(self, staff_id: str) -> None:
        self.touched()
        await self._sit_down(staff_id)

    @property
    def may_cover(self) -> bool:
        """On a class tablet, unless it is switched off there; never where all of a school's names would be shown."""
        return self.role is Role.TA and self.locks.cover

    async def come_on_cover(self) -> None:
        """An adult without a PIN records, and sees nothing of what others did. Raises TabletLocked where that may not be."""
        if not self.may_cover:
            raise TabletLocked
        self.touched()
        self.drafts.set_aside(COVER, os.urandom(4).hex())
        self._has("", cover=True)
        self.changed()

    # -- choosing a PIN ------------------------------------------------------------------------------------------------
    async def choose_at_the_door(self, staff_id: str) -> None:
        """The SENCO lets this person choose a new PIN. Raises NoPinHere."""
        if not self.may_choose(staff_id):
            raise NoPinHere
        await self._come_in(staff_id)

    async def choose_pin(self, pin: str, again: str) -> None:
        """For who has the device in hand. Raises PinUnfit, TabletLocked."""
        if not (me := self._me):
            raise TabletLocked
        if wrong := objection(pin, again):
            raise PinUnfit(UNFIT[wrong])
        salt, rounds = os.urandom(16), self.rounds_of_pin
        proof = await self.stretch(pin.encode(), salt, rounds)
        if self._me != me:
            raise TabletLocked
        reset = self.locks.resets.get(me, ("", 0))[0]
        self.locks.of[me] = Lock(salt.hex(), proof.hex(), len(pin), rounds, reset=reset)
        self.locks.begun = True
        await self._told(self._keep_locks())
        self.touched()
        self.changed()

    async def heed_resets(self) -> None:
        """What the SENCO said of PINs, once it has come with the school."""
        wanted = {str(d["id"]): str(d.get("pin_reset") or "") for d in self.store.library.documents("staff")}
        over = self.locks.expire(self.now())
        if self.locks.hear(wanted, self.now()) or over:
            await self._told(self._keep_locks())
            self.changed()

    # -- locking -------------------------------------------------------------------------------------------------------
    def lock(self) -> None:
        """Nothing is lost by it: a draft is kept with every change, and waits for its author; a clip is ended and kept first."""
        if self.filming:
            self.lock_when_filmed = True  # the clip is fetched first, which needs the camera on the page
        elif self.locks.begun and not self.locked:
            self._has("")
            self.changed()

    def filmed(self) -> None:
        """The clip is kept, or lost: what waited for it can be done."""
        self.filming, wanted, self.lock_when_filmed = False, self.lock_when_filmed, False
        if wanted:
            self.lock()

    def touched(self) -> None:
        self._touched = self.now()

    def woken(self) -> None:
        """Somebody touched or took up the device. It may have slept meanwhile, and nobody looked whether anybody had it: it is
        asked first whether it should have locked."""
        self.lock_if_idle()
        self.touched()

    def picks(self, on: bool) -> None:
        """The device's own file window opens or closes; it does not keep a device open that slept meanwhile."""
        self.lock_if_idle()
        self.picking = on
        self._picker = self._hand if on else self._picker

    def lock_if_idle(self) -> None:
        """A clip is filmed to its end; our own camera and file window give an adult more time."""
        limit = max(self.locks.idle * 1000, HOLDING if self.holding or self.picking else 0)
        if abs(self.now() - self._touched) >= limit and not self.filming:
            self.lock()

    def hidden(self) -> None:
        """Somebody closed the cover or went elsewhere. The device's own camera and file window hide the page, too."""
        if self.locks.on_hide and not (self.picking or self.filming):
            self.lock()

    async def set_locking(self, idle: int | None = None, on_hide: bool | None = None, cover: bool | None = None) -> None:
        """How this device locks itself; by whoever has it in hand. Raises TabletLocked."""
        self._need_in()
        locks = self.locks
        locks.idle = locks.idle if idle is None else idle
        locks.on_hide = locks.on_hide if on_hide is None else on_hide
        locks.cover = locks.cover if cover is None else cover
        await self._told(self._keep_locks())
        self.changed()

    # -- unfinished moments of others ------------------------------------------------------------------------------------
    def left_by_others(self) -> list[tuple[str, str, int]]:
        """(staff id, name, pictures) of moments that others have not finished at this device."""
        names = {s.id: s.name for s in self._school.staff()}
        found = self.drafts.left().items() if self._me else ()
        return [(p, names.get(p, _("an adult on cover")), len(d.media)) for p, d in found if p != self._me]

    async def take_over(self, person: str) -> None:
        """Somebody else's unfinished moment becomes mine, where I have none."""
        if self._me and self.draft.empty:
            self.drafts.put(self._me, self.drafts.at(person))
            self.drafts.put(person, type(self.draft)())
            await self._told(self.store.keep("draft", self.drafts.to_bytes()))
            self.changed()
