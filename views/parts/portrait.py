"""A face as one picture: a soft disc, a small drawn animal and initials, always the same for a pupil, so that non-readers find
themselves. Initials are part of the picture: large text does not make them cover the animal."""

from functools import lru_cache
from html import escape

from views import theme as t

FURS = ["#B5651D", "#7A5C43", "#5B6770", "#8A5A44", "#4C7A34", "#9A8478", "#3F6F8F", "#A8522D"]
EYE, WHITE, BEAK, SNOUT = "#1F2A2E", "#FFFFFF", "#F4B266", "#F7E6DA"
RABBIT, FISH, BIRD, OWL = 5, 6, 7, 1
EARS = {OWL: 0.34, 4: 0.3, RABBIT: 0.3, FISH: 0.2, BIRD: 0.2}  # how wide, of the head
KEPT = 512  # pictures: the faces of the largest school


@lru_cache(maxsize=KEPT)
def portrait(seed: int, side: int, letters: str, edge: str = "", line: int = 0) -> str:
    """An SVG picture of `side` px; around it an edge of this colour and `line` px, if there is one."""
    half = side / 2
    ground = f'<circle cx="{half}" cy="{half}" r="{half}" fill="{t.FACES[seed % len(t.FACES)]}"/>'
    around = f'<circle cx="{half}" cy="{half}" r="{half - line / 2}" fill="none" stroke="{edge}" stroke-width="{line}"/>'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}" viewBox="0 0 {side} {side}">'
        f"{ground}{_animal(seed, side * 0.6, side * 0.2, side * 0.1)}{_letters(letters, side)}{around if line else ''}</svg>"
    )


def _letters(letters: str, side: int) -> str:
    return (
        f'<text x="{side / 2}" y="{side * 0.96 - 4:.2f}" text-anchor="middle" font-family="{t.FONT}" font-size="{t.CAPTION}"'
        f' font-weight="700" fill="{t.FACE_INK}">{escape(letters)}</text>'
    )


def _animal(seed: int, side: float, left: float, top: float) -> str:
    """A small head drawn from circles: eight kinds, eight colours."""
    kind, fur = seed % 8, FURS[(seed // 8) % 8]
    ear = EARS.get(kind, 0.3)
    parts = [] if kind in {FISH, BIRD, RABBIT} else [(0.27, 0.24, ear, fur), (0.73, 0.24, ear, fur)]
    parts += [(0.5, 0.58, 0.74, fur), (0.36, 0.52, 0.18, WHITE), (0.64, 0.52, 0.18, WHITE)]
    parts += [(0.36, 0.53, 0.09, EYE), (0.64, 0.53, 0.09, EYE), (0.5, 0.68, 0.14, BEAK if kind in {OWL, BIRD} else SNOUT)]
    head = "".join(
        f'<circle cx="{left + x * side:.2f}" cy="{top + y * side:.2f}" r="{size * side / 2:.2f}" fill="{colour}"/>'
        for x, y, size, colour in parts
    )
    return (_long_ears(fur, side, left, top) if kind == RABBIT else "") + head


def _long_ears(fur: str, side: float, left: float, top: float) -> str:
    size = f'width="{0.16 * side:.2f}" height="{0.5 * side:.2f}" rx="{0.08 * side:.2f}" fill="{fur}"'
    return "".join(f'<rect x="{left + x * side:.2f}" y="{top:.2f}" {size}/>' for x in (0.26, 0.58))
