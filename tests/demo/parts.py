"""A demo school made at a fixed time, and its folder read as a device reads it."""

import asyncio
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from app.demo import make
from app.domain.evidence.observations import Media
from app.usecases.session.school import LOCAL, School
from storage import media as pieces
from storage.folder.directory import Directory
from storage.replica import Replica

NOW = int(datetime(2026, 11, 24, 15, 10, tzinfo=LOCAL).timestamp() * 1000)  # a Tuesday, after school


def files(folder: Path) -> dict[str, bytes]:
    return {str(p.relative_to(folder)): p.read_bytes() for p in sorted(folder.rglob("*")) if p.is_file()}


@dataclass
class Made:
    folder: Path
    school: School

    def bytes_of(self, media: Media) -> bytes:
        return asyncio.run(pieces.read(Directory(self.folder), media.partition, media.chunks))

    def media(self) -> list[Media]:
        return [one for o in self.school.observations() for one in self.school.media_of(o)]


def made(folder: Path, pupils: int = 8, observations: int = 60, seed: int = 1, now: int = NOW) -> Made:
    async def both() -> School:
        await make(folder, pupils, observations, seed, lambda: now)
        replica = Replica(Directory(folder), "0" * 16, lambda: now)
        await replica.refresh()
        return School(replica)

    return Made(folder, asyncio.run(both()))
