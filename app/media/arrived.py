"""A picture or clip that a device says is one of ours, looked at before it counts. Pure, and hostile until read.

The app makes JPEGs without notes and clips in WebM or MP4; so anything else was not made by it: a file of another kind, one that
does not decode, one with more than 25 million pixels, or one that still tells where and with what it was taken.
"""

import base64
import binascii
import io
import re
import struct
from collections.abc import Iterator

from PIL import Image

from app.domain.vocabulary.language import N_
from app.media.codec import MOST_PIXELS
from app.media.headers import CLIP, EBML, PHOTO, read_header, without_metadata

CLIPS = {"video/webm", "video/mp4"}
JPEG = "image/jpeg"
HEAD = 256 * 1024  # bytes in which a picture has said its size
MARKER = re.compile(rb"\xff([^\x00\xff\xd0-\xd7])", re.DOTALL)  # what is not a byte of the picture itself
END, SCAN = 0xD9, 0xDA

NOT_OURS = N_("A picture or clip in this file is of a kind that the app does not make. It is kept for the SENCO to look at.")
BROKEN = N_("A picture or clip in this file cannot be shown. It is kept for the SENCO to look at.")
TOO_MANY = N_("A picture in this file has more than 25 million pixels. It is kept for the SENCO to look at.")
TELLS = N_(
    "A picture or clip in this file still says where, when or with what it was taken. It is kept for the SENCO to look at."
)


def problem(data: bytes, said: str = "") -> str:
    """A sentence, or "" when all is well. `said`: the type that its record gives, "" where it gives none yet."""
    header = read_header(data[:HEAD])
    if header is None or said not in {"", header.type, header.type.replace("video/", "audio/")}:
        return NOT_OURS
    if header.kind == CLIP:
        return _clip(data) if header.type in CLIPS else NOT_OURS
    if header.kind != PHOTO or header.type != JPEG:
        return NOT_OURS
    return TOO_MANY if header.pixels > MOST_PIXELS else _notes(data) or _decodes(data)


def small_problem(text: object) -> str:
    """The same for a small picture inside a document: base64, or "" for none."""
    if text == "":
        return ""
    try:
        return problem(base64.b64decode(str(text), validate=True), JPEG)
    except (binascii.Error, ValueError):
        return BROKEN


# -- photos --------------------------------------------------------------------------------------------------------------
def _decodes(data: bytes) -> str:
    """At an eighth of its size, for which every byte is read all the same."""
    try:
        with Image.open(io.BytesIO(data), formats=("JPEG",)) as picture:
            if picture.width * picture.height > MOST_PIXELS:  # a second header said something else than the first
                return TOO_MANY
            picture.draft("RGB", (max(1, picture.width // 8), max(1, picture.height // 8)))
            picture.load()
    except Exception:  # a decoder given a stranger's bytes may raise anything
        return BROKEN
    return ""


def _notes(data: bytes) -> str:
    """Whether anything is in it but the picture: before it, between its scans, or behind its end."""
    if without_metadata(data) != data:
        return TELLS
    at, scanned = 2, False
    while found := MARKER.search(data, at):
        marker, at = found[1][0], found.end()
        if marker == END:
            return "" if at == len(data) else TELLS
        if scanned and (marker == 0xFE or 0xE0 <= marker <= 0xEF):
            return TELLS
        if at + 2 > len(data):
            return BROKEN
        scanned = scanned or marker == SCAN
        at += max(2, struct.unpack_from(">H", data, at)[0])
    return BROKEN


# -- clips ---------------------------------------------------------------------------------------------------------------
PLACES = (b"\xa9xyz", b"loci", b"location", b"LOCATION", b"GPS", b"Exif", b"<x:xmpmeta", b"http://ns.adobe.com/xap")
XMP = bytes.fromhex("be7acfcb97a942e89c71999491e3afac")  # the box in which it lies in films
NOTES = {b"udta", b"meta", b"uuid"}  # boxes with words about the film
INSIDE = {b"moov", b"trak", b"mdia", b"minf", b"moof", b"traf"}  # boxes of boxes
DEEPEST, MOST_PARTS = 8, 200_000
TAGS, ATTACHED = 0x1254C367, 0x1941A469
SEGMENT, CLUSTER = 0x18538067, 0x1F43B675
UNKNOWN = -1  # the size of what was written while it was still being recorded


def _clip(data: bytes) -> str:
    try:
        notes = _webm_notes(data) if data[:4] == EBML else _boxed_notes(data, 0, len(data), 0)
        return TELLS if any(mark in note for note in notes for mark in (*PLACES, XMP)) else ""
    except (ValueError, IndexError, struct.error):
        return BROKEN


def _boxed_notes(data: bytes, start: int, end: int, depth: int) -> Iterator[bytes]:
    """What the boxes of an MP4 hold that are not the film. Raises ValueError where boxes do not add up."""
    at = start
    while at < end:
        size, head = struct.unpack_from(">I", data, at)[0], 8
        kind = data[at + 4 : at + 8]
        if size == 1:
            size, head = struct.unpack_from(">Q", data, at + 8)[0], 16
        size = end - at if size == 0 else size
        if size < head or at + size > end or depth > DEEPEST:
            raise ValueError("a box that does not fit")
        if kind in NOTES:
            yield data[at : at + size]
        elif kind in INSIDE:
            yield from _boxed_notes(data, at + head, at + size, depth + 1)
        at += size


def _webm_notes(data: bytes) -> Iterator[bytes]:
    """What the parts of a WebM hold that are not the film."""
    at = 0
    for _ in range(MOST_PARTS):
        if at >= len(data):
            return
        ident, at = _number(data, at, keep=True)
        size, at = _number(data, at, keep=False)
        if ident in {SEGMENT, CLUSTER}:
            continue  # looked into: its size may not have been known yet
        if size == UNKNOWN:
            raise ValueError("a part without an end")
        if ident in {TAGS, ATTACHED}:
            yield data[at : at + size]
        at += size
    raise ValueError("too many parts")


def _number(data: bytes, at: int, *, keep: bool) -> tuple[int, int]:
    """An EBML number and where it ends. Raises ValueError."""
    length = 9 - data[at].bit_length()
    if length > 8 or at + length > len(data):
        raise ValueError("a number that does not end")
    value = int.from_bytes(data[at : at + length], "big")
    if keep:
        return value, at + length
    most = (1 << 7 * length) - 1
    return (UNKNOWN if value & most == most else value & most), at + length
