"""Time as ops carry it: a hybrid clock that never lets my edit lose to what I was looking at (I6)."""

from collections.abc import Callable

Stamp = tuple[int, int]
"""(wall clock in ms since 1970 UTC, counter)."""


class Clock:
    """Stamps for one writer, always rising. It is never pulled forward by another device's clock."""

    def __init__(self, now: Callable[[], int], last: Stamp = (0, 0)) -> None:
        self._now, self.last = now, last

    def tick(self, after: Stamp | None = None) -> Stamp:
        """A stamp greater than all my own and than `after`, the stamp of the value that I saw."""
        wall = self._now()
        self.last = (wall, 0) if wall > self.last[0] else (self.last[0], self.last[1] + 1)
        if after is not None and after >= self.last:
            return (after[0], after[1] + 1)
        return self.last
