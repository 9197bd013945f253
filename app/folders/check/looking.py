"""What one file is: its bytes held against its name, and what it speaks of. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from storage import erasure, names, segments
from storage.errors import BadBytes, Garbage, NewerFormat, TooLarge
from storage.library import Library

MISPLACED = "misplaced"
HUGE = "larger than any file of Small Steps"


@dataclass(frozen=True, slots=True)
class Look:
    """A whole file has no `code`. `media` and `covers` are full names that it speaks of; `erased` the children whom it orders to
    erase; `home` the name under which a misplaced file belongs."""

    code: str = ""
    sentence: str = ""
    ops: int = 0
    media: tuple[str, ...] = ()
    covers: tuple[str, ...] = ()
    erased: frozenset[str] = frozenset()
    home: str = ""


TOO_LARGE = Look(TooLarge.code, HUGE)


def look(parts: names.Name, data: bytes) -> Look:
    """`parts` are the name's."""
    if parts.hash != names.hash_of(data):
        return Look(BadBytes.code, "its bytes are not what its name says")
    try:
        if parts.kind == "media":
            segments.body(data, segments.CHUNK)
            return Look()
        return _at_home(parts, segments.decode(data))
    except NewerFormat:
        return Look(NewerFormat.code, "written by a newer Small Steps")
    except BadBytes as error:
        return Look(Garbage.code, f"cannot be read ({error})")


def _at_home(parts: names.Name, segment: segments.Segment) -> Look:
    kind = "snap" if segment.covers else "log"
    dev, _, inc = segment.writer.partition(".")
    home = names.Name(segment.partition, kind, parts.hash, dev, inc, segment.seq)
    if home != parts:
        return Look(MISPLACED, "says inside that it belongs elsewhere", home=str(home) if names.parse(str(home)) else "")
    return Look(
        ops=len(segment.ops), media=tuple(segment.media_names), covers=tuple(covered(parts, segment.covers)),
        erased=orders(segment),
    )  # fmt: skip


def covered(snap: names.Name, said: Iterable[str]) -> Iterable[str]:
    """Of the names that a snapshot says it covers, those that it can: of its own device, in its own partition."""
    for name in said:
        parts = names.parse(name)
        if parts and parts.kind != "media" and (parts.partition, parts.dev) == (snap.partition, snap.dev):
            yield name


def orders(segment: segments.Segment) -> frozenset[str]:
    """The children of whom nothing may be kept any more."""
    if segment.partition != "school":
        return frozenset()
    library = Library()
    library.take(segment.partition, segment.ops)
    return frozenset(erasure.erased(library))
