"""A row of `make bench`: what was measured beside its peer in the same run, and whether it is what we promise."""

import json
import statistics
import time
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import asdict, dataclass

TIMES = 5  # at least, of which the middle one counts


@dataclass(frozen=True, slots=True)
class Row:
    """`ratio` is value / peer_value; `goal` says what is promised, `ok` whether it was kept; `note` the size of the data."""

    name: str
    value: float
    unit: str
    peer: str
    peer_value: float | None
    ratio: float | None
    goal: str
    ok: bool
    note: str = ""

    def line(self) -> str:
        return json.dumps(asdict(self))


def against(name: str, value: float, unit: str, peer: str, peer_value: float, note: str = "", **goal: float) -> Row:
    """A row that is compared; the goal is `most=` or `least=` of the ratio."""
    ratio = value / peer_value
    (kind, limit), *_ = goal.items()
    ok = ratio <= limit if kind == "most" else ratio >= limit
    said = f"{'<=' if kind == 'most' else '>='} {limit:g} x"
    return Row(name, rounded(value), unit, peer, rounded(peer_value), rounded(ratio), said, ok, note)


def alone(name: str, value: float, unit: str, most: float, note: str = "") -> Row:
    return Row(name, rounded(value), unit, "-", None, None, f"<= {most:g} {unit}", value <= most, note)


def rounded(value: float) -> float:
    return float(f"{value:.4g}")


def middle(seconds: Sequence[float]) -> float:
    return statistics.median(seconds)


async def both(
    ours: Callable[[], Awaitable[object]], theirs: Callable[[], Awaitable[object]], times: int = TIMES
) -> tuple[float, float]:
    """The middle of the seconds of each, taken in turns, so that a busy moment meets both."""
    taken: tuple[list[float], list[float]] = ([], [])
    for _ in range(times):
        for side, work in zip(taken, (ours, theirs), strict=True):
            begun = time.perf_counter()
            await work()
            side.append(time.perf_counter() - begun)
    return middle(taken[0]), middle(taken[1])


def table(rows: Sequence[Row]) -> str:
    """For people."""
    lines = [f"{'what':18}{'ours':>12} {'unit':6}{'peer':>12}  {'ratio':>8}  {'goal':12}       peer and size"]
    for row in rows:
        peer = "-" if row.peer_value is None else f"{row.peer_value:g}"
        ratio = "-" if row.ratio is None else f"{row.ratio:g}"
        met = "met" if row.ok else "NOT MET"
        said = "; ".join(filter(None, [row.peer.strip("-"), row.note]))
        lines.append(f"{row.name:18}{row.value:12g} {row.unit:6}{peer:>12}  {ratio:>8}  {row.goal:12}{met:7}  {said}")
    missed = [row.name for row in rows if not row.ok]
    lines.append(f"Not met: {', '.join(missed)}." if missed else "Every goal is met.")
    return "\n".join(lines)
