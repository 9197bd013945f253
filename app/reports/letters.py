"""Words as they can be printed: every letter that a person wrote is in the paper, or is told in words; never a failed paper."""

import json
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any, Literal

import typst

from app.settings import ASSETS

FONTS = (ASSETS / "fonts", ASSETS / "reports")
STANDARD: Literal["ua-1"] = "ua-1"
MISSING = "□"  # a letter of a script that none of our fonts has
LONGEST_WORD = 32  # characters; a longer one may break anywhere, else it would run off the page
BREAK = "\u200b"
MARK_OF_ORDER = "\ufeff"  # of no width: PDF/UA refuses it
UNPRINTED = {"Cc", "Cn", "Co"}  # control, not assigned, private
TURNING = set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
LEFT_OUT = TURNING | {MARK_OF_ORDER}
PROBE = b"""#set document(title: "A word")
#set text(font: ("Atkinson Hyperlegible Next", "Vazirmatn", "Noto Sans Arabic"))
#json("words.json")
"""


@lru_cache(maxsize=1)
def fonts() -> typst.Fonts:
    """Ours and Typst's own, the same on every hub; the system's fonts are not looked at."""
    return typst.Fonts(include_system_fonts=False, include_embedded_fonts=True, font_paths=list(FONTS))


def press(files: dict[str, bytes]) -> bytes:
    """The PDF of `main` and the files it reads, all in memory: no child's picture is left in a temporary folder."""
    whole: Any = files  # Typst's stub knows only a single file
    return typst.compile(whole, font_paths=fonts(), format="pdf", pdf_standards=[STANDARD])


def tidy(text: str) -> str:
    """Without control characters, which PDF/UA refuses or which turn other words round; long words may be broken."""
    whole = unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode())
    lines = re.sub(r"\r\n?|[\u2028\u2029]", "\n", whole).replace("\t", " ")
    kept = "".join(c for c in lines if c == "\n" or (unicodedata.category(c) not in UNPRINTED and c not in LEFT_OUT))
    return re.sub(rf"\S{{{LONGEST_WORD}}}(?=\S)", lambda found: found[0] + BREAK, kept).strip()


@lru_cache(maxsize=4096)
def prints(words: str) -> bool:
    """Whether our fonts have it all. Asked of Typst itself: what it cannot print it refuses under PDF/UA."""
    try:
        press({"main": PROBE, "words.json": json.dumps(words).encode()})
    except typst.TypstError:
        return False
    return True


def in_words(text: str) -> str:
    """The same text with what our fonts lack told in words: a smiley by its name."""
    return re.sub(r"\s?\S*[^\x00-\x7f]\S*", lambda word: word[0] if prints(word[0]) else _word_in_words(word[0]), text)


def _word_in_words(word: str) -> str:
    shown = "".join(letter if prints(letter) else _letter_in_words(letter) for letter in word)
    # Each may be there alone, and yet no font have a mark together with the letter that it sits on.
    return shown if prints(shown) else "".join(c for c in shown if not unicodedata.category(c).startswith("M"))


def _letter_in_words(letter: str) -> str:
    kind = unicodedata.category(letter)
    if kind.startswith("L"):
        return MISSING
    if kind[0] == "M" or kind in {"Cf", "Sk"}:
        return ""  # a mark or a skin tone belongs to the sign before it, which is told
    return f"({unicodedata.name(letter, 'a sign').lower()})"


def everywhere(value: Any, change: Callable[[str], str]) -> Any:
    """The same content with `change` made to each text in it; addresses stay as they are."""
    if isinstance(value, str):
        return change(value)
    if isinstance(value, dict):
        return {key: held if key == "link" else everywhere(held, change) for key, held in value.items()}
    if isinstance(value, list | tuple):
        return [everywhere(held, change) for held in value]
    return value
