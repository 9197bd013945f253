"""Snapshots at the hub's door: only an honest one is taken, and only for what it stands for may files go (I8). And what was lost
comes back from whoever holds it (I13)."""

import dataclasses
from collections.abc import Callable

import httpx
import pytest

from app.domain.vocabulary.roles import Role
from storage import media as pieces
from storage import names, segments
from storage.folding import fold
from storage.ops import Change, Op
from tests.hub.conftest import Device, Hub, note
from tests.hub.parts import in_folder, new_start, sent

Refused = Callable[[httpx.Response, int, str], None]


async def aside(hub: Hub, device: Device) -> set[str]:
    return {n.split("/", 3)[3] for n in await hub.folder.names(f"hub/quarantine/{device.dev}/")}


def ops_of(files: dict[str, bytes]) -> list[Op]:
    return [op for name, data in files.items() for op in segments.read(name, data).ops]


# -- what is taken -------------------------------------------------------------------------------------------------------
async def test_i8_an_honest_snapshot_is_taken_and_then_its_files_may_go(hub: Hub, tablet: Device, phone: Device) -> None:
    files = await sent(hub, tablet)
    snap, data = tablet.fold(files)
    assert (await tablet.put(snap, data)).status_code == 200
    for name in files:
        assert (await tablet.ask("DELETE", f"/api/files/{name}")).status_code == 200
    assert await in_folder(hub) & {snap, *files} == {snap}
    before = {d["id"]: dict(d) for d in hub.office.replica.library.documents("observation", hub.made.amira)}
    await new_start(hub)
    again = {d["id"]: dict(d) for d in hub.office.replica.library.documents("observation", hub.made.amira)}
    assert again == before and hub.office.school.observation("3").note == "note 2"
    assert (await phone.ask("GET", f"/api/files/{snap}")).content == data


async def test_i8_a_fold_of_a_fold_is_honest_too_when_the_first_files_have_gone(hub: Hub, tablet: Device) -> None:
    first = await sent(hub, tablet)
    snap, data = tablet.fold(first)
    await tablet.put(snap, data)
    for name in first:
        await tablet.ask("DELETE", f"/api/files/{name}")
    more = {name: body for name, body in (await sent(hub, tablet, 5)).items()}
    outer, body = tablet.fold({snap: data} | more)
    assert set(segments.read(outer, body).covers) == {snap, *first, *more}
    assert (await tablet.put(outer, body)).status_code == 200
    assert (await tablet.ask("DELETE", f"/api/files/{snap}")).status_code == 200


async def test_a_snapshot_that_was_taken_once_is_taken_again_when_the_folder_has_lost_it(hub: Hub, tablet: Device) -> None:
    files = await sent(hub, tablet)
    snap, data = tablet.fold(files)
    await tablet.put(snap, data)
    for name in files:
        await tablet.ask("DELETE", f"/api/files/{name}")
    await hub.folder.delete(snap)
    await new_start(hub)
    assert (await tablet.put(snap, data)).status_code == 200
    assert hub.office.school.observation("3").note == "note 2"


async def test_a_snapshot_speaks_of_the_pictures_that_its_files_speak_of(hub: Hub, tablet: Device) -> None:
    picture = pieces.chunks(hub.made.amira, b"a picture")
    for one, bytes_ in picture.items():
        await tablet.put(one, bytes_)
    name, data = tablet.segment(hub.made.amira, note(hub), media=tuple(pieces.hashes(picture)))
    await tablet.put(name, data)
    assert (await tablet.put(*tablet.snapshot(hub.made.amira, ops_of({name: data}), [name]))).status_code == 403
    assert (await tablet.put(*tablet.fold({name: data}))).status_code == 200


# -- what is not ---------------------------------------------------------------------------------------------------------
async def refused_fold(hub: Hub, device: Device, made: tuple[str, bytes], code: str) -> None:
    before = await in_folder(hub)
    answer = await device.put(*made)
    assert answer.json().get("error", {}).get("code") == code, answer.text
    assert await in_folder(hub) == before
    assert await aside(hub, device) == ({made[0]} if code == "not_allowed" else set())
    for name in before:
        if "/log/" in name:
            assert (await device.ask("DELETE", f"/api/files/{name}")).status_code == 403


