"""Real pictures of any size in bytes, made in no time: what the hub looks at has to be a picture."""

import io
import os
import struct
from collections.abc import Callable

from PIL import Image

UNUSED = b"\x03"  # a table for colours that nothing in the picture asks for
TABLE = 65  # bytes of one
MOST = 1000  # tables of one part


def photo(size: int, random: Callable[[int], bytes] = os.urandom) -> bytes:
    """A whole JPEG without notes, of about `size` bytes (some hundred at least), and no two alike."""
    out = io.BytesIO()
    Image.new("RGB", (8, 6), "teal").save(out, "JPEG")
    plain, left = out.getvalue(), max(1, (size - out.tell()) // TABLE)
    parts = [plain[:2]]
    while left > 0:
        tables = min(left, MOST)
        parts.append(b"\xff\xdb" + struct.pack(">H", 2 + tables * TABLE) + b"".join(UNUSED + random(64) for _ in range(tables)))
        left -= tables
    return b"".join(parts) + plain[2:]
