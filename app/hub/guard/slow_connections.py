"""Patience with those who ask slowly: a connection that holds the hub up is closed, and when there are too many the one that has
been waited for longest goes. The waiting that is the hub's own fault never counts.
"""

import asyncio
import json
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

from app.errors import BadRequest
from app.hub.guard.responses import HEADERS

LOOK = 1.0  # s between two looks


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds: `head` for a request's first lines, `silence` without a byte, `grace` before the bytes of a body are held against
    `slowest`, in bytes a second. `most` connections at once."""

    head: float = 10
    silence: float = 20
    grace: float = 20
    slowest: int = 1024
    most: int = 600


class Lines:
    """All connections that are open. `clock` gives seconds that only go forward."""

    def __init__(self, patience: Patience | None = None, clock: Callable[[], float] = time.monotonic) -> None:
        self.patience, self.clock = patience or Patience(), clock
        self.open: set[Line] = set()

    def begun(self, line: "Line") -> None:
        self.open.add(line)
        if len(self.open) > self.patience.most:
            waiting = [one for one in self.open if one is not line and one.waits]
            min(waiting, key=lambda one: one.last, default=line).drop()

    def look(self) -> None:
        now = self.clock()
        for line in [one for one in self.open if one.too_slow(now)]:
            line.drop()

    async def watch(self) -> None:
        while True:
            await asyncio.sleep(LOOK)
            self.look()


class Line(H11Protocol):
    """One connection. `since` when what is waited for now was first waited for, `last` when anything moved, in s."""

    def __init__(self, lines: Lines, **more: Any) -> None:
        super().__init__(**more)
        self.lines = lines
        self.since = self.last = lines.clock()
        self.came = self.left = 0  # bytes of this request; bytes of ours that were not taken yet

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.lines.begun(self)

    def connection_lost(self, exc: Exception | None) -> None:
        self.lines.open.discard(self)
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        before = self.conn.their_state
        super().data_received(data)
        self.last, self.came = self.lines.clock(), self.came + len(data)
        if self.conn.their_state is not before:
            self.since, self.came = self.last, 0

    def on_response_complete(self) -> None:
        self.since = self.last = self.lines.clock()
        super().on_response_complete()

    @property
    def waits(self) -> bool:
        """Whether it is their turn: to send the rest, or to take what is sent."""
        theirs = self.conn.their_state in {h11.IDLE, h11.SEND_BODY} and not self.flow.read_paused
        return theirs or self.transport.get_write_buffer_size() > 0

    def too_slow(self, now: float) -> bool:
        patience, silent = self.lines.patience, now - self.last > self.lines.patience.silence
        left, before = self.transport.get_write_buffer_size(), self.left
        self.left = left
        if left and left == before:
            return silent
        if left or self.flow.read_paused:  # they do take it, or it is we who do not read
            self.since, self.last = self.since + now - self.last, now
            return False
        if self.conn.their_state is h11.SEND_BODY:
            return silent or now - self.since > patience.grace + self.came / patience.slowest
        return self.conn.their_state is h11.IDLE and now - self.since > patience.head

    def drop(self) -> None:
        self.lines.open.discard(self)
        self.transport.abort()

    def send_400_response(self, msg: str) -> None:
        """What is no HTTP is told in the one shape, too, where an answer can still be given."""
        error = {"code": BadRequest.code, "message": BadRequest.message, "retry": False}
        body = json.dumps({"error": error}).encode()
        headers = HEADERS | {"Content-Type": "application/json", "Content-Length": str(len(body)), "Connection": "close"}
        with suppress(h11.LocalProtocolError):
            head = h11.Response(status_code=400, headers=list(headers.items()), reason=b"Bad Request")
            for event in (head, h11.Data(data=body), h11.EndOfMessage()):
                self.transport.write(self.conn.send(event) or b"")
        self.transport.close()
