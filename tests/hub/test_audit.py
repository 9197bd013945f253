"""The audit log of a real hub: each act once, before it is done, and who tampers with it is told on."""

import asyncio
import json
import os
from collections.abc import Callable
from typing import Any

import httpx
import pytest

from app.domain.records.acts import What
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.states import ReviewState
from app.hub.ground.signed_records import Vault
from app.hub.records import audit, chain
from app.hub.records.audit import LARGEST, Audit
from app.hub.records.chain import AREA, HEAD, Chain, head_of, in_order
from app.hub.records.pending import PendingEntries
from app.hub.site import create_app
from app.usecases.records import erasure
from app.usecases.records.erasure import Why
from app.usecases.register import roster
from storage import names, segments
from storage.errors import StoreFull
from storage.folder.directory import Directory
from storage.ops import Change
from tests.hub.conftest import KEY, TEST, Device, Hub, Time
from tests.hub.parts import DAY, MINUTE, Says, days

Refused = Callable[[httpx.Response, int, str], None]
Entry = dict[str, Any]


async def look(device: Device, **asked: Any) -> dict[str, Any]:
    answer = await device.ask("GET", "/api/audit", params=asked)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def of(device: Device, *what: What) -> list[Entry]:
    """Entries of these acts, oldest first."""
    return [one for one in reversed((await look(device))["entries"]) if one["what"] in what]


async def the_one(device: Device, what: What) -> Entry:
    (found,) = await of(device, what)
    return found


def read(hub: Hub, key: bytes | None = None) -> Chain:
    """The log as it lies in the folder."""
    found, root = Chain(key), hub.folder.path
    for name in in_order({file.relative_to(root).as_posix() for file in (root / AREA).glob("*")}):
        found.take(name, (root / name).read_bytes())
    head = root / HEAD
    found.end(head_of(json.loads(head.read_bytes())["paper"]) if head.exists() else None)
    return found


def files(hub: Hub) -> list[str]:
    return in_order({file.relative_to(hub.folder.path).as_posix() for file in (hub.folder.path / AREA).glob("*")})


def again(hub: Hub, key: bytes = KEY) -> Hub:
    """The hub after a restart."""
    app = create_app(hub.folder, key, None, hub.time, TEST)
    client = httpx.AsyncClient(transport=httpx.ASGITransport(app=app, raise_app_exceptions=False), base_url="http://hub.test")
    return Hub(app, client, hub.made, hub.time, hub.folder, hub.writer)


async def elsewhere(hub: Hub, device: Device) -> Device:
    """The same device, asking this hub."""
    return Device(hub.client, device.dev, device.token, hub.time)


# -- acts that are asked of the hub ------------------------------------------------------------------------------------------
async def test_codes_and_joins(hub: Hub, phone: Device) -> None:
    made = (await phone.ask("POST", "/api/invites", json={"role": "ta", "classes": [hub.made.oak]})).json()
    (entry,) = [one for one in await of(phone, What.INVITED) if one["who"]]
    assert entry["who"] == {"device": phone.dev, "staff": hub.made.senco} and entry["at"] == hub.time()
    assert (entry["about"]["invite"], entry["about"]["role"]) == (made["code"][:3], "ta")
    dev = os.urandom(8).hex()
    for _ in range(2):  # the second time the code is used
        await hub.client.post("/api/join", json={"code": made["code"], "device": dev, "name": "Amira's tablet"})
    joined = [one for one in await of(phone, What.JOINED) if one["about"]["device"] == dev]
    assert len(joined) == 1 and joined[0]["about"]["invite"] == made["code"][:3]
    assert "Amira" not in json.dumps(joined) and (await look(phone))["devices"][dev] == "Amira's tablet"


async def test_wrong_codes_are_noted_when_they_close_a_code_and_once(hub: Hub, phone: Device) -> None:
    code, _ = await hub.office.access.invite(Role.TA, [], None)
    wrong = code[:3] + ("BBBBB" if code[3:] != "BBBBB" else "CCCCC")
    for tries in range(7):
        await hub.client.post("/api/join", json={"code": wrong, "device": "0" * 16, "name": ""})
        assert len(await of(phone, What.INVITE_BURNT)) == (tries >= 4)
    assert (await the_one(phone, What.INVITE_BURNT))["about"] == {"invite": code[:3]}


