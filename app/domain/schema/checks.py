"""Checks of values: each tells whether a stored value is one of ours, how it is read, and what it is in plain data.

What is strange never raises where it is read: it becomes the default, and for a choice the safest member (promise 2).
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any, TypeVar

E_ = TypeVar("E_", bound=StrEnum)
UNKNOWN_PERSON = ("",)  # who is in it is not known: a person who has agreed to nothing
SHORT, LONG = 2_000, 512 * 1024  # characters of a name, and of what is told at length: as much as any one value may have
MOST_IDS, LONGEST_ID = 1_000, 64


@dataclass(frozen=True, slots=True)
class Check:
    """`holds`: whether a value may be stored. `reads`: the value as things of the domain have it, even from a wrong one.
    `says`: the same check as JSON, for the committed table."""

    says: Mapping[str, Any]
    holds: Callable[[object], bool]
    reads: Callable[[object], Any]


def words(most: int = SHORT) -> Check:
    """A text of so many characters at most; it may be empty."""
    return Check({"is": "words", "most": most}, lambda value: isinstance(value, str) and len(value) <= most, as_text)


def choice(*allowed: str) -> Check:
    """One of these texts, where the domain has no words for them; read as it is."""
    return Check({"is": "one_of", "of": sorted(allowed)}, lambda value: isinstance(value, str) and value in allowed, as_text)


def one_of(kind: type[E_], otherwise: E_) -> Check:
    """A member; what is none reads as `otherwise`, which is to be the one that shows and allows least."""
    members = set(kind)

    def reads(value: object) -> E_:
        return kind(value) if isinstance(value, str) and value in members else otherwise

    return Check({"is": "one_of", "of": sorted(kind)}, lambda value: isinstance(value, str) and value in members, reads)


def each_of(kind: type[E_]) -> Check:
    """A list of members; what is none is left out."""
    members = set(kind)

    def holds(value: object) -> bool:
        return isinstance(value, list) and all(isinstance(one, str) and one in members for one in value)

    def reads(value: object) -> tuple[E_, ...]:
        return tuple(kind(one) for one in as_texts(value) if one in members)

    return Check({"is": "each_of", "of": sorted(kind)}, holds, reads)


def flag() -> Check:
    """Yes or no; only a plain yes reads as yes."""
    return Check({"is": "flag"}, lambda value: isinstance(value, bool), lambda value: value is True)


def whole(low: int | None = None, high: int | None = None) -> Check:
    """A whole number within these; None: without an end. A clock may say anything."""

    def holds(value: object) -> bool:
        return type(value) is int and (low is None or value >= low) and (high is None or value <= high)

    return Check({"is": "whole", "low": low, "high": high}, holds, as_number)


def ref() -> Check:
    """The id of another thing, or "" for none."""
    return Check({"is": "ref"}, lambda value: isinstance(value, str) and len(value) <= LONGEST_ID, as_text)


def ids() -> Check:
    """Ids of other things; what is none is left out."""
    return Check({"is": "ids"}, _are_ids, as_texts)


def everybody() -> Check:
    """Ids of all pupils who are in it: a list that is missing or strange may have named anyone."""
    return Check({"is": "everybody"}, _are_ids, as_everybody)


def day() -> Check:
    """A school-local date as YYYY-MM-DD, or "" for none."""

    def holds(value: object) -> bool:
        try:
            return value == "" or (isinstance(value, str) and date.fromisoformat(value).isoformat() == value)
        except ValueError:
            return False

    return Check({"is": "day"}, holds, as_text)


def record(needs: str, **parts: Check) -> Check:
    """A mapping of these keys and no others; `needs` has to be there."""

    def holds(value: object) -> bool:
        return (
            isinstance(value, dict)
            and needs in value
            and all(key in parts and parts[key].holds(one) for key, one in value.items())
        )

    says = {"is": "record", "needs": needs, "of": {key: dict(part.says) for key, part in parts.items()}}
    return Check(says, holds, lambda value: value if isinstance(value, dict) else {})


# -- reading kindly ------------------------------------------------------------------------------------------------------
def as_text(value: object) -> str:
    return value if isinstance(value, str) else ""


def as_number(value: object) -> int:
    return value if isinstance(value, int) else 0


def as_texts(value: object) -> tuple[str, ...]:
    return tuple([v for v in value if isinstance(v, str)]) if isinstance(value, list) else ()


def as_everybody(value: object) -> tuple[str, ...]:
    return tuple(value) if isinstance(value, list) and len(as_texts(value)) == len(value) else UNKNOWN_PERSON


def _are_ids(value: object) -> bool:
    return isinstance(value, list) and len(value) <= MOST_IDS and _short(value)


def _short(value: Iterable[object]) -> bool:
    return all(isinstance(one, str) and len(one) <= LONGEST_ID for one in value)
