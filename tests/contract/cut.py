"""Puts that are never finished: the one who puts dies when half of the bytes are on their way."""

import asyncio
import socket
import subprocess
import sys
from collections.abc import Generator
from contextlib import suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import httpx

DIES_AT_ITS_FLUSH = """
import asyncio, os, sys
from storage.folder.directory import Directory
os.fsync = lambda _: os._exit(9)
asyncio.run(Directory(sys.argv[1]).put(sys.argv[2], sys.stdin.buffer.read()))
"""


class Token(httpx.Auth):
    def __init__(self, token: str) -> None:
        self.token = token

    def auth_flow(self, request: httpx.Request) -> Generator[httpx.Request, httpx.Response, None]:
        request.headers["Authorization"] = f"Bearer {self.token}"
        yield request


async def in_a_process(folder: Path, name: str, data: bytes) -> None:
    """A process that is gone before its bytes are flushed."""
    words = [sys.executable, "-c", DIES_AT_ITS_FLUSH, str(folder), name]
    done = await asyncio.to_thread(subprocess.run, words, input=data, cwd=Path(__file__).parent.parent.parent, timeout=60)
    assert done.returncode == 9


async def over_a_socket(url: str, auth: httpx.Auth, name: str, data: bytes) -> None:
    """A connection that ends in the middle; returns when the server has noticed."""
    await asyncio.to_thread(_half, url, auth, name, data)


def _half(url: str, auth: httpx.Auth, name: str, data: bytes) -> None:
    where = urlsplit(url)
    signed = next(auth.auth_flow(httpx.Request("PUT", f"{url}/{quote(name)}")))
    head = f"PUT {signed.url.raw_path.decode()} HTTP/1.1\r\nHost: {where.netloc}\r\n"
    head += f"Authorization: {signed.headers['Authorization']}\r\nContent-Length: {len(data)}\r\n\r\n"
    with socket.create_connection((str(where.hostname), where.port or 80), timeout=60) as line, suppress(ConnectionError):
        line.sendall(head.encode() + data[: len(data) // 2])
        line.shutdown(socket.SHUT_WR)
        while line.recv(65_536):
            pass


async def without_a_socket(app: Any, auth: httpx.Auth, name: str, data: bytes) -> None:
    """An app whose caller hangs up in the middle."""
    signed = next(auth.auth_flow(httpx.Request("PUT", f"http://hub.test/api/files/{quote(name)}", content=data)))
    scope = {
        "type": "http", "method": "PUT", "path": signed.url.path, "raw_path": signed.url.raw_path, "query_string": b"",
        "headers": signed.headers.raw, "http_version": "1.1", "scheme": "http", "asgi": {"version": "3.0"},
    }  # fmt: skip
    came = [{"type": "http.request", "body": data[: len(data) // 2], "more_body": True}]

    async def receive() -> dict[str, Any]:
        return came.pop() if came else {"type": "http.disconnect"}

    async def send(_message: Any) -> None:
        return None

    with suppress(Exception):  # nobody is left to be answered
        await app(scope, receive, send)
