"""Catalogues of sentences out of `assets/strings/`: English, the source, needs none, and stands for a language without one."""

import io
import re
import struct
from functools import lru_cache
from gettext import GNUTranslations
from pathlib import Path

from app.domain.vocabulary.language import ENGLISH, SOURCE, Language, speak
from app.usecases.session.school import School

APP = Path(__file__).parents[2]
INSIDE = APP / "_assets"  # where an installed wheel has them; in a checkout and in the browser they stand beside the package
STRINGS = (INSIDE if INSIDE.is_dir() else APP.parent / "assets") / "strings"
TAG = re.compile(r"[a-z]{2,3}(-[A-Z]{2})?")  # en-GB, cy


def language_of(tag: str) -> Language:
    """By a tag like cy or en-GB."""
    return _found(tag) if tag != SOURCE and TAG.fullmatch(tag) else ENGLISH


@lru_cache(maxsize=8)
def _found(tag: str) -> Language:
    try:
        return read(tag, (STRINGS / f"{tag.replace('-', '_')}.mo").read_bytes())
    except (OSError, ValueError, struct.error):  # there is none, or it cannot be read: better English than nothing
        return ENGLISH


def follow(school: School) -> None:
    """This device speaks the language of its school."""
    speak(language_of(school.language))


def read(tag: str, mo: bytes) -> Language:
    """A language from the bytes of a .mo file."""
    return Language(tag, GNUTranslations(io.BytesIO(mo)))
