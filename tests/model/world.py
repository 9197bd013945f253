"""A small world over the real code: three tablets and a school's folder, and all that may befall them, step by step.

A schedule is a list of lines, so that one that broke something can be written down and played again:

    write 0 a note        device 0 writes a field of child a ("note" is a text; "shot" is a field with a picture)
    sync 1                a round; `leave 1` is a round in which child b has left the device's scope
    seal 0 | close 0 | look 0    seal the journal | leave in order and start again | look at every picture
    fault torn            befalls the next put into the folder (see Faulty)
    kill 0 | dark 0 3 middle | full 0 500    killed | dark at the 3rd change of its disk from now | room for 500 more bytes
    clock 0 -900 | still  its clock is so many ms off | time stands still for everybody, or goes on
    save 0 | restore 0    a backup of the tablet | the tablet is that backup again
    rot 4 | rothere 0 4   a flipped bit in a file of the folder | of the tablet, where the bytes are held elsewhere
    rotall 4              a flipped bit in every copy of a file, where the view of a tablet knows what was in it
    copy 2                a cloud drive's conflict copy
    stale 3               the next listing lacks a file that is there
    days 8                so many days pass
    compact 0             device 0 folds its files, and deletes what it folded long enough ago; `fortnight 0`: for two weeks
    shed 0                pictures that the folder holds leave device 0
    erase 0 a             device 0 writes the order to erase child a
    wipe                  the keeper of the folder obeys the orders that are in it
    evict 0               the browser forgets everything of device 0, which begins anew
    clone 0 1             device 1 becomes a copy of device 0, and both go on
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress

from storage import compaction, erasure, retention
from storage.errors import BadBytes, Erased, StoreFull, Unreachable
from storage.library import Library
from storage.ops import Change
from storage.replica import Replica
from storage.store import Pending, Store, SyncState
from storage.sync import sync
from tests.model.things import Device, Saved, SchoolFolder, Tablet, covered_by_view
from tests.storage.parts import AMIRA, BEN, PulledPlug, picture, whole

CHILDREN = {"a": AMIRA, "b": BEN}
DEVICES = 3
KEEPER = "9" * 16
A_DAY = 24 * 60 * 60 * 1000
START = 1_790_000_000_000  # ms UTC, in 2026
IN_1970, IN_2106 = -START, 2_520_000_000_000  # clocks that are as wrong as can be
FAULTS = ("fail", "torn", "torn_told", "lost_ack", "lie", "late")


class World:
    def __init__(self, seed: int = 0) -> None:
        self.dice = random.Random(seed)
        self.folder = SchoolFolder()
        self.devices: list[Device] = []
        self.now, self.count, self.still = START, 0, False
        self.saved: dict[str, Saved] = {}
        self.tried: set[object] = set()  # every value that anybody ever tried to write

    # -- playing -----------------------------------------------------------------------------------------------------------
    async def play(self, schedule: Sequence[str]) -> None:
        """Raises AssertionError where a promise is broken, during the schedule or after everything was repaired."""
        for number in range(DEVICES):
            disk = Tablet()
            self.devices.append(Device(disk, await self.opened(number, disk)))
        await self.keeper().write([Change("school", "school:settings", "name", "Oak School")])
        self.folder.meant |= self.folder.files
        for line in schedule:
            self.now += not self.still
            verb, *words = line.split()
            await getattr(self, f"do_{verb}")(*(int(word) if word.lstrip("-").isdecimal() else word for word in words))
            self.look_around()
        await self.repair()
        self.judge()

    async def opened(self, number: int, disk: Tablet) -> Store:
        def now() -> int:
            return self.now + (self.devices[number].offset if number < len(self.devices) else 0)

        store = await Store.open(disk, now=now, random=self.dice.randbytes)
        store.speaks_for_all = number == 0
        return store

    def keeper(self) -> Replica:
        """Who looks after the folder, as a hub does."""
        return Replica(self.folder, KEEPER, lambda: self.now, self.dice.randbytes)

    async def start_again(self, number: int, files: dict[str, bytes] | None = None) -> None:
        device = self.devices[number]
        mine = [saved for saved in self.saved.values() if saved.by == number and files is None]
        only_here = [saved for saved in mine if device.store.state_of(saved.op.entity) is not SyncState.FOLDER]
        device.disk = Tablet(device.disk.files if files is None else files)
        device.store = await self.opened(number, device.disk)
        others = [self.folder_state(), *(other.store.library for other in self.devices if other is not device)]
        for saved in only_here:
            if saved.partition not in device.store.erased and not any(self.stands(saved, library) for library in others):
                whole_there = saved.media.keys() <= self.folder.whole()  # then it may have rotted here
                self.judge_saved(saved, device, f"after device {number} started again", media=not whole_there)

    async def act(self, number: int, work: Callable[[], object]) -> bool:
        """Whether the device came to the end of it; when it went dark, it starts again."""
        device, done = self.devices[number], False
        try:
            await work()  # type: ignore[misc]
            done = True
        except PulledPlug:
            await self.start_again(number)
        except (Unreachable, StoreFull, Erased):
            pass
        if device.disk is self.devices[number].disk:
            device.disk.left, device.disk.room = -1, None
        return done

    # -- what may happen ---------------------------------------------------------------------------------------------------
    async def do_write(self, number: int, child: str, what: str) -> None:
        self.count += 1
        store, partition = self.devices[number].store, CHILDREN[child]
        entity, text, value = f"x:{child}{self.count % 2}", what == "note", f"{what} {self.count}"
        shot = picture(value.encode() * 9, partition) if what == "shot" else {}
        self.tried.add(value)
        if await self.act(number, lambda: store.write([Change(partition, entity, what, value, text)], shot)):
            slot = store.library.field(partition, entity, what)
            assert slot and value in [op.value for op in slot.standing()], f"I6: {value} lost to what was seen"
            assert text or slot.value() == value, f"I6: {value} is not what is shown"
            op = next(op for op in slot.standing() if op.value == value)
            if partition not in self.erased:  # else the order is on its way here
                self.saved[op.id] = Saved(number, partition, op, shot)

    async def do_sync(self, number: int) -> None:
        await self.act(number, lambda: sync(self.devices[number].store, self.folder))

    async def do_leave(self, number: int) -> None:
        if self.all_held(without=number):
            await self.act(number, lambda: sync(self.devices[number].store, self.folder, scope=lambda p: p != BEN))

    async def do_seal(self, number: int) -> None:
        await self.act(number, self.devices[number].store.seal)

    async def do_close(self, number: int) -> None:
        await self.act(number, self.devices[number].store.close)
        await self.start_again(number)

    async def do_look(self, number: int) -> None:
        """Look at every picture that is here: one that has rotted is noticed."""
        store = self.devices[number].store
        for name in await store.disk.names("p/"):
            if "/media/" in name:
                with suppress(BadBytes):
                    await store.media(name.split("/")[1], [name[-32:]])

    async def do_fault(self, kind: str) -> None:
        self.folder.faults.append(kind)

    async def do_kill(self, number: int) -> None:
        await self.start_again(number)

    async def do_dark(self, number: int, at: int, when: str) -> None:
        self.devices[number].disk.left, self.devices[number].disk.when = at, when

    async def do_full(self, number: int, room: int) -> None:
        if not any("/media/" in name for name in self.folder.rotted):  # see do_rot
            self.devices[number].disk.room = room

    async def do_clock(self, number: int, offset: int) -> None:
        self.devices[number].offset = offset

    async def do_still(self) -> None:
        self.still = not self.still

    async def do_save(self, number: int) -> None:
        self.devices[number].backup = dict(self.devices[number].disk.files)

    async def do_restore(self, number: int) -> None:
        if self.devices[number].backup:
            await self.becomes(number, self.devices[number].backup)

    async def do_evict(self, number: int) -> None:
        await self.becomes(number, {})

    async def do_clone(self, number: int, other: int) -> None:
        await self.becomes(other, dict(self.devices[number].disk.files))

    async def becomes(self, number: int, files: dict[str, bytes]) -> None:
        """What was only saved here is lost with the device, and nothing else: that is what "checked" is for."""
        if not self.all_held(without=number, but=files):
            return
        store = self.devices[number].store
        mine = [saved for saved in self.saved.values() if saved.by == number]
        checked = {saved.op.id for saved in mine if store.state_of(saved.op.entity) is SyncState.FOLDER}
        await self.start_again(number, files)
        holder = {op.id: n for n, device in enumerate(self.devices) for _, op in device.store.library.ops()}
        for saved in mine:
            saved.by = holder.get(saved.op.id, number)
            if saved.op.id not in holder.keys() | self.ids_in_folder() | checked:
                del self.saved[saved.op.id]

    async def do_rot(self, pick: int) -> None:
        held = sorted(n for n, data in self.folder.files.items() if whole(n, data) and self.holders(n) and KEEPER not in n)
        if any(device.disk.room is not None for device in self.devices):
            held = [name for name in held if "/media/" not in name]  # what is checked makes room: two faults would meet
        if held:
            self.folder.rot(held[pick % len(held)])
            self.folder.rotted.add(held[pick % len(held)])

    async def do_rothere(self, number: int, pick: int) -> None:
        files = self.devices[number].disk.files
        elsewhere = self.folder.whole() - self.folder.hidden.keys()
        held = sorted(n for n, data in files.items() if n in elsewhere and whole(n, data))
        if held:
            name = held[pick % len(held)]
            files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])

    async def do_rotall(self, pick: int) -> None:
        """Nobody has the bytes any more; but the saved view of a tablet knows what was in them (I13)."""
        names = sorted(n for n in self.folder.whole() if "/media/" not in n and KEEPER not in n and self.knowers(n))
        if names:
            name = names[pick % len(names)]
            self.folder.rotted.add(name)
            for files in (self.folder.files, *(device.disk.files for device in self.devices)):
                if name in files:
                    files[name] = files[name][:-1] + bytes([files[name][-1] ^ 1])

    async def do_copy(self, pick: int) -> None:
        for name in sorted(self.folder.files)[pick : pick + 1]:
            self.folder.files[f"{name} (conflicted copy)"] = self.folder.files[name]

    async def do_stale(self, pick: int) -> None:
        for name in sorted(self.folder.files)[pick : pick + 1]:
            self.folder.hidden[name] = 1

    async def do_days(self, number: int) -> None:
        self.now += number * A_DAY

    async def do_compact(self, number: int) -> None:
        await self.act(number, lambda: compaction.compact(self.devices[number].store, self.folder, least=2))

    async def do_fortnight(self, number: int) -> None:
        """Two weeks of which device 0 looks after its files every other day."""
        for _ in range(7):
            self.now += 2 * A_DAY
            await self.do_compact(number)

    async def do_shed(self, number: int) -> None:
        await self.act(number, lambda: retention.shed(self.devices[number].store, self.folder, days=0))

    async def do_erase(self, number: int, child: str) -> None:
        store, ident = self.devices[number].store, CHILDREN[child]
        ordered = [Change("school", f"{erasure.KIND}:{ident}", "at", self.now)]
        await self.act(number, lambda: store.write(ordered))
        slot = self.devices[number].store.library.field("school", ordered[0].entity, "at")
        if slot and slot.plain:  # also when it was not acknowledged any more: then it counts all the same
            self.saved[slot.plain.id] = Saved(number, "school", slot.plain, {})
            for gone in [op_id for op_id, saved in self.saved.items() if saved.partition == ident]:
                del self.saved[gone]

    async def do_wipe(self) -> None:
        keeper = self.keeper()
        await keeper.refresh()
        for ident in erasure.erased(keeper.library):
            await erasure.wipe(self.folder, ident)

    # -- looking -----------------------------------------------------------------------------------------------------------
    def holders(self, name: str) -> list[int]:
        return [n for n, device in enumerate(self.devices) if whole(name, device.disk.files.get(name, b""))]

    def knowers(self, name: str) -> list[int]:
        """The tablets that would know what was in a file, had they only the snapshot of their view."""
        return [n for n, device in enumerate(self.devices) if name in covered_by_view(device.disk.files)]

    def all_held(self, without: int, but: dict[str, bytes] | None = None) -> bool:
        """Whether every spoilt file of the folder is whole on a device other than this: else two faults meet in one file."""
        spoilt = {name for name in self.folder.rotted if name.split("/")[1] not in self.erased}
        return all({*self.holders(n), *self.knowers(n)} - {without} or whole(n, (but or {}).get(n, b"")) for n in spoilt)

    @property
    def erased(self) -> set[str]:
        """Children whom somebody ordered to be erased, and the order is not lost."""
        return {saved.op.entity.partition(":")[2] for saved in self.saved.values() if saved.partition == "school"}

    def ids_in_folder(self) -> set[str]:
        """Ids of the ops that are in the folder, or were until somebody spoilt the file."""
        there = {n for n in self.folder.whole() | self.folder.rotted if "/media/" not in n}
        return {op.id for name in there for op in self.folder.ops_of(name)}

    def look_around(self) -> None:
        """I4: what is called "in the school folder" is there with the right bytes, unless they were spoilt later; I9: who knows
        of an order has obeyed it; I13: nobody says again what can be read."""
        there, files = self.folder_state(), self.folder.whole() | self.folder.rotted
        for saved in self.saved.values():
            store = self.devices[saved.by].store
            slot = store.library.field(saved.partition, saved.op.entity, saved.op.field)
            known = slot is not None and saved.op.id in {op.id for op in slot.standing()}
            if known and store.state_of(saved.op.entity) is SyncState.FOLDER:
                assert self.stands(saved, there), f"I4: {saved.op.value} is said to be in the folder"
                assert saved.media.keys() <= files, f"I4: the picture of {saved.op.value} is said to be in the folder"
        for number, device in enumerate(self.devices):
            for ident in erasure.erased(device.store.library):
                assert not self.traces(device.disk.files, ident), f"I9: device {number} still has {ident[:1]}"
        assert not self.folder.said_again, f"I13: said again though it can be read: {self.folder.said_again}"

    def folder_state(self) -> Library:
        """What the folder would show, had nobody spoilt a file."""
        library = Library()
        for name in self.folder.whole() | self.folder.rotted:
            for op in () if "/media/" in name else self.folder.ops_of(name):
                library.apply(name.split("/")[1], op)
        return library

    @staticmethod
    def stands(saved: Saved, library: Library) -> bool:
        """Whether the op, or one that rightly stands in its place, is in the library."""
        op, slot = saved.op, library.field(saved.partition, saved.op.entity, saved.op.field)
        if slot is None:
            return False
        if op.text:
            return op.id in slot.texts or op.id in slot.replaced
        return slot.plain is not None and slot.plain.order >= op.order

    @staticmethod
    def traces(files: dict[str, bytes], ident: str) -> set[str]:
        return {name for name in files if name.startswith((f"p/{ident}/", f"p/{ident}.office/"))}

    # -- the end -----------------------------------------------------------------------------------------------------------
    async def repair(self) -> None:
        """No more faults; the keeper takes away what is spoilt, everybody may speak for all, and days go by."""
        self.folder.faults, self.folder.hidden = [], {}
        for name in self.folder.files.keys() - self.folder.whole():
            await self.folder.delete(name)
        for _ in range(2):
            for number, device in enumerate(self.devices):
                device.offset, device.disk.left, device.disk.room = 0, -1, None
                await self.start_again(number)
            for _ in range(3):
                for number, device in enumerate(self.devices):
                    device.store.speaks_for_all = True
                    await sync(device.store, self.folder)
                    await self.do_look(number)
                self.now += 2 * A_DAY
            await self.do_wipe()

    def judge(self) -> None:
        for number, device in enumerate(self.devices):
            assert device.store.pending() == Pending(0, 0), f"device {number} still waits: {device.store.waiting}"
            for saved in self.saved.values():
                self.judge_saved(saved, device, f"on device {number}")
            for ident in self.erased:
                left = self.traces(device.disk.files, ident) | self.traces(self.folder.files, ident)
                assert not left and ident not in device.store.library.partitions(), f"I9: {ident[:1]} came back"
            for partition, op in device.store.library.ops():
                assert partition == "school" or op.value in self.tried, "a value that nobody wrote"
        views = [self.view(device.store) for device in self.devices]
        assert views[0] == views[1] == views[2], f"I5: the devices differ: {views}"

    def judge_saved(self, saved: Saved, device: Device, where: str, media: bool = True) -> None:
        op = saved.op
        assert self.stands(saved, device.store.library), f"I7: {op.value} is lost {where}"
        for name, data in saved.media.items() if media else ():
            spoilt = name in self.folder.rotted and self.holders(name)
            away = name in device.store.shed and (spoilt or name in self.folder.whole())
            assert away or device.disk.files.get(name) == data, f"I7: the picture of {op.value} is lost {where}"

    @staticmethod
    def view(store: Store) -> dict[tuple[str, str], dict[str, object]]:
        return {(d["partition"], d["entity"]): dict(d) for d in store.library.documents("x")}


# -- schedules ---------------------------------------------------------------------------------------------------------------
WEIGHTS = {
    "write": 9, "sync": 9, "fault": 4, "dark": 3, "kill": 1, "seal": 1, "close": 1, "look": 1, "full": 2, "clock": 2, "save": 2,
    "restore": 2, "rot": 1, "rothere": 1, "rotall": 1, "copy": 1, "leave": 1, "still": 1, "stale": 2, "days": 3, "compact": 4,
    "fortnight": 3, "shed": 1, "erase": 1, "wipe": 1, "evict": 1, "clone": 1,
}  # fmt: skip


def schedule_of(seed: int, longest: int = 40) -> list[str]:
    """A made-up schedule. Each leaves out about half of the verbs, so that rare things meet more often."""
    dice = random.Random(seed)
    verbs = [verb for verb in WEIGHTS if verb in {"write", "sync"} or dice.random() < 0.5]
    chosen = dice.choices(verbs, [WEIGHTS[verb] for verb in verbs], k=dice.randint(6, longest))
    return [line_of(verb, dice) for verb in chosen]


def line_of(verb: str, dice: random.Random) -> str:
    number = dice.randrange(DEVICES)
    match verb:
        case "write":
            return f"write {number} {dice.choice('ab')} {dice.choice(['note', 'level', 'level', 'shot'])}"
        case "fault":
            return f"fault {dice.choice(FAULTS)}"
        case "dark":
            return f"dark {number} {dice.randrange(9)} {dice.choice(['before', 'middle', 'after'])}"
        case "full":
            return f"full {number} {dice.randrange(0, 1_500, 50)}"
        case "clock":
            return f"clock {number} {dice.choice([IN_1970, -100_000, -50, -1, 0, 50, 100_000, IN_2106])}"
        case "days":
            return f"days {dice.choice([1, 2, 8])}"
        case "erase":
            return f"erase {number} {dice.choice('ab')}"
        case "clone":
            return f"clone {number} {(number + dice.randrange(1, DEVICES)) % DEVICES}"
        case "rot" | "rotall" | "copy" | "stale":
            return f"{verb} {dice.randrange(10)}"
        case "rothere":
            return f"rothere {number} {dice.randrange(10)}"
        case "still" | "wipe":
            return verb
        case _:
            return f"{verb} {number}"


def broken(schedule: Sequence[str], seed: int = 0) -> str:
    """What a schedule breaks, or nothing."""
    try:
        asyncio.run(World(seed).play(schedule))
    except AssertionError as told:
        return str(told) or "an assertion"
    return ""


def shrunk(schedule: Sequence[str], seed: int = 0) -> list[str]:
    """The schedule without the lines that are not needed to break it."""
    left = list(schedule)
    at = len(left)
    while at:
        at -= 1
        shorter = left[:at] + left[at + 1 :]
        if broken(shorter, seed):
            left = shorter
            at = min(at, len(left))
    return left
