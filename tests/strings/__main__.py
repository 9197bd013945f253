"""`make strings`: every sentence into assets/strings/messages.pot, and each language's .po into the .mo that the app reads."""

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[2]
STRINGS = ROOT / "assets/strings"
TEMPLATE = STRINGS / "messages.pot"


def babel(*words: object) -> None:
    command = [sys.executable, "-m", "babel.messages.frontend", "--quiet", *map(str, words)]
    subprocess.run(command, cwd=ROOT, check=True)


def extract(to: Path) -> None:
    """Without lines and dates, so that only a changed sentence changes it."""
    options = ("--mapping-file", "assets/strings/babel.cfg", "--keyword", "N_", "--sort-output", "--no-location", "--omit-header")
    babel("extract", *options, "--output-file", to, ".")


def compiled(po: Path) -> Path:
    """A language (cy.po, en_GB.po) as the app reads it: the .mo beside it."""
    mo = po.with_suffix(".mo")
    babel("compile", "--locale", po.stem, "--input-file", po, "--output-file", mo)
    return mo


def main() -> None:
    extract(TEMPLATE)
    for po in sorted(STRINGS.glob("*.po")):
        babel("update", "--locale", po.stem, "--input-file", TEMPLATE, "--output-file", po)
        compiled(po)


if __name__ == "__main__":
    main()
