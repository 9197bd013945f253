"""A face is the same for a pupil for ever, another one for another seed, and a picture whatever the name is."""

from types import SimpleNamespace
from typing import Any
from xml.etree import ElementTree

import flet as ft
from hypothesis import given
from hypothesis import strategies as st

from app.domain.register.people import Pupil
from views.parts.people import disc
from views.parts.portrait import portrait
from views.theme import LIGHT

LETTERS = st.text(st.characters(blacklist_categories=["Cs", "Cc"]), max_size=2)


@given(st.integers(0, 255), st.sampled_from([48, 72, 96]), LETTERS)
def test_every_face_is_a_picture_with_its_initials(seed: int, side: int, letters: str) -> None:
    root = ElementTree.fromstring(portrait(seed, side, letters))
    (text,) = root.findall("{http://www.w3.org/2000/svg}text")
    assert (text.text or "") == letters and root.get("width") == str(side)


def test_eight_animals_in_eight_colours_look_different_and_stay_what_they_are() -> None:
    made = [portrait(seed, 72, "AH") for seed in range(64)]
    assert len(set(made)) == 64 and made == [portrait(seed, 72, "AH") for seed in range(64)]


def test_in_high_contrast_a_face_has_an_edge() -> None:
    assert 'stroke="#000000"' in portrait(1, 72, "AH", "#000000", 3) and "stroke" not in portrait(1, 72, "AH")


def test_initials_of_every_script_are_letters_and_no_boxes() -> None:
    """A picture knows our own font alone; a text finds a font for each script."""
    ui: Any = SimpleNamespace(palette=LIGHT)
    latin, arabic = (disc(ui, Pupil("0" * 32, name)) for name in ("Amira Haddad", "ليلى حسن"))
    assert isinstance(latin, ft.Image) and ">AH<" in latin.src
    assert isinstance(arabic, ft.Stack) and [one.content.value for one in arabic.controls[1:]] == ["لح"]
    assert "ل" not in arabic.controls[0].src
