"""What is stored of a picture: upright, at most 1600 px, and nothing in it but the picture (rule 5)."""

import base64
import io
import struct
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image, ImageCms, ImageOps, PngImagePlugin

from app.errors import ClipFromFile, EmptyFile, NotAPicture, PictureTooBig, PictureTooManyPixels, SmallStepsError
from app.media import codec, pillow
from app.media.pillow import PillowCodec, decoded, encode
from tests.media import parts

pytestmark = pytest.mark.filterwarnings("ignore::UserWarning:PIL")  # Pillow remarks on damage that we live with
UPRIGHT = ["red", "green", "blue", "grey"]
NOISE = Image.effect_noise((900, 700), 120).convert("RGB")


# -- refused before anything decodes -----------------------------------------------------------------------------------
class Untouched:
    """Stands where Pillow stands, to show that nobody went there."""

    def __getattr__(self, name: str) -> object:
        raise AssertionError("this was to be refused before it is decoded")


@pytest.fixture
def undecoded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(pillow, "Image", Untouched())


@pytest.mark.parametrize(
    ("data", "error"),
    [
        (b"", EmptyFile),
        (parts.TEXT, NotAPicture),
        (parts.PDF, NotAPicture),
        (parts.huge_png(), PictureTooManyPixels),
        (parts.saved(parts.quarters()) + bytes(codec.LARGEST), PictureTooBig),
    ],
    ids=["empty", "text called photo.jpg", "PDF", "169 megapixels in 20 kB", "over 60 MB"],
)
@pytest.mark.usefixtures("undecoded")
def test_a_file_that_is_no_fit_picture_is_refused_before_it_is_decoded(data: bytes, error: type[SmallStepsError]) -> None:
    with pytest.raises(error):
        encode(data)


@pytest.mark.parametrize(("format", "kind"), [("mp4", "libx264"), ("webm", "libvpx"), ("mov", "mpeg4")])
@pytest.mark.usefixtures("undecoded")
def test_a_real_film_is_refused_with_a_sentence_of_its_own(tmp_path: Path, format: str, kind: str) -> None:
    with pytest.raises(ClipFromFile):
        encode(parts.clip(tmp_path, format, kind))


def second_frame_jpeg(side: int) -> bytes:
    """A small JPEG with a second header that says it is large: Pillow would believe the later one."""
    plain = parts.saved(parts.quarters())
    at = plain.index(b"\xff\xc0")
    size = 2 + int.from_bytes(plain[at + 2 : at + 4], "big")
    lie = plain[at : at + 5] + struct.pack(">HH", side, side) + plain[at + 9 : at + size]
    return plain[: at + size] + lie + plain[at + size :]


def small_screen_gif(side: int) -> bytes:
    """A GIF whose screen is tiny and whose one frame is not."""
    screen = b"GIF89a" + struct.pack("<HHBBB", 1, 1, 0x80, 0, 0) + bytes(6)
    return screen + b"," + struct.pack("<HHHHB", 0, 0, side, side, 0) + b"\2\2D\1\0;"


@pytest.mark.parametrize("side", [6000, 13_000, 40_000])
@pytest.mark.parametrize("made", [second_frame_jpeg, small_screen_gif])
def test_a_second_header_cannot_smuggle_in_a_larger_picture(made, side: int) -> None:
    with pytest.raises(PictureTooManyPixels):
        encode(made(side))


# -- what is stored ----------------------------------------------------------------------------------------------------
def test_a_large_photo_is_stored_at_1600_px_and_quality_80() -> None:
    made = encode(parts.saved(parts.quarters(2400, 1800), quality=95))
    picture = parts.opened(made.data)
    assert (made.type, made.width, made.height) == ("image/jpeg", 1600, 1200)
    assert (picture.format, picture.size, picture.mode) == ("JPEG", (1600, 1200), "RGB")
    expected = parts.opened(parts.saved(parts.quarters(), quality=80))
    assert picture.quantization == expected.quantization


def test_a_small_photo_is_not_blown_up() -> None:
    assert (encode(parts.saved(parts.quarters(90, 60))).width, encode(parts.saved(parts.quarters(60, 90))).height) == (90, 90)


def test_a_photo_of_a_class_is_as_large_as_was_planned_for() -> None:
    scene = Image.effect_noise((2400, 1800), 12).convert("RGB")
    assert len(encode(parts.saved(scene, quality=95)).data) < 1_000_000


def test_a_line_of_pixels_is_a_picture_too() -> None:
    made = encode(parts.saved(Image.new("RGB", (5000, 1)), "PNG"))
    assert (made.width, made.height) == (1600, 1)


@pytest.mark.parametrize("picture", [NOISE, parts.quarters(3000, 2000), parts.quarters(2, 2)], ids=["noise", "plain", "dot"])
def test_a_thumbnail_is_at_most_320_px_and_20_kb(picture: Image.Image) -> None:
    thumb = encode(parts.saved(picture, quality=95)).thumb
    assert len(thumb) <= 20_000
    assert max(parts.opened(thumb).size) <= 320


