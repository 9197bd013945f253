"""`smallsteps backup` and `restore`: what was copied is whole, what was cut off goes on, nothing of a backup is lost by what the
school's folder has lost, and the erased are nowhere."""

import asyncio
import errno
import json
import os
import signal
import subprocess
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.errors import NoRoomLeft
from app.folders.backup.backup import backup
from app.hub.ground.signed_records import Vault
from app.hub.records.audit import Audit
from app.settings import key_path
from storage import names
from storage.folder.directory import Directory, locked
from storage.replica import Replica
from tests.cli import small
from tests.cli.parts import fold_all, more, need_nothing_half, there
from tests.cli.typed import LONGEST, ROOT, all_in, command, one_sentence, surroundings, typed
from tests.contract.servers import Servers
from tests.storage.parts import AMIRA, BEN

KEY = bytes(range(32))


@pytest.fixture
def school(tmp_path: Path) -> Path:
    return small.made(tmp_path / "school")


def kept(where: Path, exit_code: int = 0, folder: str = "school") -> "subprocess.CompletedProcess[str]":
    done = typed(where, "backup", folder, "--to", "kept")
    assert done.returncode == exit_code, done
    return done


def brought(where: Path, exit_code: int = 0, to: str = "again") -> "subprocess.CompletedProcess[str]":
    done = typed(where, "restore", "kept", "--to", to)
    assert done.returncode == exit_code, done
    return done


def verified(where: Path, exit_code: int = 0) -> "subprocess.CompletedProcess[str]":
    before = all_in(where / "kept")
    done = typed(where, "backup", "--verify", "--to", "kept")
    assert done.returncode == exit_code and all_in(where / "kept") == before, done
    return done


def said(kept: Path) -> dict[str, object]:
    return json.loads((kept / "backup.json").read_text())  # type: ignore[no-any-return]


@pytest.fixture
def where(school: Path) -> Path:
    """Where a school has been backed up once, with a paper of its hub and what a device said last."""
    small.write(school, "hub/tokens/ab.json", b'{"paper": {}}')
    small.write(school, f"seen/{'1' * 16}.json", b'{"at": 1}')
    kept(school.parent)
    return school.parent


# -- there and back ----------------------------------------------------------------------------------------------------------
def test_all_that_lies_in_the_folder_is_in_the_backup_and_comes_back(where: Path) -> None:
    assert "Copied 15 files to kept, which has 15 now." not in kept(where).stdout
    for below in ("p", "hub", "seen"):
        assert small.files(where / "kept", below) == small.files(where / "school", below)
    assert said(where / "kept")["files"] == 15 and "15 files" in verified(where).stdout
    assert "15 files, each read again" in brought(where).stdout
    marks = small.listed(where / "again", "hub/restored")
    assert len(marks) == 1
    assert all_in(where / "again").keys() - {str(name) for name in (*marks, "hub/restored", "part")} == {
        name for name in all_in(where / "school") if name != "part"
    }
    assert small.files(where / "again") == small.files(where / "school")
    assert typed(where, "check", "again").returncode == typed(where, "check", "kept").returncode == 0


def test_a_second_time_only_what_is_new_is_copied(where: Path) -> None:
    before = small.files(where / "kept")
    more(where / "school", AMIRA, "new")
    small.write(where / "school", f"seen/{'1' * 16}.json", b'{"at": 2}')
    assert kept(where).stdout.startswith("Copied 3 files to kept, which has 17 now.")
    assert kept(where).stdout.startswith("Copied 0 files to kept")
    assert small.files(where / "kept") == small.files(where / "school") != before
    assert (where / f"kept/seen/{'1' * 16}.json").read_bytes() == b'{"at": 2}'


def test_what_the_school_s_folder_lost_stays_and_is_told_and_what_was_folded_is_no_loss(where: Path) -> None:
    (where / "school" / small.media(where / "school", BEN)[0]).unlink()
    for name in fold_all(where / "school")[1]:
        (where / "school" / name).unlink()
    done = kept(where)
    assert "3 files were folded into others" in done.stdout and "1 files are not in the school's folder any more" in done.stdout
    assert small.files(where / "kept").keys() > small.files(where / "school").keys()
    verified(where)


