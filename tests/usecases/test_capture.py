"""From a moment to observations: one a pupil, each with a copy of its own, all of it or nothing (promise 1)."""

import dataclasses
import hashlib
import json
import os

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.domain.vocabulary.audiences import MediaKind
from app.domain.vocabulary.scales import HelpLevel
from app.domain.vocabulary.states import ReviewState
from app.errors import NothingToSave
from app.usecases.evidence import capture
from app.usecases.evidence.capture import Draft, DraftMedia
from app.usecases.session.school import School
from storage.errors import StoreFull
from storage.folder.memory import Memory
from storage.replica import Replica
from storage.store import Store

AMIRA, LEO, MIA = "a" * 32, "b" * 32, "c" * 32
NOW = 1_795_000_000_000
LARGE = bytes(range(256)) * 5000  # more than a chunk


def draft(*pupils: str, **more: object) -> Draft:
    media = [
        DraftMedia("m1", "image/jpeg", 9, 8, 6),
        DraftMedia("m2", "video/webm", len(LARGE), 64, 48, 4000, "dGh1bWI=", "c3RpbGw="),
    ]
    return dataclasses.replace(Draft(NOW, media, " Asked for a turn. ", "pool", list(pupils)), **more)  # type: ignore[arg-type]


FILES = {"m1": b"a picture", "m2": LARGE}


async def save(store: Store | Replica, made: Draft) -> list[str]:
    return await capture.save(store, made, FILES, "dana", NOW + 5, 60, os.urandom)


@pytest.fixture
async def store() -> Store:
    return await Store.open(Memory(), now=lambda: NOW)


async def test_every_pupil_of_the_moment_has_an_observation_of_its_own(store: Store) -> None:
    made = await save(store, draft(AMIRA, LEO, MIA))
    found = [School(store).observation(ident) for ident in made]
    assert [o.pupil for o in found] == [AMIRA, LEO, MIA]
    assert {(o.note, o.setting, o.by, o.at, o.offset_min, o.review, o.starred) for o in found} == {
        ("Asked for a turn.", "pool", "dana", NOW, 60, ReviewState.NEW, False)
    }


async def test_the_copies_of_one_moment_know_of_each_other(store: Store) -> None:
    found = [School(store).observation(ident) for ident in await save(store, draft(AMIRA, LEO))]
    assert {o.group for o in found} == {found[0].group} and found[0].group
    assert {o.together for o in found} == {(AMIRA, LEO)}
    assert {m.visible for o in found for m in School(store).media_of(o)} == {(AMIRA, LEO)}


async def test_a_moment_of_one_child_is_no_group(store: Store) -> None:
    (ident,) = await save(store, draft(AMIRA))
    assert School(store).observation(ident).group == ""


async def test_each_copy_has_its_own_media_in_its_own_partition(store: Store) -> None:
    mine, his = [School(store).observation(ident) for ident in await save(store, draft(AMIRA, LEO))]
    assert not set(mine.media) & set(his.media)
    for one in (mine, his):
        photo, clip = School(store).media_of(one)
        assert {photo.partition, clip.partition} == {one.pupil} and (photo.kind, clip.kind) == (MediaKind.PHOTO, MediaKind.VIDEO)
        assert await store.media(one.pupil, photo.chunks) == b"a picture" and await store.media(one.pupil, clip.chunks) == LARGE
        assert (clip.size, clip.duration_ms, clip.width, clip.thumb, clip.poster) == (
            len(LARGE),
            4000,
            64,
            "dGh1bWI=",
            "c3RpbGw=",
        )


async def test_one_childs_copy_can_leave_without_the_other(store: Store) -> None:
    _, his = await save(store, draft(AMIRA, LEO))
    for name in [n for n in store.disk.files if n.startswith(f"p/{AMIRA}/")]:  # type: ignore[attr-defined]
        await store.disk.delete(name)
    store.library.drop(AMIRA)
    kept = School(store).observation(his)
    assert await store.media(LEO, School(store).media_of(kept)[0].chunks) == b"a picture"


async def test_the_hash_of_the_whole_is_kept_with_a_picture(store: Store) -> None:
    (ident,) = await save(store, draft(AMIRA))
    (photo, _) = School(store).observation(ident).media
    assert store.library.get(f"media:{photo}")["sha"] == hashlib.sha256(b"a picture").hexdigest()  # type: ignore[index]


async def test_targets_and_help_go_to_the_pupil_they_were_chosen_for(store: Store) -> None:
    made = draft(AMIRA, LEO)
    made.toggle_target(AMIRA, "turn")
    made.set_help(AMIRA, "turn", HelpLevel.GESTURE)
    made.toggle_target(LEO, "wait")
    mine, his = [School(store).observation(ident) for ident in await save(store, made)]
    assert (mine.targets, dict(mine.ratings)) == (("turn",), {"turn": HelpLevel.GESTURE})
    assert (his.targets, dict(his.ratings)) == (("wait",), {})


async def test_without_a_picture_the_time_is_that_of_saving(store: Store) -> None:
    (ident,) = await save(store, draft(AMIRA, media=[], at=0))
    assert School(store).observation(ident).at == NOW + 5


