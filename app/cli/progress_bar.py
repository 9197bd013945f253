"""How far a command is: a bar on a terminal, and nothing if the output is no terminal."""

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from app.folders.check.checking import Progress, quiet


@contextmanager
def bar() -> Iterator[Progress]:
    """On stderr, so that what is printed can be handed on; gone when the work is done."""
    if not sys.stderr.isatty():
        yield quiet
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, TaskID, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bars

    columns = (TextColumn("{task.description}", markup=False), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Bars(*columns, console=Console(stderr=True), transient=True) as bars:
        begun: dict[str, TaskID] = {}

        def step(what: str, done: int, total: int) -> None:
            if what not in begun:
                begun[what] = bars.add_task(what, total=total)
            bars.update(begun[what], completed=done, total=total)

        yield step
