"""The desk: one adult at one device. Views ask it and tell it; it knows the rules that they do not."""

import asyncio
import contextlib
import json
import logging
from dataclasses import dataclass
from typing import Any, Self

from app.domain.evidence.observations import Observation
from app.domain.plans.targets import Target
from app.domain.progress.change import Change, change, series
from app.domain.register.people import Pupil
from app.domain.schema.rights import partitions_for
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.states import ReviewState
from app.errors import DeviceUnknown, HubUnreachable, SmallStepsError, for_people
from app.usecases.devices.ending import Leaving
from app.usecases.door.door import Unlocking
from app.usecases.evidence.pictures import Pictures
from app.usecases.families import page as families
from app.usecases.papers.termly import start_of
from app.usecases.records.audit_log import Auditing
from app.usecases.records.erasing import Erasing
from app.usecases.records.restore import Returning
from app.usecases.register.managing import Managing
from app.usecases.review import review
from app.usecases.session.hub import Device, FamilyLink, Progress
from app.usecases.session.rights import Rights
from app.usecases.session.school import QUEUE, local_day
from app.usecases.session.search import Found, find
from app.usecases.syncing import health
from app.usecases.syncing.housekeeping import Housekeeping, media_days
from storage.errors import Refused, StorageError
from storage.folder.hub import HubFolder
from storage.store import SyncState
from storage.sync import TURNED_AWAY

__all__ = ["Desk", "SyncState", "Today"]
WAITS = (2, 4, 8, 15, 30, 60)  # seconds between tries while the hub does not answer
EVERY = 20  # seconds between looks for something new while all is well


@dataclass(frozen=True, slots=True)
class Today:
    """The day's moments by where they are; `tablet` and `sending` are safe here and wait to go."""

    recorded: int
    folder: int
    sending: int
    tablet: int
    needs_you: int


