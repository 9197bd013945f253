"""A TA's tablet never holds, and can never fetch, anything of a child of another class: looked for in the bytes (I12)."""

import json
import zlib
from collections.abc import Iterable
from random import Random
from typing import Any

import httpx
import pytest
from PIL import Image

from app.domain.vocabulary.roles import Role
from app.usecases.register import roster
from app.usecases.session import change
from tests.hub.conftest import Device, Hub
from tests.media import parts
from tests.usecases.conftest import Seat, Sit, recorded, seated, sit, synced

__all__ = ["seated", "sit"]
NOTE, TARGET, LIKES = "Xylophone in assembly", "Zigzags across the hall", "quokkas and quiet corners"
PHOTO = parts.saved(Image.frombytes("RGB", (160, 120), Random(7).randbytes(160 * 120 * 3)))  # like no other picture


class Secrets:
    """What belongs to a child of the other class, as it would be found in bytes: words, the picture, its small picture."""

    def __init__(self, hub: Hub, child: str, names: Iterable[str]) -> None:
        self.child, self.ids = child, [child]
        school = hub.office.school
        self.words = [*names, NOTE, TARGET, LIKES]
        self.raw = [word.encode() for word in self.words]
        for seen in school.observations(child):
            self.ids += [seen.id, *(t.id for t in school.targets(child))]
            for medium in school.media_of(seen):
                self.ids += [medium.id, *medium.chunks]
                middle = len(medium.thumb) // 2
                self.raw.append(medium.thumb[middle : middle + 60].encode())
        assert len(self.raw) > len(self.words), "there is a small picture"

    def found_in(self, data: bytes) -> list[bytes]:
        layers = [data, *unpacked(data)]
        return [secret for secret in self.raw if any(secret in layer for layer in layers)]


def unpacked(data: bytes) -> list[bytes]:
    """Whatever was packed, wherever in the bytes it begins; and JSON that escapes its letters."""
    found = []
    for at in (at for at, byte in enumerate(data) if byte == 0x78):
        try:
            found.append(zlib.decompressobj().decompress(data[at:]))
        except zlib.error:
            continue
    return [one for one in found if len(one) > 8]


