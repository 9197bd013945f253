"""The audit log: who did what, when and why, for what must be answered for. The hub alone writes it, one entry after the other,
and never again what stands there.

await office.audit.note(What.LINK_MADE, caller.who, pupil=pupil, link=ident)      # before the act itself
"""

import asyncio
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

from app.domain.records.acts import ACTS_OF_KIND, HUB, Act, Facts, What, an_id
from app.domain.schema.auditing import act_of, is_audited
from app.hub.ground.signed_records import Vault
from app.hub.records.chain import (
    AREA,
    HEAD,
    NOTHING,
    Chain,
    Entry,
    Fault,
    Head,
    file_of,
    hash_of,
    head_of,
    in_order,
    opened,
    sealed,
)
from app.hub.records.chain import day_of as day
from app.hub.records.pending import pending_entries, taken
from storage.clock import Stamp
from storage.errors import BadBytes, MissingName, StorageError
from storage.ops import Op
from storage.segments import Segment

LARGEST = 64 * 1024  # bytes: a file is written anew with each entry, so that it is never torn
PAGE = 100  # entries
MOST_FAULTS = 200  # that one entry tells
OTHER = "an older or another log was put in its place"
LOG_FILES_AT_ONCE = 16  # files that are read together: a server may be far away
MINUTE = 60_000  # ms between two looks for pending entries


@dataclass(frozen=True, slots=True)
class Arrived:
    """An act that a change of a record tells of: who brought it, `by` whom it was said, when by their clock, and its id."""

    act: Act
    who: Facts
    by: Facts
    stamp: Stamp
    op: str


class Audit:
    """One writer, one entry at a time. Raises StorageError where the folder cannot be written: then nothing was noted, and the
    act must not happen."""

    def __init__(self, vault: Vault, now: Callable[[], int]) -> None:
        self._vault, self.folder, self.now = vault, vault.folder, now
        self._key = subkey(vault)
        self._turn = asyncio.Lock()
        self._begun = False
        self._head = Head()
        self._file, self._data = "", b""  # the open file, as it was written
        self._known: set[str] = set()  # ids of changes that are in the log
        self._told: set[int] = set()  # numbers of entries at which the log tells of a fault of its own
        self._waiting: list[Arrived] = []
        self._looked: int | None = None  # for pending entries, ms UTC
        self.brought: dict[str, Facts] = {}  # file on its way in -> who brings it

    async def note(self, what: What, who: Facts = HUB, why: str = "", **about: Any) -> None:
        """That this is done now; ids and short words alone."""
        async with self._turn:
            await self._begin()
            await self._write([_entry(Act(what, about, why), who)])

    # -- changes of records ------------------------------------------------------------------------------------------------
    def hear(self, name: str, segment: Segment) -> None:
        """A file of changes was taken in, from any source: what of it are acts waits to be noted."""
        acts = list(acts_in(segment))
        who = self.brought.get(name, HUB)
        self._waiting += [Arrived(act, who, _author(op), op.stamp, op.id) for op, act in acts]

    async def settle(self) -> None:
        """Note what waits, each change and each pending entry once, even if it comes often. If that fails it waits on; the record
        itself is safe."""
        with suppress(StorageError):
            pending = await self._pending()
            if self._waiting or pending:
                async with self._turn:
                    await self._begin()
                    await self._settle(pending)
                for ident in pending:
                    await taken(self._vault, ident)

    async def _settle(self, pending: Mapping[str, Entry]) -> None:
        count = len(self._waiting)  # more may come while this is written
        waiting = sorted(self._waiting, key=lambda one: (one.stamp, one.op))
        fresh = {one.op: _of_change(one) for one in waiting} | {ident: entry | {"op": ident} for ident, entry in pending.items()}
        await self._write([entry for op, entry in fresh.items() if op not in self._known])
        del self._waiting[:count]

    async def _pending(self) -> Mapping[str, Entry]:
        """What commands beside the hub have left, every minute."""
        now = self.now()
        if self._looked is not None and 0 <= now - self._looked < MINUTE:
            return {}
        found = await pending_entries(self._vault)
        self._looked = now
        return found

    # -- writing -----------------------------------------------------------------------------------------------------------
    async def _write(self, entries: list[Entry]) -> None:
        """Each file whole, then the head: killed in between, the head is a little behind, which is no fault."""
        entries = [*await self._put_back(), *entries]
        while entries:
            at = self.now()
            if not self._file or len(self._data) > LARGEST or day(at) not in self._file:
                self._file, self._data = file_of(at, self._head.n + 1), b""
            data, head, ops = self._data, self._head, []
            while entries and len(data) <= LARGEST:
                entry = entries.pop(0)
                line = sealed(self._key, entry | {"at": at, "n": head.n + 1, "before": head.hash})
                data, head = data + line + b"\n", Head(head.n + 1, hash_of(line))
                ops += [entry["op"]] if "op" in entry else []
            await self.folder.replace(self._file, data)
            self._data, self._head = data, head
            self._known.update(ops)
            await self._vault.write("audit", "head", {"n": head.n, "hash": head.hash})

    async def _put_back(self) -> list[Entry]:
        """The open file is written as this hub knows it; if it was changed meanwhile, an entry says so."""
        if not self._data or await _read(self.folder, self._file) == self._data:
            return []
        return [_broken([Fault("put_back", self._file, self._head.n, "")])]

    # -- opening -----------------------------------------------------------------------------------------------------------
    async def _begin(self) -> None:
        """Read all of it, once. What is damaged is told in an entry of its own, which goes on behind all that is known."""
        if self._begun:
            return
        chain, files = await self._look(Chain(self._key), self._remember)
        head = head_of(await self._vault.read("audit", "head"))
        chain.end(head)
        self._head = head if head and head.n >= chain.n else Head(chain.n, chain.hash or NOTHING)
        last = files[-1] if files else ""
        whole = not any(fault.file in (last, HEAD) for fault in chain.faults)
        self._file, self._data = (last, await _read(self.folder, last) or b"") if last and whole else ("", b"")
        await self._write([*await self._first(files, head), *self._news(chain.faults)])
        self._begun = True

    def _remember(self, entry: Entry) -> None:
        if isinstance(entry.get("op"), str):
            self._known.add(entry["op"])
        if entry["what"] == What.LOG_BROKEN:  # what follows such an entry does not follow what is left of the one before
            self._told |= {entry["n"], *(number_in(key) for key in entry["about"].get("found", ()))}

    async def _first(self, files: list[str], head: Head | None) -> list[Entry]:
        """A log that was taken away as a whole begins anew, and says how many devices had joined before."""
        if files or head:
            return []
        return [_entry(Act(What.LOG_BEGUN, {"devices": len(await self._vault.ids("tokens"))}), HUB)]

    def _news(self, faults: list[Fault]) -> list[Entry]:
        strange = [fault for fault in faults if fault.code == "strange_key"]
        if strange:
            return [_broken(strange, What.NEW_KEY)]
        fresh = [fault for fault in faults if fault.n not in self._told]
        return [_broken(fresh)] if fresh else []

    async def _look(self, chain: Chain, each: Callable[[Entry], None] = lambda entry: None) -> tuple[Chain, list[str]]:
        files = in_order(await self.folder.names(AREA))
        for start in range(0, len(files), LOG_FILES_AT_ONCE):
            some = files[start : start + LOG_FILES_AT_ONCE]
            for name, data in zip(some, await asyncio.gather(*(_read(self.folder, name) for name in some)), strict=True):
                for entry in chain.take(name, data or b""):
                    each(entry)
        return chain, files

    # -- reading -----------------------------------------------------------------------------------------------------------
    async def page(self, before: int = 0, kind: str = "", pupil: str = "", most: int = PAGE) -> dict[str, Any]:
        """Entries newest first, those before number `before` (0: the newest), of one kind or pupil alone where one is named."""
        found: list[Entry] = []
        for name in reversed(in_order(await self.folder.names(AREA))):
            lines = (await _read(self.folder, name) or b"").split(b"\n")
            entries = [entry for line in reversed(lines) if (entry := opened(line)) is not None]
            found += [entry for entry in entries if (not before or entry["n"] < before) and _wanted(entry, kind, pupil)]
            if len(found) > most:
                break
        return {"entries": [_shown(entry) for entry in found[:most]], "more": len(found) > most}

    async def state(self, seen: Head | None = None) -> dict[str, Any]:
        """Whether all of it is as it was written, by this hub's own memory, and by what a device has `seen` at its end before."""
        async with self._turn:
            await self._begin()
            head = self._head
        chain, _ = await self._look(Chain(self._key, seen.n if seen else 0))
        chain.end(head)
        faults = [fault.sentence for fault in chain.faults]
        replaced = bool(seen and seen.n and chain.found != seen.hash)
        if seen and replaced:
            faults.append(f"entry {seen.n} is not the one that this device has seen: {OTHER}")
        return {"faults": faults[-MOST_FAULTS:], "replaced": replaced, "head": {"n": head.n, "hash": head.hash}}


