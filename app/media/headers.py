"""What a file says it is: kind, type and size in pixels, read from its first bytes before anything decodes it. Pure."""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

PHOTO, CLIP = "photo", "clip"
HEIF_BRANDS = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"mif1", b"msf1"}
AVIF_BRANDS = {b"avif", b"avis"}
SIDEWAYS = {5, 6, 7, 8}  # EXIF orientations that swap width and height
JPEG_SIZES = {*range(0xC0, 0xD0)} - {0xC4, 0xC8, 0xCC}
JPEG_BARE = {0x01, *range(0xD0, 0xD9)}  # markers without a length
EBML = b"\x1a\x45\xdf\xa3"
EBML_PARTS = {0x18538067, 0x1654AE6B, 0xAE, 0xE0}  # segment, tracks, track entry, video: looked into


@dataclass(frozen=True, slots=True)
class Header:
    """`kind` is "photo" or "clip"; width and height as people see it, upright, in px; 0 where these bytes do not tell."""

    kind: str
    type: str
    width: int = 0
    height: int = 0
    orientation: int = 1  # EXIF: 1 is upright

    @property
    def pixels(self) -> int:
        return self.width * self.height


def read_header(head: bytes) -> Header | None:
    """The header of a JPEG, PNG, WebP, GIF, HEIC, AVIF, MP4, MOV or WebM; None for anything else. Never raises."""
    for read in (_jpeg, _png, _gif, _webp, _boxed, _webm):
        try:
            if found := read(head):
                return found
        except (struct.error, IndexError):
            continue
    return None


# -- JPEG ------------------------------------------------------------------------------------------------------------
def _jpeg(head: bytes) -> Header | None:
    if head[:3] != b"\xff\xd8\xff":
        return None
    orientation = 1
    for marker, start, end in jpeg_segments(head):
        if marker == 0xE1 and head[start : start + 6] == b"Exif\0\0":
            orientation = _orientation(head[start + 6 : end])
        if marker in JPEG_SIZES and end <= len(head) and end - start >= 5:
            height, width = struct.unpack_from(">HH", head, start + 1)
            if orientation in SIDEWAYS:
                width, height = height, width
            return Header(PHOTO, "image/jpeg", width, height, orientation)
    return Header(PHOTO, "image/jpeg")


def jpeg_segments(data: bytes) -> Iterator[tuple[int, int, int]]:
    """(marker, start, end) of what each marker holds, up to the picture itself; the end may lie behind the data."""
    at = 2
    while at + 1 < len(data):
        if data[at] != 0xFF or data[at + 1] in {0x00, 0xFF}:
            at += 1
            continue
        marker = data[at + 1]
        at += 2
        if marker in JPEG_BARE:
            continue
        if marker in {0xD9, 0xDA} or at + 2 > len(data):
            return
        end = at + max(2, struct.unpack_from(">H", data, at)[0])
        yield marker, at + 2, end
        at = end


def _orientation(tiff: bytes) -> int:
    """The EXIF orientation, 1 to 8; 1 where it cannot be read."""
    order = {b"II": "<", b"MM": ">"}.get(tiff[:2])
    try:
        if order is None:
            return 1
        (table,) = struct.unpack_from(order + "I", tiff, 4)
        (count,) = struct.unpack_from(order + "H", tiff, table)
        for entry in range(table + 2, table + 2 + 12 * count, 12):
            tag, _kind, _count, value = struct.unpack_from(order + "HHIH", tiff, entry)
            if tag == 0x0112:
                return value if 1 <= value <= 8 else 1
    except struct.error:
        return 1
    return 1


def without_metadata(jpeg: bytes) -> bytes:
    """The same picture without comments, EXIF, XMP, colour profiles and all else that cameras and browsers add.

    What is left of a JPEG: its start, JFIF and Adobe's note on colours (a decoder needs them), tables and picture."""
    kept, last = [jpeg[:2]], 2
    for marker, start, end in jpeg_segments(jpeg):
        plain = jpeg[start : start + 5] in {b"JFIF\0", b"Adobe"} and end - start <= 14  # longer ones carry a thumbnail
        if plain or not (marker == 0xFE or 0xE0 <= marker <= 0xEF):
            kept.append(b"\xff" + bytes([marker]) + jpeg[start - 2 : end])
        last = end
    return b"".join(kept) + jpeg[last:]


