"""A school on disk with a name that somebody chose with care."""

import asyncio
import os
from pathlib import Path

from app.hub.office import now_ms
from storage.folder.directory import Directory
from storage.ops import Change
from storage.replica import Replica
from storage.space import create_space


def made_school(where: Path, name: str) -> None:
    where.mkdir()

    async def make() -> None:
        folder = Directory(where)
        await create_space(folder, os.urandom)
        await Replica(folder, os.urandom(8).hex(), now_ms).write([Change("school", "school:settings", "name", name)])

    asyncio.run(make())
