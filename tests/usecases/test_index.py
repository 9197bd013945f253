"""The index says what a look at everything would say, whatever has happened: two devices, wrong clocks, midnight, and all that
is deleted, leaves or comes back."""

import asyncio
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from app.domain.evidence.observations import Observation
from app.domain.plans.targets import Target
from app.domain.progress.change import change, series
from app.domain.register.people import Pupil
from app.usecases.session.index import Index, PerPupil, Seen
from app.usecases.session.school import School, local_day
from storage import media as pieces
from storage.folder.memory import Memory
from storage.ops import Change
from storage.store import Store, SyncState
from storage.sync import sync

PUPILS, TARGETS, IDENTS = ["a" * 32, "b" * 32, "c" * 32], ["1" * 31, "2" * 31], [f"{n:032x}" for n in range(6)]
PICTURES = [f"{n:032x}" for n in range(20, 23)]
HOUR = 3_600_000
STARTS = [
    1_795_000_000_000,
    1_795_132_740_000,
    1_792_900_000_000,
]  # ms UTC: a school day, before midnight, when the clock goes back
ORDER = [SyncState.NEEDS_YOU, SyncState.TABLET, SyncState.SENDING, SyncState.FOLDER]


# -- what a look at everything says: the desk of the first version, word by word -----------------------------------------------
def state(store: Store, one: Observation) -> SyncState:
    entities = [f"observation:{one.id}", *(f"media:{m}" for m in one.media)]
    return min((store.state_of(entity) for entity in entities), key=ORDER.index)


def held(store: Store, school: School) -> list[Observation]:
    return [one for one in school.observations() if state(store, one) is not SyncState.FOLDER]


def targets(school: School, pupil: str) -> list[Target]:
    used = [t for one in school.observations(pupil) for t in one.targets]
    return sorted(school.targets(pupil), key=lambda t: -used.count(t.id))


def not_seen(school: School, pupils: Sequence[Pupil], now: int, days: int) -> list[tuple[Pupil, Target, int | None]]:
    found = []
    for pupil in pupils:
        seen = school.observations(pupil.id)
        for target in school.targets(pupil.id):
            last = next((o.at for o in seen if target.id in o.targets and o.at <= now), None)
            gone = None if last is None else (now - last) // 86_400_000
            if gone is None or gone >= days:
                found.append((pupil, target, gone))
    return sorted(found, key=lambda row: -(10_000 if row[2] is None else row[2]))


def today(store: Store, school: School, now: int) -> tuple[int, ...]:
    states = [state(store, one) for one in school.observations() if local_day(one.at) == local_day(now)]
    return (len(states), *(states.count(s) for s in (SyncState.FOLDER, SyncState.SENDING, SyncState.TABLET, SyncState.NEEDS_YOU)))


def seen(pupil: str, ident: str, at: int = STARTS[0]) -> list[Change]:
    facts = {"at": at, "review": "new", "targets": [TARGETS[0]], "by": "d" * 32}
    return [Change(pupil, f"observation:{ident}", key, value) for key, value in facts.items()]


def picture(number: int) -> dict[str, bytes]:
    return pieces.chunks(PUPILS[number % 3], bytes([number]))


def pictured(number: int) -> list[Change]:
    """The moment of this number has its picture, which says so too."""
    pupil, media = PUPILS[number], f"media:{PICTURES[number]}"
    facts = {"observation": IDENTS[number], "chunks": pieces.hashes(picture(number))}
    listed = Change(pupil, f"observation:{IDENTS[number]}", "media", [PICTURES[number]])
    return [listed, *(Change(pupil, media, key, value) for key, value in facts.items())]


