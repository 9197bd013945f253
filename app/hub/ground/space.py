"""The folder that a hub stands on: whose it is, and whether this hub may write there or only read."""

from storage.errors import BadBytes, MissingName, OtherSpace
from storage.folder.gate import Gate
from storage.folder.port import Disk
from storage.space import Space, open_space


class Ground:
    def __init__(self, folder: Disk) -> None:
        self.gate = Gate(folder)
        self.space: Space | None = None

    async def look(self) -> None:
        """Read `space.json` again. Raises NewerFormat where a newer Small Steps alone may read, and OtherSpace where another
        school's folder has been put in the place of the one that this hub began with."""
        try:
            found = await open_space(self.gate)
        except (MissingName, BadBytes):
            if self.space is None:
                raise
            return  # known already; a cloud drive that is still bringing the file stops nothing
        if self.space and found.id != self.space.id:
            raise OtherSpace(found.id)
        self.space, self.gate.writable = found, found.writable

    def need(self, space: str) -> None:
        """Raises OtherSpace for a device that joined another school."""
        if self.space and space not in {"", self.space.id}:
            raise OtherSpace(space)

    def as_json(self) -> dict[str, object]:
        """What every device hears first."""
        if self.space is None:
            return {}
        return {"space": self.space.id, "format": self.space.format, "writable": self.gate.writable}
