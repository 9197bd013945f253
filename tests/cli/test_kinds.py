"""The same two commands on every kind of folder: a directory, Apache, wsgidav, and a hub behind a real socket."""

import asyncio
import json
import os
import time
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from app.domain.vocabulary.roles import Role
from app.hub.office import Office
from app.hub.site import create_app
from storage import names
from storage.folder.directory import Directory
from storage.folder.webdav import WebDav
from storage.replica import Replica
from tests.cli import small
from tests.cli.parts import begun
from tests.cli.typed import all_in, one_sentence, typed
from tests.contract.servers import SIGN_IN, Door, Servers
from tests.storage.parts import AMIRA, BEN

KEY = bytes(range(32))


@dataclass
class There:
    """A folder of some kind: what a person types for it, and where its files are."""

    typed: str
    files: Path


def empty_one(kind: str, servers: Servers, where: Path) -> There:
    if kind == "directory":
        where.mkdir()
        return There(str(where), where)
    server = getattr(servers, kind)
    made = server.fresh()
    return There(server.typed(made), made)


def school_at(kind: str, servers: Servers, where: Path) -> There:
    """A school, written by the kind's own hands: a server may write into its files then, and so may we."""
    made = empty_one(kind, servers, where)
    folder = Directory(made.files) if kind == "directory" else WebDav(getattr(servers, kind).url(made.files), SIGN_IN)
    asyncio.run(small.write_school(folder))
    asyncio.run(folder.close())
    return made


# -- sync ----------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kinds", [("directory", "apache"), ("wsgidav", "directory"), ("apache", "wsgidav")], ids="-".join)
def test_any_two_kinds_hold_the_same_afterwards(kinds: tuple[str, str], servers: Servers, tmp_path: Path) -> None:
    one, two = school_at(kinds[0], servers, tmp_path / "one"), empty_one(kinds[1], servers, tmp_path / "two")
    small.write(one.files, "hub/tokens/ab.json", b"{}")
    done = typed(tmp_path, "sync", one.typed, two.typed)
    assert (done.returncode, done.stderr) == (0, "") and "Copied 14 files" in done.stdout
    assert "dana" not in done.stdout and "%40" not in done.stdout
    for below in ("p", "hub"):
        assert small.files(one.files, below) == small.files(two.files, below)
    assert (one.files / "space.json").read_bytes() == (two.files / "space.json").read_bytes()
    assert "Copied 0 files" in typed(tmp_path, "sync", two.typed, one.typed).stdout


@pytest.mark.parametrize("kind", ["apache", "wsgidav"])
def test_an_erased_child_goes_on_a_server_too(kind: str, servers: Servers, tmp_path: Path) -> None:
    one, two = school_at(kind, servers, tmp_path / "one"), empty_one("directory", servers, tmp_path / "two")
    assert typed(tmp_path, "sync", one.typed, two.typed).returncode == 0
    asyncio.run(small.order_erasure(Replica(Directory(two.files), "c" * 16, lambda: 1), AMIRA))
    done = typed(tmp_path, "sync", one.typed, two.typed)
    assert done.returncode == 0 and "Removed 12 files" in done.stdout
    assert not small.log(one.files) and not small.media(one.files) and len(small.files(one.files)) == 8


def test_a_server_that_goes_away_in_the_middle_is_told_and_it_goes_on_later(tmp_path: Path) -> None:
    servers = Servers()
    try:
        two = empty_one("wsgidav", servers, tmp_path / "two")
        small.made(tmp_path / "one", moments=60)
        process = begun(tmp_path, lambda: len(list(two.files.rglob("media/*"))) > 20, tmp_path / "one", two.typed)
        servers.wsgidav.process.kill()
        _, said = process.communicate(timeout=240)
        assert process.returncode == 2 and said.count("\n") == 1 and "What was copied is whole" in said, said
        assert "dana" not in said and urlsplit(two.typed).hostname in said
        assert all(names.matches(name, data) for name, data in small.files(two.files).items())
    finally:
        servers.stop()


