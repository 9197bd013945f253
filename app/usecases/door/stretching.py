"""A PIN is never kept: only what a slow function makes of it. CPython has the function from OpenSSL, a browser has its own."""

import asyncio
import hashlib
from collections.abc import Awaitable, Callable

Stretch = Callable[[bytes, bytes, int], Awaitable[bytes]]
"""(PIN, salt, rounds) -> 32 bytes of PBKDF2-HMAC-SHA256"""


async def on_cpython(pin: bytes, salt: bytes, rounds: int) -> bytes:
    return await asyncio.to_thread(hashlib.pbkdf2_hmac, "sha256", pin, salt, rounds)


async def in_browser(pin: bytes, salt: bytes, rounds: int) -> bytes:
    """By Web Crypto, which every https page has: Pyodide's own hashlib has no such function."""
    import js
    from pyodide.ffi import to_js

    def of_js(value: object) -> object:
        return to_js(value, dict_converter=js.Object.fromEntries)

    subtle = js.crypto.subtle
    key = await subtle.importKey("raw", of_js(pin), "PBKDF2", False, of_js(["deriveBits"]))
    how = of_js({"name": "PBKDF2", "salt": of_js(salt), "iterations": rounds, "hash": "SHA-256"})
    return bytes((await subtle.deriveBits(how, key, 256)).to_bytes())
