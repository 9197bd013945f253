"""The torture in short, and faults planted into it: it has to tell them, or its silence would mean nothing."""

import asyncio
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.model.mutants import MUTANTS
from tests.torture.diary import Diary, Reader
from tests.torture.killing import Round, tortured
from tests.torture.planted import FAULTS
from tests.torture.search import committed
from tests.torture.table import holds, table

SEED = 20261124
A_DAY = 0.5  # seconds that a day of the devices lasts: a week passes while they are being killed
LIFE = 3.0  # seconds that a process lives at most
MEMORY, ROOM = Path("/dev/shm"), 1_000_000_000  # bytes
TOO_LONG = 600  # seconds: reached only when something is wrong


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Path]:
    """In memory, where there is room: a killed process loses nothing more on a disk, and other tests keep the disk busy."""
    if not MEMORY.is_dir() or shutil.disk_usage(MEMORY).free < ROOM:
        yield tmp_path
        return
    with tempfile.TemporaryDirectory(prefix="torture-", dir=MEMORY) as made:
        yield Path(made)


async def test_i7_five_devices_and_the_hub_killed_over_and_over_lose_and_double_nothing(place: Path) -> None:
    def enough(done: Round) -> bool:
        much = done.fewest_kills >= 2 and done.acknowledged >= 150 and done.checked >= 300
        return much or bool(done.wrong)

    async with asyncio.timeout(TOO_LONG):
        done = await tortured(place, SEED, enough, A_DAY, LIFE)
    assert holds([done]), table([done])
    assert "lost                                0" in table([done]) and "views equal                         yes" in table([done])


WHAT_IT_IS_CALLED = {
    "a_buffer_that_a_kill_loses": {"lost", "claimed"},
    "a_hub_that_only_says_so": {"claimed"},
    "a_seal_that_says_it_twice": {"doubled"},
}


@pytest.mark.parametrize("fault", FAULTS)
async def test_a_planted_fault_is_found_and_called_by_its_name(fault: str, place: Path) -> None:
    names = WHAT_IT_IS_CALLED[fault]

    def enough(done: Round) -> bool:
        only_at_the_end = "doubled" in names
        return bool(done.wrong) or (only_at_the_end and done.acknowledged >= 40)

    async with asyncio.timeout(TOO_LONG):
        done = await tortured(place, SEED, enough, A_DAY, LIFE, ["tests.torture.planted", fault])
    assert any(getattr(done.found, name) for name in names), table([done])
    assert not holds([done])


def test_a_line_that_a_kill_cut_off_is_no_promise(tmp_path: Path) -> None:
    reader = Reader(tmp_path / "diary")
    assert reader.fresh() == []
    Diary(tmp_path / "diary").say("began")
    with (tmp_path / "diary").open("ab") as file:
        file.write(b'{"what": "sav')
    assert reader.fresh() == [{"what": "began"}]
    Diary(tmp_path / "diary").say("opened")
    assert reader.fresh() == [{"what": "opened"}]


def test_what_the_search_finds_is_shrunk_to_a_line_that_can_be_committed(monkeypatch: pytest.MonkeyPatch) -> None:
    MUTANTS["acknowledge_without_compare"](monkeypatch)
    schedule = ["write 1 b level", "write 0 a note", "kill 2", "fault torn_told", "sync 0", "sync 1"]
    _, line = committed("I4: it is said", 7, schedule).split("\n")
    assert line == '    "seed 7": """write 0 a note / fault torn_told / sync 0""",'