# -- random histories ----------------------------------------------------------------------------------------------------------
@dataclass
class History:
    """Two devices and a folder; the index of the first is compared after every step."""

    at: int
    disks: list[Memory] = field(default_factory=lambda: [Memory(), Memory()])
    stores: list[Store] = field(default_factory=list)
    folder: Memory = field(default_factory=Memory)
    made: int = 0

    def now(self) -> int:
        return self.at

    def dice(self, size: int) -> bytes:
        self.made += 1
        return self.made.to_bytes(size, "big")

    async def open(self, who: int) -> None:
        store = await Store.open(self.disks[who], now=self.now, random=self.dice)
        self.stores[who : who + 1] = [store]
        if who == 0:
            self.school = School(store)
            self.index = Index(store, self.school, self.now)

    async def begin(self) -> None:
        """Two targets, and a moment with its picture, of each pupil; on both devices and in the folder."""
        await self.open(0)
        await self.open(1)
        for number, pupil in enumerate(PUPILS):
            await self.stores[0].write([Change(pupil, f"target:{one}{number}", "status", "live") for one in TARGETS])
            await self.stores[0].write([Change(pupil, f"target:{one}{number}", "pupil", pupil) for one in TARGETS])
            await self.stores[0].write([Change(pupil, f"pupil:{pupil}", "name", f"Pupil {number}")])
            await self.stores[0].write([*seen(pupil, IDENTS[number], self.at - HOUR), *pictured(number)], picture(number))
        await self.both()

    async def both(self) -> None:
        for who in (0, 1, 0):
            await sync(self.stores[who], self.folder)

    async def take(self, step: tuple[Any, ...]) -> None:
        self.at += 1
        match step:
            case ("write", who, changes, media):
                await self.stores[who].write(changes, media)
            case ("later", ms):
                self.at += ms
            case ("sync", who):
                await sync(self.stores[who], self.folder)
            case ("both",):
                await self.both()
            case ("seal", who):
                await self.stores[who].seal()
            case ("drop", pupil):
                await self.stores[0].drop(pupil)
            case ("again",):
                await self.stores[0].save_view()
                await self.open(0)
            case ("refused",):
                self.stores[0].refused.update(sorted(self.stores[0].waiting)[:1])

    def compare(self) -> None:
        store, school, index = self.stores[0], self.school, self.index
        for pupil in PUPILS:
            assert index.targets(pupil) == targets(school, pupil)
            for target in school.targets(pupil, live=False):
                points = series(school.observations(target.pupil), target.id)
                assert list(index.series(target)) == points and index.change_of(target) == change(points)
        for days in (0, 21):
            assert index.not_seen(school.pupils(), days) == not_seen(school, school.pupils(), self.at, days)
        assert index.queue() == school.queue()
        assert index.unsent() == held(store, school)
        shown = index.today()
        assert (shown.recorded, shown.folder, shown.sending, shown.tablet, shown.needs_you) == today(store, school, self.at)


@st.composite
def moment(draw: st.DrawFn, at: int) -> tuple[Any, ...]:
    """A moment of one pupil, or another word on one that is there; the clock may say what it likes."""
    number = draw(st.integers(0, len(IDENTS) - 1))
    pupil, entity = PUPILS[number % 3], f"observation:{IDENTS[number]}"
    when = at + draw(st.sampled_from([0, -HOUR, HOUR, -24 * HOUR, -22 * 24 * HOUR, 90 * 365 * 24 * HOUR]))
    chosen = [f"{one}{number % 3}" for one in draw(st.lists(st.sampled_from(TARGETS), max_size=3))]
    level = draw(st.sampled_from(["gesture", "independent", "?"]))
    facts: dict[str, object] = {"review": draw(st.sampled_from(["new", "queried", "approved", "hidden", 5])), "by": "d" * 32}
    facts |= {"at": max(when, 0), "targets": chosen} | {f"rating.{target}": {"help": level} for target in chosen}
    facts |= draw(st.sampled_from([{}, {}, {"deleted": True}, {"deleted": False}]))
    changes = [Change(pupil, entity, key, value) for key, value in facts.items()]
    changes.append(Change(pupil, entity, "note", draw(st.sampled_from(["swam", "asked", "went"])), text=True))
    if number in range(3):
        changes += draw(st.sampled_from([[], pictured(number), [Change(pupil, entity, "media", [])]]))
    return ("write", draw(st.integers(0, 1)), changes, picture(number))


@st.composite
def around(draw: st.DrawFn) -> tuple[Any, ...]:
    """What is known of a pupil: name, class or none, targets that begin, end or go, and a picture that is looked at anew."""
    at = draw(st.integers(0, 2))
    pupil, target = PUPILS[at], f"target:{draw(st.sampled_from(TARGETS))}{at}"
    found = [
        Change(pupil, f"pupil:{pupil}", "name", draw(st.sampled_from(["Amira", "Leo"]))),
        Change(pupil, f"pupil:{pupil}", "deleted", draw(st.booleans())),
        Change("school", f"membership:{pupil}", "class_id", draw(st.sampled_from(["oak", "elm", ""]))),
        Change(pupil, target, "pupil", pupil),
        Change(pupil, target, "status", draw(st.sampled_from(["live", "met", "dropped", 7]))),
        Change(pupil, target, "deleted", draw(st.booleans())),
        Change(pupil, f"media:{PICTURES[at]}", "visible", [pupil]),
        Change(pupil, f"media:{PICTURES[at]}", "deleted", draw(st.booleans())),
    ]  # fmt: skip
    return ("write", draw(st.integers(0, 1)), draw(st.lists(st.sampled_from(found), min_size=1, max_size=4)), {})


def steps(at: int) -> st.SearchStrategy[list[tuple[Any, ...]]]:
    who, later = st.integers(0, 1), st.sampled_from([HOUR, 24 * HOUR, 21 * 24 * HOUR, -HOUR])
    of_one = [st.tuples(st.just(what), who) for what in ("sync", "seal")]
    plain = st.sampled_from([("both",), ("again",), ("refused",)])
    drop, wait = st.tuples(st.just("drop"), st.sampled_from(PUPILS)), st.tuples(st.just("later"), later)
    return st.lists(st.one_of(moment(at), moment(at), around(), *of_one, plain, drop, wait), min_size=1, max_size=8)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(STARTS).flatmap(lambda at: st.tuples(st.just(at), steps(at))))
