"""A school that was brought back from a backup, with a real hub and real devices: what was recorded since comes back from them,
and no family sees what may be out of date."""

import asyncio
import json
import os
import random
import shutil
import signal
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import httpx
import pytest

from app import folders
from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.errors import CodeUnknown
from app.folders.backup.backup import verify
from app.hub.ground.signed_records import Vault
from app.usecases.register import roster
from app.usecases.review import review
from app.usecases.session.school import School
from storage import erasure, segments
from storage.errors import Refused
from storage.folder.directory import Directory
from storage.replica import Replica
from storage.store import SyncState
from tests.cli import small
from tests.cli.devices import Device
from tests.cli.plain_hub import code_of, open_on
from tests.cli.typed import Hub, command, surroundings, typed
from tests.ports import free_port


@dataclass
class Place:
    """Where all of it lies, and the devices that have joined."""

    where: Path
    port: int
    hub: Hub
    senco: Device
    ta: Device
    oak: str
    amira: str
    ben: str

    @property
    def school(self) -> Path:
        return self.where / "school"

    async def rounds(self, times: int = 2) -> None:
        for _ in range(times):
            await self.senco.round()
            await self.ta.round()

    async def typed(self, *words: object, exit_code: int = 0) -> str:
        done = await asyncio.to_thread(typed, self.where, *words)
        assert done.returncode == exit_code, done
        return done.stdout + done.stderr

    async def back_up(self) -> None:
        await self.typed("backup", "school", "--to", "kept")

    async def lose_and_restore(self) -> None:
        shutil.rmtree(self.school)
        await self.typed("restore", "kept", "--to", "school")

    async def look(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(timeout=60) as anyone:
            return await anyone.get(path)


async def founded(where: Path, port: int, hub: Hub) -> Place:
    senco, ta = await Device.open(where / "senco", port), await Device.open(where / "ta", port)
    await senco.join(code_of(hub), "Ruth's phone")
    oak = await roster.add_class(senco.store, "Oak", os.urandom)
    await roster.name_school(senco.store, "Brook School")
    amira, ben = [await roster.add_pupil(senco.store, oak, {"name": name}, os.urandom) for name in ("Amira", "Ben")]
    await roster.set_term(senco.store, "2026-autumn", "Autumn 2026", date(2026, 9, 1), date(2026, 12, 18))
    await senco.round()
    await ta.join(await senco.invite(Role.TA, [oak]), "Oak tablet")
    await ta.round()
    return Place(where, port, hub, senco, ta, oak, amira, ben)


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    """A school with its hub open, a SENCO's phone and a class tablet, and one moment that a family may see."""
    (tmp_path / "school").mkdir()
    port = free_port()
    with open_on(tmp_path / "school", port) as hub:
        made = await founded(tmp_path, port, hub)
        await consent(made, True)
        await approved(made, "before")
        yield made
    await made.senco.close()
    await made.ta.close()


async def consent(place: Place, given: bool) -> None:
    await roster.set_consent(
        place.senco.store, place.amira, Audience.OWN_FAMILY, MediaKind.PHOTO, given, "a carer", date(2026, 9, 1)
    )


async def approved(place: Place, note: str) -> str:
    seen = await place.ta.observe(place.amira, note)
    await place.rounds(1)
    await place.senco.round()
    await review.set_state(place.senco.store, place.amira, seen, review.ReviewState.APPROVED)
    await place.rounds()
    return seen


def in_folder(folder: Path) -> list[str]:
    """Ids of all ops in the folder's logs; an op that was written twice is there twice."""
    return [op.id for name, data in small.ours(folder).items() if "/log/" in name for op in segments.read(name, data).ops]


async def notes_in(folder: Path) -> list[str]:
    replica = Replica(Directory(folder), "f" * 16, lambda: 1)
    await replica.refresh()
    return sorted(one.note for one in School(replica).observations())


# -- while it runs -----------------------------------------------------------------------------------------------------------
async def at_work(device: Device, pupils: list[str], done: list[str], over: asyncio.Event, dice: random.Random) -> None:
    """Record and sync, and note down each moment that was seen in the folder before the next backup begins."""
    number = 0
    while not over.is_set():
        number += 1
        done.append(await device.observe(dice.choice(pupils), f"{device.place.name} {number}"))
        await device.round()
        await asyncio.sleep(0)


@pytest.mark.parametrize("seed", [1])
async def test_backups_that_are_killed_while_devices_write_and_one_that_is_not(place: Place, seed: int) -> None:
    dice, over, done = random.Random(seed), asyncio.Event(), list[str]()
    for number in range(40):
        await place.senco.observe(place.ben, f"old {number}")
    await place.senco.round()
    work = [asyncio.create_task(at_work(one, [place.amira, place.ben], done, over, dice)) for one in (place.senco, place.ta)]
    killed = 0
    while killed < 3:
        if await killed_somewhere(place, dice):
            killed += 1
            found, said = await verify(place.where / "kept")
            assert not found.bad and not said.finished
    checked = [one for one in done if any(in_the_folder(device, one) for device in (place.senco, place.ta))]
    await place.back_up()
    over.set()
    await asyncio.gather(*work)
    found, said = await verify(place.where / "kept")
    assert not found.bad and said.finished
    await place.typed("restore", "kept", "--to", "again")
    assert (await folders.check(place.where / "again")).problems == []
    replica = Replica(Directory(place.where / "again"), "f" * 16, lambda: 1)
    await replica.refresh()
    assert len(checked) > 3 and {one.id for one in School(replica).observations()} >= set(checked)


def in_the_folder(device: Device, observation: str) -> bool:
    """Whether the device that recorded it calls it checked."""
    entity = f"observation:{observation}"
    return device.store.library.get(entity) is not None and device.store.state_of(entity) is SyncState.FOLDER


async def killed_somewhere(place: Place, dice: random.Random) -> bool:
    """Whether a backup was killed in the middle; some are faster."""
    kept = place.where / "kept"
    before, wanted = len(small.listed(kept)) if kept.exists() else 0, dice.choice([0, 0, 3, 30])
    process = await asyncio.create_subprocess_exec(
        *command("backup", "school", "--to", "kept"), cwd=place.where, env=surroundings(place.where), stdout=subprocess.DEVNULL
    )
    waited = asyncio.create_task(process.wait())
    while not waited.done() and not (unfinished(kept) and len(small.listed(kept)) >= before + wanted):
        await asyncio.wait([waited], timeout=0.002)
    if not waited.done():
        process.kill()
    return await waited == -signal.SIGKILL


def unfinished(kept: Path) -> bool:
    with suppress(FileNotFoundError):
        return not json.loads((kept / "backup.json").read_text())["finished"]
    return False


@asynccontextmanager
async def brought_back(place: Place) -> AsyncIterator[None]:
    """The folder is lost, and what the backup has of it is served by a hub with the same key."""
    place.hub.process.kill()
    await place.lose_and_restore()
    async with hub_again(place):
        yield


@asynccontextmanager
async def hub_again(place: Place) -> AsyncIterator[None]:
    place.hub.process.kill()
    place.hub.process.wait()
    with open_on(place.school, place.port) as place.hub:
        yield


# -- brought back ------------------------------------------------------------------------------------------------------------
async def test_what_was_recorded_after_the_backup_comes_back_from_the_devices_once(place: Place) -> None:
    await place.back_up()
    await approved(place, "after")
    await place.senco.observe(place.ben, "by the SENCO")
    late = await roster.add_pupil(place.senco.store, place.oak, {"name": "Leo"}, os.urandom)
    await place.rounds()
    await place.ta.observe(late, "of a child that the backup does not know")
    await place.rounds()
    whole, ids = await notes_in(place.school), sorted(in_folder(place.school))
    assert len(whole) == 4 and len(set(ids)) == len(ids)
    async with brought_back(place):
        assert await notes_in(place.school) == ["before"]
        await place.ta.observe(late, "while the folder was away")
        await place.ta.round()
        await place.rounds()
        assert await notes_in(place.school) == sorted([*whole, "while the folder was away"])
        back = in_folder(place.school)
        assert len(set(back)) == len(back) and set(back) > set(ids)
        assert place.senco.notes() == place.ta.notes() == await notes_in(place.school)
        assert place.ta.store.pending().files == place.senco.store.pending().files == 0
        assert not (await folders.check(place.school)).problems


async def test_a_tablet_alone_brings_back_its_own_at_once(place: Place) -> None:
    await place.back_up()
    await place.ta.observe(place.amira, "after")
    await place.rounds()
    async with brought_back(place):
        await place.ta.round()
        assert await notes_in(place.school) == ["after", "before"]
        assert len(small.media(place.school, place.amira)) == 2


async def test_words_come_back_whose_picture_is_nowhere_any_more(place: Place) -> None:
    await place.back_up()
    seen = await place.ta.observe(place.amira, "after")
    await place.rounds()
    for device in (place.senco, place.ta):
        await device.store.let_go(device.store.may_shed())
    async with brought_back(place):
        await place.rounds()
        assert await notes_in(place.school) == ["after", "before"]
        assert len(small.media(place.school, place.amira)) == 1
        (problem,) = (await folders.check(place.school)).problems
        assert problem.code == "missing_name" and seen


async def test_a_device_that_joined_after_the_backup_keeps_all_it_has_and_joins_again(place: Place) -> None:
    await place.back_up()
    late = await Device.open(place.where / "late", place.port)
    await late.join(await place.senco.invite(Role.TA, [place.oak]), "New tablet")
    await late.round()
    await late.observe(place.ben, "by the new tablet")
    await late.round()
    async with brought_back(place):
        await late.observe(place.ben, "and while it was turned away")
        with pytest.raises(Refused):
            await late.round()
        assert late.notes() == ["and while it was turned away", "before", "by the new tablet"]
        await late.join(await place.senco.invite(Role.TA, [place.oak]), "New tablet")
        await late.round()
        assert await notes_in(place.school) == late.notes()
    await late.close()


async def test_an_order_to_erase_that_is_newer_than_the_backup_holds_once_a_senco_was_there(place: Place) -> None:
    await place.back_up()
    hand = Replica(Directory(place.school), "e" * 16, lambda: 1)
    await small.order_erasure(hand, place.amira, proof=proof_of(place))
    await place.rounds()
    assert place.amira not in place.ta.store.library.partitions()
    async with brought_back(place):
        assert small.log(place.school, place.amira)
        await place.ta.round()
        assert place.amira not in place.ta.store.library.partitions()
        await place.senco.round()
        await place.senco.round()
        assert not small.listed(place.school, f"p/{place.amira}") and place.amira not in place.senco.store.library.partitions()


def proof_of(place: Place) -> str:
    """As the hub makes it when the seven days are over."""
    (key,) = (place.where / "config").rglob("*.key")
    return Vault(Directory(place.school), key.read_bytes()).mac("carried out", f"{erasure.KIND}:{place.amira}")


# -- what families see -------------------------------------------------------------------------------------------------------
async def test_family_pages_are_shut_until_a_senco_has_looked_and_papers_until_who_leads_was_here(place: Place) -> None:
    old = (await place.senco.hub.make_link(place.amira, 30)).url
    ended = await place.senco.hub.make_link(place.amira, 60)
    assert (await place.look(old)).status_code == 200
    await place.back_up()
    await place.senco.hub.revoke_link(ended.id)
    await consent(place, False)
    await place.rounds()
    paper = {"pupil": place.amira, "term": "2026-autumn"}
    async with brought_back(place):
        assert (await place.look(old)).status_code == (await place.look(ended.url)).status_code == 503
        refused = await place.senco.ask("POST", "/api/reports/termly", json=paper)
        assert refused.status_code == 503 and refused.json()["error"]["code"] == "brought_back"
        await place.ta.round()
        assert (await place.senco.ask("POST", "/api/reports/termly", json=paper)).status_code == 503
        await place.senco.round()
        assert (await place.senco.ask("POST", "/api/reports/termly", json=paper)).status_code == 202
        assert (await place.look(old)).status_code == (await place.look(ended.url)).status_code == 503
        new = (await place.senco.hub.make_link(place.amira, 30)).url
        page = await place.look(new)
        assert page.status_code == 200 and "<img" not in page.text, "the consent that was withdrawn after the backup holds"
        found = await place.senco.hub.after_restore()
        assert {one.id for one in found.links} >= {ended.id} and not found.awaited
        await place.senco.hub.revoke_link(ended.id)
        await place.senco.hub.confirm_restored()
        assert (await place.look(old)).status_code == 200 and (await place.look(ended.url)).status_code == 404
    async with hub_again(place):
        assert (await place.look(old)).status_code == 200, "it is remembered"


async def test_who_was_ended_after_the_backup_is_told_by_name_and_codes_open_nothing(place: Place) -> None:
    code = await place.senco.invite(Role.SENCO, [])
    await place.back_up()
    await place.senco.hub.end_device(place.ta.store.device)
    assert not await place.ta.known()
    async with brought_back(place):
        await place.senco.round()
        assert await place.ta.known()
        assert [one.name for one in (await place.senco.hub.after_restore()).devices] == ["Oak tablet", "Ruth's phone"]
        assert (await place.ta.ask("GET", "/api/restored")).status_code == 403
        assert (await place.ta.ask("POST", "/api/restored")).status_code == 403
        stranger = await Device.open(place.where / "stranger", place.port)
        with pytest.raises(CodeUnknown):
            await stranger.join(code, "Stranger")
        await stranger.close()
        await place.senco.hub.end_device(place.ta.store.device)
        assert not await place.ta.known()


async def test_a_restore_and_that_somebody_looked_are_in_the_audit_log_which_goes_on(place: Place) -> None:
    await place.back_up()
    async with brought_back(place):
        await place.senco.round()
        await place.senco.hub.confirm_restored()
        await place.senco.round()
    assert "problem" not in await place.typed("check", "school")
    log = b"".join(small.files(place.school, "hub/audit").values())
    assert log.count(b'"restored"') == log.count(b'"restore_confirmed"') == 1
    assert b'"log_broken"' not in log


async def test_a_second_restore_shuts_the_pages_again(place: Place) -> None:
    old = (await place.senco.hub.make_link(place.amira, 30)).url
    await place.back_up()
    async with brought_back(place):
        await place.rounds()
        await place.senco.hub.confirm_restored()
        assert (await place.look(old)).status_code == 200
        await place.back_up()
    async with brought_back(place):
        assert (await place.look(old)).status_code == 503


# -- a device out of a backup ------------------------------------------------------------------------------------------------
async def test_a_device_whose_directory_was_restored_loses_nothing_and_writes_nothing_twice(place: Place) -> None:
    await place.ta.close()
    shutil.copytree(place.ta.place, place.where / "old")
    place.ta = await Device.open(place.ta.place, place.port)
    before = place.ta.store.incarnation
    await place.ta.observe(place.amira, "after the copy")
    await place.rounds()
    await place.ta.close()
    shutil.rmtree(place.ta.place)
    (place.where / "old").rename(place.ta.place)
    place.ta = await Device.open(place.ta.place, place.port)
    assert place.ta.store.incarnation == before and place.ta.notes() == ["before"]
    await place.ta.observe(place.ben, "before it hears of the others")
    await place.rounds()
    await place.ta.observe(place.ben, "later")
    await place.rounds()
    everything = ["after the copy", "before", "before it hears of the others", "later"]
    assert place.ta.notes() == place.senco.notes() == await notes_in(place.school) == everything
    ids = in_folder(place.school)
    assert len(ids) == len(set(ids)) and place.ta.store.incarnation != before
    assert not (await folders.check(place.school)).problems
