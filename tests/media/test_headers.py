"""What a file is, is read from its first bytes, before anything decodes it; and nothing that a file says can break that."""

import struct
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from app.errors import ClipFromFile, ClipTooLong, EmptyFile, NotAPicture, PictureTooBig, PictureTooManyPixels, SmallStepsError
from app.media.codec import HEADS, LARGEST, check_clip, check_picked, fitted, wants_more
from app.media.headers import Header, jpeg_segments, read_header, without_metadata
from tests.media import parts
from tests.media.parts import talkative

KINDS = [("JPEG", "image/jpeg"), ("PNG", "image/png"), ("GIF", "image/gif"), ("WEBP", "image/webp"), ("AVIF", "image/avif")]
CLIPS = [("mp4", "libx264", "video/mp4"), ("webm", "libvpx", "video/webm"), ("mov", "mpeg4", "video/quicktime")]


@pytest.mark.parametrize(("kind", "type"), KINDS)
def test_a_picture_says_its_type_and_size(kind: str, type: str) -> None:
    data = parts.saved(parts.quarters(96, 40), kind)
    assert read_header(data) == Header("photo", type, 96, 40)


@pytest.mark.parametrize("more", [{"lossless": True}, {"lossless": False}, {"exif": b"Exif\0\0II*\0\x08\0\0\0\0\0"}])
def test_every_form_of_webp_says_its_size(more: dict[str, object]) -> None:
    found = read_header(parts.saved(parts.quarters(96, 40), "WEBP", **more))
    assert found is not None and (found.width, found.height) == (96, 40)


@pytest.mark.parametrize(("format", "codec", "type"), CLIPS)
def test_a_film_is_known_as_a_film(tmp_path: Path, format: str, codec: str, type: str) -> None:
    assert read_header(parts.clip(tmp_path, format, codec)) == Header("clip", type, 64, 48)


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_the_size_is_told_as_people_see_it(orientation: int, order: str) -> None:
    size = (32, 64) if orientation >= 5 else (64, 32)
    assert read_header(parts.turned(orientation, order)) == Header("photo", "image/jpeg", *size, orientation)


@pytest.mark.parametrize("orientation", [0, 9, 65535])
def test_a_turn_that_does_not_exist_is_none(orientation: int) -> None:
    found = read_header(parts.turned(orientation))
    assert found is not None and (found.orientation, found.width, found.height) == (1, 64, 32)


def test_a_heic_picture_is_a_picture_and_its_largest_size_counts() -> None:
    sizes = b"".join(struct.pack(">I4sIII", 20, b"ispe", 0, *size) for size in ((320, 240), (4032, 3024), (512, 512)))
    data = struct.pack(">I4s4sI4s", 20, b"ftyp", b"heic", 0, b"mif1") + struct.pack(">I4s", 8 + len(sizes), b"meta") + sizes
    assert read_header(data) == Header("photo", "image/heic", 4032, 3024)


@pytest.mark.parametrize("data", [b"", parts.TEXT, parts.PDF, b"PK\3\4", b"\xff\xd8", b"RIFF....AVI LIST", b"\0" * 100])
def test_anything_else_is_nothing(data: bytes) -> None:
    assert read_header(data) is None


def test_a_cut_header_says_that_more_is_wanted() -> None:
    data = b"\xff\xd8\xff\xe1" + struct.pack(">H", 60_000) + bytes(59_998) + parts.saved(parts.quarters())[2:]
    assert wants_more(len(data), data[:1000]) and not wants_more(len(data), data)
    assert not wants_more(1000, data[:1000]), "there is no more to be had"


# -- what is refused, and in which words -------------------------------------------------------------------------------
def test_an_empty_file_is_told_as_one() -> None:
    with pytest.raises(EmptyFile):
        check_picked(0, b"")


@pytest.mark.parametrize("data", [parts.TEXT, parts.PDF, b"\xff\xd8\xff\xe0", parts.saved(parts.quarters())[:12]])
def test_what_only_its_name_calls_a_photo_is_refused(data: bytes) -> None:
    with pytest.raises(NotAPicture):
        check_picked(len(data), data)


@pytest.mark.parametrize(("format", "codec", "type"), CLIPS)
def test_a_film_from_the_device_is_refused_as_a_film(tmp_path: Path, format: str, codec: str, type: str) -> None:
    data = parts.clip(tmp_path, format, codec)
    with pytest.raises(ClipFromFile):
        check_picked(len(data), data)
    with pytest.raises(ClipFromFile):
        check_picked(LARGEST * 3, data)


def test_a_file_is_too_big_by_its_size_alone() -> None:
    head = parts.saved(parts.quarters())
    assert check_picked(LARGEST, head).pixels
    with pytest.raises(PictureTooBig):
        check_picked(LARGEST + 1, head)


