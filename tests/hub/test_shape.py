"""What arrives is of the right kind, or it is kept for a person to look at, whole, and never lies in the school's folder."""

import httpx
import pytest

from app.domain.schema.checks import whole
from app.domain.schema.fields import Field, Kind, Place
from app.domain.schema.table import KINDS
from app.domain.vocabulary.roles import PLANNERS
from app.hub.files.arrivals import NOT_KNOWN, NOT_RIGHT
from storage import names, segments
from storage.ops import Change
from tests.hub.conftest import Device, Hub, in_quarantine, note, records

ODD = pytest.mark.parametrize(
    ("entity", "field", "value", "sentence"),
    [
        ("pupil:{amira}", "name", 7, NOT_RIGHT),
        ("target:{target}", "status", {"a": [1, 2]}, NOT_RIGHT),
        ("target:{target}", "nonsense", 5, NOT_KNOWN),
        ("provision:1", "minutes", 30, NOT_KNOWN),
        ("observation:1", "starred", 0, NOT_RIGHT),
        ("observation:1", "rating.{target}", {"help": "magic"}, NOT_RIGHT),
        ("consent:{amira}", "own_family.photo", "yes", NOT_RIGHT),
        ("term:of-a-pupil", "name", "Autumn", NOT_RIGHT),
    ],
)


def change(hub: Hub, entity: str, field: str, value: object) -> Change:
    ids = vars(hub.made)
    return Change(hub.made.amira, entity.format(**ids), field.format(**ids), value)


@ODD
async def test_even_a_sencos_device_is_asked_what_it_writes(
    hub: Hub, phone: Device, entity: str, field: str, value: object, sentence: str
) -> None:
    name, data = phone.segment(hub.made.amira, note(hub), change(hub, entity, field, value))
    before = records(hub)
    answer = await phone.put(name, data)
    assert (answer.status_code, answer.json()["error"]["message"]) == (403, sentence)
    assert await in_quarantine(hub, phone) == {name} and records(hub) == before
    assert await hub.folder.get(f"hub/quarantine/{phone.dev}/{name}") == data, "whole, with what was innocent in it"
    assert hub.office.replica.library.get("observation:1") is None


async def test_what_is_odd_is_not_taken_in_by_a_tap_either(hub: Hub, phone: Device) -> None:
    name, data = phone.segment(hub.made.amira, change(hub, "target:{target}", "status", {"a": [1, 2]}))
    await phone.put(name, data)
    taken, why = await hub.office.quarantine.accept(phone.dev, {})
    assert taken == [] and why == [NOT_RIGHT]
    assert await in_quarantine(hub, phone) == {name}


async def test_a_bad_value_that_lies_in_a_folder_reads_as_the_fields_default(hub: Hub, phone: Device) -> None:
    for entity, field, value in (("pupil:{amira}", "name", 7), ("target:{target}", "status", {"a": [1, 2]})):
        hub.time.forward(1000)
        name, data = phone.segment(hub.made.amira, change(hub, entity, field, value))
        await hub.folder.put(name, data)
    await hub.office.refresh()
    assert hub.office.school.pupil(hub.made.amira).name == ""
    assert [target.status for target in hub.office.school.targets(hub.made.amira)] == ["live"]


async def test_what_lay_here_once_is_let_in_again_when_the_folder_has_lost_it(hub: Hub, phone: Device) -> None:
    """An older hub asked less: a file that it took must not be turned away now that it is the only one left."""
    hub.time.forward(1000)
    name, data = phone.segment(hub.made.amira, change(hub, "pupil:{amira}", "name", 7))
    await hub.folder.put(name, data)
    await hub.office.refresh()
    await hub.folder.delete(name)
    assert (await phone.put(name, data)).status_code == 200


async def test_a_fold_of_what_lies_here_is_taken_whatever_is_in_it(hub: Hub, phone: Device) -> None:
    hub.time.forward(1000)
    files = dict([phone.segment(hub.made.amira, note(hub), change(hub, "pupil:{amira}", "name", 7))])
    for name, data in files.items():
        await hub.folder.put(name, data)
    await hub.office.refresh()
    assert (await phone.put(*phone.fold(files))).status_code == 200


async def test_a_rating_of_a_target_that_is_not_known_is_kept_and_told(hub: Hub, tablet: Device) -> None:
    rated = change(hub, "observation:1", "rating.of-next-year", {"help": "model"})
    answer: httpx.Response = await tablet.put(*tablet.segment(hub.made.amira, note(hub), rated))
    assert answer.status_code == 200
    assert dict(hub.office.school.observation("observation:1".partition(":")[2]).ratings) == {"of-next-year": "model"}


# -- an app that is newer than its hub -----------------------------------------------------------------------------------------
def newer(device: Device, partition: str, *changes: Change) -> tuple[str, bytes]:
    """(name, bytes) as the next edition of the app seals them."""
    device.seq += 1
    data = segments.encode(partition, device.writer.id, device.seq, [op for _, op in device.writer.ops(changes)], edition=2)
    dev, inc = device.writer.id.split(".")
    return str(names.Name(partition, "log", names.hash_of(data), dev, inc, device.seq)), data


async def test_the_hub_says_its_edition_first(hub: Hub, tablet: Device) -> None:
    assert (await tablet.ask("GET", "/api/partitions")).json()["edition"] == 1


async def test_what_a_newer_app_wrote_is_sent_back_to_wait_and_nothing_is_quarantined(hub: Hub, phone: Device) -> None:
    before = records(hub)
    answer = await phone.put(*newer(phone, hub.made.amira, change(hub, "provision:1", "minutes", 30)))
    assert answer.json()["error"]["code"] == "newer_format"
    assert await in_quarantine(hub, phone) == set() and records(hub) == before


async def test_once_the_hub_is_updated_it_is_taken(hub: Hub, phone: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    sealed = newer(phone, hub.made.amira, change(hub, "provision:1", "minutes", 30))
    provision = Kind("provision", Place.PUPIL, PLANNERS, {"minutes": Field(whole(1, 600))}, since=2)
    monkeypatch.setitem(KINDS, "provision", provision)
    assert (await phone.put(*sealed)).status_code == 200
    assert (await phone.ask("GET", "/api/partitions")).json()["edition"] == 2