async def test_who_has_the_device_in_hand_is_named_and_nobody_who_is_not_here(hub: Hub, phone: Device) -> None:
    for said, named in ((hub.made.ta, hub.made.ta), ("Mrs Haddad", hub.made.senco), ("f" * 32, hub.made.senco)):
        await phone.ask("POST", "/api/invites", json={"role": "ta"}, headers={"X-Author": said})
        assert (await of(phone, What.INVITED))[-1]["who"] == {"device": phone.dev, "staff": named}


async def test_ending_a_device(hub: Hub, phone: Device, refused: Refused) -> None:
    tablet = await hub.tablet()
    await phone.ask("DELETE", f"/api/devices/{tablet.dev}")
    refused(await phone.ask("DELETE", "/api/devices/" + "0" * 16), 401, "device_unknown")
    entry = await the_one(phone, What.DEVICE_ENDED)
    assert entry["about"] == {"device": tablet.dev} and entry["who"]["staff"] == hub.made.senco


async def test_a_familys_link_its_looks_and_its_end(hub: Hub, phone: Device) -> None:
    await hub.consent(hub.made.amira, Audience.OWN_FAMILY)
    (shown,) = await hub.observe(hub.made.amira, note="She waved")
    await hub.approve(hub.made.amira, shown)
    made = (await phone.ask("POST", "/api/links", json={"pupil": hub.made.amira, "days": 9})).json()
    path = made["url"].removeprefix("http://hub.test")
    page = (await hub.client.get(path)).text
    picture = page.split('<img src="')[1].split('"')[0] if '<img src="' in page else ""
    assert (await hub.client.get(picture)).status_code == 200, page
    await hub.client.get(picture, headers={"Range": "bytes=0-9"})
    await phone.ask("DELETE", f"/api/links/{made['id']}")
    about = {"pupil": hub.made.amira, "link": made["id"]}
    assert (await the_one(phone, What.LINK_MADE))["about"] == about == (await the_one(phone, What.LINK_ENDED))["about"]
    looked, opened = await the_one(phone, What.FAMILY_LOOKED), await the_one(phone, What.FAMILY_OPENED)
    assert looked["who"] == opened["who"] == {"link": made["id"]} and looked["about"]["shown"] == [shown]
    assert opened["about"]["media"] in picture and "waved" not in json.dumps(await look(phone))


async def test_the_same_look_again_within_a_minute_is_the_same_look(hub: Hub, phone: Device) -> None:
    link = await hub.link(hub.made.amira)
    for wait in (0, MINUTE - 1, 1):
        hub.time.forward(wait)
        assert (await hub.client.get(link)).status_code == 200
    assert len(await of(phone, What.FAMILY_LOOKED)) == 2


async def test_a_paper(hub: Hub, phone: Device) -> None:
    await phone.ask("POST", "/api/reports/termly", json={"pupil": hub.made.amira, "term": "2026-autumn"})
    await phone.ask("POST", "/api/reports/termly", json={"pupil": "nobody", "term": "2026-autumn"})
    assert (await the_one(phone, What.PAPER_MADE))["about"] == {
        "pupil": hub.made.amira, "paper": "termly", "term": "2026-autumn",
    }  # fmt: skip


# -- changes of records ------------------------------------------------------------------------------------------------------
async def test_a_consent_is_noted_when_it_arrives_with_its_own_author_and_time_once(hub: Hub, phone: Device) -> None:
    said, field = hub.time(), f"{Audience.OWN_FAMILY}.{MediaKind.PHOTO}"
    (_, op), *_ = phone.writer.ops(
        [Change(hub.made.amira, f"consent:{hub.made.amira}", field, {"given": True, "by": "Mrs Haddad, by phone", "on": "x"})],
        hub.made.senco,
    )
    name, data = sealed(phone, hub.made.amira, op)
    hub.time.forward(DAY)
    for _ in range(3):
        assert (await phone.put(name, data)).status_code == 200
        await hub.office.refresh()
    entry = await the_one(phone, What.CONSENT_GIVEN)
    assert entry["about"] == {"pupil": hub.made.amira, "consent": field} and "Haddad" not in json.dumps(entry)
    assert entry["by"] == {"device": phone.dev, "staff": hub.made.senco} and entry["said_at"] == said
    assert entry["who"]["device"] == phone.dev and entry["at"] == hub.time()


