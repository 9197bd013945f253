"""Orders to erase a child, as the hub carries them out: seven days by its own clock, then everything goes and stays away (I9)."""

from collections.abc import Callable
from contextlib import suppress

from app.hub.files.arrivals import Arrivals
from app.usecases.records import erasure as orders
from app.usecases.records.erasure import Order
from app.usecases.session.school import School
from storage import erasure
from storage.errors import StorageError
from storage.folder.port import Disk
from storage.ops import Change
from storage.replica import Replica

MINUTE, HOUR, DAY = 60_000, 3_600_000, 86_400_000  # ms
PAPERS = "erasures"


class Erasures:
    """`forgets` are called with the ids of children that were erased: each of them lets go of what it holds of those children."""

    def __init__(self, folder: Disk, replica: Replica, arrivals: Arrivals, now: Callable[[], int]) -> None:
        self.folder, self.replica, self.now = folder, replica, now
        self.school = School(replica)
        self.forgets: list[Callable[[set[str]], None]] = []
        self._vault, self._proof = arrivals.vault, arrivals.proof
        self._wiped: set[str] = set()
        self._due: dict[str, int] = {}  # what is done now and then -> ms UTC of the last time

    async def look(self) -> None:
        """After each look at the folder. What came back of an erased child goes at once; every minute the orders are looked at. A
        folder that cannot be written now is tried again."""
        with suppress(StorageError):
            if self._is_due("sweep", HOUR):  # a cloud drive's copies come back under names that no listing of ours tells
                self._wiped.clear()
            back = {erasure.belongs(partition) for partition in self.replica.found}
            if gone := {ident for ident in self.replica.erased if ident not in self._wiped or ident in back}:
                await self._wipe(gone)
            if self._is_due("orders", MINUTE):
                await self._look_at_orders()

    def _is_due(self, what: str, every: int) -> bool:
        """A clock that was set back makes it due."""
        due = what not in self._due or not 0 <= self.now() - self._due[what] < every
        if due:
            self._due[what] = self.now()
        return due

    async def _look_at_orders(self) -> None:
        for order in orders.orders(self.replica.library):
            if order.cancelled or orders.held(self.replica.library, order.pupil):
                await self.folder.delete(self._paper(order.pupil))
            elif await self._waited(order) >= orders.ERASURE_WAITS and not self._doubtful(order.pupil):
                await self._carry_out(order.pupil)

    # -- waiting -----------------------------------------------------------------------------------------------------------
    async def _waited(self, order: Order) -> int:
        """Ms for which this hub has watched the order. Between two looks no more than a day counts: a clock that jumps, as one
        without a battery does at every start, must not erase a child."""
        now, paper = self.now(), await self._vault.read(PAPERS, order.pupil)
        if paper is None or paper["asked"] != order.asked:
            await self._vault.write(PAPERS, order.pupil, {"asked": order.asked, "seen": now, "last": now, "waited": 0})
            return 0
        gone = now - int(paper["last"])
        waited: int = int(paper["waited"]) + min(max(gone, 0), DAY)
        if not 0 <= gone < HOUR:
            await self._vault.write(PAPERS, order.pupil, paper | {"last": now, "waited": waited})
        return waited

    @staticmethod
    def _paper(pupil: str) -> str:
        return f"hub/{PAPERS}/{pupil}.json"

    def _doubtful(self, pupil: str) -> bool:
        """Whether something of the child or the school cannot be read here: it may be a legal hold, or a cancellation."""
        return not self.replica.doubtful.isdisjoint({*erasure.rooms(pupil), "school"})

    # -- carrying out ----------------------------------------------------------------------------------------------------
    async def _carry_out(self, pupil: str) -> None:
        """What shows or names the child elsewhere is to be looked at again; then it is said, and from then on it holds."""
        entity = f"{erasure.KIND}:{pupil}"
        again = orders.look_again(orders.to_look_at(self.school, pupil))
        said = Change("school", entity, "at", {"on": self.now(), "proof": self._proof(entity)})
        await self.replica.write([*again, said])
        await self._wipe({pupil})

    async def _wipe(self, children: set[str]) -> None:
        """Their directories, what devices were not allowed to write there, their families' links, and papers being made."""
        for forget in self.forgets:
            forget(children)
        for child in sorted(children):
            await erasure.wipe(self.folder, child)
        for name in await self._in_hub(children):
            await self.folder.delete(name)
        self._wiped |= children

    async def _in_hub(self, children: set[str]) -> list[str]:
        """Files of `hub/` that speak of these children, in the order in which they may go."""
        listed = sorted(await self.folder.names("hub/"), key=lambda name: name.startswith("hub/links/"))
        links = {ident for ident, paper in (await self._vault.papers("links")).items() if paper.get("pupil") in children}
        rooms = {room for child in children for room in erasure.rooms(child)}
        return [name for name in listed if speaks_of(name.split("/"), rooms, links)]


def speaks_of(parts: list[str], rooms: set[str], links: set[str]) -> bool:
    """`parts` of a name: hub/quarantine/<device>/p/<room>/..., hub/had/<device>.<room>.json, hub/<kind>/<id>[...].json"""
    match parts:
        case ["hub", "quarantine", _, "p", room, *_]:
            return room in rooms
        case ["hub", "had", name]:
            return name.partition(".")[2].removesuffix(".json") in rooms
        case ["hub", "views" | "ended" | "links", name]:
            return name.partition(".")[0] in links
        case ["hub", "erasures", name]:
            return name.removesuffix(".json") in rooms
    return False