@pytest.mark.parametrize("order", ["<", ">"])
@pytest.mark.parametrize("orientation", range(1, 9))
def test_every_turn_of_a_camera_comes_out_upright(orientation: int, order: str) -> None:
    data = parts.turned(orientation, order)
    seen = ImageOps.exif_transpose(parts.opened(data))
    made = encode(data)
    assert parts.corners(made.data) == parts.corners(parts.saved(seen, quality=95))
    assert (made.width, made.height) == seen.size


def test_a_photo_held_sideways_stands_upright() -> None:
    sideways = parts.quarters().transpose(Image.Transpose.ROTATE_90)
    data = parts.saved(sideways, exif=b"Exif\0\0II*\0" + struct.pack("<IHHHIHHI", 8, 1, 0x0112, 3, 1, 6, 0, 0), quality=95)
    assert parts.corners(encode(data).data) == UPRIGHT


def test_a_mirrored_camera_is_turned_back() -> None:
    mirrored = parts.saved(ImageOps.mirror(parts.quarters()), quality=95)
    assert parts.corners(encode(mirrored, mirrored=True).data) == UPRIGHT


async def test_the_codec_does_in_a_thread_what_encode_does() -> None:
    data = parts.saved(parts.quarters())
    assert await PillowCodec().photo(data) == encode(data)
    assert await PillowCodec().photo(bytearray(data), mirrored=True) == encode(data, mirrored=True)


# -- nothing but the picture -------------------------------------------------------------------------------------------
def telling_jpeg() -> bytes:
    """A photo that tells where it was taken, with what, by whom, and carries a thumbnail, XMP, a profile and a comment."""
    exif = Image.Exif()
    exif[0x010F], exif[0x013B], exif[0x9C9C] = "SecretMaker", "SecretArtist", b"SecretTitle"
    exif.get_ifd(0x8825).update({1: "N", 2: (51.0, 30.0, 26.0), 3: "W", 4: (0.0, 7.0, 39.0)})
    exif.get_ifd(0x8769).update({0x927C: b"SecretMakerNote", 0x9286: b"ASCII\0\0\0SecretComment", 0xA431: "SecretSerial"})
    tiff = exif.tobytes() + parts.saved(Image.new("RGB", (40, 30), parts.RED), comment=b"SecretThumbnail")
    profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    return parts.saved(parts.quarters(), exif=tiff, xmp=b"<x>SecretXmp</x>", icc_profile=profile, comment=b"SecretNote")


def remarked_jpeg() -> bytes:
    """A photo without a profile, which takes another way through the codec."""
    return parts.saved(parts.quarters(), comment=b"SecretNote", xmp=b"<x>SecretXmp</x>")


