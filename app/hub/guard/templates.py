"""How the hub's plain pages look: their templates, and the few files that they load."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.settings import ASSETS

FILES = {
    "page.css": ASSETS / "family/page.css",
    "regular.woff2": ASSETS / "fonts/AtkinsonHyperlegibleNext-Regular.woff2",
    "bold.woff2": ASSETS / "fonts/AtkinsonHyperlegibleNext-Bold.woff2",
    "arabic.woff2": ASSETS / "fonts/NotoSansArabic-Regular.woff2",
    "arabic-bold.woff2": ASSETS / "fonts/NotoSansArabic-Bold.woff2",
}
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
TEMPLATES = Environment(
    loader=FileSystemLoader(ASSETS / "family"), autoescape=select_autoescape(default=True), undefined=StrictUndefined
)
TEMPLATES.filters["day"] = lambda d: f"{d.day} {MONTHS[d.month - 1]} {d.year}"


def page(template: str, **facts: Any) -> str:
    """HTML; whatever the facts hold is shown as text."""
    return TEMPLATES.get_template(template).render(**facts)


def file_of(name: str) -> Path | None:
    return FILES.get(name)


def kind_of(name: str) -> str:
    return "text/css" if name.endswith(".css") else "font/woff2"