def test_the_index_says_what_a_look_at_everything_says(history: tuple[int, list[tuple[Any, ...]]]) -> None:
    async def go() -> None:
        at, taken = history
        here = History(at)
        await here.begin()
        for step in taken:
            await here.take(step)
            here.compare()

    asyncio.run(go())


async def begun() -> History:
    here = History(STARTS[0])
    await here.begin()
    return here


async def test_two_texts_of_an_approved_moment_wait_for_a_look() -> None:
    here, entity = await begun(), f"observation:{IDENTS[0]}"
    for store, text in zip(here.stores, ("swam", "went"), strict=True):
        await store.write([Change(PUPILS[0], entity, "review", "approved"), Change(PUPILS[0], entity, "note", text, text=True)])
    await here.both()
    assert [one.id for one in here.index.queue() if one.other_notes] == [IDENTS[0]]
    here.compare()


async def test_a_picture_that_its_moment_no_longer_has_does_not_hold_the_moment_back() -> None:
    here = await begun()
    await here.stores[0].write([Change(PUPILS[0], f"observation:{IDENTS[0]}", "media", [])])
    await here.both()
    await here.stores[0].write([Change(PUPILS[number], f"media:{PICTURES[number]}", "visible", []) for number in (0, 1)])
    assert [one.id for one in here.index.unsent()] == [IDENTS[1]]
    here.compare()


async def test_evidence_of_a_clock_that_is_ahead_counts_when_its_time_has_come() -> None:
    here = await begun()
    await here.stores[0].write(seen(PUPILS[0], IDENTS[3], here.at + 30 * 24 * HOUR))
    here.at += 25 * 24 * HOUR
    target = f"{TARGETS[0]}0"
    await here.stores[0].write([Change(PUPILS[0], f"observation:{IDENTS[3]}", "targets", [target])])
    assert target in [t.id for _, t, _ in here.index.not_seen(here.school.pupils())]
    here.compare()
    here.at += 6 * 24 * HOUR
    assert target not in [t.id for _, t, _ in here.index.not_seen(here.school.pupils())]
    here.compare()


# -- what it costs, and what it keeps ------------------------------------------------------------------------------------------
def counting(make: Callable[[str], Any]) -> tuple[Callable[[str], Any], list[str]]:
    asked: list[str] = []
    return lambda pupil: (asked.append(pupil), make(pupil))[1], asked


async def small(*pupils: str) -> tuple[Store, School]:
    store = await Store.open(Memory(), now=lambda: STARTS[0])
    for number, pupil in enumerate(pupils):
        await store.write([Change(pupil, f"pupil:{pupil}", "name", "Amira"), *seen(pupil, IDENTS[number])])
    return store, School(store)


async def test_only_the_pupil_of_whom_something_changed_is_counted_again() -> None:
    store, school = await small(*PUPILS)
    make, asked = counting(lambda pupil: len(school.observations(pupil)))
    counts = PerPupil(store, ("observation",), make)
    assert [counts.of(pupil) for pupil in PUPILS] == [1, 1, 1] and asked == PUPILS
    await store.write(seen(PUPILS[1], IDENTS[5]))
    await store.write([Change(PUPILS[0], f"pupil:{PUPILS[0]}", "name", "Amira R.")])  # no observation
    assert [counts.of(pupil) for pupil in PUPILS] == [1, 2, 1] and asked == [*PUPILS, PUPILS[1]]


async def test_what_waits_is_found_without_a_look_at_every_moment(monkeypatch: pytest.MonkeyPatch) -> None:
    store, school = await small(*PUPILS)
    index = Index(store, school, lambda: STARTS[0])
    monkeypatch.setattr(School, "observations", None)
    assert [one.id for one in index.unsent()] == IDENTS[:3]


async def test_of_a_pupil_who_has_left_this_device_nothing_is_kept() -> None:
    store, school = await small(*PUPILS[:2])
    index = Index(store, school, lambda: STARTS[0])
    assert {one.pupil for one in index.queue()} == set(PUPILS[:2])
    await store.seal()
    for name in list(store.waiting):
        await store.mark_checked(name)
    await store.drop(PUPILS[0])
    assert index.seen._held.keys() == {PUPILS[1]}
    assert await store.wipe("kept", b"x", None) and index.seen._held == {} and index.queue() == []


async def test_counting_everybody_lets_others_in_between() -> None:
    store, school = await small(*PUPILS)
    index, turns = Index(store, school, lambda: STARTS[0]), []

    async def tap() -> None:
        for _ in PUPILS:
            turns.append(len(index.seen._held))
            await asyncio.sleep(0)

    await asyncio.gather(index.warm(), tap())
    assert turns == [1, 2, 3] and index.seen._held.keys() == set(PUPILS)


@given(st.lists(st.integers(0, 9)), st.integers(0, 9))
def test_the_last_evidence_is_the_last_that_is_not_in_the_future(times: list[int], now: int) -> None:
    found = Seen({"t": tuple(sorted(times))}, {}, ()).last_at("t", now)
    assert found == max((at for at in times if at <= now), default=None) and Seen({}, {}, ()).last_at("t", now) is None
