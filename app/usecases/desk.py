"""The desk: one adult at one device. Views ask it and tell it; it knows the rules that they do not."""

import asyncio
import contextlib
import json
import logging
import os
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any, Protocol

from app.domain.evidence import Media, Observation
from app.domain.people import Pupil, Staff
from app.domain.plans import Target
from app.domain.progress import Change, change, series
from app.domain.scope import may_write, partitions_for
from app.domain.words import Audience, HelpLevel, MediaKind, ReviewState, Role
from app.errors import ClipTooLong, FileDamaged, HubUnreachable, NotAllowed, SmallStepsError, ThingUnknown, for_people
from app.media.codec import Codec, Encoded
from app.usecases import capture, families, health, records, review, roster
from app.usecases.capture import Draft, DraftMedia
from app.usecases.hubclient import FamilyLink, HubClient, Invite, Progress
from app.usecases.papers import start_of
from app.usecases.school import QUEUE, School, local_day, local_time
from storage.errors import StorageError
from storage.folder.port import Folder
from storage.store import Store, SyncState
from storage.sync import sync

__all__ = ["Desk", "SyncState", "Today"]
LONGEST_CLIP_MS = 30_000
WAITS = (2, 4, 8, 15, 30, 60)  # seconds between tries while the hub does not answer
EVERY = 20  # seconds between looks for something new while all is well


class HubAt(Protocol):
    """Makes the folder that a token opens."""

    def __call__(self, token: str) -> Folder: ...


@dataclass(frozen=True, slots=True)
class Today:
    """The day's moments by where they are; `tablet` and `sending` are safe here and wait to go."""

    recorded: int
    folder: int
    sending: int
    tablet: int
    needs_you: int


