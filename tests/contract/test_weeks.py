"""Weeks on every kind of folder: many small files become few, nobody's view changes, and what is lost comes back."""

from storage import names
from storage.folder.port import Folder
from storage.sync import sync
from tests.contract.kinds import DEV, OTHER, Kind, store_of
from tests.storage.parts import AMIRA
from tests.storage.weeks import Time, notes, rounds, saved


async def listed(folder: Folder) -> set[str]:
    return {name for name in await folder.names(f"p/{AMIRA}/") if names.parse(name)}


async def test_i8_forty_files_become_one_and_a_fresh_device_sees_the_same(kind: Kind) -> None:
    time = Time()
    store = await store_of(DEV, now=time)
    await saved(store, kind.folder, 40)
    assert len(await listed(kind.folder)) == 40
    await rounds(time, kind.folder, store, days=10)
    [left] = await listed(kind.folder)
    assert "/snap/" in left
    fresh = await store_of(OTHER, now=time)
    await sync(fresh, await kind.of(OTHER))
    assert notes(fresh) == notes(store) == {str(number): f"note {number}" for number in range(40)}


async def test_i13_what_is_lost_there_comes_back_after_a_day(kind: Kind) -> None:
    time = Time()
    store = await store_of(DEV, now=time)
    await saved(store, kind.folder, 3)
    lost = min(await listed(kind.folder))
    data = await kind.folder.get(lost)
    await kind.lose(lost)
    await rounds(time, kind.folder, store, days=3)
    assert await kind.found(lost) == data == await kind.folder.get(lost)
