"""Spoilt and made-up files, ranges and bodies against the real app: never a fault, nothing outside, nothing half taken in."""

import json
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st

from app.domain.vocabulary.roles import Role
from app.usecases.session.school import School
from storage import names, segments
from storage.errors import MissingName
from storage.folder.directory import Directory
from storage.ops import Change, dumps
from tests.attack.parts import Answer, Askers, ask, well_answered
from tests.hub.conftest import Device, Hub
from tests.hub.doors import DOORS

fuzzed = settings(
    max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow], deadline=None
)
OK, NO = 200, {400, 403, 409, 410, 413, 422, 507}
odd = st.recursive(
    st.one_of(
        st.none(), st.booleans(), st.integers(-(2**70), 2**70), st.floats(), st.text(max_size=20), st.binary(max_size=9).map(str)
    ),
    lambda inside: st.one_of(st.lists(inside, max_size=4), st.dictionaries(st.text(max_size=8), inside, max_size=4)),
    max_leaves=8,
)


def outside(hub: Hub) -> dict[str, bytes]:
    """Every file beside the school's folder."""
    around = hub.folder.path.parent
    return {str(f): f.read_bytes() for f in around.rglob("*") if f.is_file() and not f.is_relative_to(hub.folder.path)}


async def inside(hub: Hub) -> dict[str, bytes]:
    return {name: await hub.folder.get(name) for name in await hub.folder.names("p/")}


async def nothing_half(hub: Hub, before: dict[str, bytes], name: str, data: bytes, answer: Answer) -> None:
    """What was there stays; what came in is whole, and said to be in; what was refused is not there."""
    after = await inside(hub)
    new = {key: value for key, value in after.items() if before.get(key) != value}
    assert new in ({}, {name: data}), new.keys()
    assert {key: after.get(key) for key in before} == before
    if answer.status == OK:
        assert after[name] == data and names.matches(name, data)
        segments.read(name, data)
    else:
        assert answer.status in NO and answer.error["code"] and not new, answer


async def put(hub: Hub, device: Device, name: str, data: bytes) -> Answer:
    return await ask(hub.app, "PUT", f"/api/files/{name}", device.token, [(b"x-nonce", b"00")], data)


# -- spoilt segments -----------------------------------------------------------------------------------------------------
spoil = st.one_of(
    st.tuples(st.integers(0, 400), st.binary(max_size=12), st.integers(0, 12)).map(
        lambda cut: lambda data: data[: cut[0] % len(data)] + cut[1] + data[cut[0] % len(data) + cut[2] :]
    ),
    st.binary(max_size=40).map(lambda more: lambda data: data + more),
    st.integers(0, 400).map(lambda at: lambda data: data[: at % len(data)]),
    st.binary(max_size=60).map(lambda raw: lambda data: data[:8] + zlib.compress(raw)),
    st.binary(min_size=8, max_size=8).map(lambda head: lambda data: head + data[8:]),
)


@fuzzed
@given(how=spoil, honest_name=st.booleans())
async def test_a_spoilt_segment_comes_in_whole_or_not_at_all(hub: Hub, how: Callable[[bytes], bytes], honest_name: bool) -> None:
    tablet, before, beside = await one(hub), await inside(hub), outside(hub)
    name, data = tablet.segment(hub.made.amira, Change(hub.made.amira, "observation:1", "note", "seen", text=True))
    spoilt = how(data)
    if honest_name:  # whoever spoils it on purpose also works out the hash anew
        name = f"{name.rpartition('-')[0]}-{names.hash_of(spoilt)}"
    await nothing_half(hub, before, name, spoilt, await put(hub, tablet, name, spoilt))
    assert outside(hub) == beside


# -- made-up ops ---------------------------------------------------------------------------------------------------------
kinds = st.sampled_from(
    ["observation:1", "observation:{moment}", "media:1", "media:{medium}", "target:1", "target:{target}", "pupil:{amira}", "x:y"]
)
FIELDS = """note at by pupil media group together targets review starred chunks type thumb poster visible observation width height
    duration_ms offset_min deleted name own_family.photo kind _others entity statement status helps"""
fields = st.sampled_from(FIELDS.split())
heads = st.fixed_dictionaries({}, optional={key: odd for key in ("partition", "writer", "seq", "media", "covers", "more")})
made_up = st.lists(
    st.fixed_dictionaries(
        {"e": kinds, "f": st.one_of(fields, st.text(max_size=8)), "v": odd},
        optional={"s": odd, "w": odd, "i": odd, "t": odd, "r": odd, "later": odd},
    ),
    min_size=1, max_size=5,
)  # fmt: skip


