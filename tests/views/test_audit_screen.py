"""The audit log on the screen: real desks over a real hub, a line an act in plain words."""

from collections.abc import Callable
from typing import Any

import flet as ft
import pytest

from app.domain.records.acts import ACTS_OF_KIND, WORDS, What, sentence
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed
from app.hub.records.chain import HEAD
from app.usecases.records.erasure import Why
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, with_pin
from tests.views.parts import Page, Screen
from views.theme import TOUCH
from views.ui import Ui

DAY = 86_400_000


class Waiting(Page):
    """A page that keeps what is to be done until a test says so."""

    def __init__(self, route: str) -> None:
        super().__init__()
        self.route, self.todo = f"/app{route}", list[Callable[[], Any]]()

    def run_task(self, work: Any, *parts: Any) -> None:
        self.todo.append(work)


class Log(Screen):
    def __init__(self, seat: Seat, route: str = "/audit") -> None:
        self.page = Waiting(route)
        self.ui = Ui(self.page, seat.desk)  # type: ignore[arg-type]

    async def drawn(self) -> list[str]:
        """The lines, newest first, once all has come."""
        _ = self.controls
        while self.page.todo:
            await self.page.todo.pop(0)()
        return [one.content.value for one in self.controls if str(getattr(one, "identifier", "")).startswith("entry-")]

    async def tap(self, identifier: str) -> list[str]:
        self.press(identifier)
        return await self.drawn()


@pytest.fixture
async def phone(sit: Sit, hub: Hub) -> Seat:
    return await with_pin(await sit(Role.SENCO, staff=hub.made.senco))


async def test_a_line_an_act_in_plain_words_newest_first(phone: Seat, hub: Hub) -> None:
    link = await phone.desk.families.make_link(hub.made.amira)
    await hub.client.get(link.url)
    await phone.desk.families.revoke_link(link.id)
    await phone.desk.families.set_consent(hub.made.leo, Audience.OWN_FAMILY, MediaKind.PHOTO, True, "Mrs Marsh")
    await phone.desk.syncing.sync_now()
    await phone.desk.erasing.order(hub.made.other, Why.FAMILY)
    await phone.desk.syncing.sync_now()
    shown = await Log(phone).drawn()
    clock = "Wed 18 Nov 2026, 11:06"
    assert shown[:5] == [
        f"{clock} · Ruth Senn asked for all records of Jakub Nowak to be erased: the family asked for it",
        f"{clock} · Ruth Senn noted a consent for Leo Marsh: photos on the own family's page",
        f"{clock} · Ruth Senn ended a family link of Amira Haddad",
        f"{clock} · The family of Amira Haddad looked at its page",
        f"{clock} · Ruth Senn made a family link for Amira Haddad",
    ]


async def test_on_a_shared_device_it_is_the_person_who_has_it_in_hand(phone: Seat, hub: Hub) -> None:
    await phone.desk.register.add_staff("Priya Nair", Role.SENCO, [])
    await phone.desk.syncing.sync_now()
    (priya,) = [one.id for one in phone.desk.school.staff() if one.name == "Priya Nair"]
    await phone.desk.register.forget_pin(priya)
    await phone.desk.syncing.sync_now()
    phone.desk.door.lock()
    await phone.desk.door.choose_at_the_door(priya)
    await with_pin(phone)
    await phone.desk.families.make_link(hub.made.amira)
    shown = await Log(phone).drawn()
    assert shown[0].endswith("Priya Nair made a family link for Amira Haddad")
    assert shown[1].endswith("Ruth Senn reset the PIN of Priya Nair")


async def test_what_was_done_offline_tells_both_times(phone: Seat, hub: Hub) -> None:
    phone.line.cut = True
    await phone.desk.families.set_consent(hub.made.leo, Audience.OWN_FAMILY, MediaKind.PHOTO, False, "Mrs Marsh")
    hub.time.forward(DAY)
    phone.line.cut = False
    await phone.desk.syncing.sync_now()
    (first, *_) = await Log(phone).drawn()
    assert first.startswith("Thu 19 Nov 2026") and first.endswith("(by the clock there: Wed 18 Nov 2026, 11:06)")


