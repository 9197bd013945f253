"""Every route and every role; and the bytes that a tablet of one class can be given on any route: none of a child of another."""

from collections.abc import AsyncIterator, Callable
from itertools import product

import httpx
import pytest

from app.domain.vocabulary.audiences import Audience
from app.domain.vocabulary.roles import Role
from storage import media as pieces
from storage import names, segments
from storage.ops import Change
from tests.attack.parts import Answer, ask
from tests.hub.conftest import Device, Hub
from tests.hub.doors import BODY, DOORS, NO, Door, knock
from tests.pictures import photo

Refused = Callable[[httpx.Response, int, str], None]
WHOLE = {Role.SLT, Role.DSL}
LET_IN = {
    "GET /api/p/{other}/names": WHOLE, "GET /api/p/office/names": {Role.DSL}, "GET /api/audit": {Role.DSL},
    "GET /api/files/p/{other}/media/" + "0" * 32: WHOLE, "GET /api/digest/p/{other}/media/" + "0" * 32: WHOLE,
    "POST /api/reports/termly": {Role.DSL}, "POST /api/links": {Role.DSL}, "GET /api/links?pupil={amira}": {Role.DSL},
    "DELETE /api/links/" + "0" * 32: {Role.DSL},
}  # fmt: skip
SAID = "Jakub was seen at the blue pool"
OLD_WORDS = "What Jakub said in a fold"


# -- every route, every role ---------------------------------------------------------------------------------------------
@pytest.mark.parametrize("role", [Role.TA, Role.TEACHER, Role.SLT, Role.DSL])
@pytest.mark.parametrize("door", [door for door in DOORS if door.ta == NO], ids=lambda door: f"{door.method} {door.path}")
async def test_what_is_the_sencos_is_nobody_elses_unless_a_table_says_so(
    hub: Hub, refused: Refused, door: Door, role: Role
) -> None:
    device = await hub.join(role, [] if role in WHOLE else [hub.made.oak])
    answer = await knock(hub, door, device.token)
    if role in LET_IN.get(f"{door.method} {door.path}", set()):
        assert answer.status_code in {200, 202, 404}, answer.text
    else:
        refused(answer, *NO)


def test_the_table_names_no_route_that_is_not_there() -> None:
    assert LET_IN.keys() <= {f"{door.method} {door.path}" for door in DOORS}


# -- a child of another class --------------------------------------------------------------------------------------------
@pytest.fixture
async def other(hub: Hub) -> AsyncIterator[set[str]]:
    """Jakub, who is in Elm: a moment with a picture, a consent, and a snapshot of what was said; the names of his files."""
    moment = (await hub.observe(hub.made.other, note=SAID, data=photo(4000)))[0]
    await hub.approve(hub.made.other, moment)
    await hub.consent(hub.made.other, Audience.OWN_FAMILY)
    writer = await hub.join(Role.TEACHER, [hub.made.elm])
    said = [writer.segment(hub.made.other, Change(hub.made.other, "observation:9", "note", OLD_WORDS, text=True))]
    for name, data in (*said, writer.fold(dict(said))):
        assert (await writer.put(name, data)).status_code == 200
    yield {name for name in await hub.folder.names(f"p/{hub.made.other}/") if names.parse(name)}


def told(answer: Answer) -> bytes:
    """What an answer says, unpacked where it is a file of ours."""
    try:
        segment = segments.decode(answer.body)
    except Exception:  # it is no segment
        return answer.body
    return answer.body + repr([(op.entity, op.field, op.value) for op in segment.ops]).encode()


async def everything(hub: Hub, device: Device, things: set[str]) -> dict[str, Answer]:
    """Every route with everything there is in the place of what it asks for."""
    fill = {
        "{name}": sorted(things), "{partition}": [hub.made.amira, hub.made.other, "school", "office", f"{hub.made.other}.office"],
        "{device}": [device.dev], "{job}": ["x"], "{ident}": ["0" * 32], "{pupil}": [hub.made.other],
        "{token}": ["x"], "{media}": [name.rsplit("/")[-1] for name in things], "{code}": ["AAAAAAAA"], "{file}": ["page.css"],
        "{ticket}": ["x"], "{path}": ["index.html"],
    }  # fmt: skip
    answers = {}
    for path, methods in hub.app.openapi()["paths"].items():
        wanted = [key for key in fill if key in path]
        for values, method in product(product(*(fill[key] for key in wanted)), [m.upper() for m in methods]):
            target = path
            for key, value in zip(wanted, values, strict=True):
                target = target.replace(key, value)
            body = repr(BODY | {"pupil": hub.made.other}).replace("'", '"').replace("None", "null").encode()
            more = "?pupil=" + hub.made.other if method == "GET" else ""
            answers[f"{method} {target}"] = await ask(hub.app, method, target + more, device.token, JSON, body)
    return answers