def sealed(hub: Hub, tablet: Device, head: dict[str, Any], lines: list[dict[str, Any]]) -> tuple[str, bytes]:
    """A whole file with these ops, each in the tablet's own name unless it says otherwise."""
    tablet.seq += 1
    dev, inc = tablet.writer.id.split(".")
    said = {"partition": hub.made.amira, "writer": tablet.writer.id, "seq": tablet.seq, "media": []} | head
    ops = []
    for number, line in enumerate(lines):
        own = {"s": [hub.time() + number, number], "w": tablet.writer.id, "i": os.urandom(8).hex()}
        ops.append(own | line)
    packed = zlib.compress("\n".join(json.dumps(line) for line in [said, *ops]).encode("utf-8", "surrogatepass"))
    data = segments.header(segments.SEGMENT) + packed
    return str(names.Name(hub.made.amira, "log", names.hash_of(data), dev, inc, tablet.seq)), data


@fuzzed
@given(head=heads, lines=made_up, who=st.sampled_from(["ta", "teacher"]))
@example(head={}, lines=[{"e": "observation:1", "f": "at", "v": 10**30}, {"e": "observation:1", "f": "by", "v": 1}], who="ta")
@example(head={}, lines=[{"e": "observation:1", "f": "note", "v": {"a": ["<b>"]}}], who="ta")
@example(head={}, lines=[{"e": "observation:1", "f": "media", "v": ["..", 5, None]}], who="ta")
@example(head={"partition": "school"}, lines=[{"e": "observation:1", "f": "note", "v": "x"}], who="ta")
@example(head={"seq": 77}, lines=[{"e": "observation:1", "f": "note", "v": "x"}], who="ta")
@example(head={}, lines=[{"e": "observation:1", "f": "note", "v": "half \ud800"}], who="ta")
@example(head={}, lines=[{"e": "target:{target}", "f": "family_words", "v": "half \ud800"}], who="teacher")
@example(head={}, lines=[{"e": "target:{target}", "f": "statement", "v": {"a": 1}}], who="teacher")
async def test_made_up_changes_break_nobodys_view(
    hub: Hub, everybody: Askers, head: dict[str, Any], lines: list[dict[str, Any]], who: str
) -> None:
    device, before, real = await one(hub, who), await inside(hub), {key: values[0] for key, values in everybody.real.items()}
    ids = vars(hub.made) | {"moment": real["moment"], "medium": real["media"]}
    name, data = sealed(hub, device, head, [line | {"e": line["e"].format(**ids)} for line in lines])
    await nothing_half(hub, before, name, data, await put(hub, device, name, data))
    assert (await ask(hub.app, "GET", "/api/partitions", everybody.tokens["senco"])).status == OK
    page = await ask(hub.app, "GET", f"/f/{everybody.tokens['family']}")
    assert page.status == OK and b"Amira" in page.body, page
    views_of(hub.office.school)


def views_of(school: School) -> None:
    """All that a screen asks of the school."""
    for pupil in school.pupils():
        moments = school.observations(pupil.id)
        _ = [school.media_of(one) for one in moments], school.targets(pupil.id), school.consents(pupil.id)


# -- ranges --------------------------------------------------------------------------------------------------------------
numbers = st.one_of(st.integers(0, 40), st.integers(0, 10**30), st.just(""))
ranges = st.one_of(
    st.tuples(numbers, numbers).map(lambda ends: f"bytes={ends[0]}-{ends[1]}"),
    st.lists(st.tuples(numbers, numbers).map(lambda ends: f"{ends[0]}-{ends[1]}"), max_size=40).map(
        lambda parts: "bytes=" + ",".join(parts)
    ),
    st.text(st.characters(max_codepoint=255), max_size=30),
)


@fuzzed
@given(asked=ranges)
@example(asked="bytes=0-0,0-0")
@example(asked="bytes=-0")
@example(asked="bytes=٣-٤".encode().decode("latin-1"))
async def test_any_range_gives_a_part_of_the_file_or_all_of_it(hub: Hub, everybody: Askers, asked: str) -> None:
    whole = await hub.folder.get(everybody.real["name"][0])
    family, (medium,) = everybody.tokens["family"], everybody.real["media"]
    targets = (f"/api/files/{everybody.real['name'][0]}", f"/f/{family}/media/{medium}", "/page/page.css", "/app/main.dart.js")
    for target in targets:
        answer = await ask(hub.app, "GET", target, everybody.tokens["senco"], [(b"range", asked.encode("latin-1"))])
        well_answered(answer)
        assert answer.status in {200, 206, 400, 416}, answer
        if target.startswith("/api/files/"):
            assert answer.body in whole and (answer.status != OK or answer.body == whole)


