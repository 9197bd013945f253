"""Finding, as a person types: pupils by name, targets by their words, and moments by what was noted of whom.

No one finds more than they may look at: the pupils are handed in, and only what is in their partitions here is found (promise 2).
"""

import asyncio
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Any

from app.domain.evidence.observations import Observation
from app.domain.plans.targets import Target
from app.domain.register.people import Pupil
from app.domain.schema.table import searched
from app.domain.vocabulary.states import ReviewState, TargetStatus
from app.usecases.session import reading as records
from storage.library import Library
from storage.words import Said, Wanted, said, words

MOMENTS_AT_ONCE = 40  # moments shown at once
LONGEST = 12  # words that are looked for; who pastes a page looks for its beginning
LOOKED_THROUGH = tuple((kind, searched(kind)) for kind in ("pupil", "target", "observation"))
Documents = dict[str, Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Found:
    """Pupils by name; live targets, in the pupils' order; moments, newest first, and how many more there are. Not `whole`: the
    device was opened just now, and not everything has been looked through."""

    pupils: tuple[Pupil, ...] = ()
    targets: tuple[Target, ...] = ()
    observations: tuple[Observation, ...] = ()
    more: int = 0
    whole: bool = True

    @property
    def nothing(self) -> bool:
        return not (self.pupils or self.targets or self.observations)


def find(library: Library, pupils: Sequence[Pupil], text: str, hidden: bool = False) -> Found:
    """Among these pupils. Every word has to be there; the last one, and those of a name, may be only begun. "ami swim" finds
    the swims of Amira too, though no note names her. What the SENCO has hidden only where `hidden` moments may be seen."""
    typed = words(text)[:LONGEST]
    if not typed:
        return Found()
    visible = {pupil.id for pupil in pupils}
    named = _named(library, visible, typed)
    moments = _moments(library, visible, typed, named)
    shown = [d for d in moments.values() if hidden or d.get("review") != ReviewState.HIDDEN]
    shown.sort(key=records.newest_first)
    return Found(
        tuple(pupil for pupil in pupils if named.get(pupil.id) == frozenset(typed)),
        tuple(_targets(library, pupils, typed)),
        tuple(records.observation_of(document) for document in shown[:MOMENTS_AT_ONCE]),
        max(0, len(shown) - MOMENTS_AT_ONCE),
        all(library.table(kind).is_read(*fields) for kind, fields in LOOKED_THROUGH),
    )


async def look_through(library: Library) -> None:
    """Read all that may be looked for, in slices, so that what a person taps meanwhile is answered in between. Without it the
    first search does so, in one go."""
    begun = [library.table(kind).read(*fields) for kind, fields in LOOKED_THROUGH]
    for _ in chain(*begun):
        await asyncio.sleep(0)


def _named(library: Library, visible: set[str], typed: Sequence[str]) -> dict[str, frozenset[str]]:
    """Pupil -> those of the typed words with which a part of the name begins."""
    found: dict[str, frozenset[str]] = {}
    for word in typed:
        for document in library.table("pupil").search(Said(Wanted(begun=word), searched("pupil"))):
            if document["partition"] in visible:
                found[document["partition"]] = found.get(document["partition"], frozenset()) | {word}
    return found


def _moments(library: Library, visible: set[str], typed: Sequence[str], named: Mapping[str, frozenset[str]]) -> Documents:
    """Observations whose notes say all that was typed, or all of it that does not name their pupil."""
    found = _noted(library, visible, typed)
    for names in set(named.values()) - {frozenset(typed)}:
        whose = {pupil for pupil, words_of in named.items() if words_of == names}
        found |= _noted(library, whose, [word for word in typed if word not in names], typed[-1])
    return found


def _noted(library: Library, whose: set[str], typed: Sequence[str], last: str = "") -> Documents:
    """By id. Only the word that was typed last of all may be unfinished."""
    unfinished = typed[-1] if last in ("", typed[-1]) else ""
    query = Said(Wanted(frozenset(typed[:-1] if unfinished else typed), unfinished), searched("observation"))
    return {d["id"]: d for d in library.table("observation").search(query) if d["partition"] in whose}


def matching(library: Library, kind: str, text: str) -> list[Mapping[str, Any]]:
    """Documents of a kind that say all these words in the fields that are searched, in any partition."""
    return list(library.table(kind).search(said(text, *searched(kind))))


def _targets(library: Library, pupils: Iterable[Pupil], typed: Sequence[str]) -> Iterator[Target]:
    documents = matching(library, "target", " ".join(typed))
    found = [records.target_of({**document, "pupil": document["partition"]}) for document in documents]
    for pupil in pupils:
        yield from (target for target in found if target.pupil == pupil.id and target.status is TargetStatus.LIVE)
