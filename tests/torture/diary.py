"""What a device promised: a file of its own outside its store, a line after each promise. SIGKILL cannot take a line back."""

import json
import os
from pathlib import Path
from typing import Any

Line = dict[str, Any]


class Diary:
    """Append-only. A line is with the system when `say` returns, so that only a power cut could lose it."""

    def __init__(self, path: Path) -> None:
        self._file = os.open(path, os.O_RDWR | os.O_APPEND | os.O_CREAT)
        size = os.fstat(self._file).st_size
        if size and os.pread(self._file, 1, size - 1) != b"\n":
            os.write(self._file, b"\n")  # killed in the middle of a line: it was no promise yet

    def say(self, what: str, **facts: object) -> None:
        os.write(self._file, json.dumps({"what": what, **facts}).encode() + b"\n")


class Reader:
    """Reads on where it stopped; a line that is not whole yet, or was never finished, is none."""

    def __init__(self, path: Path) -> None:
        self._path, self._at = path, 0

    def fresh(self) -> list[Line]:
        if not self._path.exists():
            return []
        with self._path.open("rb") as file:
            file.seek(self._at)
            whole, newline, _ = file.read().rpartition(b"\n")
        self._at += len(whole) + len(newline)
        return [line for raw in whole.split(b"\n") if (line := _told(raw)) is not None]


def _told(raw: bytes) -> Line | None:
    try:
        line: Line = json.loads(raw)
    except ValueError:
        return None
    return line
