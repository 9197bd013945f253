"""What is said to be a picture or clip is looked at when the record that names it arrives, put together from its pieces."""

import asyncio
import re
from collections.abc import Iterable

from app.errors import NotAllowed
from app.media import arrived
from storage import media as pieces
from storage.errors import BadBytes, MissingName
from storage.folder.port import Folder
from storage.ops import Op

MEDIA_AT_ONCE = 2  # media looked at together: a clip is held whole while it is
MOST_PIECES = 64  # of one clip of the longest kind, and some
SMALL = ("thumb", "poster")
PIECE = re.compile("[0-9a-f]{32}")


class Uploads:
    def __init__(self, folder: Folder) -> None:
        self.folder = folder
        self._desks = asyncio.Semaphore(MEDIA_AT_ONCE)

    async def look(self, partition: str, ops: Iterable[Op]) -> None:
        """At all media that these ops give a child. Raises NotAllowed, with a sentence, for what the app does not make. Media
        that are nowhere any more are no reason to refuse the words about them: who shows them looks again (`may_show`)."""
        facts: dict[str, dict[str, object]] = {}
        for op in ops:
            if op.entity.startswith("media:"):
                facts.setdefault(op.entity, {})[op.field] = op.value
        for fact in facts.values():
            for field in SMALL:
                _need(await asyncio.to_thread(arrived.small_problem, fact.get(field, "")))
            if "chunks" in fact:
                await self._whole(partition, fact["chunks"], str(fact.get("type", "")))

    async def _whole(self, partition: str, chunks: object, said: str) -> None:
        if not isinstance(chunks, list) or len(chunks) > MOST_PIECES or not all(_is_piece(one) for one in chunks):
            raise NotAllowed(arrived.BROKEN)
        async with self._desks:
            try:
                data = await pieces.read(self.folder, partition, chunks)
            except (MissingName, BadBytes):
                return
            _need(await asyncio.to_thread(arrived.problem, data, said))


async def may_show(data: bytes, said: str) -> bool:
    """Whether a family or a paper may be shown this: not everything in a folder came past a hub."""
    return not await asyncio.to_thread(arrived.problem, data, said)


def _is_piece(text: object) -> bool:
    return isinstance(text, str) and PIECE.fullmatch(text) is not None


def _need(problem: str) -> None:
    if problem:
        raise NotAllowed(problem)
