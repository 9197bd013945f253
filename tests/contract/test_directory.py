"""A plain directory: whole files or none, errors of the system in our words, and nothing outside of it."""

import errno
from pathlib import Path

import pytest

from storage.errors import FolderReadOnly, FolderUnreadable, MissingName, StorageError, StoreFull
from storage.folder.directory import Directory, as_storage_error
from storage.folder.port import Folder
from tests.storage.parts import AMIRA, is_folder, picture

((NAME, DATA),) = picture().items()


@pytest.mark.parametrize("name", ["", "../x", "p/../../x", "/etc/passwd", "p\\..\\x", "p/\0", "."])
async def test_i12_no_name_leads_outside(tmp_path: Path, name: str) -> None:
    for asked in (Directory(tmp_path).get(name), Directory(tmp_path).replace(name, b""), Directory(tmp_path).delete(name)):
        with pytest.raises(StorageError):
            await asked
    assert await Directory(tmp_path).names() == set()


async def test_a_folder_that_is_not_there_is_told_and_never_taken_for_an_empty_one(tmp_path: Path) -> None:
    folder = Directory(tmp_path / "unplugged")
    for asked in (folder.names("p/"), folder.partitions()):
        with pytest.raises(FolderUnreadable):
            await asked


@pytest.mark.parametrize(
    "number,writing,kind",
    [
        (errno.ENOSPC, True, StoreFull), (errno.EDQUOT, True, StoreFull), (errno.EROFS, True, FolderReadOnly),
        (errno.EACCES, True, FolderReadOnly), (errno.EACCES, False, FolderUnreadable), (errno.EIO, True, FolderUnreadable),
        (errno.ENOENT, False, MissingName), (errno.ENOTDIR, False, MissingName),
    ],
)  # fmt: skip
def test_an_error_of_the_system_is_told_in_our_words(number: int, writing: bool, kind: type[StorageError]) -> None:
    assert type(as_storage_error(OSError(number, "said the system"), "a name", writing)) is kind


@pytest.mark.parametrize("fault", [errno.ENOSPC, errno.EIO])
async def test_i1_a_file_that_could_not_be_written_to_its_end_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, fault: int
) -> None:
    def broken(_: int) -> None:
        raise OSError(fault, "no")

    folder = Directory(tmp_path)
    await folder.replace("local/draft", b"before")
    with monkeypatch.context() as patch:
        patch.setattr("os.fsync", broken)
        for asked in (folder.put(NAME, DATA), folder.replace("local/draft", b"after"), folder.append("local/draft", b"more")):
            with pytest.raises(StoreFull if fault == errno.ENOSPC else FolderUnreadable):
                await asked
    assert await folder.names() == {"local/draft"} and await folder.get("local/draft") == b"before"
    assert not list((tmp_path / "part").iterdir())
    await folder.put(NAME, DATA)
    assert await folder.get(NAME) == DATA


async def test_what_is_written_aside_is_never_listed(tmp_path: Path) -> None:
    folder = Directory(tmp_path)
    await folder.put(NAME, DATA)
    (tmp_path / "part/left over").write_bytes(b"half")
    assert await folder.names() == {NAME} and await folder.names(f"p/{AMIRA}/") == {NAME}


async def test_a_file_grows_is_measured_and_is_cut(tmp_path: Path) -> None:
    folder = Directory(tmp_path)
    assert await folder.size("local/journal") == 0
    await folder.append("local/journal", b"one")
    await folder.append("local/journal", b"two")
    assert (await folder.get("local/journal"), await folder.size("local/journal")) == (b"onetwo", 6)
    await folder.truncate("local/journal", 4)
    assert await folder.get("local/journal") == b"onet"


def test_it_is_a_folder(tmp_path: Path) -> None:
    assert is_folder(Directory(tmp_path)) and isinstance(Directory(tmp_path), Folder)
