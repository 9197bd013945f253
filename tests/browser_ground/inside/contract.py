"""Runs one test of the contract over one of the browser's disks: the very functions that pytest runs elsewhere."""

import inspect
from typing import Any

import storage.folder.directory
import storage.folder.hub
import storage.replica
import storage.sync  # noqa: F401  (before the stand-ins, so that nothing of these is stood in for)
from tests.browser_ground.inside import stand_ins
from tests.browser_ground.inside.cases import Case, asks_for, cases
from tests.browser_ground.inside.grounds import BrowserKind

with stand_ins.in_place():
    CASES: dict[str, Case] = cases()


async def names() -> list[str]:
    return list(CASES)


async def run(kind: str, case: str) -> str:
    """Raises what the test raises; on a fresh disk, which is cleared away afterwards."""
    test, given = CASES[case]
    made = await BrowserKind.make(kind)
    try:
        fixtures: dict[str, Any] = {"kind": made, "disk": made.always, "ten_thousand": None}
        answer = test(**given, **{name: fixtures[name] for name in asks_for(test, given)})
        if inspect.isawaitable(answer):
            await answer
    finally:
        await made.end()
    return case
