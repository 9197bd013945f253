"""The tests in lanes: `python -m tests.lanes core command+journeys` runs one after the other, and side by side what a plus joins.

Each lane tells its ten slowest tests and, at the end, its time. The run fails if one lane fails; the others still run.
A file belongs to the lane that names it or, failing that, the nearest folder around it.
"""

import os
import signal
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from types import FrameType
from typing import IO

ROOT = Path(__file__).parent.parent
FULL, BESIDE = "SMALL_STEPS_IN_FULL", "SMALL_STEPS_BESIDE"  # told to the tests: the long lane, and which of those side by side
IN_FULL = FULL in os.environ  # a hundred kills instead of twelve


@dataclass(frozen=True)
class Lane:
    """`places`: files and folders under tests/. `again`: files of other lanes that the long lane runs in full number."""

    places: tuple[str, ...]
    options: tuple[str, ...] = ()
    again: tuple[str, ...] = ()


TWO = ("-n", "2", "--dist", "worksteal")
# In a real browser a frame may come late: what fails is tried once more, and named at the end of the run.
ONCE_MORE = ("--reruns", "1", "-rfER")

LANES = {
    "core": Lane(
        (
            "bench",
            "demo",
            "docs",
            "domain",
            "hub",
            "media",
            "model",
            "reports",
            "schema",
            "storage",
            "strings",
            "usecases",
            "vectors",
            "views",
            ".",
        ),
        TWO,
    ),
    "command": Lane(("attack", "cli", "contract", "torture", "web"), TWO),
    "journeys": Lane(
        ("browser_ground", "journeys", "views/test_gallery.py", "web/test_shell.py"),
        ("-n", "2", "--dist", "loadfile", *ONCE_MORE),
    ),
    "long": Lane(
        ("attack/test_crowds.py", "browser_ground/test_contract_webkit.py"),
        ONCE_MORE,
        ("attack/test_openapi.py", "browser_ground/test_tab_kills.py", "model/test_model.py"),
    ),
}


def all_files() -> list[str]:
    """Every file of tests, as a path under tests/."""
    return sorted(file.relative_to(ROOT / "tests").as_posix() for file in (ROOT / "tests").rglob("test_*.py"))


def lane_of(file: str) -> str:
    """The lane of a file. Raises AssertionError if it has none: a folder of tests has to be named, only loose files are in `.`"""
    around = [file, *(parent.as_posix() for parent in Path(file).parents if parent != Path() or "/" not in file)]
    owners = [name for place in around for name, lane in LANES.items() if place in lane.places]
    assert owners, f"tests/{file} is in no lane: name it or its folder in tests/lanes.py"
    return owners[0]


def files_of(name: str) -> list[str]:
    return [f"tests/{file}" for file in all_files() if lane_of(file) == name or file in LANES[name].again]


@dataclass
class Run:
    """One lane at work. What it says is kept in `said`, or goes straight on if it `speaks`."""

    name: str
    said: IO[bytes] | None
    process: "subprocess.Popen[bytes]"
    code: int = -1
    took: float = 0  # s

    @classmethod
    def begin(cls, name: str, beside: int, speaks: bool) -> "Run":
        words = [sys.executable, "-m", "pytest", "--durations=10", *LANES[name].options, *files_of(name)]
        env = os.environ | {BESIDE: str(beside)} | ({FULL: "1"} if name == "long" else {})
        said = None if speaks else tempfile.TemporaryFile()  # noqa: SIM115 # open as long as the lane runs
        return cls(name, said, subprocess.Popen(words, cwd=ROOT, env=env, stdout=said, stderr=said))

    def wait(self, begun: float) -> None:
        self.code = self.process.wait()
        self.took = time.monotonic() - begun

    def tell(self) -> None:
        if self.said:
            self.said.seek(0)
            print(f"\n== {self.name}\n{self.said.read().decode(errors='replace')}", flush=True)
            self.said.close()


def side_by_side(names: list[str]) -> list[Run]:
    """The last one speaks at once, the others when all have ended: the lines of two at once would be no use to a reader."""
    print(f"\n== {' beside '.join(names)}", flush=True)
    begun, runs = time.monotonic(), list[Run]()
    try:
        for beside, name in enumerate(names):
            runs.append(Run.begin(name, beside, speaks=name == names[-1]))
        with ThreadPoolExecutor(len(runs)) as threads:
            list(threads.map(lambda run: run.wait(begun), runs))
    finally:
        for run in runs:
            run.process.terminate()
            run.tell()
    return runs


def main(turns: list[str]) -> bool:
    """Whether every lane passed."""
    done = [run for turn in turns for run in side_by_side(turn.split("+"))]
    print("\n== lanes")
    for run in done:
        print(f"{run.name:<10}{run.took:7.0f} s   {'passed' if run.code == 0 else f'FAILED (pytest ended with {run.code})'}")
    return not any(run.code for run in done)


def stopped(_signal: int, _frame: FrameType | None) -> None:
    """As with Ctrl+C, the lanes are ended before the run is."""
    raise KeyboardInterrupt


if __name__ == "__main__":
    signal.signal(signal.SIGTERM, stopped)
    sys.exit(not main(sys.argv[1:]))
