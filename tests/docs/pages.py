"""The pages of the documents as tests read them: README.md, SECURITY.md, CHANGELOG.md and everything in docs/."""

import re
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
PAGES = [
    "README.md",
    "SECURITY.md",
    "CHANGELOG.md",
    *sorted(page.relative_to(ROOT).as_posix() for page in ROOT.glob("docs/*.md")),
]


def text(page: str) -> str:
    """A page by its path below the root, like "docs/sync.md"."""
    return (ROOT / page).read_text(encoding="utf-8")


def section(page: str, title: str) -> str:
    """What stands under a heading of the second level."""
    found = re.search(rf"^## {re.escape(title)}\n(.*?)(?=^## |\Z)", text(page), re.MULTILINE | re.DOTALL)
    assert found, f"{page} has no section {title}"
    return found[1]


def links(page: str) -> list[tuple[str, str]]:
    """(file, anchor) of every link of a page to a file of ours, pictures too; "" as the file means the page itself."""
    found = re.findall(r"\]\(([^)\s]+)\)", text(page))
    return [(link.partition("#")[0], link.partition("#")[2]) for link in found if not link.startswith("http")]


def led_to(page: str, link: str) -> str:
    """The path below the root that a page's link leads to."""
    return (ROOT / page).parent.joinpath(link).resolve().relative_to(ROOT).as_posix() if link else page


def anchors(page: str) -> set[str]:
    """The headings of a page as links name them."""
    titles = re.findall(r"^#+ (.+)$", text(page), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles}


def prose(page: str) -> str:
    """A page without what stands in code."""
    return re.sub(r"```.*?```|`[^`]*`", "", text(page), flags=re.DOTALL)
