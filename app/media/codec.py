"""How pictures and clips come in: the port, its limits, and what both sides refuse before anything is decoded or stored."""

from dataclasses import dataclass
from typing import Any, Protocol

from app.domain.vocabulary.language import N_
from app.errors import ClipFromFile, ClipTooLong, EmptyFile, NotAPicture, PictureTooBig, PictureTooManyPixels
from app.media.headers import CLIP, PHOTO, Header, read_header

LARGEST = 60_000_000  # bytes of a picked file, or of a clip
MOST_PIXELS = 25_000_000
EDGE, QUALITY = 1600, 80  # px of the longer side, JPEG quality
THUMB_EDGE, THUMB_BYTES = 320, 20_000
POSTER_EDGE, POSTER_BYTES = 960, 60_000
LONGEST, GRACE = 30_000, 2_000  # ms of a clip; a recorder stops a little late
HEADS = (256 * 1024, 8 * 1024 * 1024)  # bytes: some cameras write megabytes before the size of the picture
SMALLER = (1.0, 0.75, 0.5, 0.35, 0.25)  # sides to try until a small picture is small enough
COARSER = (75, 60, 45)  # qualities to try at each


@dataclass(frozen=True, slots=True)
class Encoded:
    """What is stored: `data` of `type`, `width` x `height` px upright; `thumb` and `poster` are JPEG, or empty."""

    data: bytes
    type: str
    width: int
    height: int
    thumb: bytes = b""
    poster: bytes = b""
    duration_ms: int = 0


class Codec(Protocol):
    """Makes what is stored out of what a camera or a person gives."""

    async def photo(self, raw: Any, mirrored: bool = False) -> Encoded:
        """A JPEG, upright, not mirrored, 1600 px at most, without metadata. `raw`: bytes, or a browser's File or Blob.
        Raises EmptyFile, NotAPicture, ClipFromFile, PictureTooBig, PictureTooManyPixels before it decodes anything."""
        ...

    async def clip(self, raw: Any, duration_ms: int, poster: bytes = b"") -> Encoded:
        """A clip of our own recorder, as it is; `poster` is a picture of it. Raises EmptyFile, NotAPicture, ClipTooLong."""
        ...

    def url_for(self, data: bytes, type: str) -> str:
        """An address that shows these bytes on this page until it is released or the page is closed."""
        ...

    def release(self, url: str) -> None: ...


def wants_more(size: int, head: bytes) -> bool:
    """Whether the size of the picture may stand further on in the file."""
    header = read_header(head)
    return header is not None and header.kind == PHOTO and not header.pixels and len(head) < size


def check_picked(size: int, head: bytes) -> Header:
    """The header of a picture that may be decoded; `size` of the whole file in bytes, `head` its first bytes. Raises."""
    if size == 0:
        raise EmptyFile
    header = read_header(head)
    if header is not None and header.kind == CLIP:
        raise ClipFromFile
    if size > LARGEST:
        raise PictureTooBig
    if header is None or not header.pixels:
        raise NotAPicture
    if header.pixels > MOST_PIXELS:
        raise PictureTooManyPixels
    return header


def check_clip(size: int, head: bytes, duration_ms: int) -> Header:
    """The header of a clip that may be stored. Raises."""
    if size == 0:
        raise EmptyFile(N_("The recording came out empty, so nothing was added. Please record it again."))
    header = read_header(head)
    if header is None or header.kind != CLIP:
        raise NotAPicture(N_("That recording cannot be read, so nothing was added. Please record it again."))
    if duration_ms > LONGEST + GRACE or size > LARGEST:
        raise ClipTooLong
    return header


def fitted(width: int, height: int, edge: int = EDGE) -> tuple[int, int]:
    """The size in px that fits into a square of `edge`; never larger than it was, never 0."""
    scale = min(1.0, edge / max(width, height))
    return max(1, round(width * scale)), max(1, round(height * scale))
