"""What a device tidies by itself after a good round of sync: small files are folded, and pictures that are long in the school's
folder leave the tablet. Nothing waits for it, and what goes wrong here is tried again an hour later."""

import logging
from collections.abc import Awaitable, Callable, Iterator

from app.usecases.session.reading import Document
from storage import compaction, retention
from storage.errors import StorageError
from storage.folder.port import Folder
from storage.store import Store

HOUR = 3_600_000  # ms
MOST_DAYS = 3650


def media_days(settings: Document) -> int:
    """Days for which pictures and clips stay on a tablet that the school's folder has; 0: they stay for ever."""
    days = settings.get("media_days")
    return days if type(days) is int and 0 <= days <= MOST_DAYS else retention.DAYS


class Housekeeping:
    def __init__(self, store: Store, now: Callable[[], int]) -> None:
        self.store, self.now = store, now
        self._last: int | None = None

    async def after_round(self, folder: Folder, days: int) -> None:
        """At most once an hour of this device's clock; a clock that was set back makes it due."""
        if self._last is not None and 0 <= self.now() - self._last < HOUR:
            return
        self._last = self.now()
        for work in self._works(folder, days):
            try:
                await work
            except StorageError:  # no network any more, no room: the next hour is as good
                continue
            except Exception:  # of any kind: the round went well, and people go on working
                logging.getLogger(__name__).exception("housekeeping broke")

    def _works(self, folder: Folder, days: int) -> Iterator[Awaitable[object]]:
        yield compaction.compact(self.store, folder)
        if days:
            yield retention.shed(self.store, folder, days)
