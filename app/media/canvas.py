"""The codec of browsers: pictures are decoded and drawn by the browser, in the worker; files never pass through Python whole."""

from typing import Any

import js
from pyodide.ffi import JsException, JsProxy, to_js

from app.domain.vocabulary.language import N_
from app.errors import NotAPicture
from app.media import codec
from app.media.codec import Encoded, fitted
from app.media.headers import without_metadata


def options(**named: Any) -> Any:
    return to_js(named, dict_converter=js.Object.fromEntries)


def blob_of(raw: Any, type: str = "") -> Any:
    """A Blob: the file that was picked as it is, or one made of bytes."""
    return raw if isinstance(raw, JsProxy) else js.Blob.new(to_js([to_js(bytes(raw))]), options(type=type))


async def bytes_of(blob: Any, end: int | None = None) -> bytes:
    part = blob if end is None else blob.slice(0, end)
    return bytes((await part.arrayBuffer()).to_bytes())


async def head_of(blob: Any) -> bytes:
    """As much of the file as tells what it is."""
    head = await bytes_of(blob, codec.HEADS[0])
    return await bytes_of(blob, codec.HEADS[1]) if codec.wants_more(int(blob.size), head) else head


class CanvasCodec:
    """A Codec for the worker: createImageBitmap and OffscreenCanvas."""

    async def photo(self, raw: Any, mirrored: bool = False) -> Encoded:
        blob = blob_of(raw)
        codec.check_picked(await readable_size(blob), await head_of(blob))
        bitmap = await decoded(blob)
        try:
            canvas = drawn(bitmap, codec.EDGE, mirrored)
        finally:
            bitmap.close()
        data = await jpeg(canvas, codec.QUALITY)
        thumb = await within(canvas, codec.THUMB_EDGE, codec.THUMB_BYTES)
        return Encoded(data, "image/jpeg", int(canvas.width), int(canvas.height), thumb)

    async def clip(self, raw: Any, duration_ms: int, poster: bytes = b"") -> Encoded:
        blob = blob_of(raw)
        header = codec.check_clip(await readable_size(blob), await head_of(blob), duration_ms)
        thumb, still = await self._stills(poster) if poster else (b"", b"")
        data = await bytes_of(blob)
        return Encoded(data, header.type, header.width, header.height, thumb, still, duration_ms)

    @staticmethod
    async def _stills(poster: bytes) -> tuple[bytes, bytes]:
        blob = blob_of(poster)
        codec.check_picked(len(poster), await head_of(blob))
        bitmap = await decoded(blob)
        try:
            return (
                await within(bitmap, codec.THUMB_EDGE, codec.THUMB_BYTES),
                await within(bitmap, codec.POSTER_EDGE, codec.POSTER_BYTES),
            )
        finally:
            bitmap.close()

    def url_for(self, data: bytes, type: str) -> str:
        return str(js.URL.createObjectURL(blob_of(data, type)))

    def release(self, url: str) -> None:
        js.URL.revokeObjectURL(url)


async def readable_size(blob: Any) -> int:
    """Bytes. Raises NotAPicture when the file has gone since it was picked (a cloud drive, a card pulled out)."""
    try:
        await blob.slice(0, 1).arrayBuffer()
        return int(blob.size)
    except JsException as error:
        raise NotAPicture(N_("That file cannot be read any more, so nothing was added. Please pick it again.")) from error


async def decoded(blob: Any) -> Any:
    """An upright bitmap. Raises NotAPicture where the browser cannot read the picture, even if its name says that it is one."""
    try:
        return await js.createImageBitmap(blob, options(imageOrientation="from-image"))
    except JsException as error:
        raise NotAPicture from error


def drawn(source: Any, edge: int, mirrored: bool = False) -> Any:
    """A canvas with the picture on white, `edge` px at most, turned round when the camera had mirrored it."""
    width, height = fitted(int(source.width), int(source.height), edge)
    canvas = js.OffscreenCanvas.new(width, height)
    context = canvas.getContext("2d")
    context.fillStyle = "#ffffff"
    context.fillRect(0, 0, width, height)
    context.imageSmoothingQuality = "high"
    if mirrored:
        context.translate(width, 0)
        context.scale(-1, 1)
    context.drawImage(source, 0, 0, width, height)
    return canvas


async def jpeg(canvas: Any, quality: int) -> bytes:
    blob = await canvas.convertToBlob(options(type="image/jpeg", quality=quality / 100))
    return without_metadata(await bytes_of(blob))


async def within(source: Any, edge: int, limit: int) -> bytes:
    """A small JPEG of at most `limit` bytes."""
    data = b""
    for part in codec.SMALLER:
        canvas = drawn(source, max(1, int(edge * part)))
        for quality in codec.COARSER:
            data = await jpeg(canvas, quality)
            if len(data) <= limit:
                return data
    return data
