"""What a device tidies by itself: small files are folded into few and nobody's view changes; pictures leave a tablet, and come
back when somebody looks. Real desks, the real hub, and weeks that pass by the tests' clock."""

from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from app.errors import PictureInFolder, ThingUnknown
from app.usecases.syncing.housekeeping import HOUR, Housekeeping, media_days
from storage import compaction, names, retention
from storage.errors import StoreFull, Unreachable
from storage.folder.memory import Memory
from tests.hub.conftest import Hub
from tests.hub.parts import new_start
from tests.usecases.conftest import Seat, Sit, recorded
from tests.usecases.parts import days, round_of

DAY = 24 * HOUR


def view(seat: Seat) -> dict[str, dict[str, Any]]:
    """Everything that this device knows, but where TinyDB keeps it."""
    library = seat.desk.session.store.library
    return {d["entity"]: dict(d) for kind in ("observation", "media", "pupil", "target") for d in library.documents(kind)}


async def in_folder(hub: Hub, kind: str = "") -> set[str]:
    return {name for name in await hub.folder.names(f"p/{hub.made.amira}/{kind}") if names.parse(name)}


async def forty(tablet: Seat, hub: Hub) -> None:
    for number in range(40):
        await recorded(tablet, hub.made.amira, note=f"moment {number}", photo=b"")
        assert await tablet.desk.syncing.sync_now()


# -- folding -------------------------------------------------------------------------------------------------------------
async def test_i8_forty_moments_become_few_files_and_everybodys_view_stays(tablet: Seat, phone: Seat, sit: Sit, hub: Hub) -> None:
    before = len(await in_folder(hub, "log/"))
    await forty(tablet, hub)
    await round_of(tablet, phone)
    assert len(await in_folder(hub, "log/")) == before + 40
    seen = view(phone)
    assert len([e for e in seen if e.startswith("observation:")]) == 40
    await days(3, tablet, phone)
    assert len(await in_folder(hub, "snap/")) >= 1 and len(await in_folder(hub, "log/")) == before + 40, "a week is not over"
    await days(6, tablet, phone)
    assert len(await in_folder(hub)) <= before + 2 + 8, "what is left was too little to fold"
    fresh = await sit(Role.SENCO)
    await round_of(tablet, phone, fresh)
    assert view(tablet).items() <= seen.items() and view(phone) == view(fresh) == seen
    again = await phone.again()
    assert view(again) == seen, "and after a restart"
    assert tablet.desk.syncing.waiting == phone.desk.syncing.waiting == 0
    await new_start(hub)
    assert {o.note for o in hub.office.school.observations(hub.made.amira)} == {f"moment {n}" for n in range(40)}


async def test_i8_a_tablet_that_was_away_for_a_month_finds_everything(tablet: Seat, phone: Seat, sit: Sit, hub: Hub) -> None:
    away = await sit(Role.TA)
    await forty(tablet, hub)
    await away.desk.syncing.sync_now()
    await recorded(away, hub.made.amira, note="in the drawer", photo=b"")
    await days(12, tablet, phone)
    assert await in_folder(hub, "snap/")
    await round_of(away, phone, tablet)
    notes = {o.note for o in phone.desk.school.observations(hub.made.amira)}
    assert notes == {*(f"moment {n}" for n in range(40)), "in the drawer"}
    assert view(away) == view(tablet)


async def test_i8_another_writer_of_the_same_child_is_not_folded_away(tablet: Seat, phone: Seat, hub: Hub) -> None:
    [ident, *_] = await recorded(tablet, hub.made.amira)
    await round_of(tablet, phone)
    await forty(tablet, hub)
    await round_of(phone)
    phone.time.forward(1000)
    await phone.desk.review.approve(ident)
    await days(10, phone, tablet)
    assert tablet.desk.school.observation(ident).review == "approved" and view(phone).items() >= view(tablet).items()


