"""What a stranger's device calls a picture or clip: only what the app makes comes in, and no byte of it can do harm."""

import base64
import io
import struct
from pathlib import Path

import av
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from PIL import Image

from app.media.arrived import BROKEN, NOT_OURS, TELLS, TOO_MANY, problem, small_problem
from app.media.codec import MOST_PIXELS
from tests.media import parts
from tests.media.parts import marked, talkative
from tests.pictures import photo

PLAIN = parts.saved(parts.quarters())
WORDS = {"", NOT_OURS, BROKEN, TOO_MANY, TELLS}
GPS = b"\xa9xyz\0\x11\x15\xc7+51.5074-000.1278/"


@pytest.fixture(scope="module")
def clips(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    where = tmp_path_factory.mktemp("clips")
    return {"webm": parts.clip(where, "webm", "libvpx"), "mp4": parts.clip(where, "mp4", "mpeg4")}


def sized(width: int, height: int) -> bytes:
    """A JPEG whose header says this size, whatever is behind it."""
    at = PLAIN.index(b"\xff\xc0") + 5
    return PLAIN[:at] + struct.pack(">HH", height, width) + PLAIN[at + 4 :]


# -- photos --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "data", [PLAIN, photo(3000), parts.saved(parts.quarters(), progressive=True)], ids=["plain", "tables", "scans"]
)
@pytest.mark.parametrize("said", ["image/jpeg", ""])
def test_what_the_app_makes_is_well(data: bytes, said: str) -> None:
    assert problem(data, said) == ""


@pytest.mark.parametrize("kind", ["PNG", "WEBP", "GIF"])
def test_other_pictures_are_none_of_ours(kind: str) -> None:
    assert problem(parts.saved(parts.quarters(), kind)) == NOT_OURS


@pytest.mark.parametrize("data", [b"", b"MZ\x90\0", parts.PDF, parts.TEXT, b"<svg onload='x()'/>", b"PK\x03\x04", PLAIN[:2]])
def test_what_is_no_picture_is_told_by_its_first_bytes(data: bytes) -> None:
    assert problem(data, "image/jpeg") == NOT_OURS


@pytest.mark.parametrize("said", ["video/mp4", "image/png", "text/html", "image/jpeg; x", "IMAGE/JPEG"])
def test_a_photo_that_is_said_to_be_something_else_is_refused(said: str) -> None:
    assert problem(PLAIN, said) == NOT_OURS


@pytest.mark.parametrize("data", [PLAIN[:-20], PLAIN[:200]], ids=["no end", "a beginning"])
def test_a_photo_that_is_not_whole_is_refused(data: bytes) -> None:
    assert problem(data, "image/jpeg") == BROKEN


@pytest.mark.parametrize("where", ["behind", "between"])
def test_a_photo_with_something_behind_it_is_refused(where: str) -> None:
    many = parts.saved(parts.quarters(), progressive=True)
    last = many.rindex(b"\xff\xda")
    spoilt = PLAIN + b"PK\x03\x04" if where == "behind" else many[:last] + marked(0xFE, b"taken at home") + many[last:]
    assert problem(spoilt, "image/jpeg") == TELLS


@pytest.mark.parametrize("data", [talkative(), parts.turned(6), parts.saved(parts.quarters(), comment=b"by Dana")])
def test_a_photo_with_notes_is_refused(data: bytes) -> None:
    assert problem(data, "image/jpeg") == TELLS


