"""Patience with slow lines, over real sockets and a clock that the test sets: who holds the hub up goes, and nobody else."""

import asyncio
import json
import socket
from collections.abc import AsyncIterator, Callable
from contextlib import suppress
from dataclasses import dataclass, field

import pytest
from starlette.types import Message, Receive, Scope, Send
from uvicorn.server import ServerState

from app.hub.guard.responses import HEADERS
from app.hub.guard.server import config_of
from app.hub.guard.slow_connections import Line, Lines, Patience

PATIENCE = Patience(head=10, silence=20, grace=20, slowest=1024, most=3)
SMALL, LARGE = 2**16, 2**23  # bytes: what a socket here holds by itself, and an answer
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"
PUTTING = b"PUT / HTTP/1.1\r\nHost: x\r\nContent-Length: 100000\r\n\r\n"


@dataclass
class Clock:
    at: float = 0.0

    def __call__(self) -> float:
        return self.at


@dataclass
class Wire:
    """A hub's lines on loopback. What is behind them answers with `answer` once `may_answer` is set."""

    clock: Clock
    lines: Lines
    port: int = 0
    answer: bytes = b"well"
    may_answer: asyncio.Event = field(default_factory=asyncio.Event)
    taken: int = 0  # bytes of bodies that the app has read
    ends: list[asyncio.StreamWriter] = field(default_factory=list)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        with suppress(asyncio.CancelledError):
            await self._answer(receive, send)

    async def _answer(self, receive: Receive, send: Send) -> None:
        more = True
        while more:
            message: Message = await receive()
            more = message.get("more_body", False)
            self.taken += len(message.get("body", b""))
        await self.may_answer.wait()
        length = str(len(self.answer)).encode()
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-length", length)]})
        await send({"type": "http.response.body", "body": self.answer})

    async def connect(self) -> tuple[asyncio.StreamReader, asyncio.StreamWriter]:
        line = socket.socket()
        line.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, SMALL)
        line.setblocking(False)
        await asyncio.get_running_loop().sock_connect(line, ("127.0.0.1", self.port))
        reader, writer = await asyncio.open_connection(sock=line, limit=SMALL)
        self.ends.append(writer)
        return reader, writer

    async def call(self, *said: bytes) -> "Caller":
        """Somebody who connects and says this much."""
        before = set(self.lines.open)
        reader, writer = await self.connect()
        await until(lambda: bool(self.lines.open - before))
        (line,) = self.lines.open - before
        caller = Caller(self, line, reader, writer)
        for part in said:
            await caller.say(part)
        return caller

    def later(self, seconds: float) -> None:
        """The clock goes on by so much, and the hub looks at its lines."""
        self.clock.at += seconds
        self.lines.look()


@dataclass
class Caller:
    wire: Wire
    line: Line
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def say(self, data: bytes) -> None:
        """It has arrived when this returns."""
        came: list[int] = []
        inner = self.line.data_received
        self.line.data_received = lambda more: (came.append(len(more)), inner(more))[1]  # type: ignore[method-assign,func-returns-value]
        self.writer.write(data)
        await until(lambda: sum(came) == len(data))
        self.line.data_received = inner  # type: ignore[method-assign]

    @property
    def left(self) -> int:
        """Bytes of the answer that the hub could not hand over yet."""
        return self.line.transport.get_write_buffer_size()

    @property
    def here(self) -> bool:
        return self.line in self.wire.lines.open

    async def heard(self) -> bytes:
        """All that is answered until the hub hangs up; also where it does so without a word."""
        got = b""
        with suppress(ConnectionResetError):
            while part := await self.reader.read(SMALL):
                got += part
        return got


async def until(true: Callable[[], bool]) -> None:
    async with asyncio.timeout(30):
        while not true():  # noqa: ASYNC110 (what is waited for has no event)
            await asyncio.sleep(0)


@pytest.fixture
async def wire() -> AsyncIterator[Wire]:
    clock = Clock()
    made = Wire(clock, Lines(PATIENCE, clock))
    config = config_of(made)
    config.load()

    def line() -> Line:
        return Line(made.lines, config=config, server_state=ServerState(), app_state={})

    door = socket.create_server(("127.0.0.1", 0))
    door.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, SMALL)
    server = await asyncio.get_running_loop().create_server(line, sock=door)
    made.port = door.getsockname()[1]
    yield made
    for end in made.ends:
        end.transport.abort()
    await until(lambda: not made.lines.open)
    server.close()


# -- first lines ---------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("said", [(), (b"GET / HT",), (b"GET / HTTP/1.1\r\nX-Slow: ",)], ids=["nothing", "half", "no end"])
async def test_first_lines_that_never_end_are_waited_for_ten_seconds(wire: Wire, said: tuple[bytes, ...]) -> None:
    caller = await wire.call(*said)
    wire.later(10)
    assert caller.here
    wire.later(0.1)
    assert not caller.here and await caller.heard() == b""


async def test_a_byte_now_and_then_buys_no_more_time(wire: Wire) -> None:
    caller = await wire.call(b"GET / HTTP/1.1\r\n")
    for _ in range(10):
        wire.later(1)
        await caller.say(b"X")
    assert caller.here
    wire.later(0.1)
    assert not caller.here


async def test_who_was_answered_may_ask_again_and_is_waited_for_anew(wire: Wire) -> None:
    wire.may_answer.set()
    caller = await wire.call()
    for _ in range(3):
        wire.later(9)
        await caller.say(HEAD)
        assert (await caller.reader.readuntil(b"well")).startswith(b"HTTP/1.1 200")
    wire.later(10.1)
    assert not caller.here