async def test_i8_a_snapshot_that_drops_an_op_is_kept_for_a_person_to_look_at(hub: Hub, tablet: Device) -> None:
    files = await sent(hub, tablet)
    ops = fold(ops_of(files))
    await refused_fold(hub, tablet, tablet.snapshot(hub.made.amira, ops[1:], files), "not_allowed")


@pytest.mark.parametrize("change", [{"value": "better"}, {"writer": "f" * 16 + "." + "f" * 16}, {"id": "made up"}])
async def test_i8_a_snapshot_that_changes_an_op_is_not_taken(hub: Hub, tablet: Device, change: dict[str, str]) -> None:
    files = await sent(hub, tablet)
    first, *others = fold(ops_of(files))
    made = tablet.snapshot(hub.made.amira, [dataclasses.replace(first, **change), *others], files)  # type: ignore[arg-type]
    await refused_fold(hub, tablet, made, "not_allowed")


async def test_i8_a_snapshot_that_adds_an_approval_is_not_taken(hub: Hub, tablet: Device) -> None:
    files = await sent(hub, tablet)
    [(_, approval)] = tablet.writer.ops([Change(hub.made.amira, "observation:1", "review", "approved")])
    made = tablet.snapshot(hub.made.amira, fold([*ops_of(files), approval]), files)
    await refused_fold(hub, tablet, made, "not_allowed")
    assert hub.office.school.observation("1").review != "approved"


async def test_i8_a_snapshot_that_covers_another_devices_file_is_not_taken(hub: Hub, tablet: Device, phone: Device) -> None:
    files, theirs = await sent(hub, tablet), await sent(hub, phone, 1)
    await refused_fold(hub, tablet, tablet.fold(files | theirs), "not_allowed")


async def test_i8_a_snapshot_that_covers_another_childs_file_is_not_taken(hub: Hub, tablet: Device) -> None:
    files = await sent(hub, tablet)
    other = tablet.segment(hub.made.leo, Change(hub.made.leo, "observation:9", "note", "Leo's", text=True))
    await tablet.put(*other)
    await refused_fold(hub, tablet, tablet.fold(files, [*files, other[0]]), "not_allowed")


@pytest.mark.parametrize("covers", ["p/{amira}/media/" + "a" * 32, "space.json", "../../hub/x", ""])
async def test_i8_a_snapshot_stands_for_segments_alone(hub: Hub, tablet: Device, covers: str) -> None:
    files = await sent(hub, tablet)
    made = tablet.fold(files, [*files, covers.format(amira=hub.made.amira)])
    await refused_fold(hub, tablet, made, "not_allowed")


async def test_i8_a_snapshot_that_covers_what_is_not_there_is_not_taken(hub: Hub, tablet: Device) -> None:
    files = await sent(hub, tablet)
    unsent = tablet.segment(hub.made.amira, note(hub, "not sent", "observation:9"))
    await refused_fold(hub, tablet, tablet.fold(files | dict([unsent])), "bad_bytes")


async def test_i8_a_snapshot_that_covers_what_has_rotted_waits_until_it_is_mended(hub: Hub, tablet: Device) -> None:
    files = await sent(hub, tablet)
    snap, data = tablet.fold(files)
    name = min(files)
    await hub.folder.replace(name, b"rotten")
    assert (await tablet.put(snap, data)).json()["error"]["code"] == "bad_bytes"
    assert (await tablet.put(name, files[name])).status_code == 200
    assert (await tablet.put(snap, data)).status_code == 200


async def test_a_snapshot_under_another_devices_name_is_not_taken(hub: Hub, tablet: Device, phone: Device) -> None:
    files = await sent(hub, phone)
    assert (await tablet.put(*phone.fold(files))).status_code == 403


