"""One round: a hub, five devices, and a conductor who kills each of them every few seconds; then rest, and a verdict."""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import httpx

from app.folders import check
from storage.errors import StorageError
from storage.folder.directory import Directory
from storage.folder.hub import HubFolder
from storage.store import Store
from storage.sync import sync
from tests.ports import free_port
from tests.torture.grounds import Grounds, Joined, founded
from tests.torture.processes import Victim
from tests.torture.promises import Ledger
from tests.torture.verdict import Findings, Watch, judge

DEVICES = 5
LOOK_EVERY = 1.0  # seconds between two looks at the diaries and the folder
MOST_ROUNDS = 12  # of sync, within which everybody has to come to rest


@dataclass
class Round:
    """What is known of a round, while it goes on and after."""

    seed: int
    ledgers: list[Ledger] = field(default_factory=list)
    victims: list[Victim] = field(default_factory=list)
    found: Findings = field(default_factory=Findings)

    @property
    def wrong(self) -> list[str]:
        """Every promise that was not kept, a sentence each."""
        fell = [f"{victim.name} ended by itself with {code}: see {victim.log}" for victim in self.victims for code in victim.fell]
        return [*self.found.all, *(how for ledger in self.ledgers for how in ledger.wrong), *fell]

    @property
    def falls(self) -> int:
        """How often a process has ended by itself."""
        return sum(len(victim.fell) for victim in self.victims)

    @property
    def fewest_kills(self) -> int:
        return min(victim.kills for victim in self.victims)

    @property
    def acknowledged(self) -> int:
        return sum(ledger.records for ledger in self.ledgers)

    @property
    def checked(self) -> int:
        return sum(len(ledger.checked) for ledger in self.ledgers)

    def count(self, what: str) -> int:
        return sum(ledger.counts[what] for ledger in self.ledgers)


Enough = Callable[[Round], bool]
"""Whether so much was done to them that they may come to rest."""


async def tortured(place: Path, seed: int, enough: Enough, day: float, life: float, through: Sequence[str] = ()) -> Round:
    """`day`: seconds that a day of the devices lasts; `life`: seconds that a process lives at most; `through`: a module that
    starts the others, with its words."""
    grounds = await founded(place, free_port(), day)
    dice = random.Random(seed)
    victims = [_victim(grounds, None, random.Random(dice.random()), life, through)]
    victims += [_victim(grounds, number, random.Random(dice.random()), life, through) for number in range(DEVICES)]
    done = Round(seed, [Ledger(grounds.diary(n)) for n in range(DEVICES)], victims)
    watch = Watch(grounds, done.ledgers, done.found)
    try:
        await _kill(done, watch, enough)
        await _rest(grounds, done, watch)
    finally:
        for victim in done.victims:
            await victim.end()
    return done


def _victim(grounds: Grounds, number: int | None, dice: random.Random, life: float, through: Sequence[str]) -> Victim:
    """A device, or without a number the hub."""
    name = "hub" if number is None else f"device-{number}"

    def command() -> list[str]:
        of_a_device = [] if number is None else [str(number), str(dice.getrandbits(32))]
        return [*through, f"tests.torture.{name.partition('-')[0]}", str(grounds.place), *of_a_device]

    return Victim(name, command, grounds.place / f"{name}.log", dice, life)


async def _kill(done: Round, watch: Watch, enough: Enough) -> None:
    over, killed = asyncio.Event(), asyncio.Event()
    async with asyncio.TaskGroup() as tasks:
        for victim in done.victims:
            tasks.create_task(victim.torment(over, killed.set))
        while not enough(done):
            await _a_kill(killed)
            await watch.look()
        over.set()


async def _a_kill(killed: asyncio.Event) -> None:
    """Wait for one, but not for ever."""
    with suppress(TimeoutError):
        await asyncio.wait_for(killed.wait(), LOOK_EVERY)
    killed.clear()


# -- rest ------------------------------------------------------------------------------------------------------------------
async def _rest(grounds: Grounds, done: Round, watch: Watch) -> None:
    """The devices end in order, sync over the hub that is still there until nothing is new, and the hub ends."""
    hub, *devices = done.victims
    for device in devices:
        await device.end()
    await watch.look()
    stores = [await Store.open(Directory.own(grounds.store(n)), now=grounds.clock()) for n in range(DEVICES)]
    try:
        done.found.unequal += await _synced(grounds, stores)
        await hub.end()
        await judge(grounds, done.ledgers, stores, done.found)
        done.found.unequal += map(str, (await check(grounds.school)).problems)
    finally:
        for store in stores:
            await store.close()


async def _synced(grounds: Grounds, stores: list[Store]) -> list[str]:
    """What keeps them from coming to rest."""
    async with httpx.AsyncClient(base_url=grounds.hub, timeout=60) as client:
        for _ in range(MOST_ROUNDS):
            moved, problems = 0, list[str]()
            for number, store in enumerate(stores):
                joined = Joined.of(grounds, number)
                try:
                    outcome = await sync(store, HubFolder(client, joined.token), scope=joined.scope(store))
                except StorageError as error:
                    return [f"device {number} could not sync: {error!r}"]
                moved += outcome.sent + outcome.received
                problems += [f"device {number}: {problem}" for problem in outcome.problems]
                problems += [f"device {number} still waits with {store.pending()}"] if store.unsent() else []
            if not moved and not problems:
                return []
    return problems or ["they never came to rest"]
