"""What is in the directories of a folder, looked up again only where something has changed.

A directory's own time changes with every file that comes or goes, but is coarse: two changes within two seconds may look like
one. So a listing counts only when the time had stood still for longer than that before it, by our own clock and no other;
and never for longer than a minute, since there are file systems that keep no such time.
"""

import os
import stat
import threading
import time
from collections.abc import Callable, Collection
from dataclasses import dataclass
from pathlib import Path

from storage import names, segments

COARSE, TRUSTED = 2.0, 60.0  # seconds


@dataclass(frozen=True, slots=True)
class Listing:
    """Well-formed names, listed `at`; `mark` is what the directory's time was then, and had been `since`."""

    mark: tuple[int, int, int]
    since: float
    at: float
    names: frozenset[str]

    def counts(self, now: float) -> bool:
        return self.at - self.since > COARSE and now - self.at < TRUSTED


class Listings:
    """Of the directory `p` of a folder. Errors are told, and never remembered as an empty directory."""

    def __init__(self, path: Path, clock: Callable[[], float] = time.monotonic) -> None:
        self._path, self._clock = path, clock
        self._kept: dict[tuple[str, str], Listing] = {}
        self._digests: dict[str, tuple[list[Listing], str]] = {}
        self._turn = threading.Lock()

    def digests(self) -> dict[str, str]:
        """Partition -> digest of its well-formed names. Raises OSError."""
        with self._turn:
            found = {}
            for partition in self._partitions():
                listings = [one for kind in segments.FILE_KINDS if (one := self._look(partition, kind))]
                if any(listing.names for listing in listings):
                    found[partition] = self._digest(partition, listings)
            self._forget_but(found.keys())
            return found

    def _partitions(self) -> list[str]:
        try:
            with os.scandir(self._path) as entries:
                return [entry.name for entry in entries if names.is_partition(entry.name) and not entry.is_symlink()]
        except (FileNotFoundError, NotADirectoryError):
            return []

    def _look(self, partition: str, kind: str) -> Listing | None:
        """None where there is no such directory."""
        path, now, before = self._path / partition / kind, self._clock(), self._kept.get((partition, kind))
        try:
            mark = _mark(path)
            same = before is not None and before.mark == mark
            if before and same and before.counts(now):
                return before
            listing = Listing(mark, before.since if before and same else now, now, _listed(path, f"p/{partition}/{kind}/"))
        except (FileNotFoundError, NotADirectoryError):
            return None
        self._kept[partition, kind] = listing
        return listing

    def _digest(self, partition: str, listings: list[Listing]) -> str:
        before, digest = self._digests.get(partition, ([], ""))
        if [id(one) for one in before] != [id(one) for one in listings]:
            digest = names.digest_of({name for listing in listings for name in listing.names})
            self._digests[partition] = listings, digest
        return digest

    def _forget_but(self, partitions: Collection[str]) -> None:
        self._kept = {place: listing for place, listing in self._kept.items() if place[0] in partitions}
        self._digests = {partition: known for partition, known in self._digests.items() if partition in partitions}


def _mark(path: Path) -> tuple[int, int, int]:
    told = os.lstat(path)
    if not stat.S_ISDIR(told.st_mode):
        raise NotADirectoryError(path)  # also a link to one: it leads out of the folder
    return told.st_mtime_ns, told.st_ctime_ns, told.st_ino


def _listed(path: Path, prefix: str) -> frozenset[str]:
    with os.scandir(path) as entries:
        return frozenset(
            name for entry in entries if names.parse(name := prefix + entry.name) and entry.is_file(follow_symlinks=False)
        )