# -- what may go ---------------------------------------------------------------------------------------------------------
async def test_i8_what_nothing_stands_for_stays(hub: Hub, tablet: Device, refused: Refused) -> None:
    name = min(await sent(hub, tablet))
    refused(await tablet.ask("DELETE", f"/api/files/{name}"), 403, "not_allowed")
    assert name in await in_folder(hub)


async def test_i8_nobody_deletes_for_another_device(hub: Hub, tablet: Device, phone: Device, refused: Refused) -> None:
    files = await sent(hub, tablet)
    await tablet.put(*tablet.fold(files))
    refused(await phone.ask("DELETE", f"/api/files/{min(files)}"), 403, "not_allowed")
    assert set(files) <= await in_folder(hub)


@pytest.mark.parametrize("damage", ["rotten", "gone"])
async def test_i8_nothing_goes_when_the_snapshot_in_the_folder_is_not_whole(
    hub: Hub, tablet: Device, refused: Refused, damage: str
) -> None:
    files = await sent(hub, tablet)
    snap, data = tablet.fold(files)
    await tablet.put(snap, data)
    await (hub.folder.delete(snap) if damage == "gone" else hub.folder.replace(snap, b"rotten"))
    refused(await tablet.ask("DELETE", f"/api/files/{min(files)}"), 403, "not_allowed")
    await tablet.put(snap, data)
    assert (await tablet.ask("DELETE", f"/api/files/{min(files)}")).status_code == 200


async def test_i8_a_snapshot_does_not_go_for_its_own_sake(hub: Hub, tablet: Device, refused: Refused) -> None:
    snap, data = tablet.fold(await sent(hub, tablet))
    await tablet.put(snap, data)
    refused(await tablet.ask("DELETE", f"/api/files/{snap}"), 403, "not_allowed")


async def test_a_picture_is_nobodys_to_delete(hub: Hub, tablet: Device, refused: Refused) -> None:
    (name, data), *_ = pieces.chunks(hub.made.amira, b"a picture").items()
    await tablet.put(name, data)
    refused(await tablet.ask("DELETE", f"/api/files/{name}"), 403, "not_allowed")


async def test_who_joins_under_anothers_number_deletes_nothing(hub: Hub, tablet: Device, refused: Refused) -> None:
    files = await sent(hub, tablet)
    await tablet.put(*tablet.fold(files))
    thief = await hub.join(Role.TA, [hub.made.oak], dev=tablet.dev)
    refused(await thief.ask("DELETE", f"/api/files/{min(files)}"), 403, "not_allowed")
    assert set(files) <= await in_folder(hub)


# -- what comes back -----------------------------------------------------------------------------------------------------
async def test_i13_what_rotted_in_the_folder_is_not_listed_so_that_its_owner_puts_it_again(
    hub: Hub, tablet: Device, phone: Device
) -> None:
    files = await sent(hub, tablet)
    name = min(files)
    whole = (await phone.ask("GET", "/api/partitions")).json()["partitions"][hub.made.amira]
    await hub.folder.replace(name, b"rotten")
    await phone.ask("GET", f"/api/files/{name}")  # somebody reads it, and the hub sees
    listed = (await phone.ask("GET", f"/api/p/{hub.made.amira}/names")).json()["names"]
    digest = (await phone.ask("GET", "/api/partitions")).json()["partitions"][hub.made.amira]
    assert name not in listed and digest == names.digest_of(set(listed)) != whole
    await tablet.put(name, files[name])
    assert (await phone.ask("GET", "/api/partitions")).json()["partitions"][hub.made.amira] == whole
    assert name in (await phone.ask("GET", f"/api/p/{hub.made.amira}/names")).json()["names"]


async def test_a_picture_that_rotted_is_not_listed_and_comes_back_without_the_hubs_help(hub: Hub, tablet: Device) -> None:
    (name, data), *_ = pieces.chunks(hub.made.amira, b"a picture").items()
    await tablet.put(name, data)
    await hub.folder.replace(name, b"rotten")
    await tablet.ask("GET", f"/api/files/{name}")
    assert name not in (await tablet.ask("GET", f"/api/p/{hub.made.amira}/names")).json()["names"]
    assert hub.made.amira not in hub.office.doubtful(), "a picture holds no consent"
    await hub.folder.replace(name, data)  # by a cloud drive, or `smallsteps sync`
    await tablet.ask("GET", "/api/partitions")
    assert name in (await tablet.ask("GET", f"/api/p/{hub.made.amira}/names")).json()["names"]


