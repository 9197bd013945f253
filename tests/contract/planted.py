"""What a stranger may plant in a folder: links out of it, pipes, sockets; and a secret beside it that has to stay untouched."""

import os
import socket
from collections.abc import Callable
from pathlib import Path

SECRET = b"not the school's"


def a_socket(place: Path) -> None:
    """Bound by a short name: the address of a socket may not be long."""
    with socket.socket(socket.AF_UNIX) as one:
        here = Path.cwd()
        os.chdir(place.parent)
        try:
            one.bind(place.name)
        finally:
            os.chdir(here)


PLANTED: dict[str, Callable[[Path, Path], object]] = {
    "a link to a file": lambda place, away: place.symlink_to(away / "secret.txt"),
    "a link by another way": lambda place, away: place.symlink_to(os.path.relpath(away / "secret.txt", place.parent)),
    "a link to a folder": lambda place, away: place.symlink_to(away),
    "a link to nothing": lambda place, away: place.symlink_to(away / "to be made"),
    "a link to itself": lambda place, _: place.symlink_to(place.name),
    "a link to a device": lambda place, _: place.symlink_to("/dev/zero"),
    "a pipe": lambda place, _: os.mkfifo(place),
    "a socket": lambda place, _: a_socket(place),
}  # fmt: skip


def untouched(away: Path) -> bool:
    return {file.name: file.read_bytes() for file in away.iterdir()} == {"secret.txt": SECRET}
