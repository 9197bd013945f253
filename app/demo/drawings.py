"""All drawings by name, and what a camera would make of one."""

import io
from collections.abc import Callable
from random import Random

from app.demo import paintings, places, tabletop
from app.demo.brush import Scene

Drawing = Callable[[Random], Scene]
ALL: tuple[Drawing, ...] = (
    paintings.painted_tree, paintings.leaf_prints, paintings.number_line, paintings.letters, paintings.clay_letters,
    paintings.boat, tabletop.block_tower, tabletop.fruit_bowl, tabletop.beads, tabletop.ten_frame, tabletop.turn_cards,
    tabletop.day_cards, places.puddle, places.stairs, places.pool, places.coat, places.feelings, places.drum,
    places.lunch_tray, places.sun_window, places.seedlings,
)  # fmt: skip
DRAWINGS: dict[str, Drawing] = {drawing.__name__: drawing for drawing in ALL}


def photograph(draw: Drawing, chance: Random) -> bytes:
    """A JPEG of 1280 x 960 px, as a camera gives it."""
    out = io.BytesIO()
    draw(chance).finished().save(out, "JPEG", quality=92)
    return out.getvalue()
