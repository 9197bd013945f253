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
    copy 2                a cloud drive's conflict copy
"""

import asyncio
import random
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field

from storage import segments
from storage.errors import BadBytes, StoreFull, Unreachable
from storage.ops import Change, Op
from storage.store import Pending, Store, SyncState
from storage.sync import sync
from tests.storage.parts import AMIRA, BEN, Faulty, Plug, PulledPlug, picture, whole

CHILDREN = {"a": AMIRA, "b": BEN}
DEVICES = 3
FAULTS = ("fail", "torn", "torn_told", "lost_ack", "lie", "late")


class Tablet(Plug):
    """A disk that can go dark, and be full."""

    room: int | None = None

    def fits(self, size: int) -> bool:
        if self.room is None:
            return True
        self.room -= size if size <= self.room else 0
        return size <= self.room

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        if not self.fits(len(data)):
            raise StoreFull(name)
        return await super().put(name, data, nonce)

    async def replace(self, name: str, data: bytes) -> None:
        if not self.fits(len(data)):
            raise StoreFull(name)
        await super().replace(name, data)

    async def append(self, name: str, data: bytes) -> None:
        if not self.fits(len(data)):
            await super().append(name, data[: len(data) // 2])
            raise StoreFull(name)
        await super().append(name, data)


class SchoolFolder(Faulty):
    """The folder, with what was meant to be in it."""

    def __init__(self) -> None:
        super().__init__()
        self.meant: dict[str, bytes] = {}
        self.rotted: set[str] = set()

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        self.meant[name] = data
        self.rotted.discard(name)
        return await super().put(name, data, nonce)


@dataclass
class Device:
    disk: Tablet
    store: Store
    offset: int = 0
    backup: dict[str, bytes] = field(default_factory=dict)


@dataclass
class Saved:
    """An op that was acknowledged: `by` whom, and the picture that came with it."""

    by: int
    partition: str
    op: Op
    media: dict[str, bytes]


class World:
    def __init__(self, seed: int = 0) -> None:
        self.dice = random.Random(seed)
        self.folder = SchoolFolder()
        self.devices: list[Device] = []
        self.now, self.count, self.still = 10_000, 0, False
        self.saved: dict[str, Saved] = {}
        self.tried: set[object] = set()  # every value that anybody ever tried to write

    # -- playing -----------------------------------------------------------------------------------------------------------
    async def play(self, schedule: Sequence[str]) -> None:
        """Raises AssertionError where a promise is broken, during the schedule or after everything was repaired."""
        for number in range(DEVICES):
            disk = Tablet()
            self.devices.append(Device(disk, await self.opened(number, disk)))
        for line in schedule:
            self.now += not self.still
            verb, *words = line.split()
            await getattr(self, f"do_{verb}")(*(int(word) if word.lstrip("-").isdecimal() else word for word in words))
            self.look_at_the_folder()
        await self.repair()
        self.judge()

    async def opened(self, number: int, disk: Tablet) -> Store:
        def now() -> int:
            return self.now + (self.devices[number].offset if number < len(self.devices) else 0)

        return await Store.open(disk, now=now, random=self.dice.randbytes)

    async def start_again(self, number: int, files: dict[str, bytes] | None = None) -> None:
        device = self.devices[number]
        mine = [saved for saved in self.saved.values() if saved.by == number and files is None]
        only_here = [saved for saved in mine if device.store.state_of(saved.op.entity) is not SyncState.FOLDER]
        device.disk = Tablet(device.disk.files if files is None else files)
        device.store = await self.opened(number, device.disk)
        for saved in only_here:
            if saved.op.id not in self.ids_in_folder():
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
        except (Unreachable, StoreFull):
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
        self.devices[number].disk.room = room

    async def do_clock(self, number: int, offset: int) -> None:
        self.devices[number].offset = offset

    async def do_still(self) -> None:
        self.still = not self.still

    async def do_save(self, number: int) -> None:
        self.devices[number].backup = dict(self.devices[number].disk.files)

    async def do_restore(self, number: int) -> None:
        """What was only saved here is lost with the device, and nothing else: that is what "checked" is for."""
        device = self.devices[number]
        if not device.backup or not self.all_held(without=number, but=device.backup):
            return
        gone = [saved for saved in self.saved.values() if saved.by == number]
        checked = {saved.op.id for saved in gone if device.store.state_of(saved.op.entity) is SyncState.FOLDER}
        await self.start_again(number, device.backup)
        left = {op.id for other in self.devices for _, op in other.store.library.ops()} | self.ids_in_folder()
        for saved in gone:
            if saved.op.id not in left | checked:
                del self.saved[saved.op.id]

    async def do_rot(self, pick: int) -> None:
        held = sorted(n for n, data in self.folder.files.items() if whole(n, data) and self.holders(n))
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

    async def do_copy(self, pick: int) -> None:
        for name in sorted(self.folder.files)[pick : pick + 1]:
            self.folder.files[f"{name} (conflicted copy)"] = self.folder.files[name]

    # -- looking -----------------------------------------------------------------------------------------------------------
    def holders(self, name: str) -> list[int]:
        return [n for n, device in enumerate(self.devices) if whole(name, device.disk.files.get(name, b""))]

    def all_held(self, without: int, but: dict[str, bytes] | None = None) -> bool:
        """Whether every spoilt file of the folder is whole on a device other than this: else two faults meet in one file."""
        spoilt = self.folder.rotted
        return all(set(self.holders(n)) - {without} or whole(n, (but or {}).get(n, b"")) for n in spoilt)

    def ids_in_folder(self) -> set[str]:
        """Ids of the ops that are in the folder, or were until somebody spoilt the file."""
        there = {n for n in self.folder.whole() | self.folder.rotted if "/log/" in n}
        return {op.id for name in there for op in segments.decode(self.folder.meant[name]).ops}

    def look_at_the_folder(self) -> None:
        """I4: what is called "in the school folder" is there with the right bytes, unless they were spoilt later."""
        there, files = self.ids_in_folder(), self.folder.whole() | self.folder.rotted
        for saved in self.saved.values():
            if self.devices[saved.by].store.state_of(saved.op.entity) is SyncState.FOLDER:
                assert saved.op.id in there, f"I4: {saved.op.value} is said to be in the folder"
                assert saved.media.keys() <= files, f"I4: the picture of {saved.op.value} is said to be in the folder"

    # -- the end -----------------------------------------------------------------------------------------------------------
    async def repair(self) -> None:
        """No more faults; whoever holds the bytes of a spoilt file puts them again; everybody starts again and syncs."""
        self.folder.faults, self.folder.hidden = [], {}
        for name in sorted(self.folder.rotted - self.folder.whole()):
            holder = self.devices[self.holders(name)[0]]
            await self.folder.put(name, holder.disk.files[name])
        for _ in range(2):
            for number, device in enumerate(self.devices):
                device.offset, device.disk.left, device.disk.room = 0, -1, None
                await sync(device.store, self.folder)
                await self.do_look(number)
                await sync(device.store, self.folder)
                await self.start_again(number)
                await sync(self.devices[number].store, self.folder)
        for device in self.devices:
            await sync(device.store, self.folder)

    def judge(self) -> None:
        for number, device in enumerate(self.devices):
            assert device.store.pending() == Pending(0, 0), f"device {number} still waits: {device.store.waiting}"
            for saved in self.saved.values():
                self.judge_saved(saved, device, f"on device {number}")
            for _, op in device.store.library.ops():
                assert op.value in self.tried, "a value that nobody wrote"
        views = [self.view(device.store) for device in self.devices]
        assert views[0] == views[1] == views[2], f"I5: the devices differ: {views}"

    @staticmethod
    def judge_saved(saved: Saved, device: Device, where: str, media: bool = True) -> None:
        op, slot = saved.op, device.store.library.field(saved.partition, saved.op.entity, saved.op.field)
        assert slot, f"I7: {op.value} is lost {where}"
        if op.text:
            assert op.id in slot.texts or op.id in slot.replaced, f"I7: the text {op.value} is lost {where}"
        else:
            assert slot.plain and slot.plain.order >= op.order, f"I7: {op.value} is lost {where}"
        for name, data in saved.media.items() if media else ():
            assert device.disk.files.get(name) == data, f"I7: the picture of {op.value} is lost {where}"

    @staticmethod
    def view(store: Store) -> dict[tuple[str, str], dict[str, object]]:
        return {(d["partition"], d["entity"]): dict(d) for d in store.library.documents("x")}


# -- schedules ---------------------------------------------------------------------------------------------------------------
WEIGHTS = {
    "write": 9, "sync": 9, "fault": 4, "dark": 3, "kill": 1, "seal": 1, "close": 1, "look": 1, "full": 2, "clock": 2, "save": 2,
    "restore": 2, "rot": 1, "rothere": 1, "copy": 1, "leave": 1, "still": 1,
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
            return f"clock {number} {dice.choice([-100_000, -50, -1, 0, 50, 100_000])}"
        case "rot" | "copy":
            return f"{verb} {dice.randrange(10)}"
        case "rothere":
            return f"rothere {number} {dice.randrange(10)}"
        case "still":
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
