"""A small made-up school in a directory, its hub without a socket, and devices that have joined."""

import base64
import dataclasses
import gzip
import os
from collections.abc import AsyncIterator, Callable, Iterable
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import brotli
import httpx
import pytest
from fastapi import FastAPI
from PIL import Image

from app.domain.vocabulary.audiences import Audience, MediaKind
from app.domain.vocabulary.roles import Role
from app.domain.vocabulary.scales import HelpLevel
from app.hub.guard.known_hosts import Front
from app.hub.office import Office
from app.hub.site import create_app
from app.media.pillow import jpeg
from app.usecases.evidence import capture
from app.usecases.evidence.capture import Draft, DraftMedia
from app.usecases.register import roster
from app.usecases.review import review
from app.usecases.session.school import School
from storage import names, segments
from storage.clock import Clock
from storage.folder.directory import Directory
from storage.folder.memory import Memory
from storage.folding import fold
from storage.library import Library
from storage.ops import Change, Op
from storage.replica import Replica
from storage.space import create_space
from storage.writing import Writer

KEY = bytes(range(32))
TEST = Front(names=frozenset({"hub.test"}))
START = 1_795_000_000_000  # ms UTC: a school day in November 2026
JPEG = jpeg(Image.new("RGB", (8, 6), "teal"), 80)


@dataclass
class Time:
    """A clock that a test sets."""

    at: int = START

    def __call__(self) -> int:
        return self.at

    def forward(self, ms: int) -> None:
        self.at += ms


@dataclass
class Made:
    """Ids of what is in the school of the tests."""

    space: str = ""
    oak: str = ""
    elm: str = ""
    ta: str = ""
    senco: str = ""
    amira: str = ""
    leo: str = ""
    other: str = ""  # a pupil of the other class
    target: str = ""
    observations: dict[str, str] = field(default_factory=dict)


class Device:
    """A device that talks to the hub in its own name."""

    def __init__(self, client: httpx.AsyncClient, dev: str, token: str, time: Time) -> None:
        self.client, self.dev, self.token = client, dev, token
        self.writer = Writer(f"{dev}.{os.urandom(8).hex()}", Clock(time), Library(), os.urandom)
        self.seq = 0

    async def ask(self, method: str, path: str, **more: Any) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.token}"} | more.pop("headers", {})
        return await self.client.request(method, path, headers=headers, **more)

    def segment(self, partition: str, *changes: Change, media: tuple[str, ...] = ()) -> tuple[str, bytes]:
        """(name, bytes) of these changes as this device seals them."""
        self.seq += 1
        ops = [op for _, op in self.writer.ops(changes)]
        data = segments.encode(partition, self.writer.id, self.seq, ops, media)
        dev, inc = self.writer.id.split(".")
        return str(names.Name(partition, "log", names.hash_of(data), dev, inc, self.seq)), data

    def fold(self, files: dict[str, bytes], covers: Iterable[str] | None = None) -> tuple[str, bytes]:
        """(name, bytes) of an honest snapshot of these files, unless other `covers` are said."""
        parts = [segments.read(name, data) for name, data in files.items()]
        covered = {*files, *(name for part in parts for name in part.covers)} if covers is None else covers
        media = {digest for part in parts for digest in part.media}
        return self.snapshot(parts[0].partition, fold(op for part in parts for op in part.ops), covered, media)

    def snapshot(self, partition: str, ops: Iterable[Op], covers: Iterable[str], media: Iterable[str] = ()) -> tuple[str, bytes]:
        """(name, bytes) of whatever this device says."""
        self.seq += 1
        data = segments.encode(partition, self.writer.id, self.seq, ops, media, covers)
        dev, inc = self.writer.id.split(".")
        return str(names.Name(partition, "snap", names.hash_of(data), dev, inc, self.seq)), data

    async def put(self, name: str, data: bytes, nonce: bytes = b"once") -> httpx.Response:
        return await self.ask("PUT", f"/api/files/{name}", content=data, headers={"X-Nonce": nonce.hex()})

    async def say(self, partition: str, entity: str, name: str, value: object, text: bool = False) -> httpx.Response:
        return await self.put(*self.segment(partition, Change(partition, entity, name, value, text)))


@dataclass
class Hub:
    """The hub over one folder; `client` speaks to it without a socket."""

    app: FastAPI
    client: httpx.AsyncClient
    made: Made
    time: Time
    folder: Directory
    writer: Replica

    @property
    def office(self) -> Office:
        office: Office = self.app.state.office
        return office

    async def join(self, role: Role, classes: list[str] | None = None, staff: str | None = None, dev: str = "") -> Device:
        code, _ = await self.office.access.invite(role, classes or [], staff)
        dev = dev or os.urandom(8).hex()
        answer = await self.client.post("/api/join", json={"code": code, "device": dev, "name": f"a {role}"})
        assert answer.status_code == 200, answer.text
        return Device(self.client, dev, answer.json()["token"], self.time)

    async def tablet(self) -> Device:
        return await self.join(Role.TA, [self.made.oak])

    async def phone(self) -> Device:
        return await self.join(Role.SENCO, staff=self.made.senco)

    async def link(self, pupil: str, days: int = 30) -> str:
        """The path of a new family link."""
        _, token, _ = await self.office.links.make(pupil, days, "test")
        return f"/f/{token}"

    async def observe(self, *pupils: str, note: str = "", kind: str = "image/jpeg", data: bytes = JPEG) -> list[str]:
        """Observations of one moment with one medium, as a device saves them."""
        item = DraftMedia("m", kind, len(data), 8, 6, 0 if kind.startswith("image") else 4000)
        item.thumb = item.poster = base64.b64encode(b"small").decode()
        draft = Draft(self.time(), [item], note, "class", list(pupils))
        if pupils[0] == self.made.amira:
            draft.toggle_target(self.made.amira, self.made.target)
            draft.set_help(self.made.amira, self.made.target, HelpLevel.GESTURE)
        return await capture.save(self.writer, draft, {"m": data}, self.made.ta, self.time(), 0, os.urandom)

    async def approve(self, pupil: str, observation: str) -> None:
        await review.set_state(self.writer, pupil, observation, review.ReviewState.APPROVED)

    async def consent(self, pupil: str, audience: Audience, given: bool = True, kind: MediaKind = MediaKind.PHOTO) -> None:
        await roster.set_consent(self.writer, pupil, audience, kind, given, "a carer", date(2026, 9, 1))


