"""Pictures and files as cameras, phones and strangers make them."""

import io
import struct
import zlib
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from PIL import Image

from tests.media import parts

PDF = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\nendobj\n" * 20
TEXT = b"This is a shopping list, not a photo.\n" * 20
RED, GREEN, BLUE, GREY = (200, 30, 30), (30, 160, 30), (30, 30, 200), (128, 128, 128)
CORNERS = (RED, GREEN, BLUE, GREY)  # top left, top right, bottom left, bottom right


def quarters(width: int = 64, height: int = 32, mode: str = "RGB") -> Image.Image:
    """A picture of four colours, so that it can be told how it lies."""
    made = Image.new("RGB", (width, height))
    for n, colour in enumerate(CORNERS):
        made.paste(colour, (n % 2 * width // 2, n // 2 * height // 2, (n % 2 + 1) * width // 2, (n // 2 + 1) * height // 2))
    return made.convert(mode)


def saved(picture: Image.Image, kind: str = "JPEG", **more: Any) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **more)
    return out.getvalue()


def opened(data: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(data))
    picture.load()
    return picture


def corners(data: bytes) -> list[str]:
    """The colour words of the four corners, the way CORNERS counts them."""
    picture = opened(data).convert("RGB")
    right, low = picture.width - 4, picture.height - 4
    return [nearest(picture.getpixel(at)) for at in ((3, 3), (right, 3), (3, low), (right, low))]  # type: ignore[arg-type]


def nearest(pixel: tuple[int, int, int]) -> str:
    names = dict(zip(("red", "green", "blue", "grey"), CORNERS, strict=True))
    return min(names, key=lambda name: sum((a - b) ** 2 for a, b in zip(names[name], pixel, strict=True)))


def turned(orientation: int, order: str = "<") -> bytes:
    """A JPEG whose EXIF says how it has to be turned, in either byte order."""
    mark = b"II*\0" if order == "<" else b"MM\0*"
    tiff = mark + struct.pack(order + "IHHHIHHI", 8, 1, 0x0112, 3, 1, orientation, 0, 0)
    return saved(quarters(), exif=b"Exif\0\0" + tiff, quality=95)


def huge_png(width: int = 13_000, height: int = 13_000) -> bytes:
    """A whole and honest PNG of one colour: few bytes, many pixels (1 bit each)."""
    packer = zlib.compressobj(9)
    row = b"\0" * (1 + (width + 7) // 8)
    pixels = b"".join(packer.compress(row) for _ in range(height)) + packer.flush()
    head = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", pixels) + piece(b"IEND", b"")


def piece(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def deep_png(width: int = 64, height: int = 16) -> bytes:
    """A PNG of 16 bits of grey, from black to white."""
    row = b"\0" + b"".join(struct.pack(">H", x * 65535 // (width - 1)) for x in range(width))
    head = struct.pack(">IIBBBBB", width, height, 16, 0, 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + piece(b"IHDR", head) + piece(b"IDAT", zlib.compress(row * height)) + piece(b"IEND", b"")


def clip(path: Path, format: str, codec: str) -> bytes:
    """Five frames of a real film, 64 x 48 px."""
    file = path / f"clip.{format}"
    with av.open(str(file), "w", format=format) as out:
        stream = out.add_stream(codec, rate=10)
        stream.width, stream.height, stream.pix_fmt, stream.time_base = 64, 48, "yuv420p", Fraction(1, 10)
        for n in range(5):
            frame = av.VideoFrame.from_image(Image.new("RGB", (64, 48), (40 * n, 90, 90)))
            out.mux(stream.encode(frame))
        out.mux(stream.encode(None))
    return file.read_bytes()


def segments_of(jpeg: bytes) -> list[int]:
    """The markers of a JPEG, up to its picture, read without our own code."""
    at, found = 2, []
    while jpeg[at + 1] != 0xDA:
        found.append(jpeg[at + 1])
        at += 2 + int.from_bytes(jpeg[at + 2 : at + 4], "big")
    return found


def talkative() -> bytes:
    """A JPEG with everything in it that cameras and programs add."""
    plain = parts.turned(6)
    thumb = b"JFXX\0\x10" + parts.saved(Image.new("RGB", (16, 16)))
    more = [(0xE0, thumb), (0xE1, b"http://ns.adobe.com/xap/1.0/\0<secret/>"), (0xE2, b"ICC_PROFILE\0 secret")]
    more += [(0xED, b"Photoshop 3.0\0 secret"), (0xFE, b"a secret comment")]
    return plain[:2] + b"".join(marked(marker, data) for marker, data in more) + plain[2:]


def marked(marker: int, data: bytes) -> bytes:
    return b"\xff" + bytes([marker]) + struct.pack(">H", len(data) + 2) + data
