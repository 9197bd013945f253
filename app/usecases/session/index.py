"""What screens ask of all pupils at once, kept a pupil at a time: after a change only that pupil is counted again.

It gives what the library holds and knows no rights: the caller says for which pupils.
"""

import asyncio
from bisect import bisect_right
from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

from app.domain.evidence.observations import Observation
from app.domain.plans.targets import Target
from app.domain.progress.change import Change, Point, change
from app.domain.register.people import Pupil
from app.usecases.session import reading
from app.usecases.session.school import QUEUE, Reader, School, local_day
from storage.library import Library
from storage.store import Store, SyncState

T = TypeVar("T")
DAY, LONGEST_DAY = 86_400_000, 90_000_000  # ms; a day on which the clock goes back has 25 hours
FURTHEST_BACK = [SyncState.NEEDS_YOU, SyncState.TABLET, SyncState.SENDING, SyncState.FOLDER]
NEVER = 10_000  # days: what was never seen comes first


class PerPupil(Generic[T]):
    """One value a pupil, made again only when something of that pupil has changed."""

    def __init__(self, reader: Reader, kinds: Sequence[str], make: Callable[[str], T]) -> None:
        self._reader, self._kinds, self._make = reader, kinds, make
        self._held: dict[str, tuple[tuple[int, ...], T]] = {}

    def of(self, pupil: str) -> T:
        library = self._reader.library
        now = tuple([library.version(pupil, kind) for kind in self._kinds])
        held = self._held.get(pupil)
        if held is None or held[0] != now:
            held = self._held[pupil] = (now, self._make(pupil))
        return held[1]

    def forget(self, pupil: str) -> None:
        self._held.pop(pupil, None)


@dataclass(frozen=True, slots=True)
class Seen:
    """Of one pupil. `at`: target -> when it was seen, ms UTC, oldest first; `uses`: target -> how often it was chosen;
    `waiting`: what waits for a look, newest first."""

    at: Mapping[str, tuple[int, ...]]
    uses: Mapping[str, int]
    waiting: tuple[Observation, ...]

    def last_at(self, target: str, now: int) -> int | None:
        """ms UTC of the last evidence. A time in the future is of a wrong clock and no evidence yet."""
        times = self.at.get(target, ())
        past = bisect_right(times, now)
        return times[past - 1] if past else None


@dataclass(frozen=True, slots=True)
class Today:
    """The day's moments by where they are; `tablet` and `sending` are safe here and wait to go."""

    recorded: int
    folder: int
    sending: int
    tablet: int
    needs_you: int


class Index:
    """Over one device's store. `now` is ms UTC."""

    def __init__(self, store: Store, school: School, now: Callable[[], int]) -> None:
        self._store, self._school, self._now = store, school, now
        self.seen = PerPupil(store, ("observation",), self._seen)
        self.live = PerPupil(store, ("target",), self._live)
        self.progress = PerPupil(store, ("observation",), self._progress)
        store.library.versions.listen(self._on_change)

    @property
    def _library(self) -> Library:
        return self._store.library

    def _on_change(self, partition: str, _kind: str) -> None:
        """What has left this device is not kept here either."""
        if partition not in self._library.partitions():
            for part in (self.seen, self.live, self.progress):
                part.forget(partition)

    async def warm(self) -> None:
        """Count every pupil once, in slices, so that what a person taps meanwhile is answered in between."""
        for partition in sorted(self._library.partitions()):
            for part in (self.seen, self.live, self.progress):
                part.of(partition)
            await asyncio.sleep(0)

    # -- targets -------------------------------------------------------------------------------------------------------
    def targets(self, pupil: str) -> list[Target]:
        """Live targets, most used first."""
        uses = self.seen.of(pupil).uses
        return sorted(self.live.of(pupil), key=lambda target: -uses.get(target.id, 0))

    def not_seen(self, pupils: Sequence[Pupil], days: int = 21) -> list[tuple[Pupil, Target, int | None]]:
        """Live targets of these pupils without evidence for so many days, with the days since (None: never), longest first."""
        now = self._now()
        found = [
            (pupil, target, None if last is None else (now - last) // DAY)
            for pupil in pupils
            for seen in [self.seen.of(pupil.id)]
            for target in self.live.of(pupil.id)
            if (last := seen.last_at(target.id, now)) is None or (now - last) // DAY >= days
        ]
        return sorted(found, key=lambda row: -(NEVER if row[2] is None else row[2]))

    def series(self, target: Target) -> Sequence[Point]:
        """Every rating against the target, oldest first."""
        return self.progress.of(target.pupil).get(target.id, ())

    def change_of(self, target: Target) -> Change | None:
        return change(self.series(target))

    # -- moments -------------------------------------------------------------------------------------------------------
    def queue(self) -> list[Observation]:
        """What waits for a look, oldest first; two texts kept wait as well."""
        waiting = [one for partition in self._library.partitions() for one in self.seen.of(partition).waiting]
        return sorted(waiting, key=lambda one: (-one.at, one.id, one.pupil), reverse=True)

    def state(self, observation: Observation) -> SyncState:
        """Where the observation is; as far back as the one of its parts that is furthest back."""
        entities = [f"observation:{observation.id}", *(f"media:{media}" for media in observation.media)]
        return min((self._store.state_of(entity) for entity in entities), key=FURTHEST_BACK.index)

    def today(self) -> Today:
        """Counts of the school-local day."""
        today = local_day(self._now())
        recent = self._school.observations(since=max(self._now() - LONGEST_DAY, 0))
        states = Counter(self.state(one) for one in recent if local_day(one.at) == today)
        return Today(
            states.total(), *(states[s] for s in (SyncState.FOLDER, SyncState.SENDING, SyncState.TABLET, SyncState.NEEDS_YOU))
        )

    def unsent(self) -> list[Observation]:
        """Moments that are not in the school's folder yet, newest first: asked of what waits, never of all there is. A picture
        counts with its moment."""
        moments = {moment for entity in self._store.unsent() for moment in self._moments_of(entity)}
        documents = (document for moment in moments for document in self._library.everywhere(moment))
        found = [reading.observation_of(document) for document in documents if not document.get("deleted")]
        waiting = [one for one in found if self.state(one) is not SyncState.FOLDER]
        return sorted(waiting, key=lambda one: (-one.at, one.id, one.pupil))

    def _moments_of(self, entity: str) -> Iterator[str]:
        kind = entity.partition(":")[0]
        if kind == "observation":
            yield entity
        if kind == "media":
            for document in self._library.everywhere(entity):
                yield f"observation:{reading.text(document, 'observation')}"

    # -- making --------------------------------------------------------------------------------------------------------
    def _seen(self, pupil: str) -> Seen:
        at, uses, waiting = defaultdict[str, list[int]](list), Counter[str](), list[Observation]()
        for one in self._school.observations(pupil):
            uses.update(one.targets)
            for target in set(one.targets):
                at[target].append(one.at)
            if one.review in QUEUE or one.other_notes:
                waiting.append(one)
        return Seen({target: tuple(reversed(times)) for target, times in at.items()}, uses, tuple(waiting))

    def _live(self, pupil: str) -> list[Target]:
        return self._school.targets(pupil)

    def _progress(self, pupil: str) -> Mapping[str, Sequence[Point]]:
        found = defaultdict[str, list[Point]](list)
        for one in self._school.observations(pupil):
            for target, level in one.ratings.items():
                found[target].append(Point(one.at, level))
        return {target: sorted(points, key=lambda point: point.at) for target, points in found.items()}
