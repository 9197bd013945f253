"""One piece of work after the other, each to its end: a caller that is cancelled leaves nothing half-done."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import TypeVar

T = TypeVar("T")


class Turns:
    def __init__(self) -> None:
        self._turn = asyncio.Lock()

    async def take(self, work: Callable[[], Awaitable[T]]) -> T:
        """What the work returns, when its turn has come and it is done."""

        async def one() -> T:
            async with self._turn:
                return await work()

        return await asyncio.shield(asyncio.ensure_future(one()))
