"""The app's icon, drawn: four small steps going up, the last one with a warm dot."""

from pathlib import Path

from PIL import Image, ImageDraw

PRIMARY, PAPER, WARM = "#0B6E6E", "#FBF8F3", "#FF9B6B"
BIG = 1024


def icon(side: int, inset: float, rounded: bool) -> Image.Image:
    """A square icon of `side` px; `inset` keeps the drawing inside a mask."""
    image = Image.new("RGBA", (BIG, BIG), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, BIG - 1, BIG - 1), BIG // 5 if rounded else 0, PRIMARY)
    low, width = BIG * inset, BIG * (1 - 2 * inset) / 4
    for step in range(4):
        left, top = low + step * width, BIG - low - (step + 1) * width * 0.72
        draw.rounded_rectangle((left + 8, top, left + width - 8, BIG - low), 26, PAPER)
    x, y, r = low + 3.5 * width, BIG - low - 4 * width * 0.72 - width * 0.52, width * 0.36
    draw.ellipse((x - r, y - r, x + r, y + r), WARM)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def draw_all(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, side, inset, rounded in (
        ("icon-192", 192, 0.2, True), ("icon-512", 512, 0.2, True), ("icon-maskable-192", 192, 0.27, False),
        ("icon-maskable-512", 512, 0.27, False), ("apple-touch-icon", 180, 0.2, False), ("favicon", 48, 0.15, True),
    ):  # fmt: skip
        icon(side, inset, rounded).save(out / f"{name}.png", optimize=True)