def telling_png() -> bytes:
    told = PngImagePlugin.PngInfo()
    told.add_text("Author", "SecretAuthor")
    told.add_itxt("XML:com.adobe.xmp", "<x>SecretXmp</x>")
    return parts.saved(parts.quarters(), "PNG", pnginfo=told, exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0Secret")


def telling_webp() -> bytes:
    return parts.saved(parts.quarters(), "WEBP", exif=b"Exif\0\0MM\0*\0\0\0\x08\0\0Secret", xmp=b"<x>SecretXmp</x>")


@pytest.mark.parametrize("made", [telling_jpeg, remarked_jpeg, telling_png, telling_webp])
def test_where_when_and_with_what_a_photo_was_taken_is_not_stored(made) -> None:
    before = made()
    assert b"Secret" in before, "the test itself has to put it there"
    stored = encode(before)
    for data in (stored.data, stored.thumb):
        assert b"Secret" not in data
        assert set(parts.segments_of(data)) <= {0xE0, 0xDB, 0xC0, 0xC4}, "JFIF, tables, size: no EXIF, profile, comment"
        assert not parts.opened(data).getexif() and data.count(b"\xff\xd8\xff") == 1


def test_what_hangs_on_behind_a_photo_is_not_stored() -> None:
    assert b"Secret" not in encode(parts.saved(parts.quarters()) + b"a motion photo's film: Secret").data


# -- every kind of picture ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP", "GIF", "AVIF"])
def test_every_kind_of_file_keeps_its_colours(kind: str) -> None:
    assert parts.corners(encode(parts.saved(parts.quarters(), kind)).data) == UPRIGHT


@pytest.mark.parametrize(("mode", "kind"), [("CMYK", "JPEG"), ("P", "PNG"), ("P", "GIF"), ("RGBA", "PNG"), ("RGBA", "WEBP")])
def test_every_way_to_store_colours_keeps_them(mode: str, kind: str) -> None:
    assert parts.corners(encode(parts.saved(parts.quarters(mode=mode), kind)).data) == UPRIGHT


@pytest.mark.parametrize("mode", ["L", "1", "LA"])
def test_a_grey_picture_stays_what_it_was(mode: str) -> None:
    half = Image.new("L", (64, 32))
    half.paste(255, (32, 0, 64, 32))
    picture = parts.opened(encode(parts.saved(half.convert(mode), "PNG")).data)
    assert picture.getpixel((4, 16)) == (0, 0, 0) and picture.getpixel((60, 16)) == (255, 255, 255)


def test_sixteen_bits_of_grey_are_not_washed_out() -> None:
    picture = parts.opened(encode(parts.deep_png()).data).convert("L")
    assert [picture.getpixel((x, 8)) for x in (0, 32, 63)] == pytest.approx([0, 129, 255], abs=4)


def test_what_is_transparent_lies_on_white() -> None:
    clear = Image.new("RGBA", (32, 32), (200, 30, 30, 0))
    assert parts.opened(encode(parts.saved(clear, "PNG")).data).getpixel((16, 16)) == (255, 255, 255)
    palette = Image.new("P", (32, 32), 0)
    assert parts.opened(encode(parts.saved(palette, "PNG", transparency=0)).data).getpixel((16, 16)) == (255, 255, 255)


@pytest.mark.parametrize("kind", ["GIF", "WEBP", "PNG"])
def test_of_moving_pictures_the_first_is_kept(kind: str) -> None:
    first, second = parts.quarters(), Image.new("RGB", (64, 32), parts.GREY)
    data = parts.saved(first, kind, save_all=True, append_images=[second], duration=100)
    assert parts.opened(data).n_frames == 2  # type: ignore[attr-defined]
    assert parts.corners(encode(data).data) == UPRIGHT


def test_a_wide_colour_profile_is_brought_to_srgb() -> None:
    swapped = io.BytesIO()
    lab = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
    parts.quarters().save(swapped, "JPEG", icc_profile=lab, quality=95)
    assert parts.corners(encode(swapped.getvalue()).data) == UPRIGHT


@pytest.mark.parametrize("mode", ["RGB", "CMYK", "L"])
def test_a_profile_that_cannot_be_read_is_no_reason_to_refuse(mode: str) -> None:
    assert encode(parts.saved(parts.quarters(mode=mode), icc_profile=b"not a profile")).width == 64


def test_a_turn_that_cannot_be_read_is_no_reason_to_refuse() -> None:
    assert parts.corners(encode(parts.saved(parts.quarters(), exif=b"Exif\0\0II*\0\xff\xff\xff\x7f")).data) == UPRIGHT


@pytest.mark.parametrize("share", [0.3, 0.6, 0.95])
def test_half_a_photo_is_refused_and_never_stored_half(share: float) -> None:
    data = parts.saved(NOISE)
    with pytest.raises(NotAPicture):
        encode(data[: int(len(data) * share)])


KINDS = [parts.saved(parts.quarters(), kind) for kind in ("JPEG", "PNG", "WEBP", "GIF")]
SPOILT = [*KINDS, parts.turned(6), telling_jpeg(), telling_png(), telling_webp(), parts.saved(parts.quarters(mode="CMYK"))]


@given(st.sampled_from(SPOILT), st.data())
def test_spoilt_bytes_raise_nothing_but_the_named_errors(data: bytes, dice: st.DataObject) -> None:
    at = dice.draw(st.integers(0, len(data)))
    spoilt = data[:at] + dice.draw(st.binary(max_size=20)) + data[at + dice.draw(st.integers(0, 20)) :]
    try:
        made = encode(spoilt)
    except SmallStepsError as error:
        assert error.message.endswith(".")
    else:
        assert parts.opened(made.data).size == (made.width, made.height)


@given(st.binary(max_size=200))
def test_any_bytes_raise_nothing_but_the_named_errors(data: bytes) -> None:
    with pytest.raises((EmptyFile, NotAPicture, ClipFromFile)):
        decoded(data)


# -- clips -------------------------------------------------------------------------------------------------------------
async def test_a_clip_is_stored_as_it_is_with_a_still_of_it(tmp_path: Path) -> None:
    data = parts.clip(tmp_path, "webm", "libvpx")
    made = await PillowCodec().clip(data, 4000, poster=parts.saved(NOISE, quality=95))
    assert (made.data, made.type, made.width, made.height, made.duration_ms) == (data, "video/webm", 64, 48, 4000)
    assert len(made.poster) <= 60_000 and max(parts.opened(made.poster).size) <= 960
    assert len(made.thumb) <= 20_000 and max(parts.opened(made.thumb).size) <= 320


async def test_a_clip_without_a_still_is_still_a_clip(tmp_path: Path) -> None:
    made = await PillowCodec().clip(parts.clip(tmp_path, "mp4", "libx264"), 4000)
    assert (made.poster, made.thumb) == (b"", b"")


async def test_a_photo_is_no_clip() -> None:
    with pytest.raises(NotAPicture):
        await PillowCodec().clip(parts.saved(parts.quarters()), 4000)


def test_an_address_shows_the_bytes_on_this_page() -> None:
    url = PillowCodec().url_for(b"abc", "image/jpeg")
    assert url == "data:image/jpeg;base64," + base64.b64encode(b"abc").decode()
    PillowCodec().release(url)
