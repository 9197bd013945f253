"""Erasing a child at the hub: an order waits seven days by the hub's own clock, gives way to a cancellation and a legal hold, and
is then carried out for ever, in every file (I9)."""

import json
import shutil
from collections.abc import Callable

import httpx
import pytest

from app.domain.vocabulary.audiences import Audience
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.states import ReviewState
from app.usecases.records import erasure
from app.usecases.records.erasure import LOOK_AGAIN, Why
from storage import media as pieces
from storage import names
from storage.ops import Change
from tests.hub.conftest import JPEG, Device, Hub, everything
from tests.hub.parts import DAY, HOUR, MINUTE, Says, days, holding, new_start

Refused = Callable[[httpx.Response, int, str], None]
NOTE = "Amira built a tower of nine blocks"


async def ordered(hub: Hub, phone: Device) -> None:
    await erasure.order(Says(phone), hub.made.amira, hub.made.senco, Why.FAMILY, hub.time())
    hub.time.forward(MINUTE)
    await hub.office.refresh()


def is_gone(hub: Hub) -> bool:
    return not any(hub.made.amira in name for name in everything(hub.folder.path) if name.startswith("p/"))


# -- waiting -------------------------------------------------------------------------------------------------------------
async def test_an_order_waits_seven_days_by_the_hubs_clock(hub: Hub, phone: Device) -> None:
    await ordered(hub, phone)
    await days(hub, 6.75)
    assert not is_gone(hub) and hub.office.school.pupil(hub.made.amira)
    await days(hub, 0.25)
    assert is_gone(hub) and hub.office.replica.erased == {hub.made.amira}


async def test_a_clock_that_jumps_erases_nobody(hub: Hub, phone: Device) -> None:
    hub.time.at = 0  # a computer without a battery, before it has heard the time
    await ordered(hub, phone)
    hub.time.at = 1_795_000_000_000
    await hub.office.refresh()
    hub.time.forward(80 * 365 * DAY)
    await hub.office.refresh()
    assert not is_gone(hub), "two jumps count as two days"
    hub.time.at = 1_795_000_000_000
    await hub.office.refresh()
    await days(hub, 4.75)
    assert not is_gone(hub)
    await days(hub, 1)
    assert is_gone(hub)


async def test_the_days_are_counted_on_by_the_next_hub(hub: Hub, phone: Device) -> None:
    await ordered(hub, phone)
    for _ in range(7):
        assert not is_gone(hub)
        hub.time.forward(DAY)
        await new_start(hub)
    assert is_gone(hub)


async def test_a_hub_that_asks_often_reads_the_orders_once_a_minute(hub: Hub, phone: Device) -> None:
    await ordered(hub, phone)
    paper = hub.folder.path / "hub/erasures" / f"{hub.made.amira}.json"
    paper.unlink()
    await hub.office.refresh()
    assert not paper.exists()
    hub.time.forward(MINUTE)
    await hub.office.refresh()
    assert paper.exists()


async def test_a_cancelled_order_is_not_carried_out_and_a_new_one_begins_anew(hub: Hub, phone: Device) -> None:
    await ordered(hub, phone)
    await days(hub, 6)
    await erasure.cancel(Says(phone), hub.made.amira, hub.made.senco, hub.time())
    await days(hub, 30)
    assert not is_gone(hub)
    await _again(hub)
    await days(hub, 6)
    assert not is_gone(hub)
    await days(hub, 1)
    assert is_gone(hub)


async def _again(hub: Hub) -> None:
    await hub.writer.refresh()
    await erasure.order(hub.writer, hub.made.amira, hub.made.senco, Why.LEFT, hub.time())
    hub.time.forward(MINUTE)
    await hub.office.refresh()


async def test_a_legal_hold_stops_it_and_after_it_the_days_begin_anew(hub: Hub, phone: Device) -> None:
    await ordered(hub, phone)
    await days(hub, 6)
    dsl = await hub.join(Role.DSL)
    await erasure.hold(Says(dsl), hub.made.amira, True)
    await days(hub, 30)
    assert not is_gone(hub)
    hub.time.forward(1000)
    await erasure.hold(Says(dsl), hub.made.amira, False)
    await days(hub, 6)
    assert not is_gone(hub)
    await days(hub, 1.25)
    assert is_gone(hub)


@pytest.mark.parametrize("partition", ["school", "amira"])
async def test_what_cannot_be_read_may_be_a_hold_or_a_cancellation(hub: Hub, phone: Device, partition: str) -> None:
    await ordered(hub, phone)
    place = vars(hub.made).get(partition, partition)
    unread = hub.folder.path / f"p/{place}/log/{'e' * 16}.{'0' * 16}.000001-{'a' * 32}"
    unread.write_bytes(b"on its way")
    await days(hub, 20)
    assert not is_gone(hub)
    unread.unlink()
    hub.office.replica.unreadable.clear()  # it has come, whole
    await days(hub, 1)
    assert is_gone(hub)


