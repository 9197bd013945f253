"""One device as a process of its own: it records, seals, syncs, folds and starts again until it is stopped, or killed.

python -m tests.torture.device PLACE NUMBER SEED
"""

import asyncio
import random
import signal
import sys
from contextlib import suppress
from pathlib import Path

import httpx

from storage import names, retention
from storage.compaction import compact
from storage.errors import MissingName, StorageError, Unreachable
from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.store import Store, SyncState
from storage.sync import sync
from tests.torture.deeds import Deeds, Promising
from tests.torture.diary import Diary
from tests.torture.grounds import Grounds, Joined
from tests.torture.processes import leave_with_the_conductor
from tests.torture.promises import Ledger, Promise

OFFSETS = (0, 0, 0, -1, 0.01, 0.5)  # days that the clock of a start is off
LEAST_FOLDED = 4
A_HAND = 0.2  # seconds at most from one deed to the next
AFTER_NOTHING = 0.3  # seconds until a hub that did not answer is asked again


class Tablet:
    def __init__(self, grounds: Grounds, number: int, seed: int) -> None:
        self.grounds, self.number, self.dice = grounds, number, random.Random(seed)
        self.joined, self.diary = Joined.of(grounds, number), Diary(grounds.diary(number))
        self.over = asyncio.Event()

    async def live(self) -> None:
        async with httpx.AsyncClient(base_url=self.grounds.hub, timeout=20) as client:
            self.folder = HubFolder(client, self.joined.token)
            await self.open()
            print("open", flush=True)
            while not self.over.is_set():
                await self.step()
            await self.rest()

    async def open(self) -> None:
        now = self.grounds.clock(self.dice.choice(OFFSETS))
        self.store = await Store.open(Directory.own(self.grounds.store(self.number)), now=now)
        self.writer = Promising(self.store, self.diary)
        self.deeds = Deeds(self.writer, self.joined, self.number, self.dice)
        ledger = Ledger(self.grounds.diary(self.number))
        ledger.read_on()
        await self.look_for(ledger.unchecked())
        self.diary.say("opened")
        self.at_work: asyncio.Task[None] | None = asyncio.create_task(self.round())

    async def look_for(self, promises: list[Promise]) -> None:
        """What was promised before this start and not called checked has to be here; or in the folder, if it left since."""
        absent = [promise.op.id for promise in promises if not await self.has(promise)]
        if absent:
            self.diary.say("absent", ops=absent)
        for promise in promises:
            self.writer.unchecked.setdefault(promise.op.entity, []).append(promise.op.id)

    async def has(self, promise: Promise) -> bool:
        with suppress(MissingName):
            whole = [names.matches(name, await self.store.disk.get(name)) for name in promise.media]
            return promise.kept(self.store.library) and all(whole)
        return False

    # -- what it does ------------------------------------------------------------------------------------------------------
    async def step(self) -> None:
        self.note_checked()
        chance = self.dice.random()
        if self.at_work and self.at_work.done():
            self.at_work = self.at_work.result()
        if chance < 0.2 and self.at_work is None:
            self.at_work = asyncio.create_task(self.round())
        elif chance < 0.22:
            await self.store.seal()
        elif chance < 0.23:
            await self.rest()
            await self.open()
        else:
            await self.deeds.one()
        await asyncio.sleep(self.dice.random() * A_HAND)

    def note_checked(self) -> None:
        for entity in [one for one in self.writer.unchecked if self.store.state_of(one) is SyncState.FOLDER]:
            self.diary.say("checked", ops=self.writer.unchecked.pop(entity))

    async def round(self) -> None:
        self.writer.syncing = True
        try:
            outcome = await sync(self.store, self.folder, scope=self.joined.scope(self.store))
            self.diary.say("round")
            for problem in outcome.problems:
                code, _, name = problem.partition(" ")
                self.diary.say("trouble", of=code, about=name)
            await self.tidy()
        except Unreachable:
            await asyncio.sleep(AFTER_NOTHING)
        except StorageError as error:
            self.diary.say("trouble", of=error.code)
        finally:
            self.writer.syncing = False

    async def tidy(self) -> None:
        """Compaction after each round, and retention now and then."""
        before = self.segments()
        await compact(self.store, self.folder, LEAST_FOLDED)
        self.count("folded", sum("/snap/" in name for name in self.segments() - before))
        self.count("unfolded", len(before - self.segments()))
        if self.dice.random() < 0.2:
            self.count("shed", await retention.shed(self.store, self.folder, days=self.dice.choice([0, 1, 7])))

    def segments(self) -> set[str]:
        return {name for here in self.store.here.values() for name in here if "/media/" not in name}

    def count(self, what: str, many: int) -> None:
        if many > 0:
            self.diary.say(what, many=many)

    async def rest(self) -> None:
        if self.at_work:
            await self.at_work
        self.note_checked()
        await self.store.close()


async def main(place: str, number: str, seed: str) -> None:
    tablet = Tablet(Grounds.at(Path(place)), int(number), int(seed))
    asyncio.get_running_loop().add_signal_handler(signal.SIGTERM, tablet.over.set)
    await tablet.live()


if __name__ == "__main__":
    leave_with_the_conductor()
    asyncio.run(main(*sys.argv[1:]))