class Desk:
    """See the methods; each raises SmallStepsError with a sentence for the person, and then nothing has changed."""

    def __init__(
        self, store: Store, hub: HubClient, folder_at: HubAt, codec: Codec, now: Callable[[], int], lasting: bool = True
    ) -> None:
        self.store, self.hub, self.codec, self.now, self.lasting = store, hub, codec, now, lasting
        self._folder_at = folder_at
        self.school = School(store)
        self.draft = Draft()
        self.online = True
        self.joining = self.syncing = False
        self.step: tuple[str, int, int] | None = None
        self.problem: SmallStepsError | None = None
        self.last_sync = 0
        self._identity: dict[str, Any] = {}
        self._me = ""
        self._listeners: list[Callable[[], None]] = []
        self._wake = asyncio.Event()
        self._turn = asyncio.Lock()
        self._saving = False
        self.origin = ""
        self.bridge: Any = None  # kept alive with the desk
        store.add_listener(self.changed)

    @classmethod
    async def open(cls, *parts: Any, **more: Any) -> "Desk":
        """A desk as it was left: who has joined, who works here, the draft."""
        desk = cls(*parts, **more)
        desk._identity = json.loads(await desk.store.kept("identity") or b"{}")
        desk._me = (await desk.store.kept("me") or b"").decode()
        desk.draft = Draft.from_bytes(await desk.store.kept("draft") or b"{}")
        desk.hub.token = desk._identity.get("token", "")
        return desk

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
    def me(self) -> Staff | None:
        return next((s for s in self.school.staff() if s.id == self._me), None)

    def may(self, kind: str, field: str = "", partition: str = "0" * 32) -> bool:
        return may_write(self.role, partition, kind, field, None)

    @property
    def may_review(self) -> bool:
        return self.may("observation", "review")

    @property
    def may_set_up(self) -> bool:
        return self.may("class", partition="school")

    def _need(self, allowed: bool) -> None:
        if not allowed:
            raise NotAllowed

    async def join(self, code: str, name: str = "") -> None:
        """Join this device to the school with a code, then fetch what it may hold."""
        self.joining = True
        self.changed()
        try:
            await self._join(code, name)
            await self.sync_now()
        finally:
            self.joining = False
            self.changed()

    async def _join(self, code: str, name: str) -> None:
        joined = await self.hub.join("".join(code.split()).replace("-", "").upper(), self.store.device, name)
        self._identity = {
            "token": joined.token, "role": joined.role, "classes": list(joined.classes), "staff": joined.staff,
            "school": joined.school, "space": joined.space, "name": name,
        }  # fmt: skip
        await self._told(self.store.keep("identity", json.dumps(self._identity).encode()))
        if joined.staff:
            await self.choose_me(joined.staff)

    def staff_here(self) -> list[Staff]:
        """Who works at this device: on a shared tablet the adults of its classes, else all of the school's."""
        everyone = self.school.staff()
        own = [s for s in everyone if not s.classes or set(s.classes) & set(self.classes)]
        return [s for s in own if s.role in {Role.TA, Role.TEACHER}] if self.role is Role.TA else everyone

    async def choose_me(self, staff_id: str) -> None:
        self._me = staff_id
        await self._told(self.store.keep("me", staff_id.encode()))
        self.changed()

    # -- looking -------------------------------------------------------------------------------------------------------
    def pupils(self) -> list[Pupil]:
        everyone = self.school.pupils()
        return [p for p in everyone if p.class_id in self.classes] if self.role in {Role.TA, Role.TEACHER} else everyone

    def targets(self, pupil_id: str) -> list[Target]:
        """Live targets, most used first."""
        used = [t for o in self.school.observations(pupil_id) for t in o.targets]
        return sorted(self.school.targets(pupil_id), key=lambda t: -used.count(t.id))

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
                last = next((o.at for o in seen if target.id in o.targets), None)
                gone = None if last is None else (self.now() - last) // 86_400_000
                if gone is None or gone >= days:
                    found.append((pupil, target, gone))
        return sorted(found, key=lambda row: -(10_000 if row[2] is None else row[2]))

    def state(self, observation: Observation) -> SyncState:
        """Where the observation is; as far back as the one of its parts that is furthest back."""
        return self._worst([f"observation:{observation.id}", *(f"media:{m}" for m in observation.media)])

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
        """What this device found and mended since it started, in sentences."""
        return health.sentences(self.store.notes)

    def photo_consent(self, pupil_id: str) -> bool:
        """Whether a photo of this pupil alone could ever be shown to its own family."""
        return self.school.consents(pupil_id).allow(Audience.OWN_FAMILY, MediaKind.PHOTO)

    def thumb(self, media: Media) -> bytes | None:
        return records.small(media.thumb) or records.small(media.poster) or None

    async def bytes_of(self, media: Media) -> bytes:
        try:
            return await self.store.media(media.partition, media.chunks)
        except StorageError as error:
            raise ThingUnknown("This picture has not arrived on this device yet.") from error

    async def picture(self, media_id: str) -> bytes:
        media = self.school.media(media_id)
        if media is None:
            raise ThingUnknown
        return await self.bytes_of(media)

    async def clip_url(self, media_id: str) -> str:
        """An address that plays on this device, until the page is closed."""
        media = self.school.media(media_id)
        if media is None:
            raise ThingUnknown
        return self.codec.url_for(await self.bytes_of(media), media.type)

    # -- capture -------------------------------------------------------------------------------------------------------
    async def add_photo(self, raw: Any, mirrored: bool = False) -> None:
        """A photo from the camera (bytes) or a picked file, re-encoded; refused with a sentence before anything is stored."""
        await self._add(await self.codec.photo(raw, mirrored))

    add_file = add_photo

    async def add_clip(self, raw: bytes, duration_ms: int, still: bytes = b"", mirrored: bool = False) -> None:
        """A clip of our own recorder with a picture of it, which may be `mirrored`; the clip itself never is. Raises
        ClipTooLong, and what the codec raises."""
        if duration_ms > LONGEST_CLIP_MS + 2_000:
            raise ClipTooLong
        if still and mirrored:
            still = (await self.codec.photo(still, mirrored)).data
        await self._add(await self.codec.clip(raw, duration_ms, still))

    async def _add(self, made: Encoded) -> None:
        item = DraftMedia(
            os.urandom(16).hex(), made.type, len(made.data), made.width, made.height, made.duration_ms,
            capture.as_text(made.thumb), capture.as_text(made.poster),
        )  # fmt: skip
        await self._told(self.store.keep(item.file, made.data))
        self.draft.media.append(item)
        self.draft.at = self.draft.at or self.now()
        await self._keep_draft()

    async def remove_media(self, ident: str) -> None:
        gone = [m for m in self.draft.media if m.id == ident]
        self.draft.media = [m for m in self.draft.media if m.id != ident]
        await self._keep_draft()
        for item in gone:
            await self._told(self.store.forget(item.file))

    async def draft_bytes(self, item: DraftMedia) -> bytes:
        return await self.store.kept(item.file) or b""

    async def set_note(self, text: str) -> None:
        self.draft.note = text
        await self._keep_draft(quiet=True)

    async def set_setting(self, setting: str) -> None:
        self.draft.setting = "" if self.draft.setting == setting else setting
        await self._keep_draft()

    async def toggle_pupil(self, pupil: str) -> None:
        self.draft.toggle_pupil(pupil)
        await self._keep_draft()

    async def toggle_target(self, pupil: str, target: str) -> None:
        self.draft.toggle_target(pupil, target)
        await self._keep_draft()

    async def set_help(self, pupil: str, target: str, level: HelpLevel) -> None:
        self.draft.set_help(pupil, target, level)
        await self._keep_draft()

    async def _keep_draft(self, quiet: bool = False) -> None:
        await self._told(self.store.keep("draft", self.draft.to_bytes()))
        if not quiet:
            self.changed()

    async def save(self) -> list[str]:
        """The new observations' ids, once they survive any crash of this device. On an error the draft stays. A second tap
        while the first is still being saved saves nothing twice."""
        self._need(self.may("observation"))
        if self._saving:
            return []
        self._saving = True
        try:
            made: list[str] = await self._told(self._save())
        finally:
            self._saving = False
        self._wake.set()
        return made

    async def _save(self) -> list[str]:
        files = {m.id: await self._whole(m) for m in self.draft.media}
        offset = local_time(self.now()).utcoffset()
        minutes = int(offset.total_seconds() // 60) if offset else 0
        made = await capture.save(self.store, self.draft, files, self._me, self.now(), minutes, os.urandom)
        with contextlib.suppress(StorageError):  # what is saved is saved, though its draft may come up once more
            await self.discard()
        return made

    async def _whole(self, item: DraftMedia) -> bytes:
        data = await self.draft_bytes(item)
        if len(data) != item.size:
            raise FileDamaged("A picture of this moment cannot be read any more. Take it out, and save what is left.")
        return data

    async def discard(self) -> None:
        gone, self.draft = self.draft, Draft()
        await self.store.forget("draft")
        for item in gone.media:
            await self.store.forget(item.file)
        self.changed()

    async def _told(self, work: Any) -> Any:
        """The result, or the error as people read it."""
        try:
            return await work
        except StorageError as error:
            raise for_people(error) from error

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

    async def invite(self, role: Role, classes: list[str], staff: str | None = None) -> Invite:
        self._need(self.may_set_up)
        return await self.hub.invite(str(role), classes, staff)

    # -- setting up ----------------------------------------------------------------------------------------------------
    async def _set_up(self, work: Any) -> Any:
        try:
            self._need(self.may_set_up)
        except NotAllowed:
            work.close()
            raise
        made = await self._told(work)
        self._wake.set()
        return made

    async def name_school(self, name: str) -> None:
        await self._set_up(roster.name_school(self.store, name))

    async def add_class(self, name: str) -> str:
        return str(await self._set_up(roster.add_class(self.store, name, os.urandom)))

    async def add_staff(self, name: str, role: Role, classes: list[str]) -> str:
        return str(await self._set_up(roster.add_staff(self.store, name, role, classes, os.urandom)))

    async def add_pupil(self, class_id: str, fields: dict[str, Any]) -> str:
        return str(await self._set_up(roster.add_pupil(self.store, class_id, fields, os.urandom)))

    async def add_target(self, pupil: str, fields: dict[str, Any]) -> str:
        return str(await self._set_up(roster.add_target(self.store, pupil, fields, os.urandom)))

    async def set_term(self, ident: str, name: str, start: date, end: date) -> None:
        await self._set_up(roster.set_term(self.store, ident, name, start, end))

    async def set_consent(self, pupil: str, audience: Audience, kind: MediaKind, given: bool, by: str) -> None:
        await self._set_up(roster.set_consent(self.store, pupil, audience, kind, given, by, local_day(self.now())))

    # -- sync ----------------------------------------------------------------------------------------------------------
    def _in_scope(self, partition: str) -> bool:
        """Asked anew each time: within one round the school arrives first, and says whose pupils may follow."""
        return partitions_for(self.role, self.classes, self.school.memberships())(partition)

    async def sync_now(self) -> bool:
        """One round; whether the hub was reached. What stands in the way is in `problem`."""
        if not self.joined:
            return False
        async with self._turn:
            self.syncing = True
            self.changed()
            try:
                outcome = await sync(self.store, self._folder_at(self.hub.token), progress=self._progress, scope=self._in_scope)
                self.problem = for_people(NotAllowed()) if any(p.startswith("refused") for p in outcome.problems) else None
                self.online, self.last_sync = True, self.now()
            except StorageError as error:
                self.problem = for_people(error)
                self.online = not isinstance(self.problem, HubUnreachable)
            finally:
                self.syncing, self.step = False, None
                self.changed()
        return self.online

    def _progress(self, what: str, done: int, total: int) -> None:
        self.step = (what, done, total)
        self.changed()

    def went_offline(self) -> None:
        self.online = False
        self.changed()

    def set_lasting(self, lasting: bool) -> None:
        self.lasting = lasting
        self.changed()

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

    # -- telling -------------------------------------------------------------------------------------------------------
    def on_change(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Called after every change; the result stops it."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    def changed(self) -> None:
        for listener in list(self._listeners):
            listener()
