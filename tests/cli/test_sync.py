"""`smallsteps sync`: two folders hold the same afterwards, whatever happened on the way; the erased are nowhere."""

import asyncio
import errno
import json
import signal
from pathlib import Path
from typing import Any

import pytest

from app import folders
from app.errors import NoRoomLeft
from app.hub.devices.access import Access
from app.hub.ground.signed_records import Vault
from app.hub.records.pending import PendingEntries
from storage import names
from storage.folder.directory import Directory
from storage.ops import dumps
from storage.replica import Replica
from tests.cli import small
from tests.cli.parts import begun, fold_all, more, need_nothing_half, of, sync, there, without_all_rights
from tests.cli.typed import LONGEST, all_in, one_sentence, typed
from tests.storage.parts import AMIRA, BEN

KEY = bytes(range(32))


@pytest.fixture
def school(tmp_path: Path) -> Path:
    return small.made(tmp_path / "school")


@pytest.fixture
def stick(school: Path) -> Path:
    """A whole copy."""
    (school.parent / "stick").mkdir()
    assert sync(school.parent) == "Copied 13 files to stick and 0 to school, each read back and compared.\n"
    return school.parent / "stick"


def at(where: Path) -> Access:
    """Who lets devices into this folder, beside its hub."""
    vault = Vault(Directory(where), KEY)
    return Access(vault, lambda: 1, PendingEntries(vault, lambda: 1))


# -- the same on both sides ----------------------------------------------------------------------------------------------
def test_each_gets_what_it_lacks_and_a_second_time_there_is_nothing_to_do(school: Path, stick: Path) -> None:
    more(school, AMIRA, "here")
    more(stick, BEN, "there")
    assert "Copied 2 files to stick and 2 to school" in sync(school.parent)
    assert small.files(school) == small.files(stick) and len(small.ours(school)) == 17
    before = all_in(school.parent)
    assert "Copied 0 files to school and 0 to stick" in sync(school.parent, "stick", "school")
    assert all_in(school.parent) == before


def test_strangers_are_not_copied_and_what_is_not_whole_is_left_out_and_told(school: Path, tmp_path: Path) -> None:
    odd = small.lay_odd_things(school, tmp_path / "outside")
    (tmp_path / "stick").mkdir()
    done = typed(tmp_path, "sync", "school", "stick")
    left_out = {name for name, code in odd.codes.items() if code not in {"missing_name", "newer_format"}}
    assert done.returncode == 1
    assert {line.split(": ")[1] for line in done.stderr.splitlines()} == left_out
    newer = {name for name, code in odd.codes.items() if code == "newer_format"}
    whole = {name for name in small.listed(school) if names.parse(name)} - left_out
    assert small.files(tmp_path / "stick").keys() == whole and newer < whole


