"""Pictures and codes as files for the page: what cannot be shown is left out, so that the page can say so."""

import base64
import io

import segno

from app.errors import SmallStepsError
from app.media.pillow import decoded, jpeg

EDGE, QUALITY = 1000, 80  # px and JPEG quality: over 300 dots an inch at the size of the page
INK = "#1F2A2E"
QUIET = 4  # modules of white around a code, as its standard asks


def printable(data: bytes) -> bytes | None:
    """An SVG around a JPEG of pixels alone, as large as paper needs; None where it does not decode.

    Typst takes files from memory only as text, and a child's picture has no business in a temporary folder."""
    try:
        picture = decoded(data)
    except SmallStepsError:
        return None
    picture.thumbnail((EDGE, EDGE))
    size = f'width="{picture.width}" height="{picture.height}"'
    inside = base64.b64encode(jpeg(picture, QUALITY)).decode()
    return f'<svg xmlns="http://www.w3.org/2000/svg" {size}><image {size} href="data:image/jpeg;base64,{inside}"/></svg>'.encode()


def code(link: str) -> bytes:
    """The SVG of a QR code that a phone can read from paper; empty where the link leads nowhere."""
    if not link.startswith(("https://", "http://")):
        return b""
    out = io.BytesIO()
    try:
        segno.make(link, error="m", micro=False).save(out, kind="svg", border=QUIET, dark=INK, light="#FFFFFF")
    except segno.DataOverflowError:
        return b""
    return out.getvalue()
