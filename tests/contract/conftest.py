"""Servers for all of the contract, started when the first folder on them is asked for."""

from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest

from tests.contract.kinds import KINDS, Kind, open_kind
from tests.contract.servers import Servers
from tests.storage.parts import picture


@pytest.fixture(scope="session")
def servers() -> Iterator[Servers]:
    made = Servers()
    try:
        yield made
    finally:
        made.stop()


@pytest.fixture(scope="session")
def ten_thousand(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """So many pieces of pictures under their names' last part."""
    where = tmp_path_factory.mktemp("many")
    for number in range(10_000):
        ((name, data),) = picture(str(number).encode()).items()
        (where / name.rpartition("/")[2]).write_bytes(data)
    return where


@pytest.fixture(params=KINDS)
async def kind(request: pytest.FixtureRequest, tmp_path: Path, servers: "Servers") -> AsyncIterator[Kind]:
    async with open_kind(request.param, tmp_path, servers) as made:
        yield made
