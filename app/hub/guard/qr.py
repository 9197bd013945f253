"""A link as a picture that a tablet's camera reads."""

import base64
import io

import segno

SCALE, QUIET = 6, 4  # px a module; modules of white around it, as its standard asks


def qr(link: str) -> str:
    """A PNG in base64, dark on white in every look of the app; "" for a link that is too long for a code."""
    out = io.BytesIO()
    try:
        segno.make(link, error="m", micro=False).save(out, kind="png", scale=SCALE, border=QUIET)
    except segno.DataOverflowError:
        return ""
    return base64.b64encode(out.getvalue()).decode()