# -- the others ------------------------------------------------------------------------------------------------------
def _png(head: bytes) -> Header | None:
    if head[:8] != b"\x89PNG\r\n\x1a\n":
        return None
    width, height = struct.unpack_from(">II", head, 16) if head[12:16] == b"IHDR" else (0, 0)
    return Header(PHOTO, "image/png", width, height)


def _gif(head: bytes) -> Header | None:
    if head[:6] not in {b"GIF87a", b"GIF89a"}:
        return None
    return Header(PHOTO, "image/gif", *struct.unpack_from("<HH", head, 6))


def _webp(head: bytes) -> Header | None:
    if head[:4] != b"RIFF" or head[8:12] != b"WEBP":
        return None
    kind, width, height = head[12:16], 0, 0
    if kind == b"VP8X":
        width, height = _three(head, 24) + 1, _three(head, 27) + 1
    elif kind == b"VP8L" and head[20] == 0x2F:
        (bits,) = struct.unpack_from("<I", head, 21)
        width, height = (bits & 0x3FFF) + 1, (bits >> 14 & 0x3FFF) + 1
    elif kind == b"VP8 " and head[23:26] == b"\x9d\x01\x2a":
        width, height = (side & 0x3FFF for side in struct.unpack_from("<HH", head, 26))
    return Header(PHOTO, "image/webp", width, height)


def _three(data: bytes, at: int) -> int:
    return data[at] | data[at + 1] << 8 | data[at + 2] << 16


def _boxed(head: bytes) -> Header | None:
    """ISO boxes: HEIC and AVIF pictures, MP4 and QuickTime films."""
    first = head[4:8]
    if first == b"ftyp":
        (size,) = struct.unpack_from(">I", head, 0)
        brands = {head[8:12], *(head[at : at + 4] for at in range(16, min(size, 256, len(head)), 4))}
        if brands & AVIF_BRANDS:
            return Header(PHOTO, "image/avif", *_largest_ispe(head))
        if head[8:12] in HEIF_BRANDS:
            return Header(PHOTO, "image/heic", *_largest_ispe(head))
        return Header(CLIP, "video/quicktime" if head[8:12] == b"qt  " else "video/mp4", *_tkhd(head))
    if first in {b"moov", b"mdat", b"wide", b"free", b"skip", b"pnot"}:
        return Header(CLIP, "video/quicktime", *_tkhd(head))
    return None


def _largest_ispe(head: bytes) -> tuple[int, int]:
    """The largest of the sizes that a HEIF file names: its tiles and thumbnails have theirs, too."""
    best, at = (0, 0), head.find(b"ispe")
    while at >= 0 and at + 16 <= len(head):
        size = struct.unpack_from(">II", head, at + 8)
        best = max(best, size, key=lambda s: s[0] * s[1])
        at = head.find(b"ispe", at + 4)
    return best


def _tkhd(head: bytes) -> tuple[int, int]:
    """The first track with a size; (0, 0) where the film's table of contents is at its end."""
    at = head.find(b"tkhd")
    while at >= 0 and at + 96 <= len(head):
        end = at + (88 if head[at + 4] == 1 else 76) + 4
        width, height = (side >> 16 for side in struct.unpack_from(">II", head, end))
        if width and height:
            return width, height
        at = head.find(b"tkhd", at + 4)
    return 0, 0


def _webm(head: bytes) -> Header | None:
    if head[:4] != EBML:
        return None
    width, height, at = 0, 0, 0
    while at < len(head) and not (width and height):
        ident, at = _vint(head, at, keep=True)
        size, at = _vint(head, at, keep=False)
        if ident in EBML_PARTS:
            continue
        if ident in {0xB0, 0xBA}:
            value = int.from_bytes(head[at : at + min(size, 8)], "big")
            width, height = (value, height) if ident == 0xB0 else (width, value)
        at += size
    return Header(CLIP, "video/webm", width, height)


def _vint(data: bytes, at: int, *, keep: bool) -> tuple[int, int]:
    """An EBML number and where it ends; raises IndexError behind the data."""
    first = data[at]
    length = 9 - first.bit_length()
    if first == 0 or at + length > len(data):
        return 0, len(data) + 1
    value = int.from_bytes(data[at : at + length], "big")
    return (value if keep else value & ((1 << 7 * length) - 1)), at + length
