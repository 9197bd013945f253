"""What is sealed apart, and what a folder that is behind does not know yet: it waits, and holds nothing else back (promise 1)."""

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from storage import compaction, names, segments
from storage.folder.memory import Memory
from storage.groups import FIRST, PLAIN, Groups
from storage.ops import Op
from storage.store import Store, SyncState
from storage.sync import sync
from tests.storage.parts import AMIRA, change, note, op, picture, ticking

NEWEST = 3


def edition(entity: str, field: str) -> int:
    return 2 if entity.startswith("plan:") else NEWEST if field == "new" else FIRST


GROUPS = Groups(apart=lambda op: op.entity.startswith(("observation:", "media:")), edition=edition)


class Behind(Memory):
    """A folder behind a hub of an edition."""

    def __init__(self, edition: int = FIRST) -> None:
        super().__init__()
        self.edition = edition


async def opened(disk: Memory | None = None, now: Callable[[], int] | None = None) -> Store:
    return await Store.open(disk or Memory(), now=now or ticking(), groups=GROUPS)


async def sealed(store: Store) -> list[segments.Segment]:
    return [segments.read(name, await store.disk.get(name)) for name in await store.seal()]


def kinds(segment: segments.Segment) -> set[str]:
    return {op.entity.partition(":")[0] for op in segment.ops}


# -- sealing ---------------------------------------------------------------------------------------------------------------
async def test_evidence_is_sealed_apart_and_takes_its_pictures_along() -> None:
    store = await opened()
    await store.write(
        [note("a turn"), change("plan:1", "words"), change("media:1", "facts"), change("pupil:1", "Zoë")], picture()
    )
    evidence, rest = await sealed(store)
    assert (kinds(evidence), kinds(rest)) == ({"observation", "media"}, {"plan", "pupil"})
    assert len(evidence.media) == 1 and rest.media == ()
    assert (evidence.edition, rest.edition) == (FIRST, 2)


async def test_pictures_that_no_evidence_speaks_of_go_with_what_there_is() -> None:
    store = await opened()
    await store.write([change("plan:1", "words")], picture())
    (only,) = await sealed(store)
    assert len(only.media) == 1


async def test_killed_between_the_two_nothing_is_sealed_twice_and_nothing_is_lost() -> None:
    disk = Memory()
    store = await opened(disk)
    await store.write([note("a turn"), change("plan:1", "words")], picture())
    before = dict(disk.files)
    await store.seal()
    first = next(name for name in sorted(disk.files) if "/log/" in name and name not in before)
    disk.files = before | {first: disk.files[first]}
    again = await opened(disk, ticking(9_000))
    await again.seal()
    found = [op.id for name, data in disk.files.items() if "/log/" in name for op in segments.read(name, data).ops]
    assert len(found) == len(set(found)) == 2


@given(st.lists(st.sampled_from(["observation:1", "plan:1", "media:2", "pupil:1"])))
def test_parting_loses_nothing_and_keeps_the_order(entities: list[str]) -> None:
    ops = [Op(entity, "v", number, (number, 0), "w", str(number)) for number, entity in enumerate(entities)]
    parts = [part for part, _ in GROUPS.parted(ops, {"m"})]
    assert sorted((op for part in parts for op in part), key=lambda op: op.stamp) == ops
    assert all(part == sorted(part, key=lambda op: op.stamp) for part in parts) and all(parts)
    assert [media for _, media in GROUPS.parted(ops, {"m"})] == ([{"m"}, set()][: len(parts)])


def test_a_store_that_was_told_nothing_seals_as_ever() -> None:
    ops = [Op("observation:1", "v", 1, (1, 0), "w", "i"), Op("plan:1", "v", 1, (1, 0), "w", "j")]
    assert list(PLAIN.parted(ops, {"m"})) == [(ops, {"m"})] and PLAIN.of(ops) == FIRST


# -- the edition -------------------------------------------------------------------------------------------------------------
def test_the_first_edition_is_not_written_down_and_a_later_one_is() -> None:
    plain = segments.encode(AMIRA, "w", 1, [op()])
    assert segments.encode(AMIRA, "w", 1, [op()], edition=1) == plain
    assert segments.unpack(plain[segments.HEADER :])[0] == {"partition": AMIRA, "writer": "w", "seq": 1, "media": []}
    later = segments.decode(segments.encode(AMIRA, "w", 1, [op()], edition=2))
    assert (segments.decode(plain).edition, later.edition, later.extra) == (1, 2, {})


@pytest.mark.parametrize("odd", ["2", True, 0, -1, None, [2]])
def test_an_edition_that_is_none_is_kept_as_what_it_is(odd: object) -> None:
    head = {"partition": AMIRA, "writer": "w", "seq": 1, "media": [], "edition": odd}
    data = segments.header(segments.SEGMENT) + segments.pack([head, op().to_json()])
    assert segments.decode(data).edition == 1 and dict(segments.decode(data).extra) == {"edition": odd}


# -- a folder that is behind ---------------------------------------------------------------------------------------------------
async def test_what_the_hub_does_not_know_yet_waits_and_everything_else_goes() -> None:
    store, hub = await opened(), Behind()
    await store.write([note("a turn"), change("plan:1", "words"), change("media:1", "facts")], picture())
    outcome = await sync(store, hub)
    (held,) = store.waiting
    assert outcome.problems == [f"newer_format {held}"] and not store.refused
    assert [kinds(segments.read(name, data)) for name, data in hub.files.items() if "/log/" in name] == [{"observation", "media"}]
    assert store.state_of("observation:1") is SyncState.FOLDER and store.state_of("plan:1") is SyncState.TABLET
    hub.edition = 2
    assert (await sync(store, hub)).problems == [] and not store.waiting
    assert store.state_of("plan:1") is SyncState.FOLDER


async def test_it_waits_over_a_restart_too() -> None:
    disk, hub = Memory(), Behind()
    store = await opened(disk)
    await store.write([change("plan:1", "words")])
    await sync(store, hub)
    again = await opened(disk, ticking(9_000))
    assert (await sync(again, hub)).problems and again.waiting.keys() == store.waiting.keys() and not hub.files


async def test_a_folder_that_says_nothing_of_editions_takes_all_of_it() -> None:
    store, folder = await opened(), Memory()
    await store.write([note("a turn"), change("plan:1", "words")])
    assert (await sync(store, folder)).problems == [] and not store.waiting


async def test_a_snapshot_states_the_highest_edition_of_what_it_folds() -> None:
    disk, hub = Memory(), Behind(NEWEST)
    store = await opened(disk)
    for field in ("old", "new"):
        await store.write([change("x:1", 1, field)])
        await sync(store, hub)
    older = await Store.open(disk, now=ticking(9_000))  # an older app, which has never heard of the new field
    await compaction.compact(older, hub, least=2)
    (snap,) = [segments.read(name, data) for name, data in disk.files.items() if (p := names.parse(name)) and p.kind == "snap"]
    assert snap.edition == NEWEST and len(snap.covers) == 2
