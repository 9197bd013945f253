"""A quarter past three: every tablet of a school finds the network at once, with a day's moments to send."""

import asyncio
import io
import os
import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from random import Random

import httpx
from PIL import Image

from app.domain.vocabulary.roles import Role
from app.usecases.evidence import capture
from app.usecases.evidence.capture import Draft, DraftMedia
from storage import names
from storage.folder.hub import HubFolder
from storage.folder.memory import Memory
from storage.replica import Replica
from storage.store import Store
from storage.sync import Outcome, sync
from tests.bench.classroom import now
from tests.bench.rows import Row, alone
from tests.bench.served import Place, running

TABLETS, PUPILS_EACH, RECORDS, PHOTOS = 60, 5, 20, 5
EDGE = (1600, 1200)


@dataclass(slots=True)
class Tablet:
    store: Store
    folder: HubFolder
    made: int = 0


class Watched(httpx.AsyncHTTPTransport):
    """Notes how long each answer took, in seconds, and what was no success."""

    def __init__(self) -> None:
        super().__init__()
        self.taken: list[float] = []
        self.errors: list[str] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        begun = time.perf_counter()
        answer = await super().handle_async_request(request)
        await answer.aread()
        self.taken.append(time.perf_counter() - begun)
        if answer.is_error:
            self.errors.append(f"{answer.status_code} {request.method} {request.url.path}")
        return answer


def photos() -> list[bytes]:
    """As the app stores them: about 270 kB each."""
    found = []
    for seed in range(PHOTOS):
        grain = Image.frombytes("RGB", (400, 300), Random(seed).randbytes(360_000)).resize(EDGE)
        shapes = Image.frombytes("RGB", (40, 30), Random(seed).randbytes(3_600)).resize(EDGE, Image.Resampling.BICUBIC)
        out = io.BytesIO()
        Image.blend(shapes, grain, 0.15).save(out, "JPEG", quality=80)
        found.append(out.getvalue())
    return found


async def joined(place: Place, client: httpx.AsyncClient, class_id: str) -> Tablet:
    store = await Store.open(Memory(), now=now)
    tablet = Tablet(store, await place.join(client, store.device, Role.TA, (class_id,)))
    await sync(store, tablet.folder)
    return tablet


async def record(tablet: Tablet, pupils: Sequence[str], pictures: Sequence[bytes]) -> None:
    """A day with no network."""
    for number in range(RECORDS):
        draft = Draft(now(), [], f"moment {number}", "class", [pupils[number % len(pupils)]])
        files = {}
        if number < len(pictures):
            draft.media.append(DraftMedia("m", "image/jpeg", len(pictures[number]), *EDGE))
            files["m"] = pictures[number]
        await capture.save(tablet.store, draft, files, "5" * 32, now(), 0, os.urandom)
        tablet.made += 1


async def whole(place: Place) -> int:
    """How many moments are in the folder, each with all of its pictures, whole."""
    replica = Replica(place.folder, "f" * 16, now)
    await replica.refresh()
    media = {document["id"]: document for document in replica.library.table("media")}
    found = 0
    for document in replica.library.table("observation"):
        chunks = [f"p/{document['partition']}/media/{chunk}" for one in document["media"] for chunk in media[one]["chunks"]]
        found += all([names.matches(name, await place.folder.get(name)) for name in chunks])
    return found


def late(taken: Sequence[float]) -> float:
    """Seconds within which 95 of 100 were answered."""
    return sorted(taken)[int(len(taken) * 0.95)]


async def rush_row(path: Path) -> Row:
    place, pictures, watched = await Place.make(path / "school"), photos(), Watched()
    classes = await place.school(TABLETS, PUPILS_EACH)
    with running("hub", place.folder.path) as there:
        limits = httpx.Limits(max_connections=None)
        async with httpx.AsyncClient(base_url=there, timeout=120, limits=limits, transport=watched) as client:
            tablets = [await joined(place, client, one) for one in classes]
            for tablet, pupils in zip(tablets, classes.values(), strict=True):
                await record(tablet, pupils, pictures)
            watched.taken.clear()
            begun = time.perf_counter()
            outcomes: list[Outcome] = await asyncio.gather(*(sync(one.store, one.folder) for one in tablets))
            took = time.perf_counter() - begun
    made, there_now = sum(tablet.made for tablet in tablets), await whole(place)
    problems = [*watched.errors, *(problem for one in outcomes for problem in one.problems)]
    waiting = sum(outcome.waiting for outcome in outcomes)
    told = f"{TABLETS} tablets, {RECORDS} records and {PHOTOS} photos each, in one process; all sent in {took:.1f} s"
    note = f"{told}; {len(problems)} errors, {made - there_now} lost; goal also 0 and 0"
    row = alone("hub_load", late(watched.taken), "s", 1, note)
    return replace(row, ok=row.ok and not problems and not waiting and made == there_now)


async def rows(place: Path) -> list[Row]:
    return [await rush_row(place)]
