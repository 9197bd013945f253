"""Where a folder is: a path or an address, taken apart, shown without its secrets, and looked at before anything is written."""

from pathlib import Path
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.errors import (
    FolderAway,
    FolderForeign,
    FolderMissing,
    FolderNewer,
    FolderNotWritable,
    FolderUnreadable,
    PlaceUnknown,
    SignInRefused,
    SmallStepsError,
)
from app.folders.places import (
    PASSWORD,
    Address,
    address,
    in_the_clear,
    look_at,
    looked_at,
    place,
    shown,
    where_is,
    writable,
    written_to,
)
from storage.folder.directory import Directory
from storage.folder.webdav import WebDav
from tests.cli.typed import all_in, one_sentence, typed
from tests.contract.servers import DavServer, Servers
from tests.ports import free_port

SPACE = b'{"format": 1, "min_reader": 1, "space": "1234"}'


# -- what is typed -------------------------------------------------------------------------------------------------------
@pytest.mark.parametrize(
    "text,told",
    [
        ("dav+https://files.school.uk/steps", Address("https://files.school.uk/steps")),
        ("dav+https://dana:pass@files.school.uk:8443/a/b/", Address("https://files.school.uk:8443/a/b/", "dana", "pass")),
        ("dav+http://[::1]:81/x", Address("http://[::1]:81/x")),
        ("dav+https://dana%40school.uk:p%40ss%2Fw%C3%B6rd@host", Address("https://host", "dana@school.uk", "p@ss/wörd")),
        ("dav+https://dana@s.uk:pass@host/u/dana@s.uk", Address("https://host/u/dana@s.uk", "dana@s.uk", "pass")),
        ("dav+https://dana@host/x", Address("https://host/x", "dana", "of the environment")),
        ("dav+https://dana:@host/x", Address("https://host/x", "dana", "")),
    ],
)  # fmt: skip
def test_an_address_is_taken_apart(text: str, told: Address) -> None:
    assert address(text, {PASSWORD: "of the environment"} if told.user else {}) == told
    assert isinstance(place(text), WebDav)


@pytest.mark.parametrize(
    "text",
    ["", " ", "ftp://x/y", "https://x/y", "s3://key:secret@bucket", "dav+https://", "dav+https:///x", "dav+https://h:port/x",
     "dav+https://dana:pa/ss@host/x", "dav+https://h/x?y=1", "dav+https://h/x#y", "dav+https://[::1/x"],
)  # fmt: skip
def test_anything_else_is_told_in_a_sentence(text: str) -> None:
    for asked in (place, where_is):
        with pytest.raises(PlaceUnknown):
            asked(text)


@pytest.mark.parametrize("text", ["school", "/srv/school", "C:\\school", "a:b", "../x y"])
def test_a_path_is_a_path(text: str) -> None:
    made = place(text)
    assert isinstance(made, Directory) and made.path == Path(text) == where_is(text) and shown(text) == text


HOSTS = st.sampled_from(["h.uk", "h.uk:81", "[::1]", "h/a@b", "h/x y"])


@given(st.text(min_size=1), st.text(st.characters(codec="utf-8"), min_size=1), HOSTS)
def test_whatever_a_password_is_made_of_it_goes_in_and_is_not_shown(user: str, secret: str, host: str) -> None:
    user, sign_in = user.encode("utf-8", "replace").decode(), f"§{secret}§"
    text = f"dav+https://{quote(user, safe='')}:{quote(sign_in, safe='')}@{host}"
    told = address(text)
    assert (told.user, told.password) == (user, sign_in) and shown(text) == f"dav+https://{host}"


@given(st.text(st.characters(exclude_characters="@", codec="utf-8"), min_size=1))
def test_a_password_typed_as_it_is_may_be_wrong_and_is_not_shown_either(secret: str) -> None:
    assert "§" not in shown(f"dav+https://dana:§{secret}§@host/path")


