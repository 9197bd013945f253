"""Many small writes as few large ones: a folder of 18,000 observations is a few hundred files, not a hundred thousand."""

from collections.abc import Mapping, Sequence

from app.usecases.evidence.capture import Writes
from storage.ops import Change

FULL = 3000  # changes of one partition: about 200 observations


class Gathering:
    """A writer that keeps what it is given, by partition, until that is much, or until it is told to pour."""

    def __init__(self, writer: Writes) -> None:
        self._writer = writer
        self._changes: dict[str, list[Change]] = {}
        self._media: dict[str, dict[str, bytes]] = {}

    async def write(self, changes: Sequence[Change], media: Mapping[str, bytes] | None = None) -> None:
        for name, data in (media or {}).items():
            self._media.setdefault(name.split("/")[1], {})[name] = data
        for change in changes:
            self._changes.setdefault(change.partition, []).append(change)
        for partition in [p for p in dict.fromkeys(c.partition for c in changes) if len(self._changes[p]) >= FULL]:
            await self._pour(partition)

    async def pour(self) -> None:
        for partition in list(self._changes):
            await self._pour(partition)

    async def _pour(self, partition: str) -> None:
        await self._writer.write(self._changes.pop(partition), self._media.pop(partition, {}))
