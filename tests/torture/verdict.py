"""Looking for what was lost, doubled or claimed too soon: while it goes on, and when everything has come to rest."""

import os
from collections import Counter
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field

from storage import names, segments
from storage.erasure import erased
from storage.errors import MissingName
from storage.folder.directory import Directory
from storage.folder.port import Folder
from storage.library import Library
from storage.ops import dumps
from storage.replica import Replica
from storage.segments import Segment
from storage.store import Store
from tests.torture.grounds import Grounds, Joined
from tests.torture.promises import Ledger, Promise

Seen = dict[tuple[str, str], object]


@dataclass
class Findings:
    """What to tell, by what it is about: ops by their ids, so that one counts once. All have to be empty."""

    lost: dict[str, str] = field(default_factory=dict)
    claimed: dict[str, str] = field(default_factory=dict)  # said to be in the folder, and not there
    doubled: list[str] = field(default_factory=list)
    unequal: list[str] = field(default_factory=list)
    erased: list[str] = field(default_factory=list)  # of an erased child, and still there
    children_erased: int = 0  # which is not wrong

    @property
    def all(self) -> list[str]:
        ops = [*(f"lost: {told}" for told in self.lost.values()), *(f"not there: {told}" for told in self.claimed.values())]
        return [*ops, *self.doubled, *self.unequal, *self.erased]


def told(promise: Promise) -> str:
    return f"{promise.op.entity} {promise.op.field} = {str(promise.op.value)[:60]!r} ({promise.op.id[:8]})"


async def whole(folder: Folder, wanted: Iterable[str]) -> bool:
    try:
        return all([names.matches(name, await folder.get(name)) for name in wanted])
    except MissingName:
        return False


class Watch:
    """Goes on looking into the folder while everybody is being killed: what a device says is there has to be there by then."""

    def __init__(self, grounds: Grounds, ledgers: list[Ledger], found: Findings) -> None:
        self.folder, self.ledgers, self.found = Directory(grounds.school), ledgers, found
        self.replica = Replica(self.folder, os.urandom(8).hex(), grounds.clock())

    async def look(self) -> None:
        """The diaries first and the folder after: what was said before must be seen after."""
        said = [(ledger, *ledger.read_on()) for ledger in self.ledgers]
        for ledger, checked, absent in said:
            self.found.claimed |= {p.op.id: told(p) for p in await self._not_there(ledger, checked)}
            self.found.lost |= {p.op.id: f"{told(p)}, at a start" for p in await self._not_there(ledger, absent)}

    async def _not_there(self, ledger: Ledger, idents: Iterable[str]) -> list[Promise]:
        """Without children who are erased, be it while the look lasts."""
        said = [ledger.saved[ident] for ident in idents]
        if not said:
            return []
        await self.replica.refresh()
        left = [p for p in said if not (p.kept(self.replica.library) and await whole(self.folder, p.media))]
        if left:
            await self.replica.refresh()
        gone = erased(self.replica.library)
        return [promise for promise in left if promise.partition not in gone]


# -- at the end ----------------------------------------------------------------------------------------------------------
async def judge(grounds: Grounds, ledgers: list[Ledger], stores: list[Store], found: Findings) -> None:
    """Everybody has come to rest."""
    folder = Directory(grounds.school)
    replica = Replica(folder, os.urandom(8).hex(), grounds.clock())
    await replica.refresh()
    gone = erased(replica.library)
    found.children_erased = len(gone)
    for ledger in ledgers:
        for promise in ledger.saved.values():
            if promise.partition not in gone:
                await _judge_one(promise, promise.op.id in ledger.checked, replica, stores, found)
    found.doubled += doubled([part async for part in counted(folder)])
    for number, store in enumerate(stores):
        found.unequal += differences(number, store, Joined.of(grounds, number), replica.library)
    for place, disk in [("the folder", folder), *((f"device {n}", store.disk) for n, store in enumerate(stores))]:
        left = [name for name in await disk.names("p/") if name.split("/")[1] in gone]
        found.erased += [f"{name} in {place}" for name in left]


async def _judge_one(promise: Promise, checked: bool, replica: Replica, stores: list[Store], found: Findings) -> None:
    if promise.kept(replica.library) and await whole(replica.folder, promise.media):
        return
    if checked:
        found.claimed[promise.op.id] = told(promise)
    if not any([promise.kept(store.library) and await whole(store.disk, promise.media) for store in stores]):
        found.lost[promise.op.id] = told(promise)


async def counted(folder: Directory) -> AsyncIterator[Segment]:
    """The segments that count: those that no snapshot covers."""
    read = [(n, segments.read(n, await folder.get(n))) for n in sorted(await folder.names("p/")) if is_segment(n)]
    covered = {name for _, segment in read for name in segment.covers}
    for name, segment in read:
        if name not in covered:
            yield segment


def is_segment(name: str) -> bool:
    return names.parse(name) is not None and "/media/" not in name


def doubled(parts: list[Segment]) -> list[str]:
    """Ops that are there twice, and words that are there under two ops: nobody ever writes the same words again."""
    ops = [(part.partition, op) for part in parts for op in part.ops]
    twice = [f"op {ident}" for ident, many in Counter(op.id for _, op in ops).items() if many > 1]
    words: dict[tuple[str, str, str], set[str]] = {}
    for partition, op in ops:
        if op.field in {"note", "setting", "short"} and isinstance(op.value, str) and op.value:
            words.setdefault((partition, op.field, op.value), set()).add(op.id)
    return twice + [f"{place} under {len(ids)} ops" for place, ids in words.items() if len(ids) > 1]


def differences(number: int, store: Store, joined: Joined, folder: Library) -> list[str]:
    """Where a device and the folder do not say the same of what this device may hold."""
    scope = joined.scope(store)
    kinds = {op.entity.partition(":")[0] for _, op in folder.ops()}
    ours, theirs = view(store.library, kinds), {place: one for place, one in view(folder, kinds).items() if scope(place[0])}
    return [f"device {number}: {place}" for place in sorted(ours.keys() | theirs.keys()) if ours.get(place) != theirs.get(place)]


def view(library: Library, kinds: Iterable[str]) -> Seen:
    """What is shown, and the ops that stand behind it."""
    seen: Seen = {(d["partition"], d["entity"]): dict(d) for kind in kinds for d in library.documents(kind)}
    return seen | {(p, f"op {op.id}"): dumps(op.to_json()) for p, op in library.ops()}
