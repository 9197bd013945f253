"""Papers made on request: a job with progress, then a ticket of an hour for who asked."""

import asyncio
import secrets
from dataclasses import dataclass
from typing import Any

from app.errors import ThingUnknown, for_people
from app.hub.office import Office
from app.reports.make import termly_pdf

HOUR = 3_600_000


@dataclass(slots=True)
class Job:
    device: str
    state: str = "working"
    step: str = "Looking for what was recorded"
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

    def begin(self, pupil: str, term: str, base: str, device: str) -> str:
        now = self._office.now()
        self._jobs = {k: j for k, j in self._jobs.items() if j.until == 0 or j.until > now}
        ident = secrets.token_urlsafe(16)
        self._jobs[ident] = job = Job(device)
        task = asyncio.create_task(self._make(job, pupil, term, base))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return ident

    async def _make(self, job: Job, pupil: str, term: str, base: str) -> None:
        def tell(step: str, done: int, total: int) -> None:
            job.step, job.done, job.total = step, done, total

        try:
            job.data = await termly_pdf(self._office.replica, pupil, term, base, tell)
            job.ticket, job.state, job.step, job.done = secrets.token_urlsafe(24), "done", "The report is ready", job.total
        except Exception as error:  # whatever it is, the person who waits must be told
            job.state, job.step = "failed", for_people(error).message
        job.until = self._office.now() + HOUR

    def state(self, ident: str, device: str) -> dict[str, Any]:
        """Raises ThingUnknown for a job that is not there or is somebody else's."""
        job = self._jobs.get(ident)
        if job is None or job.device != device:
            raise ThingUnknown
        url = f"/paper/{job.ticket}" if job.state == "done" else ""
        return {"state": job.state, "step": job.step, "done": job.done, "total": job.total, "url": url}

    def finished(self, ticket: str) -> tuple[bytes, str]:
        for job in self._jobs.values():
            if job.ticket and secrets.compare_digest(job.ticket, ticket) and job.until > self._office.now():
                return job.data, "termly-report.pdf"
        raise ThingUnknown("This paper is not here any more. Please make it again.")
