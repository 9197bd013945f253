"""One file of a folder, read and looked at; what is wrong with it is told, and stops nothing."""

from app.folders.check.looking import TOO_LARGE, Look, look
from storage import names
from storage.errors import BadBytes, Erased, FolderUnreadable, MissingName, TooLarge
from storage.folder.port import Folder

CLOSED = Look(FolderUnreadable.code, "cannot be read: check its permissions")


async def looked_into(folder: Folder, name: str, parts: names.Name) -> tuple[Look, bytes] | None:
    """What it is, and its bytes where it could be read; None where it has gone meanwhile. Raises Unreachable."""
    try:
        data = await folder.get(name)
    except TooLarge:
        return TOO_LARGE, b""
    except FolderUnreadable:
        return CLOSED, b""
    except BadBytes as error:
        return Look(error.code, "is not whole there"), b""
    except (MissingName, Erased):
        return None
    return look(parts, data), data
