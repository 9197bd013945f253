"""Who may write and read what: by role, by class, and once a device is revoked."""

import hashlib
from collections.abc import Callable

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from storage import media as pieces
from storage import names
from storage.ops import Change
from tests.hub.conftest import Device, Hub, in_quarantine, note, records

Refused = Callable[[httpx.Response, int, str], None]


def decision(hub: Hub, field: str = "review", value: object = "approved", entity: str = "observation:1") -> Change:
    return Change(hub.made.amira, entity, field, value)


# -- a TA's device writes what a TA may write --------------------------------------------------------------------------
@pytest.mark.parametrize(
    ("entity", "field", "value"),
    [
        ("observation:1", "review", "approved"),
        ("observation:1", "review", "hidden"),
        ("observation:1", "starred", True),
        ("observation:1", "question", "what?"),
        ("observation:1", "deleted", True),
        ("media:1", "deleted", True),
        ("consent:{amira}", "own_family.photo", {"given": True}),
        ("target:{target}", "statement", "By Friday"),
        ("pupil:{amira}", "protected", False),
        ("membership:{amira}", "class_id", "mine"),
        ("observation:1", "pupil", "{leo}"),
        ("observation:1", "pupil", None),
    ],
)
async def test_what_is_not_a_tas_to_write_is_kept_in_quarantine(
    hub: Hub, tablet: Device, refused: Refused, entity: str, field: str, value: object
) -> None:
    ids = vars(hub.made)
    value = value.format(**ids) if isinstance(value, str) else value
    name, data = tablet.segment(hub.made.amira, note(hub), Change(hub.made.amira, entity.format(**ids), field, value))
    before = records(hub)
    refused(await tablet.put(name, data), 403, "not_allowed")
    assert await in_quarantine(hub, tablet) == {name} and records(hub) == before
    assert hub.office.replica.library.get("observation:1") is None


@pytest.mark.parametrize("partition", ["school", "office", "{amira}.office"])
async def test_a_ta_writes_in_no_other_part_of_the_folder(hub: Hub, tablet: Device, refused: Refused, partition: str) -> None:
    place = partition.format(**vars(hub.made))
    before = records(hub)
    refused(await tablet.say(place, "school:settings", "name", "My school"), 403, "not_allowed")
    assert records(hub) == before


async def test_a_ta_says_of_a_new_observation_that_it_is_new(hub: Hub, tablet: Device) -> None:
    assert (await tablet.say(hub.made.amira, "observation:1", "review", "new")).status_code == 200


async def test_a_ta_does_not_take_back_a_decision(hub: Hub, tablet: Device, phone: Device, refused: Refused) -> None:
    await phone.put(*phone.segment(hub.made.amira, decision(hub)))
    hub.time.forward(1000)
    refused(await tablet.say(hub.made.amira, "observation:1", "review", "new"), 403, "not_allowed")
    assert hub.office.school.observation("1").review == "approved"


async def test_a_ta_who_was_offline_before_the_decision_is_welcome(hub: Hub, tablet: Device, phone: Device) -> None:
    early = tablet.segment(hub.made.amira, note(hub), decision(hub, value="new"))
    hub.time.forward(1000)
    await phone.put(*phone.segment(hub.made.amira, decision(hub)))
    assert (await tablet.put(*early)).status_code == 200
    assert hub.office.school.observation("1").review == "approved"


@pytest.mark.parametrize(
    ("entity", "field", "first", "then"),
    [
        ("media:1", "visible", ["{amira}", "{leo}"], ["{amira}"]),
        ("media:1", "chunks", ["a" * 32], ["b" * 32]),
        ("observation:1", "together", ["{amira}", "{leo}"], ["{amira}"]),
        ("observation:1", "media", ["1"], ["1", "2"]),
    ],
)
async def test_who_is_in_a_picture_is_not_rewritten_by_a_ta(
    hub: Hub, tablet: Device, phone: Device, refused: Refused, entity: str, field: str, first: list[str], then: list[str]
) -> None:
    first, then = ([v.format(**vars(hub.made)) for v in value] for value in (first, then))
    assert (await tablet.say(hub.made.amira, entity, field, first)).status_code == 200
    assert (await tablet.say(hub.made.amira, entity, field, first)).status_code == 200, "the same again is no change"
    refused(await tablet.say(hub.made.amira, entity, field, then), 403, "not_allowed")
    assert (await phone.say(hub.made.amira, entity, field, then)).status_code == 200


async def test_the_words_of_what_was_approved_stay_as_they_were_read(
    hub: Hub, tablet: Device, phone: Device, refused: Refused
) -> None:
    await tablet.put(*tablet.segment(hub.made.amira, note(hub, "fine words")))
    assert (await tablet.put(*tablet.segment(hub.made.amira, note(hub, "finer words")))).status_code == 200
    await phone.put(*phone.segment(hub.made.amira, decision(hub)))
    refused(await tablet.put(*tablet.segment(hub.made.amira, note(hub, "others"))), 403, "not_allowed")


async def test_one_childs_thing_is_not_written_under_anothers_roof(hub: Hub, tablet: Device, refused: Refused) -> None:
    await tablet.put(*tablet.segment(hub.made.leo, Change(hub.made.leo, "observation:7", "note", "Leo's", text=True)))
    refused(await tablet.put(*tablet.segment(hub.made.amira, note(hub, entity="observation:7"))), 403, "not_allowed")


async def test_a_device_speaks_only_in_its_own_name(hub: Hub, tablet: Device, phone: Device, refused: Refused) -> None:
    name, data = phone.segment(hub.made.amira, decision(hub))
    refused(await tablet.put(name, data), 403, "not_allowed")
    assert name not in records(hub)


