"""What a person types, in a folder of its own: the real command inside this process, or as a process where that is the point."""

import asyncio
import io
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import chdir, contextmanager, redirect_stderr, redirect_stdout
from dataclasses import dataclass, field
from pathlib import Path
from unittest import mock

from app.cli.main import main

ROOT = Path(__file__).parent.parent.parent
LONGEST = 240  # seconds: reached only when something is wrong
LAST_LINE = "Stop it with Ctrl+C."


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "app.cli.main", *map(str, words)]


def surroundings(where: Path) -> dict[str, str]:
    """The hub's key goes to `where`, too. Output is held back as it is on a person's computer."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(where / "config"), "COLUMNS": "100"}
    return {key: value for key, value in env.items() if key != "PYTHONUNBUFFERED"}


def as_process(where: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """For tests about being a process: it takes a second longer."""
    return subprocess.run(
        command(*words), cwd=where, env=surroundings(where), capture_output=True, text=True, timeout=LONGEST, check=False
    )


def typed(where: Path, *words: object) -> subprocess.CompletedProcess[str]:
    """As `as_process`, without a new Python: `test_commands.py` holds the two against each other."""
    if not _in_a_loop():
        return _inside(where, *words)
    with ThreadPoolExecutor(1) as thread:  # a command has a loop of its own
        return thread.submit(_inside, where, *words).result()


def _in_a_loop() -> bool:
    try:
        return asyncio.get_running_loop().is_running()
    except RuntimeError:
        return False


def _inside(where: Path, *words: object) -> subprocess.CompletedProcess[str]:
    argv = ["smallsteps", *map(str, words)]
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8", errors=how, newline="\n") for how in ("strict", "backslashreplace"))
    with (
        chdir(where), redirect_stdout(out), redirect_stderr(err), _signals_as_before(),
        mock.patch.dict(os.environ, surroundings(where), clear=True),
        mock.patch.multiple(sys, argv=argv, stdin=io.StringIO()),
        mock.patch.object(sys.modules["__main__"], "__package__", None),  # else help calls itself a part of pytest
    ):  # fmt: skip
        code = _exit_code()
    return subprocess.CompletedProcess(argv, code, *(_text(pipe) for pipe in (out, err)))


def _exit_code() -> int:
    try:
        main()
    except SystemExit as end:
        assert isinstance(end.code, int | None), end.code
        return end.code or 0
    return 0


@contextmanager
def _signals_as_before() -> Iterator[None]:
    """A hub that is not to start and does is stopped, as a process would be."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    before = {one: signal.getsignal(one) for one in (signal.SIGINT, signal.SIGTERM, signal.SIGALRM)}

    def too_long(*_: object) -> None:
        raise TimeoutError(f"not done in {LONGEST} s")

    signal.signal(signal.SIGALRM, too_long)
    signal.alarm(LONGEST)
    try:
        yield
    finally:
        signal.alarm(0)
        for one, how in before.items():
            signal.signal(one, how)


def _text(pipe: io.TextIOWrapper) -> str:
    pipe.flush()
    assert isinstance(pipe.buffer, io.BytesIO)
    return pipe.buffer.getvalue().decode()


def all_in(where: Path) -> dict[str, bytes | None]:
    """Every file with its bytes, and every folder."""
    return {str(p.relative_to(where)): p.read_bytes() if p.is_file() else None for p in sorted(where.rglob("*"))}


def one_sentence(done: subprocess.CompletedProcess[str]) -> str:
    """What went wrong, told as it should be: exit code 2, plain words on stderr, and nothing else."""
    assert done.returncode == 2, (done.returncode, done.stdout, done.stderr)
    told = done.stderr.strip()
    assert told.endswith(".") and "\n" not in told and "Error" not in told and "Traceback" not in told, told
    assert done.stdout == ""
    return told


@dataclass
class Hub:
    """`smallsteps serve` while it runs, and what it has said."""

    process: "subprocess.Popen[str]"
    said: list[str] = field(default_factory=list)

    def until(self, words: str) -> None:
        """Read on until a line begins with these words."""
        assert self.process.stdout
        for line in self.process.stdout:
            self.said.append(line.rstrip())
            if line.startswith(words):
                return
        raise AssertionError(f"it never said {words!r}: {self.said} {self.process.stderr and self.process.stderr.read()}")

    def stop(self, how: int) -> int:
        self.process.send_signal(how)
        out, err = self.process.communicate(timeout=LONGEST)
        self.said += [*out.splitlines(), *err.splitlines()]
        return self.process.returncode


@contextmanager
def serving(where: Path, *words: object) -> Iterator[Hub]:
    """A hub; whatever happens it is gone when the block ends."""
    process = subprocess.Popen(
        command("serve", *words), cwd=where, env=surroundings(where), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    guard = threading.Timer(LONGEST, process.kill)
    guard.start()
    try:
        with process:
            try:
                yield Hub(process)
            finally:  # else a test that fails waits for it to end
                process.kill()
    finally:
        guard.cancel()
        process.kill()