def test_what_cannot_be_read_is_left_out_and_told(school: Path, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    closed = [school / small.media(school)[0], school / f"p/{BEN}"]
    for one in closed:
        one.chmod(0)
    done = without_all_rights("sync", "school", "stick", where=tmp_path)
    for one in closed:
        one.chmod(0o755)
    assert (
        done.returncode == 1 and small.media(school)[0] in done.stderr and f"p/{BEN}: this folder cannot be read" in done.stderr
    )
    assert len(small.files(tmp_path / "stick")) == 6


def test_what_was_folded_away_does_not_come_back(school: Path, stick: Path) -> None:
    snap, covers = fold_all(school)
    for name in covers:
        (school / name).unlink()
    assert "Copied 1 files to stick and 0 to school" in sync(school.parent)
    assert (stick / snap).exists() and not any((school / name).exists() for name in covers)


def test_a_snapshot_that_has_rotted_stands_for_nothing(school: Path, stick: Path) -> None:
    snap, covers = fold_all(school)
    for name in covers:
        (school / name).unlink()
    small.write(school, snap, b"rotten")
    done = typed(school.parent, "sync", "school", "stick")
    assert done.returncode == 1 and snap in done.stderr
    assert all((school / name).read_bytes() == (stick / name).read_bytes() for name in covers)


def test_the_school_s_own_news_that_rotted_here_is_mended_from_there(school: Path, stick: Path) -> None:
    for where, other in ((school, stick), (stick, school)):
        (name,) = small.log(where, "school")
        small.write(where, name, b"rotten")
        assert typed(school.parent, "sync", str(where), str(other)).returncode == 0
        assert (where / name).read_bytes() == (other / name).read_bytes() != b"rotten"


# -- erased --------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", [("school", "stick"), ("stick", "school")])
def test_orders_to_erase_come_first_and_nothing_of_the_child_is_left_or_copied(
    school: Path, stick: Path, erased: Path, words: tuple[str, str]
) -> None:
    more(stick, AMIRA, "late")
    more(stick, BEN, "late")
    printed = sync(school.parent, *words)
    assert "Removed 21 files of children whose records were erased." in printed
    for where in (school, stick):
        assert [name for name in of(AMIRA, where) if not name.startswith("p/school/")] == []
        assert len([name for name in of(BEN, where) if name.startswith("p/")]) == 8
    assert small.files(school) == small.files(stick)


def test_an_order_that_only_the_backup_knows_reaches_the_school(school: Path, stick: Path) -> None:
    asyncio.run(small.order_erasure(Replica(Directory(stick), "c" * 16, lambda: 1), AMIRA))
    assert "Removed 12 files" in sync(school.parent)
    assert not small.log(school) and not small.media(stick) and small.media(school, BEN)


# -- the hub's papers ----------------------------------------------------------------------------------------------------
def test_after_a_return_to_the_copy_devices_are_still_joined(school: Path, stick: Path) -> None:
    async def joined() -> str:
        access = at(school)
        code, _ = await access.invite("senco", [], None)  # type: ignore[arg-type]
        return (await access.join(code, "d" * 16, "a laptop"))[0]

    token = asyncio.run(joined())
    assert "Copied 5 files to stick" in sync(school.parent), "an invite, its use, a token, and two entries pending for the log"
    caller = asyncio.run(at(stick).caller(token))
    assert (caller.device, caller.revoked) == ("d" * 16, False)


def test_papers_are_copied_and_neither_strangers_nor_a_wait_to_erase(school: Path, stick: Path) -> None:
    kept = f"hub/quarantine/{'1' * 16}/{small.log(school)[0]}"
    copied = {"hub/tokens/ab.json", "hub/tries/ABC.12.json", kept}
    others = {f"hub/erasures/{AMIRA}.json", "hub/tokens/ab (conflicted copy).json", f"hub/quarantine/{'1' * 16}/notes.txt",
              f"seen/{'1' * 16}.json", "reports/Amira.pdf"}  # fmt: skip
    for name in copied | others:
        small.write(school, name, b"{}")
    small.write(stick, "hub/tokens/ab.json", b'{"this": "stays"}')
    assert "Copied 2 files to stick" in sync(school.parent)
    there = small.files(stick, "hub")
    assert there.keys() == copied and there["hub/tokens/ab.json"] == b'{"this": "stays"}' and not (stick / "reports").exists()


# -- stopped half-way ----------------------------------------------------------------------------------------------------
@pytest.fixture
def large(tmp_path: Path) -> Path:
    (tmp_path / "stick").mkdir()
    return small.made(tmp_path / "school", moments=80)


def test_killed_at_any_moment_nothing_is_half_and_it_goes_on(large: Path) -> None:
    stick, done = large.parent / "stick", 0
    for enough in (1, 40, 110, 165, 240):
        process = begun(large.parent, lambda enough=enough: there(stick) >= enough)  # type: ignore[misc]
        process.kill()
        process.communicate(timeout=LONGEST)
        need_nothing_half(stick)
        assert there(stick) >= done, "what was copied stays copied"
        done = there(stick)
    assert done < 321, "no kill came in time"
    sync(large.parent)
    assert small.files(stick) == small.files(large)
    assert typed(large.parent, "check", "stick").returncode == 0


def test_ctrl_c_ends_in_order_with_a_sentence(large: Path) -> None:
    stick = large.parent / "stick"
    process = begun(large.parent, lambda: there(stick) >= 20)
    process.send_signal(signal.SIGINT)
    _, said = process.communicate(timeout=LONGEST)
    assert process.returncode == 2 and said == "Stopped. What was copied is whole; the same again goes on from here.\n"
    assert there(stick) < 321 and not any((stick / "part").iterdir())
    need_nothing_half(stick)
    sync(large.parent)
    assert small.files(stick) == small.files(large)


def test_a_stick_that_is_full_is_told_with_its_name_and_what_is_there_is_whole(
    school: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    stick, write = tmp_path / "stick", Directory._write_aside
    stick.mkdir()

    def full(self: Directory, target: Path, data: bytes) -> None:
        if self.path == stick and there(stick) >= 5:
            raise OSError(errno.ENOSPC, "no room")
        write(self, target, data)

    monkeypatch.setattr(Directory, "_write_aside", full)
    with pytest.raises(NoRoomLeft, match=r"no room left in .*/stick\. What was copied is whole"):
        asyncio.run(folders.sync(school, stick))
    need_nothing_half(stick)


# -- not at all ----------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("words", [("school", "school/copy"), ("school/copy", "school")])
def test_a_folder_inside_the_other_is_refused(school: Path, words: tuple[str, str]) -> None:
    (school / "copy").mkdir()
    before = all_in(school)
    assert "inside the other" in one_sentence(typed(school.parent, "sync", *words))
    assert all_in(school) == before


def test_two_empty_folders_are_no_school(tmp_path: Path) -> None:
    for one in ("a", "b"):
        (tmp_path / one).mkdir()
    assert "Neither of these" in one_sentence(typed(tmp_path, "sync", "a", "b"))
    assert all_in(tmp_path) == {"a": None, "b": None}


def test_the_copy_is_of_the_same_space_to_the_byte(school: Path, stick: Path) -> None:
    assert (stick / "space.json").read_bytes() == (school / "space.json").read_bytes()
    raw: dict[str, Any] = json.loads((stick / "space.json").read_bytes())
    (stick / "space.json").write_bytes(dumps(raw | {"space": "f" * 32}).encode())
    before = all_in(school.parent)
    assert "two different schools" in one_sentence(typed(school.parent, "sync", "school", "stick"))
    assert all_in(school.parent) == before


# -- a disk that lies ----------------------------------------------------------------------------------------------------
def test_what_is_read_back_otherwise_is_told_and_is_no_copy(
    school: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The disk says yes and keeps something else."""
    stick, write = tmp_path / "stick", Directory._write_aside
    stick.mkdir()
    small.write(school, "hub/tokens/ab.json", b"{}")
    lies = {stick / "hub/tokens/ab.json", stick / small.log(school)[0], stick / small.media(school)[0]}

    def forgetful(self: Directory, target: Path, data: bytes) -> None:
        write(self, target, data[:-1] if target in lies else data)

    monkeypatch.setattr(Directory, "_write_aside", forgetful)
    done = asyncio.run(folders.sync(school, stick))
    assert {stick / name for name in done.bad} == lies and (done.there, done.back) == (11, 0)


def test_a_file_in_a_wrong_place_goes_only_once_it_is_whole_in_its_own(school: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = small.log(school, BEN)[0]
    wrong = home.replace(BEN, AMIRA)
    (school / home).rename(school / wrong)
    put = Directory.put

    async def forgetful(self: Directory, name: str, data: bytes, nonce: bytes = b"") -> str:
        return await put(self, name, data, b"another nonce")

    monkeypatch.setattr(Directory, "put", forgetful)
    found = asyncio.run(folders.check(school, repair=True))
    assert (school / wrong).exists() and not found.whole