def sealed(device: Device, partition: str, op: Any) -> tuple[str, bytes]:
    device.seq += 1
    data = segments.encode(partition, device.writer.id, device.seq, [op])
    dev, inc = device.writer.id.split(".")
    return str(names.Name(partition, "log", names.hash_of(data), dev, inc, device.seq)), data


async def lies_there(hub: Hub, name: str, data: bytes) -> None:
    """In the folder, past the hub: an older hub, which asked less of what came, may have let it in."""
    await hub.folder.put(name, data)
    await hub.office.refresh()


async def test_given_and_withdrawn_in_one_breath_are_two(hub: Hub, phone: Device) -> None:
    def change(given: object) -> Change:
        return Change(hub.made.amira, f"consent:{hub.made.amira}", "own_family.photo", given)

    await phone.put(*phone.segment(hub.made.amira, change({"given": True}), change({"given": False})))
    await lies_there(hub, *phone.segment(hub.made.amira, change("strange")))
    found = await of(phone, What.CONSENT_GIVEN, What.CONSENT_WITHDRAWN)
    assert [one["what"] for one in found] == ["consent_given", "consent_withdrawn", "consent_withdrawn"]


async def test_an_order_to_erase_from_its_asking_to_its_end_and_the_log_outlives_the_child(hub: Hub, phone: Device) -> None:
    link, pupil = await hub.link(hub.made.amira), hub.made.amira
    await hub.client.get(link)
    await erasure.order(Says(phone), pupil, hub.made.senco, Why.LEFT, hub.time())
    await erasure.cancel(Says(phone), pupil, hub.made.senco, hub.time())
    await erasure.hold(Says(phone), pupil, True)
    await erasure.hold(Says(phone), pupil, False)
    await erasure.order(Says(phone), pupil, hub.made.senco, Why.FAMILY, hub.time())
    await days(hub, 9)
    found = [
        one
        for one in reversed((await look(phone, kind="erasures", pupil=pupil))["entries"])
        if one["what"] not in {What.HELD, What.HOLD_ENDED}
    ]
    assert [(one["what"], one["why"]) for one in found] == [
        ("erasure_ordered", "left"), ("erasure_cancelled", ""), ("erasure_ordered", "family"), ("erased", ""),
    ]  # fmt: skip
    assert len(await of(phone, What.HELD)) == len(await of(phone, What.HOLD_ENDED)) == 1
    assert found[-1]["who"] == {} and found[-1]["by"]["device"] == hub.office.replica.device
    assert [one["about"]["pupil"] for one in await of(phone, What.FAMILY_LOOKED)] == [pupil], (
        "ids stay, and nothing else was there"
    )
    text = b"".join((hub.folder.path / name).read_bytes() for name in files(hub)).decode()
    assert "Amira" not in text and "Haddad" not in text


async def test_roles_classes_and_leavers(hub: Hub, phone: Device) -> None:
    before = len(await of(phone, What.STAFF_ROLE))
    ident = await roster.add_staff(Says(phone), "Femi Ade", Role.TA, [hub.made.oak], os.urandom)
    await phone.say("school", f"staff:{ident}", "role", "teacher")
    await phone.say("school", f"staff:{ident}", "left", "2026-11-25")
    await phone.say("school", f"membership:{hub.made.leo}", "active", False)
    found = await of(phone, What.STAFF_ROLE, What.STAFF_CLASSES, What.STAFF_LEFT, What.PUPIL_LEFT)
    mine = [(one["what"], one["about"]) for one in found if one["about"].get("staff") == ident]
    assert sorted(mine[:2], key=str) == sorted(
        [("staff_role", {"staff": ident, "role": "ta"}), ("staff_classes", {"staff": ident, "classes": [hub.made.oak]})], key=str
    )
    assert mine[2:] == [("staff_role", {"staff": ident, "role": "teacher"}), ("staff_left", {"staff": ident})]
    assert (await the_one(phone, What.PUPIL_LEFT))["about"] == {"pupil": hub.made.leo}
    assert len(await of(phone, What.STAFF_ROLE)) == before + 2 and "Femi" not in json.dumps(found)


