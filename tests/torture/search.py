"""Made-up schedules of the model with seeds that nobody has tried, for a given time; what breaks is shrunk to a line to commit.

python -m tests.torture.search SECONDS SEED
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field

from tests.model.world import broken, schedule_of, shrunk

MOST_SHRUNK = 5  # of those that break: more are only counted


@dataclass
class Search:
    first: int
    runs: int = 0
    steps: int = 0
    broken: int = 0
    lines: list[str] = field(default_factory=list)

    def one(self) -> None:
        seed = self.first + self.runs
        schedule = schedule_of(seed)
        self.runs += 1
        self.steps += len(schedule)
        if told := wrong(schedule, seed):
            self.broken += 1
            if len(self.lines) < MOST_SHRUNK:
                self.lines.append(committed(told, seed, schedule))

    def told(self) -> str:
        return "\n".join([*self.lines, f"model: {self.runs:,} runs, {self.steps:,} steps, broken {self.broken}"])


def wrong(schedule: list[str], seed: int) -> str:
    """What a schedule breaks; an error of any kind is a broken promise too."""
    try:
        return broken(schedule, seed)
    except Exception as error:
        return f"{type(error).__name__}: {error}"


def committed(told: str, seed: int, schedule: list[str]) -> str:
    """A line as tests/model/test_model.py keeps them."""
    try:
        short = shrunk(schedule, seed)
    except Exception:
        short = schedule
    return f'    # {" ".join(told.split())[:400]}\n    "seed {seed}": """{" / ".join(short)}""",'


def search(seconds: float, first: int, now: Callable[[], float] = time.monotonic) -> Search:
    end, made = now() + seconds, Search(first)
    while now() < end:
        made.one()
    return made


if __name__ == "__main__":
    looked = search(float(sys.argv[1]), int(sys.argv[2]))
    print(looked.told(), flush=True)
    sys.exit(looked.broken > 0)
