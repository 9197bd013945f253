"""What one file is said to be: rules on bytes and names alone."""

import os
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.folders.check.looking import covered, look
from app.folders.check.survey import survey
from app.folders.copy.copying import is_paper
from app.folders.words import printable
from storage import names, segments
from storage.folder.directory import Directory
from storage.ops import Op
from tests.cli import small
from tests.storage.parts import AMIRA, BEN, op

HEXES = "0123456789abcdef"
PARTITIONS = st.sampled_from(["school", "office", AMIRA, f"{AMIRA}.office"])
HASHES = st.text(HEXES, min_size=32, max_size=32)
SHORT = st.text(HEXES, min_size=16, max_size=16)
LOGS = st.builds(names.Name, PARTITIONS, st.sampled_from(["log", "snap"]), HASHES, SHORT, SHORT, st.integers(0, 10**9))
NAMES = LOGS | st.builds(names.Name, PARTITIONS, st.just("media"), HASHES)


def segment(partition: str = AMIRA, number: int = 99, **more: object) -> bytes:
    return segments.encode(partition, f"{small.DEV}.{small.INC}", number, [op(1)], **more)  # type: ignore[arg-type]


@given(NAMES, st.text(HEXES, min_size=8, max_size=8))
def test_what_is_set_aside_stays_in_its_child_s_directory_is_nobody_s_and_knows_its_name(name: names.Name, mark: str) -> None:
    aside = names.aside(str(name), mark)
    assert names.before_aside(aside) == str(name) and names.parse(aside) is None
    assert aside.startswith(f"p/{name.partition}/") and not names.before_aside(str(name))


@given(st.binary(max_size=300), st.sampled_from(["log", "snap", "media"]))
def test_any_bytes_under_their_own_name_are_looked_at_without_a_fall(data: bytes, kind: str) -> None:
    seen = look(names.parse(small.named(data, kind)), data)  # type: ignore[arg-type]
    assert seen.code in {"garbage", "newer_format"}


@given(st.data())
def test_no_change_of_a_whole_file_passes_for_whole(data: st.DataObject) -> None:
    whole = segment()
    parts = names.parse(small.named(whole))
    assert parts and not look(parts, whole).code
    at = data.draw(st.integers(0, len(whole) - 1))
    flipped = bytearray(whole)
    flipped[at] ^= 1 << data.draw(st.integers(0, 7))
    for spoilt in (bytes(flipped), whole[:at], whole + b"x"):
        assert look(parts, spoilt).code == "bad_bytes"


@pytest.mark.parametrize("wrong", [{"child": BEN}, {"number": 98}, {"kind": "snap"}, {"child": "school"}])
def test_a_whole_file_in_a_wrong_place_knows_its_home(wrong: dict[str, object]) -> None:
    data = segment()
    home, elsewhere = small.named(data), small.named(data, **wrong)  # type: ignore[arg-type]
    seen = look(names.parse(elsewhere), data)  # type: ignore[arg-type]
    assert (seen.code, seen.home) == ("misplaced", home) and not (seen.ops or seen.media)


@given(st.lists(NAMES.map(str) | st.text(max_size=20), max_size=6), LOGS)
def test_a_snapshot_stands_for_its_own_device_s_files_alone(said: list[str], snap: names.Name) -> None:
    for name in covered(snap, said):
        parts = names.parse(name)
        assert name in said and parts and (parts.partition, parts.dev) == (snap.partition, snap.dev)


def test_an_order_to_erase_counts_in_the_school_s_own_files_alone() -> None:
    order = [Op(f"erased:{BEN}", "at", 1, (1, 0), "w", "i"), Op("erased:school", "at", 1, (1, 0), "w", "j")]
    for partition, wanted in (("school", {BEN}), (AMIRA, set())):
        data = segments.encode(partition, f"{small.DEV}.{small.INC}", 99, order)
        assert look(names.parse(small.named(data, child=partition)), data).erased == wanted  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("name", "copied"),
    [
        ("hub/tokens/abc.json", True), ("hub/had/1234.ab.json", True),
        (f"hub/quarantine/{'1' * 16}/p/{AMIRA}/media/{'0' * 32}", True),
        (f"hub/erasures/{AMIRA}.json", False), ("hub/tokens/abc (1).json", False), ("hub/tokens/abc.json.tmp", False),
        ("hub/quarantine/x.json", False), (f"hub/quarantine/{'1' * 16}/p/../../x", False), ("hub/../space.json", False),
        ("hub/x/../y.json", False), ("seen/1.json", False),
    ],
)  # fmt: skip
def test_which_papers_are_copied(name: str, copied: bool) -> None:
    assert is_paper(name) is copied


@given(st.text())
def test_what_is_printed_is_one_line_of_letters(name: str) -> None:
    assert printable(name).isprintable() and printable(printable(name)) == printable(name)


async def test_a_survey_lists_what_the_folder_lists_and_follows_no_link(tmp_path: Path) -> None:
    folder = Directory(tmp_path)
    await small.write_school(folder)
    small.write(folder.path, f"part/{'a' * 16}", b"on its way")
    small.write(folder.path, "p/part/letter.txt", b"from somebody")
    assert (await survey(folder)).names == await folder.names()
    os.symlink(folder.path / "p", folder.path / "p/again")
    found = await survey(folder, ("p", "gone"))
    assert found.names == await folder.names("p/") and set(found.odd) == {"p/again"}
