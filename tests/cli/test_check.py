"""`smallsteps check`: everything is looked at, odd things are told, and a repair deletes nothing of value."""

import asyncio
import json
import os
import pty
import subprocess
import time
from pathlib import Path
from typing import Any

import pytest

from app import folders
from app.folders.check.checking import Check
from storage import names, segments
from tests.cli import small
from tests.cli.parts import fold_all, of, told, without_all_rights
from tests.cli.typed import LONGEST, all_in, command, one_sentence, surroundings, typed
from tests.storage.parts import AMIRA, BEN

WEEK = 7 * 24 * 60 * 60


@pytest.fixture
def school(tmp_path: Path) -> Path:
    return small.made(tmp_path / "school")


def codes(document: dict[str, Any], repaired: bool) -> dict[str, str]:
    return {one["name"]: one["code"] for one in document["problems"] if one["repaired"] == repaired}


# -- what is told --------------------------------------------------------------------------------------------------------
def test_a_whole_school_in_one_document(school: Path) -> None:
    exit_code, document = told(school)
    assert exit_code == 0
    counts = {"files": 13, "ops": 7, "media": 6, "entries": 0}
    assert document == counts | {key: [] for key in ("foreign", "orphans", "aside", "leftovers", "problems")}


def test_every_odd_thing_is_told_the_rest_is_looked_at_and_nothing_is_touched(school: Path, tmp_path: Path) -> None:
    odd = small.lay_odd_things(school, tmp_path / "outside")
    before = sizes(tmp_path)
    exit_code, document = told(school)
    assert exit_code == 1 and codes(document, repaired=False) == odd.codes
    assert set(document["foreign"]) == odd.foreign and document["aside"] == []
    assert (document["files"], document["media"]) == (17, 3)
    assert sizes(tmp_path) == before and not list((tmp_path / "outside").glob("?*/"))


def test_a_person_reads_a_line_for_each_problem(school: Path) -> None:
    bad = small.write(school, small.media(school)[0], b"rotten")
    done = typed(school.parent, "check", "school")
    assert done.returncode == 1 and done.stderr == f"{bad}: its bytes are not what its name says\n"
    assert done.stdout.endswith("1 problems. Another device may have it whole.\n")


def test_a_piece_that_no_change_speaks_of_is_told_and_is_no_problem(school: Path) -> None:
    orphan = small.write(
        school, small.named(segments.header(segments.CHUNK) + b"?", "media"), segments.header(segments.CHUNK) + b"?"
    )
    exit_code, document = told(school)
    assert exit_code == 0 and document["orphans"] == [orphan]
    assert "1 pieces that no change speaks of" in typed(school.parent, "check", "school").stdout


def test_a_name_that_would_play_tricks_on_a_terminal_is_told_in_plain_letters(school: Path) -> None:
    os.symlink(b"/", bytes(school) + b"/p/\x1b[31mred\xff")
    for words in ((), ("--json",)):
        done = typed(school.parent, "check", "school", *words)
        assert done.returncode == 1 and "\x1b" not in done.stdout + done.stderr and "31mred" in done.stdout + done.stderr


# -- folded, erased ------------------------------------------------------------------------------------------------------


def test_files_that_were_folded_away_are_not_missed(school: Path) -> None:
    _, covers = fold_all(school)
    small.write(school, covers[0], b"rotten, and folded")
    for name in covers[1:]:
        (school / name).unlink()
    assert codes(told(school)[1], repaired=False) == {covers[0]: "bad_bytes"}
    assert told(school, "--repair")[0] == 0 and told(school)[0] == 0


def test_pictures_that_only_a_snapshot_speaks_of_are_missed(school: Path) -> None:
    snap, covers = fold_all(school)
    for name in (*covers, lost := small.media(school)[0]):
        (school / name).unlink()
    (problem,) = told(school)[1]["problems"]
    assert problem["name"] == lost and snap in problem["sentence"]


def test_what_is_left_of_an_erased_child_is_told_and_a_repair_deletes_it_and_no_more(erased: Path) -> None:
    bens, school = of(BEN, erased), [*(erased / "p/school/log").iterdir()]
    exit_code, document = told(erased)
    assert exit_code == 1 and codes(document, repaired=False) == {f"p/{AMIRA}": "erased"}
    assert "13 files" in document["problems"][0]["sentence"]
    exit_code, document = told(erased, "--repair")
    assert exit_code == 0 and codes(document, repaired=True) == {f"p/{AMIRA}": "erased"}
    assert told(erased)[0] == 0 and of(BEN, erased) == bens and [*(erased / "p/school/log").iterdir()] == school
    left = [name for name in of(AMIRA, erased) if not name.startswith("p/school/")]
    assert left == [] and not (erased / "hub/ended/amiras.json").exists()


# -- repair --------------------------------------------------------------------------------------------------------------
def test_a_repair_mends_what_can_be_mended_and_keeps_every_byte(school: Path, tmp_path: Path) -> None:
    odd = small.lay_odd_things(school, tmp_path / "outside")
    kept = sorted(sizes(tmp_path).values())
    exit_code, document = told(school, "--repair")
    assert exit_code == 1
    assert codes(document, repaired=True) == {name: code for name, code in odd.codes.items() if name not in odd.stays}
    assert sorted(sizes(tmp_path).values()) == kept
    moved = next(name for name, code in odd.codes.items() if code == "misplaced")
    assert (school / moved.replace(AMIRA, BEN)).is_file() and not (school / moved).exists()
    assert all(
        (school / name).is_symlink() or (school / name).exists() for name in odd.stays if odd.codes[name] != "missing_name"
    )


