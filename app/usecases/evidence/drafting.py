"""The moment that is being put together: pictures, words, who and what; then saved in one step."""

import contextlib
import os
from collections.abc import Callable, Iterator
from typing import Any

from app.domain.schema.asked import Right
from app.domain.vocabulary.language import N_, _
from app.domain.vocabulary.scales import HelpLevel
from app.errors import ClipTooLong, FileDamaged, NotAllowed, SmallStepsError
from app.media.codec import Codec, Encoded
from app.usecases.evidence import capture
from app.usecases.evidence.capture import Draft, DraftMedia, Writes
from app.usecases.evidence.drafts import Drafts
from app.usecases.session.school import local_time
from app.usecases.session.session import HandIn, Session, Topic
from storage.errors import StorageError
from storage.ledger import KEEP

LONGEST_CLIP_MS = 30_000
DRAFT = "draft"  # the small file of this device that holds what is not saved yet; pictures lie beside it as draft.<id>


class Drafting:
    """Each adult's unfinished moment at this device."""

    def __init__(self, session: Session, drafts: Drafts, codec: Codec) -> None:
        self._session, self.drafts, self.codec = session, drafts, codec
        self.coming = 0  # pictures that are being made or kept, and are in no draft yet
        self.picker: Callable[[], str] = str  # who opened the device's own file window last: the door knows
        self._saving = False

    async def recall(self) -> None:
        self.drafts.become(Drafts.from_bytes(await self._session.store.kept(DRAFT) or b"{}"))

    @property
    def draft(self) -> Draft:
        """Of who has the device in hand, or had it until it was locked: the last letters of a note come in a moment later."""
        return self.drafts.at(self._session.hand)

    @property
    def making(self) -> bool:
        """Whether a picture or a save is under way."""
        return bool(self.coming) or self._saving

    # -- pictures ------------------------------------------------------------------------------------------------------
    async def add_photo(self, raw: bytes, mirrored: bool = False) -> None:
        """A photo from the camera, re-encoded; refused with a sentence before anything is stored."""
        person = self._session.hand
        with self._comes():
            await self._add(person, await self.codec.photo(raw, mirrored))

    async def add_file(self, raw: Any) -> None:
        """The same with a picked file, for the person who opened the file window, in whose hand the device may be by now."""
        person = self.picker() or self._session.hand
        with self._comes():
            await self._add(person, await self.codec.photo(raw, False))

    @contextlib.contextmanager
    def _comes(self) -> Iterator[None]:
        self.coming += 1
        try:
            yield
        finally:
            self.coming -= 1

    async def add_clip(self, raw: bytes, duration_ms: int, still: bytes = b"", mirrored: bool = False) -> None:
        """A clip of our own recorder with a picture of it, which may be `mirrored`; the clip itself never is. Raises
        ClipTooLong, and what the codec raises."""
        person = self._session.hand
        if duration_ms > LONGEST_CLIP_MS + 2_000:
            raise ClipTooLong
        with self._comes():
            if still and mirrored:
                still = (await self.codec.photo(still, mirrored)).data
            await self._add(person, await self.codec.clip(raw, duration_ms, still))

    async def _add(self, person: str, made: Encoded) -> None:
        """To the draft of who took it, though the device may have been locked meanwhile."""
        item = DraftMedia(
            os.urandom(16).hex(), made.type, len(made.data), made.width, made.height, made.duration_ms,
            capture.as_text(made.thumb), capture.as_text(made.poster),
        )  # fmt: skip
        await self._session.translated(self._session.store.keep(item.file, made.data))
        draft = self.drafts.at(person)
        draft.media.append(item)
        draft.at = draft.at or self._session.now()
        await self._keep()

    async def remove_media(self, ident: str) -> None:
        gone = [m for m in self.draft.media if m.id == ident]
        self.draft.media = [m for m in self.draft.media if m.id != ident]
        await self._keep()
        for item in gone:
            await self._session.translated(self._session.store.forget(item.file))

    async def draft_bytes(self, item: DraftMedia) -> bytes:
        return await self._session.store.kept(item.file) or b""

    # -- words, who and what -------------------------------------------------------------------------------------------
    async def set_note(self, text: str) -> None:
        self.draft.note = text
        await self._keep(quiet=True)

    async def set_setting(self, setting: str) -> None:
        self.draft.setting = "" if self.draft.setting == setting else setting
        await self._keep()

    async def toggle_pupil(self, pupil: str) -> None:
        self.draft.toggle_pupil(pupil)
        await self._keep()

    async def toggle_target(self, pupil: str, target: str) -> None:
        self.draft.toggle_target(pupil, target)
        await self._keep()

    async def set_help(self, pupil: str, target: str, level: HelpLevel) -> None:
        self.draft.set_help(pupil, target, level)
        await self._keep()

    async def _keep(self, quiet: bool = False) -> None:
        await self._session.translated(self._session.store.keep(DRAFT, self.drafts.to_bytes()))
        if not quiet:
            self._session.changed(Topic.DRAFT)

    # -- saving --------------------------------------------------------------------------------------------------------
    async def save(self) -> list[str]:
        """The new observations' ids, once they survive any crash of this device. On an error the draft stays. A second tap
        while the first is still being saved saves nothing twice."""
        if not self._session.has(Right.RECORD):
            raise NotAllowed
        if self._saving:
            return []
        self._saving = True
        try:
            return await self._session.translated(self._save())
        finally:
            self._saving = False

    async def _save(self) -> list[str]:
        pen, person, draft = self._session.pen(), self._session.author, self.draft
        told = Draft.from_bytes(draft.to_bytes())  # what is added from here on is the next moment's
        made = await self._write(pen, told, person)
        with contextlib.suppress(StorageError):  # what is saved is saved, though its draft may come up once more
            await self._saved(draft, told)
            self._session.changed(Topic.DRAFT)
        return made

    async def _write(self, writer: Writes, draft: Draft, person: str) -> list[str]:
        files = {item.id: await self._whole(item) for item in draft.media}
        now = self._session.now()
        offset = local_time(now).utcoffset()
        minutes = int(offset.total_seconds() // 60) if offset else 0
        return await capture.save(writer, draft, files, person, now, minutes, os.urandom)

    async def _saved(self, draft: Draft, told: Draft) -> None:
        """What was saved leaves the draft, in whose hand it may be by now; what came in meanwhile stays."""
        gone = {item.id for item in told.media}
        draft.become(
            Draft(media=[m for m in draft.media if m.id not in gone], note="" if draft.note == told.note else draft.note)
        )
        await self._keep_drafts()
        for item in told.media:
            await self._session.store.forget(item.file)

    async def _keep_drafts(self) -> None:
        if self.drafts.left():
            await self._session.store.keep(DRAFT, self.drafts.to_bytes())
        else:
            await self._session.store.forget(DRAFT)

    async def _whole(self, item: DraftMedia) -> bytes:
        data = await self.draft_bytes(item)
        if len(data) != item.size:
            raise FileDamaged(N_("A picture of this moment cannot be read any more. Take it out, and save what is left."))
        return data

    # -- letting go ----------------------------------------------------------------------------------------------------
    async def discard(self) -> None:
        await self._discard(self._session.author)
        self._session.changed(Topic.DRAFT)

    async def _discard(self, person: str) -> None:
        """The draft of one of those who work here."""
        gone = self.drafts.at(person)
        self.drafts.put(person, Draft())
        await self._keep_drafts()
        for item in gone.media:
            await self._session.store.forget(item.file)

    async def discard_of(self, children: set[str]) -> bool:
        """Every draft in which one of these children is goes, with its pictures, though others are in them too. Whether any
        did."""
        drafts = [who for who, draft in self.drafts.left().items() if not children.isdisjoint(draft.pupils)]
        for person in drafts:
            await self._session.translated(self._discard(person))
        return bool(drafts)

    async def sweep(self) -> None:
        """Pictures that a crash once left behind. Not while a picture is being kept: it is in no draft yet."""
        store = self._session.store
        found = await self._session.translated(store.disk.names(f"{KEEP}{DRAFT}."))
        for name in sorted(found - {KEEP + item.file for item in self.drafts.media()}):
            await self._session.translated(store.forget(name.removeprefix(KEEP)))

    # -- unfinished moments of others ------------------------------------------------------------------------------------
    def left_by_others(self) -> list[tuple[str, str, int]]:
        """(staff id, name, pictures) of moments that others have not finished at this device."""
        me, names = self._session.person, {s.id: s.name for s in self._session.known.staff()}
        found = self.drafts.left().items() if me else ()
        return [(p, names.get(p, _("an adult on cover")), len(d.media)) for p, d in found if p != me]

    async def take_over(self, person: str) -> None:
        """Another adult's unfinished moment becomes mine, where I have none."""
        me = self._session.person
        if me and self.draft.empty:
            self.drafts.put(me, self.drafts.at(person))
            self.drafts.put(person, Draft())
            await self._keep()

    async def finish_all(self) -> int:
        """For a device that was ended: what was begun, and said of which child, is saved, so that it can be handed in. How many
        could not be."""
        left = 0
        for person, draft in list(self.drafts.left().items()):
            author = person.partition(".")[0]
            try:
                await self._write(HandIn(self._session, author), draft, author)
                await self._discard(person)
            except (SmallStepsError, StorageError):
                left += 1
        return left
