"""A few things at once: a round trip is mostly waiting. The first thing that goes wrong stops the rest, in order."""

import asyncio
from collections.abc import Awaitable, Callable, Iterable

CALLS_AT_ONCE = 4


async def several(work: Callable[[str], Awaitable[None]], items: Iterable[str], at_once: int = CALLS_AT_ONCE) -> None:
    """Begun in this order, `at_once` at a time. What was begun is done or has failed when this returns or raises."""
    left = iter(list(items))
    failed: list[BaseException] = []

    async def worker() -> None:
        for item in left:
            try:
                await work(item)
            except BaseException as error:
                failed.append(error)
            if failed:
                return

    await asyncio.gather(*(worker() for _ in range(at_once)))
    if failed:
        raise failed[0]
