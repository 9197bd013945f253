"""A made-up language: every letter of every sentence of the template has a mark, so that what is plain on a screen was not
translated. It is made out of assets/strings/messages.pot, so that a sentence which the template lacks stays plain, too."""

import io
import re

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

from app.domain.vocabulary.language import Language
from app.usecases.session.language import STRINGS, read

TAG = "qps"
TEMPLATE = STRINGS / "messages.pot"
MARKED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "áƀçđéƒǧħíǰķłɱñóƥɋřšŧúṽŵẋýžÁɃÇĐÉƑǦĦÍǰĶŁṀÑÓƤɊŘŠŦÚṼŴẊÝŽ"
)
KEPT = re.compile(r"(\{\w+\}|%\(\w+\)s|<[^<>]+>|&\w+;)")  # fields of Python and of Jinja, and marks of HTML


def marked(text: str) -> str:
    """⟦Ŧħé šéñŧéñçé⟧, with its {fields} as they were."""
    parts = KEPT.split(text)
    return f"⟦{''.join(part if at % 2 else part.translate(MARKED) for at, part in enumerate(parts))}⟧"


def pseudo() -> Language:
    return read(TAG, catalogue())


def catalogue() -> bytes:
    """The .mo of the made-up language."""
    with TEMPLATE.open("rb") as file:
        found = read_po(file, locale="en_GB")
    for message in found:
        if message.id:
            one_or_many = message.id if isinstance(message.id, tuple | list) else (message.id,)
            made = tuple(marked(text) for text in one_or_many)
            message.string = made if message.pluralizable else made[0]
    out = io.BytesIO()
    write_mo(out, found)
    return out.getvalue()
