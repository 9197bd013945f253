"""What a backup says of itself: `backup.json`, written first and last, and the list of its files.

A backup that was cut off is known by it. Names below `p/` carry the hash of their bytes; of all others the list has it.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass

from app.errors import FolderUnreadable
from app.folders.places import BACKUP
from storage.errors import BadBytes, MissingName
from storage.folder.port import Disk
from storage.names import hash_of
from storage.ops import dumps

FORMAT = 1
NAMES = "local/backup.names"  # of any size: what lies in `local/` is for this place alone
UNREADABLE = f"The file {BACKUP} there cannot be read, so no one knows what this backup is. Nothing was changed."


@dataclass(frozen=True, slots=True)
class Manifest:
    """Times in ms UTC. All that was in the school's folder at `begun` is in the backup once it is `finished` (0: it was cut
    off); `before` is what `begun` was when it was last finished. `files` and `digest` are of the list of then."""

    space: str
    begun: int
    finished: int = 0
    before: int = 0
    files: int = 0
    digest: str = ""
    format: int = FORMAT

    @property
    def of(self) -> int:
        """The moment that the backup shows, in ms UTC; 0 where it was never finished."""
        return self.begun if self.finished else self.before


async def manifest_of(place: Disk) -> Manifest | None:
    """None where no backup was ever begun. Raises FolderUnreadable."""
    try:
        raw = json.loads(await place.get(BACKUP))
        return Manifest(**{key: type(value)(raw[key]) for key, value in asdict(Manifest("", 0)).items()})
    except MissingName:
        return None
    except (BadBytes, ValueError, KeyError, TypeError, RecursionError) as error:
        raise FolderUnreadable(UNREADABLE) from error


async def write(place: Disk, said: Manifest) -> None:
    await place.replace(BACKUP, f"{json.dumps(asdict(said), indent=1)}\n".encode())


async def write_list(place: Disk, names: Mapping[str, str]) -> str:
    """`names`: name -> hash of its bytes, or "" where the name carries it. The list's own digest."""
    data = dumps(dict(sorted(names.items()))).encode()
    await place.replace(NAMES, data)
    return hash_of(data)


async def list_of(place: Disk, said: Manifest) -> dict[str, str] | None:
    """The list as it was written when the backup was last finished; None where there is none, or another."""
    try:
        data = await place.get(NAMES)
        return {str(name): str(digest) for name, digest in json.loads(data).items()} if hash_of(data) == said.digest else None
    except (MissingName, BadBytes, ValueError):
        return None