async def test_what_a_person_typed_is_never_an_id_of_the_log(hub: Hub, phone: Device) -> None:
    (_, op), *_ = phone.writer.ops([Change("school", f"staff:{hub.made.ta}", "left", True)], "Mrs Haddad's husband")
    odd = f"consent:{hub.made.amira}"
    await lies_there(hub, *sealed(phone, "school", op))
    await lies_there(hub, *phone.segment("school", Change("school", "staff:Mrs Haddad's boy", "role", "looks after Amira")))
    await lies_there(hub, *phone.segment(hub.made.amira, Change(hub.made.amira, odd, "as Mrs Haddad said", {"given": True})))
    assert (await phone.say("school", "staff:Mrs Haddad's boy", "role", "ta")).status_code == 200
    found = await of(phone, What.STAFF_ROLE, What.CONSENT_GIVEN, What.STAFF_LEFT)
    assert found[-1]["what"] and {"device": phone.dev, "staff": "?"} in [one["by"] for one in found]
    assert {"staff": "?", "role": "?"} in [one["about"] for one in found]
    assert "Haddad" not in json.dumps(found)


async def test_what_lay_in_the_folder_already_is_noted_too_and_once(hub: Hub, phone: Device) -> None:
    """A consent that somebody wrote straight into the folder, past every check of the hub, is seen as what it is."""
    await hub.consent(hub.made.leo, Audience.OWN_FAMILY)
    for one in (hub, again(hub), again(hub)):
        await one.office.refresh()
    entry = await the_one(phone, What.CONSENT_GIVEN)
    assert entry["who"] == {} and entry["by"] == {"device": hub.writer.device}


async def test_a_forged_entry_hides_no_change_and_no_fault(hub: Hub, phone: Device) -> None:
    """Somebody who can write the folder says that the log has had a change already, before the hub looks at it."""
    change = Change(hub.made.leo, f"consent:{hub.made.leo}", "own_family.photo", {"given": True})
    name, data = phone.segment(hub.made.leo, change)
    (op,) = segments.read(name, data).ops
    last = hub.folder.path / files(hub)[-1]
    told = {"about": {"found": [f"forged x {n}" for n in range(99)]}, "what": "log_broken"}
    for more in ({"op": op.id}, told):
        entry = chain.opened(last.read_bytes().splitlines()[-1]) or {}
        before = chain.hash_of(last.read_bytes().splitlines()[-1])
        made = chain.sealed(b"guessed", {key: one for key, one in entry.items() if key != "mac"} | more | {"before": before})
        last.write_bytes(last.read_bytes() + made.replace(f'"n":{entry["n"]}'.encode(), f'"n":{entry["n"] + 1}'.encode()) + b"\n")
    (hub.folder.path / name).parent.mkdir(parents=True, exist_ok=True)
    (hub.folder.path / name).write_bytes(data)
    device = await elsewhere(again(hub), phone)
    assert len(await of(device, What.CONSENT_GIVEN)) == 1 and "forged" in str(await of(device, What.LOG_BROKEN))
    assert any("changed or made up" in fault for fault in (await look(device))["faults"])


async def test_a_review_is_no_act_of_this_log(hub: Hub, phone: Device) -> None:
    (shown,) = await hub.observe(hub.made.amira)
    before = (await look(phone))["entries"]
    await phone.say(hub.made.amira, f"observation:{shown}", "review", str(ReviewState.APPROVED))
    assert (await look(phone))["entries"] == before


# -- reading -----------------------------------------------------------------------------------------------------------------
async def test_it_is_read_page_by_page_newest_first_by_who_leads(hub: Hub, phone: Device, refused: Refused) -> None:
    for number in range(250):
        await hub.office.audit.note(What.PIN_RESET, staff=f"{number:032x}")
    dsl = await hub.join(Role.DSL)
    found, before = [], 0
    while True:
        page = await look(dsl, before=before, kind="people")
        found += [one["about"]["staff"] for one in page["entries"] if one["what"] == What.PIN_RESET]
        before = page["entries"][-1]["n"]
        if not page["more"]:
            break
    assert found == [f"{number:032x}" for number in reversed(range(250))]
    for role in (Role.TA, Role.TEACHER, Role.SLT):
        refused(await (await hub.join(role, [hub.made.oak])).ask("GET", "/api/audit"), 403, "not_allowed")
    refused(await dsl.ask("GET", "/api/audit?kind=odd"), 400, "bad_request")


