"""A hub that is killed while it writes its audit log: what was noted is there, nothing is torn, and the chain goes on."""

import subprocess
import sys
from pathlib import Path

import pytest

from app.domain.records.acts import What
from app.folders.check.audit_log import log_in
from app.hub.ground.signed_records import Vault
from app.hub.records.audit import Audit
from storage.folder.directory import Directory
from storage.folder.memory import Memory
from tests.hub.conftest import KEY, Time

LONGEST = 120  # seconds
HUB = """
import asyncio, sys, time
from app.domain.records.acts import What
from app.hub.records.audit import Audit
from app.hub.ground.signed_records import Vault
from storage.folder.directory import Directory

async def write():
    audit = Audit(Vault(Directory(sys.argv[1]), bytes(range(32))), lambda: time.time_ns() // 1_000_000)
    for number in range(1_000_000):
        await audit.note(What.PIN_RESET, staff=f"{sys.argv[2]}-{number}")
        print(f"{sys.argv[2]}-{number}", flush=True)

asyncio.run(write())
"""


def killed(folder: Path, run: int, after: int) -> list[str]:
    """What a hub said was noted, before it was killed; more may have been under way."""
    with subprocess.Popen([sys.executable, "-c", HUB, folder, str(run)], stdout=subprocess.PIPE, text=True) as hub:
        assert hub.stdout
        said = [hub.stdout.readline().strip() for _ in range(after)]
        hub.kill()
        said += hub.stdout.read().split("\n")[:-1]
        hub.wait(LONGEST)
    return said


async def noted(folder: Directory) -> list[str]:
    found, before = list[str](), 0
    while True:
        page = await Audit(Vault(folder, KEY), Time()).page(before, most=1000)
        found += [one["about"]["staff"] for one in page["entries"] if one["what"] == What.PIN_RESET]
        before = page["entries"][-1]["n"]
        if not page["more"]:
            return found[::-1]


@pytest.mark.parametrize("after", [[1, 2, 7], [40, 3, 90, 250]])
async def test_killed_over_and_over_it_is_whole_and_has_all_that_was_noted(tmp_path: Path, after: list[int]) -> None:
    said = [one for run, count in enumerate(after) for one in killed(tmp_path, run, count)]
    folder = Directory(tmp_path)
    for key in (KEY, None):
        log = await log_in(folder, key)
        assert log.chain.faults == [] and log.chain.n >= len(said)
    there = await noted(folder)
    assert [one for one in there if one in set(said)] == said and len(there) - len(said) <= len(after)


class Plug(Exception):
    """The power went."""


class Cut(Memory):
    """A disk that stops for good before its change number `at`."""

    def __init__(self, at: int) -> None:
        super().__init__()
        self.left = at

    async def replace(self, name: str, data: bytes) -> None:
        if self.left == 0:
            raise Plug
        self.left -= 1
        await super().replace(name, data)


@pytest.mark.parametrize("at", range(9))
async def test_a_plug_pulled_at_any_change_leaves_a_whole_log_that_goes_on(at: int) -> None:
    disk, done = Cut(at), 0
    audit = Audit(Vault(disk, KEY), Time())
    with pytest.raises(Plug):
        while True:
            await audit.note(What.PIN_RESET, staff=str(done))
            done += 1
    disk.left = 100
    again = Audit(Vault(disk, KEY), Time())
    await again.note(What.PIN_RESET, staff="again")
    assert (await log_in(disk, KEY)).chain.faults == []
    entries = [one["about"].get("staff") for one in reversed((await again.page())["entries"])]
    assert entries[0] is None and entries[1 : done + 1] == [str(n) for n in range(done)] and entries[-1] == "again"
    assert len(entries) <= done + 3, "an entry whose act was not done may be there; none is twice"