@pytest.mark.parametrize("role", [Role.TA, Role.TEACHER, Role.SLT])
async def test_only_who_leads_orders(hub: Hub, role: Role) -> None:
    device = await hub.join(role, [hub.made.oak])
    name, data = device.segment("school", Change("school", f"erasure:{hub.made.amira}", "cancelled", False))
    assert (await device.put(name, data)).status_code == 403
    hold = await device.say(hub.made.amira, f"pupil:{hub.made.amira}", "legal_hold", True)
    assert hold.status_code == 403


@pytest.mark.parametrize("value", [1, True, None, {"on": 1, "proof": "made up"}, {"on": 1}])
async def test_nobodys_device_carries_an_order_out(hub: Hub, phone: Device, value: object) -> None:
    answer = await phone.say("school", f"erased:{hub.made.amira}", "at", value)
    assert answer.status_code == 403 and not hub.office.replica.erased


@pytest.mark.parametrize("ident", ["school", "office", "../..", "", "A" * 32, "{amira}.office"])
async def test_an_order_for_no_child_is_never_carried_out(hub: Hub, ident: str) -> None:
    ident = ident.format(amira=hub.made.amira)
    await hub.writer.write([Change("school", f"erasure:{ident}", "cancelled", False)])
    await hub.writer.write([Change("school", f"erased:{ident}", "at", 1)])
    await hub.office.refresh()
    await days(hub, 9)
    assert hub.office.school.name == "Brook School" and hub.office.school.pupil(hub.made.amira)


# -- carried out ---------------------------------------------------------------------------------------------------------
async def test_i9_every_file_of_the_child_goes_and_its_words_are_found_nowhere(hub: Hub, phone: Device) -> None:
    tablet = await hub.tablet()
    await hub.observe(hub.made.amira, note=NOTE)
    await tablet.say(hub.made.amira, "observation:1", "review", "approved")  # into quarantine
    link = await hub.link(hub.made.amira)
    await hub.client.get(link)
    await tablet.ask("GET", f"/api/p/{hub.made.amira}/names")
    (hub.folder.path / f"p/{hub.made.amira}/log/a conflicted copy").write_bytes(NOTE.encode())
    job = (await phone.ask("POST", "/api/reports/termly", json={"pupil": hub.made.amira, "term": "2026-autumn"})).json()["job"]
    assert holding(everything(hub.folder.path), b"Amira", NOTE.encode())
    await ordered(hub, phone)
    await days(hub, 7)
    assert holding(everything(hub.folder.path), b"Amira", NOTE.encode(), JPEG) == set()
    left = {name for name in everything(hub.folder.path) if hub.made.amira in name}
    assert not left and await hub.office.links.of(hub.made.amira) == []
    assert (await hub.client.get(link)).status_code == 404
    assert (await phone.ask("GET", f"/api/jobs/{job}")).status_code == 404
    assert hub.office.school.pupil(hub.made.leo), "and nobody else is harmed"


async def test_i9_the_hub_takes_and_gives_nothing_of_the_child_any_more(hub: Hub, phone: Device, refused: Refused) -> None:
    tablet = await hub.tablet()
    late = tablet.segment(hub.made.amira, Change(hub.made.amira, "observation:1", "note", NOTE, text=True))
    (picture, data), *_ = pieces.chunks(hub.made.amira, JPEG).items()
    await tablet.put(picture, data)
    await ordered(hub, phone)
    await days(hub, 7)
    for answer in (
        await tablet.put(*late), await tablet.put(picture, data), await tablet.ask("GET", f"/api/files/{picture}"),
        await tablet.ask("GET", f"/api/p/{hub.made.amira}/names"), await tablet.ask("GET", f"/api/digest/{late[0]}"),
        await tablet.ask("DELETE", f"/api/files/{late[0]}"), await phone.ask("GET", f"/api/p/{hub.made.amira}.office/names"),
    ):  # fmt: skip
        refused(answer, 410, "erased")
    assert hub.made.amira not in (await tablet.ask("GET", "/api/partitions")).json()["partitions"]
    refused(await phone.ask("POST", "/api/links", json={"pupil": hub.made.amira, "days": 3}), 404, "pupil_unknown")


async def test_i9_a_device_that_was_turned_away_hands_in_the_rest_and_nothing_of_the_child(hub: Hub, phone: Device) -> None:
    tablet = await hub.tablet()
    await ordered(hub, phone)
    await days(hub, 7)
    await phone.ask("DELETE", f"/api/devices/{tablet.dev}")
    late = tablet.segment(hub.made.amira, Change(hub.made.amira, "observation:1", "note", NOTE, text=True))
    assert (await tablet.put(*late)).status_code == 410
    assert holding(everything(hub.folder.path), NOTE.encode()) == set()


