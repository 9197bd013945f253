"""A hub over a folder that was brought back from a backup: what it takes, what it keeps shut, and until when."""

from collections.abc import Callable

import httpx

from app.domain.vocabulary.audiences import Audience
from app.domain.vocabulary.roles import Role
from app.hub.records.restore import MARKS
from storage import names
from storage.ops import Change
from tests.hub.conftest import Device, Hub
from tests.hub.parts import in_folder, restored, sent

Refused = Callable[[httpx.Response, int, str], None]
MINUTE, DAY = 60_000, 86_400_000


async def through(device: Device, word: str) -> dict[str, object]:
    answer = await device.ask("GET", "/api/partitions", headers={"X-Through": word})
    assert answer.status_code == 200
    return answer.json()["restored"]  # type: ignore[no-any-return]


async def paper(hub: Hub, phone: Device) -> int:
    return (await phone.ask("POST", "/api/reports/termly", json={"pupil": hub.made.amira, "term": "2026-autumn"})).status_code


# -- what is shut ------------------------------------------------------------------------------------------------------------
async def test_a_folder_that_never_was_restored_says_nothing_of_it(hub: Hub, phone: Device) -> None:
    assert "restored" not in (await phone.ask("GET", "/api/partitions")).json()
    assert (await phone.ask("GET", "/api/restored")).json()["devices"]
    assert await paper(hub, phone) == 202


async def test_pictures_of_an_old_link_are_shut_too(hub: Hub, phone: Device, refused: Refused) -> None:
    (seen,) = await hub.observe(hub.made.amira)
    await hub.approve(hub.made.amira, seen)
    await hub.consent(hub.made.amira, Audience.OWN_FAMILY)
    link = await hub.link(hub.made.amira)
    await hub.office.refresh()
    (media,) = hub.office.school.observation(seen).media
    assert (await hub.client.get(f"{link}/media/{media}")).status_code == 200
    await restored(hub)
    page = await hub.client.get(link)
    assert page.status_code == 503 and "try again" in page.text and "Amira" not in page.text
    for what in ("media", "still"):
        refused(await hub.client.get(f"{link}/{what}/{media}"), 503, "brought_back")


async def test_papers_wait_for_every_device_of_who_leads_that_is_not_ended(hub: Hub, phone: Device, tablet: Device) -> None:
    other, lead = await hub.phone(), await hub.join(Role.DSL)
    word = await restored(hub)
    assert await paper(hub, phone) == 503
    for device, said in ((phone, word), (lead, "another word"), (tablet, word)):
        await through(device, said)
    assert await paper(hub, phone) == 503
    awaited = (await phone.ask("GET", "/api/restored")).json()["awaited"]
    assert set(awaited) == {other.dev, lead.dev}
    await through(lead, word)
    assert await paper(hub, phone) == 503
    await phone.ask("DELETE", f"/api/devices/{other.dev}")
    assert await paper(hub, phone) == 202


async def test_an_old_link_waits_for_a_person_and_a_new_one_for_the_devices_alone(hub: Hub, phone: Device) -> None:
    old = await hub.link(hub.made.amira)
    word = await restored(hub)
    new = await hub.link(hub.made.amira)
    assert (await hub.client.get(old)).status_code == (await hub.client.get(new)).status_code == 503
    await through(phone, word)
    assert ((await hub.client.get(old)).status_code, (await hub.client.get(new)).status_code) == (503, 200)


async def test_a_restore_is_in_the_audit_log_once(hub: Hub, phone: Device) -> None:
    await restored(hub)
    for _ in range(3):
        hub.time.forward(MINUTE)
        await hub.office.refresh()
    entries = (await phone.ask("GET", "/api/audit")).json()["entries"]
    assert [one["what"] for one in entries].count("restored") == 1


async def test_where_nobody_leads_any_more_nothing_opens_by_itself(hub: Hub, tablet: Device) -> None:
    link = await hub.link(hub.made.amira)
    word = await restored(hub)
    await through(tablet, word)
    assert (await hub.client.get(link)).status_code == (await hub.client.get(await hub.link(hub.made.amira))).status_code == 503


