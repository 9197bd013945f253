"""Sync as people meet it: rounds that go on by themselves, where each moment is, and what stands in the way."""

import asyncio
import contextlib
import logging
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import replace

from app.domain.evidence.observations import Observation
from app.domain.schema.rights import partitions_for
from app.errors import DeviceUnknown, HubUnreachable, SmallStepsError, for_people
from app.usecases.devices.ending import Ending
from app.usecases.session.index import Index, Today
from app.usecases.session.session import Session, Topic
from app.usecases.syncing import health
from app.usecases.syncing.housekeeping import Housekeeping, media_days
from app.usecases.syncing.rounds import Rounds
from storage.errors import Refused, StorageError
from storage.folder.hub import HubFolder
from storage.store import SyncState
from storage.sync import TURNED_AWAY

RETRY_AFTER = (2, 4, 8, 15, 30, 60)  # seconds between tries while the hub does not answer
EVERY = 20  # seconds between looks for something new while all is well
Step = Callable[[], Awaitable[None]]


class Syncing:
    """One device's way to the school's folder. `before` ends each round that reached it, `after` each round at all."""

    def __init__(self, session: Session, ending: Ending, index: Index, lasting: bool = True) -> None:
        self._session, self._ending, self._index, self.lasting = session, ending, index, lasting
        self.rounds = Rounds(session.store, session.now)
        self.housekeeping = Housekeeping(session.store, session.now)
        self.before: Sequence[Step] = ()
        self.after: Sequence[Step] = ()
        self.notices: Sequence[Callable[[], str]] = ()  # further sentences of this device on what it did by itself
        self.online, self.syncing = True, False
        self.step: tuple[str, int, int] | None = None
        self.problem: SmallStepsError | None = None
        self.last_sync = 0
        self._turn = asyncio.Lock()

    def _changed(self) -> None:
        self._session.changed(Topic.SYNC)

    # -- rounds --------------------------------------------------------------------------------------------------------
    async def sync_now(self) -> bool:
        """One round; whether the hub was reached. What stands in the way is in `problem`."""
        if not self._session.joined:
            return False
        async with self._turn:
            if self._ending.gone:
                return False
            await self._reported_round()
            if not self._ending.gone:
                for step in self.after:
                    await step()
        return self.online

    async def _reported_round(self) -> None:
        self.syncing = True
        self._changed()
        try:
            await self._round(self._session.folder())
        except (StorageError, SmallStepsError) as error:
            self.problem = health.whole(error) if isinstance(error, StorageError) else error
            self.online = not isinstance(self.problem, HubUnreachable)
        finally:
            self.syncing, self.step = False, None
            self._changed()

    async def _round(self, folder: HubFolder) -> None:
        """As every round is; or, for a device that the school has ended, another step of leaving."""
        if self._ending.leave is None:
            try:
                await self._ordinary_round(folder)
                return
            except Refused as no:
                if str(no) != TURNED_AWAY or not await self._ending.step(folder, self._progress):
                    raise
        elif not await self._ending.step(folder, self._progress) and self._ending.leave is None:
            self._session.wake()  # it was taken back and goes on as before
        leave = self._ending.leave
        self.problem, self.online = DeviceUnknown() if leave and not leave.done else None, True

    async def _ordinary_round(self, folder: HubFolder) -> None:
        for _ in range(2):  # once more where it began with rights that are no longer true
            await self.rounds.go(folder, self._session.hub.space, self._progress, self._in_scope)
            if not await self._heed_rights(folder):
                break
        for step in self.before:
            await step()
        self.problem = self.rounds.problem
        self.online, self.last_sync = True, self._session.now()
        await self.housekeeping.after_round(folder, media_days(self._session.known.settings))

    async def _heed_rights(self, folder: HubFolder) -> bool:
        """Whether the hub said something new of what this device may do; kept, so that it also holds without a network. An
        older hub says nothing."""
        was = self._session.identity
        now = was.updated(folder.hello.me or {})
        if now == was:
            return False
        await self._session.become(now)
        self._session.changed(Topic.DOOR)
        return True

    def _in_scope(self, partition: str) -> bool:
        """Asked anew each time: within one round the school arrives first, and says whose pupils may follow."""
        session = self._session
        return partitions_for(session.role, session.classes, session.known.memberships())(partition)

    def _progress(self, what: str, done: int, total: int) -> None:
        self.step = (what, done, total)
        self._changed()

    async def run(self) -> None:
        """Until this device is wiped: sync at a change, at a wake, and now and then; wait longer and longer while the hub
        does not answer."""
        failed = 0
        while not self._ending.gone:
            reached = await self._tried()
            failed = 0 if reached else failed + 1
            pause = EVERY if reached else RETRY_AFTER[min(failed, len(RETRY_AFTER)) - 1]
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._session.waking.wait(), pause)
            self._session.waking.clear()

    async def _tried(self) -> bool:
        try:
            return await self.sync_now()
        except Exception as error:  # of any kind: what is saved here must not stop trying to get to the school
            logging.getLogger(__name__).exception("a round of sync broke")
            self.problem = for_people(error)
            self._changed()
            return False

    # -- what the page tells -------------------------------------------------------------------------------------------
    def on_offline(self) -> None:
        self.online = False
        self._changed()

    def on_persisted(self, lasting: bool) -> None:
        """Whether the browser promises to keep what is stored."""
        self.lasting = lasting
        self._changed()

    # -- where things are ----------------------------------------------------------------------------------------------
    def state(self, observation: Observation) -> SyncState:
        """Where the observation is; as far back as the one of its parts that is furthest back."""
        return self._index.state(observation)

    def state_of_saved(self, ident: str) -> SyncState:
        """Where an observation is that has just been saved here, whose it may be."""
        return self.state(self._session.known.observation(ident))

    def today(self) -> Today:
        """Counts of the school-local day."""
        self._session.need_open()
        return self._index.today()

    def held(self) -> list[Observation]:
        """Observations that are not in the school's folder yet, newest first."""
        self._session.need_open()
        return self._index.unsent()

    @property
    def waiting(self) -> int:
        """Things on this device that are not in the school's folder yet."""
        return self._session.store.pending().entities

    # -- in sentences ----------------------------------------------------------------------------------------------------
    @property
    def found(self) -> list[str]:
        """What this device found and mended since it started, and what the last look at the school's folder met."""
        own = [said for notice in self.notices if (said := notice())]
        return health.sentences(self._session.store.notes) + self.rounds.sentences + own

    @property
    def left_behind(self) -> str:
        """What this tablet still had to send when its store was wiped, or ""."""
        before = self._session.identity.before
        return health.left_behind(before["at"], before["pending"], self._session.now()) if before else ""

    async def know_left_behind(self) -> None:
        """A person has read it."""
        await self._session.become(replace(self._session.identity, before=None))
        self._changed()
