"""`smallsteps check` reads the audit log through, and `sync` carries it along; nobody writes an entry there but a hub."""

import asyncio
import json
from pathlib import Path

import pytest

from app.domain.records.acts import What
from app.hub.ground.signed_records import Vault
from app.hub.records.audit import Audit
from app.hub.records.chain import AREA, HEAD, in_order
from app.settings import key_path
from storage.folder.directory import Directory
from tests.cli import small
from tests.cli.parts import sync, told
from tests.cli.typed import one_sentence, surroundings, typed

KEY, DAY, START = bytes(range(32)), 86_400_000, 1_795_000_000_000


def note(where: Path, count: int, day: int = 0, key: bytes = KEY) -> None:
    """So many entries, as a hub writes them that was just started."""

    async def write() -> None:
        audit = Audit(Vault(Directory(where), key), lambda: START + day * DAY)
        for number in range(count):
            await audit.note(What.PIN_RESET, staff=f"{number:032x}")

    asyncio.run(write())


def log(where: Path) -> dict[str, bytes]:
    return small.files(where, AREA)


def days(where: Path) -> list[str]:
    return in_order(set(log(where)))


@pytest.fixture
def school(tmp_path: Path) -> Path:
    """A school with a log of three days, of three entries each, the first of which says that it begins."""
    where = small.made(tmp_path / "school")
    for day in range(3):
        note(where, 3 - (day == 0), day)
    return where


@pytest.fixture
def stick(school: Path) -> Path:
    (school.parent / "stick").mkdir()
    assert sync(school.parent) == "Copied 17 files to stick and 0 to school, each read back and compared.\n"
    return school.parent / "stick"


def key_file(school: Path, key: bytes = KEY) -> Path:
    file = school.parent / "hub.key"
    file.write_bytes(key)
    return file


# -- check -----------------------------------------------------------------------------------------------------------------
def test_a_whole_log_is_counted_with_the_key_and_without(school: Path) -> None:
    for words in ((), ("--key-file", key_file(school))):
        exit_code, document = told(school, *words)
        assert (exit_code, document["entries"], document["problems"]) == (0, 9, [])
    assert "9 entries in the audit log." in typed(school.parent, "check", "school").stdout


def test_what_is_wrong_is_told_in_plain_words_and_a_repair_does_not_touch_it(school: Path) -> None:
    second = school / days(school)[1]
    second.write_bytes(second.read_bytes().replace(b"pin_reset", b"pin_reses", 1))
    before = log(school)
    for words in ((), ("--repair",)):
        done = typed(school.parent, "check", "school", *words)
        assert done.returncode == 1
        assert done.stderr == f"{days(school)[1]}: entry 5 does not follow what stands before it: one of the two was changed\n"
    assert log(school) == before
    exit_code, document = told(school, "--key-file", key_file(school))
    (first, *_) = document["problems"]
    assert exit_code == 1 and first["code"] == "audit" and "entry 4 is not signed with the hub's key" in first["sentence"]


def test_a_day_that_is_gone_and_an_end_that_was_cut_off_are_told(school: Path) -> None:
    (school / days(school)[1]).unlink()
    assert told(school)[1]["problems"][0]["sentence"] == "entries 4 to 6 are missing before it"
    (school / days(school)[1]).unlink()
    exit_code, document = told(school)
    assert exit_code == 1 and [one["sentence"] for one in document["problems"]] == ["entries 4 to 9 are missing at the end"]


def test_a_log_that_somebody_made_all_anew_is_found_by_the_key(school: Path) -> None:
    for name in log(school):
        (school / name).unlink()
    note(school, 8, key=b"x" * 32)
    assert told(school)[0] == 0, "without the key nobody can tell"
    exit_code, document = told(school, "--key-file", key_file(school))
    assert exit_code == 1 and "no entry is signed with this hub's key" in {one["sentence"] for one in document["problems"]}


def test_the_key_in_the_settings_folder_is_found_and_none_is_made(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CONFIG_HOME", surroundings(school.parent)["XDG_CONFIG_HOME"])
    own = key_path(json.loads((school / "space.json").read_bytes())["space"])
    told(school)
    assert not own.exists()
    own.parent.mkdir(parents=True)
    own.write_bytes(b"y" * 32)
    assert told(school)[0] == 1


def test_a_key_file_that_is_none_is_said_in_a_sentence(school: Path) -> None:
    for file in (school.parent / "nowhere.key", key_file(school, b"short")):
        assert "key file cannot be read" in one_sentence(typed(school.parent, "check", "school", "--key-file", file))


# -- sync ------------------------------------------------------------------------------------------------------------------
def test_a_longer_log_goes_on_in_the_copy_and_a_second_time_there_is_nothing_to_do(school: Path, stick: Path) -> None:
    assert log(stick) == log(school)
    note(school, 1, 2)
    note(school, 1, 3)
    assert sync(school.parent).startswith("Copied 3 files to stick and 0 to school")
    assert log(stick) == log(school) and told(stick)[0] == 0
    assert sync(school.parent).startswith("Copied 0 files to stick and 0 to school")


def test_a_log_that_was_damaged_in_one_is_whole_again_from_the_other(school: Path, stick: Path) -> None:
    kept = log(school)
    first, second, third = (school / name for name in days(school))
    first.unlink()
    second.write_bytes(second.read_bytes().replace(b"pin_reset", b"pin_reses"))
    third.write_bytes(third.read_bytes()[:-30])
    assert sync(school.parent).startswith("Copied 0 files to stick and 3 to school")
    assert log(school) == kept == log(stick)


def test_two_logs_that_have_gone_apart_are_told_and_left_alone(school: Path, stick: Path) -> None:
    note(school, 1, 3)
    note(stick, 2, 4)
    before = log(school), log(stick)
    done = typed(school.parent, "sync", "school", "stick")
    assert done.returncode == 1 and "Left out: hub/audit/: the two logs do not go on from each other." in done.stderr
    assert (log(school), log(stick)) == before


def test_a_copy_that_was_cut_off_goes_on(school: Path, stick: Path) -> None:
    note(school, 1, 3)
    note(school, 1, 4)
    (stick / days(school)[3]).write_bytes((school / days(school)[3]).read_bytes())  # and then the plug was pulled
    assert told(stick)[0] == 0 and HEAD in log(stick)
    sync(school.parent)
    assert log(stick) == log(school)
