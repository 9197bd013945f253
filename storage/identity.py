"""Who this device is: 64 random bits, and an incarnation that is new at any doubt (I3). Kept twice."""

import json
from collections.abc import Callable

from storage.errors import MissingName
from storage.folder.port import Disk
from storage.ops import dumps

PLACES = ("local/device", "local/device.again")


async def load(disk: Disk) -> tuple[tuple[str, str] | None, bool]:
    """((device, incarnation) or None, whether anything of it was damaged)."""
    damaged = False
    for place in PLACES:
        try:
            raw = json.loads(await disk.get(place))
            return (str(raw["dev"]), str(raw["inc"])), damaged
        except MissingName:
            continue
        except (ValueError, KeyError, TypeError):
            damaged = True
    return None, damaged


async def renew(disk: Disk, random: Callable[[int], bytes], device: str = "") -> tuple[str, str]:
    """A new incarnation of the device, or of a new one; durable when it returns, before anything is written under it."""
    made = (device or random(8).hex(), random(8).hex())
    for place in PLACES:
        await disk.replace(place, dumps({"dev": made[0], "inc": made[1]}).encode())
    return made