async def test_i9_a_restored_directory_goes_again(hub: Hub, phone: Device) -> None:
    backup = hub.folder.path.with_name("backup")
    await hub.observe(hub.made.amira, note=NOTE)
    shutil.copytree(hub.folder.path, backup)
    await ordered(hub, phone)
    await days(hub, 7)
    shutil.copytree(backup / "p" / hub.made.amira, hub.folder.path / "p" / hub.made.amira, dirs_exist_ok=True)
    await hub.office.refresh()
    assert is_gone(hub) and holding(everything(hub.folder.path), NOTE.encode()) == set()


async def test_i9_a_conflict_copy_that_comes_back_alone_goes_within_the_hour(hub: Hub, phone: Device) -> None:
    await ordered(hub, phone)
    await days(hub, 7)
    stray = hub.folder.path / f"p/{hub.made.amira}/log/x (conflicted copy)"
    stray.parent.mkdir(parents=True, exist_ok=True)
    stray.write_bytes(NOTE.encode())
    hub.time.forward(HOUR)
    await hub.office.refresh()
    assert not stray.exists()


async def test_i9_a_restored_school_hears_of_it_from_a_sencos_device(hub: Hub, phone: Device) -> None:
    await hub.observe(hub.made.amira, note=NOTE)
    await hub.office.refresh()
    backup = everything(hub.folder.path)
    await ordered(hub, phone)
    await days(hub, 7)
    known = set(backup)
    news = {
        name: data for name, data in everything(hub.folder.path).items() if name.startswith("p/school/") and name not in known
    }
    shutil.rmtree(hub.folder.path)
    for name, data in backup.items():
        (hub.folder.path / name).parent.mkdir(parents=True, exist_ok=True)
        (hub.folder.path / name).write_bytes(data)
    await new_start(hub)
    assert not is_gone(hub)
    for name, data in news.items():
        assert (await phone.put(name, data)).status_code == 200, name
    await hub.office.refresh()
    assert is_gone(hub)


async def test_a_restart_between_the_word_and_the_deed_carries_it_out(hub: Hub, phone: Device) -> None:
    await ordered(hub, phone)
    await days(hub, 6.75)
    entity = f"erased:{hub.made.amira}"
    said = Change("school", entity, "at", {"on": hub.time(), "proof": hub.office.arrivals.proof(entity)})
    await hub.writer.write([said])
    assert not is_gone(hub)
    await new_start(hub)
    assert is_gone(hub)


async def test_a_folder_that_is_only_read_is_not_wiped_and_stops_nobody(hub: Hub, phone: Device) -> None:
    await ordered(hub, phone)
    space = json.loads((hub.folder.path / "space.json").read_bytes())
    (hub.folder.path / "space.json").write_text(json.dumps(space | {"format": 9}))
    await days(hub, 9)
    assert not is_gone(hub) and (await phone.ask("GET", "/api/partitions")).status_code == 200
    (hub.folder.path / "space.json").write_text(json.dumps(space))
    await days(hub, 8)
    assert is_gone(hub)


# -- other children ------------------------------------------------------------------------------------------------------
async def test_moments_of_others_that_show_or_name_the_child_are_looked_at_again(hub: Hub, phone: Device) -> None:
    leo, amira = hub.made.leo, hub.made.amira
    [_, shown] = await hub.observe(amira, leo, note="A tower")
    [named] = await hub.observe(leo, note="Leo and AMIRA's tower")
    [alone] = await hub.observe(leo, note="Leo alone")
    for one in (shown, named, alone):
        await hub.approve(leo, one)
    await hub.consent(leo, Audience.OWN_FAMILY)
    link = await hub.link(leo)
    assert "and another child" in (await hub.client.get(link)).text
    await ordered(hub, phone)
    await days(hub, 7)
    school = hub.office.school
    assert {one: school.observation(one).review for one in (shown, named, alone)} == {
        shown: ReviewState.QUERIED, named: ReviewState.QUERIED, alone: ReviewState.APPROVED,
    }  # fmt: skip
    assert school.observation(named).question == LOOK_AGAIN and school.observation(named) in school.queue()
    page = (await hub.client.get(link)).text
    assert "Leo alone" in page and "AMIRA" not in page and "tower" not in page


async def test_what_was_hidden_or_asked_about_stays_as_it_is(hub: Hub, phone: Device) -> None:
    [hidden] = await hub.observe(hub.made.leo, note="Amira again")
    from app.usecases.review import review

    await review.set_state(hub.writer, hub.made.leo, hidden, ReviewState.HIDDEN)
    await ordered(hub, phone)
    await days(hub, 7)
    assert hub.office.school.observation(hidden).review is ReviewState.HIDDEN


async def test_a_segment_of_the_school_names_no_child(hub: Hub, phone: Device) -> None:
    await ordered(hub, phone)
    await days(hub, 7)
    files = {n: d for n, d in everything(hub.folder.path).items() if names.parse(n) and n.startswith("p/school/")}
    assert files and holding(files, b"Amira", b"Haddad") == set()
