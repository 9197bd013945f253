"""What a person reads on a screen or a page, all of it, and what of that is still plain English in a made-up language."""

import dataclasses
import re
from collections.abc import Iterable, Iterator
from html import unescape
from typing import Any

import flet as ft

READ = {"value", "label", "tooltip", "semantics_label", "hint_text", "hint", "text", "content", "helper", "error", "title"}
DATA = {
    "name",
    "preferred_name",
    "note",
    "statement",
    "short",
    "criterion",
    "family_words",
    "next_step",
    "likes",
    "question",
    "year_group",
}
ADDRESS = re.compile(r"\bhttps?://\S+")
MARKS = re.compile(r"<(style|script).*?</\1>|<[^>]*>", re.DOTALL)


def texts(control: Any) -> Iterator[str]:
    """Every text in a control and in all that is inside it: words, labels, tooltips, what is read out, what stands in fields."""
    for field in dataclasses.fields(control):
        held = getattr(control, field.name, None)
        for one in held if isinstance(held, list) else [held]:
            if isinstance(one, str) and field.name in READ:
                yield one
            elif isinstance(one, ft.BaseControl) and dataclasses.is_dataclass(one):
                yield from texts(one)


def data_in(documents: Iterable[dict[str, Any]]) -> set[str]:
    """What people wrote themselves, which no catalogue translates."""
    return {str(doc[key]) for doc in documents for key in DATA & doc.keys() if doc[key]}


def english(said: Iterable[str], data: Iterable[str]) -> list[str]:
    """Those texts in which a letter is left that is neither of the made-up language nor of the data."""
    mine = {one for one in data if one}
    known = sorted({*mine, *(word for one in mine for word in one.split())}, key=len, reverse=True)
    pattern = re.compile("|".join(map(re.escape, known)) or r"(?!)")
    initials = {"".join(word[0] for word in one.split()[:2]) for one in mine}
    plain = (text for text in said if text not in initials)
    return sorted({text for text in plain if re.search("[A-Za-z]", pattern.sub("", ADDRESS.sub("", text)))})


def words_of(html: str) -> list[str]:
    """Text of a page, with what is read out or shown of its marks: alt, aria-label, title."""
    spoken = re.findall(r'\b(?:alt|aria-label|title|placeholder)="([^"]*)"', html)
    lines = [*MARKS.sub("\n", html).splitlines(), *spoken]
    return [unescape(line).strip() for line in lines if line.strip()]
