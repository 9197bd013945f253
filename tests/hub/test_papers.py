"""Papers on request: a job that says how far it is, then a PDF for who asked, for an hour."""

import asyncio
import io
from collections.abc import Callable
from typing import Any

import httpx
import pypdf
import pytest

from app.domain.vocabulary.roles import Role
from app.hub.papers import papers as papers_module
from app.usecases.review import review
from storage.ops import Change
from tests.hub.conftest import Device, Hub
from tests.media import parts

Refused = Callable[[httpx.Response, int, str], None]
PHOTO = parts.saved(parts.quarters(320, 240))


@pytest.fixture
async def phone(hub: Hub) -> Device:
    ident, *_ = await hub.observe(hub.made.amira, note="Asked for a turn.", data=PHOTO)
    await hub.approve(hub.made.amira, ident)
    await review.star(hub.writer, hub.made.amira, ident, True)
    return await hub.phone()


async def begin(hub: Hub, device: Device, pupil: str = "", term: str = "2026-autumn") -> httpx.Response:
    return await device.ask("POST", "/api/reports/termly", json={"pupil": pupil or hub.made.amira, "term": term})


async def finished(device: Device, job: str) -> dict[str, Any]:
    """What the job says last; asks as often as it takes, giving way each time."""
    for _ in range(3000):
        raw: dict[str, Any] = (await device.ask("GET", f"/api/jobs/{job}")).json()
        if raw["state"] != "working":
            return raw
        await asyncio.sleep(0.01)
    raise AssertionError(raw)


async def paper(hub: Hub, device: Device) -> str:
    return str((await finished(device, (await begin(hub, device)).json()["job"]))["url"])


async def test_a_report_is_a_job_and_then_a_pdf_of_this_child(hub: Hub, phone: Device) -> None:
    answer = await begin(hub, phone)
    assert answer.status_code == 202
    last = await finished(phone, answer.json()["job"])
    assert last["state"] == "done" and last["done"] == last["total"] and last["step"] == "The report is ready"
    pdf = await hub.client.get(last["url"])
    assert pdf.headers["content-type"] == "application/pdf" and pdf.headers["cache-control"] == "no-store"
    assert "Amira" not in pdf.headers["content-disposition"] and "Amira" not in last["url"]
    words = "".join(page.extract_text() for page in pypdf.PdfReader(io.BytesIO(pdf.content)).pages)
    assert "Amira" in words and "asks for a turn" in words


async def test_a_job_says_how_far_it_is_before_it_is_done(hub: Hub, phone: Device) -> None:
    job = (await begin(hub, phone)).json()["job"]
    raw = (await phone.ask("GET", f"/api/jobs/{job}")).json()
    assert set(raw) == {"state", "step", "done", "total", "url"} and raw["step"] and raw["done"] <= raw["total"]
    await finished(phone, job)


async def test_a_part_of_the_pdf_can_be_asked_for(hub: Hub, phone: Device) -> None:
    url = await paper(hub, phone)
    answer = await hub.client.get(url, headers={"Range": "bytes=0-3"})
    assert (answer.status_code, answer.content) == (206, b"%PDF")


async def test_another_device_does_not_see_the_job(hub: Hub, phone: Device, refused: Refused) -> None:
    job = (await begin(hub, phone)).json()["job"]
    other = await hub.join(Role.SENCO)
    refused(await other.ask("GET", f"/api/jobs/{job}"), 404, "unknown")
    await finished(phone, job)
    refused(await other.ask("GET", f"/api/jobs/{job}"), 404, "unknown")


async def test_a_paper_is_there_for_an_hour(hub: Hub, phone: Device, refused: Refused) -> None:
    url = await paper(hub, phone)
    hub.time.forward(3_599_000)
    assert (await hub.client.get(url)).status_code == 200
    hub.time.forward(2_000)
    refused(await hub.client.get(url), 404, "unknown")


@pytest.mark.parametrize("ticket", ["", "made-up", "é", "%00", "x" * 3000])
async def test_a_made_up_ticket_opens_nothing(hub: Hub, phone: Device, refused: Refused, ticket: str) -> None:
    await paper(hub, phone)
    refused(await hub.client.get(f"/paper/{ticket}"), 404, "unknown")


async def test_an_unknown_pupil_or_term_is_told_at_once(hub: Hub, phone: Device, refused: Refused) -> None:
    refused(await begin(hub, phone, pupil="nobody"), 404, "pupil_unknown")
    refused(await begin(hub, phone, term="2031-autumn"), 404, "term_unknown")


@pytest.mark.parametrize("role", [Role.TA, Role.TEACHER, Role.SLT])
async def test_a_report_is_for_who_leads(hub: Hub, refused: Refused, role: Role) -> None:
    refused(await begin(hub, await hub.join(role, [hub.made.oak])), 403, "not_allowed")


async def test_the_dsl_may_make_one_too(hub: Hub, phone: Device) -> None:
    dsl = await hub.join(Role.DSL)
    assert (await finished(dsl, (await begin(hub, dsl)).json()["job"]))["state"] == "done"


async def test_two_pupils_reports_are_made_side_by_side(hub: Hub, phone: Device) -> None:
    jobs = [(await begin(hub, phone, pupil=p)).json()["job"] for p in (hub.made.amira, hub.made.leo, hub.made.other)]
    assert {(await finished(phone, job))["state"] for job in jobs} == {"done"}


@pytest.mark.parametrize("fields", [{"poster": "no base64!", "duration_ms": 4000}, {"chunks": ["f" * 32], "thumb": "!"}])
async def test_a_picture_that_cannot_be_had_does_not_keep_the_report(hub: Hub, phone: Device, fields: dict[str, object]) -> None:
    hub.time.forward(1000)
    (media,) = hub.writer.library.documents("media", hub.made.amira)
    await hub.writer.write([Change(hub.made.amira, f"media:{media['id']}", key, value) for key, value in fields.items()])
    assert (await finished(phone, (await begin(hub, phone)).json()["job"]))["state"] == "done"


async def test_a_report_that_cannot_be_made_is_told_in_words(hub: Hub, phone: Device, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_: object) -> bytes:
        raise RuntimeError("a secret detail")

    monkeypatch.setattr(papers_module, "render", broken)
    last = await finished(phone, (await begin(hub, phone)).json()["job"])
    assert last["state"] == "failed" and last["url"] == "" and "secret" not in last["step"] and last["step"].endswith(".")


async def test_a_hub_that_stops_lets_go_of_what_it_was_making(hub: Hub, phone: Device) -> None:
    async with hub.app.router.lifespan_context(hub.app):
        await begin(hub, phone)
