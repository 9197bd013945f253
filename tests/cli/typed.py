"""What a person types: the real command as a process of its own, in a folder of its own."""

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
LONGEST = 240  # seconds: reached only when something is wrong
LAST_LINE = "Stop it with Ctrl+C."


def command(*words: object) -> list[str]:
    return [sys.executable, "-m", "app.cli.main", *map(str, words)]


def surroundings(where: Path) -> dict[str, str]:
    """The hub's key goes to `where`, too. Output is held back as it is on a person's computer."""
    env = os.environ | {"PYTHONPATH": str(ROOT), "XDG_CONFIG_HOME": str(where / "config"), "COLUMNS": "100"}
    return {key: value for key, value in env.items() if key != "PYTHONUNBUFFERED"}


def typed(where: Path, *words: object) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        command(*words), cwd=where, env=surroundings(where), capture_output=True, text=True, timeout=LONGEST, check=False
    )


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
