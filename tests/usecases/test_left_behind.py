"""A tablet whose store was wiped says what it still had to send: the pending count that the hub remembers."""

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from app.errors import HubUnreachable, NotAllowed
from app.usecases.session.school import local_time
from app.usecases.syncing import health
from storage.folder.memory import Memory
from tests.hub.conftest import Hub
from tests.usecases.conftest import Line, Seat, Sit, recorded, seated, synced
from tests.usecases.parts import no_puts

HOUR = 3_600_000


async def joined(hub: Hub, disk: Memory | None = None, name: str = "Oak tablet") -> Seat:
    seat = await seated(disk or Memory(), Line(hub), hub.time)
    code, _ = await hub.office.access.invite(Role.TA, [hub.made.oak], hub.made.ta)
    await seat.desk.joining.join(code, name)
    return seat


async def test_a_wiped_tablet_says_at_what_time_it_still_had_how_many_to_send(hub: Hub) -> None:
    tablet = await joined(hub)
    for pupil in (hub.made.amira, hub.made.leo, hub.made.amira):
        await recorded(tablet, pupil)
    tablet.line.before.append(no_puts)
    assert not await tablet.desk.syncing.sync_now()
    at = local_time(hub.time())
    hub.time.forward(HOUR)
    wiped = await joined(hub)
    said = f"At {at:%H:%M} this tablet still had 3 to send. They are not in the school's folder."
    assert wiped.desk.syncing.left_behind == said == (await wiped.again()).desk.syncing.left_behind, "also after a restart"
    await wiped.desk.syncing.know_left_behind()
    assert wiped.desk.syncing.left_behind == "" == (await wiped.again()).desk.syncing.left_behind


async def test_after_a_whole_round_nothing_is_left_behind(hub: Hub) -> None:
    tablet = await joined(hub)
    await recorded(tablet, hub.made.amira)
    await synced(tablet)
    assert (await joined(hub)).desk.syncing.left_behind == ""


async def test_when_nothing_is_new_the_hub_is_asked_one_question(hub: Hub) -> None:
    tablet = await joined(hub)
    await recorded(tablet, hub.made.amira)
    await synced(tablet)
    asked: list[str] = []

    async def look(request: httpx.Request) -> None:
        asked.append(f"{request.method} {request.url.path} {request.headers.get('x-pending')}")

    tablet.line.before.append(look)
    await synced(tablet)
    assert asked == ["GET /api/partitions 0"]


async def test_the_senco_sees_who_was_last_here_when_and_what_they_have_to_send(hub: Hub, phone: Seat) -> None:
    tablet = await joined(hub)
    await recorded(tablet, hub.made.amira)
    tablet.line.before.append(no_puts)
    await tablet.desk.syncing.sync_now()
    (row,) = [one for one in await phone.desk.devices.all() if one.id == tablet.desk.session.store.device]
    assert (row.name, row.role, row.seen, row.pending, row.ended) == ("Oak tablet", "ta", hub.time(), 1, False)
    assert health.last_sync(row, hub.time()) == f"Last sync {local_time(hub.time()):%H:%M}, 1 still to send."


async def test_the_senco_ends_a_device_and_nobody_else_does(hub: Hub, phone: Seat, tablet: Seat) -> None:
    for ask in (tablet.desk.devices.all, lambda: tablet.desk.devices.end(phone.desk.session.store.device)):
        with pytest.raises(NotAllowed):
            await ask()
    await phone.desk.devices.end(tablet.desk.session.store.device)
    assert {one.id: one.ended for one in await phone.desk.devices.all()}[tablet.desk.session.store.device]
    await tablet.desk.syncing.sync_now()
    assert tablet.desk.ending.leave is not None and tablet.desk.ending.leave.done and not tablet.desk.session.joined
    with pytest.raises(NotAllowed):
        await phone.desk.devices.end(phone.desk.session.store.device)


async def test_without_a_hub_the_list_says_so(sit: Sit, phone: Seat) -> None:
    phone.line.cut = True
    with pytest.raises(HubUnreachable):
        await phone.desk.devices.all()


def test_another_day_is_named() -> None:
    at = 1_795_000_000_000
    assert health.left_behind(at, 1, at + 30 * HOUR).endswith(
        "on 18 November 2026 this tablet still had 1 to send. It is not in the school's folder."
    )
