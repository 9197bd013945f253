"""Faults planted into the real processes, so that the torture can be seen to find them.

python -m tests.torture.planted FAULT MODULE WORDS...
"""

import runpy
import sys
from collections.abc import Callable, Iterator

from storage import segments
from storage.folder.directory import Directory
from storage.folder.port import digest_with
from storage.journal import PREFIX
from storage.ops import Op


def a_buffer_that_a_kill_loses(module: str) -> None:
    """Saved is said when the record is in memory; it reaches the disk with the next one."""
    real, held = Directory.append, dict[str, bytes]()

    async def append(self: Directory, name: str, data: bytes) -> None:
        if not name.startswith(PREFIX) or not await self.size(name):
            return await real(self, name, data)
        late, held[name] = held.get(name, b""), data
        if late:
            await real(self, name, late)

    if module.endswith("device"):
        Directory.append = append  # type: ignore[method-assign]


def a_hub_that_only_says_so(module: str) -> None:
    """The hub answers the digest of what it was sent, and stores every fourth segment nowhere."""
    real = Directory.put

    async def put(self: Directory, name: str, data: bytes, nonce: bytes = b"") -> str:
        if "/log/" in name and int(name[-1], 16) % 4 == 0:
            return digest_with(nonce, data)
        return await real(self, name, data, nonce)

    if module.endswith("hub"):
        Directory.put = put  # type: ignore[method-assign]


def a_seal_that_says_it_twice(module: str) -> None:
    """The first change of what is sealed goes into a file of its own, too."""
    real = segments.split

    def split(ops: list[Op], most: int = segments.MOST_STORED) -> Iterator[list[Op]]:
        yield from real(ops, most)
        yield ops[:1]

    if module.endswith("device"):
        segments.split = split


FAULTS: dict[str, Callable[[str], None]] = {
    fault.__name__: fault for fault in (a_buffer_that_a_kill_loses, a_hub_that_only_says_so, a_seal_that_says_it_twice)
}

if __name__ == "__main__":
    _, name, module, *words = sys.argv
    FAULTS[name](module)
    sys.argv = [module, *words]
    runpy.run_module(module, run_name="__main__")