async def test_a_day_has_a_file_a_full_file_is_closed_and_closed_files_stay_as_they_are(hub: Hub, phone: Device) -> None:
    count = 2 * LARGEST // 300
    for number in range(count):
        await hub.office.audit.note(What.PIN_RESET, staff=f"{number:032x}")
    first = files(hub)
    kept = {name: (hub.folder.path / name).read_bytes() for name in first[:-1]}
    assert len(first) >= 2 and all(len(data) < LARGEST + 1000 for data in kept.values())
    hub.time.forward(DAY)
    await hub.office.audit.note(What.PIN_RESET, staff="0")
    hub.time.forward(-3 * DAY)  # a clock that was set back begins a file, too, and disturbs nothing
    await hub.office.audit.note(What.PIN_RESET, staff="1")
    assert len(files(hub)) == len(first) + 2 and read(hub).whole and read(hub, subkey()).whole
    assert {name: (hub.folder.path / name).read_bytes() for name in kept} == kept


def subkey() -> bytes:
    return audit.subkey(Vault(Directory("."), KEY))


# -- doubt -------------------------------------------------------------------------------------------------------------------
async def test_notes_of_many_at_once_are_one_chain(hub: Hub) -> None:
    await asyncio.gather(*(hub.office.audit.note(What.PIN_RESET, staff=f"{n:032x}") for n in range(40)))
    assert read(hub, subkey()).whole and read(hub).count >= 40


async def test_a_restarted_hub_goes_on_where_it_was(hub: Hub, phone: Device) -> None:
    before = read(hub).n
    await again(hub).office.audit.note(What.PIN_RESET, staff="0")
    assert read(hub).n == before + 1 and read(hub, subkey()).whole


@pytest.mark.parametrize("how", ["changed", "torn", "gone", "cut", "head"])
async def test_a_log_that_was_tampered_with_goes_on_and_says_so_once(hub: Hub, phone: Device, how: str) -> None:
    for number in range(3):
        await hub.office.audit.note(What.PIN_RESET, staff=f"{number:032x}")
        hub.time.forward(DAY)
    kept, last = read(hub).n, hub.folder.path / files(hub)[-1]
    spoil = {
        "changed": lambda: last.write_bytes(last.read_bytes().replace(b"pin_reset", b"pin_reses")),
        "torn": lambda: last.write_bytes(last.read_bytes()[:-20]),
        "gone": lambda: (hub.folder.path / files(hub)[0]).unlink(),
        "cut": last.unlink,
        "head": (hub.folder.path / HEAD).unlink,
    }
    spoil[how]()
    for _ in range(2):
        there = again(hub)
        await there.office.audit.note(What.PIN_RESET, staff="f" * 32)
    device = await elsewhere(there, phone)
    told = await of(device, What.LOG_BROKEN)
    assert len(told) == 1 and told[0]["n"] == kept + 1 and told[0]["about"]["found"]
    assert bool((await look(device))["faults"]) == (how != "head") == (not read(hub, subkey()).whole)


async def test_what_somebody_does_to_the_open_file_is_put_back_and_told(hub: Hub, phone: Device) -> None:
    last = hub.folder.path / files(hub)[-1]
    whole = last.read_bytes()
    last.write_bytes(whole.splitlines(keepends=True)[0])
    assert "missing at the end" in (await look(phone))["faults"][0]
    await hub.office.audit.note(What.PIN_RESET, staff="0")
    assert last.read_bytes().startswith(whole) and read(hub, subkey()).whole
    assert (await the_one(phone, What.LOG_BROKEN))["about"]["found"][0].startswith("put_back ")


async def test_an_older_log_in_its_place_is_known_to_the_device_that_saw_the_newer_one(hub: Hub, phone: Device) -> None:
    old = {name: (hub.folder.path / name).read_bytes() for name in [*files(hub), HEAD]}
    await hub.office.audit.note(What.PIN_RESET, staff="0")
    seen = (await look(phone))["head"]
    assert (await look(phone, seen=seen["n"], seen_hash=seen["hash"]))["faults"] == []
    for name in files(hub):
        (hub.folder.path / name).unlink()
    for name, data in old.items():
        (hub.folder.path / name).write_bytes(data)
    device = await elsewhere(again(hub), phone)
    assert (await look(device))["faults"] == []
    (told,) = (await look(device, seen=seen["n"], seen_hash=seen["hash"]))["faults"]
    assert f"entry {seen['n']} is not the one that this device has seen" in told


