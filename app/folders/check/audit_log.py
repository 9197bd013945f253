"""The audit log as it lies in a folder, for people who look at it or copy it without its hub: no entry is written here."""

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path

from app.errors import KeyUnreadable
from app.hub.ground.signed_records import Vault, key_at
from app.hub.records.audit import subkey
from app.hub.records.chain import AREA, HEAD, Chain, Head, head_of, in_order
from app.settings import key_path
from storage.errors import BadBytes, MissingName
from storage.folder.port import Disk

__all__ = ["APART", "AREA", "Log", "key_at_hand", "lacks", "log_in"]
APART = "the two logs do not go on from each other. Neither was changed"


@dataclass(slots=True)
class Log:
    """The files by name, the bytes of the head (b"" where there is none), and what a look at them finds."""

    files: Mapping[str, bytes]
    head: bytes
    chain: Chain = field(default_factory=Chain)

    @property
    def lines(self) -> list[bytes]:
        return [line for name in in_order(set(self.files)) for line in self.files[name].splitlines(keepends=True)]

    @property
    def ends(self) -> Head:
        return _said(self.head) or Head()


def key_at_hand(chosen: Path | None = None) -> Callable[[str], bytes | None]:
    """Finds the hub's key of a space where it is at hand, and makes none. Raises KeyUnreadable."""

    def find(space: str) -> bytes | None:
        path = key_path(space, chosen)
        if chosen is None and not path.exists():
            return None
        try:
            return key_at(path.resolve(strict=True))
        except (OSError, ValueError) as error:
            raise KeyUnreadable from error

    return find


async def log_in(folder: Disk, key: bytes | None = None) -> Log:
    """All of it; the head first, since a hub may be writing. With the hub's `key` also whether the hub itself wrote it."""
    vault = Vault(folder, key) if key else None
    head = await _read(folder, HEAD)
    signed = await vault.read("audit", "head") if vault else None
    log = Log({name: await _read(folder, name) for name in in_order(await folder.names(AREA))}, head)
    log.chain = Chain(subkey(vault) if vault else None)
    for name in in_order(set(log.files)):
        log.chain.take(name, log.files[name])
    log.chain.end(head_of(signed) if vault else _said(head))
    return log


async def _read(folder: Disk, name: str) -> bytes:
    try:
        return await folder.get(name)
    except (MissingName, BadBytes):
        return b""


def _said(head: bytes) -> Head | None:
    """What the head says, even if its signature is not the hub's."""
    try:
        return head_of(json.loads(head)["paper"])
    except (ValueError, KeyError, TypeError, RecursionError):
        return None


# -- copying -----------------------------------------------------------------------------------------------------------------
def lacks(target: Log, source: Log) -> dict[str, bytes] | None:
    """What the target is to be given, in the order in which it is to be written: where its entries are the beginning of the
    source's, or where they are damaged and its own head vouches for the source. None where the two have gone apart."""
    mine, theirs = target.lines, source.lines
    mends = not target.chain.whole and source.chain.whole and _vouches(target.ends, source)
    if theirs[: len(mine)] != mine and not mends:
        return {} if mine[: len(theirs)] == theirs else None
    found = {name: data for name, data in sorted(source.files.items()) if target.files.get(name) != data}
    newer = source.head and (source.ends.n > target.ends.n or not target.head)
    return found | ({HEAD: source.head} if newer else {})


def _vouches(head: Head, source: Log) -> bool:
    """Whether the entry that was last written there is here, and so all that stands before it."""
    chain = Chain(wanted=head.n)
    for name in in_order(set(source.files)):
        chain.take(name, source.files[name])
    return head.n > 0 and chain.found == head.hash