async def fill(replica: Replica) -> Made:
    made = Made()
    await roster.name_school(replica, "Brook School")
    made.oak = await roster.add_class(replica, "Oak", os.urandom)
    made.elm = await roster.add_class(replica, "Elm", os.urandom)
    made.ta = await roster.add_staff(replica, "Dana Reed", Role.TA, [made.oak], os.urandom)
    made.senco = await roster.add_staff(replica, "Ruth Senn", Role.SENCO, [], os.urandom)
    made.amira = await roster.add_pupil(replica, made.oak, {"name": "Amira Haddad", "likes": "water"}, os.urandom)
    made.leo = await roster.add_pupil(replica, made.oak, {"name": "Leo Marsh"}, os.urandom)
    made.other = await roster.add_pupil(replica, made.elm, {"name": "Jakub Nowak"}, os.urandom)
    words = {"statement": "Amira asks for a turn.", "short": "asks for a turn", "family_words": "I ask for a turn"}
    made.target = await roster.add_target(replica, made.amira, words, os.urandom)
    await roster.set_term(replica, "2026-autumn", "Autumn 2026", date(2026, 9, 1), date(2026, 12, 18))
    return made


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def web(tmp_path: Path) -> Path:
    """A built app of three files."""
    out = tmp_path / "web"
    (out / "pyodide").mkdir(parents=True)
    (out / "index.html").write_text("<!doctype html><title>the app</title>")
    (out / "main.dart.js").write_text("plain")
    (out / "main.dart.js.gz").write_bytes(gzip.compress(b"packed"))
    (out / "main.dart.js.br").write_bytes(brotli.compress(b"smaller"))
    (out / "pyodide/pyodide.asm.wasm").write_bytes(b"\0asm")
    (out / "csp.txt").write_text("default-src 'self'\n")
    return out


DRAWN: list[tuple[dict[str, bytes], Made]] = []  # the school as files, made once for all tests


async def drawn() -> tuple[dict[str, bytes], Made]:
    if not DRAWN:
        folder = Memory()
        space = await create_space(folder, os.urandom)
        made = await fill(Replica(folder, os.urandom(8).hex(), Time()))
        made.space = space.id
        DRAWN.append((folder.files, made))
    files, made = DRAWN[0]
    return files, dataclasses.replace(made, observations={})


async def moved_in(folder: Directory, time: Time) -> tuple[Replica, Made]:
    """The school in this directory, and who writes there."""
    files, made = await drawn()
    for name, data in files.items():
        (folder.path / name).parent.mkdir(parents=True, exist_ok=True)
        (folder.path / name).write_bytes(data)
    writer = Replica(folder, os.urandom(8).hex(), time)
    await writer.refresh()
    return writer, made


@pytest.fixture
async def hub(tmp_path: Path, time: Time, web: Path) -> AsyncIterator[Hub]:
    folder = Directory(tmp_path / "school")
    folder.path.mkdir()
    writer, made = await moved_in(folder, time)
    app = create_app(folder, KEY, web, time, TEST)
    transport = httpx.ASGITransport(app=app, raise_app_exceptions=False)
    async with httpx.AsyncClient(transport=transport, base_url="http://hub.test") as client:
        yield Hub(app, client, made, time, folder, writer)


@pytest.fixture
async def tablet(hub: Hub) -> Device:
    return await hub.tablet()


@pytest.fixture
async def phone(hub: Hub) -> Device:
    return await hub.phone()


@pytest.fixture
def refused() -> Callable[[httpx.Response, int, str], None]:
    """Asserts the one shape of every error."""

    def look(answer: httpx.Response, status: int, code: str) -> None:
        assert answer.status_code == status, answer.text
        error = answer.json()["error"]
        assert set(error) == {"code", "message", "retry"} and error["code"] == code
        assert error["message"].endswith((".", "build-web")) and isinstance(error["retry"], bool)

    return look


def note(hub: Hub, text: str = "seen", entity: str = "observation:1") -> Change:
    return Change(hub.made.amira, entity, "note", text, text=True)


def everything(path: Path) -> dict[str, bytes]:
    """Every file under a folder, by its name there."""
    return {file.relative_to(path).as_posix(): file.read_bytes() for file in sorted(path.rglob("*")) if file.is_file()}


def records(hub: Hub) -> dict[str, bytes]:
    """Every file of the folder but what the hub writes for itself."""
    return {name: data for name, data in everything(hub.folder.path).items() if not name.startswith("hub/")}


async def in_quarantine(hub: Hub, device: Device) -> set[str]:
    place = f"hub/quarantine/{device.dev}/"
    return {name.removeprefix(place) for name in await hub.folder.names(place)}


def school_of(hub: Hub) -> School:
    return hub.office.school