async def test_a_hub_with_a_new_key_says_so_and_its_log_is_whole_from_there(hub: Hub, phone: Device) -> None:
    other = again(hub, key=b"another key of thirty-two bytes!")
    senco = await other.phone()
    assert (await the_one(senco, What.NEW_KEY))["about"]["found"]
    third = await elsewhere(again(hub, key=b"another key of thirty-two bytes!"), senco)
    assert (await look(third))["faults"] == [] and len(await of(third, What.NEW_KEY)) == 1


async def test_nothing_is_done_that_could_not_be_noted(
    hub: Hub, phone: Device, monkeypatch: pytest.MonkeyPatch, refused: Refused
) -> None:
    tablet, link = await hub.tablet(), await hub.link(hub.made.amira)
    (known,) = (await phone.ask("GET", "/api/links", params={"pupil": hub.made.amira})).json()["links"]
    code, _ = await hub.office.access.invite(Role.TA, [], None)
    full = Directory.replace

    async def no_room(self: Directory, name: str, data: bytes) -> None:
        if name.startswith(AREA):
            raise StoreFull(name)
        await full(self, name, data)

    monkeypatch.setattr(Directory, "replace", no_room)
    for method, path, body in (
        ("POST", "/api/invites", {"role": "ta"}),
        ("DELETE", f"/api/devices/{tablet.dev}", None),
        ("POST", "/api/links", {"pupil": hub.made.amira, "days": 3}),
        ("DELETE", f"/api/links/{known['id']}", None),
        ("POST", "/api/reports/termly", {"pupil": hub.made.amira, "term": "2026-autumn"}),
    ):
        assert (await phone.ask(method, path, **({"json": body} if body else {}))).status_code >= 400
    assert (await hub.client.post("/api/join", json={"code": code, "device": "1" * 16, "name": ""})).status_code >= 400
    assert (await hub.client.get(link)).status_code == 503
    field = Change(hub.made.amira, f"consent:{hub.made.amira}", "own_family.photo", {"given": True})
    assert (await phone.put(*phone.segment(hub.made.amira, field))).status_code == 200, "a record is never lost for it"
    monkeypatch.setattr(Directory, "replace", full)

    assert len(await hub.office.access.vault.ids("links")) == 1 and not await hub.office.access.vault.ids("ended")
    assert not await hub.office.access.vault.ids("revoked") and len(await hub.office.access.devices()) == 2
    assert len(await of(phone, What.CONSENT_GIVEN)) == 1, "and is noted when there is room again"
    assert read(hub, subkey()).whole


async def test_a_hub_killed_between_a_record_and_its_note_notes_it_at_the_next_start(hub: Hub, phone: Device) -> None:
    hub.office.replica.hears.clear()  # what came in was stored, and then the plug was pulled
    await phone.say(hub.made.amira, f"consent:{hub.made.amira}", "own_family.photo", {"given": True})
    assert await of(phone, What.CONSENT_GIVEN) == []
    assert len(await of(await elsewhere(again(hub), phone), What.CONSENT_GIVEN)) == 1


# -- beside the hub ----------------------------------------------------------------------------------------------------------
async def test_a_commands_slip_gets_into_the_log_once_and_a_strangers_does_not(hub: Hub, phone: Device) -> None:
    vault = Vault(hub.folder, KEY)
    await PendingEntries(vault, hub.time).note(What.SHEET_PRINTED)
    await PendingEntries(Vault(hub.folder, b"a stranger's key"), hub.time).note(What.HUB_CLAIMED)
    kept = {file: file.read_bytes() for file in (hub.folder.path / "hub/slips").iterdir()}
    for _ in range(2):
        hub.time.forward(MINUTE)
        assert len(await of(phone, What.SHEET_PRINTED)) == 1 and not await of(phone, What.HUB_CLAIMED)
        assert len(await vault.ids("slips")) == 1, "the stranger's"
        for file, data in kept.items():
            file.write_bytes(data)


async def test_a_log_that_was_taken_away_as_a_whole_begins_anew_and_says_so(tmp_path: Any) -> None:
    folder = Directory(tmp_path)
    vault = Vault(folder, KEY)
    await Audit(vault, Time()).note(What.PIN_RESET, staff="0")
    await vault.write("tokens", "x", {})
    for file in (tmp_path / AREA).iterdir():
        file.unlink()
    again = Audit(vault, Time())
    await again.note(What.PIN_RESET, staff="0")
    entries = (await again.page())["entries"]
    assert [(one["what"], one["about"]) for one in entries[1:]] == [("log_begun", {"devices": 1})]
