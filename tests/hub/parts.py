"""What several tests of the hub have at hand: times, what an order says, files in a folder."""

from app.hub.records.restore import MARKS, Mark
from storage import names
from storage.ops import Change
from tests.hub.conftest import START, Device, Hub, note
from tests.storage.parts import unpacked

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000


class Says:
    """A use case's changes, sent by this device as one segment for each partition."""

    def __init__(self, device: Device) -> None:
        self.device = device

    async def write(self, changes: list[Change], media: object = None) -> None:
        for partition in dict.fromkeys(change.partition for change in changes):
            answer = await self.device.put(*self.device.segment(partition, *[c for c in changes if c.partition == partition]))
            assert answer.status_code == 200, answer.text


async def days(hub: Hub, count: float) -> None:
    """So many days in which devices come and go."""
    for _ in range(int(count * 4)):
        hub.time.forward(DAY // 4)
        await hub.office.refresh()


def holding(files: dict[str, bytes], *words: bytes) -> set[str]:
    return {name for name, data in files.items() for word in words if word in unpacked(data)}


async def sent(hub: Hub, device: Device, count: int = 3) -> dict[str, bytes]:
    """So many segments of this device, each of which rewords the note of one observation, and begins another."""
    files = {}
    for number in range(count):
        hub.time.forward(10)
        change = Change(hub.made.amira, "observation:1", "setting", f"place {number}")
        name, data = device.segment(hub.made.amira, change, note(hub, f"note {number}", f"observation:{number + 1}"))
        assert (await device.put(name, data)).status_code == 200
        files[name] = data
    return files


async def in_folder(hub: Hub) -> set[str]:
    return {name for name in await hub.folder.names(f"p/{hub.made.amira}/") if names.parse(name)}


async def new_start(hub: Hub) -> None:
    """The hub as it is after a restart: it knows nothing that it cannot read."""
    from app.hub.office import Office

    fresh = Office(hub.folder, hub.office.arrivals.vault._key, None, hub.time)
    for part in ("replica", "school", "arrivals", "erasures", "links", "access"):
        setattr(hub.office, part, getattr(fresh, part))
    await hub.office.refresh()


async def restored(hub: Hub, ident: str = "one", at: int = 0) -> str:
    """The folder is brought back now; the word for it that devices hear."""
    hub.time.forward(1000)
    mark = Mark(ident, START, at or hub.time())
    await hub.folder.replace(f"{MARKS}{ident}.json", mark.paper())
    hub.time.forward(MINUTE)
    await hub.office.refresh()
    return hub.office.restored.id
