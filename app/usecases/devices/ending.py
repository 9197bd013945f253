"""A device that the school has ended: it shows nothing of the children any more, and hands in what it had not sent.

It wipes itself when the hub has shown for every file that it holds it, or the SENCO has given up the rest (promise 1).
"""

import json
from collections.abc import Awaitable, Callable, Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from app.errors import DeviceUnknown
from app.usecases.evidence.drafting import Drafting
from app.usecases.session.session import Session, Topic
from storage.errors import StorageError, StoreFull
from storage.folder.hub import HubFolder
from storage.sync import Progress, hand_in

NOTE = "leaving"  # what is kept of it on the device; after the wipe the only thing of before


@dataclass(frozen=True, slots=True)
class Leave:
    """How far it is: `handed` files of `files` handed in; `lost` of them given up by the SENCO; so many `unfinished` moments that
    name no child, and no one can be given that. `wiping` from when nothing is in the way any more, `done` when all is gone."""

    files: int = 0
    handed: int = 0
    lost: int = 0
    unfinished: int = 0
    wiping: bool = False
    done: bool = False


class Ending:
    def __init__(self, session: Session, drafting: Drafting) -> None:
        self._session, self._drafting = session, drafting
        self.leave: Leave | None = None
        self.wiped: Callable[[], Awaitable[None]] = _nobody  # what makes a new desk of this device

    @property
    def gone(self) -> bool:
        """Whether this device was wiped under this desk: nothing is left to do here."""
        return self._session.store.gone

    async def recall(self) -> None:
        """At the start: what was begun goes on."""
        raw = await self._session.store.kept(NOTE)
        with suppress(ValueError, TypeError):
            self._is(Leave(**json.loads(raw)) if raw else None)

    async def go_on(self) -> None:
        """A wipe that was cut short is finished."""
        if self.leave and self.leave.wiping:
            await self._wipe(self.leave, None)

    def _is(self, leave: Leave | None) -> None:
        self.leave = leave
        self._session.ended = leave is not None
        self._session.changed(Topic.DOOR)

    async def _note(self, leave: Leave) -> None:
        """Obeyed first: nothing is shown any more, even if it cannot be noted."""
        self._is(leave)
        with suppress(StoreFull):  # a full device hands in all the same
            await self._session.store.keep(NOTE, json.dumps(asdict(leave)).encode())

    async def step(self, folder: HubFolder, progress: Progress) -> bool:
        """A round of a device that was turned away: whether it was ended, by a hub that knows it. Raises what asking the hub
        raises. A picture that is still being made is waited for: it belongs to a moment of the next round."""
        try:
            told = await self._session.hub.leaving()
        except DeviceUnknown:
            return False
        if not told.ended:
            await self.stay()
            return False
        if self.leave is None:
            await self._note(Leave())
        if not self._drafting.making:
            await self._note(replace(self.leave or Leave(), unfinished=await self._drafting.finish_all()))
        before = self._drafting.drafts.to_bytes()
        leave, left = await self._hand_in(folder, told.settled, progress)
        still = not self._drafting.making and self._drafting.drafts.to_bytes() == before
        if still and (not left or told.given_up):
            handed = None if told.given_up else self._session.store.waiting.keys() - left
            await self._wipe(replace(leave, lost=len(left), wiping=True), handed)
        return True

    async def _hand_in(self, folder: HubFolder, settled: frozenset[str], progress: Progress) -> tuple[Leave, set[str]]:
        """How far it is now, and the names of the files that are left."""
        store = self._session.store
        left = store.waiting.keys() - store.aside
        try:
            left = await hand_in(store, folder, settled, progress)
        except StorageError:
            left = {name for name in store.waiting.keys() - store.aside if name[-32:] not in settled}
            raise
        finally:
            files = len(store.waiting)
            leave = replace(self.leave or Leave(), files=files, handed=files - len(left & store.waiting.keys()))
            await self._note(leave)
        return leave, set(left)

    async def stay(self) -> None:
        """The SENCO has taken it back, or let this device join again: everything is as it was."""
        if self.leave:
            await self._session.store.forget(NOTE)
            self._is(None)

    async def _wipe(self, leave: Leave, handed: Iterable[str] | None) -> None:
        """Said first, then done: killed in the middle, the next start goes on. What was saved just now is handed in first."""
        await self._note(leave)
        done = replace(leave, wiping=False, done=True)
        if not await self._session.store.wipe(NOTE, json.dumps(asdict(done)).encode(), handed):
            await self._note(replace(leave, wiping=False))
            return
        self._is(done)
        self._session.close()
        await self.wiped()

    async def use_anew(self) -> None:
        """A person has read it: from now on this is any new device."""
        if self.leave and self.leave.done:
            await self._session.translated(self._session.store.forget(NOTE))
            self._is(None)


async def _nobody() -> None:
    """No one has asked to be told."""