async def test_only_a_senco_says_that_it_was_looked_at(hub: Hub, phone: Device, tablet: Device, refused: Refused) -> None:
    link = await hub.link(hub.made.amira)
    await restored(hub)
    for device in (tablet, await hub.join(Role.DSL), await hub.join(Role.SLT)):
        refused(await device.ask("POST", "/api/restored"), 403, "not_allowed")
    assert (await hub.client.get(link)).status_code == 503
    assert (await phone.ask("POST", "/api/restored")).json()["restored"]["looked"] is True
    assert (await hub.client.get(link)).status_code == 200 and await paper(hub, phone) == 202


async def test_that_somebody_looked_is_signed(hub: Hub, phone: Device) -> None:
    link = await hub.link(hub.made.amira)
    await restored(hub)
    await hub.folder.replace("hub/looked/one.json", b'{"paper": {"by": "x"}, "mac": "made up"}')
    hub.time.forward(MINUTE)
    assert (await hub.client.get(link)).status_code == 503


async def test_a_mark_that_cannot_be_read_shuts_all_the_same(hub: Hub, phone: Device) -> None:
    link = await hub.link(hub.made.amira)
    await hub.folder.replace(f"{MARKS}torn.json", b"{")
    hub.time.forward(MINUTE)
    assert (await hub.client.get(link)).status_code == 503
    await phone.ask("POST", "/api/restored")
    assert (await hub.client.get(link)).status_code == 200


async def test_each_restore_has_to_be_looked_at(hub: Hub, phone: Device) -> None:
    first = await restored(hub)
    await phone.ask("POST", "/api/restored")
    second = await restored(hub, "two", at=1)  # by a clock that is behind
    assert first != second and not hub.office.restored.looked
    await through(phone, first)
    assert await paper(hub, phone) == 503
    await through(phone, second)
    assert await paper(hub, phone) == 202


# -- what is taken -----------------------------------------------------------------------------------------------------------
async def lost(hub: Hub, *gone: str) -> None:
    for name in gone:
        await hub.folder.delete(name)
    hub.time.forward(MINUTE)


async def test_words_of_before_are_taken_without_their_pictures_and_newer_ones_are_not(
    hub: Hub, tablet: Device, refused: Refused
) -> None:
    missing = "f" * 32

    def words(ident: str) -> tuple[str, bytes]:
        change = Change(hub.made.amira, f"observation:{ident}", "note", "seen", text=True)
        return tablet.segment(hub.made.amira, change, media=(missing,))

    before = words("1")
    refused(await tablet.put(*before), 409, "media_missing")
    await restored(hub)
    assert (await tablet.put(*before)).status_code == 200
    hub.time.forward(1000)
    refused(await tablet.put(*words("2")), 409, "media_missing")


async def test_a_fold_comes_back_though_what_it_folds_is_nowhere(hub: Hub, tablet: Device, refused: Refused) -> None:
    files = await sent(hub, tablet)
    snap = tablet.fold(files)
    await lost(hub, *files)
    await hub.office.refresh()
    refused(await tablet.put(*snap), 400, "bad_bytes")
    await restored(hub)
    assert (await tablet.put(*snap)).status_code == 200
    assert await in_folder(hub) >= {snap[0]}


async def test_a_fold_that_leaves_something_out_is_not_taken_then_either(hub: Hub, tablet: Device) -> None:
    files = await sent(hub, tablet)
    first, *rest = files
    part = tablet.fold({name: files[name] for name in rest}, covers=files)
    await lost(hub, rest[0])
    await restored(hub)
    assert (await tablet.put(*part)).status_code in {400, 403}
    assert first in await in_folder(hub) and names.parse(part[0]) and part[0] not in await in_folder(hub)


async def test_a_fold_that_says_more_than_its_device_may_is_put_aside(hub: Hub, tablet: Device, refused: Refused) -> None:
    files = await sent(hub, tablet)
    files |= [tablet.segment(hub.made.amira, Change(hub.made.amira, "observation:1", "review", "approved"))]
    snap = tablet.fold(files)
    await lost(hub, next(iter(files)))
    await restored(hub)
    refused(await tablet.put(*snap), 403, "not_allowed")
