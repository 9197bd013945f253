"""What drawing costs at 150 pupils and 18,000 observations, beside the code of before there was an index, in the same run."""

import asyncio
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from app.demo.school import make
from storage.folder.directory import Directory
from storage.store import Store
from tests.bench.classroom import now
from tests.bench.rows import Row, rounded

ROOT = Path(__file__).parents[2]
BEFORE, SIZE = "c63b4fe", "150 pupils, 18,000 observations; CPU time"
PUPILS, OBSERVATIONS, SEED = 150, 18_000, 7
GOALS = {  # name -> (unit, the most, whether the most is a ratio to the peer)
    "redraw_nothing": ("ms", 0.05, True),
    "draw_home": ("ms", 50.0, False),
    "draw_pupil": ("ms", 50.0, False),
    "draw_pupils": ("ms", 50.0, False),
    "draw_school": ("ms", 50.0, False),
    "round_draws": ("draws", 5.0, False),
    "first_search": ("ms", 100.0, False),
    "held": ("ms", 0.1, True),
}
Figures = Mapping[str, float]


def row(name: str, ours: Figures, theirs: Figures | None) -> Row:
    """Without a peer a goal that is a ratio is not met: nothing was compared. Nor is that of a search that found only a part."""
    unit, most, compared = GOALS[name]
    value, peer = ours[name], theirs[name] if theirs else None
    ratio = value / peer if peer else None
    ok = (ratio is not None and ratio <= most) if compared else value <= most
    ok = ok and (name != "first_search" or bool(ours["whole"]))
    goal = f"<= {most:g} {'x' if compared else unit}"
    peer_value = None if peer is None else rounded(peer)
    return Row(name, rounded(value), unit, f"the code of {BEFORE}", peer_value, ratio and rounded(ratio), goal, ok, SIZE)


def git(*words: str) -> bool:
    """Whether it was done. Without git, or in a copy that does not go back so far, it is not."""
    try:
        return subprocess.run(["git", "-C", str(ROOT), "worktree", *words], capture_output=True, check=False).returncode == 0
    except OSError:
        return False


@contextmanager
def older(place: Path) -> Iterator[Path | None]:
    """The tree of before in a folder of its own, if it can be had."""
    tree = place / "before"
    if not git("add", "--detach", str(tree), BEFORE):
        yield None
        return
    try:
        yield tree
    finally:
        git("remove", "--force", str(tree))


async def school(place: Path) -> None:
    """A large school, and a device that holds all of it, with its snapshot."""
    await make(place / "school", PUPILS, OBSERVATIONS, SEED)
    shutil.copytree(place / "school/p", place / "device/p")
    store = await Store.open(Directory.own(place / "device"), now=now)
    await store.save_view()
    await store.close()


async def measured(tree: Path, place: Path, name: str) -> Figures:
    """In a process of its own, over copies of its own."""
    copies = place / name
    for part in ("school", "device"):
        shutil.copytree(place / part, copies / part)
    command = [sys.executable, str(ROOT / "tests/bench/drawn.py"), str(copies / "school"), str(copies)]
    process = await asyncio.create_subprocess_exec(
        *command, cwd=tree, env=os.environ | {"PYTHONPATH": str(tree)}, stdout=subprocess.PIPE
    )
    told, _ = await process.communicate()
    if process.returncode:
        raise RuntimeError(f"nothing was measured in {tree}")
    figures: Figures = json.loads(told)
    return figures


async def rows(place: Path) -> list[Row]:
    await school(place)
    ours = await measured(ROOT, place, "ours")
    with older(place) as tree:
        theirs = await measured(tree, place, "theirs") if tree else None
    return [row(name, ours, theirs) for name in GOALS]
