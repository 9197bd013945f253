"""Papers made on request: a job with progress, then a ticket of an hour for who asked."""

import asyncio
import secrets
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from app.domain.papers.termly import TermlyReport
from app.domain.vocabulary.language import N_, _
from app.errors import ThingUnknown, for_people
from app.hub.files.uploads import may_show
from app.hub.office import Office
from app.reports.termly import render
from app.usecases.papers.termly import termly
from app.usecases.session.reading import small
from app.usecases.session.school import School, local_day
from storage import media as pieces
from storage.errors import StorageError

HOUR = 3_600_000
PAPERS_AT_ONCE = 2
Tell = Callable[[str, int, int], None]


async def termly_pdf(school: School, folder: pieces.Readable, pupil: str, term: str, link: str, now: int, tell: Tell) -> bytes:
    """The finished PDF. `link` is where the school's hub is reached, `now` ms UTC. Raises PupilUnknown, TermUnknown."""
    report = termly(school, pupil, term, link, local_day(now))
    wanted = list(dict.fromkeys(pictures_in(report)))
    found: dict[str, bytes] = {}
    for done, media_id in enumerate(wanted):
        tell(N_("Gathering pictures"), done, len(wanted) + 1)
        if data := await _picture(school, folder, media_id):
            found[media_id] = data
    tell(N_("Setting the pages"), len(wanted), len(wanted) + 1)
    return await asyncio.to_thread(render, report, found)


def pictures_in(report: TermlyReport) -> Iterator[str]:
    """Ids of the media that a report shows."""
    if report.picture:
        yield report.picture.media
    for block in report.blocks:
        yield from (picture.media for picture in block.pictures)


async def _picture(school: School, folder: pieces.Readable, media_id: str) -> bytes | None:
    """A photo, or the still of a clip; None where it has not arrived whole."""
    media = school.media(media_id)
    if media is None:
        return None
    if media.duration_ms:
        return small(media.poster) or None
    try:
        data = await pieces.read(folder, media.partition, media.chunks)
    except StorageError:
        return small(media.thumb) or None
    return data if await may_show(data, media.type) else None


@dataclass(slots=True)
class Job:
    device: str
    pupil: str
    state: str = "working"
    step: str = N_("Looking for what was recorded")
    done: int = 0
    total: int = 1
    ticket: str = ""
    data: bytes = b""
    until: int = 0


class Papers:
    """Held in memory for an hour: a paper can always be made again from the folder."""

    def __init__(self, office: Office) -> None:
        self._office = office
        self._jobs: dict[str, Job] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._desks = asyncio.Semaphore(PAPERS_AT_ONCE)
        office.erasures.forgets.append(self.forget)

    def begin(self, pupil: str, term: str, link: str, device: str) -> str:
        """The job's id; it is made in the background."""
        now = self._office.now()
        self._jobs = {k: j for k, j in self._jobs.items() if j.until == 0 or j.until > now}
        ident = secrets.token_urlsafe(16)
        self._jobs[ident] = job = Job(device, pupil)
        task = asyncio.create_task(self._make(job, pupil, term, link))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return ident

    async def _make(self, job: Job, pupil: str, term: str, link: str) -> None:
        def tell(step: str, done: int, total: int) -> None:
            job.step, job.done, job.total = step, done, total

        office = self._office
        try:
            async with self._desks:
                job.data = await termly_pdf(office.school, office.folder, pupil, term, link, office.now(), tell)
            job.ticket, job.state, job.step, job.done = secrets.token_urlsafe(24), "done", N_("The report is ready"), job.total
        except Exception as error:  # of any kind: the person who waits must be told
            job.state, job.step = "failed", for_people(error).words
        job.until = office.now() + HOUR

    def state(self, ident: str, device: str) -> dict[str, Any]:
        """Raises ThingUnknown for a job that is not there or is another person's."""
        job = self._jobs.get(ident)
        if job is None or job.device != device:
            raise ThingUnknown
        url = f"/paper/{job.ticket}" if job.state == "done" else ""
        return {"state": job.state, "step": _(job.step), "done": job.done, "total": job.total, "url": url}

    def finished(self, ticket: str) -> tuple[bytes, str]:
        """Raises ThingUnknown."""
        for job in self._jobs.values():
            if job.ticket and secrets.compare_digest(job.ticket.encode(), ticket.encode()) and job.until > self._office.now():
                return job.data, "termly-report.pdf"
        raise ThingUnknown(N_("This paper is not here any more. Please make it again."))

    def forget(self, children: set[str]) -> None:
        """They were erased: papers of them are gone, also those that are still being made."""
        self._jobs = {ident: job for ident, job in self._jobs.items() if job.pupil not in children}

    async def stop(self) -> None:
        """Let go of what is being made."""
        for task in list(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
