"""Pictures from the device, good and bad: a clear sentence before anything is stored, and nothing but the picture is kept."""

import io
import struct
import zlib
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image
from playwright.sync_api import Playwright

from app.errors import ClipFromFile, EmptyFile, NotAPicture, PictureTooBig, PictureTooManyPixels
from app.folders import opened
from storage import media as pieces
from tests.journeys.device import Device
from tests.journeys.parts import class_tablet, now, save, school_of, taken_up
from tests.journeys.school import SchoolHub

pytestmark = pytest.mark.browser


def png_bomb(side: int = 13_000) -> bytes:
    """A picture of 169 million pixels in some 20 kB."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    row = b"\0" * (side // 8 + 1)
    pixels = zlib.compress(row * side, 9)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", struct.pack(">IIBBBBB", side, side, 1, 0, 0, 0, 0))
        + chunk(b"IDAT", pixels)
        + chunk(b"IEND", b"")
    )


def film() -> bytes:
    return b"\0\0\0\x18ftypmp42\0\0\0\0mp42isom" + b"\0" * 4000


def huge(path: Path) -> None:
    """300 MB that begin like a photo; the file is sparse."""
    path.write_bytes(photo())
    with path.open("r+b") as file:
        file.truncate(300_000_000)


def photo() -> bytes:
    """As a camera writes it: lying on its side, with the place where it was taken."""
    out = io.BytesIO()
    exif = Image.Exif()
    exif[0x0112], exif[0x010F] = 6, "A camera"
    exif.get_ifd(0x8825)[1] = "N"
    Image.linear_gradient("L").resize((3000, 2000)).convert("RGB").save(out, "JPEG", exif=exif)
    return out.getvalue()


def written(data: bytes) -> Callable[[Path], None]:
    return lambda path: path.write_bytes(data) and None


BAD: list[tuple[str, Callable[[Path], None], str]] = [
    ("words.jpg", written(b"these are words, not a picture"), NotAPicture.message),
    ("empty.jpg", written(b""), EmptyFile.message),
    ("film.mp4", written(film()), ClipFromFile.message),
    ("huge.jpg", huge, PictureTooBig.message),
    ("bomb.png", written(png_bomb()), PictureTooManyPixels.message),
    ("cut.jpg", lambda path: written(photo()[:900])(path), NotAPicture.message),
]


def pick(tablet: Device, file: Path) -> None:
    with tablet.page.expect_file_chooser() as chooser:
        tablet.tap("pick-photo")
    chooser.value.set_files(file)


def test_a_bad_file_is_told_in_a_sentence_and_a_good_one_is_kept_bare(
    hub: SchoolHub, playwright: Playwright, tmp_path: Path
) -> None:
    tablet = taken_up(class_tablet(playwright, hub, (820, 1180)))
    tablet.tap("new-observation")
    for name, make, sentence in BAD:
        make(tmp_path / name)
        pick(tablet, tmp_path / name)
        tablet.until(lambda says=sentence: says in tablet.heard(), what_for=f"{name}: {sentence}")  # type: ignore[misc]
        assert not tablet.by("to-who").count(), f"{name} has left something in the draft"

    (tmp_path / "good.jpg").write_bytes(photo())
    pick(tablet, tmp_path / "good.jpg")
    tablet.see("draft-photo")
    tablet.write("note", "From the device")
    tablet.starting("pupil-").first.click()
    save(tablet, "On this tablet|Sending|In the school folder")
    tablet.tap("status")
    tablet.says("Everything is in the school folder, checked")
    tablet.close()
    kept = stored_picture(hub)
    assert kept.size == (1067, 1600), "upright, and 1600 px at most"
    assert kept.format == "JPEG" and not dict(kept.getexif()) and not {"exif", "xmp", "comment"} & set(kept.info)


def stored_picture(hub: SchoolHub) -> Image.Image:
    school = school_of(hub)
    observation = next(o for o in school.observations() if o.note == "From the device")
    (media,) = school.media_of(observation)
    return Image.open(io.BytesIO(now(pieces.read(now(opened(hub.folder)).folder, media.partition, media.chunks))))
