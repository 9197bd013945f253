"""Which of the contract's tests can be run where there is no pytest: those that ask for a folder or a disk and nothing else.

Read on both sides, here for the names and in the browser for the functions; so it needs neither pytest nor a browser.
"""

import importlib
import inspect
from collections.abc import Callable, Iterator
from itertools import product
from typing import Any

CONTRACT = ("tests.contract.test_folders", "tests.contract.test_disks")
FIXTURES = {"kind", "disk", "ten_thousand"}  # of the contract, that there are in the browser too
Case = tuple[Callable[..., Any], dict[str, Any]]


def cases() -> dict[str, Case]:
    """Name as pytest shows it -> the test, and what it is given besides a folder."""
    modules = [vars(importlib.import_module(module)) for module in CONTRACT]
    tests = {name: test for module in modules for name, test in module.items() if name.startswith("test_")}
    found = {name + label: (test, given) for name, test in tests.items() for label, given in _ways(test)}
    return {name: case for name, case in found.items() if set() < asks_for(*case) <= FIXTURES}


def asks_for(test: Callable[..., Any], given: dict[str, Any]) -> set[str]:
    """The fixtures that the test needs."""
    return set(inspect.signature(test).parameters) - set(given)


def _ways(test: Callable[..., Any]) -> Iterator[tuple[str, dict[str, Any]]]:
    """(label, values) of every way in which `parametrize` has the test run; one without either where it is not used."""
    marks = [mark for mark in getattr(test, "pytestmark", []) if mark.name == "parametrize"]
    for chosen in product(*map(_choices, marks)):
        labels = "-".join(label for label, _ in chosen)
        yield f"[{labels}]" if labels else "", {key: value for _, given in chosen for key, value in given.items()}


def _choices(mark: Any) -> list[tuple[str, dict[str, Any]]]:
    wanted, values = mark.args[:2]
    keys = [key.strip() for key in wanted.split(",")] if isinstance(wanted, str) else list(wanted)
    rows = [row if len(keys) > 1 else (row,) for row in values]
    labels = mark.kwargs.get("ids") or ["-".join(map(_shown, row)) for row in rows]
    return [(label, dict(zip(keys, row, strict=True))) for label, row in zip(labels, rows, strict=True)]


def _shown(value: object) -> str:
    return value.decode("ascii", "replace") if isinstance(value, bytes) else str(value)
