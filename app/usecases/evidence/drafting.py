"""The moment that is being put together: pictures, words, who and what; then saved in one step."""

import contextlib
import os
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from app.domain.vocabulary.language import N_
from app.domain.vocabulary.scales import HelpLevel
from app.errors import ClipTooLong, FileDamaged
from app.media.codec import Encoded
from app.usecases.evidence import capture
from app.usecases.evidence.capture import Draft, DraftMedia
from app.usecases.session.school import local_time
from app.usecases.session.session import Seat
from storage.errors import StorageError
from storage.ops import Change
from storage.store import Store

LONGEST_CLIP_MS = 30_000


class Signed:
    """Writes in one person's name, whoever has the device in hand by then."""

    def __init__(self, store: Store, person: str) -> None:
        self._store, self._person = store, person

    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        await self._store.write(changes, media, self._person)


class Drafting(Seat):
    coming = 0  # pictures that are being made or kept, and are in no draft yet

    async def add_photo(self, raw: bytes, mirrored: bool = False) -> None:
        """A photo from the camera, re-encoded; refused with a sentence before anything is stored."""
        person = self._hand
        with self._comes():
            await self._add(person, await self.codec.photo(raw, mirrored))

    async def add_file(self, raw: Any) -> None:
        """The same with a picked file, for whoever opened the file window, though somebody else may have the device by now."""
        person = self._picker or self._hand
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
        person = self._hand
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
        await self._told(self.store.keep(item.file, made.data))
        draft = self.drafts.at(person)
        draft.media.append(item)
        draft.at = draft.at or self.now()
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
        await self._told(self.store.keep("draft", self.drafts.to_bytes()))
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
        person, draft = self.author, self.draft
        told = Draft.from_bytes(draft.to_bytes())  # what is added from here on is the next moment's
        files = {m.id: await self._whole(m) for m in told.media}
        offset = local_time(self.now()).utcoffset()
        minutes = int(offset.total_seconds() // 60) if offset else 0
        made = await capture.save(Signed(self.store, person), told, files, person, self.now(), minutes, os.urandom)
        with contextlib.suppress(StorageError):  # what is saved is saved, though its draft may come up once more
            await self._saved(draft, told)
            self.changed()
        return made

    async def _saved(self, draft: Draft, told: Draft) -> None:
        """What was saved leaves the draft, whoever holds it by now; what came in meanwhile stays."""
        gone = {item.id for item in told.media}
        draft.become(
            Draft(media=[m for m in draft.media if m.id not in gone], note="" if draft.note == told.note else draft.note)
        )
        await self._keep_drafts()
        for item in told.media:
            await self.store.forget(item.file)

    async def _keep_drafts(self) -> None:
        if self.drafts.left():
            await self.store.keep("draft", self.drafts.to_bytes())
        else:
            await self.store.forget("draft")

    async def _whole(self, item: DraftMedia) -> bytes:
        data = await self.draft_bytes(item)
        if len(data) != item.size:
            raise FileDamaged(N_("A picture of this moment cannot be read any more. Take it out, and save what is left."))
        return data

    async def discard(self) -> None:
        await self._discard(self.author)
        self.changed()

    async def _discard(self, person: str) -> None:
        """The draft of one of those who work here."""
        gone = self.drafts.at(person)
        self.drafts.put(person, Draft())
        await self._keep_drafts()
        for item in gone.media:
            await self.store.forget(item.file)