@pytest.fixture
async def secrets(hub: Hub, sit: Sit) -> Secrets:
    """A child of Elm with everything that a child can have, recorded by a teacher of that class."""
    child = await roster.add_pupil(hub.writer, hub.made.elm, {"name": "Wilhelmina Quist", "likes": LIKES}, lambda n: b"\x7f" * n)
    await roster.add_target(hub.writer, child, {"statement": TARGET, "short": "zigzags"}, lambda n: b"\x6f" * n)
    elm = await sit(Role.TEACHER, [hub.made.elm])
    await recorded(elm, child, note=NOTE, photo=PHOTO)
    await synced(elm)
    await hub.office.refresh()
    made = Secrets(hub, child, ["Wilhelmina", "Quist"])
    whole = piece_of(hub, child)
    made.raw.append(whole[len(whole) // 2 :][:60])
    return made


def piece_of(hub: Hub, child: str) -> bytes:
    (medium,) = hub.office.school.media_of(hub.office.school.observations(child)[0])
    return (hub.folder.path / f"p/{child}/media/{medium.chunks[0]}").read_bytes()


# -- what it holds -------------------------------------------------------------------------------------------------------
def all_of(seat: Seat) -> bytes:
    return b"\n".join(name.encode() + b"\n" + data for name, data in seat.disk.files.items())


def held(seat: Seat, secrets: Secrets) -> list[tuple[str, bytes]]:
    files = seat.disk.files.items()
    return [(name, one) for name, data in files for one in secrets.found_in(name.encode() + b"\n" + data)]


async def test_the_search_finds_what_it_looks_for_on_a_device_that_may_hold_it(sit: Sit, secrets: Secrets) -> None:
    phone = await sit(Role.SENCO)
    await synced(phone)
    await phone.desk.session.store.save_view()
    assert {one for _, one in held(phone, secrets)} == set(secrets.raw)
    assert any(name == "local/view" for name, _ in held(phone, secrets)), "also in the snapshot of the view"


async def test_i12_a_tas_tablet_holds_no_word_and_no_picture_of_a_child_of_another_class(
    sit: Sit, hub: Hub, secrets: Secrets
) -> None:
    tablet = await sit(Role.TA)
    await recorded(tablet, hub.made.amira, note="In the own class")
    await synced(tablet, tablet)
    await tablet.desk.session.store.save_view()
    assert b"In the own class" in b"".join(unpacked(all_of(tablet)))
    assert held(tablet, secrets) == [] and secrets.child not in " ".join(tablet.disk.files)


async def test_i12_a_child_that_changes_class_leaves_no_byte_on_the_old_classs_tablet(
    sit: Sit, hub: Hub, secrets: Secrets
) -> None:
    hub.time.forward(1000)
    await hub.writer.write(change.of("membership", "school", secrets.child, class_id=hub.made.oak))
    tablet = await sit(Role.TA)
    await synced(tablet)
    await tablet.desk.session.store.save_view()
    assert held(tablet, secrets)
    hub.time.forward(1000)
    await hub.writer.write(change.of("membership", "school", secrets.child, class_id=hub.made.elm))
    await synced(tablet, tablet)
    assert held(tablet, secrets) == [] and held(await tablet.again(), secrets) == []


# -- what it can fetch ---------------------------------------------------------------------------------------------------
def ways(hub: Hub) -> list[tuple[str, str, list[str]]]:
    """(method, path, names of its parameters in the query) of every route that the hub says it has."""
    found = []
    for path, methods in hub.app.openapi()["paths"].items():
        for method, told in methods.items():
            asked = [one["name"] for one in told.get("parameters", ()) if one["in"] == "query"]
            found.append((method.upper(), path, asked))
    return found


def stranger(hub: Hub, number: int) -> httpx.AsyncClient:
    transport = httpx.ASGITransport(hub.app, raise_app_exceptions=False, client=(f"10.0.{number // 250}.{number % 250}", 1))
    return httpx.AsyncClient(transport=transport, base_url="http://hub.test")


async def answers(hub: Hub, device: Device, secrets: Secrets) -> list[tuple[str, httpx.Response]]:
    """Every route, with every id and name of that child in every place where one can be put."""
    files = sorted(name for name in await hub.folder.names(f"p/{secrets.child}/"))
    found = []
    for method, path, asked in ways(hub):
        for value in [*secrets.ids, *files, f"p/{secrets.child}/", device.dev]:
            where = "/".join(value if part.startswith("{") else part for part in path.split("/"))
            body = {"pupil": value, "term": "2026-autumn", "days": 30, "role": "senco", "pending": 0, "checked": 0, "code": value}
            more: dict[str, Any] = {"json": body | {"device": device.dev}} if method in {"POST", "PUT"} else {}
            device.client = stranger(hub, len(found))  # from a new address each time: nothing is only refused for being too much
            answer = await device.ask(method, where, params=dict.fromkeys(asked, value), **more)
            found.append((f"{method} {where}", answer))
    return found


@pytest.mark.filterwarnings("ignore:Duplicate Operation ID")
async def test_no_route_gives_a_tas_tablet_anything_of_a_child_of_another_class(hub: Hub, secrets: Secrets) -> None:
    tablet = await hub.tablet()
    told = await answers(hub, tablet, secrets)
    assert len(told) > 300 and not [way for way, answer in told if answer.status_code >= 500 or answer.status_code == 429]
    leaks = [(way, secrets.found_in(answer.content)) for way, answer in told if secrets.found_in(answer.content)]
    assert leaks == []
    opened = [way for way, answer in told if answer.status_code == 200 and secrets.child in way and way.startswith("GET /api/")]
    assert [way for way in opened if "/api/partitions" not in way] == []


@pytest.mark.filterwarnings("ignore:Duplicate Operation ID")
async def test_the_same_questions_give_it_to_who_may_see_it(hub: Hub, secrets: Secrets) -> None:
    phone = await hub.phone()
    files = sorted(await hub.folder.names(f"p/{secrets.child}/"))
    seen = {one for name in files for one in secrets.found_in((await phone.ask("GET", f"/api/files/{name}")).content)}
    assert seen == set(secrets.raw)


async def test_what_a_tas_tablet_is_told_first_names_no_other_child(hub: Hub, secrets: Secrets) -> None:
    told = (await (await hub.tablet()).ask("GET", "/api/partitions")).json()
    assert secrets.child not in json.dumps(told) and hub.made.amira in told["partitions"]


async def test_leadership_looks_at_all_and_writes_nothing(hub: Hub, secrets: Secrets, refused: Any) -> None:
    leader = await hub.join(Role.SLT)
    files = sorted(await hub.folder.names(f"p/{secrets.child}/"))
    seen = {one for name in files for one in secrets.found_in((await leader.ask("GET", f"/api/files/{name}")).content)}
    assert seen == set(secrets.raw)
    child = secrets.child
    for partition, entity, field, value in (
        (child, f"observation:{'e' * 32}", "note", "x"),
        (child, f"pupil:{child}", "name", "x"),
        (child, f"consent:{child}", "own_family.photo", {"given": True}),
        ("school", "school:settings", "name", "x"),
    ):
        refused(await leader.say(partition, entity, field, value), 403, "not_allowed")
