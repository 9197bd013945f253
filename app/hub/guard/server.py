"""The hub's doors to the network: who comes in there is met with patience, encrypted where there is a certificate."""

import asyncio
import socket
import ssl
import sys
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

import uvicorn
from starlette.types import ASGIApp
from uvicorn.config import STARTUP_FAILURE

from app.hub.guard.slow_connections import Line, Lines

GRACE = 5  # seconds that a stop waits for what is on its way
HANDSHAKE = 10.0  # seconds for agreeing on encryption
HOUR = 3600.0
CONNECTIONS_AT_ONCE = (
    16  # connections taken between two looks at what came; more would push out one whose question was not read yet
)
FILES_OPEN = 8192  # connections and files at once, where the system lets us


@dataclass(frozen=True, slots=True)
class Door:
    """A socket that listens, what is behind it, and how it is encrypted."""

    socket: socket.socket
    app: ASGIApp
    tls: ssl.SSLContext | None = None


def config_of(app: ASGIApp, proxies: tuple[str, ...] = ()) -> uvicorn.Config:
    """What a proxy says of whom it speaks for is believed of these addresses alone."""
    return uvicorn.Config(
        app, http=Line, ws="none", lifespan="off", log_level="critical", access_log=False, server_header=False,
        timeout_graceful_shutdown=GRACE, proxy_headers=bool(proxies), forwarded_allow_ips=list(proxies),
        h11_max_incomplete_event_size=32 * 1024,
    )  # fmt: skip


class Hub(uvicorn.Server):
    """Opens its doors, says where it is when it really listens, and looks after what grows old. `hourly` is awaited each hour."""

    def __init__(
        self, doors: list[Door], announce: Callable[[], None], proxies: tuple[str, ...] = (),
        hourly: Callable[[], Awaitable[None]] | None = None,
    ) -> None:  # fmt: skip
        main = config_of(doors[0].app, proxies)
        main.lifespan = "on"
        super().__init__(main)
        self._doors, self._announce, self._hourly = doors, announce, hourly
        self._configs = [main, *(config_of(door.app, proxies) for door in doors[1:])]
        self.lines = Lines()
        self._tasks: list[asyncio.Task[None]] = []

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        await self.lifespan.startup()
        if self.lifespan.should_exit:
            sys.exit(STARTUP_FAILURE)
        more_files()
        self.servers = [await self._open(*one) for one in zip(self._doors, self._configs, strict=True)]
        self._tasks = [asyncio.create_task(self.lines.watch()), asyncio.create_task(self._each_hour())]
        self.started = True
        self._announce()

    async def _open(self, door: Door, config: uvicorn.Config) -> asyncio.Server:
        def line() -> Line:
            return Line(self.lines, config=config, server_state=self.server_state, app_state=self.lifespan.state)

        more: dict[str, Any] = {"ssl": door.tls, "ssl_handshake_timeout": HANDSHAKE} if door.tls else {}
        server = await asyncio.get_running_loop().create_server(line, sock=door.socket, backlog=CONNECTIONS_AT_ONCE, **more)
        door.socket.listen(config.backlog)  # asyncio has one number for those who may wait and those it takes at once
        return server

    async def _each_hour(self) -> None:
        while self._hourly:
            await asyncio.sleep(HOUR)
            with suppress(Exception):  # it is tried again in an hour; what serves now goes on serving
                await self._hourly()

    async def shutdown(self, sockets: list[socket.socket] | None = None) -> None:
        for task in self._tasks:
            task.cancel()
        await super().shutdown(sockets)


def more_files() -> None:
    """Many systems give a program 1,024 open files unless it asks for more."""
    try:
        import resource
    except ImportError:  # Windows, which counts otherwise
        return
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = FILES_OPEN if hard == resource.RLIM_INFINITY else min(FILES_OPEN, hard)
    if soft != resource.RLIM_INFINITY and soft < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, hard))