def test_a_few_bytes_with_too_many_pixels_are_refused_by_their_header() -> None:
    data = parts.huge_png()
    assert len(data) < 25_000
    with pytest.raises(PictureTooManyPixels):
        check_picked(len(data), data[:64])


def test_25_million_pixels_are_still_a_picture() -> None:
    assert check_picked(999, parts.huge_png(5000, 5000)).pixels == 25_000_000
    with pytest.raises(PictureTooManyPixels):
        check_picked(999, parts.huge_png(5000, 5001))


@pytest.mark.parametrize(("format", "codec", "type"), CLIPS)
def test_a_clip_of_our_own_recorder_comes_in(tmp_path: Path, format: str, codec: str, type: str) -> None:
    data = parts.clip(tmp_path, format, codec)
    assert check_clip(len(data), data, 30_000).type == type


def test_a_recorder_may_stop_a_little_late_but_not_much(tmp_path: Path) -> None:
    data = parts.clip(tmp_path, "webm", "libvpx")
    assert check_clip(len(data), data, 32_000)
    with pytest.raises(ClipTooLong):
        check_clip(len(data), data, 32_001)
    with pytest.raises(ClipTooLong):
        check_clip(LARGEST + 1, data, 10_000)


def test_a_recording_that_came_out_wrong_says_to_record_it_again() -> None:
    with pytest.raises(EmptyFile, match="record it again"):
        check_clip(0, b"", 1000)
    with pytest.raises(NotAPicture, match="record it again"):
        check_clip(9, parts.saved(parts.quarters()), 1000)


# -- laws --------------------------------------------------------------------------------------------------------------
STARTS = [parts.saved(parts.quarters(), kind) for kind, _ in KINDS] + [parts.turned(6), parts.turned(6, ">")]
BOXES = [
    b"\0\0\0\x14ftypheic\0\0\0\0mif1",
    b"\0\0\0\x14ftypisom",
    b"\x1a\x45\xdf\xa3\x01\xff",
    b"RIFF\0\0\0\0WEBPVP8X",
    b"GIF89a",
]


@given(st.binary(max_size=400))
@example(b"\xff\xd8\xff" + b"\xff" * 300)
@example(b"\x1a\x45\xdf\xa3" + b"\0" * 300)
def test_any_bytes_have_a_header_or_none(data: bytes) -> None:
    read_header(data)


@given(st.sampled_from([*STARTS, *BOXES]), st.data())
def test_a_spoilt_file_raises_nothing_but_the_named_errors(start: bytes, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(start)))
    spoilt = start[:at] + data.draw(st.binary(max_size=40)) + start[at + data.draw(st.integers(0, 40)) :]
    for check in (lambda: check_picked(len(spoilt), spoilt), lambda: check_clip(len(spoilt), spoilt, 1000)):
        try:
            check()
        except SmallStepsError as error:
            assert error.message.endswith(".")


@given(st.integers(1, 40_000), st.integers(1, 40_000), st.integers(1, 4000))
def test_a_fitted_picture_fits_and_keeps_its_shape(width: int, height: int, edge: int) -> None:
    w, h = fitted(width, height, edge)
    assert 1 <= w <= min(width, edge) or w == 1
    assert 1 <= h <= max(1, min(height, edge))
    assert max(w, h) == min(max(width, height), edge)
    assert abs(w * height - h * width) <= max(width, height), "within a pixel"


# -- metadata ----------------------------------------------------------------------------------------------------------


def test_what_cameras_add_to_a_jpeg_is_taken_out_and_the_picture_stays() -> None:
    before = talkative()
    after = without_metadata(before)
    assert set(parts.segments_of(after)) <= {0xE0, 0xDB, 0xC0, 0xC4}
    assert all(word not in after for word in (b"secret", b"Exif", b"JFXX", b"ICC"))
    assert parts.opened(after).tobytes() == parts.opened(before).tobytes()


def test_what_has_no_metadata_stays_as_it_is() -> None:
    plain = parts.saved(parts.quarters(), optimize=True)
    assert without_metadata(plain) == plain


def test_adobes_note_on_colours_stays_since_a_decoder_needs_it() -> None:
    four = parts.saved(parts.quarters(mode="CMYK"))
    assert b"Adobe" in without_metadata(four)


@given(st.binary(max_size=200))
def test_any_bytes_can_be_looked_through(data: bytes) -> None:
    assert all(start <= end for _, start, end in jpeg_segments(b"\xff\xd8\xff" + data))
    without_metadata(b"\xff\xd8\xff" + data)


def test_only_the_beginning_of_a_file_is_looked_at() -> None:
    assert HEADS == (256 * 1024, 8 * 1024 * 1024)
