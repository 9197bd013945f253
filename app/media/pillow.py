"""The codec of computers: Pillow. For the hub, the command line, the demo school and tests."""

import asyncio
import base64
import io
from typing import Any

from PIL import Image, ImageCms, ImageOps

from app.errors import NotAPicture, PictureTooManyPixels, SmallStepsError
from app.media import codec
from app.media.codec import Encoded, fitted

FORMATS = ("JPEG", "PNG", "WEBP", "GIF", "AVIF")


class PillowCodec:
    """A Codec over bytes; the work is done in a thread."""

    async def photo(self, raw: Any, mirrored: bool = False) -> Encoded:
        return await asyncio.to_thread(encode, bytes(raw), mirrored)

    async def clip(self, raw: Any, duration_ms: int, poster: bytes = b"") -> Encoded:
        data = bytes(raw)
        header = codec.check_clip(len(data), data[: codec.HEADS[0]], duration_ms)
        still = await asyncio.to_thread(decoded, poster) if poster else None
        small = within(still, codec.POSTER_EDGE, codec.POSTER_BYTES) if still else b""
        thumb = within(still, codec.THUMB_EDGE, codec.THUMB_BYTES) if still else b""
        return Encoded(data, header.type, header.width, header.height, thumb, small, duration_ms)

    def url_for(self, data: bytes, type: str) -> str:
        return f"data:{type};base64,{base64.b64encode(data).decode()}"

    def release(self, url: str) -> None:
        return None


def encode(raw: bytes, mirrored: bool = False) -> Encoded:
    """What `PillowCodec.photo` gives, without a loop."""
    picture = decoded(raw)
    if mirrored:
        picture = ImageOps.mirror(picture)
    picture = picture.resize(fitted(*picture.size, codec.EDGE), Image.Resampling.LANCZOS, reducing_gap=3.0)
    return Encoded(
        jpeg(picture, codec.QUALITY), "image/jpeg", *picture.size, thumb=within(picture, codec.THUMB_EDGE, codec.THUMB_BYTES)
    )


def decoded(raw: bytes) -> Image.Image:
    """Upright, in sRGB, on white where it was transparent. Raises what `check_picked` raises."""
    codec.check_picked(len(raw), raw[: codec.HEADS[1]])
    try:
        with Image.open(io.BytesIO(raw), formats=FORMATS) as opened:
            if opened.width * opened.height > codec.MOST_PIXELS:  # a second header said something else than the first
                raise PictureTooManyPixels
            opened.draft("RGB", (codec.EDGE, codec.EDGE))
            opened.load()
            profile = opened.info.get("icc_profile")
            return on_white(in_srgb(upright(opened), profile))
    except SmallStepsError:
        raise
    except (Image.DecompressionBombError, Image.DecompressionBombWarning) as error:
        raise PictureTooManyPixels from error
    except Exception as error:  # a decoder given a stranger's bytes may raise anything
        raise NotAPicture from error


def upright(picture: Image.Image) -> Image.Image:
    """Turned as its EXIF says; as it is where that cannot be read."""
    try:
        return ImageOps.exif_transpose(picture)
    except Exception:  # bytes of a stranger again, and no reason to refuse what was decoded
        return picture.copy()


def in_srgb(picture: Image.Image, profile: bytes | None) -> Image.Image:
    if not profile or picture.mode not in {"RGB", "RGBA"}:
        return picture
    try:
        ours = ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, ImageCms.ImageCmsProfile(io.BytesIO(profile)), ours) or picture
    except (ImageCms.PyCMSError, OSError):
        return picture  # a profile that cannot be read is no reason to refuse the picture


def on_white(picture: Image.Image) -> Image.Image:
    if picture.mode == "RGB":
        return picture
    if picture.mode.startswith("I"):  # 16 bits of grey, of which the upper 8 are seen
        return picture.point(lambda grey: grey * (1 / 256)).convert("L").convert("RGB")
    clear = picture.convert("RGBA")
    white = Image.new("RGBA", clear.size, "white")
    return Image.alpha_composite(white, clear).convert("RGB")


def jpeg(picture: Image.Image, quality: int) -> bytes:
    out = io.BytesIO()
    fresh = Image.new("RGB", picture.size)  # nothing but pixels goes on
    fresh.paste(picture)
    fresh.save(out, "JPEG", quality=quality, optimize=True)
    return out.getvalue()


def within(picture: Image.Image, edge: int, limit: int) -> bytes:
    """A small JPEG of at most `limit` bytes."""
    data = b""
    for part in codec.SMALLER:
        small = picture.resize(fitted(*picture.size, max(1, int(edge * part))), Image.Resampling.LANCZOS, reducing_gap=3.0)
        for quality in codec.COARSER:
            data = jpeg(small, quality)
            if len(data) <= limit:
                return data
    return data
