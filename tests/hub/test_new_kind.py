"""What a new kind costs is a row: this one is in no other line of the app, and is written, merged, refused, read, searched,
hidden and audited all the same. docs/adding-a-kind.md tells it in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from app.domain.records.acts import What
from app.domain.schema.checks import day, flag, one_of, ref
from app.domain.schema.fields import Field, Kind, Place, prose
from app.domain.schema.printed import as_json, page
from app.domain.schema.table import KINDS
from app.domain.vocabulary.roles import PLANNERS, SENCO, Role
from app.domain.vocabulary.states import TargetStatus
from app.errors import CannotBeKept
from app.hub.files.arrivals import FOR_ANOTHER, NOT_RIGHT
from app.usecases.families.page import plain_for
from app.usecases.session import change, search
from app.usecases.session import reading as records
from storage.folder.memory import Memory
from storage.library import Library
from storage.ops import Change
from storage.store import Store
from tests.hub.conftest import Device, Hub, in_quarantine
from tests.hub.conftest import records as files
from tests.vectors.additions import TABLE, objections, read

ID = "f" * 32
NOTE_TO_SELF = Kind(
    "note_to_self",
    Place.PUPIL,
    PLANNERS,
    {
        "words": prose(family=True, searched=True),
        "by": Field(ref()),
        "remind": Field(day()),
        "state": Field(one_of(TargetStatus, TargetStatus.DRAFT)),
        "private": Field(flag(), by=SENCO, act=lambda field, value, beside: (What.HELD, {}, "") if value else None),
    },
    each={"done.": Field(flag())},
)


@dataclass(frozen=True, slots=True)
class NoteToSelf:
    id: str
    words: str
    remind: str
    state: TargetStatus
    private: bool


@pytest.fixture(autouse=True)
def row(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(KINDS, NOTE_TO_SELF.name, NOTE_TO_SELF)


@pytest.fixture
async def teacher(hub: Hub) -> Device:
    return await hub.join(Role.TEACHER, [hub.made.oak])


def said(hub: Hub, **fields: object) -> list[Change]:
    return change.of("note_to_self", hub.made.amira, ID, **fields)


def document(library: Library) -> Mapping[str, Any]:
    found = library.get(f"note_to_self:{ID}")
    assert found is not None
    return found


async def test_it_is_written_on_a_device_and_taken_by_the_hub(hub: Hub, teacher: Device) -> None:
    wanted = said(hub, words="Ask about the swimming bag.", remind="2026-11-30", **{"done.2026-11-29": False})
    store = await Store.open(Memory(), now=hub.time, groups=change.GROUPS)
    await store.write(wanted)
    assert (await teacher.put(*teacher.segment(hub.made.amira, *wanted))).status_code == 200
    for library in (store.library, hub.office.replica.library):
        assert document(library)["words"] == "Ask about the swimming bag." and document(library)["done.2026-11-29"] is False


async def test_it_is_refused_from_who_may_not_write_it_and_where_it_is_odd(hub: Hub, tablet: Device, teacher: Device) -> None:
    before = files(hub)
    for device, field, value, sentence in (
        (tablet, "words", "hello", FOR_ANOTHER), (teacher, "private", True, FOR_ANOTHER),
        (teacher, "remind", "soon", NOT_RIGHT), (teacher, "words", 7, NOT_RIGHT),
    ):  # fmt: skip
        answer = await device.say(hub.made.amira, f"note_to_self:{ID}", field, value)
        assert (answer.status_code, answer.json()["error"]["message"]) == (403, sentence)
    assert files(hub) == before and len(await in_quarantine(hub, teacher)) == 3
    for odd in ({"remind": "soon"}, {"words": 7}, {"colour": "red"}):
        with pytest.raises(CannotBeKept):
            said(hub, **odd)


async def test_two_texts_are_both_kept(hub: Hub, teacher: Device) -> None:
    other = await hub.join(Role.TEACHER, [hub.made.oak])
    for device, words in ((teacher, "Bag on Monday."), (other, "Bag on Tuesday.")):
        hub.time.forward(1000)
        await device.put(*device.segment(hub.made.amira, *said(hub, words=words)))
    found = document(hub.office.replica.library)
    assert (found["words"], *records.other_texts(found, "words")) == ("Bag on Tuesday.", "Bag on Monday.")


async def test_it_is_read_and_what_is_strange_is_the_default(hub: Hub, teacher: Device) -> None:
    await teacher.put(*teacher.segment(hub.made.amira, *said(hub, words="Bag.", state=TargetStatus.LIVE)))
    name, data = teacher.segment(hub.made.amira, Change(hub.made.amira, f"note_to_self:{ID}", "private", "very"))
    await hub.folder.put(name, data)
    await hub.office.refresh()
    found = records.read(NoteToSelf, "note_to_self", document(hub.office.replica.library))
    assert found == NoteToSelf(ID, "Bag.", "", TargetStatus.LIVE, False)
    assert records.read(NoteToSelf, "note_to_self", {"state": ["live"]}).state is TargetStatus.DRAFT


async def test_it_is_found_by_its_words(hub: Hub, teacher: Device) -> None:
    await teacher.put(*teacher.segment(hub.made.amira, *said(hub, words="The swimming bag.")))
    library = hub.office.replica.library
    assert [one["id"] for one in search.matching(library, "note_to_self", "bag swi")] == [ID]
    assert search.matching(library, "note_to_self", "boat") == []


async def test_another_childs_name_is_hidden_where_it_leaves_the_staff(hub: Hub, teacher: Device) -> None:
    await teacher.put(*teacher.segment(hub.made.amira, *said(hub, words="Amira swims with Leo.", by=hub.made.ta)))
    plain = plain_for(hub.office.school, hub.office.school.pupil(hub.made.amira))
    assert records.leaving("note_to_self", document(hub.office.replica.library), plain) == {
        "words": "Amira swims with another child."
    }


async def test_it_is_in_the_audit_log(hub: Hub, phone: Device) -> None:
    assert (await phone.put(*phone.segment(hub.made.amira, *said(hub, private=True)))).status_code == 200
    entries = (await phone.ask("GET", "/api/audit")).json()["entries"]
    assert [one["about"] for one in entries if one["what"] == What.HELD] == [{"pupil": hub.made.amira}]


def test_it_is_an_addition_and_stands_on_the_page_of_roles() -> None:
    assert objections(read(TABLE), as_json()) == []
    assert "| note_to_self | words | pupil | Teacher, SENCO | both texts, may leave the staff, searched |" in page()
