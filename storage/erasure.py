"""Erasing a child: an order in `school` that names the id only, is kept for ever, and beats everything else (I9).

That the order exists is what counts, not what it says: no later write can take it back.
"""

import re

from storage.folder.port import Folder
from storage.library import Library

KIND = "erased"
A_CHILD = re.compile(r"[0-9a-f]{32}")


def erased(library: Library) -> set[str]:
    """Ids of the children whose records may be nowhere any more. What is no child, the school itself above all, cannot be
    erased, even if a file says so."""
    found = (document["id"] for document in library.table(KIND) if document["partition"] == "school")
    return {ident for ident in found if A_CHILD.fullmatch(ident)}


def belongs(partition: str) -> str:
    """The child's id that a partition belongs to; `school` and `office` belong to no child."""
    return partition.partition(".")[0]


def rooms(ident: str) -> tuple[str, str]:
    """The partitions of a child."""
    return ident, f"{ident}.office"


async def wipe(folder: Folder, ident: str) -> int:
    """Remove everything of a child from a folder: also conflict copies and strangers, for they hold the child too. How many
    files went."""
    gone = [name for room in rooms(ident) for name in await folder.names(f"p/{room}/")]
    for name in gone:
        await folder.delete(name)
    return len(gone)
