"""`make torture`: for so many seconds, random schedules of the model, and at the same time real processes that are killed.

python -m tests.torture SECONDS [SEED]
"""

import asyncio
import secrets
import shutil
import signal
import sys
import tempfile
import time
from pathlib import Path

from tests.torture.killing import Round, tortured
from tests.torture.processes import ROOT
from tests.torture.table import holds, table

LONGEST_ROUND = 600  # seconds; then a new school, so that hours are not spent on reading what is old
DAYS = 60  # that pass for the devices in a round: folding waits a week before it deletes
MOST_FALLS = 5  # of processes that end by themselves: then there is no use in going on
LIFE = 8.0  # seconds that a process lives at most


async def main(seconds: float, seed: int) -> bool:
    here = asyncio.current_task()
    assert here
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, here.cancel)  # what was started is ended first
    print(f"seed {seed}: {seconds:g} s of schedules and of killing", flush=True)
    model = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "tests.torture.search", str(seconds), str(seed * 1_000_000), cwd=ROOT
    )
    try:
        rounds = [await a_round(seed + number, length) for number, length in enumerate(lengths(seconds))]
        print(table(rounds), flush=True)
        return await model.wait() == 0 and holds(rounds)
    finally:
        if model.returncode is None:
            model.kill()


def lengths(seconds: float) -> list[float]:
    many = -(-seconds // LONGEST_ROUND)
    return [seconds / many] * int(many)


async def a_round(seed: int, seconds: float) -> Round:
    place, end = Path(tempfile.mkdtemp(prefix="torture-")), time.monotonic() + seconds

    def enough(done: Round) -> bool:
        return time.monotonic() >= end or done.falls > MOST_FALLS

    try:
        done = await tortured(place, seed, enough, day=seconds / DAYS, life=LIFE)
    except asyncio.CancelledError:
        shutil.rmtree(place)
        raise
    if done.wrong:
        print(f"seed {seed}: {len(done.wrong)} wrong; all of it is kept in {place}", flush=True)
    else:
        shutil.rmtree(place)
    return done


if __name__ == "__main__":
    chosen = int(sys.argv[2]) if len(sys.argv) > 2 else 1 + secrets.randbelow(1_000_000)
    sys.exit(not asyncio.run(main(float(sys.argv[1]), chosen)))