@pytest.mark.parametrize("made", [draft(), draft(AMIRA, media=[], note="  "), Draft(), Draft(note="words for nobody")])
async def test_a_moment_without_a_pupil_or_without_content_is_told_and_kept(store: Store, made: Draft) -> None:
    before = dataclasses.replace(made)
    with pytest.raises(NothingToSave, match="Your draft is kept"):
        await save(store, made)
    assert made == before and School(store).observations() == []


@pytest.mark.parametrize("at", range(7))
async def test_on_a_full_disk_nothing_of_the_moment_is_to_be_seen(at: int) -> None:
    class Small(Memory):
        """Has room for so many more files."""

        left = 10**9

        async def put(self, name: str, data: bytes, nonce: bytes = b"") -> str:
            self._take(name)
            return await super().put(name, data, nonce)

        async def append(self, name: str, data: bytes) -> None:
            self._take(name)
            await super().append(name, data)

        def _take(self, name: str) -> None:
            self.left -= 1
            if self.left < 0:
                raise StoreFull(name)

    disk = Small()
    store = await Store.open(disk, now=lambda: NOW)
    disk.left = at
    try:
        await save(store, draft(AMIRA, LEO))
    except StoreFull:
        assert School(store).observations() == []
        disk.left = 10**9
        assert School(await Store.open(disk, now=lambda: NOW)).observations() == [], "nor after a restart"
    else:
        raise AssertionError("six files and no journal do not hold two children's moment")


async def test_a_hubs_replica_saves_the_same() -> None:
    folder = Memory()
    made = await save(Replica(folder, "0" * 16, lambda: NOW), draft(AMIRA, LEO))
    again = Replica(folder, "1" * 16, lambda: NOW)
    await again.refresh()
    assert {o.id for o in School(again).observations()} == set(made)


# -- the draft ---------------------------------------------------------------------------------------------------------
def test_taking_a_pupil_out_takes_targets_and_help_along() -> None:
    made = draft(AMIRA, LEO)
    for pupil in (AMIRA, LEO):
        made.toggle_target(pupil, "turn")
        made.set_help(pupil, "turn", HelpLevel.MODEL)
    made.toggle_pupil(AMIRA)
    made.toggle_pupil(AMIRA)
    assert made.pupils == [LEO, AMIRA] and made.targets == {LEO: ["turn"]} and list(made.helps) == [f"{LEO}/turn"]


def test_taking_a_target_out_takes_its_help_along() -> None:
    made = draft(AMIRA)
    made.toggle_target(AMIRA, "turn")
    made.set_help(AMIRA, "turn", HelpLevel.MODEL)
    made.toggle_target(AMIRA, "turn")
    assert made.targets == {AMIRA: []} and made.helps == {}


def test_the_same_help_tapped_again_is_none() -> None:
    made = draft(AMIRA)
    for _ in range(2):
        made.set_help(AMIRA, "turn", HelpLevel.MODEL)
    assert made.helps == {}


def test_a_draft_survives_being_kept() -> None:
    made = draft(AMIRA, LEO)
    made.toggle_target(AMIRA, "turn")
    made.set_help(AMIRA, "turn", HelpLevel.GESTURE)
    assert Draft.from_bytes(made.to_bytes()) == made


@pytest.mark.parametrize("data", [b"", b"{", b"null", b"[]", b"5", b'"x"', b"{}", b"\xff\xfe", b"[" * 100_000, b'{"media": 5}'])
def test_a_draft_that_cannot_be_read_is_an_empty_one(data: bytes) -> None:
    assert Draft.from_bytes(data) == Draft()


@pytest.mark.parametrize(
    "spoilt",
    [
        {"at": "x"},
        {"media": [{"id": "m"}, 5, None]},
        {"targets": ["x"]},
        {"helps": {"a/t": "magic"}},
        {"setting": []},
        {"new": 1},
    ],
)
def test_what_can_be_read_of_a_damaged_draft_is_kept(spoilt: dict[str, object]) -> None:
    raw = json.loads(draft(AMIRA).to_bytes()) | spoilt
    kept = Draft.from_bytes(json.dumps(raw).encode())
    assert kept.note == " Asked for a turn. " and kept.pupils == [AMIRA] and kept.ready


def test_a_picture_of_a_damaged_draft_is_kept_when_the_note_is_not() -> None:
    raw = json.loads(draft(AMIRA).to_bytes()) | {"note": {"x": 1}}
    kept = Draft.from_bytes(json.dumps(raw).encode())
    assert kept.note == "" and kept.media == draft().media


json_values = st.recursive(
    st.one_of(st.none(), st.booleans(), st.integers(), st.text(max_size=5)),
    lambda inner: st.one_of(st.lists(inner, max_size=3), st.dictionaries(st.text(max_size=5), inner, max_size=3)),
    max_leaves=6,
)


@given(st.dictionaries(st.sampled_from([f.name for f in dataclasses.fields(Draft)]), json_values))
def test_any_draft_can_be_opened_and_used(raw: dict[str, object]) -> None:
    made = Draft.from_bytes(json.dumps(raw).encode())
    made.toggle_pupil(AMIRA)
    made.toggle_target(AMIRA, "turn")
    assert isinstance(made.empty, bool) and isinstance(made.ready, bool)
    assert Draft.from_bytes(made.to_bytes()) == made


@given(st.binary(max_size=60))
def test_any_bytes_are_a_draft(data: bytes) -> None:
    assert isinstance(Draft.from_bytes(data), Draft)
