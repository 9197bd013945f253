"""Colours, type, space and motion: paper, ink, one teal, one warm shutter. A test computes the contrast of every pair."""

from dataclasses import dataclass, fields

import flet as ft

FONT = "Atkinson Hyperlegible Next"
CAPTION, BODY, LEAD, TITLE, PAGE, NUMERAL = 14, 16, 18, 22, 28, 40
XS, S, M, L, XL, XXL = 4, 8, 12, 16, 24, 32
CARD, SHEET, ROUND = 12, 20, 999
TOUCH, TOUCH_CLASS, SHUTTER = 48, 56, 84  # px
MOTION = 180  # ms
WIDE = 720  # px: from here on a rail and two panes


@dataclass(frozen=True, slots=True)
class Palette:
    """One set of colours. A pair `x` and `on_x` is text on a surface."""

    name: str
    paper: str
    card: str
    ink: str
    ink2: str
    primary: str
    on_primary: str
    soft: str
    on_soft: str
    shutter: str
    on_shutter: str
    outline: str
    tablet: str
    on_tablet: str
    sending: str
    on_sending: str
    folder: str
    on_folder: str
    needs_you: str
    on_needs_you: str
    line: int = 1


LIGHT = Palette(
    "light", "#FBF8F3", "#FFFFFF", "#1F2A2E", "#4E5C63", "#0B6E6E", "#FFFFFF", "#D7EEEC", "#0A4B4B", "#C2410C", "#FFFFFF",
    "#8A8377", "#E4EAFB", "#2B4A9B", "#FFF0D2", "#7A4F00", "#DDF3E4", "#14632F", "#FCE4E2", "#A1201A",
)  # fmt: skip
DARK = Palette(
    "dark", "#12181A", "#1B2326", "#EAF0F0", "#A9B7BB", "#6FD0CB", "#00302F", "#15403E", "#BFEDEA", "#FF9B6B", "#3A1200",
    "#7C8A8E", "#22305C", "#B9C9FF", "#3F2E07", "#FFD58A", "#123A20", "#9FE3B4", "#54120E", "#FFB4AC",
)  # fmt: skip
CONTRAST = Palette(
    "contrast", "#FFFFFF", "#FFFFFF", "#000000", "#000000", "#000000", "#FFFFFF", "#FFFFFF", "#000000", "#000000", "#FFFFFF",
    "#000000", "#FFFFFF", "#000000", "#FFFFFF", "#000000", "#FFFFFF", "#000000", "#FFFFFF", "#000000", 3,
)  # fmt: skip
PALETTES = {p.name: p for p in (LIGHT, DARK, CONTRAST)}
TEXT_PAIRS = [
    ("ink", "paper"), ("ink", "card"), ("ink2", "paper"), ("ink2", "card"), ("on_primary", "primary"), ("on_soft", "soft"),
    ("on_shutter", "shutter"), ("on_tablet", "tablet"), ("on_sending", "sending"), ("on_folder", "folder"), 
    ("on_needs_you", "needs_you"),
]  # fmt: skip
SHAPE_PAIRS = [("outline", "card"), ("outline", "paper"), ("primary", "card"), ("primary", "paper")]
FACES = ["#F3D9C9", "#D6E6C8", "#CFE3F0", "#E6D7EE", "#F4E3B5", "#CDE7E2", "#F1D3DA", "#DDDCC9"]  # soft discs, ink on them
FACE_INK = "#1F2A2E"


def contrast(one: str, other: str) -> float:
    """The WCAG 2 contrast ratio of two #RRGGBB colours, 1 to 21."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _luminance(colour: str) -> float:
    parts = [int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    red, green, blue = (p / 12.92 if p <= 0.04045 else ((p + 0.055) / 1.055) ** 2.4 for p in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def flet_theme(p: Palette) -> ft.Theme:
    scheme = ft.ColorScheme(
        primary=p.primary, on_primary=p.on_primary, primary_container=p.soft, on_primary_container=p.on_soft,
        secondary=p.primary, on_secondary=p.on_primary, secondary_container=p.soft, on_secondary_container=p.on_soft,
        surface=p.paper, on_surface=p.ink, on_surface_variant=p.ink2, outline=p.outline, outline_variant=p.outline,
        error=p.on_needs_you, on_error=p.needs_you, surface_container=p.card, surface_container_low=p.card,
        surface_container_high=p.card, surface_container_highest=p.card, surface_tint=p.paper,
    )  # fmt: skip
    return ft.Theme(color_scheme=scheme, font_family=FONT)


def colours(p: Palette) -> list[str]:
    return [getattr(p, f.name) for f in fields(p) if f.name not in {"name", "line"}]
