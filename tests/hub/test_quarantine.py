"""What a device may not write waits for the SENCO, who takes it in or throws it away; nothing goes by itself (promise 1)."""

import dataclasses
import json
from typing import Any

from app.domain.vocabulary.roles import Role
from storage import media as pieces
from storage import names
from storage.ops import Change
from tests.hub.conftest import JPEG, START, Device, Hub
from tests.hub.doors import Refused

DAY = 86_400_000


async def ended(hub: Hub) -> Device:
    tablet = await hub.tablet()
    await tablet.ask("GET", f"/api/p/{hub.made.amira}/names")
    await hub.office.access.revoke(tablet.dev, "test")
    return tablet


def moment(
    device: Device, child: str, note: str = "Asked for a turn.", data: bytes = JPEG, ident: str = "a" * 32
) -> dict[str, bytes]:
    """Files of a moment with a picture, the picture first."""
    made = pieces.chunks(child, data)
    hashes = pieces.hashes(made)
    facts: dict[str, Any] = {
        "observation": ident,
        "type": "image/jpeg",
        "size": len(data),
        "chunks": list(hashes),
        "visible": [child],
    }
    seen: dict[str, Any] = {"pupil": child, "at": START, "by": "x", "media": ["b" * 32], "review": "new"}
    changes = [Change(child, f"observation:{ident}", key, value) for key, value in seen.items()]
    changes += [Change(child, f"media:{'b' * 32}", key, value) for key, value in facts.items()]
    changes.append(Change(child, f"observation:{ident}", "note", note, text=True))
    name, segment = device.segment(child, *changes, media=tuple(hashes))
    return {**made, name: segment}


async def handed_in(device: Device, files: dict[str, bytes]) -> None:
    for name, data in files.items():
        await device.put(name, data)


async def waiting(phone: Device) -> list[dict[str, Any]]:
    return list((await phone.ask("GET", "/api/quarantine")).json()["devices"])


async def test_an_ended_device_hears_that_it_was_ended_and_any_other_that_it_was_not(hub: Hub, refused: Refused) -> None:
    fresh = await hub.tablet()
    assert (await fresh.ask("GET", "/api/leaving")).json() == {"ended": False, "given_up": False, "settled": []}
    assert (await (await ended(hub)).ask("GET", "/api/leaving")).json() == {"ended": True, "given_up": False, "settled": []}
    fresh.token = "made-up"
    refused(await fresh.ask("GET", "/api/leaving"), 401, "device_unknown")


async def test_the_senco_sees_in_plain_words_what_waits(hub: Hub) -> None:
    tablet, phone = await ended(hub), await hub.phone()
    await handed_in(tablet, moment(tablet, hub.made.amira))
    hub.time.forward(31 * DAY)
    (row,) = await waiting(phone)
    assert (row["device"], row["name"], row["ended"], row["files"]) == (tablet.dev, "a ta", True, 2)
    (one,) = row["moments"]
    assert (one["pupil"], one["note"], one["pictures"]) == (hub.made.amira, "Asked for a turn.", 1)
    assert hub.time() - row["since"] == 31 * DAY and row["others"] == row["unreadable"] == 0, "and it is still all there"


async def test_accepted_files_lie_in_the_folder_byte_by_byte_and_the_device_sees_that_they_do(hub: Hub) -> None:
    tablet, phone = await ended(hub), await hub.phone()
    files = moment(tablet, hub.made.amira)
    await handed_in(tablet, files)
    answer = (await phone.ask("POST", f"/api/quarantine/{tablet.dev}/accept")).json()
    assert answer == {"taken": 2, "why": []}
    for name, data in files.items():
        assert (hub.folder.path / name).read_bytes() == data
        assert (await tablet.ask("GET", f"/api/digest/{name}")).json()["digest"] is not None
    assert not await hub.folder.names("hub/quarantine/")
    assert hub.office.school.observation("a" * 32).note == "Asked for a turn."
    await handed_in(tablet, files)
    assert not await hub.folder.names("hub/quarantine/"), "what was settled is not kept again"
    assert set((await tablet.ask("GET", "/api/leaving")).json()["settled"]) == {name[-32:] for name in files}


async def test_what_was_thrown_away_is_gone_and_does_not_come_back(hub: Hub) -> None:
    tablet, phone = await ended(hub), await hub.phone()
    files = moment(tablet, hub.made.amira)
    await handed_in(tablet, files)
    assert (await phone.ask("DELETE", f"/api/quarantine/{tablet.dev}")).json() == {"thrown": 2}
    await handed_in(tablet, files)
    listed = await hub.folder.names()
    assert not [name for name in listed if name.startswith("hub/quarantine/") or name in files]
    assert (await tablet.ask("GET", f"/api/digest/{min(files)}")).json()["digest"] is None
    assert set((await tablet.ask("GET", "/api/leaving")).json()["settled"]) == {name[-32:] for name in files}


