"""Colours that everybody can read: WCAG AA, computed for every palette."""

import pytest

from views import theme as t

EVERY = pytest.mark.parametrize("palette", t.PALETTES.values(), ids=list(t.PALETTES))


def test_the_contrast_is_the_one_of_the_standard() -> None:
    assert t.contrast("#000000", "#FFFFFF") == pytest.approx(21)
    assert t.contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.01)
    assert t.contrast("#FFFFFF", "#777777") == t.contrast("#777777", "#FFFFFF")


@EVERY
@pytest.mark.parametrize("pair", t.TEXT_PAIRS, ids="-on-".join)
def test_text_can_be_read_on_its_ground(palette: t.Palette, pair: tuple[str, str]) -> None:
    assert t.contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) >= 4.5


@EVERY
@pytest.mark.parametrize("pair", t.SHAPE_PAIRS, ids="-on-".join)
def test_shapes_can_be_seen_on_their_ground(palette: t.Palette, pair: tuple[str, str]) -> None:
    assert t.contrast(getattr(palette, pair[0]), getattr(palette, pair[1])) >= 3


def test_every_colour_of_text_is_in_a_pair() -> None:
    told = {name for pair in t.TEXT_PAIRS for name in pair}
    assert {name for name in t.Palette.__slots__ if name.startswith("on_")} <= told


@pytest.mark.parametrize("face", t.FACES)
def test_initials_can_be_read_on_every_face(face: str) -> None:
    assert t.contrast(t.FACE_INK, face) >= 4.5


def test_high_contrast_is_black_and_white_with_thick_lines() -> None:
    assert set(t.colours(t.CONTRAST)) == {"#000000", "#FFFFFF"} and t.CONTRAST.line >= 3


def test_nothing_pressed_is_smaller_than_a_finger() -> None:
    assert t.TOUCH >= 48 and t.TOUCH_CLASS >= 56 and t.SHUTTER >= 84