async def test_a_segment_of_one_child_under_anothers_name_is_refused(hub: Hub, tablet: Device, refused: Refused) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub))
    refused(await tablet.put(name.replace(hub.made.amira, hub.made.leo), data), 403, "not_allowed")


async def test_leadership_looks_and_writes_nothing(hub: Hub, refused: Refused) -> None:
    slt = await hub.join(Role.SLT)
    assert (await slt.ask("GET", f"/api/p/{hub.made.other}/names")).status_code == 200
    refused(await slt.say(hub.made.amira, "observation:1", "review", "new"), 403, "not_allowed")


async def test_the_dsl_decides_on_evidence(hub: Hub) -> None:
    dsl = await hub.join(Role.DSL)
    made = dsl.segment(hub.made.amira, decision(hub, value="queried"), decision(hub, "question", "what did she say?"))
    assert (await dsl.put(*made)).status_code == 200


async def test_a_quarantine_that_is_full_says_so(
    hub: Hub, tablet: Device, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.hub.files.quarantine.MOST_BYTES", 300)
    answers = [await tablet.put(*tablet.segment(hub.made.amira, decision(hub))) for _ in range(3)]
    refused(answers[0], 403, "not_allowed")
    refused(answers[-1], 403, "quarantine_full")


# -- other classes -----------------------------------------------------------------------------------------------------
async def test_a_ta_sees_the_own_class_and_no_other(hub: Hub, tablet: Device) -> None:
    held = set((await tablet.ask("GET", "/api/partitions")).json()["partitions"])
    assert held == {"school", hub.made.amira, hub.made.leo}


@pytest.mark.parametrize("place", ["{other}", "{amira}.office", "office", "f" * 32])
async def test_a_ta_neither_lists_nor_gets_nor_puts_elsewhere(hub: Hub, tablet: Device, refused: Refused, place: str) -> None:
    place = place.format(**vars(hub.made))
    name, data = tablet.segment(place, Change(place, "observation:9", "note", "hello", text=True))
    await hub.folder.put(name, data)
    refused(await tablet.ask("GET", f"/api/p/{place}/names"), 403, "not_allowed")
    refused(await tablet.ask("GET", f"/api/files/{name}"), 403, "not_allowed")
    refused(await tablet.ask("GET", f"/api/digest/{name}"), 403, "not_allowed")
    refused(await tablet.put(name, data), 403, "not_allowed")


async def test_an_invite_to_no_class_opens_no_child(hub: Hub, refused: Refused) -> None:
    odd = await hub.join(Role.TA, ["", "no-such-class"])
    assert set((await odd.ask("GET", "/api/partitions")).json()["partitions"]) == {"school"}
    refused(await odd.ask("GET", f"/api/p/{'f' * 32}/names"), 403, "not_allowed")


async def test_a_child_that_changes_class_is_gone_from_the_tablet_but_its_records_still_come_in(
    hub: Hub, tablet: Device, phone: Device, refused: Refused
) -> None:
    await tablet.ask("GET", f"/api/p/{hub.made.amira}/names")
    name, data = tablet.segment(hub.made.amira, note(hub))
    hub.time.forward(1000)
    assert (await phone.say("school", f"membership:{hub.made.amira}", "class_id", hub.made.elm)).status_code == 200
    refused(await tablet.ask("GET", f"/api/p/{hub.made.amira}/names"), 403, "not_allowed")
    refused(await tablet.ask("GET", f"/api/files/{name}"), 403, "not_allowed")
    assert (await tablet.put(name, data)).status_code == 200
    assert (await tablet.ask("GET", f"/api/digest/{name}")).json()["digest"] == hashlib.sha256(data).hexdigest()


async def test_a_picture_never_lies_in_the_schools_part(hub: Hub, phone: Device, refused: Refused) -> None:
    (_, data), *_ = pieces.chunks(hub.made.amira, b"a picture").items()
    refused(await phone.put(f"p/school/media/{names.hash_of(data)}", data), 403, "not_allowed")


# -- a revoked device --------------------------------------------------------------------------------------------------
@pytest.fixture
async def lost(hub: Hub, tablet: Device, phone: Device) -> Device:
    await tablet.ask("GET", f"/api/p/{hub.made.amira}/names")
    assert (await phone.ask("DELETE", f"/api/devices/{tablet.dev}")).status_code == 200
    return tablet


async def test_a_revoked_device_hands_in_its_own_files_and_checks_them(hub: Hub, lost: Device, refused: Refused) -> None:
    name, data = lost.segment(hub.made.amira, note(hub))
    before = records(hub)
    refused(await lost.put(name, data, b"n"), 401, "device_unknown")  # kept, and never told as if it were in the folder
    assert await in_quarantine(hub, lost) == {name} and records(hub) == before
    answer = await lost.ask("GET", f"/api/digest/{name}", params={"nonce": b"m".hex()})
    assert answer.json()["digest"] == hashlib.sha256(b"m" + data).hexdigest()


async def test_a_revoked_device_sees_nothing_any_more(hub: Hub, lost: Device, refused: Refused) -> None:
    name = next(iter(await hub.folder.names(f"p/{hub.made.amira}/")))
    for path in ("/api/partitions", f"/api/p/{hub.made.amira}/names", f"/api/files/{name}"):
        refused(await lost.ask("GET", path), 401, "device_unknown")
    refused(await lost.ask("DELETE", f"/api/files/{name}"), 401, "device_unknown")


async def test_a_revoked_device_hears_nothing_of_what_is_in_the_folder(hub: Hub, lost: Device) -> None:
    name = next(iter(await hub.folder.names(f"p/{hub.made.amira}/")))
    assert (await lost.ask("GET", f"/api/digest/{name}")).json() == {"digest": None}
