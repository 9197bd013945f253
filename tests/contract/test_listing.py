"""A listing that is kept is only believed where nothing can have changed since; the slow look at everything is the judge."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from storage.errors import FolderUnreadable
from storage.folder import listing
from storage.folder.directory import Directory
from storage.folder.listing import COARSE, TRUSTED, Listings
from storage.folder.port import digests
from tests.storage.parts import AMIRA, BEN

DEVICE = "d" * 16 + "." + "e" * 16
COARSELY = 2_000_000_000  # ns: what an old file system knows of time


def name(number: int, partition: str = AMIRA, kind: str = "log") -> str:
    return (
        f"p/{partition}/media/{number:032x}" if kind == "media" else f"p/{partition}/{kind}/{DEVICE}.{number:06d}-{number:032x}"
    )


class Time:
    now = 100.0

    def __call__(self) -> float:
        return self.now


class Ground:
    """A real directory whose directories know the time only to two seconds, as the clock of this test tells it."""

    def __init__(self, path: Path) -> None:
        self.path, self.clock = path, Time()
        self.kept = Listings(path / "p", self.clock)
        self.listed = 0

    def change(self, file: str, there: bool) -> None:
        at = self.path / file
        at.parent.mkdir(parents=True, exist_ok=True)
        at.touch() if there else at.unlink(missing_ok=True)
        told = int(self.clock() * 1e9) // COARSELY * COARSELY
        os.utime(at.parent, ns=(told, told))

    async def truth(self) -> dict[str, str]:
        return digests(await Directory(self.path).names("p/"))


@pytest.fixture
def ground(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Ground:
    made = Ground(tmp_path)

    def counted(path: Path, prefix: str) -> frozenset[str]:
        made.listed += 1
        return whole(path, prefix)

    whole = listing._listed
    monkeypatch.setattr(listing, "_listed", counted)
    monkeypatch.setattr(listing, "_mark", lambda path: (os.stat(path).st_mtime_ns, 0, 0))  # no other time than that
    return made


STEPS = st.lists(
    st.one_of(
        st.tuples(st.just("wait"), st.sampled_from([0.1, 0.5, 1.1, 2.1, 61.0])),
        st.tuples(st.sampled_from(["put", "gone"]), st.integers(0, 3)), st.tuples(st.just("look"), st.none()),
    ), max_size=25,
)  # fmt: skip


@given(STEPS)
@example([("put", 0), ("look", 0), ("wait", 1.1), ("look", 0), ("put", 2)])  # two changes within one tick of an old clock
@settings(max_examples=200, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
async def test_a_kept_listing_is_never_older_than_the_folder(
    tmp_path_factory: pytest.TempPathFactory, ground: Ground, steps: list[tuple[str, float]]
) -> None:
    made = Ground(tmp_path_factory.mktemp("ground"))
    for what, value in steps:
        if what == "wait":
            made.clock.now += value
        elif what == "look":
            assert made.kept.digests() == await made.truth()
        else:
            made.change(name(int(value), kind=("log", "media")[int(value) % 2]), what == "put")
    assert made.kept.digests() == await made.truth()


async def test_where_nothing_changes_nothing_is_listed_again(ground: Ground) -> None:
    for number in range(3):
        ground.change(name(number), True)
    ground.change(name(1, BEN, "media"), True)
    for _ in range(3):
        ground.kept.digests()
        ground.clock.now += COARSE + 1
    before = ground.listed
    for _ in range(5):
        assert ground.kept.digests() == await ground.truth()
    assert ground.listed == before
    ground.change(name(9, BEN), True)
    ground.kept.digests()
    assert ground.listed == before + 1, "the one that is new"
    ground.clock.now += TRUSTED + 1
    ground.kept.digests()
    assert ground.listed == before + 4, "a file system may keep no such time: after a minute all are listed"


async def test_an_error_is_told_and_forgotten(ground: Ground, monkeypatch: pytest.MonkeyPatch) -> None:
    ground.change(name(1), True)
    whole = await ground.truth()

    def refused(path: Path, prefix: str) -> frozenset[str]:
        raise PermissionError(13, "no", str(path))

    with monkeypatch.context() as patch:
        patch.setattr(listing, "_listed", refused)
        with pytest.raises(PermissionError):
            ground.kept.digests()
    assert ground.kept.digests() == whole


async def test_a_directory_says_so_when_it_cannot_be_listed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    ground = Ground(tmp_path)
    ground.change(name(1), True)

    def refused(path: Path, prefix: str) -> frozenset[str]:
        raise PermissionError(13, "no", str(path))

    monkeypatch.setattr(listing, "_listed", refused)
    with pytest.raises(FolderUnreadable):
        await Directory(tmp_path).partitions()


async def test_what_is_no_file_of_ours_does_not_count(tmp_path: Path) -> None:
    ground = Ground(tmp_path)
    for odd in ("p/readme", f"p/{AMIRA}/log/conflicted copy", f"p/{AMIRA}/other/x", f"p/{'a' * 31}/log/x", f"p/{BEN}"):
        ground.change(odd, True)
    (tmp_path / name(1)).mkdir(parents=True)
    assert ground.kept.digests() == {} == await ground.truth() == await Directory(tmp_path).partitions()
    ground.change(name(2), True)
    assert ground.kept.digests() == await ground.truth() == await Directory(tmp_path).partitions() != {}


async def test_a_partition_that_went_is_not_remembered(ground: Ground) -> None:
    ground.change(name(1), True)
    ground.kept.digests()
    ground.change(name(1), False)
    assert ground.kept.digests() == {} and ground.kept._kept == {} == ground.kept._digests