async def test_what_was_settled_and_comes_back_with_an_old_copy_of_the_folder_goes_again(hub: Hub) -> None:
    tablet, phone = await ended(hub), await hub.phone()
    files = moment(tablet, hub.made.amira)
    await handed_in(tablet, files)
    await phone.ask("DELETE", f"/api/quarantine/{tablet.dev}")
    for name, data in files.items():
        await hub.folder.replace(f"hub/quarantine/{tablet.dev}/{name}", data)
    assert (await waiting(phone))[0]["files"] == 0 and not await hub.folder.names("hub/quarantine/")


async def test_a_decision_that_was_not_a_tas_holds_once_the_senco_takes_it_in(hub: Hub, refused: Refused) -> None:
    (ident,) = await hub.observe(hub.made.amira)
    tablet, phone = await hub.tablet(), await hub.phone()
    await phone.ask("GET", "/api/partitions")
    hub.time.forward(1000)
    name, data = tablet.segment(hub.made.amira, Change(hub.made.amira, f"observation:{ident}", "review", "approved"))
    refused(await tablet.put(name, data), 403, "not_allowed")
    (row,) = await waiting(phone)
    assert (row["ended"], row["files"]) == (False, 1)
    assert (await phone.ask("POST", f"/api/quarantine/{tablet.dev}/accept")).json()["taken"] == 1
    assert hub.office.school.observation(ident).review == "approved"
    assert (await tablet.put(name, data)).status_code == 200, "and then the tablet's own file counts as in the folder"


async def test_what_is_not_right_stays_and_says_why(hub: Hub) -> None:
    tablet, phone = await ended(hub), await hub.phone()
    files = moment(tablet, hub.made.amira)
    name = max(files, key=lambda one: "/log/" in one)
    await tablet.put(name, files[name])
    odd = tablet.segment(hub.made.amira, Change(hub.made.amira, f"observation:{'c' * 32}", "pupil", hub.made.leo))
    await tablet.put(*odd)
    answer = (await phone.ask("POST", f"/api/quarantine/{tablet.dev}/accept")).json()
    assert answer["taken"] == 0 and len(answer["why"]) == 2 and any("has not come" in why for why in answer["why"])
    assert len(await hub.folder.names(f"hub/quarantine/{tablet.dev}/")) == 2 and not await hub.folder.names() & {name, odd[0]}


async def test_a_picture_that_was_not_made_by_the_app_is_not_taken_in_by_anybody(hub: Hub) -> None:
    tablet, phone = await ended(hub), await hub.phone()
    await handed_in(tablet, moment(tablet, hub.made.amira, data=b"GIF89a, or so it says"))
    answer = (await phone.ask("POST", f"/api/quarantine/{tablet.dev}/accept")).json()
    assert len(answer["why"]) == 1 and len(await hub.folder.names(f"hub/quarantine/{tablet.dev}/")) == 1


async def test_of_an_erased_child_nothing_comes_in(hub: Hub) -> None:
    from storage import erasure

    tablet, phone = await ended(hub), await hub.phone()
    await handed_in(tablet, moment(tablet, hub.made.amira))
    entity = f"{erasure.KIND}:{hub.made.amira}"
    await hub.writer.write([Change("school", entity, "at", {"on": 1, "proof": hub.office.arrivals.proof(entity)})])
    await phone.ask("POST", f"/api/quarantine/{tablet.dev}/accept")
    assert not [name for name in await hub.folder.names() if hub.made.amira in name and "/log/" in name]


async def test_only_a_device_that_was_ended_is_given_up_and_it_hears_so(hub: Hub, refused: Refused) -> None:
    tablet, phone = await hub.tablet(), await hub.phone()
    refused(await phone.ask("POST", f"/api/devices/{tablet.dev}/give-up"), 403, "not_allowed")
    await hub.office.access.revoke(tablet.dev, "test")
    assert (await phone.ask("POST", f"/api/devices/{tablet.dev}/give-up")).status_code == 200
    assert (await tablet.ask("GET", "/api/leaving")).json()["given_up"]
    assert (await waiting(phone))[0]["given_up"]


async def test_a_paper_about_it_that_somebody_else_wrote_counts_for_nothing(hub: Hub) -> None:
    tablet = await ended(hub)
    for kind in ("givenup", f"settled/{tablet.dev}.0"):
        path = hub.folder.path / "hub" / (f"{kind}/{tablet.dev}.json" if "/" not in kind else f"{kind}.json")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(json.dumps({"paper": {"by": "me", "at": 1, "files": ["0" * 32]}, "mac": "0" * 64}))
    assert (await tablet.ask("GET", "/api/leaving")).json() == {"ended": True, "given_up": False, "settled": []}


# -- leavers and changed roles -------------------------------------------------------------------------------------------
async def says_of(hub: Hub, staff: str, field: str, value: object) -> None:
    hub.time.forward(1000)
    await hub.writer.write([Change("school", f"staff:{staff}", field, value)])


