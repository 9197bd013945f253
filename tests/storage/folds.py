"""A folder whose files were folded, and the names in it by kind."""

from storage import compaction
from storage.folder.memory import Memory
from storage.store import Store
from storage.sync import sync
from tests.storage.parts import AMIRA
from tests.storage.weeks import Time, at_desk, saved


def kinds(files: dict[str, bytes] | set[str], kind: str, partition: str = AMIRA) -> set[str]:
    return {name for name in files if name.startswith(f"p/{partition}/{kind}/")}


async def folded(count: int = 40) -> tuple[Time, Memory, Store]:
    """A device whose notes are folded and whose snapshot is in the folder, with nothing deleted yet."""
    time, folder = Time(), Memory()
    store = await at_desk(time)
    await saved(store, folder, count)
    await compaction.compact(store, folder)
    await sync(store, folder)
    assert len(kinds(folder.files, "snap")) == 1
    return time, folder, store