def test_what_others_can_read_on_the_way_is_known() -> None:
    assert in_the_clear("dav+http://u:p@files.school.uk/x") and not in_the_clear("dav+http://u:p@127.0.0.1/x")
    assert not in_the_clear("dav+https://files.school.uk/x") and not in_the_clear(Path("dav+http:"))


def test_the_password_s_place_in_the_environment_is_told() -> None:
    assert f"`{PASSWORD}`" in (Path(__file__).parent.parent.parent / "docs/settings.md").read_text(encoding="utf-8")


# -- looked at -----------------------------------------------------------------------------------------------------------
@pytest.fixture(params=["directory", "apache", "wsgidav"])
def there(request: pytest.FixtureRequest, servers: Servers, tmp_path: Path) -> tuple[str, Path]:
    """(what a person types, where its files are) of an empty folder."""
    if request.param == "directory":
        return str(tmp_path), tmp_path
    server: DavServer = getattr(servers, request.param)
    made = server.fresh()
    return server.typed(made), made


def test_an_empty_folder_is_good_and_what_is_tried_leaves_nothing_behind(there: tuple[str, Path]) -> None:
    typed_in, files = there
    for one in ("desktop.ini", ".hidden"):
        (files / one).write_bytes(b"")
    for _ in range(2):
        look_at(typed_in)
        writable(typed_in)
    assert {name for name, data in all_in(files).items() if data is not None} == {"desktop.ini", ".hidden"}


@pytest.mark.parametrize(
    "space,kind",
    [
        (SPACE, None), (b"{", FolderUnreadable), (b"", FolderUnreadable), (SPACE.replace(b"1,", b"9,"), FolderNewer),
        (bytes(3_000_000), FolderUnreadable),
    ],
    ids=["ours", "torn", "empty", "newer", "huge"],
)  # fmt: skip
async def test_what_lies_there_is_told(there: tuple[str, Path], space: bytes, kind: type[SmallStepsError] | None) -> None:
    typed_in, files = there
    (files / "space.json").write_bytes(space)
    if kind is None:
        await looked_at(typed_in)
        return
    with pytest.raises(kind):
        await looked_at(typed_in)


async def test_other_files_are_left_alone(there: tuple[str, Path]) -> None:
    typed_in, files = there
    (files / "holidays").mkdir()
    (files / "holidays/beach.jpg").write_bytes(b"sand")
    with pytest.raises(FolderForeign):
        await looked_at(typed_in)


async def test_a_folder_that_is_not_there_is_told(there: tuple[str, Path]) -> None:
    with pytest.raises(FolderMissing):
        await looked_at(f"{there[0]}not")


async def test_a_folder_that_cannot_be_written_is_told(servers: Servers) -> None:
    files = servers.apache.fresh()
    files.chmod(0o555)
    await looked_at(servers.apache.typed(files))
    with pytest.raises(FolderNotWritable):
        await written_to(servers.apache.typed(files))


async def test_a_wrong_password_is_told(servers: Servers) -> None:
    for server in (servers.apache, servers.wsgidav):
        for asked in (looked_at, written_to):
            with pytest.raises((SignInRefused, FolderNotWritable)):
                await asked(server.typed(server.fresh(), password="not it"))
        with pytest.raises(SignInRefused):
            await looked_at(server.typed(server.fresh(), password="not it"))


async def test_a_server_that_does_not_answer_is_told() -> None:
    for asked in (looked_at, written_to):
        with pytest.raises(FolderAway):
            await asked(f"dav+http://dana:pass@127.0.0.1:{free_port()}/school")


def test_the_commands_say_it_in_a_sentence_without_the_password(servers: Servers, tmp_path: Path) -> None:
    wrong = servers.apache.typed(servers.apache.fresh(), password="not it")
    told = one_sentence(typed(tmp_path, "serve", "--folder", wrong))
    assert told == SignInRefused.message
    good = servers.apache.typed(servers.apache.fresh())
    looked = typed(tmp_path, "doctor", "--folder", good, "--port", free_port())
    assert looked.returncode == 0 and f"Folder {shown(good)}: can be read and written" in looked.stdout
    assert "dana" not in looked.stdout and all_in(tmp_path) == {}
