"""Who this device is: 64 random bits, and an incarnation that is new at any doubt (I3). Kept twice."""

import json
from collections.abc import Callable

from storage import names
from storage.errors import MissingName
from storage.folder.port import Disk
from storage.ops import dumps

PLACES = ("local/device", "local/device.again")


def check_of(device: tuple[str, str]) -> str:
    """One flipped bit would make another device of this one, to which nothing here belongs."""
    return names.hash_of(".".join(device).encode())


async def load(disk: Disk) -> tuple[tuple[str, str] | None, bool]:
    """((device, incarnation) or None, whether anything of it was damaged)."""
    damaged = False
    for place in PLACES:
        try:
            raw = json.loads(await disk.get(place))
            found = (str(raw["dev"]), str(raw["inc"]))
            if raw["check"] == check_of(found):
                return found, damaged
            damaged = True
        except MissingName:
            continue
        except (ValueError, KeyError, TypeError):
            damaged = True
    return None, damaged


async def renew(disk: Disk, random: Callable[[int], bytes], device: str = "") -> tuple[str, str]:
    """A new incarnation of the device, or of a new one; durable when it returns, before anything is written under it."""
    made = (device or random(8).hex(), random(8).hex())
    for place in PLACES:
        await disk.replace(place, dumps({"dev": made[0], "inc": made[1], "check": check_of(made)}).encode())
    return made
