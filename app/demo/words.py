"""The words of the made-up school, read from assets/demo: people, what they work towards, what is seen."""

import json
from dataclasses import dataclass
from functools import cache
from typing import Any

from app.settings import ASSETS

MUCH, SOME, LITTLE = "much help", "some help", "little help"


@dataclass(frozen=True, slots=True)
class Seen:
    """One thing that may be seen: with how much help, where, the drawing that shows it (or none), and the note."""

    when: str
    setting: str
    picture: str
    note: str


@dataclass(frozen=True, slots=True)
class Aim:
    """What a target is made of, and what is seen on the way there."""

    area: str
    short: str
    does: str
    often: str
    help: str
    criterion: str
    baseline: str
    strategies: str
    family: str
    next: str
    seen: tuple[Seen, ...]


def _read(name: str) -> Any:
    return json.loads((ASSETS / "demo" / name).read_text(encoding="utf-8"))


@cache
def aims() -> dict[str, Aim]:
    return {key: Aim(**(raw | {"seen": tuple(Seen(**s) for s in raw["seen"])})) for key, raw in _read("aims.json").items()}


@cache
def people() -> dict[str, Any]:
    return dict(_read("people.json"))


@cache
def extras() -> dict[str, Any]:
    return dict(_read("extras.json"))