async def test_it_is_filtered_by_kind_and_by_child_and_goes_on_to_older_ones(phone: Seat, hub: Hub) -> None:
    for _ in range(60):
        await phone.desk.families.revoke_link((await phone.desk.families.make_link(hub.made.amira)).id)
    shown = Log(phone)
    assert len(await shown.drawn()) == 100 and shown.by("audit-older")
    families = await shown.tap("audit-families")
    assert len(families) == 100 and all("family link" in line for line in families)
    assert len(await shown.tap("audit-older")) == 120 and not shown.by("audit-older")
    await phone.desk.families.make_link(hub.made.leo)
    of_leo = Log(phone, f"/audit/{hub.made.leo}")
    assert [line.partition(" · ")[2] for line in await of_leo.drawn()] == ["Ruth Senn made a family link for Leo Marsh"]
    assert await shown.tap("audit-papers") == [] and "Nothing of this kind is in the log yet" in shown.texts


async def test_it_says_whether_the_log_is_whole(phone: Seat, hub: Hub) -> None:
    shown = Log(phone)
    await shown.drawn()
    assert shown.by("audit-whole") and not shown.by("audit-broken")
    (last,) = [file for file in (hub.folder.path / "hub/audit").iterdir() if not HEAD.endswith(file.name)]
    last.write_bytes(last.read_bytes().replace(b'"role":"senco"', b'"role":"other"'))
    again = Log(phone)
    await again.drawn()
    told = " ".join(one.value for one in again.controls if isinstance(one, ft.Text))
    assert again.by("audit-broken") and not again.by("audit-whole") and "is not signed with the hub's key" in told


async def test_this_device_knows_an_older_log_when_it_sees_one(phone: Seat, hub: Hub) -> None:
    log = hub.folder.path / "hub/audit"
    old = {file: file.read_bytes() for file in log.iterdir()}
    await phone.desk.families.make_link(hub.made.amira)
    assert (await phone.desk.audit_log.page()).faults == ()
    for file, data in old.items():
        file.write_bytes(data)
    hub.office.audit._begun = False  # as a hub that was started on what lies there now
    for _ in range(2):
        assert "an older or another log was put in its place" in " ".join((await phone.desk.audit_log.page()).faults)
    shown = Log(phone)
    await shown.drawn()
    await shown.tap("know-log")
    await shown.drawn()
    assert shown.by("audit-whole") and (await phone.desk.audit_log.page()).faults == ()


async def test_who_does_not_lead_has_no_way_there(sit: Sit, hub: Hub) -> None:
    tablet = await sit(Role.TA)
    with pytest.raises(NotAllowed):
        await tablet.desk.audit_log.page()
    dsl = await with_pin(await sit(Role.DSL, staff=hub.made.senco))
    assert (await dsl.desk.audit_log.page()).lines


async def test_the_ways_there_are_on_school_and_on_a_childs_screen(phone: Seat, hub: Hub) -> None:
    for route, way, to in (
        ("/school", "audit-log", "/audit"), (f"/pupils/{hub.made.amira}", "audit-of", f"/audit/{hub.made.amira}"),
    ):  # fmt: skip
        shown = Log(phone, route)
        assert shown.by(way).content.height >= TOUCH
        shown.press(way)
        assert shown.ui.route == to


async def test_without_the_hub_it_says_so_and_no_entry_is_made_up(phone: Seat) -> None:
    phone.line.cut = True
    shown = Log(phone)
    assert await shown.drawn() == [] and shown.by("error") and not shown.by("audit-whole")


def test_every_act_has_words_and_one_kind_and_names_that_nobody_knows_have_others() -> None:
    assert set(WORDS) == set(What) and sorted(one for kind in ACTS_OF_KIND.values() for one in kind) == sorted(What)
    for what in What:
        text = sentence(what, {}, {}, lambda kind, ident: "")
        assert text and "{" not in text and text[0].isupper()
    assert sentence("of_next_year", {}, {}, lambda kind, ident: "") == "Something that a newer Small Steps knows"