def test_the_folder_that_is_backed_up_is_not_touched(school: Path) -> None:
    before = all_in(school)
    kept(school.parent)
    assert all_in(school) == before


def test_a_picture_of_a_clock_that_is_read_only_is_no_hindrance(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder cannot be written at all, as on a disk that is mounted so."""
    write = Directory._write_aside

    def closed(self: Directory, target: Path, data: bytes) -> None:
        if self.path == school:
            raise OSError(errno.EROFS, "read only")
        write(self, target, data)

    monkeypatch.setattr(Directory, "_write_aside", closed)
    done = asyncio.run(backup(school, school.parent / "kept", key=lambda space: KEY))
    assert done.new == 13 and not done.bad and "not in the audit log" in " ".join(done.notes)


# -- what is not whole -------------------------------------------------------------------------------------------------------
def test_what_is_not_whole_is_named_and_left_out_and_all_else_is_kept(school: Path, tmp_path: Path) -> None:
    odd = small.lay_odd_things(school, tmp_path / "outside")
    small.write(school, "hub/tokens/bad.json", b"rotten")
    done = kept(tmp_path, 1)
    left_out = {name for name, code in odd.codes.items() if code not in {"newer_format"}} | {"hub/tokens/bad.json"}
    told = {line.removeprefix("Not whole in the backup: ").split(": ")[0] for line in done.stderr.splitlines()}
    assert told == left_out
    whole = {name for name in small.listed(school) if names.parse(name)} - left_out
    assert small.files(tmp_path / "kept").keys() == whole
    verified(tmp_path, 1)  # a picture is missing of which somebody speaks
    brought(tmp_path, 1)
    assert small.files(tmp_path / "again").keys() == whole


def test_rot_and_loss_in_the_backup_are_found_named_and_mended(where: Path) -> None:
    rotten, lost = small.media(where / "kept")[0], small.log(where / "kept", BEN)[0]
    small.write(where / "kept", rotten, b"rotten")
    small.write(where / "kept", "hub/tokens/ab.json", b'{"paper": {"other": 1}}')
    (where / "kept" / lost).unlink()
    found = verified(where, 1).stderr
    assert all(name in found for name in (rotten, lost, "hub/tokens/ab.json")) and found.count("\n") == 3, found
    told = brought(where, 1).stderr
    assert all(name in told for name in (rotten, lost, "hub/tokens/ab.json")), told
    back = small.listed(where / "again", "p") | small.listed(where / "again", "hub")
    assert not {rotten, lost, "hub/tokens/ab.json"} & back and len(small.listed(where / "again")) == 11
    assert "1 files had rotted" in kept(where).stdout
    verified(where)
    assert small.files(where / "kept") == small.files(where / "school")


def test_a_list_that_has_rotted_is_told_and_written_anew(where: Path) -> None:
    small.write(where / "kept", "local/backup.names", b"{}")
    assert "local/backup.names" in verified(where, 1).stderr
    brought(where, 1)
    kept(where)
    verified(where)


def test_a_space_that_has_rotted_in_the_backup_comes_back_all_the_same(where: Path) -> None:
    small.write(where / "kept", "space.json", b"rotten")
    brought(where)
    assert json.loads((where / "again/space.json").read_text()) == json.loads((where / "school/space.json").read_text())


def test_a_stick_that_is_full_is_told_and_what_is_there_is_whole(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    stick, write = school.parent / "kept", Directory._write_aside

    def full(self: Directory, target: Path, data: bytes) -> None:
        if self.path == stick and there(stick) >= 5:
            raise OSError(errno.ENOSPC, "no room")
        write(self, target, data)

    monkeypatch.setattr(Directory, "_write_aside", full)
    with pytest.raises(NoRoomLeft, match=r"no room left in .*/kept\. What was copied is whole"):
        asyncio.run(backup(school, stick))
    need_nothing_half(stick)
    monkeypatch.undo()
    assert "was cut off" in verified(school.parent, 1).stdout
    kept(school.parent)
    verified(school.parent)


# -- cut off -----------------------------------------------------------------------------------------------------------------
def begun(where: Path, until: Callable[[], bool], *words: object) -> "subprocess.Popen[str]":
    """A command that is at work, once so much is done."""
    process = subprocess.Popen(
        command(*words), cwd=where, env=surroundings(where), stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    while process.poll() is None and not until():
        pass
    return process


@pytest.fixture(scope="module")
def large(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return small.made(tmp_path_factory.mktemp("large") / "school", moments=300)


@pytest.mark.parametrize("after", [1, 300, 900])
def test_a_backup_that_is_killed_says_so_and_goes_on_the_next_time(large: Path, tmp_path: Path, after: int) -> None:
    (tmp_path / "school").symlink_to(large)
    process = begun(tmp_path, lambda: there(tmp_path / "kept") >= after, "backup", "school", "--to", "kept")
    process.kill()
    assert process.wait(LONGEST) == -signal.SIGKILL
    process.communicate()
    need_nothing_half(tmp_path / "kept")
    assert "was cut off" in verified(tmp_path, 1).stdout
    done = kept(tmp_path)
    assert int(done.stdout.split()[1]) <= 1201 - after and "has 1201 now" in done.stdout
    assert small.files(tmp_path / "kept") == small.files(large)
    verified(tmp_path)


def test_a_later_backup_that_is_killed_leaves_the_earlier_one_whole(where: Path) -> None:
    for number in range(150):
        more(where / "school", AMIRA, f"new{number}")
    process = begun(where, lambda: there(where / "kept") >= 100, "backup", "school", "--to", "kept")
    process.kill()
    process.communicate()
    assert "It was finished before" in verified(where, 1).stdout
    done = brought(where, 1)
    assert "The last run of this backup was cut off" in done.stdout
    assert small.files(where / "again").keys() >= small.files(where / "school").keys() - _of(where, "new")
    kept(where)
    brought(where, to="whole")
    assert small.files(where / "whole") == small.files(where / "school")


def _of(where: Path, mark: str) -> set[str]:
    """All but what was there in the beginning."""
    return set(sorted(small.files(where / "school"), key=lambda name: (where / "school" / name).stat().st_mtime_ns)[13:])


@pytest.mark.parametrize("after", [1, 600])
def test_a_restore_that_is_killed_is_no_school_and_goes_on_the_next_time(large: Path, tmp_path: Path, after: int) -> None:
    (tmp_path / "school").symlink_to(large)
    kept(tmp_path)
    process = begun(tmp_path, lambda: there(tmp_path / "again") >= after, "restore", "kept", "--to", "again")
    process.kill()
    process.communicate()
    need_nothing_half(tmp_path / "again")
    assert "holds other files" in one_sentence(typed(tmp_path, "check", "again"))
    assert "holds other files" in one_sentence(typed(tmp_path, "serve", "--folder", "again", "--port", 1))
    brought(tmp_path)
    assert small.files(tmp_path / "again") == small.files(large)
    assert not (tmp_path / "again/restoring.json").exists() and len(small.listed(tmp_path / "again", "hub/restored")) == 1


def test_a_stop_is_told_in_one_sentence(large: Path, tmp_path: Path) -> None:
    (tmp_path / "school").symlink_to(large)
    process = begun(tmp_path, lambda: there(tmp_path / "kept") >= 50, "backup", "school", "--to", "kept")
    process.send_signal(signal.SIGINT)
    out, err = process.communicate(timeout=LONGEST)
    assert (process.returncode, out, err) == (2, "", "Stopped. What was copied is whole; the same again goes on from here.\n")


def test_two_at_once_to_one_place_are_refused(where: Path) -> None:
    lock = locked(where / "kept/.lock")
    assert lock
    with lock:
        assert "at work" in one_sentence(typed(where, "backup", "school", "--to", "kept"))


# -- the erased --------------------------------------------------------------------------------------------------------------
def order(folder: Path) -> None:
    asyncio.run(small.order_erasure(Replica(Directory(folder), "c" * 16, lambda: 1), AMIRA))


def test_an_erased_child_goes_from_the_backup_with_the_next_one(where: Path) -> None:
    small.write(where / "school", f"hub/had/{'1' * 16}.{AMIRA}.json", b"{}")
    kept(where)
    order(where / "school")
    assert "Removed 7 files" in kept(where).stdout
    assert not [name for name in all_in(where / "kept") if AMIRA in name and (where / "kept" / name).is_file()]
    verified(where)
    brought(where)
    assert not [name for name in all_in(where / "again") if AMIRA in name]


def test_a_backup_that_knows_of_the_order_and_was_cut_off_does_not_bring_the_child_back(where: Path) -> None:
    order(where / "kept")
    assert small.log(where / "kept")
    brought(where)
    assert not [name for name in all_in(where / "again") if AMIRA in name]
    assert small.log(where / "again", BEN)


def test_an_order_that_only_the_backup_knows_keeps_the_child_out(where: Path) -> None:
    order(where / "kept")
    done = kept(where)
    assert "Removed 6 files" in done.stdout and not small.log(where / "kept") and small.log(where / "school")


# -- not at all --------------------------------------------------------------------------------------------------------------
def test_a_place_with_anything_else_in_it_is_refused_and_left_alone(where: Path) -> None:
    small.made(where / "other")
    small.write(where, "films/holiday.mp4", b"sun")
    (where / "file").write_bytes(b"no folder")
    (where / "nothing").mkdir()
    before = all_in(where)
    for words, told in (
        (("backup", "school", "--to", "films"), "holds other files"), (("backup", "school", "--to", "other"), "not a backup"),
        (("backup", "school", "--to", "file"), "holds other files"), (("backup", "other", "--to", "kept"), "another school"),
        (("backup", "school", "--to", "school/kept"), "inside the other"), (("backup", "nothing", "--to", "new"), "no school"),
        (("backup", "nowhere", "--to", "new"), "no such folder"), (("backup", "--verify", "--to", "school"), "no backup"),
        (("restore", "kept", "--to", "school"), "something in this folder"), (("restore", "school", "--to", "new"), "no backup"),
        (("restore", "kept", "--to", "films"), "something in this folder"), (("restore", "nowhere", "--to", "new"), "no backup"),
        (("restore", "kept", "--to", "kept/again"), "inside the other"), (("sync", "kept", "nothing"), "This is a backup"),
        (("serve", "--folder", "kept", "--port", 1), "This is a backup"),
        (("backup", "school", "--to", "dav+https://a@files.example/b"), "folder on this computer"),
    ):  # fmt: skip
        assert told in one_sentence(typed(where, *words)), words
    assert all_in(where) == before


def test_what_was_typed_wrongly_is_told(where: Path) -> None:
    for words in (("backup", "--to", "kept"), ("backup", "school", "--verify", "--to", "kept"), ("restore", "kept")):
        assert typed(where, *words).returncode == 2


def test_another_backup_is_not_mixed_into_one_that_was_cut_off(where: Path) -> None:
    (where / "again").mkdir()
    (where / "again/restoring.json").write_text('{"space": "x", "of": 1, "id": "y", "backup": 1, "at": 1}')
    assert "something in this folder" in one_sentence(typed(where, "restore", "kept", "--to", "again"))


# -- the hub's own -----------------------------------------------------------------------------------------------------------
def test_codes_of_the_backup_are_void(where: Path) -> None:
    for name in ("invites/ABC", "used/ABC", "tries/ABC.1", "tokens/cd"):
        small.write(where / "school", f"hub/{name}.json", b"{}")
    kept(where)
    brought(where)
    assert small.listed(where / "again", "hub") - small.listed(where / "again", "hub/restored") == {
        "hub/tokens/ab.json", "hub/tokens/cd.json",
    }  # fmt: skip


@pytest.fixture
def noted(where: Path) -> Iterator[Path]:
    """Where the hub's key is at hand, and its audit log has begun."""
    space = json.loads((where / "school/space.json").read_text())["space"]
    os.environ["XDG_CONFIG_HOME"] = str(where / "config")
    path = key_path(space)
    path.parent.mkdir(parents=True)
    path.write_bytes(KEY)
    asyncio.run(settled(where / "school"))
    yield where
    del os.environ["XDG_CONFIG_HOME"]


async def settled(folder: Path) -> None:
    """As a hub does that is open on it."""
    audit = Audit(Vault(Directory(folder), KEY), lambda: 1_795_000_000_000)
    await audit.settle()


def test_a_backup_is_in_the_audit_log_and_the_log_is_in_the_backup(noted: Path) -> None:
    assert "audit log" not in kept(noted).stdout
    asyncio.run(settled(noted / "school"))
    kept(noted)
    log = b"".join(small.files(noted / "kept", "hub/audit").values())
    assert log.count(b'"backup_made"') == 1 and (noted / "kept/hub/audit/head.json").exists()
    assert typed(noted, "check", "kept").returncode == 0
    brought(noted)
    assert small.files(noted / "again", "hub/audit") == small.files(noted / "kept", "hub/audit")


# -- as docs/backup.md says ----------------------------------------------------------------------------------------------------
def test_the_page_s_example_does_what_it_says(where: Path) -> None:
    page = (ROOT / "docs/backup.md").read_text(encoding="utf-8")
    typed_there = [line.split()[1:] for line in page.splitlines() if line.startswith("smallsteps ")]
    assert [words[0] for words in typed_there] == ["backup", "backup", "restore", "serve"]
    for words in typed_there[:3]:
        here = [word.replace("/srv", str(where)).replace("/media/stick", str(where)) for word in words]
        assert typed(where, *here).returncode == 0
    assert small.files(where / "school-again") == small.files(where / "school") == small.files(where / "steps")


def test_what_rotted_in_the_school_s_folder_comes_back_out_of_the_backup(where: Path) -> None:
    rotten, lost = small.media(where / "school")[0], small.log(where / "school", BEN)[0]
    small.write(where / "school", rotten, b"rotten")
    (where / "school" / lost).unlink()
    assert typed(where, "check", "school", "--repair").returncode == 1
    assert typed(where, "sync", "school", "kept").returncode == 0
    assert {rotten, lost} <= small.files(where / "school").keys()
    assert typed(where, "check", "school").returncode == 0
    verified(where)


# -- other kinds -------------------------------------------------------------------------------------------------------------
def test_a_school_on_a_server_is_kept_here_and_brought_back_there(tmp_path: Path) -> None:
    servers = Servers()
    try:
        one, two = servers.wsgidav.fresh(), servers.wsgidav.fresh()
        small.made(one)
        small.write(one, "hub/tokens/ab.json", b"{}")
        done = kept(tmp_path, folder=servers.wsgidav.typed(one))
        assert done.stdout.startswith("Copied 14 files") and "dana" not in done.stdout
        assert "Brought the school's folder back" in brought(tmp_path, to=servers.wsgidav.typed(two)).stdout
        assert small.files(one) == small.files(two) and len(small.listed(two, "hub")) == 2
        assert one_sentence(typed(tmp_path, "restore", "kept", "--to", servers.wsgidav.typed(two))).startswith(
            "There is something"
        )
    finally:
        servers.stop()


def test_a_bar_shows_how_far_it_is_on_a_terminal_alone(where: Path) -> None:
    import pty

    seen, screen = pty.openpty()
    with open(screen, "wb") as err:
        process = subprocess.Popen(
            command("backup", "school", "--to", "kept"), cwd=where, env=surroundings(where), stdout=subprocess.PIPE, stderr=err
        )
        out, _ = process.communicate(timeout=LONGEST)
    assert process.returncode == 0 and b"Copied 0 files" in out and b"Looking" in os.read(seen, 65536)