# -- bodies --------------------------------------------------------------------------------------------------------------
async def test_silence_in_the_middle_of_a_file_ends_after_twenty_seconds(wire: Wire) -> None:
    caller = await wire.call(PUTTING, b"x" * 50_000)
    wire.later(20)
    assert caller.here
    wire.later(0.1)
    assert not caller.here


async def test_slower_than_a_kilobyte_a_second_is_too_slow_in_the_end(wire: Wire) -> None:
    caller = await wire.call(PUTTING)
    for _ in range(40):
        wire.later(1)
        if caller.here:
            await caller.say(b"x" * 500)
    assert not caller.here, "500 bytes a second, and nothing but that"


async def test_a_slow_line_that_is_fast_enough_is_kept_to_the_end(wire: Wire) -> None:
    wire.may_answer.set()
    caller = await wire.call(PUTTING)
    for _ in range(80):
        wire.later(1)
        await caller.say(b"x" * 1250)
    assert caller.here and (await caller.reader.readuntil(b"well")).startswith(b"HTTP/1.1 200") and wire.taken == 100_000


async def test_the_hubs_own_time_never_counts(wire: Wire) -> None:
    caller = await wire.call(HEAD)
    for _ in range(100):
        wire.later(60)
    assert caller.here, "the hub itself had something to do for a hundred minutes"
    wire.may_answer.set()
    assert await caller.reader.readuntil(b"well")
    wire.later(10)
    assert caller.here, "and only now the caller is waited for again"


# -- answers -------------------------------------------------------------------------------------------------------------
async def asked_for_much(wire: Wire) -> Caller:
    """Somebody who asks for eight megabytes and takes none of it yet. The hub has seen how much is left."""
    wire.answer = bytes(LARGE)
    wire.may_answer.set()
    caller = await wire.call()
    caller.writer.transport.pause_reading()  # type: ignore[attr-defined]
    await caller.say(HEAD)
    await until(lambda: caller.left > 0)
    sizes = [LARGE, caller.left]
    while sizes[-1] != sizes[-2]:  # what the sockets themselves hold is on its way
        for _ in range(100):
            await asyncio.sleep(0)
        sizes.append(caller.left)
    wire.later(1)
    return caller


async def test_who_takes_nothing_of_an_answer_goes_after_a_while(wire: Wire) -> None:
    caller = await asked_for_much(wire)
    wire.later(20)
    assert caller.here
    wire.later(0.1)
    assert not caller.here


async def test_who_takes_it_slowly_is_kept(wire: Wire) -> None:
    caller = await asked_for_much(wire)
    caller.writer.transport.resume_reading()  # type: ignore[attr-defined]
    for _ in range(6):
        left = caller.left
        while caller.left == left:
            await caller.reader.read(SMALL)
        wire.later(20)
        assert caller.here and caller.left > 0
    wire.later(20.1)
    wire.later(20.1)
    assert not caller.here


# -- how many ------------------------------------------------------------------------------------------------------------
async def test_one_more_than_fit_and_the_one_waited_for_longest_goes(wire: Wire) -> None:
    callers = []
    for _ in range(4):
        callers.append(await wire.call())
        wire.clock.at += 1
    assert [caller.here for caller in callers] == [False, True, True, True]
    assert await callers[0].heard() == b""


async def test_whoever_the_hub_is_working_for_stays(wire: Wire) -> None:
    busy = await wire.call(HEAD)
    wire.clock.at += 5
    others = []
    for _ in range(3):
        others.append(await wire.call())
        wire.clock.at += 1
    assert busy.here and [other.here for other in others] == [False, True, True]
    wire.may_answer.set()
    assert await busy.reader.readuntil(b"well")


async def test_where_the_hub_works_for_all_of_them_the_newcomer_goes(wire: Wire) -> None:
    busy = [await wire.call(HEAD) for _ in range(3)]
    reader, _ = await wire.connect()
    with suppress(ConnectionResetError):
        assert await reader.read() == b""
    assert all(caller.here for caller in busy) and len(wire.lines.open) == 3


async def test_whoever_hangs_up_is_forgotten(wire: Wire) -> None:
    caller = await wire.call(b"GET / HT")
    caller.writer.close()
    await until(lambda: not wire.lines.open)


# -- what is no HTTP -----------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "said",
    [
        b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", b"GET / HTTP/1.1\r\nHost: x\r\nHo st: y\r\n\r\n", b"\0\r\n\r\n",
        b"GET / HTTP/1.1\r\n\r\n", b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: -1\r\n\r\n", b"<script>\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\n",
        b"POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n",
    ],
    ids=["tls", "bad name", "nul", "no host", "negative", "markup", "two lengths", "no chunk"],
)  # fmt: skip
async def test_what_is_no_http_is_told_in_the_one_shape_and_the_line_is_closed(wire: Wire, said: bytes) -> None:
    caller = await wire.call(said)
    head, _, body = (await caller.heard()).partition(b"\r\n\r\n")
    lines = head.decode().split("\r\n")
    assert lines[0].startswith("HTTP/1.1 400")
    told = dict(line.lower().split(": ", 1) for line in lines[1:])
    assert {key.lower(): value.lower() for key, value in HEADERS.items()}.items() <= told.items()
    assert json.loads(body)["error"].keys() == {"code", "message", "retry"}
