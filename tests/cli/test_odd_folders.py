"""Commands on folders in which somebody has laid odd things: told, left alone, and the rest goes on."""

import json
import os
from pathlib import Path

import pytest

from storage.space import NAME
from tests.cli.typed import all_in, one_sentence, typed

HUGE = f"p/school/log/{'d' * 16}.{'e' * 16}.000001-{'f' * 32}"


def huge(folder: Path, name: str) -> None:
    """2 GiB that take no room on the disk."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    (folder / name).touch()
    os.truncate(folder / name, 2 * 1024**3)


def test_check_tells_of_a_huge_file_and_looks_at_the_rest(school: Path) -> None:
    huge(school, HUGE)
    huge(school, "p/school/holiday film.mp4")
    done = typed(school.parent, "check", "--folder", school)
    assert done.returncode == 1 and f"{HUGE}: larger than any file of Small Steps" in done.stdout + done.stderr
    assert "1 other files" in done.stdout and "1 problems" in done.stdout


def test_sync_leaves_a_huge_file_where_it_is_and_copies_the_rest(school: Path, tmp_path: Path) -> None:
    huge(school, HUGE)
    (tmp_path / "stick").mkdir()
    done = typed(tmp_path, "sync", school, "stick")
    assert done.returncode == 1 and HUGE in done.stderr
    copied = {str(f.relative_to(tmp_path / "stick")) for f in (tmp_path / "stick" / "p").rglob("*") if f.is_file()}
    assert copied == {str(f.relative_to(school)) for f in (school / "p").rglob("*") if f.is_file()} - {HUGE}


@pytest.mark.parametrize("words", ["sync {} stick", "sync stick {}"])
def test_sync_writes_nothing_into_a_folder_of_a_newer_format_nor_takes_it_for_its_own(
    school: Path, tmp_path: Path, words: str
) -> None:
    raw = json.loads((school / NAME).read_bytes())
    (school / NAME).write_text(json.dumps(raw | {"format": 2}))
    (tmp_path / "stick").mkdir()
    before = all_in(tmp_path)
    assert "newer Small Steps" in one_sentence(typed(tmp_path, *words.format(school).split()))
    assert all_in(tmp_path) == before


def test_check_still_reads_a_folder_of_a_newer_format(school: Path) -> None:
    raw = json.loads((school / NAME).read_bytes())
    (school / NAME).write_text(json.dumps(raw | {"format": 2}))
    assert typed(school.parent, "check", "--folder", school).returncode == 0