async def test_what_a_newer_small_steps_wrote_stays_listed(hub: Hub, tablet: Device) -> None:
    data = b"SMST\2\1\0\0of next year"
    name = str(names.Name(hub.made.amira, "log", names.hash_of(data), "e" * 16, "0" * 16, 1))
    (hub.folder.path / name).write_bytes(data)
    await tablet.ask("GET", "/api/partitions")
    assert name in (await tablet.ask("GET", f"/api/p/{hub.made.amira}/names")).json()["names"]


async def test_i13_a_sencos_device_brings_back_what_another_had_written(hub: Hub, tablet: Device, phone: Device) -> None:
    files = await sent(hub, tablet)
    name = min(files)
    for damage in (hub.folder.delete(name), hub.folder.replace(name, b"rotten")):
        await damage
        assert (await phone.put(name, files[name])).status_code == 200
        assert await hub.folder.get(name) == files[name]


async def test_i13_a_sencos_device_brings_back_a_fold_whose_files_have_gone(hub: Hub, tablet: Device, phone: Device) -> None:
    files = await sent(hub, tablet)
    snap, data = tablet.fold(files)
    await tablet.put(snap, data)
    for name in [*files, snap, *await hub.folder.names("hub/folds/")]:
        await hub.folder.delete(name)
    await new_start(hub)
    assert (await phone.put(snap, data)).status_code == 200
    assert hub.office.school.observation("3").note == "note 2"


async def test_i13_a_ta_brings_back_its_own_alone(hub: Hub, tablet: Device, phone: Device, refused: Refused) -> None:
    files = await sent(hub, phone)
    await hub.folder.delete(min(files))
    refused(await tablet.put(min(files), files[min(files)]), 403, "not_allowed")


async def test_i13_a_tablet_brings_back_old_words_of_what_was_approved_since(hub: Hub, tablet: Device, phone: Device) -> None:
    name, data = tablet.segment(hub.made.amira, note(hub, "first words"))
    await tablet.put(name, data)
    hub.time.forward(1000)
    await hub.office.refresh()
    await hub.writer.refresh()
    await hub.writer.write([note(hub, "better words"), Change(hub.made.amira, "observation:1", "review", "approved")])
    await hub.office.refresh()
    await hub.folder.delete(name)
    assert (await tablet.put(name, data)).status_code == 200, "it says nothing new"
    assert hub.office.school.observation("1").note == "better words"


async def test_i13_ops_of_another_device_are_adopted_by_a_sencos_device_alone(
    hub: Hub, tablet: Device, phone: Device, refused: Refused
) -> None:
    [(_, theirs)] = (await hub.join(Role.TA, [hub.made.oak])).writer.ops([note(hub, "of a lost tablet", "observation:7")])

    def adopting(device: Device) -> tuple[str, bytes]:
        dev, inc = device.writer.id.split(".")
        data = segments.encode(hub.made.amira, device.writer.id, 77, [theirs])
        return str(names.Name(hub.made.amira, "log", names.hash_of(data), dev, inc, 77)), data

    refused(await tablet.put(*adopting(tablet)), 403, "not_allowed")
    assert (await phone.put(*adopting(phone))).status_code == 200
    assert hub.office.school.observation("7").note == "of a lost tablet"


async def test_i13_ops_of_an_earlier_self_are_ones_own(hub: Hub, tablet: Device) -> None:
    [(_, op)] = tablet.writer.ops([note(hub, "before the restore")])
    data = segments.encode(hub.made.amira, f"{tablet.dev}.{'9' * 16}", 1, [op])
    name = str(names.Name(hub.made.amira, "log", names.hash_of(data), tablet.dev, "9" * 16, 1))
    assert (await tablet.put(name, data)).status_code == 200
