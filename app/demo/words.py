"""The words of the made-up school, read from assets/demo: people, what they work towards, what is seen."""

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

ASSETS = Path(__file__).parent.parent.parent / "assets/demo"


@dataclass(frozen=True, slots=True)
class Aim:
    """What a target is made of. `early` and `later` are notes: with more help, with less."""

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
    settings: tuple[str, ...]
    pictures: tuple[str, ...]
    early: tuple[str, ...]
    later: tuple[str, ...]


def _frozen(raw: dict[str, Any]) -> dict[str, Any]:
    return {key: tuple(value) if isinstance(value, list) else value for key, value in raw.items()}


def _read(name: str) -> Any:
    return json.loads((ASSETS / name).read_text(encoding="utf-8"))


@cache
def aims() -> dict[str, Aim]:
    return {key: Aim(**_frozen(raw)) for key, raw in _read("aims.json").items()}


@cache
def people() -> dict[str, Any]:
    return dict(_read("people.json"))


@cache
def extras() -> dict[str, Any]:
    return dict(_read("extras.json"))
