"""Inviting, the list of devices, and who works here, as controls over real desks and a real hub."""

import io

from PIL import Image

from app.domain.vocabulary.roles import Role
from app.errors import NotAllowed
from tests.hub.conftest import Hub
from tests.usecases.conftest import Seat, Sit, synced, with_pin
from tests.views.parts import Shown, all_words


async def at_school(phone: Seat) -> Shown:
    shown = Shown(phone, "/school")
    await shown.settle()
    return shown


async def test_a_code_is_shown_as_a_picture_and_in_two_groups_with_the_time_that_is_left(phone: Seat, hub: Hub) -> None:
    shown = await at_school(phone)
    await shown.tap("code-ta")
    code = shown.by("code").content.value
    assert len(code) == 9 and code[4] == " " and "10 minutes left" in shown.by("code-lasts").content.value
    picture = shown.by("qr").content
    assert picture.semantics_label and Image.open(io.BytesIO(picture.src)).size > (100, 100)
    hub.time.forward(9 * 60_000 + 1)
    assert "1 minute left" in shown.by("code-lasts").content.value
    hub.time.forward(60_000)
    assert "too old" in shown.by("code-lasts").content.value and shown.by("qr") is None


async def test_a_device_sees_the_classes_that_were_chosen_and_no_other(phone: Seat, sit: Sit, hub: Hub) -> None:
    shown = await at_school(phone)
    await shown.tap(f"code-class-{hub.made.oak}")
    await shown.tap("code-ta")
    fresh = await sit(None)
    await fresh.desk.joining.join(shown.by("code").content.value, "Elm tablet")
    assert fresh.desk.session.classes == (hub.made.elm,) and [p.called for p in fresh.desk.register.pupils()] == ["Jakub"]
    devices = Shown(phone, "/devices")
    await devices.settle()
    assert "Sees Elm." in devices.by(f"sees-{fresh.desk.session.store.device}").content.value
    assert "Last sync" in devices.by(f"last-{fresh.desk.session.store.device}").content.value
    assert "Ruth Senn. Sees the whole school." in devices.by(f"sees-{phone.desk.session.store.device}").content.value


async def test_a_persons_own_device_gets_the_persons_role_and_classes(phone: Seat, sit: Sit, hub: Hub) -> None:
    shown = await at_school(phone)
    await shown.tap(f"code-for-{hub.made.ta}")
    fresh = await sit(None)
    await fresh.desk.joining.join(shown.by("code").content.value)
    assert fresh.desk.session.role is Role.TA and fresh.desk.session.classes == (hub.made.oak,)


async def test_a_code_for_no_class_is_not_made(phone: Seat, hub: Hub) -> None:
    shown = await at_school(phone)
    for ident in (hub.made.oak, hub.made.elm):
        await shown.tap(f"code-class-{ident}")
    assert shown.by("code-ta").content.disabled


async def test_while_one_sencos_device_has_joined_the_sheet_or_a_second_one_is_asked_for(phone: Seat, sit: Sit) -> None:
    assert "smallsteps recovery-sheet" in all_words(await at_school(phone))
    await sit(Role.SENCO)
    assert "smallsteps recovery-sheet" not in all_words(await at_school(phone))
    phone.line.cut = True
    assert "smallsteps recovery-sheet" not in all_words(await at_school(phone)), "what is not known is not said"


async def test_who_has_left_is_noted_with_two_taps_and_may_come_back(phone: Seat, tablet: Seat, hub: Hub) -> None:
    shown = await at_school(phone)
    await shown.tap(f"change-{hub.made.ta}")
    hub.time.forward(1000)
    await shown.tap(f"left-{hub.made.ta}")
    assert "Dana Reed loses access everywhere" in all_words(shown) and not phone.desk.school.member(hub.made.ta).left  # type: ignore[union-attr]
    await shown.tap(f"left-for-good-{hub.made.ta}")
    assert "has left" in shown.by(f"staff-line-{hub.made.ta}").content.value and shown.by(f"code-for-{hub.made.ta}") is None
    await synced(phone, tablet)
    assert tablet.desk.session.me is None and tablet.desk.door.staff_here() == []
    hub.time.forward(1000)
    await shown.tap(f"back-{hub.made.ta}")
    await synced(phone, tablet)
    assert [s.id for s in tablet.desk.door.staff_here()] == [hub.made.ta]


async def test_a_role_and_classes_are_changed_with_one_tap_each_and_nobody_demotes_herself(phone: Seat, hub: Hub) -> None:
    shown = await at_school(phone)
    await shown.tap(f"change-{hub.made.ta}")
    hub.time.forward(1000)
    await shown.tap(f"teacher-{hub.made.ta}")
    hub.time.forward(1000)
    await shown.tap(f"{hub.made.elm}-{hub.made.ta}")
    found = phone.desk.school.member(hub.made.ta)
    assert found is not None and found.role is Role.TEACHER and set(found.classes) == {hub.made.oak, hub.made.elm}
    await shown.tap(f"change-{hub.made.senco}")
    assert shown.by(f"left-{hub.made.senco}") is None, "nobody leaves by her own hand"
    shown.press(f"ta-{hub.made.senco}")
    while shown.page.work:
        await shown.page.work.pop()
    assert shown.ui.error is not None and shown.ui.error.code == "not_allowed"


async def test_leadership_looks_and_is_not_offered_what_it_may_not_do(sit: Sit, phone: Seat, hub: Hub) -> None:
    leader = await sit(Role.SLT)
    await leader.desk.door.choose_me(hub.made.senco)
    await with_pin(leader)
    home = Shown(leader, "/")
    assert home.by("new-observation") is None and home.by(f"home-pupil-{hub.made.amira}") is not None
    assert Shown(phone, "/").by("new-observation") is not None
    assert NotAllowed.message in all_words(Shown(leader, "/capture"))