# -- check ---------------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize("kind", ["apache", "wsgidav"])
def test_a_folder_on_a_server_is_looked_at_and_mended(kind: str, servers: Servers, tmp_path: Path) -> None:
    one = school_at(kind, servers, tmp_path)
    bad, lost = small.media(one.files)[0], small.media(one.files)[1]
    huge = f"p/{AMIRA}/media/{'f' * 32}"
    small.write(one.files, bad, b"rotten")
    small.write(one.files, huge, b"")
    os.truncate(one.files / huge, 2 * 1024**3)
    (one.files / lost).unlink()
    for words, missing, exit_code in (((), {lost}, 1), (("--repair",), {lost, bad, huge}, 1)):
        done = typed(tmp_path, "check", one.typed, "--json", *words)
        document = json.loads(done.stdout)
        assert done.returncode == exit_code and document["files"] == 13
        assert {one["name"]: one["code"] for one in document["problems"] if one["code"] != "missing_name"} == {
            bad: "bad_bytes",
            huge: "too_large",
        }
        assert {one["name"] for one in document["problems"] if one["code"] == "missing_name"} == missing
    assert not (one.files / bad).exists() and not (one.files / huge).exists()
    assert sorted(file.stat().st_size for file in (one.files / f"p/{AMIRA}/aside").iterdir()) == [6, 2 * 1024**3]


# -- hub -----------------------------------------------------------------------------------------------------------------
@dataclass
class School:
    """A hub behind a socket."""

    files: Path
    door: Door
    office: Office
    now: list[int]

    @property
    def typed(self) -> str:
        return self.door.url.replace("http://", "hub+http://")

    def with_code(self, role: Role = Role.SENCO) -> str:
        made = asyncio.run_coroutine_threadsafe(self.office.access.invite(role, ["oak"], None), self.door.loop)
        return self.typed.replace("://", f"://{made.result(30)[0]}@")


@pytest.fixture
def hub(servers: Servers, tmp_path: Path) -> School:
    files = small.made(tmp_path / "school")
    servers.door.app = create_app(Directory(files), KEY)
    return School(files, servers.door, servers.door.app.state.office, [time.time_ns()])


