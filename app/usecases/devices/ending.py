"""A device that the school has ended: it shows nothing of the children any more, and hands in what it had not sent.

It wipes itself when the hub has shown for every file that it holds it, or the SENCO has given up the rest (promise 1).
"""

import json
import os
from collections.abc import Iterable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace

from app.errors import DeviceUnknown, SmallStepsError
from app.usecases.evidence import capture
from app.usecases.evidence.drafting import Drafting, Signed
from app.usecases.session.school import local_time
from storage.errors import StorageError, StoreFull
from storage.folder.hub import HubFolder
from storage.sync import hand_in

NOTE = "leaving"  # what is kept of it on the device; after the wipe the only thing of before
# Of a desk, when it begins anew.
KEPT = ("_listeners", "_turn", "_wake", "bridge", "origin", "syncing", "online", "stretch", "rounds_of_pin")


@dataclass(frozen=True, slots=True)
class Leave:
    """How far it is: `handed` files of `files` handed in; `lost` of them given up by the SENCO; so many `unfinished` moments that
    say no child, which nobody can be given. `wiping` from when nothing is in the way any more, `done` when all is gone."""

    files: int = 0
    handed: int = 0
    lost: int = 0
    unfinished: int = 0
    wiping: bool = False
    done: bool = False


class Leaving(Drafting):
    leaving: Leave | None = None

    @property
    def locked(self) -> bool:
        return self.leaving is not None or super().locked

    async def recall_leaving(self) -> None:
        """At the start: what was begun goes on."""
        raw = await self.store.kept(NOTE)
        with suppress(ValueError, TypeError):
            self.leaving = Leave(**json.loads(raw)) if raw else None
        if self.leaving and self.leaving.wiping:
            await self._wipe(self.leaving, None)

    async def _note(self, leave: Leave) -> None:
        self.leaving = leave
        with suppress(StoreFull):  # a full device hands in all the same
            await self.store.keep(NOTE, json.dumps(asdict(leave)).encode())
        self.changed()

    async def leave(self, folder: HubFolder) -> bool:
        """A round of a device that was turned away: whether it was ended, by a hub that knows it. Raises what asking the hub
        raises. A picture that is still being made is waited for: it belongs to a moment of the next round."""
        try:
            told = await self.hub.leaving()
        except DeviceUnknown:
            return False
        if not told.ended:
            await self.stay()
            return False
        if self.leaving is None:
            await self._note(Leave())
        if not self._making:
            await self._note(replace(self.leaving or Leave(), unfinished=await self._finish_drafts()))
        left_over = self.drafts.to_bytes()
        left = self.store.waiting.keys() - self.store.aside
        try:
            left = await hand_in(self.store, folder, told.settled, self._handing_in)
        except StorageError:
            left = {name for name in self.store.waiting.keys() - self.store.aside if name[-32:] not in told.settled}
            raise
        finally:
            files = len(self.store.waiting)
            leave = replace(self.leaving or Leave(), files=files, handed=files - len(left & self.store.waiting.keys()))
            await self._note(leave)
        still = not self._making and self.drafts.to_bytes() == left_over
        if still and (not left or told.given_up):
            handed = None if told.given_up else self.store.waiting.keys() - left
            await self._wipe(replace(leave, lost=len(left), wiping=True), handed)
        return True

    @property
    def _making(self) -> bool:
        """Whether a picture or a save is under way."""
        return bool(self.coming) or self._saving

    def _handing_in(self, what: str, done: int, total: int) -> None:
        self.step = (what, done, total)
        self.changed()

    async def stay(self) -> None:
        """The SENCO has taken it back, or let this device join again: everything is as it was."""
        if self.leaving:
            await self.store.forget(NOTE)
            self.leaving = None
            self.changed()

    async def _finish_drafts(self) -> int:
        """What somebody has begun, and said of which child, is saved, so that it can be handed in. How many could not be."""
        left = 0
        for person, draft in list(self.drafts.left().items()):
            try:
                files = {item.id: await self._whole(item) for item in draft.media}
                offset = local_time(self.now()).utcoffset()
                author = person.partition(".")[0]
                minutes = int(offset.total_seconds() // 60) if offset else 0
                await capture.save(Signed(self.store, author), draft, files, author, self.now(), minutes, os.urandom)
                await self._discard(person)
            except (SmallStepsError, StorageError):
                left += 1
        return left

    async def _wipe(self, leave: Leave, handed: Iterable[str] | None) -> None:
        """Said first, then done: killed in the middle, the next start goes on. What was saved just now is handed in first."""
        await self._note(leave)
        done = json.dumps(asdict(replace(leave, wiping=False, done=True))).encode()
        if not await self.store.wipe(NOTE, done, handed):
            await self._note(replace(leave, wiping=False))
            return
        await self._begin_anew()

    async def _begin_anew(self) -> None:
        """The desk knows nothing any more that the store does not: no token, no PIN, no draft."""
        self.hub.token = self.hub.space = ""  # nosec B105 # no password: there is none any more
        fresh = await type(self).open(self.store, self.hub, self._folder_at, self.codec, self.now, self.lasting)
        self.store.remove_listener(fresh.changed)
        self.__dict__.update({name: value for name, value in fresh.__dict__.items() if name not in KEPT})
        self.changed()

    async def use_anew(self) -> None:
        """Somebody has read it: from now on this is any new device."""
        if self.leaving and self.leaving.done:
            await self._told(self.store.forget(NOTE))
            self.leaving = None
            self.changed()