def subkey(vault: Vault) -> bytes:
    """What lines are signed with: a person who learns it cannot make tokens or links with it."""
    return bytes.fromhex(vault.mac("audit log"))


def acts_in(segment: Segment) -> Iterable[tuple[Op, Act]]:
    """Those changes that are acts."""
    said: dict[str, dict[str, Any]] = {}
    found = [op for op in segment.ops if is_audited(op.entity)]
    for op in found:
        said.setdefault(op.entity, {})[op.field] = op.value
    for op in found:
        if (act := act_of(segment.partition, op.entity, op.field, op.value, said[op.entity])) is not None:
            yield op, act


def _author(op: Op) -> Facts:
    return {"device": an_id(op.writer.partition(".")[0])} | ({"staff": an_id(op.author)} if op.author else {})


def _entry(act: Act, who: Facts) -> Entry:
    return {"what": str(act.what), "who": dict(who), "about": dict(act.about), "why": act.why}


def _of_change(one: Arrived) -> Entry:
    return _entry(one.act, one.who) | {"by": dict(one.by), "said_at": one.stamp[0], "op": one.op}


def number_in(key: object) -> int:
    """The number at the end of a fault's key."""
    found = str(key).rpartition(" ")[2]
    return int(found) if found.isdecimal() else 0


def _broken(faults: list[Fault], what: What = What.LOG_BROKEN) -> Entry:
    return _entry(Act(what, {"found": [fault.key for fault in faults[:MOST_FAULTS]]}), HUB)


def _wanted(entry: Entry, kind: str, pupil: str) -> bool:
    return (not kind or entry["what"] in ACTS_OF_KIND.get(kind, ())) and (not pupil or entry["about"].get("pupil") == pupil)


def _shown(entry: Entry) -> Mapping[str, Any]:
    return {key: value for key, value in entry.items() if key not in {"mac", "before", "op"}}


async def _read(folder: Any, name: str) -> bytes | None:
    """None for what is not there or cannot be read whole; a folder that does not answer is another thing, and raises."""
    try:
        data: bytes = await folder.get(name)
        return data
    except (MissingName, BadBytes):
        return None
