"""Processes that are killed over and over: each is started, lives for a made-up while, and gets SIGKILL in whatever it does."""

import asyncio
import os
import random
import signal
import sys
import threading
import time
from asyncio.subprocess import PIPE, Process
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
AT_THE_START = 0.6  # seconds that one lives at most that is killed before it is open
OPENINGS = 3  # a life may last as long as so many starts
OPENS_WITHIN, ENDS_WITHIN = 60, 120  # seconds: reached only when something is wrong


def leave_with_the_conductor() -> None:
    """Nobody would end this process if the conductor were killed: then its end of stdin closes."""

    def wait() -> None:
        os.read(sys.stdin.fileno(), 1)
        os._exit(1)

    threading.Thread(target=wait, daemon=True).start()


@dataclass
class Victim:
    """One program that is started over and over. `life`: seconds that it lives at most, once it has said that it is open, and
    more on a busy machine, where it takes long to open; now and then it is killed before."""

    name: str
    command: Callable[[], list[str]]  # of the next start
    log: Path
    dice: random.Random
    life: float
    starts: int = 0
    kills: int = 0
    fell: list[int] = field(default_factory=list)  # exit codes of those that ended by themselves
    process: Process | None = None
    ready: bool = False

    async def torment(self, over: asyncio.Event, killed: Callable[[], None]) -> None:
        """Until it is over; then it runs, and may be ended in order."""
        while True:
            process, began = await self.start(), time.monotonic()
            longest = AT_THE_START
            if self.dice.random() < 0.8:
                await self.opened(process)
                longest = max(self.life, OPENINGS * (time.monotonic() - began))
            if await self.lives(process, over, longest):
                if not await self.opened(process):
                    self.fell.append(await process.wait())
                return
            if process.returncode is None:
                process.kill()
                self.kills += 1
            if await process.wait() != -signal.SIGKILL:
                self.fell.append(process.returncode or 0)
            killed()

    async def start(self) -> Process:
        self.starts += 1
        self.ready = False
        with self.log.open("ab") as log:
            self.process = await asyncio.create_subprocess_exec(
                sys.executable, "-m", *self.command(), stdin=PIPE, stdout=PIPE, stderr=log, cwd=ROOT
            )
        return self.process

    async def opened(self, process: Process) -> bool:
        """Whether it has said its first line."""
        assert process.stdout
        self.ready = self.ready or bool(await asyncio.wait_for(process.stdout.readline(), OPENS_WITHIN))
        return self.ready

    async def lives(self, process: Process, over: asyncio.Event, longest: float) -> bool:
        """Whether it was over before its time was up. Its time is over too when it ends by itself."""
        waits = [asyncio.create_task(over.wait()), asyncio.create_task(process.wait())]
        done, _ = await asyncio.wait(waits, timeout=self.dice.uniform(0, longest), return_when=asyncio.FIRST_COMPLETED)
        for wait in waits:
            wait.cancel()
        return waits[0] in done

    async def end(self) -> None:
        """In order; one that does not end is killed, and counts as fallen."""
        if self.process is None or self.process.returncode is not None:
            return
        self.process.terminate()
        try:
            if await asyncio.wait_for(self.process.wait(), ENDS_WITHIN) != 0:
                self.fell.append(self.process.returncode or 0)
        except TimeoutError:
            self.process.kill()
            self.fell.append(await self.process.wait())
