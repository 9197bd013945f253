"""The app's icon, drawn: a stair of small steps, and a figure in a warm colour at the top of it."""

from pathlib import Path

from PIL import Image, ImageDraw

PRIMARY, PAPER, WARM = "#0B6E6E", "#FBF8F3", "#FF9B6B"
BIG, STEPS = 1024, 4


def icon(side: int, inset: float, rounded: bool) -> Image.Image:
    """A square icon of `side` px; `inset` keeps the drawing inside a mask."""
    image = Image.new("RGBA", (BIG, BIG), (0, 0, 0, 0))
    draw = ImageDraw.Draw(image)
    draw.rounded_rectangle((0, 0, BIG - 1, BIG - 1), BIG // 5 if rounded else 0, PRIMARY)
    low, side_of = BIG * inset, BIG * (1 - 2 * inset)
    run, rise = side_of / STEPS, side_of * 0.66 / STEPS
    for step in range(STEPS):
        left, top = low + step * run, BIG - low - (step + 1) * rise
        draw.rounded_rectangle((left, top, BIG - low, BIG - low), 30, PAPER)
    x, r = low + (STEPS - 0.5) * run, run * 0.4
    y = BIG - low - STEPS * rise - r * 1.25
    draw.ellipse((x - r, y - r, x + r, y + r), WARM)
    return image.resize((side, side), Image.Resampling.LANCZOS)


def draw_all(out: Path) -> None:
    out.mkdir(parents=True, exist_ok=True)
    for name, side, inset, rounded in (
        ("icon-192", 192, 0.2, True), ("icon-512", 512, 0.2, True), ("icon-maskable-192", 192, 0.27, False),
        ("icon-maskable-512", 512, 0.27, False), ("apple-touch-icon", 180, 0.2, False), ("favicon", 48, 0.15, True),
    ):  # fmt: skip
        icon(side, inset, rounded).save(out / f"{name}.png", optimize=True)