# -- when ----------------------------------------------------------------------------------------------------------------
class Counted:
    """Counts the works that were begun, and fails in them."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, error: Exception | None = None) -> None:
        self.begun: list[object] = []
        self.error = error
        monkeypatch.setattr(compaction, "compact", self._work("compact"))
        monkeypatch.setattr(retention, "shed", self._work("shed"))

    def _work(self, what: str) -> Callable[..., Any]:
        async def work(store: object, folder: object, *days: int) -> None:
            self.begun.append((what, *days))
            if self.error:
                raise self.error

        return work


async def test_it_is_done_once_an_hour(tablet: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    counted, keeping = Counted(monkeypatch), Housekeeping(tablet.desk.session.store, tablet.time)
    for step, times in ((0, 1), (HOUR - 1, 1), (1, 2), (-5 * DAY, 3), (1000 * DAY, 4), (HOUR // 2, 4)):
        tablet.time.forward(step)
        await keeping.after_round(Memory(), 14)
        assert len(counted.begun) == 2 * times, (step, times)


async def test_for_ever_means_that_no_picture_leaves(tablet: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)
    await Housekeeping(tablet.desk.session.store, tablet.time).after_round(Memory(), 0)
    assert counted.begun == [("compact",)]


@pytest.mark.parametrize("error", [Unreachable(), StoreFull(), ValueError("a mistake of ours")])
async def test_what_goes_wrong_breaks_neither_the_round_nor_the_rest(
    tablet: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch, error: Exception
) -> None:
    counted = Counted(monkeypatch, error)
    tablet.time.forward(HOUR)
    await recorded(tablet, hub.made.amira)
    assert await tablet.desk.syncing.sync_now() and tablet.desk.syncing.problem is None and tablet.desk.syncing.waiting == 0
    assert counted.begun == [("compact",), ("shed", 14)]


async def test_nothing_is_tidied_while_nobody_answers(tablet: Seat, monkeypatch: pytest.MonkeyPatch) -> None:
    counted = Counted(monkeypatch)
    tablet.line.cut = True
    tablet.time.forward(2 * HOUR)
    assert not await tablet.desk.syncing.sync_now() and counted.begun == []


@pytest.mark.parametrize(
    ("said", "meant"), [(None, 14), (7, 7), (0, 0), (-1, 14), ("7", 14), (True, 14), (1.5, 14), (10**9, 14), ([], 14)]
)
def test_how_long_is_read_kindly(said: object, meant: int) -> None:
    assert media_days({"media_days": said}) == meant


# -- pictures ------------------------------------------------------------------------------------------------------------
async def bytes_here(seat: Seat, hub: Hub) -> set[str]:
    return await seat.disk.names(f"p/{hub.made.amira}/media/")


async def shed(seat: Seat, hub: Hub, *others: Seat) -> str:
    """A photo that was recorded at this desk, is in the school's folder, and has left the tablet; the medium's id."""
    [ident] = await recorded(seat, hub.made.amira)
    await days(15, seat, *others)
    assert await bytes_here(seat, hub) == set()
    return seat.desk.school.observation(ident).media[0]


async def test_a_picture_leaves_after_the_schools_days_and_comes_back_when_somebody_looks(tablet: Seat, hub: Hub) -> None:
    [ident] = await recorded(tablet, hub.made.amira)
    medium = tablet.desk.school.media_of(tablet.desk.school.observation(ident))[0]
    whole = await tablet.desk.pictures.picture(medium.id)
    await days(13, tablet)
    assert await bytes_here(tablet, hub)
    await days(2, tablet)
    assert await bytes_here(tablet, hub) == set() and tablet.desk.pictures.thumb(medium)
    assert await tablet.desk.pictures.picture(medium.id) == whole
    assert await bytes_here(tablet, hub), "and stays for a while"
    await days(16, tablet)
    assert await bytes_here(tablet, hub) == set()


async def test_the_school_says_how_long(tablet: Seat, phone: Seat, hub: Hub) -> None:
    await phone.desk.register.set_media_days(2)
    [_] = await recorded(tablet, hub.made.amira)
    await round_of(phone, tablet)
    await days(3, phone, tablet)
    assert await bytes_here(tablet, hub) == set()


async def test_without_network_a_picture_that_left_says_where_it_is(tablet: Seat, hub: Hub) -> None:
    medium = await shed(tablet, hub)
    tablet.line.cut = True
    with pytest.raises(PictureInFolder) as told:
        await tablet.desk.pictures.picture(medium)
    assert told.value.code == "picture_in_folder" and "comes back when there is network" in told.value.message
    found = tablet.desk.school.media(medium)
    assert found and tablet.desk.pictures.thumb(found), "the small picture is still here"
    tablet.line.cut = False
    assert await tablet.desk.pictures.picture(medium)


async def test_a_picture_that_left_is_remembered_as_such_after_a_restart(tablet: Seat, hub: Hub) -> None:
    medium = await shed(tablet, hub)
    again = await tablet.again()
    assert await again.desk.pictures.picture(medium)


async def test_what_never_arrived_is_not_said_to_be_in_the_folder(phone: Seat, tablet: Seat, hub: Hub) -> None:
    [ident] = await recorded(tablet, hub.made.amira)
    await round_of(tablet, phone)
    for name in await bytes_here(phone, hub):
        await phone.disk.delete(name)
    with pytest.raises(ThingUnknown, match="not arrived"):
        await phone.desk.pictures.picture(phone.desk.school.observation(ident).media[0])


async def test_a_picture_that_the_folder_has_lost_is_told_plainly(tablet: Seat, hub: Hub) -> None:
    medium = await shed(tablet, hub)
    for name in await in_folder(hub, "media/"):
        await hub.folder.delete(name)
    with pytest.raises(ThingUnknown, match="tell your SENCO"):
        await tablet.desk.pictures.picture(medium)


async def test_a_full_tablet_shows_what_it_cannot_keep(tablet: Seat, hub: Hub, monkeypatch: pytest.MonkeyPatch) -> None:
    medium = await shed(tablet, hub)

    async def full(name: str, data: bytes, nonce: bytes = b"") -> str:
        raise StoreFull(name)

    monkeypatch.setattr(tablet.disk, "put", full)
    assert await tablet.desk.pictures.picture(medium)
    assert await bytes_here(tablet, hub) == set()


async def test_what_is_not_in_the_folder_never_leaves(tablet: Seat, hub: Hub) -> None:
    [ident] = await recorded(tablet, hub.made.amira)
    tablet.line.before.append(_refuse_segments)
    for _ in range(30):
        tablet.time.forward(DAY)
        assert not await tablet.desk.syncing.sync_now()
        await tablet.desk.syncing.housekeeping.after_round(tablet.desk.session._folder_at(tablet.desk.session.hub.token), 14)
    assert await bytes_here(tablet, hub) and tablet.desk.syncing.waiting
    assert await tablet.desk.pictures.picture(tablet.desk.school.observation(ident).media[0])


async def _refuse_segments(request: httpx.Request) -> None:
    if request.method == "PUT" and "/log/" in request.url.path:
        raise httpx.ConnectError("cut in the middle", request=request)


async def test_a_ta_does_not_say_how_long(tablet: Seat) -> None:
    from app.errors import NotAllowed

    with pytest.raises(NotAllowed):
        await tablet.desk.register.set_media_days(0)


# -- healing -------------------------------------------------------------------------------------------------------------
async def test_i13_what_rotted_in_the_schools_folder_comes_back_from_the_tablet_that_wrote_it(
    tablet: Seat, sit: Sit, hub: Hub
) -> None:
    [ident] = await recorded(tablet, hub.made.amira)
    await round_of(tablet)
    [log] = {name for name in await in_folder(hub, "log/") if tablet.desk.session.store.device in name}
    whole = await hub.folder.get(log)
    for name in (log, *await in_folder(hub, "media/")):
        (hub.folder.path / name).write_bytes(b"rotten")
    fresh = await sit(Role.TA)
    assert fresh.desk.school.observations(hub.made.amira) == [] and fresh.desk.syncing.found
    await days(3, tablet)
    assert await hub.folder.get(log) == whole
    await round_of(fresh)
    found = fresh.desk.school.observation(ident)
    assert await fresh.desk.pictures.picture(found.media[0]) and fresh.desk.syncing.found == []