JSON = [(b"content-type", b"application/json")]


@pytest.mark.filterwarnings("ignore:Duplicate Operation ID")
@pytest.mark.parametrize("role", [Role.TA, Role.TEACHER])
async def test_no_route_gives_a_tablet_a_byte_of_a_child_of_another_class(hub: Hub, other: set[str], role: Role) -> None:
    tablet = await hub.join(role, [hub.made.oak])
    files = {name: await hub.folder.get(name) for name in other}
    things = {name for name in await hub.folder.names("p/") if names.parse(name)} | {"space.json", "hub/tokens/x.json"}
    answers = await everything(hub, tablet, things)
    for asked, answer in answers.items():
        words = told(answer)
        assert not any(secret.encode() in words for secret in (SAID, OLD_WORDS, "Jakub", "Nowak")), asked
        assert answer.body not in files.values() and not any(name.encode() in words for name in other), asked
    assert any(answer.status == 200 and b"Amira" in told(answer) for answer in answers.values()), "of the own class it gets all"
    assert {name.split("/")[2] for name in other} >= {"log", "media", "snap"}


@pytest.mark.filterwarnings("ignore:Duplicate Operation ID")
async def test_the_same_questions_from_the_senco_do_get_all_of_it(hub: Hub, other: set[str]) -> None:
    """So that the test above does not pass because it asks for nothing."""
    answers = await everything(hub, await hub.phone(), other)
    words = b"".join(told(answer) for answer in answers.values())
    assert all(secret.encode() in words for secret in (SAID, OLD_WORDS, "Jakub", "Nowak"))


@pytest.mark.parametrize("method", ["GET", "DELETE", "PUT"])
async def test_a_file_under_a_child_of_another_class_is_neither_read_written_nor_deleted(
    hub: Hub, other: set[str], refused: Refused, method: str
) -> None:
    tablet = await hub.tablet()
    before = {name: await hub.folder.get(name) for name in await hub.folder.names("p/")}
    for name in sorted(other):
        answer = await ask(hub.app, method, f"/api/files/{name}", tablet.token, body=before[name])
        assert (answer.status, answer.error["code"]) == (403, "not_allowed"), name
    ((picture, data),) = pieces.chunks(hub.made.other, photo(900)).items()
    refused(await tablet.put(picture, data), *NO)
    refused(
        await tablet.put(*tablet.segment(hub.made.other, Change(hub.made.other, "observation:1", "note", "x", text=True))), *NO
    )
    assert {name: await hub.folder.get(name) for name in await hub.folder.names("p/")} == before


async def test_a_pupil_who_moves_away_is_out_of_sight_at_once(hub: Hub, refused: Refused) -> None:
    tablet = await hub.tablet()
    name = min(await hub.folder.names(f"p/{hub.made.amira}/log/"))
    assert (await tablet.ask("GET", f"/api/files/{name}")).status_code == 200
    hub.time.forward(1000)
    await hub.writer.write([Change("school", f"membership:{hub.made.amira}", "class_id", hub.made.elm)])
    await (await hub.phone()).ask("GET", "/api/partitions")
    for path in (f"/api/files/{name}", f"/api/p/{hub.made.amira}/names"):
        refused(await tablet.ask("GET", path), *NO)


# -- a family ------------------------------------------------------------------------------------------------------------
async def test_a_familys_link_opens_no_other_childs_things_on_any_page(hub: Hub, other: set[str]) -> None:
    await hub.office.refresh()
    (moment,) = [one for one in hub.office.school.observations(hub.made.other) if one.media]
    own, theirs = await hub.link(hub.made.amira), await hub.link(hub.made.other)
    (medium,) = moment.media
    assert (await hub.client.get(f"{theirs}/media/{medium}")).status_code == 200
    for link in (own, "/f/made-up", f"{own}x", own.swapcase()):
        for path in (f"{link}/media/{medium}", f"{link}/still/{medium}"):
            answer = await hub.client.get(path)
            assert answer.status_code == 404 and set(answer.json()) == {"error"}, path
    assert "Jakub" not in (await hub.client.get(own)).text
