"""Pictures and clips as this device shows them: here, or on their way back from the school's folder."""

from app.domain.evidence.observations import Media
from app.domain.vocabulary.language import N_
from app.errors import PictureInFolder, ThingUnknown
from app.media.codec import Codec
from app.usecases.session import reading
from app.usecases.session.session import Session
from storage import media as pieces
from storage import retention
from storage.errors import MissingName, StorageError, StoreFull, Unreachable


class Pictures:
    def __init__(self, session: Session, codec: Codec) -> None:
        self._session, self._codec = session, codec

    def thumb(self, media: Media) -> bytes | None:
        return reading.small(media.thumb) or reading.small(media.poster) or None

    async def bytes_of(self, media: Media) -> bytes:
        """What has left this device comes back from the school's folder. Raises PictureInFolder if the hub does not answer."""
        try:
            return await self._session.store.media(media.partition, media.chunks)
        except StorageError as error:
            if not isinstance(error, MissingName) or not self._has_left(media):
                raise ThingUnknown(N_("This picture has not arrived on this device yet.")) from error
        try:
            return await self._brought_back(media)
        except Unreachable as error:
            raise PictureInFolder from error
        except StorageError as error:
            raise ThingUnknown(N_("This picture could not be had from the school folder. Please tell your SENCO.")) from error

    def _has_left(self, media: Media) -> bool:
        return any(f"p/{media.partition}/media/{digest}" in self._session.store.shed for digest in media.chunks)

    async def _brought_back(self, media: Media) -> bytes:
        folder, store = self._session.folder(), self._session.store
        try:
            await retention.fetch(store, folder, media.partition, media.chunks)
            return await store.media(media.partition, media.chunks)
        except StoreFull:  # then it is shown and not kept
            return await pieces.read(folder, media.partition, media.chunks)

    async def picture(self, media_id: str) -> bytes:
        return await self.bytes_of(self._known(media_id))

    async def clip_url(self, media_id: str) -> str:
        """An address that plays on this device, until the page is closed."""
        media = self._known(media_id)
        return self._codec.url_for(await self.bytes_of(media), media.type)

    def _known(self, media_id: str) -> Media:
        """Raises ThingUnknown."""
        media = self._session.school.media(media_id)
        if media is None:
            raise ThingUnknown
        return media
