"""The commands, as they are typed: what they do, and that what is wrong is one sentence with nothing written."""

import json
import shutil
from pathlib import Path

import pytest

from tests.cli.typed import all_in, as_process, one_sentence, typed

COMMANDS = ("", "serve", "demo", "build-web", "sync", "report", "report termly", "check", "doctor")


@pytest.mark.parametrize("words", COMMANDS)
def test_every_command_explains_itself(words: str, tmp_path: Path) -> None:
    done = typed(tmp_path, *words.split(), "--help")
    assert done.returncode == 0 and "Usage: " in done.stdout and len(done.stdout.splitlines()) > 5, done
    assert all(f"  {one.split()[0]}" in done.stdout for one in COMMANDS[1:] if not words)


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("--help", 0),
        ("demo", 2),
        ("serve --folder x --port 1", 2),
        ("check school", 0),
        ("check spoilt", 1),
        ("sync school .", 2),
    ],
)
def test_as_a_process_it_says_the_same_and_ends_with_the_same_code(words: str, code: int, school: Path) -> None:
    spoilt = shutil.copytree(school, school.parent / "spoilt")
    next(spoilt.glob("p/*/media/*")).write_bytes(b"rotten")
    real, here = as_process(school.parent, *words.split()), typed(school.parent, *words.split())
    assert real.stdout.replace("python -m app.cli.main", "smallsteps") == here.stdout
    assert real.stderr.replace("python -m app.cli.main", "smallsteps") == here.stderr
    assert real.returncode == here.returncode == code