def test_25_million_pixels_are_looked_at_and_one_row_more_is_not() -> None:
    assert problem(parts.saved(Image.new("L", (5000, MOST_PIXELS // 5000))), "image/jpeg") == ""
    assert problem(parts.saved(Image.new("L", (5000, MOST_PIXELS // 5000 + 1))), "image/jpeg") == TOO_MANY


@pytest.mark.parametrize("size", [(65_000, 65_000), (65_535, 65_535), (50_000, 501)])
def test_a_bomb_is_refused_by_its_header_and_never_unpacked(size: tuple[int, int], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Image, "open", lambda *_, **__: pytest.fail("it was decoded"))
    assert problem(sized(*size), "image/jpeg") == TOO_MANY


def test_a_second_header_that_says_more_than_the_first_is_not_decoded(monkeypatch: pytest.MonkeyPatch) -> None:
    at = PLAIN.index(b"\xff\xc0")
    double = PLAIN[:at] + PLAIN[at : at + 19] + sized(6_000, 5_000)[at:]
    monkeypatch.setattr("PIL.JpegImagePlugin.JpegImageFile.load", lambda _: pytest.fail("it was decoded"))
    assert problem(double, "image/jpeg") == TOO_MANY


# -- small pictures in a document ----------------------------------------------------------------------------------------
def coded(data: bytes) -> str:
    return base64.b64encode(data).decode()


def test_a_small_picture_is_one_or_nothing() -> None:
    assert small_problem("") == small_problem(coded(PLAIN)) == ""
    assert small_problem(coded(talkative())) == TELLS
    assert small_problem(coded(sized(60_000, 60_000))) == TOO_MANY
    assert small_problem(coded(b"<script>")) == NOT_OURS


@pytest.mark.parametrize("odd", ["no base64!", "\ud800", "é", "=", None, 5, [], {"a": 1}, True, coded(PLAIN) + "\n\n!"])
def test_what_is_no_small_picture_is_told_and_breaks_nothing(odd: object) -> None:
    assert small_problem(odd) in {BROKEN, NOT_OURS}


# -- clips ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["webm", "mp4"])
def test_our_own_clips_are_well_with_and_without_a_picture(clips: dict[str, bytes], kind: str) -> None:
    assert problem(clips[kind], f"video/{kind}") == problem(clips[kind], f"audio/{kind}") == ""


def test_a_film_of_another_kind_is_refused(tmp_path: Path) -> None:
    assert problem(parts.clip(tmp_path, "mov", "mpeg4")) == NOT_OURS
    assert problem(parts.clip(tmp_path, "avi", "mpeg4")) == NOT_OURS


@pytest.mark.parametrize("box", [b"udta", b"meta", b"uuid"])
@pytest.mark.parametrize("words", [GPS, b"<x:xmpmeta>home</x:xmpmeta>", b"Exif\0\0"], ids=["place", "xmp", "exif"])
def test_a_film_that_tells_where_it_was_taken_is_refused(clips: dict[str, bytes], box: bytes, words: bytes) -> None:
    note = struct.pack(">I", 8 + len(words)) + box + words
    assert problem(clips["mp4"] + note, "video/mp4") == TELLS
    hidden = struct.pack(">I", 8 + len(note)) + b"moov" + note
    assert problem(clips["mp4"] + hidden, "video/mp4") == TELLS


def test_a_webm_with_words_about_the_place_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "told.webm"
    with av.open(str(file), "w", format="webm") as out:
        out.metadata["LOCATION"] = "+51.5074-000.1278/"
        stream = out.add_stream("libvpx", rate=10)
        stream.width, stream.height, stream.pix_fmt = 64, 48, "yuv420p"
        out.mux(stream.encode(av.VideoFrame.from_image(Image.new("RGB", (64, 48)))))
        out.mux(stream.encode(None))
    assert b"LOCATION" in file.read_bytes() and problem(file.read_bytes(), "video/webm") == TELLS


def test_a_film_with_the_letters_of_a_note_in_its_pictures_is_still_one(clips: dict[str, bytes]) -> None:
    free = struct.pack(">I", 8 + len(GPS)) + b"free" + GPS
    assert problem(clips["mp4"] + free, "video/mp4") == "", "only what players read as words is read as words"


ODD_BOXES = {
    "smaller than itself": b"\0\0\0\x04abcd", "longer than long": b"\0\0\0\x01moov" + b"\xff" * 8, "no box": b"\0\0",
    "longer than the film": struct.pack(">I", 2**31) + b"moov", "shorter than its head": b"\0\0\0\x01free" + struct.pack(">Q", 8),
}  # fmt: skip


@pytest.mark.parametrize("more", ODD_BOXES.values(), ids=ODD_BOXES)
def test_boxes_that_do_not_add_up_are_refused(clips: dict[str, bytes], more: bytes) -> None:
    assert problem(clips["mp4"] + more, "video/mp4") == BROKEN


def test_boxes_in_boxes_without_end_are_refused(clips: dict[str, bytes]) -> None:
    nested = b""
    for _ in range(3000):
        nested = struct.pack(">I", 8 + len(nested)) + b"moov" + nested
    assert problem(clips["mp4"] + nested, "video/mp4") == BROKEN


def test_a_webm_of_nothing_but_tiny_parts_is_given_up(clips: dict[str, bytes]) -> None:
    head = 5 + (clips["webm"][4] & 0x7F)
    assert problem(clips["webm"][:head] + b"\xec\x80" * 199_000, "video/webm") == ""
    assert problem(clips["webm"][:head] + b"\xec\x80" * 200_000, "video/webm") == BROKEN


# -- laws ----------------------------------------------------------------------------------------------------------------
@given(st.binary(max_size=300), st.sampled_from(["", "image/jpeg", "video/mp4", "video/webm"]))
@example(b"\xff\xd8\xff\xda\0\0", "image/jpeg")
@example(b"\0\0\0\x14ftypisom\0\0\0\0isom" + b"\0" * 16, "video/mp4")
def test_any_bytes_get_a_sentence_or_pass(data: bytes, said: str) -> None:
    assert problem(data, said) in WORDS


@given(st.sampled_from(["jpeg", "webm", "mp4"]), st.integers(0, 10**6), st.binary(max_size=30), st.integers(0, 30))
def test_a_spoilt_file_breaks_nobody(clips: dict[str, bytes], kind: str, at: int, more: bytes, less: int) -> None:
    whole = {"jpeg": PLAIN, **clips}[kind]
    at %= len(whole)
    assert problem(whole[:at] + more + whole[at + less :]) in WORDS


@given(st.integers(0, 10**6), st.binary(min_size=1, max_size=30))
def test_what_passes_for_a_photo_is_one_to_every_reader(at: int, more: bytes) -> None:
    at %= len(PLAIN)
    spoilt = PLAIN[:at] + more + PLAIN[at + len(more) :]
    if problem(spoilt, "image/jpeg") == "":
        with Image.open(io.BytesIO(spoilt)) as shown:
            shown.load()
            assert shown.format == "JPEG" and not shown.getexif() and "comment" not in shown.info