def test_a_school_is_copied_out_of_its_hub_and_later_without_a_code(hub: School, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert "Ask your SENCO for a code" in one_sentence(typed(tmp_path, "sync", hub.typed, "stick"))
    code = hub.with_code()
    done = typed(tmp_path, "sync", code, "stick")
    assert done.returncode == 0 and f"Copied 13 files to stick and 0 to {hub.typed}" in done.stdout
    assert "keeps its papers (hub/) to itself" in done.stdout and code.split("@")[0][-8:] not in done.stdout
    assert small.files(tmp_path / "stick") == small.files(hub.files)
    assert (tmp_path / "stick/space.json").read_bytes() == (hub.files / "space.json").read_bytes()
    assert "Copied 0 files" in typed(tmp_path, "sync", hub.typed, "stick").stdout
    (kept,) = (tmp_path / "config").rglob("hubs/*.json")
    assert kept.stat().st_mode & 0o777 == 0o600


def test_what_a_hub_has_lost_comes_back_from_a_copy(hub: School, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert typed(tmp_path, "sync", hub.with_code(), "stick").returncode == 0
    whole = small.files(hub.files)
    for name in (*small.media(hub.files), *small.log(hub.files), *small.log(hub.files, "school")):
        (hub.files / name).unlink()
    done = typed(tmp_path, "sync", "stick", hub.typed)
    assert (done.returncode, done.stderr) == (0, "") and "Copied 7 files" in done.stdout
    assert small.files(hub.files) == whole


def test_an_order_that_only_a_copy_knows_reaches_the_hub_and_nothing_of_the_child_is_fetched(hub: School, tmp_path: Path) -> None:
    """The school was restored from a backup that was older than the order."""
    (tmp_path / "stick").mkdir()
    assert typed(tmp_path, "sync", hub.with_code(), "stick").returncode == 0
    proof = hub.office.arrivals.proof(f"erased:{AMIRA}")
    asyncio.run(small.order_erasure(Replica(Directory(tmp_path / "stick"), "c" * 16, lambda: 1), AMIRA, proof))
    done = typed(tmp_path, "sync", hub.typed, "stick")
    assert (done.returncode, done.stderr) == (0, "") and "Copied 0 files to stick and 1 to" in done.stdout
    assert "Removed 6 files" in done.stdout and not small.log(tmp_path / "stick")
    assert "Copied 0 files to stick and 0 to" in typed(tmp_path, "sync", hub.typed, "stick").stdout
    assert not small.log(hub.files) and not small.media(hub.files) and small.log(hub.files, BEN)


def test_what_a_hub_does_not_take_is_told_file_by_file(hub: School, tmp_path: Path) -> None:
    """An order to erase that no hub with this key has carried out."""
    (tmp_path / "stick").mkdir()
    assert typed(tmp_path, "sync", hub.with_code(), "stick").returncode == 0
    before = small.files(hub.files)
    asyncio.run(small.order_erasure(Replica(Directory(tmp_path / "stick"), "c" * 16, lambda: 1), AMIRA))
    done = typed(tmp_path, "sync", hub.typed, "stick")
    assert done.returncode == 1 and "the hub did not take it (not_allowed)" in done.stderr and done.stderr.count("\n") == 1
    assert small.files(hub.files) == before


def test_a_computer_that_was_turned_away_is_told(hub: School, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert typed(tmp_path, "sync", hub.with_code(), "stick").returncode == 0
    for token in (hub.files / "hub/tokens").iterdir():
        token.unlink()
    before = all_in(tmp_path / "stick")
    assert "not joined to the school any more" in one_sentence(typed(tmp_path, "sync", hub.typed, "stick"))
    assert all_in(tmp_path / "stick") == before


def test_a_device_of_no_senco_sends_nothing_and_says_so(hub: School, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert typed(tmp_path, "sync", hub.with_code(), "stick").returncode == 0
    (tmp_path / "config" / "small-steps").rename(tmp_path / "before")
    (hub.files / small.log(hub.files, BEN)[0]).unlink()
    before = all_in(hub.files / "p")
    done = typed(tmp_path, "sync", "stick", hub.with_code(Role.TA))
    assert done.returncode == 0 and "from a SENCO's device alone" in done.stdout
    assert all_in(hub.files / "p") == before


def test_a_hub_of_another_school_is_neither_sent_to_nor_fetched_from(hub: School, servers: Servers, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert typed(tmp_path, "sync", hub.with_code(), "stick").returncode == 0
    other = small.made(tmp_path / "other")
    before = all_in(tmp_path / "stick"), all_in(other)
    servers.door.app = create_app(Directory(other), KEY)
    assert "another school" in one_sentence(typed(tmp_path, "sync", hub.typed, "stick"))
    again = School(other, servers.door, servers.door.app.state.office, [])
    assert "two different schools" in one_sentence(typed(tmp_path, "sync", "stick", again.with_code()))
    assert (all_in(tmp_path / "stick"), all_in(other / "p")) == (
        before[0],
        {k[2:]: v for k, v in before[1].items() if k[:2] == "p/"},
    )


@pytest.mark.parametrize("words", ["hub+https://x/y", "hub+https://", "hub+https://h:port", "hub+ftp://h"])
def test_what_is_no_address_of_a_hub_is_told(words: str, tmp_path: Path) -> None:
    (tmp_path / "stick").mkdir()
    assert "A folder is a path" in one_sentence(typed(tmp_path, "sync", words, "stick"))
