"""Many files read in one go: whole ones are there, the others are left for a look of their own."""

from pathlib import Path

from storage.folder.directory import Directory
from storage.folder.gate import Gate
from storage.folder.memory import Memory
from storage.folder.port import Many
from storage.replica import FILES_AT_ONCE, Replica
from tests.storage.parts import change, opened, picture, ticking


async def test_what_cannot_be_read_is_left_out(tmp_path: Path) -> None:
    folder = Directory(tmp_path)
    ((name, data),) = picture().items()
    await folder.put(name, data)
    assert isinstance(folder, Many) and isinstance(Gate(folder), Many)
    for one in (folder, Gate(folder)):
        assert await one.get_many([name, "p/missing", "/etc/passwd", "p"]) == {name: data}
    assert await Gate(Memory()).get_many([name]) == {}, "a folder that cannot do it is asked one by one"


async def test_a_replica_takes_in_more_files_than_it_reads_at_once_and_waits_for_the_one_that_is_rotten(tmp_path: Path) -> None:
    store, folder = await opened(), Directory(tmp_path)
    for number in range(FILES_AT_ONCE + 3):
        await store.write([change(f"x:{number}", number)])
        await store.seal()
    names = sorted(name for name in await store.disk.names("p/"))
    for name in names:
        await folder.put(name, await store.disk.get(name))
    whole, spoilt = await folder.get(names[1]), tmp_path / names[1]
    spoilt.write_bytes(b"")
    replica = Replica(folder, "f" * 16, ticking())
    assert await replica.refresh() and len(replica.library.table("x")) == FILES_AT_ONCE + 2 and replica.rotten == {names[1]}
    spoilt.write_bytes(whole)
    assert await replica.refresh() and len(replica.library.table("x")) == FILES_AT_ONCE + 3 and not replica.rotten