# -- a folder that cannot be a school's ----------------------------------------------------------------------------------
@pytest.fixture(params=["missing", "a file", "foreign", "newer", "damaged"])
def unfit(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[str, str]:
    """(folder, a piece of the sentence)"""
    folder = tmp_path / "unfit"
    if request.param == "a file":
        folder.write_text("a letter")
    elif request.param != "missing":
        folder.mkdir()
        (folder / "holiday.txt").write_text("sun")
    if request.param in {"newer", "damaged"}:
        newer = {"space": "ab" * 16, "format": 7, "min_reader": 7}
        (folder / "space.json").write_text(json.dumps(newer) if request.param == "newer" else '{"space":')
    told = {"foreign": "other files", "newer": "newer Small Steps", "damaged": "space.json"}
    return "unfit", told.get(request.param, "no such folder")


@pytest.mark.parametrize(
    "words",
    ["serve --folder {} --port 1", "check --folder {}", "sync {} {}", "report termly --folder {} --pupil x --term y --out z"],
)
def test_an_unfit_folder_is_one_sentence_and_nothing_is_written(unfit: tuple[str, str], words: str, tmp_path: Path) -> None:
    before = all_in(tmp_path)
    done = typed(tmp_path, *words.format(*[unfit[0]] * 2).split())
    assert unfit[1] in one_sentence(done)
    assert all_in(tmp_path) == before


@pytest.mark.parametrize(
    "words", ["serve --folder {} --port {port}", "demo --folder {}", "demo --folder {}/new/school", "sync {} ."]
)
def test_a_read_only_folder_is_one_sentence_and_nothing_is_written(closed: Path, port: int, words: str, school: Path) -> None:
    before = all_in(school)
    done = typed(school, *words.format(closed, port=port).split())
    assert "cannot be written" in one_sentence(done)
    assert all_in(school) == before and not any(closed.iterdir())


def test_a_taken_port_is_one_sentence_and_nothing_is_written(taken: int, tmp_path: Path) -> None:
    (tmp_path / "new").mkdir()
    for words in (("--folder", "new"), ("--demo",)):
        told = one_sentence(typed(tmp_path, "serve", *words, "--port", taken, "--links", "links.json"))
        assert str(taken) in told and "--port" in told
    assert all_in(tmp_path) == {"new": None}


@pytest.mark.parametrize(
    ("words", "piece"),
    [
        (("--cert", "c.pem", "--key", "k.pem"), "certificate"),
        (("--key-file", "letter.txt"), "key file"),
        (("--links", "nowhere/links.json"), "--links"),
        (("--host", "203.0.113.9", "--plain-http-on-my-network"), "--host"),
        (("--host", "0.0.0.0"), "--plain-http-on-my-network"),
        (("--log", "nowhere/hub.log"), "--log"),
    ],
)
def test_what_else_is_wrong_is_told_before_anything_is_written(
    words: tuple[str, ...], piece: str, port: int, tmp_path: Path
) -> None:
    (tmp_path / "new").mkdir()
    (tmp_path / "letter.txt").write_text("not a key")
    before = all_in(tmp_path)
    assert piece in one_sentence(typed(tmp_path, "serve", "--folder", "new", "--port", port, *words))
    assert all_in(tmp_path) == before


@pytest.mark.parametrize(
    "words", ["serve", "serve --demo --folder x", "serve --folder x --cert y", "demo", "serve --folder x --port 0"]
)
def test_a_wrong_choice_is_told_with_the_way_to_help(words: str, tmp_path: Path) -> None:
    done = typed(tmp_path, *words.split())
    assert done.returncode == 2 and "--help" in done.stderr and "Traceback" not in done.stderr
    assert all_in(tmp_path) == {}


# -- demo ----------------------------------------------------------------------------------------------------------------
def test_a_demo_school_is_as_large_as_asked_and_whole(small_school: Path) -> None:
    done = typed(small_school.parent, "check", "--folder", "school")
    assert done.returncode == 0 and "Everything is whole." in done.stdout and " 0 other files" in done.stdout
    assert {p.name for p in small_school.iterdir()} <= {"space.json", "p", "part"}
    assert len(list((small_school / "p").iterdir())) == 3  # two pupils, and the school


def test_a_demo_is_made_in_an_empty_folder_and_never_over_anything(tmp_path: Path) -> None:
    (tmp_path / "there").mkdir()
    assert typed(tmp_path, "demo", "--folder", "there", "--pupils", 1, "--observations", 1).returncode == 0
    before = all_in(tmp_path)
    assert "something in this folder" in one_sentence(typed(tmp_path, "demo", "--folder", "there"))
    assert all_in(tmp_path) == before


# -- check ---------------------------------------------------------------------------------------------------------------
def test_check_finds_a_changed_bit_and_a_missing_picture(school: Path) -> None:
    media = sorted((school / "p").glob("*/media/*"))
    data = bytearray(media[0].read_bytes())
    data[100] ^= 1
    media[0].write_bytes(data)
    media[-1].unlink()
    done = typed(school.parent, "check", "--folder", "school")
    assert done.returncode == 1 and media[0].name in done.stderr and media[-1].name in done.stderr
    assert "problems" in done.stdout and "Traceback" not in done.stderr


def test_check_counts_other_files_without_complaint(school: Path) -> None:
    (school / "p/notes.txt").write_text("from somebody")
    done = typed(school.parent, "check", "--folder", "school")
    assert done.returncode == 0 and " 1 other files" in done.stdout


# -- sync ----------------------------------------------------------------------------------------------------------------
def test_sync_makes_two_folders_hold_the_same(school: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert typed(tmp_path, "sync", "school", "stick").returncode == 0
    only_here = sorted((school / "p").glob("*/media/*"))[0]
    only_here.unlink()
    done = typed(tmp_path, "sync", "school", "stick")
    assert done.returncode == 0 and "Copied 0 files to stick and 1 to school" in done.stdout
    assert all_in(school / "p") == all_in(tmp_path / "stick/p")
    assert (tmp_path / "stick/space.json").read_bytes() == (school / "space.json").read_bytes()


def test_sync_leaves_out_what_is_damaged_and_says_so(school: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    bad = sorted((school / "p").glob("*/media/*"))[0]
    bad.write_bytes(b"rotten")
    done = typed(tmp_path, "sync", "school", "stick")
    assert done.returncode == 1 and bad.name in done.stderr
    assert not list((tmp_path / "stick").rglob(bad.name))


def test_two_schools_are_never_mixed(school: Path, tmp_path: Path) -> None:
    assert typed(tmp_path, "demo", "--folder", "other", "--pupils", 1, "--observations", 0, "--seed", 9).returncode == 0
    before = all_in(tmp_path)
    assert "two different schools" in one_sentence(typed(tmp_path, "sync", "school", "other"))
    assert all_in(tmp_path) == before


# -- doctor --------------------------------------------------------------------------------------------------------------
def test_the_doctor_says_what_is_here(school: Path, port: int) -> None:
    done = typed(school.parent, "doctor", "--folder", "school", "--port", port)
    assert done.returncode == 0, done.stdout
    for words in ("Python 3.", "flet ", f"Port {port}: free", "can be read and written", "Key: "):
        assert words in done.stdout


def test_the_doctor_says_what_is_wrong(taken: int, tmp_path: Path) -> None:
    done = typed(tmp_path, "doctor", "--folder", "nowhere", "--port", taken)
    assert done.returncode == 1 and "no such folder" in done.stdout and f"already uses port {taken}" in done.stdout
    assert all_in(tmp_path) == {}