class Desk(Leaving, Rights, Auditing, Erasing, Pictures, Returning, Managing, Unlocking):
    """See the methods; each raises SmallStepsError with a sentence for the person, and then nothing has changed."""

    def __init__(self, *parts: Any, **more: Any) -> None:
        super().__init__(*parts, **more)
        self.housekeeping = Housekeeping(self.store, self.now)

    @classmethod
    async def open(cls, *parts: Any, **more: Any) -> Self:
        desk = await super().open(*parts, **more)
        await desk.recall_leaving()
        await desk._forget_erased()
        await desk.heed_resets()
        await desk.heed_leavers()
        return desk

    # -- joining --------------------------------------------------------------------------------------------------------
    async def join(self, code: str, name: str = "") -> None:
        """Join this device to the school with a code, then fetch what it may hold."""
        self.joining = True
        self.changed()
        try:
            await self._join(code, name)
            await self.stay()
            await self.sync_now()
        finally:
            self.joining = False
            self.changed()

    # -- looking -------------------------------------------------------------------------------------------------------
    def pupils(self) -> list[Pupil]:
        everyone = [] if self.locked else self._school.pupils()
        return [p for p in everyone if p.class_id in self.classes] if self.role in {Role.TA, Role.TEACHER} else everyone

    def targets(self, pupil_id: str) -> list[Target]:
        """Live targets, most used first; none for somebody on cover."""
        if self.cover:
            return []
        used = [t for o in self.school.observations(pupil_id) for t in o.targets]
        return sorted(self.school.targets(pupil_id), key=lambda t: -used.count(t.id))

    def find(self, text: str) -> Found:
        """Pupils, targets and moments that may be looked at here, as somebody types."""
        self._need_in()
        return find(self.store.library, self.pupils(), text, hidden=self.may_review)

    def change_of(self, target: Target) -> Change | None:
        return change(series(self.school.observations(target.pupil), target.id))

    def queue(self) -> list[Observation]:
        return self.school.queue()

    def not_seen(self, days: int = 21) -> list[tuple[Pupil, Target, int | None]]:
        """Targets without evidence for three weeks, with the days since (None: never), longest first."""
        found = []
        for pupil in self.pupils():
            seen = self.school.observations(pupil.id)
            for target in self.school.targets(pupil.id):
                last = next((o.at for o in seen if target.id in o.targets and o.at <= self.now()), None)  # not of a wrong clock
                gone = None if last is None else (self.now() - last) // 86_400_000
                if gone is None or gone >= days:
                    found.append((pupil, target, gone))
        return sorted(found, key=lambda row: -(10_000 if row[2] is None else row[2]))

    def state(self, observation: Observation) -> SyncState:
        """Where the observation is; as far back as the one of its parts that is furthest back."""
        return self._worst([f"observation:{observation.id}", *(f"media:{m}" for m in observation.media)])

    def state_of_saved(self, ident: str) -> SyncState:
        """Where an observation is that has just been saved here, by whomever."""
        return self.state(self._school.observation(ident))

    def called(self, ident: str) -> str:
        """The name that the child of an observation goes by."""
        return self.school.pupil(self.school.observation(ident).pupil).called

    def _worst(self, entities: list[str]) -> SyncState:
        order = [SyncState.NEEDS_YOU, SyncState.TABLET, SyncState.SENDING, SyncState.FOLDER]
        return min((self.store.state_of(e) for e in entities), key=order.index)

    def today(self) -> Today:
        """Counts of the school-local day."""
        today = local_day(self.now())
        states = [self.state(o) for o in self.school.observations(since=start_of(today)) if local_day(o.at) == today]
        return Today(
            len(states), *(states.count(s) for s in (SyncState.FOLDER, SyncState.SENDING, SyncState.TABLET, SyncState.NEEDS_YOU))
        )

    def held(self) -> list[Observation]:
        """Observations that are not in the school's folder yet, newest first."""
        return [o for o in self.school.observations() if self.state(o) is not SyncState.FOLDER]

    @property
    def waiting(self) -> int:
        """Things on this device that are not in the school's folder yet."""
        return self.store.pending().entities

    @property
    def found(self) -> list[str]:
        """What this device found and mended since it started, and what the last look at the school's folder met, in sentences."""
        return health.sentences(self.store.notes) + self.rounds.told + ([self.discarded] if self.discarded else [])

    @property
    def left_behind(self) -> str:
        """What this tablet still had to send when its store was wiped, or ""."""
        before = self._identity.get("before")
        return health.left_behind(before["at"], before["pending"], self.now()) if before else ""

    async def know_left_behind(self) -> None:
        """Somebody has read it."""
        self._identity["before"] = None
        await self._told(self.store.keep("identity", json.dumps(self._identity).encode()))
        self.changed()

    async def devices(self) -> list[Device]:
        self._need(self.may_set_up)
        return await self.hub.devices()

    async def folder_news(self) -> list[str]:
        """What the SENCO should know of the files in the school's folder, in sentences."""
        self._need(self.may_set_up)
        return health.of_folder(await self.hub.folder_counts())

    async def end_device(self, device: str) -> None:
        self._need(self.may_set_up)
        await self.hub.end_device(device)

    def photo_consent(self, pupil_id: str) -> bool:
        """Whether a photo of this pupil alone could ever be shown to its own family."""
        return self._school.consents(pupil_id).allow(Audience.OWN_FAMILY, MediaKind.PHOTO)

    # -- review --------------------------------------------------------------------------------------------------------
    async def _set_review(self, ident: str, state: ReviewState, question: str = "") -> None:
        self._need(self.may_review)
        found = self.school.observation(ident)
        await self._told(review.set_state(self.store, found.pupil, ident, state, question))
        self._wake.set()

    async def approve(self, ident: str) -> None:
        await self._set_review(ident, ReviewState.APPROVED)

    async def ask(self, ident: str, question: str) -> None:
        await self._set_review(ident, ReviewState.QUERIED, question.strip())

    async def hide(self, ident: str) -> None:
        await self._set_review(ident, ReviewState.HIDDEN)

    async def put_back(self, ident: str) -> None:
        await self._set_review(ident, ReviewState.NEW)

    async def star(self, ident: str, on: bool) -> None:
        self._need(self.may("observation", "starred"))
        await self._told(review.star(self.store, self.school.observation(ident).pupil, ident, on))
        self._wake.set()

    async def settle_note(self, ident: str, text: str) -> None:
        """Whoever records may settle what waits for a look; the words of what was approved only who approves."""
        found = self.school.observation(ident)
        self._need(self.may_review or (self.may("observation", "note") and found.review in QUEUE))
        await self._told(review.settle_note(self.store, found.pupil, ident, text))
        self._wake.set()

    # -- papers and families -------------------------------------------------------------------------------------------
    async def termly_report(self, pupil: str, term: str, progress: Progress) -> str:
        """The finished PDF's address. What this device has not sent yet is sent first."""
        self._need(self.may_review)
        await self.sync_now()
        return self.origin + await self.hub.termly_report(pupil, term, progress)

    def family_sees(self, pupil: str) -> int:
        """How many moments the family's page would show now."""
        return len(families.family_page(self.school, pupil).items)

    async def make_link(self, pupil: str, days: int = 90) -> FamilyLink:
        self._need(self.may_review)
        return await self.hub.make_link(pupil, days)

    async def links(self, pupil: str) -> list[FamilyLink]:
        return await self.hub.links(pupil)

    async def revoke_link(self, ident: str) -> None:
        await self.hub.revoke_link(ident)

    # -- sync ----------------------------------------------------------------------------------------------------------
    def _in_scope(self, partition: str) -> bool:
        """Asked anew each time: within one round the school arrives first, and says whose pupils may follow."""
        return partitions_for(self.role, self.classes, self._school.memberships())(partition)

    async def sync_now(self) -> bool:
        """One round; whether the hub was reached. What stands in the way is in `problem`."""
        if not self.joined:
            return False
        async with self._turn:
            self.syncing = True
            self.changed()
            folder = self._folder_at(self.hub.token)
            try:
                await self._round(folder)
            except (StorageError, SmallStepsError) as error:
                self.problem = health.whole(error) if isinstance(error, StorageError) else error
                self.online = not isinstance(self.problem, HubUnreachable)
            finally:
                self.syncing, self.step = False, None
                self.changed()
            await self._forget_erased()
            await self.heed_resets()
            await self.heed_leavers()
        return self.online

    async def _round(self, folder: HubFolder) -> None:
        """As every round is; or, for a device that the school has ended, another step of leaving."""
        if self.leaving is None:
            try:
                await self._ordinary_round(folder)
                return
            except Refused as no:
                if str(no) != TURNED_AWAY or not await self.leave(folder):
                    raise
        elif not await self.leave(folder) and self.leaving is None:
            self._wake.set()  # it was taken back and goes on as before
        self.problem, self.online = DeviceUnknown() if self.leaving and not self.leaving.done else None, True

    async def _ordinary_round(self, folder: HubFolder) -> None:
        for _ in range(2):  # once more where it began with rights that are no longer true
            await self.rounds.go(folder, self.hub.space, self._progress, self._in_scope)
            if not await self.heed_rights(folder):
                break
        await self.say_whose()
        self.problem = self.rounds.problem
        self.online, self.last_sync = True, self.now()
        await self.housekeeping.after_round(folder, media_days(self._school.settings))

    def _progress(self, what: str, done: int, total: int) -> None:
        self.step = (what, done, total)
        self.changed()

    def went_offline(self) -> None:
        self.online = False
        self.changed()

    def set_lasting(self, lasting: bool) -> None:
        self.lasting = lasting
        self.changed()

    def shown(self) -> None:
        """Somebody looks at the screen again; first it is asked whether it should have locked meanwhile."""
        self.lock_if_idle()
        self.wake()

    def wake(self) -> None:
        """Look now: the network came back, or somebody looks at the screen again."""
        self._wake.set()

    async def run_sync(self) -> None:
        """For ever: sync at a change, at a wake, and now and then; wait longer and longer while nobody answers."""
        failed = 0
        while True:
            reached = await self._tried()
            failed = 0 if reached else failed + 1
            pause = EVERY if reached else WAITS[min(failed, len(WAITS)) - 1]
            with contextlib.suppress(TimeoutError):
                await asyncio.wait_for(self._wake.wait(), pause)
            self._wake.clear()

    async def _tried(self) -> bool:
        try:
            return await self.sync_now()
        except Exception as error:  # whatever it was: what is saved here must not stop trying to get to the school
            logging.getLogger(__name__).exception("a round of sync broke")
            self.problem = for_people(error)
            self.changed()
            return False
