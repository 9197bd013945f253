"""The language that people read: a sentence is marked where it is written, and translated only when it is shown.

The source is British English, so without a catalogue nothing changes. `_` and `ngettext` translate now; `N_` only marks a
constant, which is shown with `_(CONSTANT)`. What changes stands in a sentence as {name} and is never glued on, because other
languages order their words differently."""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from gettext import NullTranslations

SOURCE = "en-GB"


@dataclass(frozen=True, slots=True)
class Language:
    """`tag` as in HTML's lang (en-GB); `catalogue` holds the sentences."""

    tag: str
    catalogue: NullTranslations


ENGLISH = Language(SOURCE, NullTranslations())
_asked: ContextVar[Language | None] = ContextVar("language", default=None)
_usual = ENGLISH  # of a device all of whose tasks speak one language; a hub asks anew for each request


def speak(language: Language) -> None:
    """From now on this is the language of all that does not ask for another."""
    global _usual
    _usual = language


@contextmanager
def in_language(language: Language) -> Iterator[None]:
    """Inside, and in tasks that begin there, people read this language."""
    before = _asked.set(language)
    try:
        yield
    finally:
        _asked.reset(before)


def current() -> Language:
    return _asked.get() or _usual


def N_(text: str) -> str:
    """The same text; the catalogue takes it up."""
    return text


def _(text: str, /, **fields: object) -> str:
    """The sentence as it is read now, with its {fields} filled in."""
    said = current().catalogue.gettext(text) if text else ""
    return said.format(**fields) if fields else said


def ngettext(one: str, many: str, n: int, /, **fields: object) -> str:
    """The sentence for this number, which stands in it as {n}."""
    return current().catalogue.ngettext(one, many, n).format(n=n, **fields)


def listed(words: list[str]) -> str:
    """a; a and b; a, b and c."""
    return _("{some} and {last}", some=", ".join(words[:-1]), last=words[-1]) if len(words) > 1 else "".join(words)
