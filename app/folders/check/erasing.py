"""What a folder still holds of children whose records were erased, in every place."""

import json
from collections.abc import Iterable

from app.hub.records.erasures import speaks_of
from storage import erasure
from storage.errors import BadBytes, MissingName
from storage.folder.port import Folder

LINKS = "hub/links/"


async def of_children(folder: Folder, there: Iterable[str], children: set[str]) -> dict[str, list[str]]:
    """Child -> names, of those that are there, in the order in which they may go; strangers and conflict copies, too."""
    if not children:
        return {}
    listed = sorted(there, key=lambda name: (name.startswith(LINKS), name))
    links = await _links(folder, [name for name in listed if name.startswith(LINKS)])
    found: dict[str, list[str]] = {}
    for name in listed:
        parts = name.split("/")
        room = erasure.belongs(parts[1]) if parts[0] == "p" and len(parts) > 2 else ""
        for child in {room} & children or (_in_hub(parts, children, links) if parts[0] == "hub" else ()):
            found.setdefault(child, []).append(name)
    return found


def _in_hub(parts: list[str], children: set[str], links: dict[str, str]) -> Iterable[str]:
    for child in children:
        of_child = {ident for ident, pupil in links.items() if pupil == child}
        if speaks_of(parts, set(erasure.rooms(child)), of_child):
            yield child


async def _links(folder: Folder, papers: list[str]) -> dict[str, str]:
    """Link -> the child it is about, also where the paper is signed with a key that is not here."""
    found = {}
    for name in papers:
        try:
            pupil = json.loads(await folder.get(name))["paper"]["pupil"]
        except (BadBytes, MissingName, ValueError, KeyError, TypeError, RecursionError):
            continue
        found[name.removeprefix(LINKS).removesuffix(".json")] = str(pupil)
    return found
