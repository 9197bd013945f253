"""What goes wrong in the middle of a command's work, as the person reads it who typed the folder."""

from collections.abc import Iterator
from contextlib import contextmanager

from app.errors import FolderAway, FolderNotWritable, FolderUnreadable, NoRoomLeft, SmallStepsError
from storage import errors as ground


@contextmanager
def midway(shown: str, safe: str) -> Iterator[None]:
    """`shown`: the folder without secrets; `safe`: what has become of the work until then, in a sentence."""
    try:
        yield
    except ground.StorageError as error:
        if found := _as_command_error(error, shown):
            raise type(found)(f"{found.message} {safe}") from None  # the cause might know more than is to be shown
        raise


def _as_command_error(error: ground.StorageError, shown: str) -> SmallStepsError | None:
    match error:
        case ground.Unreachable():
            return FolderAway(f"{shown} does not answer any more.")
        case ground.FolderReadOnly():
            return FolderNotWritable(f"{shown} cannot be written any more.")
        case ground.StoreFull():
            return NoRoomLeft(f"There is no room left in {shown}.")
        case ground.FolderUnreadable():
            return FolderUnreadable(f"{shown} cannot be read any more.")
    return None


def printable(name: str) -> str:
    """A name from outside, written so that no terminal stumbles over it."""
    return "".join(sign if sign.isprintable() else f"\\x{ord(sign):02x}" for sign in name)