def test_what_was_set_aside_is_missed_until_a_whole_copy_is_back(school: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert typed(tmp_path, "sync", "school", "stick").returncode == 0
    picture, words = small.media(school)[0], small.log(school)[0]
    for name in (picture, words):
        small.write(school, name, b"rotten")
    for _ in range(2):
        exit_code, document = told(school, "--repair")
        assert exit_code == 1 and codes(document, repaired=False) == dict.fromkeys((picture, words), "missing_name")
        assert not (school / picture).exists() and not (school / words).exists()
    assert typed(tmp_path, "sync", "stick", "school").returncode == 0
    exit_code, document = told(school)
    assert exit_code == 0 and {name.split(".")[0] for name in document["aside"]} == {
        f"p/{AMIRA}/aside/media",
        f"p/{AMIRA}/aside/log",
    }


def test_garbage_that_was_set_aside_is_not_missed(school: Path) -> None:
    small.write(school, small.named(small.GARBAGE), small.GARBAGE)
    assert told(school, "--repair")[0] == 0 and told(school)[0] == 0


def test_bytes_that_only_came_late_are_put_in_their_place_again(school: Path) -> None:
    """A cloud drive shows the name before the bytes, and brings them to wherever the file has gone meanwhile."""
    name = small.log(school)[0]
    late, data = names.aside(name, small.MARK), (school / name).read_bytes()
    small.write(school, late, data)
    (school / name).unlink()
    assert codes(told(school)[1], repaired=False) == {name: "missing_name"}
    assert told(school, "--repair")[0] == 0 and (school / name).read_bytes() == data and not (school / late).exists()


def test_torn_files_of_last_week_go_and_nothing_else_does(school: Path) -> None:
    old, young, strange = f"part/{'a' * 16}", f"part/{'b' * 16}", "part/letter.txt"
    for name in (old, young, strange):
        small.write(school, name, b"half")
    for name, age in ((old, 1), (strange, 1), (young, -1)):
        when = time.time() - WEEK - age * 60
        os.utime(school / name, (when, when))
    assert told(school) == (0, told(school)[1]) and told(school)[1]["leftovers"] == [old] and (school / old).exists()
    assert told(school, "--repair")[0] == 0
    assert {name for name in (old, young, strange) if (school / name).exists()} == {young, strange}


def test_a_file_that_somebody_put_again_meanwhile_stays(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    name = small.media(school)[0]
    whole = (school / name).read_bytes()
    small.write(school, name, b"rotten")
    faults = Check._faults

    async def later(self: Any) -> None:
        small.write(school, name, whole)
        await faults(self)

    monkeypatch.setattr(Check, "_faults", later)
    asyncio.run(folders.check(school, repair=True))
    assert (school / name).read_bytes() == whole and not (school / f"p/{AMIRA}/aside").exists()


def test_nothing_is_mended_in_a_folder_of_a_newer_format(school: Path) -> None:
    raw = json.loads((school / "space.json").read_bytes())
    (school / "space.json").write_text(json.dumps(raw | {"format": 2}))
    small.write(school, small.media(school)[0], b"rotten")
    before = all_in(school)
    assert "newer Small Steps" in one_sentence(typed(school.parent, "check", "school", "--repair"))
    assert all_in(school) == before


# -- what cannot be looked at --------------------------------------------------------------------------------------------
def test_an_empty_folder_is_no_school_yet(tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    assert "no school in this folder" in one_sentence(typed(tmp_path, "check", "new", "--json"))


def test_a_hub_cannot_be_looked_through(tmp_path: Path) -> None:
    assert "on the hub's computer" in one_sentence(typed(tmp_path, "check", "hub+https://ABCDEFGH@steps.school.example"))


@pytest.mark.parametrize("words", ["check", "check x --folder x"])
def test_one_folder_is_to_be_given(words: str, tmp_path: Path) -> None:
    done = typed(tmp_path, *words.split())
    assert done.returncode == 2 and "Give one folder" in done.stderr


def test_a_file_and_a_folder_that_cannot_be_read_are_told_and_the_rest_is_looked_at(school: Path) -> None:
    closed = [school / small.media(school)[0], school / f"p/{BEN}"]
    for one in closed:
        one.chmod(0)
    done = without_all_rights("check", "school", "--json", "--repair", where=school.parent)
    for one in closed:
        one.chmod(0o755)
    document = json.loads(done.stdout)
    assert done.returncode == 1 and document["files"] == 7 and document["media"] == 2
    told_of = codes(document, repaired=False)
    assert told_of == {small.media(school)[0]: "folder_unreadable", f"p/{BEN}": "not_a_file"}
    assert len(small.ours(school)) == 13


# -- how far it is -------------------------------------------------------------------------------------------------------
def test_a_bar_is_drawn_on_a_terminal_and_nowhere_else(school: Path) -> None:
    terminal, far_end = pty.openpty()
    process = subprocess.Popen(
        command("check", "school", "--json"), cwd=school.parent, stdout=subprocess.PIPE, stderr=far_end,
        env=surroundings(school.parent) | {"TERM": "xterm", "COLUMNS": "100"},
    )  # fmt: skip
    os.close(far_end)
    out, _ = process.communicate(timeout=LONGEST)
    drawn = b""
    try:
        while piece := os.read(terminal, 65536):
            drawn += piece
    except OSError:  # the far end has gone
        os.close(terminal)
    assert b"Looking" in drawn and b"13/13" in drawn and json.loads(out)["files"] == 13
    assert typed(school.parent, "check", "school").stderr == ""


def sizes(where: Path) -> dict[str, int]:
    """Of every file, links and pipes too, without opening them."""
    return {str(one.relative_to(where)): one.lstat().st_size for one in where.rglob("*") if not one.is_dir() or one.is_symlink()}
