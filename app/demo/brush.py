"""What the pictures are drawn with: a scene in px of the finished picture, with smooth edges, soft shadows and wood."""

import math
from collections.abc import Sequence
from random import Random

from PIL import Image, ImageChops, ImageDraw, ImageFilter, ImageFont

from app.settings import ASSETS

WIDTH, HEIGHT = 1280, 960
FINE = 2  # drawn twice as large and halved at the end: edges are smooth
SOFT = 8  # shadows and light are made so much smaller: no one sees the difference, and it is fast
BOLD = ASSETS / "fonts/AtkinsonHyperlegibleNext-Bold.ttf"
Colour = tuple[int, int, int]
Point = tuple[float, float]
INK: Colour = (46, 52, 58)
DARK: Colour = (38, 32, 30)


def shade(colour: Colour, by: float) -> Colour:
    """Lighter above 1, darker below."""
    red, green, blue = (min(255, max(0, int(c * by))) for c in colour)
    return red, green, blue


class Scene:
    """A surface to draw on. Sizes and places are px of the finished picture; `chance` makes hands unsteady."""

    def __init__(self, chance: Random, ground: Colour, size: tuple[int, int] = (WIDTH, HEIGHT)) -> None:
        self.chance, self.size = chance, size
        self.image = Image.new("RGB", (size[0] * FINE, size[1] * FINE), ground)
        self._draw = ImageDraw.Draw(self.image)

    def shape(self, points: Sequence[Point], colour: Colour) -> None:
        self._draw.polygon([(x * FINE, y * FINE) for x, y in points], fill=colour)

    def oval(self, x: float, y: float, rx: float, ry: float, colour: Colour) -> None:
        self._draw.ellipse([(x - rx) * FINE, (y - ry) * FINE, (x + rx) * FINE, (y + ry) * FINE], fill=colour)

    def ring(self, x: float, y: float, rx: float, ry: float, colour: Colour, width: float) -> None:
        box = [(x - rx) * FINE, (y - ry) * FINE, (x + rx) * FINE, (y + ry) * FINE]
        self._draw.ellipse(box, outline=colour, width=int(width * FINE))

    def arc(self, x: float, y: float, rx: float, ry: float, turn: tuple[int, int], colour: Colour, width: float) -> None:
        """Part of a ring, from and to in degrees, clockwise from the right."""
        box = [(x - rx) * FINE, (y - ry) * FINE, (x + rx) * FINE, (y + ry) * FINE]
        self._draw.arc(box, *turn, fill=colour, width=int(width * FINE))

    def box(self, x0: float, y0: float, x1: float, y1: float, colour: Colour, radius: float = 0) -> None:
        self._draw.rounded_rectangle([x0 * FINE, y0 * FINE, x1 * FINE, y1 * FINE], radius * FINE, fill=colour)

    def line(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """With round joints and ends."""
        self._draw.line([(x * FINE, y * FINE) for x, y in points], fill=colour, width=int(width * FINE), joint="curve")
        for x, y in (points[0], points[-1]):
            self.oval(x, y, width / 2, width / 2, colour)

    def words(self, x: float, y: float, text: str, height: int, colour: Colour = INK) -> None:
        """Centred on the point."""
        font = ImageFont.truetype(str(BOLD), height * FINE)
        self._draw.text((x * FINE, y * FINE), text, fill=colour, font=font, anchor="mm")

    # -- paint -----------------------------------------------------------------------------------------------------------
    def brush(self, points: Sequence[Point], width: float, colour: Colour) -> None:
        """A stroke of paint: bristles side by side, each a little lighter or darker."""
        for _ in range(max(4, int(width / 3))):
            aside, tone = self.chance.uniform(-0.42, 0.42) * width, self.chance.uniform(0.88, 1.12)
            shaken = [(x + aside + self.chance.uniform(-2, 2), y + aside + self.chance.uniform(-2, 2)) for x, y in points]
            self.line(shaken, max(2.5, width * 0.22), shade(colour, tone))

    def dab(self, x: float, y: float, r: float, colour: Colour) -> None:
        """A blob with an uneven edge."""
        self.shape([(x + a * r, y + b * r) for a, b in self.uneven(20, 0.09)], colour)

    def uneven(self, corners: int, by: float) -> list[Point]:
        """A circle of radius 1 as an unsteady hand draws it."""
        turns = [math.tau * n / corners for n in range(corners)]
        return [(math.cos(t) * far, math.sin(t) * far) for t in turns for far in [1 + self.chance.uniform(-by, by)]]

    # -- light -----------------------------------------------------------------------------------------------------------
    def shadow(self, points: Sequence[Point], blur: float = 14, strength: float = 0.35, drop: float = 12) -> None:
        """Darkens what is there under a shape, softly, a little below it."""
        far = 3 * blur
        left, top = min(x for x, _ in points) - far, min(y for _, y in points) - far + drop
        wide = int((max(x for x, _ in points) + far - left) / SOFT) + 1
        high = int((max(y for _, y in points) + far + drop - top) / SOFT) + 1
        mask = Image.new("L", (wide, high), 0)
        ImageDraw.Draw(mask).polygon([((x - left) / SOFT, (y + drop - top) / SOFT) for x, y in points], fill=int(255 * strength))
        mask = mask.filter(ImageFilter.GaussianBlur(blur / SOFT))
        mask = mask.resize((wide * SOFT * FINE, high * SOFT * FINE), Image.Resampling.BILINEAR)
        self.image.paste(DARK, (int(left * FINE), int(top * FINE)), mask)

    def lay(self, other: "Scene", x: float, y: float, tilt: float) -> None:
        """Put a sheet down with its middle at this point, turned by degrees, with its shadow."""
        width, height = other.size
        turn = math.radians(-tilt)
        corners = [(sx * width / 2, sy * height / 2) for sx, sy in ((-1, -1), (1, -1), (1, 1), (-1, 1))]
        turned = [(x + a * math.cos(turn) - b * math.sin(turn), y + a * math.sin(turn) + b * math.cos(turn)) for a, b in corners]
        self.shadow(turned)
        sheet = other.image.convert("RGBA").rotate(tilt, Image.Resampling.BILINEAR, expand=True)
        self.image.paste(sheet, (int(x * FINE - sheet.width / 2), int(y * FINE - sheet.height / 2)), sheet)

    def finished(self) -> Image.Image:
        """At its real size, a little darker towards the corners, as through a lens."""
        return ImageChops.multiply(self.image.reduce(FINE), _lens(self.size))


def _lens(size: tuple[int, int]) -> Image.Image:
    small = Image.radial_gradient("L").resize((size[0] // SOFT, size[1] // SOFT))
    dimmed = small.point(lambda far: 255 - int(max(0, far - 70) * 0.2))
    return Image.merge("RGB", [dimmed.resize(size, Image.Resampling.BICUBIC)] * 3)


def circle(x: float, y: float, rx: float, ry: float | None = None) -> list[Point]:
    """The outline of an oval, for shadows."""
    tall = rx if ry is None else ry
    return [(x + rx * math.cos(math.tau * n / 24), y + tall * math.sin(math.tau * n / 24)) for n in range(24)]


def square(x0: float, y0: float, x1: float, y1: float) -> list[Point]:
    return [(x0, y0), (x1, y0), (x1, y1), (x0, y1)]


def table(chance: Random, wood: Colour = (196, 152, 104), planks: int = 5) -> Scene:
    """A wooden table seen from above."""
    scene = Scene(chance, wood)
    deep = HEIGHT / planks
    for plank in range(planks):
        tone = shade(wood, chance.uniform(0.93, 1.06))
        scene.box(0, plank * deep, WIDTH, (plank + 1) * deep, tone)
        for _ in range(16):
            y, bend = plank * deep + chance.uniform(6, deep - 6), chance.uniform(-5, 5)
            grain = [(x, y + bend * math.sin(x / 240)) for x in range(0, WIDTH + 1, 160)]
            scene.line(grain, chance.choice((1, 1.5, 2.5)), shade(tone, chance.uniform(0.9, 0.97)))
        scene.line([(0, plank * deep), (WIDTH, plank * deep)], 3, shade(wood, 0.72))
    return scene


def sheet(chance: Random, width: int, height: int, paper: Colour = (250, 247, 238)) -> Scene:
    return Scene(chance, paper, (width, height))