# -- bodies --------------------------------------------------------------------------------------------------------------
SENDING = [door for door in DOORS if door.method in {"POST", "PUT", "DELETE"} and not door.route.startswith("/api/files/")]
bodies = st.one_of(odd.map(lambda value: json.dumps(value).encode("utf-8", "replace")), st.binary(max_size=60))
TYPES = [
    "application/json",
    "multipart/form-data; boundary=x",
    "application/x-www-form-urlencoded",
    "text/html",
    "application/json; charset=utf-16",
]
HEAD = b'--x\r\nContent-Disposition: form-data; name="code"; filename="../../key"\r\n'
PART = HEAD + b"Content-Type: image/png\r\n\r\nx\r\n--x--\r\n"


@fuzzed
@given(body=bodies, kind=st.sampled_from(TYPES))
@example(body=PART, kind=TYPES[1])
@example(body=PART[:60], kind=TYPES[1])
@example(body=b"x=" + b"&x=" * 5000, kind=TYPES[2])
async def test_any_body_is_understood_or_told_in_the_one_shape(hub: Hub, everybody: Askers, body: bytes, kind: str) -> None:
    beside = outside(hub)
    headers = [(b"content-type", kind.encode()), (b"content-length", str(len(body)).encode())]
    for door in SENDING:
        for token in everybody.of("nobody", "ta", "senco"):
            target = door.path.format(**vars(hub.made))
            well_answered(await ask(hub.app, door.method, target, token, headers, body))
    joined = await ask(hub.app, "POST", "/api/join", None, headers, body)
    well_answered(joined)
    assert joined.status != OK and outside(hub) == beside


known = st.sampled_from(["code", "device", "name", "pupil", "term", "days", "role", "classes", "staff", "pending", "checked"])


@fuzzed
@given(raw=st.dictionaries(known, odd, max_size=8))
async def test_any_words_in_the_right_places_are_understood_or_told(hub: Hub, everybody: Askers, raw: dict[str, Any]) -> None:
    for door in (*SENDING, *DOORS[:0]):
        body = json.dumps((door.json or {}) | raw).format().encode() if False else json.dumps((door.json or {}) | raw).encode()
        for who in ("ta", "senco"):
            target = door.path.format(**vars(hub.made))
            well_answered(
                await ask(hub.app, door.method, target, everybody.tokens[who], [(b"content-type", b"application/json")], body)
            )


# -- names ---------------------------------------------------------------------------------------------------------------
BITS = [
    "..",
    ".",
    "/",
    "\\",
    "\0",
    "~",
    "p",
    "school",
    "hub",
    "space.json",
    "C:",
    "con",
    " ",
    "\n",
    "é",
    "\u202e",
    "\ud800",
    "a" * 300,
    "%2e%2e",
]
hostile = st.lists(st.one_of(st.sampled_from(BITS), st.text(max_size=6)), max_size=7).map("/".join)


@given(name=hostile, prefix=st.sampled_from(["", "p/school/media/", "hub/tokens/", "seen/"]))
@example(name="../../key", prefix="p/school/media/")
def test_no_name_at_all_has_a_place_outside_its_folder(name: str, prefix: str) -> None:
    folder = Directory("/srv/school")  # it need not be there
    try:
        place = folder._at(prefix + name)
    except MissingName:
        return
    told = Path(os.path.normpath(place))
    assert told.is_relative_to(folder.path) and told != folder.path and told == place


@given(name=hostile)
def test_what_is_taken_for_a_name_of_ours_is_written_in_it_letter_for_letter(name: str) -> None:
    for guess in (name, f"p/school/media/{name}", f"p/{name}/media/{'0' * 32}", f"p/school/log/{name}-{'0' * 32}"):
        found = names.parse(guess)
        assert found is None or (str(found) == guess and guess.isascii() and ".." not in guess.split("/") and dumps(guess))


DEVICES: dict[tuple[int, str], Device] = {}


async def one(hub: Hub, who: str = "ta") -> Device:
    """One device for all examples of a test."""
    key = (id(hub.app), who)
    if key not in DEVICES:
        DEVICES[key] = await hub.join(Role(who), [hub.made.oak])
    return DEVICES[key]
