"""How the hub's plain pages look: their templates, and the few files that they load."""

from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, select_autoescape

from app.domain.vocabulary.dates import long_day
from app.domain.vocabulary.language import _, current, ngettext
from app.settings import ASSETS

FILES = {
    "page.css": ASSETS / "family/page.css",
    "regular.woff2": ASSETS / "fonts/AtkinsonHyperlegibleNext-Regular.woff2",
    "bold.woff2": ASSETS / "fonts/AtkinsonHyperlegibleNext-Bold.woff2",
    "arabic.woff2": ASSETS / "fonts/NotoSansArabic-Regular.woff2",
    "arabic-bold.woff2": ASSETS / "fonts/NotoSansArabic-Bold.woff2",
}
TEMPLATES = Environment(
    loader=FileSystemLoader(ASSETS / "family"),
    autoescape=select_autoescape(default=True),
    undefined=StrictUndefined,
    extensions=["jinja2.ext.i18n"],
)
TEMPLATES.filters["day"] = long_day
TEMPLATES.globals["language"] = lambda: current().tag
# A sentence of a template is looked up anew each time it is shown, in the language of the request.
TEMPLATES.install_gettext_callables(_, ngettext, newstyle=True)  # type: ignore[attr-defined]


def page(template: str, **facts: Any) -> str:
    """HTML; all that the facts hold is shown as text."""
    return TEMPLATES.get_template(template).render(**facts)


def file_of(name: str) -> Path | None:
    return FILES.get(name)


def kind_of(name: str) -> str:
    return "text/css" if name.endswith(".css") else "font/woff2"