async def test_who_has_left_loses_access_everywhere_at_next_contact_and_may_come_back(hub: Hub, refused: Refused) -> None:
    own = await hub.join(Role.TA, [hub.made.oak], staff=hub.made.ta)
    shared, phone = await hub.tablet(), await hub.phone()
    await says_of(hub, hub.made.ta, "left", "2026-11-18")
    refused(await own.ask("GET", "/api/partitions"), 401, "device_unknown")
    refused(await own.ask("GET", f"/api/p/{hub.made.amira}/names"), 401, "device_unknown")
    assert (await own.ask("GET", "/api/leaving")).json()["ended"]
    await handed_in(own, moment(own, hub.made.amira))
    assert len(await hub.folder.names(f"hub/quarantine/{own.dev}/")) == 2
    assert (await shared.ask("GET", "/api/partitions")).status_code == 200, "the tablet of the class goes on"
    listed = {row["device"]: row["ended"] for row in (await phone.ask("GET", "/api/devices")).json()["devices"]}
    assert listed == {own.dev: True, shared.dev: False, phone.dev: False}
    await says_of(hub, hub.made.ta, "left", "")
    await phone.ask("GET", "/api/partitions")
    assert (await own.ask("GET", "/api/partitions")).status_code == 200


async def test_a_device_of_a_person_does_no_more_than_that_person_may_today(hub: Hub, refused: Refused) -> None:
    phone = await hub.phone()
    assert hub.made.other in (await phone.ask("GET", "/api/partitions")).json()["partitions"]
    await says_of(hub, hub.made.senco, "role", "ta")
    await says_of(hub, hub.made.senco, "classes", [hub.made.oak])
    told = (await phone.ask("GET", "/api/partitions")).json()
    assert told["me"] == {"role": "ta", "classes": [hub.made.oak], "roles": ["senco", "ta"]}
    assert hub.made.other not in told["partitions"] and hub.made.amira in told["partitions"]
    refused(await phone.ask("GET", f"/api/p/{hub.made.other}/names"), 403, "not_allowed")
    refused(await phone.ask("GET", "/api/devices"), 403, "not_allowed")
    refused(await phone.say("school", "school:settings", "name", "Mine"), 403, "not_allowed")


async def test_who_was_made_a_leader_only_looks_also_with_the_old_tablet(hub: Hub, refused: Refused) -> None:
    own = await hub.join(Role.TA, [hub.made.oak], staff=hub.made.ta)
    await says_of(hub, hub.made.ta, "role", "slt")
    told = (await own.ask("GET", "/api/partitions")).json()
    assert hub.made.other not in told["partitions"], "no device sees more than it was given"
    (ident,) = await hub.observe(hub.made.amira)
    refused(await own.say(hub.made.amira, f"observation:{ident}", "note", "x", text=True), 403, "not_allowed")


async def test_names_in_the_quarantine_are_the_folders_own(hub: Hub) -> None:
    tablet = await ended(hub)
    await handed_in(tablet, moment(tablet, hub.made.amira))
    kept = await hub.office.quarantine.kept(tablet.dev)
    assert dataclasses.asdict(kept)["files"] == 2
    listed = await hub.folder.names(f"hub/quarantine/{tablet.dev}/")
    assert all(names.parse(name.removeprefix(f"hub/quarantine/{tablet.dev}/")) for name in listed)


async def test_what_the_senco_decides_is_in_the_audit_log(hub: Hub) -> None:
    tablet, phone = await ended(hub), await hub.phone()
    await handed_in(tablet, moment(tablet, hub.made.amira))
    await phone.ask("POST", f"/api/quarantine/{tablet.dev}/accept")
    await handed_in(tablet, moment(tablet, hub.made.leo, ident="d" * 32))
    await phone.ask("DELETE", f"/api/quarantine/{tablet.dev}")
    await phone.ask("POST", f"/api/devices/{tablet.dev}/give-up")
    told = (await hub.office.audit.page())["entries"]
    said = [one["what"] for one in told if one["about"].get("device") == tablet.dev and one["who"].get("staff") == hub.made.senco]
    assert said == ["device_given_up", "quarantine_dropped", "quarantine_accepted"]


async def test_no_tap_makes_a_tablet_anothers_or_agrees_to_anything_in_a_familys_name(hub: Hub) -> None:
    tablet, phone, child = await ended(hub), await hub.phone(), hub.made.amira
    await handed_in(tablet, dict([tablet.segment("school", Change("school", f"staff:{hub.made.ta}", "role", "senco"))]))
    await handed_in(tablet, dict([tablet.segment(child, Change(child, f"consent:{child}", "own_family.photo", {"given": True}))]))
    other = Device(tablet.client, "f" * 16, tablet.token, hub.time)
    await handed_in(other, dict([other.segment(child, Change(child, f"observation:{'c' * 32}", "pupil", child))]))
    (row,) = await waiting(phone)
    answer = (await phone.ask("POST", f"/api/quarantine/{tablet.dev}/accept")).json()
    assert row["files"] == 3 and "Please make them yourself" in str(answer), answer
    await hub.office.refresh()
    assert {s.id: s.role for s in hub.office.school.staff()}[hub.made.ta] is Role.TA
    assert (await waiting(phone))[0]["files"] == 3, "and nothing of it is lost"
