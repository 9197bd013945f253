"""An app newer than its hub: what the hub does not know waits on the tablet, in a sentence; a moment never waits for it."""

import httpx
import pytest

from app.domain.schema.checks import whole
from app.domain.schema.fields import Field, Kind, Place
from app.domain.schema.table import KINDS, edition, edition_of
from app.domain.vocabulary.roles import PLANNERS
from app.usecases.session import change
from app.usecases.syncing import health
from app.usecases.syncing.rounds import Rounds
from storage.folder.hub import HubFolder
from storage.folder.memory import Memory
from storage.store import Store, SyncState

CHILD = "a" * 32
PROVISION = Kind("provision", Place.PUPIL, PLANNERS, {"minutes": Field(whole(1, 600))}, since=2)


@pytest.fixture
def newer(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, "provision", PROVISION)


class HubOfThatDay(HubFolder):
    """A hub's folder in memory; it says nothing of its edition, as an older hub does, until it is told one."""

    def __init__(self) -> None:
        super().__init__(httpx.AsyncClient(), "")
        self.ground = Memory()
        self.names, self.get, self.digest, self.delete = (  # type: ignore[method-assign]
            self.ground.names, self.ground.get, self.ground.digest, self.ground.delete,
        )  # fmt: skip
        self.says: dict[str, object] = {}

    async def partitions(self) -> dict[str, str]:
        self.hello.hear(self.says)
        return await self.ground.partitions()

    async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
        return await self.ground.put(name, data, nonce)

    async def tell(self) -> None:
        return None


def everything(partition: str) -> bool:
    return True


def quiet(what: str, done: int, total: int) -> None:
    return None


async def test_it_waits_and_says_so_and_goes_when_the_hub_is_updated(newer: None) -> None:
    store, hub = await Store.open(Memory(), now=lambda: 5, groups=change.GROUPS), HubOfThatDay()
    rounds = Rounds(store, lambda: 5)
    await store.write(
        [*change.of("observation", CHILD, "o", note="Asked for a turn."), *change.of("provision", CHILD, "p", minutes=30)]
    )
    await rounds.go(hub, "", quiet, everything)
    assert rounds.problem is None and rounds.sentences == [health.OURS["newer_format"].format(files="1 file")]
    assert (store.state_of("observation:o"), store.state_of("provision:p")) == (SyncState.FOLDER, SyncState.TABLET)
    hub.says = {"edition": 2}
    await rounds.go(hub, "", quiet, everything)
    assert rounds.sentences == [] and store.state_of("provision:p") is SyncState.FOLDER


def test_the_edition_is_the_highest_of_all_rows(newer: None) -> None:
    assert edition() == 2
    assert (edition_of("provision:p", "minutes"), edition_of("target:t", "short"), edition_of("of-next-year:x", "y")) == (2, 1, 1)
