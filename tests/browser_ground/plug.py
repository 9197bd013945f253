"""Pulls the plug of a tab at moments told beforehand, and keeps the books: what was acknowledged, and what was there again.

The tab waits for an answer to everything that it tells (see `inside/saving.py` and `js/steps.js`). So the moments are counted in
its own progress, and at no moment is it further than the books say.
"""

import os
import random
import signal
import threading
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import product
from pathlib import Path
from typing import Any

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import BaseRoute, Route

from storage import names, segments

MOST_SAVES = 3
MOST_STEPS = {"": 40, "fetch": 10}  # of any kind, and with the hub
MOST_APPENDS = 8
OFTEN = (5, 3, 2)


@dataclass(frozen=True, slots=True)
class Moment:
    """After so many saves of a tab, and so many steps more of one `kind`. `between`: while the tab waits between two steps;
    otherwise when it has just been let go, in the middle of whatever comes next. `all_of_it`: the whole browser dies, not the
    tab alone."""

    saves: int
    steps: int
    between: bool = True
    kind: str = ""
    all_of_it: bool = False


def moments(seed: int, count: int, append: str, whole_browser_each: int = 20) -> Iterator[Moment]:
    """`append`: the kind of step that is the middle of one."""
    dice, most = random.Random(seed), MOST_STEPS | {append: MOST_APPENDS}
    for number in range(1, count + 1):
        (kind,) = dice.choices(list(most), OFTEN)
        steps, saves = dice.randint(0, most[kind]), dice.randint(0, MOST_SAVES)
        yield Moment(saves, steps, dice.random() < 0.5, kind, number % whole_browser_each == 0)


def one_of_each(seed: int, append: str) -> Iterator[Moment]:
    """Twelve: each kind of step, between two and in the middle of one, of a tab alone and of the whole browser."""
    dice, most = random.Random(seed), MOST_STEPS | {append: MOST_APPENDS}
    for number, (kind, between, all_of_it) in enumerate(product(most, (True, False), (False, True))):
        saves = (number + number // 4) % (MOST_SAVES + 1)  # each kind of step after none, one, two and three
        yield Moment(saves, dice.randint(0, most[kind]), between, kind, all_of_it)


@dataclass
class Books:
    """Numbers of observations. What was seen at a start counts as acknowledged from then on: it may not vanish either."""

    acknowledged: set[int] = field(default_factory=set)
    begun: int = 0
    kills: int = 0
    saves: int = 0
    checks: int = 0
    torn: int = 0
    extra: list[int] = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)

    def opened(self, found: dict[str, Any]) -> None:
        here = {int(number) for number in found["numbers"]}
        more = here - self.acknowledged
        self.note("lost", self.acknowledged - here)
        self.note("never begun, or of an earlier kill", more - {self.begun})
        self.note("not whole", found["spoilt"])
        self.note("mended", set(found["notes"]) - {"torn_tail"})
        self.torn += "torn_tail" in found["notes"]
        self.extra += more
        self.acknowledged |= here

    def checked(self, told: list[int], there: set[int]) -> None:
        self.checks += len(told) > 0
        self.note("called checked and not in the folder", set(told) - there)

    def note(self, what: str, which: object) -> None:
        if which:
            self.wrong.append(f"after kill {self.kills}: {what}: {which}")


class InTheFolder:
    """The numbers of the observations that the school's folder holds, read from its files; each file once."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.read, self.ops = folder, set[str](), Counter[str]()

    def numbers(self) -> set[int]:
        for file in self.folder.glob("p/*/log/*"):
            name = file.relative_to(self.folder).as_posix()
            if name not in self.read and names.parse(name):
                self.read.add(name)
                self.ops.update(f"{op.entity} {op.id}" for op in segments.read(name, file.read_bytes()).ops)
        return {int(key.split(" ")[0].removeprefix("observation:")) for key in self.ops if key.startswith("observation:")}


class Plug:
    """What the tab tells comes in on a thread of the server; the test sets the next moment and waits for it."""

    def __init__(self, profile: Path, folder: Path) -> None:
        self.profile, self.books, self.folder = profile, Books(), InTheFolder(folder)
        self.moment = Moment(0, 0)
        self.saves = self.steps = self.pid = 0
        self.dead: set[int] = set()
        self.pulled = threading.Event()

    def set(self, moment: Moment) -> None:
        self.moment, self.saves, self.steps, self.pid = moment, 0, 0, 0
        self.pulled.clear()

    def routes(self) -> list[BaseRoute]:
        heard = {"opened": self._opened, "begins": self._begins, "saved": self._saved, "checked": self._checked}
        told = [Route(f"/{word}", self._hearing(do), methods=["POST"]) for word, do in heard.items()]
        return [*told, Route("/step", self._hearing(self._step), methods=["POST"])]

    def _hearing(self, do: Callable[[Any], bool]) -> Callable[[Request], object]:
        """`do` says whether this is a step that counts."""

        async def hear(request: Request) -> Response:
            counts = do(await request.json())
            if not self._is_time(counts):
                return Response()
            if not self.moment.between:
                return Response(background=BackgroundTask(self._pull))
            self._pull()
            return Response()

        return hear

    def _step(self, word: str) -> bool:
        return word.startswith(self.moment.kind)

    def _is_time(self, counts: bool) -> bool:
        """Once for every moment."""
        if self.pid and self.saves >= self.moment.saves and counts:
            self.steps += 1
            return self.steps == self.moment.steps + 1
        return False

    def _pull(self) -> None:
        for pid in self._all() if self.moment.all_of_it else [self.pid]:
            with suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
            self.dead.add(pid)
        self.books.kills += 1
        self.pulled.set()

    def _opened(self, found: dict[str, Any]) -> bool:
        self.books.opened(found)
        self._checked(found["checked"])
        tabs = {pid for pid in self._all() if b"--type=renderer" in _command(pid)}
        (self.pid,) = filter(_has_files, tabs - self.dead)
        return False

    def _begins(self, number: int) -> bool:
        self.books.begun = number
        return not self.moment.kind

    def _saved(self, number: int) -> bool:
        self.books.acknowledged.add(number)
        self.books.saves += 1
        self.saves += 1
        return not self.moment.kind

    def _checked(self, told: list[int]) -> bool:
        self.books.checked(told, self.folder.numbers())
        return not self.moment.kind

    def _all(self) -> list[int]:
        """Every process of the profile."""
        mark = f"--user-data-dir={self.profile}".encode()
        return [
            int(entry.name) for entry in Path("/proc").iterdir() if entry.name.isdigit() and mark in _command(int(entry.name))
        ]


def _command(pid: int) -> bytes:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes()
    except OSError:  # it has ended
        return b""


def _has_files(pid: int) -> bool:
    """Whether it has files of the browser's file system open: it is the process of the tab that saves."""
    try:
        files = list(Path(f"/proc/{pid}/fd").iterdir())
    except OSError:  # it has ended
        return False
    return any("/File System/" in _where(file) for file in files)


def _where(file: Path) -> str:
    try:
        return os.readlink(file)
    except OSError:  # closed meanwhile
        return ""
