"""A round of sync as people meet it: what this device says of itself first, and what is to be told afterwards."""

from collections.abc import Callable, Mapping
from contextlib import suppress

from app.errors import NotAllowed, SmallStepsError
from app.usecases.syncing import health
from storage import healing
from storage.errors import StorageError
from storage.folder.hub import BroughtBack, HubFolder
from storage.store import Store
from storage.sync import Outcome, Progress, Scope, sync


def to_send(store: Store) -> int:
    """Moments and other things that are not in the school's folder yet. A picture counts with its moment."""
    unsent = store.unsent()
    return sum(not entity.startswith("media:") for entity in unsent) or len(unsent)


class Rounds:
    """One device's rounds. `problem` is what a person has to do something about, `told` the rest of the last round's news."""

    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self.store, self.now = store, now
        self.problem: SmallStepsError | None = None
        self.restored: BroughtBack | None = None  # what the hub said last of the school's folder
        self._news: list[str] = []
        self._clock = ""

    @property
    def sentences(self) -> list[str]:
        return [*self._news, *([self._clock] if self._clock else [])]

    async def go(self, folder: HubFolder, space: str, progress: Progress, scope: Scope) -> None:
        """Raises what `sync` raises."""
        folder.hello.space, folder.hello.clock = space, self.now
        try:
            self._sum_up(await self._round(folder, progress, scope), folder.hello.held_back)
        finally:
            self.restored = folder.hello.restored
            self._clock = health.clock(folder.hello.ahead) if folder.hello.heard else self._clock

    async def _round(self, folder: HubFolder, progress: Progress, scope: Scope) -> Outcome:
        """Before anything is sent, the hub is told how much there is: if this device's store is wiped, the school knows. After
        the round, the hub is told what is left."""
        await self._introduce(folder)
        outcome = await sync(self.store, folder, progress=progress, scope=scope)
        if outcome.sent or await healing.healed(self.store) != folder.hello.through:
            await self._introduce(folder)
            with suppress(StorageError):  # the next round says it, too
                await folder.tell()
        return outcome

    async def _introduce(self, folder: HubFolder) -> None:
        folder.hello.through = await healing.healed(self.store)
        folder.hello.pending, folder.hello.checked = to_send(self.store), len(self.store.checked)

    def _sum_up(self, outcome: Outcome, held_back: Mapping[str, int]) -> None:
        waiting = self.store.waiting.keys()
        refused = [one for one in outcome.problems if one.startswith("refused ") and one.partition(" ")[2] in waiting]
        self.problem = NotAllowed(health.of_round(refused, waiting)[0]) if refused else None
        self._news = health.of_round([one for one in outcome.problems if one not in refused], waiting, held_back)
